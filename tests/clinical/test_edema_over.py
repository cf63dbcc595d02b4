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


# Nobody looked before: new, or not? (2.4: cannot evaluate, and visibly so) ----------
QUIET = "{},set,T 36.7 HR 78 BP 124/76 RR 16 SpO2 98 air A\n"


def undated(chart: str, when: str = "20:00") -> dict:
    found = assessed(NEVER + chart + QUIET.format(when), now=when).latest
    return next(one for one in found if one["topic"] == "cls")


@pytest.mark.parametrize(
    ("chart", "level"),
    [
        (limbs(("20:00", 0)), "unknown"),
        (limbs(("20:00", 1)), "watch"),
        (limbs(("20:00", 2)), "watch"),
        (EFFUSION.format("20:00", 1), "watch"),
        ("20:00,reading,GENERALIZED_EDEMA,1,\n", "watch"),
        # In an injection or surgical field (R15).
        ("20:00,reading,EDEMA_FACE,1,\n", "unknown"),
        ("20:00,reading,LOCALIZED_EDEMA,1,\n", "unknown"),
        # A person enters what was seen before the first dose.
        ("-1:00,reading,EDEMA_LIMBS,1,\n" + limbs(("20:00", 1)), "unknown"),
        ("-1:00,reading,EDEMA_LIMBS,1,\n" + limbs(("20:00", 2)), "warning"),
        ("-1:00,reading,EDEMA_LIMBS,0,\n" + limbs(("20:00", 1)), "watch"),
    ],
)
def test_edema_that_may_be_new_is_watched_until_somebody_says(chart, level):
    assert undated(chart)["level"] == level


def test_it_says_what_to_ask_and_what_is_missing():
    found = undated(limbs(("20:00", 1)))
    assert found["patterns"]["edema_overload"] is None
    assert {"item": "EDEMA_LIMBS", "why": "no_baseline", "since": None} in found[
        "missing"
    ]
    assert (
        "edema grade 1, possibly new: was it there before the first dose? "
        "Enter it as of then" in found["explanation"]
    )


@pytest.mark.parametrize(
    ("later", "level"),
    [
        ("", "watch"),
        # Gone again: then it was no usual state, and is not there.
        (limbs(("40:00", 0)), "unknown"),
        (limbs(("40:00", 1)), "watch"),
    ],
)
def test_a_value_that_lapses_takes_the_question_not_back(later, level):
    assert undated(limbs(("4:00", 1)) + later, "40:00")["level"] == level


HOME = "50:00,fact,{},,,\n"
BACK = "500:00,fact,INPATIENT,,,\n500:10,reading,EDEMA_LIMBS,0,\n"


@pytest.mark.parametrize(
    ("place", "over"), [("AT_HOME", True), ("AWAY", True), ("INPATIENT", False)]
)
def test_between_two_visits_no_examination_is_missed(place: str, over: bool):
    chart = limbs(("24:00", 1), ("48:00", 0)) + HOME.format(place) + BACK
    dose = "490:00,dose,aldesleukin,1,mg\n"
    assert (stands(chart + dose, "500:10")[0] is not True) is over
