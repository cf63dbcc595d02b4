"""A row of the board in words: what `board_row.html` places, decided once for a row.

The board may hold hundreds of rows, so a row is handed over as ready texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from monitor.episodes.shapes import BoardRow, DueRow

from .board_ui import (
    at_home,
    away_words,
    board_answer,
    board_cell,
    board_value,
    cycle_day,
    episode_head,
    grade_words,
    missing_words,
    place_words,
    set_age,
    since_dose,
    spark_words,
    vital_cells,
)
from .hold_ui import hold_words
from .monitor_ui import due, level_pill, page_zone, presence_icon
from .review_ui import surname
from .sparks import spark
from .times import say_time

register = template.Library()

Words = dict[str, Any]


@register.simple_tag(takes_context=True)
def board_line(context: Words, row: BoardRow) -> Words:
    """Everything that the row says; a part that it does not say is empty."""
    zone, home = page_zone(context), at_home(row)
    since, place = since_dose(context, row), place_words(row)
    return {
        "level": row.level,
        "code": row.participant.code,
        "pill": level_pill(row.level),
        "answer": board_answer(context, row),
        "open": row.unanswered,
        "day": cycle_day(row),
        "place": place,
        "place_icon": presence_icon(row.place) if place else "",
        "age": since.age,
        "note": since.note,
        "cells": format_html_join("", "{}", ((one,) for one in cells(row, home))),
        **last_set(row, zone),
        "due": due_cell(row.due, zone) if row.due else "",
        "nurse": surname(row.nurse.name) if row.nurse else "",
        **findings(context, row, zone),
        "hold": hold_words(row, zone),
    }


def cells(row: BoardRow, home: bool) -> Iterator[SafeString]:
    for one in vital_cells(row):
        yield board_cell(one.item, one.label, board_value(one, home), one.note)


def last_set(row: BoardRow, zone: Any) -> Words:
    if row.last_set is None:
        return {"opened": say_time(row.cycle.opened_at, zone, "near")}
    drawn = spark(row.pressures) if row.pressures else ""
    return {
        "last": say_time(row.last_set, zone, "near"),
        "last_iso": iso(row.last_set),
        "last_age": set_age(row),
        "spark": drawn,
        "spark_words": spark_words(row.pressures) if row.pressures else "",
    }


def iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def due_cell(one: DueRow, zone: Any) -> SafeString:
    """`in 4 min` over `re-check 14:30`; `set 15:20, sooner` where a level asks it."""
    told = {"what": one.what, "time": say_time(one.at, zone, "near")}
    note = _("%(what)s %(time)s, sooner") if one.sooner else "%(what)s %(time)s"
    return due(one.at, note % told)


def findings(context: Words, row: BoardRow, zone: Any) -> Words:
    """What is open, why, and what is missing, by name; or that nothing was assessed."""
    if row.level == "not_assessed":
        at = row.last_set and say_time(row.last_set, zone, "near")
        held = [f"{one.label} {grade_words(one)}" for one in row.episodes]
        return {"failed": True, "saved_at": at, "held": "; ".join(held)}
    paused = row.paused
    return {
        "episodes": [
            {
                "id": one.id,
                "head": episode_head(one),
                "why": one.why or one.explanation,
            }
            for one in row.episodes
        ],
        "headline": "" if row.episodes else row.headline,
        "quiet": row.level == "clear",
        "away": away_words(context, row) if at_home(row) else "",
        "paused": _("Monitoring paused until %(until)s: %(why)s")
        % {"until": say_time(paused.until, zone, "near"), "why": paused.why}
        if paused
        else "",
        "missing": missing_words(row.missing) if row.missing else "",
    }
