"""An expected fever is watched, not alarmed; what else happens ends that (B3, B6)."""

from datetime import datetime, timedelta

import pytest

from .casefile import moment
from .charts import assessed, expecting, line, protocol

# Expected from 1 to 8 h after each dose, below 40.0.
WINDOW = expecting(1, 8, 40.0)
WELL = "HR 90 BP 122/76 RR 16 SpO2 98 air A"
BEGIN = f"-1:00,set,T 36.7 {WELL}\n0:00,dose,aldesleukin,600000,[iU]/kg\n"


def crs(text: str, time: str, protocol=WINDOW, now: str | None = None):
    return line(assessed(BEGIN + text, protocol, now), "crs", time)


def told(text: str, time: str, **more) -> tuple[str, bool]:
    one = crs(text, time, **more)
    return one["level"], one["expected"]


def test_an_expected_fever_is_watched():
    one = crs(f"3:00,set,T 38.6 {WELL}", "3:00")
    assert (one["level"], one["expected"]) == ("watch", True)
    assert one["patterns"]["fever_onset"] is True
    assert one["grades"]["astct"] == 1


def test_without_a_window_it_is_a_warning():
    assert told(f"3:00,set,T 38.6 {WELL}", "3:00", protocol=None) == ("warning", False)


@pytest.mark.parametrize(
    ("time", "level"),
    [("0:59", "warning"), ("1:00", "watch"), ("8:00", "watch"), ("8:01", "warning")],
)
def test_the_window_has_two_ends(time, level):
    assert told(f"{time},set,T 38.6 {WELL}", time)[0] == level


@pytest.mark.parametrize(("temp", "level"), [(39.9, "watch"), (40.0, "warning")])
def test_a_higher_fever_is_not_expected(temp, level):
    assert told(f"3:00,set,T {temp} {WELL}", "3:00")[0] == level


def test_the_window_may_end_when_the_fever_is_over():
    text = f"3:00,set,T 38.6 {WELL}\n7:00,set,T 37.2 {WELL}\n12:00,set,T 37.0 {WELL}"
    assert told(text, "12:00")[0] == "watch"


def test_a_fever_that_outlasts_the_window_is_a_warning_at_its_end():
    found = assessed(BEGIN + f"5:00,set,T 38.6 {WELL}", WINDOW, now="10:00")
    risen = [one for one in found.lines if one["topic"] == "crs"][-1]
    assert risen["level"] == "warning"
    ended = datetime.fromisoformat(risen["at"]) - moment("8:00")
    assert timedelta(0) < ended <= timedelta(seconds=1)


def test_the_next_sweep_is_due_at_the_windows_end():
    found = assessed(BEGIN + f"5:00,set,T 38.6 {WELL}", WINDOW, now="6:30")
    assert found.due_at is not None
    assert found.due_at - moment("8:00") <= timedelta(seconds=1)


DAYS = "".join(
    f"{8 * n - 1}:00,set,T 37.2 {WELL}\n"
    f"{8 * n}:00,dose,aldesleukin,600000,[iU]/kg\n{8 * n + 3}:00,set,T 38.6 {WELL}\n"
    for n in range(1, 4)
)


def test_a_fever_that_comes_back_for_more_than_a_day_is_a_warning():
    text = f"3:00,set,T 38.6 {WELL}\n{DAYS}"
    assert told(text, "19:00")[0] == "watch"
    assert told(text, "27:00")[0] == "watch"
    assert told(text, "27:01", now="28:00")[0] == "warning"


@pytest.mark.parametrize(
    "danger",
    [
        "4:00,set,T 38.6 HR 90 BP 88/50 RR 16 SpO2 98 air A",
        "4:00,set,T 38.6 HR 90 BP 122/76 RR 26 SpO2 98 air A",
        "4:00,set,T 38.6 HR 90 BP 122/76 RR 16 SpO2 91 air A",
        "4:00,set,T 38.6 HR 90 BP 122/76 RR 16 SpO2 98 nasal_cannula 2L A",
        "4:00,set,T 38.6 HR 135 BP 122/76 RR 16 SpO2 98 air A",
        "4:00,set,T 38.6 HR 90 BP 122/76 RR 16 SpO2 98 air C",
        "4:00,reading,NURSE_CONCERN,y,",
        "4:00,treatment,norepinephrine,4,ug/min",
    ],
)
def test_a_danger_sign_oxygen_a_grade_or_a_concern_ends_it(danger):
    text = f"3:00,set,T 38.6 {WELL}\n{danger}"
    assert told(text, "3:00") == ("watch", True)
    level, expected = told(text, "4:00")
    assert level in ("warning", "critical")
    assert expected is False


def test_a_far_fall_of_pressure_is_never_expected():
    low = "T 38.6 HR 90 BP 92/60 RR 16 SpO2 98 air A"
    base = f"-0:30,set,T 36.7 {WELL.replace('122', '134')}\n"
    text = f"{base}3:00,set,{low}\n3:20,set,{low}"
    assert told(text, "3:20") == ("warning", False)


def test_a_masked_fever_is_not_called_expected():
    text = "2:00,treatment,paracetamol,1000,mg\n3:00,reading,CHILLS,1,{CTCAE}\n"
    text += f"3:00,set,T 37.2 {WELL}"
    one = crs(text, "3:00")
    assert one["patterns"]["masked_fever"] is True
    assert one["expected"] is False


def test_it_changes_no_pattern_no_grade_and_no_episode():
    text = BEGIN + f"3:00,set,T 38.6 {WELL}\n7:00,set,T 37.2 {WELL}"
    loud, quiet = assessed(text), assessed(text, WINDOW)
    for key in ("patterns", "grades", "max_grades", "status"):
        told_loud = line(loud, "crs", "7:00")[key]
        assert line(quiet, "crs", "7:00")[key] == told_loud
    assert len(loud.episodes) == len(quiet.episodes) == 1


OPENED = [{"level": 2, "on": "2026-11-20", "by": "Safety group, fourth meeting"}]


@pytest.mark.parametrize(
    ("level", "told"),
    [("1", "warning"), ("2", "watch"), ("3", "warning"), ("", "warning")],
)
def test_windows_are_open_for_the_levels_that_the_safety_group_opened(level, told):
    """R21, first in human: per dose level, with date and name."""
    fever = {"from_hours": 1, "to_hours": 8, "below": 40.0}
    opened = protocol(expected={"on": True, "fever": fever, "opened": OPENED})
    fact = f"-1:00,fact,DOSE_LEVEL,{level}\n" if level else ""
    text = fact + f"3:00,set,T 38.6 {WELL}"
    assert crs(text, "3:00", opened)["level"] == told
    assert crs(text, "3:00", opened)["grades"]["astct"] == 1
