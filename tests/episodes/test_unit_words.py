"""A unit reads the same wherever a value is said: evidence, lines, sentences."""

import re

import pytest

from monitor.clinical.said.saying import CHANGES, value_text
from monitor.clinical.signs import SIGNS
from monitor.clinical.thresholds import THRESHOLDS
from monitor.episodes.wording import (
    DIFFERENCES,
    MULTIPLES,
    amount_text,
    line_text,
    threshold_text,
    typed_text,
)


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("umol/L", "141.5 µmol/L"),
        ("ug/L", "141.5 µg/L"),
        ("ug/min", "141.5 µg/min"),
        ("Cel", "141.5 °C"),
        ("{CTCAE}", "141.5"),
        ("1", "141.5"),
        ("", "141.5"),
    ],
)
def test_a_deciding_value_in_a_sentence(unit, said):
    one = {"item": "norepinephrine", "value": 141.5, "unit": unit, "threshold": ""}
    assert value_text(one) == said


@pytest.mark.parametrize(
    ("item", "text", "said"),
    [
        ("SYSBP", "< 90 mm[Hg]", "< 90 mmHg"),
        ("CREAT_RISE", ">= 26.5 umol/L", "≥ 26.5 µmol/L"),
        ("SHOCK_INDEX", ">= 0.9", "≥ 0.9"),
        # So it is kept of what was assessed before.
        ("SHOCK_INDEX", ">= 0.9 1", "≥ 0.9"),
        ("BILI", "> 119.728 umol/L", "> 119.7 µmol/L"),
        ("TROPONIN_TIMES", "> 0.025 1", "> 0.025"),
        ("norepinephrine", "running", "running"),
        ("CHILLS", ">= 1 {CTCAE}", "≥ grade 1"),
        ("ICE", "< 7 {score}", "< 7"),
        ("ICE", "= 10 {score}", ""),
        ("OXYGEN_DEVICE", "<= 6 L/min", ""),
        ("", "", ""),
    ],
)
def test_the_line_of_a_value(item, text, said):
    assert threshold_text(item, text) == said


@pytest.mark.parametrize(
    ("line", "item", "text", "said"),
    [
        ("sbp_fall_strong", "SYSBP", ">= 40 mm[Hg]", "a fall of ≥ 40 mmHg"),
        ("spo2_fall", "OXYSAT", ">= 4 %", "a fall of ≥ 4 %"),
        ("hr_rise", "HR", ">= 30 /min", "a rise of ≥ 30 /min"),
        ("hct_times", "HEMO_RATIO", ">= 1.1", "≥ 1.1 × the baseline"),
        ("ck_times", "CK", "> 5", "> 5 × the upper limit of normal"),
        (
            "creatinine_grade_3",
            "CREAT",
            "> 3",
            "> 3 × the upper limit of normal, or the baseline",
        ),
        ("answered_yes", "CULTURE", "= 1", ""),
        ("sbp_low", "SYSBP", "< 90 mm[Hg]", "< 90 mmHg"),
        (None, "SYSBP", "< 90 mm[Hg]", "< 90 mmHg"),
        ("hr_rise", "HR", "", ""),
    ],
)
def test_the_line_of_a_change_says_of_what_it_is_one(line, item, text, said):
    assert line_text(line, item, text) == said


def test_every_line_of_a_multiple_says_of_what():
    ratios = ("SHOCK_INDEX", "WEIGHT_RISE")
    alone = {
        one.line
        for one in SIGNS.values()
        if THRESHOLDS[one.line].unit == "1" and one.item not in (*ratios, "CULTURE")
    }
    multiples = {line for lines in MULTIPLES for line in lines}
    assert alone - {"answered_yes"} == multiples


def test_every_line_of_a_change_beside_a_plain_value_is_known():
    compared = {
        one.line
        for one in SIGNS.values()
        if re.search("_(fall|rise|gain)", one.line) and one.item not in CHANGES
    }
    assert compared == {line for lines in DIFFERENCES for line in lines}


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [
        (1800, "[iU]/kg", "1800 IU/kg"),
        (9999, "[iU]/kg", "9999 IU/kg"),
        (10_000, "[iU]/kg", "10,000 IU/kg"),
        (600_000, "[iU]/kg", "600,000 IU/kg"),
        (22_000_000, "[iU]", "22,000,000 IU"),
        (0.05, "mg", "0.05 mg"),
        (None, "mg", ""),
    ],
)
def test_five_zeros_and_six_are_told_apart(amount, unit, said):
    assert amount_text(amount, unit) == said


@pytest.mark.parametrize(
    ("item", "typed", "said"),
    [
        ("CHILLS", "1 {CTCAE}", "grade 1"),
        ("TEMP", "102.4 [degF]", "102.4 °F"),
        ("ALB", "2.8 g/dL", "2.8 g/dL"),
    ],
)
def test_a_value_as_it_was_typed(item, typed, said):
    assert typed_text(item, typed) == said
