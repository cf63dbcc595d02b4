"""Writes of this room: an assessment appended, a failure marked, a treatment linked.

Nothing that was shown is rewritten: a step that no longer holds is withdrawn by a new
row, and a returning episode opens a new one that follows it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor import clock
from monitor.audit import actions as audit
from monitor.audit import together
from monitor.audit.actions import Actor
from monitor.clinical.thresholds import knowledge_version
from monitor.episodes.assessing import protocol_of
from monitor.episodes.brief import brief_of
from monitor.episodes.models import CycleState, Episode, Step, TreatmentLink
from monitor.episodes.onward import Onward
from monitor.episodes.rows import scale_in
from monitor.episodes.standing import (
    UNSUPPORTED,
    Span,
    closes,
    difference,
    digest,
    moment,
    pair,
    turns,
)
from monitor.episodes.summary import last_lines, level_of
from monitor.treatments.models import Treatment
from monitor.trials.models import Cycle, User

NO_LONGER = "The corrected data no longer support this episode. A person decides."

Topic = tuple[str, str]
ALONE = Onward()


@dataclass
class Change:
    """What one assessment did to one episode: last standing step before and after."""

    episode: Episode
    before: Step | None
    after: Step | None = None
    added: list[Step] = field(default_factory=list)
    withdrawn: list[Step] = field(default_factory=list)


@together.joins
def append_assessment(
    *,
    cycle: Cycle,
    assessment: Any,
    cause: str,
    at: datetime,
    by: Actor = "monitor",
    around: Onward = ALONE,
) -> list[Change]:
    """Bring the stored episodes of a cycle up to an assessment; one Change for each.

    `around`: what belongs to the cycles before and after it.
    `at` is when it was assessed. Steps that equal stored ones (`standing.digest`) add
    nothing. The cycle must be locked by the caller; episodes are locked here.
    """
    stored, computed = stored_spans(cycle), computed_spans(assessment)
    writing = Writing(cycle, assessment, cause, at)
    for topic in sorted({*stored, *computed}):
        plan = pair(stored[topic], computed[topic])
        for old, new in plan.same:
            writing.go_on(old, new)
        for old in plan.unsupported:
            writing.no_longer(old, topic)
        for new in plan.new:
            if around.opens(topic, new):
                writing.open(new, topic, stored[topic])
    changes = writing.finish()
    for change in changes:
        _audit(change, by)
    return changes


class Writing:
    """The rows of one assessment, collected and written at once."""

    def __init__(self, cycle: Cycle, assessment: Any, cause: str, at: datetime) -> None:
        self.cycle, self.cause, self.at = cycle, cause, at
        self.scale = protocol_of(cycle).scale
        self.knowledge = f"{knowledge_version()} {cycle.protocol.number}"[:64]
        self.lines = {
            (line["family"], line["topic"]): line
            for line in last_lines(assessment.lines)
        }
        self.changes: list[Change] = []

    def go_on(self, old: Span, new: Span) -> None:
        """The same episode: withdraw what fell, append what is new."""
        episode, steps = old.ref
        lines = turns(new.ref.steps)
        falls, added = difference(old.digests, new.digests)
        change = Change(episode, steps[-1])
        change.withdrawn = [self.withdrawal(steps[place]) for place in falls]
        change.added = [self.step(episode, lines[place]) for place in added]
        kept = [step for place, step in enumerate(steps) if place not in falls]
        self.add(change, kept)

    def open(self, new: Span, topic: Topic, earlier: list[Span]) -> None:
        before = [old for old in earlier if old.opened_at < new.opened_at]
        episode = Episode.objects.create(
            cycle=self.cycle,
            family=topic[0],
            topic=topic[1],
            opened_at=new.opened_at,
            recorded_at=self.at,
            knowledge=self.knowledge,
            follows=before[-1].ref[0] if before else None,
        )
        change = Change(episode, None)
        change.added = [self.step(episode, line) for line in turns(new.ref.steps)]
        earlier.append(Span((episode, change.added), new.opened_at, new.closed_at))
        self.add(change, [])

    def no_longer(self, old: Span, topic: Topic) -> None:
        """The data under it are gone: say so once, and leave it to a person."""
        episode, steps = old.ref
        if steps[-1].state.get(UNSUPPORTED):
            return
        change = Change(episode, steps[-1])
        change.withdrawn = [self.withdrawal(step) for step in steps]
        change.added = [self.step(episode, self.unsupported(topic))]
        self.add(change, [])

    def unsupported(self, topic: Topic) -> dict[str, Any]:
        line = self.lines.get(topic, {"level": "clear"})
        return {
            "family": topic[0],
            "topic": topic[1],
            "at": self.at.isoformat(),
            "level": line["level"],
            "status": "needs_review",
            "explanation": NO_LONGER,
            UNSUPPORTED: True,
        }

    def step(self, episode: Episode, line: dict[str, Any]) -> Step:
        scale = scale_in(line, self.scale)
        return Step(
            episode=episode,
            at=moment(line["at"]),
            recorded_at=self.at,
            cause=self.cause,
            level=line["level"],
            status=line["status"],
            grade=(line.get("grades") or {}).get(scale),
            max_grade=(line.get("max_grades") or {}).get(scale),
            closed=closes(line),
            state=line,
            digest=digest(line),
        )

    def withdrawal(self, step: Step) -> Step:
        late = self.cause == Step.Cause.LATE
        return Step(
            episode=step.episode,
            at=step.at,
            recorded_at=self.at,
            cause=Step.Cause.LATE if late else Step.Cause.CORRECTION,
            level=step.level,
            status=step.status,
            state={},
            digest="",
            withdraws=step,
        )

    def add(self, change: Change, kept: list[Step]) -> None:
        standing = sorted([*kept, *change.added], key=lambda step: step.at)
        change.after = standing[-1] if standing else None
        if change.added or change.withdrawn:
            self.changes.append(change)

    def finish(self) -> list[Change]:
        Step.objects.bulk_create(
            row for one in self.changes for row in (*one.withdrawn, *one.added)
        )
        return self.changes


def stored_spans(cycle: Cycle) -> dict[Topic, list[Span]]:
    """The standing episodes of a cycle by topic, oldest first, their rows locked."""
    standing = standing_steps().filter(episode__cycle=cycle).select_related("episode")
    steps: dict[Episode, list[Step]] = defaultdict(list)
    for step in standing.select_for_update(of=("episode",)):
        step.episode.cycle = cycle
        steps[step.episode].append(step)
    spans: dict[Topic, list[Span]] = defaultdict(list)
    for episode, own in steps.items():
        spans[episode.family, episode.topic].append(_span(own[0].episode, own))
    for own_spans in spans.values():
        own_spans.sort(key=lambda span: span.opened_at)
    return spans


def standing_steps() -> Any:
    """Steps that stand: not withdrawn, and no withdrawal themselves; oldest first."""
    rows = Step.objects.filter(withdraws__isnull=True, withdrawn_by__isnull=True)
    return rows.order_by("episode", "at", "pk")


def _span(episode: Episode, steps: list[Step]) -> Span:
    last = steps[-1]
    gone = last.state.get(UNSUPPORTED)
    start = episode.opened_at if gone else steps[0].at
    ended = last.at if last.closed or gone else None
    return Span((episode, steps), start, ended, tuple(step.digest for step in steps))


def computed_spans(assessment: Any) -> dict[Topic, list[Span]]:
    spans: dict[Topic, list[Span]] = defaultdict(list)
    for folded in assessment.episodes:
        closed = moment(folded.closed_at) if folded.closed_at else None
        digests = tuple(digest(line) for line in turns(folded.steps))
        spans[folded.family, folded.topic].append(
            Span(folded, moment(folded.opened_at), closed, digests)
        )
    return spans


def _audit(change: Change, by: Actor) -> None:
    after = change.after
    episode = change.episode
    participant = episode.cycle.participant
    audit.record(
        action="episode.opened" if change.before is None else "episode.changed",
        by=by,
        of=episode,
        site=participant.site,
        participant=participant.code,
        changes=audit.changes_of(
            after, "level", "status", "grade", "max_grade", old=change.before
        )
        if after
        else [],
        reason=NO_LONGER if after and after.state.get(UNSUPPORTED) else "",
    )


# The cycle's last answer


def entered(*, cycle: Cycle) -> CycleState:
    """Something was recorded: the answer that stands is one behind.

    Counted in the cycle that is locked, and kept with what `settle` or `mark_failed`
    says of it in the same transaction.
    """
    state = cycle.state
    state.entered += 1
    return state


@together.joins
def settle(
    *, cycle: Cycle, summary: dict[str, Any], due_at: datetime | None, at: datetime
) -> CycleState:
    """The answer to all that was entered: `summary` (JSON), and when to ask again."""
    state = cycle.state
    state.assessed = state.entered
    state.assessed_at, state.due_at = at, due_at
    state.failed_at, state.failure = None, ""
    state.level = level_of(summary["lines"])
    keep(state, summary)
    state.save()
    return state


def keep(state: CycleState, summary: dict[str, Any]) -> None:
    """The summary, and with it the brief that is cut from it."""
    state.summary, state.brief = summary, brief_of(summary)


def keep_hold(*, state: CycleState, hold: dict[str, Any]) -> None:
    """The check before the next dose, for the board: see holds.py."""
    state.hold = hold
    CycleState.objects.filter(pk=state.pk).update(hold=hold)


@together.joins
def mark_failed(
    *, cycle: Cycle, at: datetime, failure: str, values: dict[str, Any] | None = None
) -> CycleState:
    """Not assessed: the last answer stays, with the newest `values` where known."""
    state = cycle.state
    state.failed_at = state.failed_at or at
    state.failure = failure[:200]
    keep(state, {**state.summary, **(values or {})})
    state.save()
    return state


@together.joins
def link_treatment(
    *, episode: Episode, treatment: Treatment, by: User
) -> TreatmentLink:
    """Say that a treatment was given for an episode; a second time adds nothing."""
    link = (
        TreatmentLink.objects.current()
        .filter(episode=episode, treatment=treatment)
        .first()
    )
    if link is not None:
        return link
    link = TreatmentLink.objects.create(
        episode=episode, treatment=treatment, recorded_at=clock.now(), recorded_by=by
    )
    participant = episode.cycle.participant
    audit.record(
        action="episode.treatment_linked",
        by=by,
        of=link,
        site=participant.site,
        participant=participant.code,
        changes=[audit.change("treatment", None, treatment.code)],
    )
    return link
