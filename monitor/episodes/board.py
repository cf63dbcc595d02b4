"""One row of the board, from rows already loaded. No database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from monitor.episodes import rows, wording
from monitor.episodes.due import due_of
from monitor.episodes.models import CycleState
from monitor.episodes.shapes import (
    URGENCY,
    Answered,
    Board,
    BoardFilters,
    BoardRow,
    EpisodeRow,
    Missing,
    rank,
)
from monitor.trials.models import Cycle

ITEMS = (
    "TEMP",
    "HR",
    "SYSBP",
    "DIABP",
    "OXYSAT",
    "RESP",
    "OXYGEN_DEVICE",
    "OXYGEN_FLOW",
)
NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True)
class Loaded:
    """What a row is made of. `told`: a notice of the present level went out."""

    cycle: Cycle
    state: CycleState
    scale: str
    episodes: Sequence[EpisodeRow]
    answered: Answered | None
    told: bool
    cohort: str


def row_of(loaded: Loaded, now: datetime, said_in: ZoneInfo) -> BoardRow:
    """A row of the board; its sentences say times in the zone `said_in`."""
    cycle, state = loaded.cycle, loaded.state
    participant, summary = cycle.participant, loaded.state.summary
    zone = ZoneInfo(participant.site.time_zone)
    lines = summary.get("lines", [])
    level = level_of(state)
    place = summary.get("place") or {}
    return BoardRow(
        participant=participant,
        cycle=cycle,
        cohort=loaded.cohort,
        cohort_color=participant.cohort.color,
        level=level,
        held_level=state.level if level == NOT_ASSESSED else "",
        acknowledged=loaded.answered,
        unanswered=loaded.told and loaded.answered is None,
        day=rows.cycle_day(summary.get("first_given"), now, zone),
        place=place.get("code", ""),
        place_since=rows.when(place.get("since")),
        dose=rows.dose_row(summary.get("dose")),
        next_dose=rows.dose_row(summary.get("next_dose")),
        values=rows.board_values(state, ITEMS, now),
        last_set=rows.when(summary.get("last_set")),
        pressures=[(rows.when(at), one) for at, one in summary.get("pressures", ())],
        episodes=[as_now(one, lines) for one in loaded.episodes],
        missing=missing_of(lines, said_in),
        headline=headline_of(lines, loaded.scale, summary, said_in),
        due=due_of(cycle, summary, now),
        failure=state.failure,
        given=rows.dose_row(summary.get("given")),
    )


def as_now(one: EpisodeRow, lines: Iterable[dict[str, Any]]) -> EpisodeRow:
    """An open episode with the values that decide now, not those of its last step."""
    for line in lines:
        if (line["family"], line["topic"]) == (one.family, one.topic):
            return replace(one, why=rows.why_words(line) or one.why)
    return one


def level_of(state: CycleState) -> str:
    """The level as the board says it; *not assessed* where the answer is missing."""
    return state.level if state.is_current else NOT_ASSESSED


def missing_of(lines: Iterable[dict[str, Any]], zone: ZoneInfo) -> list[Missing]:
    """What the families in question lack; a clear topic's blanks are not news."""
    asked = [line for line in lines if line["level"] != "clear"]
    return rows.missing_rows(sorted(asked, key=lambda one: -rank(one["level"])), zone)


def headline_of(
    lines: Sequence[dict[str, Any]], scale: str, summary: dict[str, Any], zone: ZoneInfo
) -> str:
    last = rows.when(summary.get("last_set"))
    if last is None:
        return _("No set has ever arrived")
    worst = max(lines, key=lambda line: rank(line["level"]), default=None)
    if worst is None or worst["level"] == "clear":
        at = f"{last.astimezone(zone):%H:%M}"
        return _("No pattern met on the %(at)s set") % {"at": at}
    return wording.heading(worst, rows.scale_in(worst, scale))


def urgency(row: BoardRow, now: datetime) -> tuple[Any, ...]:
    """Worst level first; then not acknowledged, most late, longest since the dose."""
    late = (now - row.due.at).total_seconds() if row.due and row.due.late else 0
    since = (now - row.dose.at).total_seconds() if row.dose else 0
    code = row.participant.code
    return (URGENCY.index(row.level), not row.unanswered, -late, -since, code)


def board_of(every: Sequence[BoardRow], filters: BoardFilters) -> Board:
    """The rows that pass the filters, with counts over all that could."""
    here = [row for row in every if _in_place(row, filters)]
    counts = {level: sum(row.level == level for row in here) for level in URGENCY}
    return Board(
        rows=[row for row in here if _wanted(row, filters)],
        counts=counts,
        overdue=sum(row.overdue for row in here),
        sites=sorted({_site(row) for row in every}),
        cohorts=sorted({(str(row.participant.cohort_id), row.cohort) for row in every}),
        total=len(here),
    )


def _site(row: BoardRow) -> tuple[str, str]:
    site = row.participant.site
    return site.code, f"{site.code} {site.name}"


def _in_place(row: BoardRow, filters: BoardFilters) -> bool:
    site = filters.site in ("", row.participant.site.code)
    return site and filters.cohort in ("", str(row.participant.cohort_id))


def _wanted(row: BoardRow, filters: BoardFilters) -> bool:
    level = filters.level in ("", row.level)
    mine = not filters.mine or row.unanswered
    return level and mine and (row.overdue or not filters.overdue)
