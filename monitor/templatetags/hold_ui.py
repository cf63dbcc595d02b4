"""Where the next dose stands, in words. A person decides; nothing here says *give*."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from monitor.episodes.shapes import BoardRow, Hold

from .times import say_time

register = template.Library()

DECISIONS = {
    "give": gettext_lazy("decided: give"),
    "give_reduced": gettext_lazy("decided: give, reduced"),
    "hold": gettext_lazy("decided: hold"),
    "omit": gettext_lazy("decided: omit"),
    "discontinue": gettext_lazy("decided: discontinue"),
}


def hold_words(row: BoardRow, zone: Any) -> SafeString:
    """`Dose 2 Fri 10:05: 1 criterion met (checked 14:20)`; nothing without a dose."""
    dose = row.next_dose
    if dose is None or row.hold is None:
        return SafeString("")
    head = _("Dose %(n)d") % {"n": dose.number}
    at = say_time(dose.at, zone, "near")
    return format_html("{} {}: {}", head, at, status_words(row.hold, zone))


def status_words(hold: Hold, zone: Any) -> SafeString:
    """What was decided, else what the check found; and how far it can be relied on."""
    if hold.decision:
        decided = DECISIONS.get(hold.decision, hold.decision)
        return format_html("<b>{}</b>", decided)
    if hold.at is None:
        return format_html("{}", _("not checked yet"))
    found = found_words(hold)
    form = "<b>{}</b> ({})" if hold.met else "{} ({})"
    return format_html(form, found, checked_words(hold, zone))


def found_words(hold: Hold) -> str:
    n = len(hold.met)
    return counted_words(n, hold.lapsed, hold.unknown, hold.stale)


def counted_words(met: int, lapsed: int, unknown: int, stale: int) -> str:
    """`1 criterion met, 4 met by their last value, which is too old; 2 unknown`.

    What is not known is always said. `stale`: those that were not met by their last.
    """
    said = _("no criterion met")
    if met:
        said = ngettext("%(n)d criterion met", "%(n)d criteria met", met) % {"n": met}
    by_last = ngettext(
        "%(n)d met by its last value, which is too old",
        "%(n)d met by their last value, which is too old",
        lapsed,
    )
    lacks = [
        _("%(n)d unknown") % {"n": unknown} if unknown else "",
        _("%(n)d stale") % {"n": stale} if stale else "",
    ]
    parts = [said, by_last % {"n": lapsed} if lapsed else ""]
    joined = (", ".join(filter(None, one)) for one in (parts, lacks))
    return "; ".join(filter(None, joined))


def checked_words(hold: Hold, zone: Any) -> str:
    at = say_time(hold.at, zone, "near") if hold.at else ""
    if hold.old:
        return _("checked %(at)s, out of date") % {"at": at}
    return _("checked %(at)s") % {"at": at}


@register.simple_tag
def hold_status(row: BoardRow) -> SafeString:
    """As on the board, for a table that names the dose in a column of its own."""
    return status_words(row.hold or Hold(), row.participant.site)
