"""An episode and its grade history, and how urgent a level is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.episodes.models import Episode, Step

#: As the board sorts them. *Not assessed* is no level: the set is kept, the program
#: failed.
URGENCY = ("critical", "warning", "not_assessed", "watch", "unknown", "clear")
#: A level's rank: what is worse is higher.
RANK = {"clear": 0, "unknown": 1, "watch": 2, "warning": 3, "critical": 4}


def rank(level: str) -> int:
    return RANK.get(level, -1)


@dataclass(frozen=True)
class EpisodeRow:
    """An episode as its last standing step says. `since` moves with a correction.

    `resolved_at`: since when nothing that made it is there, of one resolved or closed.
    `earlier`: the number of the earlier cycle in which it opened, of one that goes on.
    """

    id: int
    family: str
    topic: str
    label: str
    level: str
    status: str
    scale: str
    grade: int | None
    max_grade: int | None
    at_least: bool
    since: datetime
    at: datetime
    closed: bool
    unsupported: bool
    held_since: datetime | None
    explanation: str
    episode: Episode
    step: Step
    why: str = ""  # the values that decided, in one breath
    resolved_at: datetime | None = None
    earlier: int | None = None


@dataclass(frozen=True)
class StepRow:
    """One line of the grade history; a withdrawn one is struck through, not removed."""

    id: int
    at: datetime
    recorded_at: datetime
    cause: str
    cause_word: str
    level: str
    grade: int | None
    max_grade: int | None
    at_least: bool
    closed: bool
    explanation: str
    withdrawn_at: datetime | None
    state: dict[str, Any]
