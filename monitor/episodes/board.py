"""One row of the board, from rows already loaded. No database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from monitor.bedside.models import Arrangement, Assignment
from monitor.clinical.due import followup, present
from monitor.episodes import rows, wording
from monitor.episodes.assessing import protocol_of
from monitor.episodes.brief import ITEMS
from monitor.episodes.due import died, due_of, pause_of
from monitor.episodes.holds import hold_of, next_dose_of
from monitor.episodes.models import CycleState
from monitor.episodes.shapes import (
    URGENCY,
    Answered,
    Board,
    BoardFilters,
    BoardRow,
    EpisodeRow,
    FollowUp,
    Missing,
    Nurse,
    Pause,
    rank,
)
from monitor.episodes.standing import moment
from monitor.trials.models import Cycle

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
    nurse: Nurse | None = None
    mine: bool = False
    last_given: Mapping[str, datetime] = field(default_factory=dict)


def row_of(loaded: Loaded, now: datetime) -> BoardRow:
    """A row of the board; its sentences say times of its own site."""
    cycle, state = loaded.cycle, loaded.state
    participant, summary = cycle.participant, loaded.state.brief
    zone = ZoneInfo(participant.site.time_zone)
    lines = summary.get("lines", [])
    level = level_of(state)
    place = summary.get("place") or {}
    protocol = protocol_of(cycle)
    over = died(cycle, summary)
    planned = None if over else next_dose_of(state)
    return BoardRow(
        participant=participant,
        cycle=cycle,
        cohort=loaded.cohort,
        cohort_color=participant.cohort.color,
        level=level,
        held_level=state.level if level == NOT_ASSESSED else "",
        acknowledged=loaded.answered,
        unanswered=loaded.told and not (loaded.answered and loaded.answered.taken),
        day=rows.cycle_day(summary.get("first_given"), now, zone),
        place=place.get("code", ""),
        place_since=rows.when(place.get("since")),
        dose=rows.dose_row(summary.get("dose"), protocol),
        next_dose=(following := rows.dose_row(planned, protocol)),
        hold=hold_of(state, following, now),
        values=rows.board_values(cycle, summary, ITEMS, now),
        last_set=rows.when(summary.get("last_set")),
        pressures=[(rows.when(at), one) for at, one in summary.get("pressures", ())],
        episodes=[as_now(one, lines) for one in loaded.episodes],
        missing=missing_of(lines, zone),
        headline=headline_of(lines, loaded.scale, summary, zone),
        due=due_of(cycle, summary, now),
        failure=state.failure,
        given=rows.dose_row(summary.get("given"), protocol),
        nurse=loaded.nurse,
        mine=loaded.mine,
        paused=paused(summary, now),
        follow_up=follow_up_of(loaded),
        died_at=participant.died_at if over else None,
    )


def paused(summary: dict[str, Any], now: datetime) -> Pause | None:
    found = pause_of(summary, now)
    if found is None:
        return None
    why = found["note"] or str(Arrangement.Why(found["why"]).label)
    return Pause(moment(found["until"]), why)


def follow_up_of(loaded: Loaded) -> list[FollowUp]:
    """Of who is in follow-up: until when, agent by agent."""
    protocol = protocol_of(loaded.cycle)
    ends = followup.ends(protocol, loaded.last_given)
    return [FollowUp(protocol.agent_label(code), until) for code, until in ends.items()]


def nurse_of(assigned: Assignment | None) -> Nurse | None:
    if assigned is None:
        return None
    who = assigned.nurse
    return Nurse(who.pk, who.get_full_name(), who.initials, assigned.until)


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
    asked = [line for line in lines if present.speaks(line)]
    return rows.missing_rows(sorted(asked, key=lambda one: -rank(one["level"])), zone)


def headline_of(
    lines: Sequence[dict[str, Any]], scale: str, summary: dict[str, Any], zone: ZoneInfo
) -> str:
    last = rows.when(summary.get("last_set"))
    if last is None:
        return _("No set has ever arrived")
    spoken = (line for line in lines if present.speaks(line))
    worst = max(spoken, key=lambda line: rank(line["level"]), default=None)
    if worst is None:
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
    places = [row for row in every if _in_place(row, filters)]
    here = [row for row in places if not quiet(row) and not row.died_at]
    counts = {level: sum(row.level == level for row in here) for level in URGENCY}
    return Board(
        rows=[row for row in here if _wanted(row, filters)],
        counts=counts,
        overdue=sum(row.overdue for row in here),
        sites=sorted({_site(row) for row in every}),
        cohorts=sorted({(str(row.participant.cohort_id), row.cohort) for row in every}),
        total=len(here),
        follow_up=[row for row in places if quiet(row) and _wanted(row, filters)],
        died=[row for row in places if row.died_at],
        zones=sorted({row.participant.site.time_zone for row in places}),
    )


def quiet(row: BoardRow) -> bool:
    """Whether a participant in follow-up stands in the list below the board."""
    loud = row.overdue or row.level in ("critical", "warning", "not_assessed")
    return row.place == "FOLLOW_UP" and not loud and not row.died_at


def _site(row: BoardRow) -> tuple[str, str]:
    site = row.participant.site
    return site.code, f"{site.code} {site.name}"


def _in_place(row: BoardRow, filters: BoardFilters) -> bool:
    site = filters.site in ("", row.participant.site.code)
    return site and filters.cohort in ("", str(row.participant.cohort_id))


def _wanted(row: BoardRow, filters: BoardFilters) -> bool:
    level = filters.level in ("", row.level)
    mine = row.mine or not filters.mine
    unanswered = row.unanswered or not filters.unanswered
    return level and mine and unanswered and (row.overdue or not filters.overdue)
