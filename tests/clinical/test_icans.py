"""ICANS at every band (reference 1.5), against its baseline, falling slowly (B4)."""

from typing import Any

import pytest

from monitor.clinical.grading.scales import read_steps
from monitor.clinical.thresholds import BadKnowledge

from .charts import DOSE, assessed, line


def nervous(text: str, time: str = "6:00", now: str | None = None) -> dict[str, Any]:
    """The topic's line at a time."""
    return line(assessed(text, now=now or time), "neurotoxicity", time)


def ice(score: int, time: str = "6:00") -> str:
    return f"{time},reading,ICE,{score},{{score}}\n"


def acvpu(letter: str, time: str = "6:00") -> str:
    return f"{time},reading,ACVPU,{letter},\n"


ASKED = (
    *("SEIZURE", "CONFUSION", "AGITATION", "SOMNOLENCE", "HALLUCINATIONS"),
    "DEPRESSED_CONSCIOUSNESS",
)


def quiet(time: str = "6:00", without: str = "") -> str:
    """Each asked for, and not there."""
    asked = [code for code in ASKED if code != without]
    return "".join(f"{time},reading,{code},0,{{CTCAE}}\n" for code in asked)


WELL = ice(10, "-1:00") + acvpu("A", "-1:00") + DOSE


def grade(text: str, time: str = "6:00") -> int | None:
    grades = nervous(text, time)["grades"]
    assert grades["astct"] == grades["ctcae_v6"]
    found: int | None = grades["astct"]
    return found


@pytest.mark.parametrize(
    ("score", "expected"),
    [(10, 0), (9, 1), (8, 1), (7, 1), (6, 2), (5, 2), (3, 2), (2, 3), (1, 3), (0, 3)],
)
def test_the_bands_of_ice_in_a_person_who_is_awake(score, expected):
    found = nervous(WELL + ice(score) + acvpu("A") + quiet())
    assert found["grades"] == {"astct": expected, "ctcae_v6": expected}
    assert found["at_least"] == []


@pytest.mark.parametrize(
    ("letter", "expected", "floor"),
    [("C", 1, False), ("V", 2, False), ("P", 3, True), ("U", 4, False)],
)
def test_consciousness_by_itself(letter, expected, floor):
    found = nervous(WELL + ice(10) + acvpu(letter))
    assert found["grades"]["astct"] == expected
    assert (found["at_least"] == ["astct", "ctcae_v6"]) is floor


def test_a_score_of_0_is_3_awake_and_4_in_a_person_who_cannot_be_woken():
    assert grade(WELL + ice(0) + acvpu("A")) == 3
    assert grade(WELL + ice(0) + acvpu("U")) == 4


@pytest.mark.parametrize(("severity", "expected"), [(0, 0), (1, 3), (3, 3), (4, 4)])
def test_a_seizure_is_3_and_a_prolonged_one_4(severity, expected):
    seizure = f"6:00,reading,SEIZURE,{severity},{{CTCAE}}\n" + quiet(without="SEIZURE")
    assert grade(WELL + ice(10) + acvpu("A") + seizure) == expected


def test_the_worst_domain_decides():
    assert grade(WELL + ice(8) + acvpu("V")) == 2
    assert grade(WELL + ice(4) + acvpu("C")) == 2


@pytest.mark.parametrize(("now", "expected"), [(8, 0), (9, 0), (7, 1), (6, 2), (2, 3)])
def test_a_score_is_compared_with_its_own_baseline(now, expected):
    text = ice(8, "-1:00") + acvpu("A", "-1:00") + DOSE + ice(now) + acvpu("A")
    assert grade(text + quiet()) == expected


def test_what_nobody_scored_is_no_grade_of_0():
    assert grade(DOSE + acvpu("A") + quiet()) is None
    assert grade(DOSE + ice(10) + quiet()) is None
    assert grade(DOSE + "6:00,set,T 36.7\n") is None


@pytest.mark.parametrize("never", ASKED)
def test_what_nobody_asked_for_is_no_grade_of_0_and_is_named(never):
    every = assessed(WELL + ice(10) + acvpu("A") + quiet(without=never), now="6:00")
    (found,) = (one for one in every.latest if one["topic"] == "neurotoxicity")
    assert (found["grades"]["astct"], found["status"]) == (None, "not_gradable")
    assert [one["item"] for one in found["missing"]] == [never]


