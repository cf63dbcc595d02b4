"""A result past a laboratory's limit answers only what is true wherever it lies."""

import pytest

from monitor.clinical.predose.answers import MET, NOT_MET, UNKNOWN
from monitor.clinical.predose.check import check

from .charts import DOSE, assessed, at, facts, frame, line, moment, protocol

BASE = "-1:00,reading,FERRITIN,300,ug/L\n-1:00,reading,ALB,40,g/L\n"
BEGIN = BASE + DOSE


def answers(reading: str, sign: str, time: str = "2:00") -> bool | None:
    return at(frame(f"{BEGIN}1:00,reading,{reading}\n", now=time), time)[f"sign:{sign}"]


@pytest.mark.requirement("I3.2")
@pytest.mark.parametrize(
    ("reading", "sign", "wanted"),
    [
        # More than 10,000: at the line, past it, short of it.
        ("FERRITIN,10000,ug/L", "ferritin_extreme", False),
        ("FERRITIN,>10000,ug/L", "ferritin_extreme", True),
        ("FERRITIN,>7500,ug/L", "ferritin_extreme", None),
        ("FERRITIN,>=10000,ug/L", "ferritin_extreme", None),
        ("FERRITIN,<10000,ug/L", "ferritin_extreme", False),
        # 500 or more, and twice the baseline of 300.
        ("FERRITIN,>600,ug/L", "ferritin_high", True),
        ("FERRITIN,>550,ug/L", "ferritin_high", None),
        ("FERRITIN,<500,ug/L", "ferritin_high", False),
        # Under 30 g/L.
        ("ALB,<30,g/L", "albumin_very_low", True),
        ("ALB,<35,g/L", "albumin_very_low", None),
        ("ALB,<35,g/L", "albumin_low", True),
        ("ALB,>30,g/L", "albumin_very_low", False),
        # A fall of 5 g/L from 40: the limit itself is one of 4.
        ("ALB,<36,g/L", "albumin_fallen", None),
        ("ALB,<35,g/L", "albumin_fallen", True),
        ("NEUT,<1.0,10*9/L", "neutrophils_low", True),
        ("NEUT,<1.5,10*9/L", "neutrophils_low", None),
        ("NEUT,1.5,10*9/L", "neutrophils_low", False),
    ],
)
def test_a_sign_is_asked_at_both_ends_of_a_result(reading, sign, wanted):
    assert answers(reading, sign) is wanted


def test_what_it_may_be_leaves_with_the_next_exact_value():
    chart = BEGIN + (
        "1:00,reading,FERRITIN,>7500,ug/L\n3:00,reading,FERRITIN,7500,ug/L\n"
    )
    found = frame(chart, now="4:00")
    assert at(found, "1:00")["sign:ferritin_extreme"] is None
    assert at(found, "3:00")["sign:ferritin_extreme"] is False


def test_two_results_that_are_past_their_limits_are_each_asked():
    chart = BEGIN + (
        "1:00,reading,FERRITIN,>7500,ug/L\n1:00,reading,NEUT,<1.5,10*9/L\n"
    )
    found = at(frame(chart, now="2:00"), "2:00")
    assert found["sign:ferritin_extreme"] is None
    assert found["sign:neutrophils_low"] is None
    assert found["sign:neutrophils_very_low"] is None


def test_a_chart_of_exact_values_asks_nothing_twice():
    ends = ("far:", "least:", "most:")
    assert not [one for one in frame(BEGIN).columns if one.startswith(ends)]


# A change of a result past its limit is known as far as the limit tells ---------------
@pytest.mark.requirement("I3.2")
@pytest.mark.parametrize(
    ("before", "now", "wanted"),
    [
        (">7500", "14999", False),
        (">7500", "15000", False),
        (">7500", "15001", None),
        (">=7500", "15000", None),
        ("<7500", "15000", True),
        ("7500", "15000", True),
    ],
)
def test_twice_a_limit_is_no_doubling_of_what_lies_past_it(before, now, wanted):
    chart = f"-1:00,reading,FERRITIN,{before},ug/L\n{DOSE}"
    chart += f"1:00,reading,FERRITIN,{now},ug/L\n"
    assert at(frame(chart, now="2:00"), "2:00")["sign:ferritin_high"] is wanted


