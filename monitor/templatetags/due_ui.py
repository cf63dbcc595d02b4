"""What the due list says: sections, places, nurses, and where a thing is entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitor.bedside.models import Arrangement
from monitor.episodes.shapes import Duties, DutyRow

from .board_ui import place_words
from .monitor_ui import LEVELS
from .said_times import site_time

register = template.Library()

#: What is not entered among the vital signs, and the panel in which it is.
PANELS = {
    "weight": "examination",
    "labs": "labs",
    "examination": "symptoms",
    "fluids": "fluids",
    "cells": "labs",
}


@dataclass(frozen=True)
class Section:
    """One part of the list; `none`: what stands there when it is empty."""

    key: str
    title: str
    rows: list[DutyRow]
    none: str


@register.simple_tag
def due_sections(duties: Duties) -> list[Section]:
    return [
        Section("late", _("Late"), duties.late, _("Nothing is late.")),
        Section(
            "soon",
            _("Due within 4 hours"),
            duties.soon,
            _("Nothing is due within 4 hours."),
        ),
        Section("later", _("Later"), duties.later, _("Nothing is known to come.")),
    ]


@register.filter
def due_sum(duties: Duties) -> str:
    """`3 late · 4 within 4 hours · 9 participants`."""
    people = ngettext("%(n)d participant", "%(n)d participants", duties.people)
    said = [
        _("%(n)d late") % {"n": len(duties.late)},
        _("%(n)d within 4 hours") % {"n": len(duties.soon)},
        people % {"n": duties.people},
    ]
    return " · ".join(said)


@register.simple_tag
def level_choices() -> list[tuple[str, Any]]:
    return list(LEVELS.items())


@register.filter
def where_words(row: Any) -> str:
    """`bed 4`, `at home`; a person of whom nobody said where says so."""
    return place_words(row) or _("place not recorded")


@register.filter
def nurse_words(row: Any) -> str:
    if row.nurse is None:
        return _("nobody named")
    return (
        _("%(name)s (mine)") % {"name": row.nurse.name} if row.mine else row.nurse.name
    )


@register.filter
def duty_url(row: DutyRow) -> str:
    """The panel in which what is due is entered."""
    page = reverse("observe", args=[row.participant.code])
    panel = PANELS.get(row.due.code)
    return f"{page}?panel={panel}" if panel else page


@register.simple_tag(takes_context=True)
def arranged_words(context: Mapping[str, Any], one: Any) -> SafeString:
    """`until 12:00, procedure`: what an arrangement's time is the time of."""
    words = {
        Arrangement.Kind.CONTACT: _("{at}, {why}"),
        Arrangement.Kind.NOT_TAKEN: _("{why}, ask again at {at}"),
        Arrangement.Kind.PAUSE: _("until {at}, {why}"),
    }
    at = site_time(context, one.until)
    return format_html(words[one.kind], at=at, why=one.get_why_display())
