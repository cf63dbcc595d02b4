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
    assert not [one for one in frame(BEGIN).columns if one.startswith("far:")]


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
