"""How long and when, in words: pure functions that the template tags place."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from monitor import clock

MINUS = "\N{MINUS SIGN}"
#: From here on an age is said in days.
DAYS_FROM_HOURS = 48


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def span_of(subject: Any, now: datetime | None = None) -> timedelta | None:
    """A timedelta as it is; a moment as the time since it, at `now` or at present."""
    if isinstance(subject, datetime):
        return (now or clock.now()) - subject
    return subject if isinstance(subject, timedelta) else None


def say_span(span: timedelta, days_from_hours: int = DAYS_FROM_HOURS) -> str:
    """`47 min`, `2 h 31`, `28 h 10`, `2 d 0 h`. Never negative: the sign is words."""
    return _say_minutes(get_language(), abs(_minutes(span)), days_from_hours)


@lru_cache(maxsize=4096)
def _say_minutes(_language: str | None, minutes: int, days_from_hours: int) -> str:
    hours, rest = divmod(minutes, 60)
    if hours >= days_from_hours:
        return _("%(days)d d %(hours)d h") % {"days": hours // 24, "hours": hours % 24}
    if hours:
        return _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": rest}
    return _("%(minutes)d min") % {"minutes": minutes}


# The time of the site


def zone_of(zone: Any) -> Any:
    """A tzinfo from a name, a tzinfo, or anything with `.zone` or `.time_zone`."""
    for name in ("time_zone", "zone"):
        zone = getattr(zone, name, zone)
    if isinstance(zone, str):
        return ZoneInfo(zone)
    return zone or timezone.get_default_timezone()


def offset_label(at: datetime) -> str:
    """`−05:00`, with a true minus sign as it is printed."""
    seconds = int((at.utcoffset() or timedelta(0)).total_seconds())
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{MINUS if seconds < 0 else '+'}{hours:02d}:{minutes:02d}"


@lru_cache(maxsize=8192)
def _near(_language: str | None, local: datetime, today: date) -> str:
    """As much of a time as its distance needs: 14:22, Wed 15:10, 9 Nov 14:22.

    `local` without its zone: two moments that are one read differently in two zones.
    """
    days = (today - local.date()).days
    if days == 0:
        return f"{local:%H:%M}"
    if abs(days) < 7:
        return format_date(local, "D H:i")
    same_year = today.year == local.year
    return format_date(local, "j M H:i" if same_year else "j M Y H:i")


@lru_cache(maxsize=8192)
def _formatted(_language: str | None, local: datetime, form: str) -> str:
    """A time of the wall clock in a format that needs no zone."""
    return format_date(local, form)


FORMATS = {
    "time": "H:i",
    "seconds": "H:i:s",
    "day": "D j M",
    "short_day": "D j",
    "date": "D j M Y",
    "day_time": "D j M H:i",
    "bar": "D j M Y, H:i",
}
SIGNED_FORMATS = {"full": "D j M Y, H:i", "signed": "D j M Y, H:i:s"}


def say_time(at: datetime, zone: Any, style: str, now: datetime | None = None) -> str:
    """A moment in the site's zone. Styles: near, time, seconds, day, short_day,
    date, day_time, bar; full and signed carry the offset, for what is printed or
    signed."""
    local = at.astimezone(zone_of(zone))
    if style == "near":
        today = (now or clock.now()).astimezone(zone_of(zone)).date()
        shown = local.replace(second=0, microsecond=0, tzinfo=None)
        return _near(get_language(), shown, today)
    if style in SIGNED_FORMATS:
        return f"{format_date(local, SIGNED_FORMATS[style])} {offset_label(local)}"
    shown = local.replace(microsecond=0, tzinfo=None)
    return _formatted(get_language(), shown, FORMATS[style])
