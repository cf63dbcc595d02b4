"""Edema ends when what was seen is gone (B4); what was never seen is not asked for."""

import pytest

from .charts import assessed, line

BEFORE = (
    "-1:00,set,T 36.7 HR 78 BP 124/76 RR 16 SpO2 98 air A\n"
    "-1:00,reading,EDEMA_LIMBS,0,\n{}0:00,dose,aldesleukin,1,mg\n"
)
LIMBS = "{},reading,EDEMA_LIMBS,{},\n"


def stands(chart: str, when: str, before: str = "") -> tuple[bool | None, str]:
    """Whether the edema stands, and the level of its topic."""
    found = line(assessed(BEFORE.format(before) + chart), "cls", when)
    return found["patterns"]["edema_overload"], found["level"]


def limbs(*answers: tuple[str, int]) -> str:
    return "".join(LIMBS.format(*one) for one in answers)


@pytest.mark.parametrize(
    ("last", "level"), [("71:59", "warning"), ("72:00", "watch"), ("72:01", "watch")]
)
def test_a_grade_2_is_a_watch_after_a_day_without_edema(last: str, level: str):
    chart = limbs(("24:00", 2), ("48:00", 0), ("60:00", 0), (last, 0))
    assert stands(chart, last) == (True, level)


@pytest.mark.parametrize(("last", "answer"), [("71:59", True), ("72:00", None)])
def test_a_grade_1_is_over_after_a_day_without_edema(last: str, answer: object):
    chart = limbs(("24:00", 1), ("48:00", 0), ("60:00", 0), (last, 0))
    assert stands(chart, last)[0] is answer


def test_a_grade_1_that_stays_is_not_over():
    chart = limbs(("24:00", 1), ("48:00", 0), ("60:00", 1), ("72:00", 0))
    assert stands(chart, "72:00")[0] is True


def test_an_effusion_that_was_seen_is_asked_for_again():
    before = "-1:00,reading,PLEURAL_EFFUSION,0,\n"
    seen = "24:00,reading,PLEURAL_EFFUSION,1,\n"
    chart = limbs(("24:00", 0), ("48:00", 0), ("60:00", 0), ("72:00", 0))
    assert stands(seen + chart, "72:00", before)[0] is True


def test_an_effusion_that_was_looked_for_and_never_seen_is_not():
    before = "-1:00,reading,PLEURAL_EFFUSION,0,\n"
    chart = limbs(("24:00", 1), ("48:00", 0), ("60:00", 0), ("72:00", 0))
    assert stands(chart, "72:00", before)[0] is None


NEVER = (
    "-1:00,set,T 36.7 HR 78 BP 124/76 RR 16 SpO2 98 air A\n0:00,dose,aldesleukin,1,mg\n"
)
EFFUSION = "{},reading,PLEURAL_EFFUSION,{},\n"


@pytest.mark.parametrize(
    ("chart", "answer"),
    [
        (limbs(("4:00", 0), ("20:00", 1)), True),
        (limbs(("20:00", 1)), None),
        (limbs(("4:00", 1), ("20:00", 1)), None),
        (EFFUSION.format("4:00", 0) + EFFUSION.format("20:00", 1), True),
        (EFFUSION.format("20:00", 1), None),
        ("20:00,reading,PULMONARY_EDEMA,1,\n", True),
        ("-1:00,reading,PULMONARY_EDEMA,1,\n20:00,reading,PULMONARY_EDEMA,1,\n", None),
    ],
)
def test_edema_is_new_where_it_was_looked_for_before_and_not_there(chart, answer):
    found = line(assessed(NEVER + chart), "cls", "20:00")
    assert found["patterns"]["edema_overload"] is answer


HOME = "50:00,fact,{},,,\n"
BACK = "500:00,fact,INPATIENT,,,\n500:10,reading,EDEMA_LIMBS,0,\n"


@pytest.mark.parametrize(
    ("place", "over"), [("AT_HOME", True), ("AWAY", True), ("INPATIENT", False)]
)
def test_between_two_visits_no_examination_is_missed(place: str, over: bool):
    chart = limbs(("24:00", 1), ("48:00", 0)) + HOME.format(place) + BACK
    dose = "490:00,dose,aldesleukin,1,mg\n"
    assert (stands(chart + dose, "500:10")[0] is not True) is over