@pytest.mark.requirement("I3.2")
@pytest.mark.parametrize(
    ("before", "now", "wanted"),
    [
        # Twice the baseline, and 50 mg/L or more.
        ("CRP,150", "CRP,>300", True),
        ("CRP,150", "CRP,>299", None),
        ("CRP,150", "CRP,<299", False),
        ("CRP,>300", "CRP,>300", None),
        ("CRP,>300", "CRP,700", None),
        # More than 300 is doubled by more than 600: 600 is no doubling of it.
        ("CRP,>300", "CRP,600", False),
        ("CRP,>=300", "CRP,600", None),
        ("CRP,>300", "CRP,599", False),
        ("CRP,>300", "CRP,200", False),
        ("CRP,<30", "CRP,60", True),
        ("CRP,<30", "CRP,59", None),
        ("CRP,<=30", "CRP,60", True),
        ("CRP,<30", "CRP,>60", True),
        ("CRP,<30", "CRP,<60", None),
        ("CRP,<30", "CRP,49", False),
        ("CRP,>=300", "CRP,>=600", None),
    ],
)
def test_a_multiple_of_a_baseline_is_asked_at_the_ends_of_both(before, now, wanted):
    chart = f"-1:00,reading,{before},mg/L\n{DOSE}1:00,reading,{now},mg/L\n"
    assert at(frame(chart, now="2:00"), "2:00")["sign:crp_high"] is wanted


@pytest.mark.requirement("I3.2")
@pytest.mark.parametrize(
    ("before", "now", "rising"),
    [
        ("9000", ">9500", True),
        (">9000", ">9500", None),
        (">9000", "9500", None),
        (">9500", "9500", False),
        (">9500", "9000", False),
        ("<9000", "9500", True),
        ("<9600", "9500", None),
        ("9500", ">=9500", None),
        ("9500", "9500", False),
    ],
)
def test_a_marker_rises_where_every_value_that_it_may_have_does(before, now, rising):
    chart = f"{BEGIN}1:00,reading,FERRITIN,{before},ug/L\n"
    chart += f"3:00,reading,FERRITIN,{now},ug/L\n"
    found = at(frame(chart, now="4:00"), "4:00")
    assert found["sign:ferritin_rising"] is rising


@pytest.mark.parametrize(
    ("first", "second", "falling"),
    [
        ((">300", "9000"), ("200", "8000"), True),
        ((">300", "9000"), (">300", "8000"), None),
        ((">300", ">9000"), (">300", ">9000"), None),
        (("300", ">9000"), (">300", ">9000"), False),
        (("300", "9000"), ("200", "<9000"), True),
    ],
)
def test_markers_fall_together_where_each_is_known_to(first, second, falling):
    chart = BEGIN + "-1:00,reading,CRP,100,mg/L\n"
    for time, (crp, ferritin) in (("1:00", first), ("3:00", second)):
        chart += f"{time},reading,CRP,{crp},mg/L\n"
        chart += f"{time},reading,FERRITIN,{ferritin},ug/L\n"
    # Interleukin 6 does not rise less: two of three must fall.
    chart += "1:00,reading,INTLK6,10,pg/mL\n3:00,reading,INTLK6,20,pg/mL\n"
    found = at(frame(chart, now="4:00"), "4:00")
    assert found["sign:markers_falling"] is falling


@pytest.mark.parametrize(
    ("before", "now", "rising"),
    [
        # 26.5 umol/L within two days.
        ("100", ">126.5", True),
        ("100", ">126.4", None),
        ("100", "<126.5", False),
        ("<100", "126.5", True),
        ("<100", "126.4", None),
        (">900", "920", False),
        (">900", "926.5", False),
        (">900", "927", None),
        (">900", ">900", None),
    ],
)
def test_creatinine_rises_within_two_days_as_far_as_its_limits_tell(
    before, now, rising
):
    chart = f"{DOSE}1:00,reading,CREAT,{before},umol/L\n"
    chart += f"3:00,reading,CREAT,{now},umol/L\n"
    found = at(frame(chart, now="4:00"), "4:00")
    assert found["sign:creatinine_rising"] is rising


def test_an_albumin_that_was_past_its_limit_has_fallen_at_least_so_far():
    for before, now, wanted in ((">45", "40", True), (">45", "41", None)):
        chart = f"-1:00,reading,ALB,{before},g/L\n{DOSE}1:00,reading,ALB,{now},g/L\n"
        assert at(frame(chart), "1:00")["sign:albumin_fallen"] is wanted


