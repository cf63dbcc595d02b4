"""Who is told what."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from monitor import clock, flow
from monitor.notices import telling
from monitor.notices.models import Notice
from tests.acts import FEVER, LOW, WELL, baseline, enter

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


def test_the_safety_physician_is_told_of_what_is_critical():
    assert telling.roles_for("warning") == ["nurse", "investigator"]
    assert telling.roles_for("critical") == [
        "nurse",
        "investigator",
        "safety_physician",
    ]


def test_low_pressure_with_danger_is_critical_and_told_as_such(cast, now):
    baseline(cast)
    enter(cast, now, {**LOW, "SYSBP": "76", "DIABP": "40"})
    notice = Notice.objects.get()
    assert notice.level == "critical"
    assert "safety_physician" in notice.roles


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


def overdue_notices():
    told = Notice.objects.filter(kind="overdue").order_by("created_at", "pk")
    return [(one.roles, one.lines) for one in told]


def test_what_is_late_is_told_once_to_each_role_after_its_time(cast, now):
    baseline(cast)
    enter(cast, now, LOW)  # A re-check is due at 14:40.
    said = ["Re-check was due at 14:40 EST."]
    expected = {15: [], 25: [(["nurse"], said)]}
    expected[55] = expected[60] = [(["nurse"], said), (["investigator"], said)]
    for minutes, told in expected.items():
        later = now + minutes * MINUTE
        with clock.freeze(later):
            flow.sweep(later)
        assert overdue_notices() == told


def test_at_home_nothing_is_late(cast, now):
    enter(cast, now, WELL)
    flow.record_fact(
        cycle=cast.cycle, code="AT_HOME", value="", at=now, by=cast.reyes, key=uuid4()
    )
    later = now + timedelta(hours=10)
    with clock.freeze(later):
        flow.sweep(later)
    assert overdue_notices() == []
