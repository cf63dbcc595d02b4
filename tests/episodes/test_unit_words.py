"""A unit reads the same wherever a value is said: evidence, lines, sentences."""

import pytest

from monitor.clinical.saying import value_text
from monitor.episodes.wording import threshold_text


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
        ("SHOCK_INDEX", ">= 0.9 1", "≥ 0.9"),
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