def test_a_hematocrit_is_compared_at_both_ends():
    for before, now, wanted in (
        ("40", ">44", True),
        ("40", ">43", None),
        ("40", "<43", False),
    ):
        chart = f"-1:00,reading,HCT,{before},%\n{DOSE}1:00,reading,HCT,{now},%\n"
        assert at(frame(chart), "1:00")["sign:hematocrit_risen"] is wanted


def test_what_rests_on_two_open_signs_is_open():
    """Each alone would leave it at one of two that are needed."""
    chart = BEGIN + "-1:00,reading,CRP,100,mg/L\n-1:00,range,INTLK6,0..7,pg/mL\n"
    chart += "1:00,reading,CRP,>150,mg/L\n1:00,reading,FERRITIN,>550,ug/L\n"
    chart += "1:00,reading,INTLK6,7,pg/mL\n"
    found = at(frame(chart, now="2:00"), "2:00")
    assert (found["sign:crp_high"], found["sign:ferritin_high"]) == (None, None)
    assert found["sign:il6_high"] is False
    assert found["sign:markers_high"] is None


@pytest.mark.parametrize(
    ("rows", "why", "detail"),
    [
        (
            "-1:00,reading,FERRITIN,>300,ug/L\n1:00,reading,FERRITIN,1500,ug/L\n"
            "1:30,reading,FERRITIN,2000,ug/L\n",
            "no_baseline",
            "base_beyond",
        ),
        (
            "-1:00,reading,FERRITIN,300,ug/L\n1:00,reading,FERRITIN,>1500,ug/L\n"
            "1:30,reading,FERRITIN,2000,ug/L\n",
            "unrecordable",
            "beyond",
        ),
    ],
)
def test_what_nobody_knows_of_a_change_is_named(rows, why, detail):
    chart = rows + DOSE + "1:30,reading,FIBRINO,1.0,g/L\n"
    latest = assessed(chart, now="2:00").latest
    (found,) = (one for one in latest if one["topic"] == "hlh_like")
    lacks = {one["item"]: one for one in found["missing"]}
    assert found["patterns"] == {"hlh_like": None}
    assert (lacks["FERRITIN"]["why"], lacks["FERRITIN"]["detail"]) == (why, detail)


def test_what_is_missing_names_the_result_and_why():
    chart = BEGIN + "1:00,reading,FERRITIN,>7500,ug/L\n"
    found = line(assessed(chart, now="2:00"), "hlh_like", "1:00")
    lacks = {one["item"]: one for one in found["missing"]}
    assert lacks["FERRITIN"]["why"] == "unrecordable"
    assert lacks["FERRITIN"]["detail"] == "beyond"
    assert found["patterns"] == {"hlh_like": None}


@pytest.mark.requirement("I3.2")
@pytest.mark.parametrize(
    ("albumin", "state", "age"),
    [
        # Under 32 g/L before the first dose.
        ("32", NOT_MET, "fresh"),
        ("<32", MET, "fresh"),
        ("<35", UNKNOWN, "beyond"),
        (">32", NOT_MET, "fresh"),
        (">30", UNKNOWN, "beyond"),
    ],
)
def test_before_a_dose_a_result_past_a_limit_is_asked_at_both_ends(albumin, state, age):
    chart = facts(f"-1:00,reading,ALB,{albumin},g/L\n")
    gates = protocol(pre_dose={"tables": ["gates"]})
    made = check(chart, gates, moment("0:00"))
    (found,) = (one for one in made.answers if one.criterion.key == "albumin_first")
    assert (found.state, found.values[0].age) == (state, age)


@pytest.mark.requirement("I3.2")
@pytest.mark.parametrize(
    ("before", "now", "state"),
    [
        # A fall of 5 g/L or more.
        (">45", "40", MET),
        (">45", "41", UNKNOWN),
        ("45", "<40", MET),
        ("45", "<41", UNKNOWN),
        ("<40", "36", NOT_MET),
        ("<40", "35", NOT_MET),
        ("<=40", "35", UNKNOWN),
        ("<40", "34", UNKNOWN),
        ("45", "41", NOT_MET),
    ],
)
def test_before_a_dose_a_fall_from_a_baseline_past_a_limit_is_asked(before, now, state):
    chart = facts(
        f"-1:00,reading,ALB,{before},g/L\n{DOSE}"
        f"6:00,reading,ALB,{now},g/L\n8:00,dose,aldesleukin,,[iU]/kg\n"
    )
    gates = protocol(pre_dose={"tables": ["gates"]})
    made = check(chart, gates, moment("8:00"))
    (found,) = (one for one in made.answers if one.criterion.key == "albumin_fall_gate")
    assert found.state == state
