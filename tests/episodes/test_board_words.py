"""What a row of the board says, without a database."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from monitor import clock
from monitor.episodes.rows import why_words
from monitor.episodes.shapes import DoseRow, Value
from monitor.episodes.wording import item_short
from monitor.templatetags import board_ui, filter_ui

NOW = datetime(2026, 11, 19, 19, 26, tzinfo=UTC)
BOSTON = SimpleNamespace(site=SimpleNamespace(time_zone="America/New_York"))


@pytest.fixture(autouse=True)
def _at_noon_of_the_story():
    with clock.freeze(NOW):
        yield


def row(**parts: object) -> SimpleNamespace:
    usual = {"values": {}, "dose": None, "next_dose": None, "given": None, "place": ""}
    return SimpleNamespace(participant=BOSTON, **usual | parts)


def dose(hours: float, status: str = "given") -> DoseRow:
    return DoseRow("NARA", 3, status, NOW - timedelta(hours=hours), "")


def test_pressure_is_one_value_and_the_worse_of_both_marks_it():
    values = {
        "SYSBP": Value("SYSBP", "86", past="warning", change="down"),
        "DIABP": Value("DIABP", "48", past="critical"),
    }
    shown = board_ui.pressure(values)
    assert (shown.text, shown.past, shown.change) == ("86/48", "critical", "down")


def test_a_saturation_without_a_device_says_so():
    values = {"OXYSAT": Value("OXYSAT", "97")}
    assert board_ui.oxygen_note(row(values=values)) == "not recorded"


@pytest.mark.parametrize(
    ("parts", "age", "note"),
    [
        ({"dose": dose(4.35)}, "4 h 21", "dose 3, 10:05"),
        ({"dose": dose(28)}, "28 h 00", "dose 3, Wed 18"),
        ({"dose": dose(1, "held")}, "–", "dose 3 held"),
        ({"dose": dose(1, "held"), "given": dose(28)}, "28 h 00", "dose 3 held"),
        ({"next_dose": dose(-2, "planned")}, "–", "planned 16:26"),
        ({}, "–", "no dose"),
    ],
)
def test_hours_are_counted_from_the_last_dose_given(parts, age, note):
    since = board_ui.since_dose(row(**parts))
    assert (since.age, since.note) == (age, note)


def test_a_gap_in_the_small_line_is_never_joined():
    values = [118.0, 110.0, None, 112.0, 86.0]
    points = [(NOW + timedelta(hours=n), one) for n, one in enumerate(values)]
    drawn = board_ui.spark(points)
    assert drawn.count("<polyline") == 2
    assert "style" not in drawn


def test_no_pressure_draws_nothing():
    assert board_ui.spark([(NOW, None)]) == ""


def test_a_count_pressed_again_takes_its_filter_away():
    chips = filter_ui.level_chips({"warning": 2}, {"level": "warning", "site": "02"})
    by_key = {chip.key: chip for chip in chips}
    assert by_key["warning"].on
    assert by_key["warning"].url == "?site=02"
    assert by_key["critical"].url == "?level=critical&site=02"


def test_a_symptom_that_decided_stands_with_its_grade():
    decided = {"answer": True, "at": "2026-11-19T19:22:00+00:00"}
    evidence = [
        {**decided, "item": "DYSPNEA", "value": 2, "unit": "{CTCAE}"},
        {**decided, "item": "SYSBP", "value": 86, "unit": "mm[Hg]"},
    ]
    said = why_words({"evidence": evidence})
    assert said == f"{item_short('DYSPNEA')} grade 2 · SBP 86 mmHg"
