"""The fluid page against a plain recomputation from every row ever written."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor import clock, flow
from monitor.bedside import actions as bedside
from monitor.bedside.entry import read_reading
from monitor.bedside.models import Observation, Reading
from monitor.episodes.fluids import fluids_of

HOUR, STEP = timedelta(hours=1), timedelta(minutes=15)
BOSTON = ZoneInfo("America/New_York")
ITEMS = ("URINE_OUTPUT", "FLUID_INTAKE")
#: Quarters of an hour before now at which a period began, its length, its mL, and what
#: became of it: kept, corrected to another volume, struck out alone or with its set.
ROWS = st.tuples(
    st.sampled_from(ITEMS),
    st.integers(1, 45 * 4),
    st.integers(1, 10 * 4),
    st.integers(0, 900),
    st.sampled_from(["kept", "corrected", "twice", "struck out", "set struck out"]),
)


def write(cast, now, rows) -> None:
    told = {"by": cast.reyes, "reason": "another bed"}
    for item, before, quarters, volume, fate in rows:
        at = now - before * STEP
        until = min(at + quarters * STEP, now)
        reading = read_reading(item, str(volume), at=at, until=until, confirmed=True)
        made, _new = bedside.record_observation(
            cycle=cast.cycle,
            observed_at=at,
            readings=[reading],
            by=cast.reyes,
            key=uuid4(),
            panel="fluids",
        )
        row = made.readings.get()
        if fate == "set struck out":
            bedside.void_observation(observation=made, **told)
        for typed in {"corrected": (7,), "twice": (7, 13)}.get(fate, ()):
            more = {"unit": None, "confirmed": True}
            bedside.correct_reading(reading=row, typed=str(typed), **more, **told)
            row = Reading.objects.get(supersedes=row)
        if fate == "struck out":
            bedside.void_reading(reading=row, **told)


def standing():
    """Start, end and mL per item, by walking every row and every successor."""
    every = list(Reading.objects.all())
    gone = {row.supersedes_id for row in every}
    sets = {row.pk: row for row in Observation.objects.all()}
    struck = {row.supersedes_id for row in sets.values() if row.voided}
    return {
        item: [
            (sets[row.observation_id].observed_at, row.until, row.number)
            for row in every
            if row.item == item
            and row.pk not in gone
            and not row.voided
            and row.observation_id not in struck
        ]
        for item in ITEMS
    }


def plainly(periods, start, end):
    """mL (None: nothing was measured) and hours, quarter of an hour by quarter."""
    volume, quarters, at = 0.0, 0, start
    while at < end:
        here = [one for one in periods if one[0] <= at < one[1]]
        volume += sum(ml / ((until - since) / STEP) for since, until, ml in here)
        quarters += bool(here)
        at += STEP
    return (volume if quarters else None), quarters / 4


def about(number):
    return None if number is None else pytest.approx(number, abs=1e-4)


@pytest.mark.requirement("V4", "I4.2")
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(ROWS, max_size=6))
def test_every_shift_and_day_is_what_all_rows_add_up_to(cast, now, rows):
    with transaction.atomic():
        write(cast, now, rows)
        found, periods = fluids_of(cast.cycle, now), standing()
        transaction.set_rollback(True)
    spans = wall_spans(now)
    shown = [*found.shifts, *found.days]
    assert [(one.span.start, one.span.end) for one in shown] == spans
    for one in shown:
        end = min(one.span.end, now)
        for item, told in zip(ITEMS, (one.passed, one.taken), strict=True):
            volume, hours = plainly(periods[item], one.span.start, end)
            assert (told.volume, told.hours) == (about(volume), about(hours))


def wall_spans(now):
    """Shifts of 12 hours from 07:00 in Boston back to yesterday's, then three days."""
    today = datetime.combine(now.astimezone(BOSTON).date(), time(7), BOSTON)
    walls = [today + timedelta(hours=12 * n) for n in (1, 0, -1, -2)]
    shifts = [(one, one + timedelta(hours=12)) for one in walls]
    days = [today - timedelta(days=n) for n in range(3)]
    spans = [*shifts, *[(one, one + timedelta(days=1)) for one in days]]
    utc = [(start.astimezone(UTC), end.astimezone(UTC)) for start, end in spans]
    return [one for one in utc if one[0] <= now]


def test_a_correction_through_the_story_moves_the_balance(cast, now):
    at = now - 4 * HOUR
    with clock.freeze(now):
        reading = read_reading("URINE_OUTPUT", "400", at=at, until=now)
        told = {"cycle": cast.cycle, "by": cast.reyes, "key": uuid4()}
        made = flow.record_set(observed_at=at, readings=[reading], **told).row
        assert fluids_of(cast.cycle).shifts[0].passed.volume == 400
        row, told = made.readings.get(), {"by": cast.reyes, "reason": "misread"}
        flow.correct_reading(reading=row, typed="40", unit=None, **told)
    assert fluids_of(cast.cycle).shifts[0].passed.volume == 40
