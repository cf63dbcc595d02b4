"""What the handover sheet says more shortly than the board."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitor.episodes.shapes import Board, BoardRow, Hold
from monitor.notices.rota import DutyHolders

from .board_ui import vital_cells
from .monitor_ui import LEVELS
from .times import say_span, span_of

register = template.Library()


@register.filter
def level_sum(board: Board) -> str:
    """`2 critical, 1 unknown. 1 set overdue.`: what the sheet begins with."""
    counted = [
        f"{board.counts[level]} {str(word).lower()}"
        for level, word in LEVELS.items()
        if board.counts.get(level)
    ]
    late = ngettext("%(n)d set overdue", "%(n)d sets overdue", board.overdue)
    said = [", ".join(counted), late % {"n": board.overdue} if board.overdue else ""]
    return " ".join(f"{one}." for one in said if one)


@register.filter
def set_words(row: BoardRow) -> str:
    """`38.1 · 108 · 98/58 · 95 cannula · 20`; what is too old is said to be."""
    said = []
    for cell in vital_cells(row):
        text = cell.value.text or "–"
        if cell.value.stale:
            text = _("%(value)s (old)") % {"value": text}
        note = cell.note if cell.item == "OXYSAT" else ""
        said.append(f"{text} {note}".strip())
    return " · ".join(said)


@register.filter
def late_words(row: BoardRow) -> str:
    """`4 h 40 late`."""
    return _("%(age)s late") % {"age": say_span(span_of(row.due.at))}


@register.filter
def met_words(hold: Hold) -> str:
    """The criteria that are met, each sentence once: two lines may say the same."""
    return "; ".join(dict.fromkeys(hold.met))


@register.filter
def any_unplanned(duties: Iterable[DutyHolders]) -> bool:
    """Whether a duty has no rota, so that all in the role have it."""
    return any(one.people and not one.planned for one in duties)


@register.simple_tag
def next_doses(rows: Iterable[BoardRow]) -> list[BoardRow]:
    """Who has a dose planned, soonest first."""
    waiting = [row for row in rows if row.next_dose]
    return sorted(waiting, key=lambda row: row.next_dose.at)
