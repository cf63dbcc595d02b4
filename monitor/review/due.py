"""By when an episode is to be signed (reference 11, B5). Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.episodes.shapes import rank

# The clock of an event of special interest; what is milder waits a working day.
SOON = timedelta(hours=24)
END_OF_DAY = time(17)
SATURDAY = 5


def sign_by(level: str, known_at: datetime, zone: ZoneInfo) -> datetime:
    """When a decision on an episode of this level is due, known since `known_at`."""
    if rank(level) >= rank("warning"):
        return known_at + SOON
    return next_working_day(known_at.astimezone(zone))


def next_working_day(local: datetime) -> datetime:
    """The end of the next working day at the site; holidays are not known here."""
    day = local + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day.date(), END_OF_DAY, tzinfo=local.tzinfo)
