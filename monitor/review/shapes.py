"""What the pages of this room are handed: plain frozen values, already decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from monitor.episodes.shapes import EpisodeRow
from monitor.review.clocks import Clock
from monitor.review.models import Review, Signature, Withdrawal
from monitor.review.states import State

if TYPE_CHECKING:
    from monitor.trials.models import Cycle, Participant


#: A decision that gives a grade.
GRADED = (Review.Verdict.AGREE, Review.Verdict.REGRADE)


@dataclass(frozen=True)
class ReviewRow:
    """One decision with what became of it. `current`: no later one supersedes it."""

    review: Review
    signature: Signature | None
    withdrawal: Withdrawal | None
    by: str
    state: State
    current: bool

    @property
    def words(self) -> str:
        """`Agree, grade 2`: what was decided, in the words of the decision."""
        verdict, grade = str(self.review.get_verdict_display()), self.review.grade
        if grade is None or self.review.verdict not in GRADED:
            return verdict
        told = {"verdict": verdict, "grade": grade}
        return _("%(verdict)s, grade %(grade)s") % told


@dataclass(frozen=True)
class QueueFilters:
    """Empty and False mean all. `mine`: decided by the user, or by nobody yet."""

    site: str = ""
    cohort: str = ""
    family: str = ""
    mine: bool = False


@dataclass(frozen=True)
class QueueRow:
    """One episode. `why` is its sentence; `due_at` None: nothing is due of the user.

    `since` is the onset; `changed`: something came after the user's last look.
    `report`: the clock of a serious event that runs out first. `elsewhere`: another
    person was asked to decide it, or the nurse something about it. `disputed`: a second
    reviewer disagrees with what was signed. `opinion_due`: the user was asked for a
    second opinion on it.
    """

    episode: EpisodeRow
    participant: Participant
    cycle: Cycle
    cohort: str
    level: str
    title: str
    why: str
    grade_text: str
    since: datetime
    due_at: datetime | None
    late: bool
    due_note: str
    state: State
    state_word: str
    state_note: str
    assigned: str
    changed: bool
    signed_at: datetime | None
    report: Clock | None = None
    elsewhere: bool = False
    disputed: bool = False
    opinion_due: bool = False

    @property
    def is_decided(self) -> bool:
        """Nothing is due of anybody: what the program suggests is no question more."""
        return self.due_at is None


@dataclass(frozen=True)
class Section:
    """`key`: overdue, due, waiting, done."""

    key: str
    title: str
    rows: list[QueueRow]


@dataclass(frozen=True)
class Queue:
    """`total` is what is to do: overdue and due; `waiting`, whatever the filters."""

    sections: list[Section]
    total: int
    waiting: int
    sites: list[tuple[str, str]]
    cohorts: list[tuple[str, str]]

    @property
    def rows(self) -> list[QueueRow]:
        return [row for section in self.sections for row in section.rows]


@dataclass(frozen=True)
class Neighbors:
    """Where an episode stands in the queue; 0 when it is not to do."""

    position: int
    total: int
    previous: int | None
    next: int | None
