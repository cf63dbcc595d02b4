"""How ages, due times and times of a site are said on a page.

Part of the library `monitor_ui`, which every template loads.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from monitor import clock

from .marks import icon
from .times import (
    DAYS_FROM_HOURS,
    FORMATS,
    offset_label,
    say_span,
    say_time,
    span_of,
    zone_of,
)

register = template.Library()

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

#: From so many hours on an age beside its time is said without its minutes.
HOURS_ALONE_FROM = 10


# Ages and due times


@register.filter
def age(subject: Any, days_from_hours: int = DAYS_FROM_HOURS) -> str:
    """How long: of a span, or since a moment."""
    span = span_of(subject)
    return "" if span is None else say_span(span, int(days_from_hours))


@register.filter
def ago(subject: Any, now: datetime | None = None) -> str:
    """`47 min ago`, `15 h ago`, `2 d ago`: beside a time, so the rest is not said."""
    span = span_of(subject, now)
    if span is None:
        return ""
    hours = abs(span) // HOUR
    age = say_span(span)
    if hours >= DAYS_FROM_HOURS:
        age = _("%(days)d d") % {"days": hours // 24}
    elif hours >= HOURS_ALONE_FROM:
        age = _("%(hours)d h") % {"hours": hours}
    return _("%(age)s ago") % {"age": age}


@register.simple_tag
def due(at: datetime | None, note: str = "") -> SafeString:
    """When something is due: `in 6 min`, `now`, or `31 min late` with a filled clock.

    Late from a whole minute on, as the counts and the due list have it.
    """
    form = '<span class="caption due-note">{}</span>' if note else "{}"
    below = format_html(form, note)
    if at is None:
        return below
    minutes = int((at - clock.now()) / MINUTE)
    return format_html("{}{}", _due_mark(get_language() or "", minutes), below)


@lru_cache(maxsize=4096)
def _due_mark(_language: str, minutes: int) -> SafeString:
    """Whole minutes left, below zero late: most rows say one of a few."""
    late = minutes < 0
    words = _("%(age)s late") if late else _("in %(age)s")
    age = {"age": say_span(abs(minutes) * MINUTE)}
    said = words % age if minutes else _("now")
    mark = icon("clock-filled" if late else "clock")
    form = '<span class="due{}">{}{}</span>'
    return format_html(form, " late" if late else "", mark, said)


@register.simple_tag
def present() -> str:
    """The server's present, for scripts: a device's own clock may be wrong."""
    return clock.now().isoformat(timespec="seconds")


@register.filter
def clock_left(at: datetime) -> str:
    """`7:54` until a moment, or since it: what js/countdown.js then counts down."""
    seconds = abs(int((at - clock.now()).total_seconds()))
    hours, minutes = divmod(seconds // 60, 60)
    rest = (
        f"{minutes:02d}:{seconds % 60:02d}"
        if hours
        else f"{minutes}:{seconds % 60:02d}"
    )
    return f"{hours}:{rest}" if hours else rest


# Times of the site


def page_zone(context: Mapping[str, Any]) -> Any:
    """The zone of the page: `site_zone` or `site` as the view gave them, else the
    one that the person's sites share, else UTC."""
    chrome = context.get("chrome")
    return (
        context.get("site_zone")
        or context.get("site")
        or (getattr(chrome, "zone", None) if chrome is not None else None)
    )


@register.simple_tag(takes_context=True)
def site_clock(context: Mapping[str, Any]) -> SafeString:
    """The site's time with its offset, once per page; js/clock.js keeps it going."""
    zone = zone_of(page_zone(context))
    local = clock.now().astimezone(zone)
    at = local.isoformat(timespec="seconds")
    return format_html(
        '<time id="clock" datetime="{}" data-now="{}" data-zone="{}">'
        "<b>{}</b> <span>{}</span></time>",
        at,
        at,
        zone,
        format_date(local, FORMATS["bar"]),
        offset_label(local),
    )


@register.filter
def zone_name(zone: Any) -> str:
    """`EST`, beside times of a list of several sites, or an offset without a name."""
    local = clock.now().astimezone(zone_of(zone))
    return local.tzname() or offset_label(local)


@register.simple_tag(takes_context=True)
def site_time(
    context: Mapping[str, Any],
    at: datetime | None,
    style: str = "near",
    zone: Any = None,
) -> SafeString:
    """`<time>` of an aware moment in the zone given, else of the page's site."""
    if at is None:
        return SafeString("–")
    zone = zone or page_zone(context)
    local = at.astimezone(zone_of(zone))
    words = say_time(at, zone, style)
    return format_html(
        '<time datetime="{}" class="nowrap">{}</time>',
        local.isoformat(timespec="seconds"),
        words,
    )


@register.simple_tag(takes_context=True)
def told_words(context: Mapping[str, Any], row: Any) -> str:
    """`Dr. Okafor, investigator: acknowledged 15:06`, `seen`, or `sent`."""
    state = _("seen") if row.read_at else _("sent")
    if row.acknowledged_at:
        at = say_time(row.acknowledged_at, page_zone(context), "near")
        state = _("acknowledged %(time)s") % {"time": at}
    who = f"{row.name}, {row.role}" if row.role else row.name
    return f"{who}: {state}"


@register.simple_tag(takes_context=True)
def site_words(
    context: Mapping[str, Any],
    at: datetime | None,
    style: str = "near",
    zone: Any = None,
) -> str:
    """As `site_time`, without markup: for attributes and sentences."""
    return "" if at is None else say_time(at, zone or page_zone(context), style)
