"""A row of the board: its markup and its words, decided once for a row.

The board may hold hundreds of rows and asks for itself every half minute. A row made of
ready texts costs a fraction of one that the template engine walks part by part, so its
markup stands here and not in a template.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
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
    place_words,
    set_age,
    since_dose,
    spark_words,
    vital_cells,
)
from .episode_ui import episode_head, grade_words, missing_words
from .hold_ui import hold_words
from .monitor_ui import level_pill, presence_icon
from .queue_ui import surname
from .said_times import due, zone_name
from .sparks import spark
from .times import say_time

register = template.Library()

Words = dict[str, Any]
NOTHING = SafeString("")
NO_DUE = SafeString('<span class="board-since">–</span>')

ROW = """<div class="board-row is-{level}" role="row" id="row-{code}" data-row="{code}" data-level="{level}">
<div class="at-level" role="cell">{pill}{answer}</div>
<div class="at-who" role="rowheader"><a class="board-code" id="open-{code}" data-row-link href="/participants/{code}/">{code}</a>{zone}<span class="caption">{day}{place}</span></div>
<div class="at-since" role="cell"><span class="board-since">{age}</span><span class="caption">{note}</span></div>
{cells}
<div class="board-last at-last" role="cell">{last}</div>
<div class="at-finding" role="cell">{findings}</div>
<div class="board-due at-due" role="cell">{due}{nurse}</div>
</div>"""  # noqa: E501

LAST = (
    '<b><time datetime="{}" class="nowrap">{}</time></b>'
    ' <span class="caption">{}</span>'
)
NEVER = '<b>{}</b> <span class="caption caption-below">{} {}</span>'
SPARK = '{}<span class="visually-hidden">{}</span>'
FINDING = '<div class="finding">{}</div>'
QUIET = '<span class="quiet">{}</span>'
EPISODE = '<div class="finding"><a href="/episodes/{}/">{}</a>{}</div>'
FAILED = '<div class="finding">{}<b>{}</b><span class="quiet">{}{}</span></div>'
MISSING = '<span class="finding-missing">{} {}</span>'
ANSWER = '<span class="ack{}">{}</span>'
ZONE = ' <span class="board-zone">{}</span>'


@register.simple_tag(takes_context=True)
def board_line(context: Words, row: BoardRow) -> SafeString:
    """The row as it stands in the table; a part that says nothing is empty."""
    zone, home = row.participant.site, at_home(row)
    since = since_dose(row)
    own = context.get("own_zones")
    named = format_html(ZONE, zone_name(zone)) if own else NOTHING
    return format_html(
        ROW,
        level=row.level,
        code=row.participant.code,
        pill=level_pill(row.level),
        answer=answer(row),
        day=cycle_day(row),
        place=place(row),
        age=since.age,
        note=since.note,
        cells=joined(cells(row, home)),
        last=last_set(row, zone),
        zone=named,
        findings=joined(findings(row, zone)),
        due=due_cell(row.due, zone) if row.due else NO_DUE,
        nurse=nurse(row),
    )


def joined(parts: Iterator[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((one,) for one in parts))


def answer(row: BoardRow) -> SafeString:
    said = board_answer(row)
    open_ = " ack-open" if row.unanswered else ""
    return format_html(ANSWER, open_, said) if said else NOTHING


def place(row: BoardRow) -> SafeString:
    words = place_words(row)
    return (
        format_html(" · {} {}", presence_icon(row.place), words) if words else NOTHING
    )


def cells(row: BoardRow, home: bool) -> Iterator[SafeString]:
    for one in vital_cells(row):
        yield board_cell(one.item, one.label, board_value(one, home), one.note)


def last_set(row: BoardRow, zone: Any) -> SafeString:
    """When it was taken and how long ago, over the line of pressures; or since when

    none has come.
    """
    if row.last_set is None:
        opened = say_time(row.cycle.opened_at, zone, "near")
        return format_html(NEVER, _("None"), _("since"), opened)
    at = iso(row.last_set), say_time(row.last_set, zone, "near"), set_age(row)
    told = format_html(LAST, *at)
    if not row.pressures:
        return told
    return told + format_html(SPARK, spark(row.pressures), spark_words(row.pressures))


def iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def due_cell(one: DueRow, zone: Any) -> SafeString:
    """`in 4 min` over `re-check 14:30`; `set 15:20, sooner` where a level asks it."""
    told = {"what": one.what, "time": say_time(one.at, zone, "near")}
    note = _("%(what)s %(time)s, sooner") if one.sooner else "%(what)s %(time)s"
    return due(one.at, note % told)


def nurse(row: BoardRow) -> SafeString:
    if row.nurse is None:
        return NOTHING
    form = '<span class="caption due-note">{}</span>'
    return format_html(form, surname(row.nurse.name))


def findings(row: BoardRow, zone: Any) -> Iterator[SafeString]:
    """What is open, why, and what is missing, by name; or that nothing was assessed."""
    if row.level == "not_assessed":
        yield failed(row, zone)
        return
    for one in row.episodes:
        why = one.why or one.explanation
        below = format_html(QUIET, why) if why else NOTHING
        yield format_html(EPISODE, one.id, episode_head(one), below)
    if not row.episodes and row.headline:
        form = "{}" if row.level == "clear" else "<b>{}</b>"
        yield format_html(FINDING, format_html(form, row.headline))
    if at_home(row):
        yield format_html(QUIET, away_words(row))
    if row.paused:
        until = {
            "until": say_time(row.paused.until, zone, "near"),
            "why": row.paused.why,
        }
        words = _("Monitoring paused until %(until)s: %(why)s") % until
        yield format_html('<span class="quiet"><b>{}</b></span>', words)
    if hold := hold_words(row, zone):
        yield format_html(QUIET, hold)
    if row.missing and (said := missing_words(row.missing)):
        yield format_html(MISSING, _("Missing:"), said)


def failed(row: BoardRow, zone: Any) -> SafeString:
    """The set is kept and the program failed: what stood before is held."""
    saved, held = (
        "",
        "; ".join(f"{one.label} {grade_words(one)}" for one in row.episodes),
    )
    if row.last_set:
        at = say_time(row.last_set, zone, "near")
        saved = _("Set saved %(at)s,") % {"at": at} + " "
    held = f"{held} {_('held')}; " if held else ""
    retrying = _("Retrying. Judge from the values.")
    return format_html(FAILED, saved, _("assessment failed"), held, retrying)
