"""The due list: who needs what, how late it is, and whose it is.

A constant number of queries, however many participants.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from monitor import clock
from monitor.bedside.queries import nurses_of
from monitor.clinical.due.present import OUTSIDE, PRESSING
from monitor.episodes import current, queries
from monitor.episodes.board import level_of, nurse_of
from monitor.episodes.due import dues_of
from monitor.episodes.shapes import (
    BoardFilters,
    Duties,
    DutyRow,
    NeverRow,
    Nurse,
)
from monitor.trials.models import Cycle, Participant, User
from monitor.trials.permissions import Permission
from monitor.trials.queries import sites_where

#: What is due within so long stands under *soon*.
SOON = timedelta(hours=4)


def duties(user: User, filters: BoardFilters, now: datetime | None = None) -> Duties:
    """Everything due of the participants whom the person may read, most late first."""
    now = now or clock.now()
    cycles = current.current_cycles(user)
    nurses = nurses_of(cycles, now)
    cohort = queries.cohort_words(user)
    rows: list[DutyRow] = []
    never: list[NeverRow] = []
    for cycle in cycles:
        nurse = nurse_of(nurses.get(cycle.pk))
        mine = nurse is not None and nurse.id == user.pk
        if not _wanted(cycle, filters, mine):
            continue
        words = cohort(cycle.participant)
        found = _rows(cycle, words, nurse, mine, now)
        rows += found
        if _never(cycle):
            never.append(_nothing(cycle, words, nurse, mine, bool(found)))
    rows.sort(key=lambda row: (row.due.at, row.participant.code))
    return Duties(
        late=sorted((row for row in rows if row.due.late), key=_listed_after),
        soon=[row for row in rows if not row.due.late and row.due.at <= now + SOON],
        later=[row for row in rows if row.due.at > now + SOON],
        never=never,
        sites=sorted({_site(cycle.participant) for cycle in cycles}),
        cohorts=sorted(_cohorts(cycles, cohort)),
        people=len({row.participant.pk for row in rows}),
        zones=sorted({row.participant.site.time_zone for row in [*rows, *never]}),
    )


def sites_to_enter(user: User) -> set[str]:
    """The codes of the sites at which the person enters sets, and so takes over."""
    sites = sites_where(user, Permission.RECORD_OBSERVATION)
    return {site.code for site in sites}


def _wanted(cycle: Cycle, filters: BoardFilters, mine: bool) -> bool:
    participant = cycle.participant
    return (
        filters.site in ("", participant.site.code)
        and filters.cohort in ("", str(participant.cohort_id))
        and filters.level in ("", level_of(current.state_of(cycle)))
        and (mine or not filters.mine)
    )


def _rows(
    cycle: Cycle, cohort: str, nurse: Nurse | None, mine: bool, now: datetime
) -> list[DutyRow]:
    state = current.state_of(cycle)
    last = current.last_set_of(cycle)
    return [
        DutyRow(
            participant=cycle.participant,
            cohort=cohort,
            level=level_of(state),
            place=current.place_of(cycle),
            due=due,
            nurse=nurse,
            mine=mine,
            last_set=last,
        )
        for due in dues_of(cycle, state.brief, now)
    ]


def _listed_after(row: DutyRow) -> bool:
    """Sets and contacts come first; the day's weight and blood after them."""
    return row.due.code not in PRESSING


def _never(cycle: Cycle) -> bool:
    """Whether a set was to be expected, and none has ever come."""
    nothing = current.last_set_of(cycle) is None and not cycle.participant.died_at
    return nothing and current.place_of(cycle) not in OUTSIDE


def _nothing(
    cycle: Cycle, cohort: str, nurse: Nurse | None, mine: bool, planned: bool
) -> NeverRow:
    return NeverRow(
        participant=cycle.participant,
        cohort=cohort,
        place=current.place_of(cycle),
        since=cycle.opened_at,
        nurse=nurse,
        mine=mine,
        planned=planned,
    )


def _site(participant: Participant) -> tuple[str, str]:
    return participant.site.code, f"{participant.site.code} {participant.site.name}"


def _cohorts(cycles: Iterable[Cycle], cohort: object) -> set[tuple[str, str]]:
    return {
        (str(cycle.participant.cohort_id), cohort(cycle.participant))  # type: ignore[operator]
        for cycle in cycles
    }
