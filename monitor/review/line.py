"""One row of the queue, from rows already loaded. No database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from monitor.episodes import wording
from monitor.episodes.models import Episode, Step
from monitor.episodes.shapes import EpisodeRow, rank
from monitor.episodes.standing import UNSUPPORTED
from monitor.review import states
from monitor.review.clocks import Clock
from monitor.review.due import sign_by
from monitor.review.models import Question, Review, SecondOpinion
from monitor.review.referrals import Referral
from monitor.review.seconds import OpinionAsked
from monitor.review.shapes import QueueRow, ReviewRow
from monitor.review.states import State

TO_DO = ("overdue", "due")


@dataclass(frozen=True)
class Rise:
    """`known_at`: when the highest level or grade after the review became known.

    `news_at`: when the last step was written. `count`: steps after the review.
    `since`: the onset.
    """

    since: datetime
    known_at: datetime
    news_at: datetime
    count: int


@dataclass(frozen=True)
class Place:
    """Where an episode stands in the queue; `late`: it is overdue."""

    id: int
    level: str
    since: datetime
    late: bool

    def order(self) -> tuple[Any, ...]:
        """Worst level first, then the oldest."""
        return -rank(self.level), self.since, self.id


@dataclass(frozen=True)
class Asked:
    """The referral that stands, as one person sees it: to them, or to another."""

    referral: Referral
    reader: int

    @property
    def another(self) -> bool:
        return self.referral.to_id != self.reader

    @property
    def owner(self) -> str:
        return str(self.referral.to.get_full_name())

    @property
    def note(self) -> str:
        by = self.referral.referred_by.get_full_name()
        return _("by %(by)s: %(why)s") % {"by": by, "why": self.referral.reason}


@dataclass(frozen=True)
class Waits:
    """What of an episode others have to say: an open question, a disagreement,

    a second opinion that was asked and is still to come.
    """

    question: Question | None = None
    opinion: SecondOpinion | None = None
    reader: int = 0
    second: OpinionAsked | None = None

    def disputes(self, state: State) -> bool:
        """Whether a second reviewer disagrees with a signature that stands."""
        return self.opinion is not None and state not in states.OPEN

    def mine(self, state: State) -> bool:
        """Whether the reader was asked for a second opinion on what stands signed."""
        asked = self.second is not None and self.second.to_id == self.reader
        return asked and state not in states.OPEN

    def holds(self, state: State) -> bool:
        """Whether it is another's turn: the nurse's, or of who signed what is disputed,

        or of who was asked for a second opinion. Else what is signed waits for nothing.
        """
        if self.mine(state):
            return False
        if self.opinion is not None and self.disputes(state):
            mine = self.opinion.signature.signed_by_id == self.reader
            return self.question is not None or not mine
        if state not in states.OPEN:
            return self.second is not None
        return self.question is not None

    def note(self, state: State) -> str:
        if self.opinion is not None and self.disputes(state):
            said = _("%(name)s disagrees: “%(text)s”")
            return said % {"name": self.opinion.printed_name, "text": self.opinion.text}
        if self.question is not None and state in states.OPEN:
            told = {"by": self.question.asked_by.get_full_name()}
            said = _("%(by)s asked the nurse: “%(text)s”")
            return said % (told | {"text": self.question.text})
        if self.second is not None and state not in states.OPEN:
            told = {"by": self.second.asked_by.get_full_name()}
            said = _("%(by)s asks for a second opinion: “%(text)s”")
            return said % (told | {"text": self.second.text})
        return ""

    def owner(self, state: State) -> str:
        """Whose second opinion is still to come; "": nobody's."""
        if self.second is None or state in states.OPEN or self.disputes(state):
            return ""
        return str(self.second.to.get_full_name())


NOBODY = Waits()


@dataclass(frozen=True)
class Heard:
    """When one person last looked, and when somebody else last wrote since."""

    looked_at: datetime | None
    news_at: datetime | None = None

    def lacks(self, step_at: datetime) -> bool:
        """Whether something came after the look; `step_at`: the last step."""
        if self.looked_at is None:
            return True
        return max(step_at, self.news_at or step_at) > self.looked_at


def went_on(reviewed: Step | None, last: Step | None) -> bool:
    """Whether the episode rose, closed or lost its ground after it was reviewed."""
    if reviewed is None or last is None or reviewed.pk == last.pk:
        return False
    return (
        rank(last.level) > rank(reviewed.level)
        or (last.max_grade or 0) > (reviewed.max_grade or 0)
        or (last.closed and not reviewed.closed)
        or bool(last.state.get(UNSUPPORTED))
    )


def rise_of(steps: Sequence[Mapping[str, Any]], review: Review | None) -> Rise:
    """`steps`: standing, oldest first; those after the review count."""
    fresh = [one for one in steps if review is None or one["at"] > review.step.at]
    asked = fresh or list(steps)
    worst = max(asked, key=_height)
    first = next(one for one in asked if _height(one) == _height(worst))
    return Rise(
        since=steps[0]["at"],
        known_at=first["recorded_at"],
        news_at=max(one["recorded_at"] for one in steps),
        count=len(fresh),
    )


