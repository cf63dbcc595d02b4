"""Fluids of a shift and a day, against a plain recomputation minute by minute."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.clinical.care.balance import Period, balance, change, day_one, measured
from monitor.clinical.care.wardday import Span, day_of, shift_of, shifts_of
from monitor.clinical.study.protocol import Protocol

START = datetime(2026, 11, 19, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
EIGHT = Span(START, START + 8 * HOUR)
LINES = Protocol.default().lines
BOSTON, SEVEN = ZoneInfo("America/New_York"), time(7)


def period(start, end, volume):
    """Hours after the start of the shift, and mL."""
    return Period(START + start * HOUR, START + end * HOUR, volume)


def of(taken, passed, now=EIGHT.end, weight=73.0):
    return balance(EIGHT, now, taken, passed, weight, LINES)


def test_a_measured_zero_is_zero_and_a_gap_is_unknown():
    none, zero = of([], []), of([], [period(0, 8, 0)])
    assert (none.passed.volume, none.hourly) == (None, None)
    assert (zero.passed.volume, zero.passed.hours, zero.hourly) == (0.0, 8.0, 0.0)
    assert zero.net is None  # Nobody measured what came in.


def test_a_period_that_began_in_the_shift_before_counts_in_part():
    assert measured(EIGHT, [period(-2, 2, 400)]).volume == 200.0


def test_urine_is_counted_per_kilogram_of_cycle_day_1():
    found = of([], [period(0, 8, 292)])
    assert found.hourly == pytest.approx(0.5)


@pytest.mark.parametrize(("hours", "net"), [(5.99, None), (6, 250.0), (6.01, 250.0)])
def test_a_balance_is_known_from_three_quarters_of_the_span(hours, net):
    found = of([period(0, 8, 500)], [period(0, hours, 250)])
    assert found.net == net


def test_the_shift_that_runs_is_judged_by_the_hours_it_has_run():
    found = of([period(0, 2, 300)], [period(0, 2, 80)], now=START + 2 * HOUR)
    assert (found.elapsed, found.net) == (2.0, 220.0)


VOLUMES = st.tuples(st.integers(-600, 1000), st.integers(1, 720), st.integers(0, 900))


def plainly(spans, span):
    """mL and hours, by asking every minute of the span."""
    volume, minutes = 0.0, 0
    at = span.start
    while at < span.end:
        here = [one for one in spans if one.start <= at < one.end]
        volume += sum(one.volume / ((one.end - one.start) / MINUTE) for one in here)
        minutes += bool(here)
        at += MINUTE
    return volume, minutes / 60


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(VOLUMES, max_size=12))
def test_a_sum_is_what_every_minute_adds_up_to(rows):
    spans = [
        Period(START + a * MINUTE, START + (a + length) * MINUTE, float(volume))
        for a, length, volume in rows
    ]
    found, (volume, hours) = measured(EIGHT, spans), plainly(spans, EIGHT)
    assert found.hours == pytest.approx(hours, abs=1e-5)
    assert (found.volume is None) == (hours == 0)
    assert (found.volume or 0.0) == pytest.approx(volume, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(VOLUMES, max_size=12), hours=st.sampled_from([6, 8, 12, 24]))
def test_the_shifts_of_a_day_add_up_to_the_day(rows, hours):
    day = day_of(START, BOSTON, SEVEN)
    spans = [
        Period(START + a * MINUTE, START + (a + length) * MINUTE, float(volume))
        for a, length, volume in rows
    ]
    parts = [measured(one, spans) for one in shifts_of(day, BOSTON, hours)]
    whole = measured(day, spans)
    assert sum(one.volume or 0 for one in parts) == pytest.approx(
        whole.volume or 0, abs=1e-5
    )
    assert sum(one.hours for one in parts) == pytest.approx(whole.hours, abs=1e-5)


# The ward's day


@pytest.mark.parametrize(
    ("at", "hours"),
    [
        (datetime(2026, 11, 19, 12, tzinfo=UTC), 24),
        (datetime(2026, 3, 8, 6, tzinfo=UTC), 23),  # The clocks go forward.
        (datetime(2026, 11, 1, 5, tzinfo=UTC), 25),  # The clocks go back.
        (datetime(2028, 2, 29, 20, tzinfo=UTC), 24),
        (datetime(2026, 12, 31, 23, tzinfo=UTC), 24),
    ],
)
def test_a_ward_s_day_goes_from_seven_to_seven_on_the_wall(at, hours):
    day = day_of(at, BOSTON, SEVEN)
    assert day.start <= at < day.end
    assert day.hours == hours
    walls = [one.astimezone(BOSTON).time() for one in day]
    assert walls == [SEVEN, SEVEN]


@pytest.mark.parametrize(("minute", "hour"), [(-1, 7), (0, 19)])
def test_the_night_shift_begins_with_its_first_minute(minute, hour):
    at = datetime(2026, 11, 19, 19, tzinfo=BOSTON) + minute * MINUTE
    found = shift_of(at.astimezone(UTC), BOSTON, SEVEN, 12)
    assert found.start.astimezone(BOSTON).hour == hour


# Weight


def test_the_weight_of_day_one_is_the_last_before_the_first_dose():
    weights = [(START - 80 * HOUR, 70.0), (START - HOUR, 73.0), (START + HOUR, 74.0)]
    assert day_one(weights, START) == 73.0
    assert day_one(weights[2:], START) == 74.0
    assert day_one(weights[:1], START) is None
    assert day_one(weights, None) is None


def test_the_change_is_said_in_kilograms_and_percent():
    weights = [(START, 73.0), (START + 48 * HOUR, 76.65)]
    assert change(weights, 73.0) == (3.65, 5.0)
    assert change([], 73.0) is None
    assert change(weights, None) is None
