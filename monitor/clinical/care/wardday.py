"""The ward's day and its shifts: by the site's wall clock, also when that changes."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Span(NamedTuple):
    """From `start` to `end`, the end excluded; both in UTC."""

    start: datetime
    end: datetime

    @property
    def hours(self) -> float:
        return (self.end - self.start).total_seconds() / 3600


def day_of(at: datetime, zone: ZoneInfo, begins: time) -> Span:
    """The ward's day in which a moment lies."""
    local = at.astimezone(zone)
    date = local.date()
    if local.time() < begins:
        date -= timedelta(days=1)
    start, end = (
        datetime.combine(date + timedelta(days=days), begins, zone) for days in (0, 1)
    )
    return Span(start.astimezone(UTC), end.astimezone(UTC))


def shifts_of(day: Span, zone: ZoneInfo, hours: int) -> Iterator[Span]:
    """The shifts of a ward's day, each `hours` long by the clock on the wall."""
    wall = day.start.astimezone(zone)
    step = timedelta(hours=hours)
    start = day.start
    while start < day.end:
        wall += step
        end = min(wall.astimezone(UTC), day.end)
        yield Span(start, end)
        start = end


def shift_of(at: datetime, zone: ZoneInfo, begins: time, hours: int) -> Span:
    """The shift in which a moment lies."""
    day = day_of(at, zone, begins)
    return next(one for one in shifts_of(day, zone, hours) if one.start <= at < one.end)