def _height(step: Mapping[str, Any]) -> tuple[int, int]:
    return rank(step["level"]), step["max_grade"] or 0


def queue_row(
    row: EpisodeRow,
    episode: Episode,
    cohort: str,
    review: ReviewRow | None,
    rise: Rise,
    heard: Heard,
    now: datetime,
    report: Clock | None = None,
    asked: Asked | None = None,
    waits: Waits = NOBODY,
) -> QueueRow:
    participant = episode.cycle.participant
    state = review.state if review else State.NEW
    if asked:
        state = State.REFERRED
    due_at = due_of(row, episode, review, rise, state, waits)
    signature = review.signature if review else None
    return QueueRow(
        episode=row,
        participant=participant,
        cycle=episode.cycle,
        cohort=cohort,
        level=row.level,
        title=title_of(row),
        why=row.why or row.explanation,
        grade_text=grade_text(row),
        since=row.since,
        due_at=due_at,
        late=due_at is not None and due_at < now,
        due_note=due_note(review, state, waits),
        state=state,
        state_word=str(states.WORDS[state]),
        state_note=waits.note(state)
        or (asked.note if asked else state_note(review, rise, state)),
        assigned=waits.owner(state)
        or (asked.owner if asked else review.by if review else ""),
        elsewhere=waits.holds(state) or (asked is not None and asked.another),
        disputed=waits.disputes(state),
        opinion_due=waits.mine(state),
        changed=heard.lacks(rise.news_at),
        signed_at=signature.signed_at if signature else None,
        report=report,
    )


def due_of(
    row: EpisodeRow,
    episode: Episode,
    review: ReviewRow | None,
    rise: Rise,
    state: State,
    waits: Waits = NOBODY,
) -> datetime | None:
    """When a decision, or the reader's second opinion on one, is due.

    None where a decision stands, nobody disputes it and nothing of it is asked of them.
    """
    known_at = rise.known_at
    if waits.second is not None and waits.mine(state):
        known_at = waits.second.asked_at
    elif waits.opinion is not None and waits.disputes(state):
        known_at = waits.opinion.given_at
    elif state == State.SIGNED:
        return None
    elif state == State.WITHDRAWN and review and review.withdrawal:
        known_at = review.withdrawal.at
    zone = ZoneInfo(episode.cycle.participant.site.time_zone)
    return sign_by(row.level, known_at, zone)


def due_note(review: ReviewRow | None, state: State, waits: Waits = NOBODY) -> str:
    if waits.mine(state):
        return _("second opinion")
    if waits.disputes(state):
        return _("answer, decide again")
    if state == State.SIGNED and review and review.signature:
        return _("signed")
    return _("sign again") if state == State.WITHDRAWN else _("sign")


def state_note(review: ReviewRow | None, rise: Rise, state: State) -> str:
    if review is None:
        return _("%(n)d steps") % {"n": rise.count} if rise.count > 1 else ""
    if state == State.WITHDRAWN and review.withdrawal:
        return review.withdrawal.cause
    if state == State.SIGNED:
        return f"{review.words} · {review.by}"
    return review.by


def title_of(row: EpisodeRow) -> str:
    if row.unsupported:
        return _("%(label)s: no longer supported") % {"label": row.label}
    if row.closed:
        return _("%(label)s, resolved") % {"label": row.label}
    if row.status == "not_gradable":
        return _("%(label)s not gradable") % {"label": row.label}
    return row.label


def grade_text(row: EpisodeRow) -> str:
    grade = row.max_grade if row.closed else row.grade
    return wording.grade_words(row.scale, grade, row.at_least and not row.closed)


# Sections and order


def sections(
    rows: Sequence[QueueRow], now: datetime
) -> list[tuple[str, str, list[QueueRow]]]:
    """(key, title, rows) in the order of the page; what was done before is gone."""
    titles = {
        "overdue": _("Overdue"),
        "due": _("Due"),
        "waiting": _("Waiting on others"),
        "done": _("Done today"),
    }
    placed = [(section_of(row, now), row) for row in rows]
    return [
        (key, title, [row for place, row in placed if place == key])
        for key, title in titles.items()
    ]


def section_of(row: QueueRow, now: datetime) -> str:
    """ "" for what was signed on an earlier day, has closed, and is reported.

    What was referred, or asked of the nurse, waits on that person until it is late:
    then it is overdue for everybody who could decide it, for neither must hide an
    event. What a second reviewer disagrees with waits in the same way on who signed it.
    A second opinion that is asked is due of who was asked, and waits for all others.
    """
    if row.elsewhere and not row.late:
        return "waiting"
    if row.state in states.OPEN or row.disputed or row.opinion_due:
        return "overdue" if row.late else "due"
    zone = ZoneInfo(row.participant.site.time_zone)
    signed = row.signed_at or now
    if signed.astimezone(zone).date() == now.astimezone(zone).date():
        return "done"
    return "" if row.episode.closed and row.report is None else "waiting"


def order(row: QueueRow) -> tuple[Any, ...]:
    return Place(row.episode.id, row.level, row.since, row.late).order()


def site_choice(row: QueueRow) -> tuple[str, str]:
    site = row.participant.site
    return site.code, f"{site.code} {site.name}"