def test_a_grade_of_0_is_clear_and_never_not_gradable():
    found = nervous(WELL + ice(10) + acvpu("A") + quiet())
    assert (found["grades"]["astct"], found["status"]) == (0, "clear")
    assert (found["level"], found["missing"]) == ("clear", [])


def test_an_agitated_person_of_full_score_has_a_grade_of_0_to_review():
    text = WELL + ice(10) + acvpu("A") + quiet(without="AGITATION")
    found = nervous(text + "6:00,reading,AGITATION,2,{CTCAE}\n")
    assert (found["grades"]["astct"], found["status"]) == (0, "needs_review")


def test_a_grade_without_a_score_is_a_floor():
    found = nervous(DOSE + acvpu("V"))
    assert (found["grades"]["astct"], found["at_least"]) == (2, ["astct", "ctcae_v6"])


def test_a_stale_score_gives_no_grade():
    text = WELL + ice(10, "1:00") + acvpu("A", "1:00") + quiet("2:00")
    assert nervous(text, "15:00")["grades"]["astct"] is None


# A person who cannot speak ------------------------------------------------------------
SILENT = "-2:00,fact,TRACHEOSTOMY,yes\n"


@pytest.mark.parametrize(("score", "expected"), [(0, None), (5, 2), (10, 0)])
def test_silence_is_not_a_score_of_0_and_written_answers_count(score, expected):
    found = nervous(SILENT + WELL + ice(score) + acvpu("A") + quiet())
    assert found["grades"]["astct"] == expected
    assert found["level"] != "critical"


@pytest.mark.parametrize("said", ["none", "no", "removed"])
def test_no_tracheostomy_silences_nobody(said):
    text = SILENT.replace("yes", said) + WELL + ice(0) + acvpu("A")
    assert grade(text) == 3


# Over time ---------------------------------------------------------------------------
BAD = WELL + ice(5) + acvpu("A")


def recovered(*times: str) -> str:
    return "".join(ice(10, time) + acvpu("A", time) + quiet(time) for time in times)


def test_a_grade_falls_after_a_day_at_baseline_and_its_maximum_stays():
    text = BAD + recovered("12:00", "24:00", "35:59", "36:00")
    assert grade(text, "35:59") == 2
    found = nervous(text, "36:00")
    assert (found["grades"]["astct"], found["max_grades"]["astct"]) == (0, 2)


def test_nothing_is_called_recovered_under_a_sedative():
    drug = "35:00,treatment,sedative,2,mg\n"
    text = BAD + drug + recovered("12:00", "24:00", "36:00", "48:00")
    assert grade(text, "36:00") == 2
    assert grade(text, "48:00") == 0


def test_a_sedative_and_an_opioid_are_named_beside_the_patterns():
    drugs = "4:00,treatment,sedative,2,mg\n5:00,treatment,morphine,5,mg\n"
    (said,) = assessed(WELL + drugs + acvpu("A"), now="6:00").scores.values()
    assert [one["agent"] for one in said["on_board"]] == ["sedative", "morphine"]
    blurs = [list(one["blurs"]) for one in said["on_board"]]
    assert blurs == [["ACVPU"], ["CHILLS", "ACVPU"]]


def test_a_first_grade_opens_an_episode_for_a_person_to_judge():
    found = assessed(WELL + ice(9) + acvpu("A"))
    opened = [one for one in found.episodes if one.topic == "neurotoxicity"]
    assert [(one.number, one.closed_at) for one in opened] == [(1, None)]
    last = line(found, "neurotoxicity", "6:00")
    assert (last["level"], last["status"]) == ("watch", "needs_review")
    assert "possible ICANS grade 1" in last["explanation"]


def test_the_older_ctcae_has_no_such_term():
    assert "ctcae_v5" not in nervous(WELL)["grades"]


# The knowledge file ------------------------------------------------------------------
ROW = {"grade": 1, "arm": "ice_mild", "source": "S1", "says": "low"}


def test_a_table_is_read():
    assert read_steps("icans.toml", [ROW], {"ice_mild"})[0].grade == 1


@pytest.mark.parametrize(
    "fault", [{"arm": "none"}, {"source": "S99"}, {"says": ""}, {"more": 1}]
)
def test_a_planted_fault_is_refused(fault):
    with pytest.raises(BadKnowledge, match=r"icans\.toml"):
        read_steps("icans.toml", [ROW | fault], {"ice_mild"})
