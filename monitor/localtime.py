"""A time as a person types it, in the site's zone, and back for a field of a form.

`14:22`, `1422`, `19 Nov 14:22`, `19 Nov 2026 14:22` and `2026-11-19T14:22` are read;
an offset after it (`-05:00`) tells the two apart when the clocks go back. A time
without its day is today's, or last night's on a shift that crossed midnight.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _

from monitor.refusal import Refused
from monitor.templatetags.times import offset_label, zone_of

TIME = r"(?P<hour>\d{1,2})[:.]?(?P<minute>\d{2})"
OFFSET = r"(?:\s*(?P<offset>[+\-\N{MINUS SIGN}]\d{2}:\d{2}|Z))?"
DAY = r"(?P<day>\d{1,2})[. ]\s*(?P<month>[^\W\d]{3,})[.,]?(?:\s+(?P<year>\d{4}),?)?\s+"
ISO = r"(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{1,2})[T ]"
SHAPES = [
    re.compile(rf"\s*{day}{TIME}(?::\d{{2}})?{OFFSET}\s*") for day in ("", DAY, ISO)
]

#: A time of day that is still to come today was yesterday's, if it is this near.
SHIFT = timedelta(hours=12)


class Unclear(Refused):
    """The clocks were changed over this time: it came twice, or never.

    `choices` are the two moments that can be meant: (words, how to type it).
    """

    def __init__(
        self, sentence: str, field: str, choices: tuple[tuple[str, str], ...]
    ) -> None:
        super().__init__(sentence, field)
        self.choices = choices


#: Years in which somebody may have lived, or a plan may end.
YEARS = range(1900, 2200)


def say(at: datetime, zone: Any) -> str:
    """`19 Nov 14:22`: what a field of a form is filled with.

    With the offset where the clock shows this time twice, so that it can be read back.
    """
    local = at.astimezone(zone_of(zone))
    return say_exactly(local) if came_twice(local) else format_date(local, "j M H:i")


def say_exactly(local: datetime) -> str:
    return f"{format_date(local, 'j M H:i')} {offset_label(local)}"


def came_twice(local: datetime) -> bool:
    first, second = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


def read(
    typed: str,
    zone: Any,
    now: datetime,
    field: str = "at",
    *,
    after: datetime | None = None,
) -> datetime:
    """The moment in UTC. Raises Refused for what cannot be read or came twice.

    Without a day it is today, without a year the latest that is not to come. With
    `after`, for plans: without a day the first after that, without a year the nearest.
    """
    match = next((found for s in SHAPES if (found := s.fullmatch(typed))), None)
    if match is None:
        said = _("Type the time as 14:22 or 19 Nov 14:22.")
        raise Refused(said, field)
    parts = {"year": None, "month": None, "number": None, "day": None}
    parts |= match.groupdict()
    tz = zone_of(zone)
    here = now.astimezone(tz)
    try:
        day = _day(parts, here.date(), nearest=after is not None)
        clock_time = time(int(parts["hour"]), int(parts["minute"]))
    except ValueError:
        said = _("There is no such day or time. Type it as 19 Nov 14:22.")
        raise Refused(said, field) from None
    local = datetime.combine(day, clock_time)
    if parts["day"] is None and after is None:
        local = _last_night(local, here.replace(tzinfo=None))
    elif parts["day"] is None and after is not None:
        local = _first_after(local, after.astimezone(tz).replace(tzinfo=None))
    return _placed(local, parts["offset"], tz, field).astimezone(UTC)


def read_day(typed: str, today: date, field: str, said: str) -> date:
    """A day with its year that is not to come. Raises Refused with what is said."""
    shapes = (re.fullmatch(shape, f"{typed.strip()} ") for shape in (DAY, ISO))
    match = next(filter(None, shapes), None)
    parts = {"month": None, "number": None, **(match.groupdict() if match else {})}
    try:
        day = _day(parts, today, nearest=False) if parts.get("year") else None
    except ValueError:
        day = None
    if day is None or day > today:
        raise Refused(said, field)
    return day


def _last_night(local: datetime, here: datetime) -> datetime:
    """23:50 typed at 00:20 was yesterday's; 15:00 typed at 14:30 is to come."""
    yesterday = local - timedelta(days=1)
    return yesterday if local > here and here - yesterday <= SHIFT else local


def _first_after(local: datetime, after: datetime) -> datetime:
    """The same time of the day, on the first day on which it comes after that."""
    that_day = datetime.combine(max(local.date(), after.date()), local.time())
    return that_day if that_day > after else that_day + timedelta(days=1)


def _day(parts: dict[str, str | None], today: date, *, nearest: bool) -> date:
    if parts["day"] is None:
        return today
    month = int(parts["number"]) if parts["number"] else _month(parts["month"] or "")
    if parts["year"]:
        return date(_year(parts["year"]), month, int(parts["day"]))
    this_year = date(today.year, month, int(parts["day"]))
    if nearest:
        years = (this_year.replace(year=today.year + n) for n in (-1, 0, 1))
        return min(years, key=lambda one: abs(one - today))
    if this_year <= today + timedelta(days=31):
        return this_year
    return this_year.replace(year=today.year - 1)


def _year(typed: str) -> int:
    """Raises ValueError for one that nobody means, and that no zone may reach."""
    year = int(typed)
    if year not in YEARS:
        raise ValueError(typed)
    return year


def _month(word: str) -> int:
    """Raises ValueError for a word that is no month here or in English."""
    short = word[:3].lower()
    for number, name in MONTHS_3.items():
        if str(name)[:3].lower() == short:
            return number
    return datetime.strptime(short, "%b").month


def _placed(local: datetime, offset: str | None, tz: ZoneInfo, field: str) -> datetime:
    """The local time in its zone. Raises Refused where it came twice, or never."""
    if offset:
        iso = offset.replace("\N{MINUS SIGN}", "-").replace("Z", "+00:00")
        return datetime.fromisoformat(f"{local.isoformat()}{iso}")
    first, second = (local.replace(tzinfo=tz, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    raise (
        _twice(first, second, field) if came_twice(first) else _never(local, tz, field)
    )


def _twice(first: datetime, second: datetime, field: str) -> Unclear:
    said = _(
        "The clocks went back over %(time)s: it came twice. "
        "Write %(first)s behind it for the first, %(second)s for the second."
    )
    texts = {"first": offset_label(first), "second": offset_label(second)}
    texts["time"] = _hours(first)
    choices = (
        (_("Before they went back, %(first)s") % texts, say_exactly(first)),
        (_("After they went back, %(second)s") % texts, say_exactly(second)),
    )
    return Unclear(said % texts, field, choices)


def _never(local: datetime, tz: ZoneInfo, field: str) -> Unclear:
    """As the old offset reads it, and as the new one does: what the clock showed."""
    shown = [
        local.replace(tzinfo=tz, fold=fold).astimezone(UTC).astimezone(tz)
        for fold in (1, 0)
    ]
    said = _(
        "The clocks went forward over %(time)s: it never came. "
        "Was it %(first)s or %(second)s?"
    )
    texts = {
        "time": _hours(local),
        "first": _hours(shown[0]),
        "second": _hours(shown[1]),
    }
    choices = tuple((_hours(one), say_exactly(one)) for one in shown)
    return Unclear(said % texts, field, choices)


def _hours(local: datetime) -> str:
    return format_date(local, "H:i")
