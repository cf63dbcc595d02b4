"""Fluids in and out of a shift or a ward's day, and the weight since cycle day 1.

A gap is unknown and a measured 0 is 0: a sum says how many hours of its span were
measured, and a balance is known only where enough of both was (reference 11, R15).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.clinical.care.wardday import Span
from monitor.clinical.study.protocol import Lines

#: The windows that the two lines of the knowledge speak of, hours.
SHIFT, DAY = 8, 24
SIX_DECIMALS = 6
#: How old a weight before the first dose may be.
BEFORE_DOSE = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Period:
    """So many mL from `start` to `end`."""

    start: datetime
    end: datetime
    volume: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one kind in a span: mL (None: nothing was), and hours."""

    volume: float | None
    hours: float


@dataclass(frozen=True, slots=True)
class Balance:
    """One span. `net` in mL is None unless enough was measured of both kinds; `hourly`

    is urine in mL/kg/h over the hours measured, None without those or a weight.
    `elapsed`: hours of the span until now.
    """

    span: Span
    elapsed: float
    taken: Measured
    passed: Measured
    net: float | None
    hourly: float | None


def balance(
    span: Span,
    now: datetime,
    taken: Iterable[Period],
    passed: Iterable[Period],
    weight: float | None,
    lines: Lines,
) -> Balance:
    """The balance of a span up to `now`. `weight`: of cycle day 1, kg."""
    until = Span(span.start, max(span.start, min(span.end, now)))
    came, went = measured(until, taken), measured(until, passed)
    enough = min(came.hours, went.hours) >= until.hours * _share(span, lines)
    net = None
    if enough and came.volume is not None and went.volume is not None:
        net = round(came.volume - went.volume, SIX_DECIMALS)
    hourly = None
    if weight and went.volume is not None and went.hours:
        hourly = round(went.volume / weight / went.hours, SIX_DECIMALS)
    return Balance(span, until.hours, came, went, net, hourly)


def _share(span: Span, lines: Lines) -> float:
    """How much of a span must have been measured for its balance to be known."""
    if span.hours >= DAY - 1:  # A day of 23 hours is a day.
        return lines["balance_cover_hours"] / DAY
    return lines["urine_cover_hours"] / SHIFT


def measured(span: Span, periods: Iterable[Period]) -> Measured:
    """Volume and hours inside a span; a period that it cuts counts in part.

    Hours that two periods measured are measured once; their volumes add up.
    """
    inside = []
    volume = 0.0
    for one in periods:
        start, end = max(one.start, span.start), min(one.end, span.end)
        if start < end:
            inside.append((start, end))
            volume += one.volume * ((end - start) / (one.end - one.start))
    if not inside:
        return Measured(None, 0.0)
    return Measured(round(volume, SIX_DECIMALS), _hours(inside))


def _hours(inside: Sequence[tuple[datetime, datetime]]) -> float:
    total, reached = timedelta(0), None
    for start, end in sorted(inside):
        begin = start if reached is None else max(start, reached)
        total += max(end - begin, timedelta(0))
        reached = end if reached is None else max(reached, end)
    return round(total.total_seconds() / 3600, SIX_DECIMALS)


Weights = Sequence[tuple[datetime, float]]


def day_one(weights: Weights, first_dose: datetime | None) -> float | None:
    """The weight of cycle day 1, kg: the last before the first dose, else the first

    within a day after it. `weights`: (when, kg), oldest first.
    """
    if first_dose is None:
        return None
    before = [kg for at, kg in weights if first_dose - BEFORE_DOSE <= at <= first_dose]
    day = timedelta(hours=DAY)
    after = [kg for at, kg in weights if first_dose < at < first_dose + day]
    return next(iter(before[-1:] or after[:1]), None)


def change(weights: Weights, base: float | None) -> tuple[float, float] | None:
    """The last weight less that of cycle day 1: kg and %."""
    if not weights or not base:
        return None
    kilograms = round(weights[-1][1] - base, SIX_DECIMALS)
    return kilograms, round(100 * kilograms / base, SIX_DECIMALS)
