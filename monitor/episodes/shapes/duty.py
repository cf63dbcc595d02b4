"""What is due, on the due list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.episodes.shapes.board import DueRow, Nurse

if TYPE_CHECKING:
    from monitor.trials.models import Participant


@dataclass(frozen=True)
class DutyRow:
    """One thing due of one participant, on the due list."""

    participant: Participant
    cohort: str
    level: str
    place: str
    due: DueRow
    nurse: Nurse | None
    mine: bool
    last_set: datetime | None


@dataclass(frozen=True)
class Duties:
    """The due list. `never`: participants of whom no set has ever arrived, with since

    when they are waited for; `soon`: due in the coming hours, `later` after that.
    `zones`: of the sites whose participants these are.
    """

    late: list[DutyRow]
    soon: list[DutyRow]
    later: list[DutyRow]
    never: list[NeverRow]
    sites: list[tuple[str, str]]
    cohorts: list[tuple[str, str]]
    people: int
    zones: list[str]


@dataclass(frozen=True)
class NeverRow:
    """A participant of whom nothing has ever arrived, since the cycle was opened."""

    participant: Participant
    cohort: str
    place: str
    since: datetime
    nurse: Nurse | None
    mine: bool
    planned: bool  # something is due at a time, so that it will be late
