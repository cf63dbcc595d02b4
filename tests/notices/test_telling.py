"""Who is told what."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from monitor import clock, flow
from monitor.notices import telling
from monitor.notices.models import Notice
from tests.acts import FEVER, LOW, WELL, baseline, enter
from tests.cast import GIVEN, remembered
from tests.notices.told import told_to

MINUTE = timedelta(minutes=1)


def step(level, grade=None, closed=False, **state):
    return SimpleNamespace(
        level=level, grade=grade, max_grade=grade, closed=closed, state=state
    )


def change(before, after):
    return SimpleNamespace(before=before, after=after)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, step("watch", 1), False),
        (None, step("warning", 1), True),
        (None, step("critical", 3), True),
        (step("watch", 1), step("warning", 1), True),
        (step("warning", 1), step("warning", 2), True),
        (step("warning", 2), step("warning", 2), False),
        (step("critical", 3), step("warning", 3), False),
        (step("warning", 2), step("warning", 2, closed=True), False),
        (step("clear", 1, closed=True), step("warning", 1), True),
        (step("warning", 2), step("warning", 2, unsupported=True), False),
        (step("warning", 2), None, False),
    ],
)
def test_a_rise_to_warning_or_worse_is_told(before, after, told):
    assert telling.rises(change(before, after)) is told


def test_low_pressure_with_danger_is_critical_and_told_as_such(cast, now):
    baseline(cast)
    enter(cast, now, {**LOW, "SYSBP": "76", "DIABP": "40"})
    notice = Notice.objects.get()
    assert notice.level == "critical"
    assert notice.policy["key"] == "critical"


def test_each_rise_is_told_once(cast, now):
    baseline(cast)
    enter(cast, now - 20 * MINUTE, FEVER)
    enter(cast, now - 10 * MINUTE, LOW)
    enter(cast, now, LOW)
    rises = Notice.objects.filter(kind="level").count()
    enter(cast, now, {"RESP": "18"})
    assert Notice.objects.filter(kind="level").count() == rises


def test_nobody_is_told_of_a_past_that_is_over(cast, now):
    baseline(cast)
    enter(cast, now, WELL)
    enter(cast, now - timedelta(hours=3), LOW)
    told = [notice.level for notice in Notice.objects.all()]
    assert told == []


def late_at(now, minutes):
    """Who was told of what is late, after a sweep so many minutes from now."""
    later = now + minutes * MINUTE
    with clock.freeze(later):
        flow.sweep(later)
    return [
        told
        for one in Notice.objects.filter(kind="overdue").order_by("pk")
        for told in (one.lines[0], one.policy["key"], *told_to(one))
    ]


def test_what_is_late_after_a_dose_is_told_to_each_after_its_time(cast, now):
    baseline(cast)
    with clock.freeze(GIVEN):
        enter(cast, GIVEN, WELL)  # Sets every 15 minutes, in the first hour.
    start = GIVEN + 15 * MINUTE
    told = ["Set was due at 10:20 EST.", "overdue_after_dose"]
    assert late_at(start, 9) == []
    assert late_at(start, 10) == [*told, "reyes"]
    assert late_at(start, 19) == [*told, "reyes"]
    assert late_at(start, 20) == [*told, "okafor", "reyes"]
    assert late_at(start, 60) == [*told, "okafor", "reyes"]


def test_what_is_late_in_an_open_episode_is_told_at_once(cast, now):
    baseline(cast)
    enter(cast, now, LOW)  # More than four hours after the dose.
    start = now + 10 * MINUTE
    told = ["Re-check was due at 14:40 EST.", "overdue_in_episode"]
    assert late_at(start, -1) == []
    assert late_at(start, 0) == [*told, "reyes"]
    assert late_at(start, 15) == [*told, "okafor", "reyes"]


def test_what_has_come_is_late_no_longer(cast, now):
    baseline(cast)
    enter(cast, now, LOW)
    assert late_at(now, 10)
    with clock.freeze(now + 12 * MINUTE):
        enter(cast, now + 11 * MINUTE, LOW)
        flow.sweep(now + 12 * MINUTE)
    notice = Notice.objects.get(kind="overdue")
    assert notice.ended_at == now + 12 * MINUTE
    assert told_to(notice) == ["reyes"]


@pytest.mark.django_db(transaction=True)
def test_the_sweeps_of_a_day_stand_alone_as_the_worker_runs_them(now, caplog):
    """With no transaction around them, which the other tests lend to each verb."""
    cast = remembered()
    baseline(cast)
    enter(cast, now, LOW)
    for half_hours in range(48):
        with clock.freeze(now + half_hours * 30 * MINUTE):
            flow.sweep(clock.now())
            if half_hours == 2:
                enter(cast, clock.now(), LOW)
    assert [one.message for one in caplog.records if one.levelname == "ERROR"] == []
    overdue = Notice.objects.filter(kind="overdue")
    assert overdue.earliest("pk").ended_at == now + 90 * MINUTE
    assert told_to(overdue.earliest("pk")) == ["okafor", "reyes"]


def test_at_home_nothing_is_late(cast, now):
    enter(cast, now, WELL)
    flow.record_fact(
        cycle=cast.cycle, code="AT_HOME", value="", at=now, by=cast.reyes, key=uuid4()
    )
    later = now + timedelta(hours=10)
    with clock.freeze(later):
        flow.sweep(later)
    assert not Notice.objects.filter(kind="overdue").exists()
