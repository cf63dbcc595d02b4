"""Quiet by design: what does not interrupt, and what always does.

Beside these: one interruption in 15 minutes, snoozes and who typed it are in
`test_escalation.py`; what is late in `test_telling.py`, what is not assessed in
`tests/test_flow.py`.
"""

from datetime import timedelta

import pytest

from monitor import clock
from monitor.episodes.models import CycleState, Episode
from monitor.notices.models import Attempt, Notice
from monitor.review import queries as reviews
from monitor.trials import actions as trials
from tests.acts import FEVER, LOW, WELL, baseline, enter, enter_at
from tests.cast import CYCLE_OPENED, GIVEN, PROTOCOL, plan
from tests.notices.told import MINUTE, deliver

DANGER = {**LOW, "SYSBP": "76", "DIABP": "40"}
#: Four hours and a half after its dose a fever below 40 is expected.
EXPECTED = {"on": True, "fever": {"from_hours": 1, "to_hours": 8, "below": 40.0}}


def levels():
    found = Notice.objects.filter(kind="level").order_by("pk")
    return [one.level for one in found]


def test_one_notice_per_participant_and_instant_lists_all_that_changed(cast, now):
    baseline(cast)
    enter(cast, now, {**LOW, "ICE": "2"})
    families = Episode.objects.order_by("family").values_list("family", flat=True)
    assert list(families) == ["crs", "organ"]
    notice = Notice.objects.get()
    assert len(notice.lines) == 2


def test_there_is_one_more_for_each_worsening_and_none_between(cast, now):
    baseline(cast)
    start = now - 50 * MINUTE
    for minutes, typed in ((0, FEVER), (10, FEVER), (20, DANGER), (30, DANGER)):
        enter_at(cast, start + minutes * MINUTE, typed)
    assert levels() == ["warning", "critical"]


def test_a_past_that_is_over_waits_in_the_queue_and_wakes_nobody(cast, now):
    baseline(cast)
    enter(cast, now, WELL)
    enter(cast, now - timedelta(hours=3), LOW)
    deliver(now)
    assert levels() == []
    assert Attempt.objects.count() == 0
    assert reviews.waiting(cast.okafor) == 1


def test_a_past_that_still_is_so_is_told(cast, now):
    baseline(cast)
    enter(cast, now - timedelta(hours=1), LOW)
    assert levels() == ["warning"]


# Expected windows


@pytest.fixture
def expecting(cast):
    """02-015 had a dose like 02-014, in a protocol that expects a fever after it."""
    with clock.freeze(CYCLE_OPENED):
        document = PROTOCOL | {"version": "2.0", "expected": EXPECTED}
        draft = trials.draft_protocol(
            trial=cast.trial, number="2.0", document=document, by=cast.vance
        )
        cycle = trials.open_cycle(
            participant=cast.participants["02-015"],
            number=1,
            protocol=trials.approve_protocol(protocol=draft, by=cast.vance),
            by=cast.okafor,
        )
        dose = plan(cycle, 1, GIVEN, cast.okafor)
    with clock.freeze(GIVEN):
        trials.record_dose(dose=dose, status="given", given_at=GIVEN, by=cast.reyes)
    cast.dose = dose
    return cycle


def test_an_expected_fever_is_on_the_board_and_pages_nobody(cast, now, expecting):
    enter_at(cast, GIVEN - 35 * MINUTE, WELL, cycle=expecting)
    enter(cast, now, FEVER, cycle=expecting)
    assert levels() == []
    assert CycleState.objects.get(cycle=expecting).level == "watch"


def test_the_same_fever_where_none_is_expected_is_told(cast, now):
    baseline(cast)
    enter(cast, now, FEVER)
    assert levels() == ["warning"]


def test_no_expected_window_hides_a_danger_sign(cast, now, expecting):
    enter_at(cast, GIVEN - 35 * MINUTE, WELL, cycle=expecting)
    enter_at(cast, now - 20 * MINUTE, FEVER, cycle=expecting)
    enter(cast, now, DANGER, cycle=expecting)
    deliver(now)
    assert levels() == ["critical"]
    paged = Attempt.objects.filter(interrupts=True).order_by("user__username")
    assert [one.user.username for one in paged] == ["iyer", "okafor"]
