"""What follows whatever is recorded in a cycle: assessed, told, or kept unassessed.

`flow`, `arranging` and `loading` record with it. Locks are taken in the order cycle,
episodes, outbox; the audit chain's head comes after them all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from monitor import clock
from monitor.audit import actions as audit
from monitor.audit import together
from monitor.clinical.thresholds import THRESHOLDS
from monitor.episodes import actions as episodes
from monitor.episodes import assessing, onward, summary, timelines
from monitor.episodes.actions import Change
from monitor.episodes.models import CycleState, Step, TreatmentLink
from monitor.notices import lateness, reviewing, telling
from monitor.review import actions as reviews
from monitor.review import content, news
from monitor.review.models import Signature
from monitor.trials.models import Cycle, User

logger = logging.getLogger(__name__)

LATE = timedelta(minutes=THRESHOLDS["late_entry_minutes"].value)
WAKE = "monitor.notices.tasks.wake"
WAKE_SECONDS = 20
FAILURE = "The program failed while it assessed the cycle."

Cause = Step.Cause
Actor = User | str
Answer = Callable[[Cycle], list[Change] | None]


@dataclass(frozen=True)
class Saved:
    """What a verb did: its row, whether it is new, and what was found on it.

    `assessed` False: the row is kept, and the sweep will assess it.
    """

    row: Any
    created: bool = True
    assessed: bool = True
    changes: list[Change] = field(default_factory=list)


def tell(
    cycle: Cycle,
    act: Callable[[Cycle], tuple[Any, bool]],
    *,
    by: Actor,
    cause: str = Cause.ENTRY,
) -> Saved:
    """The story of a save: lock, record, assess, tell, nudge; all of it or nothing.

    `act` records: (row, created). A repetition that created nothing ends it there.

    Nothing of this is done with savepoints: where the assessment fails, or the
    database has the row already, everything is taken back and told once more.
    """
    told = Told(cycle, act, by, cause)
    try:
        return told.whole(hopeful=True)
    except IntegrityError:
        return told.unless_it_fails()
    except Unassessed:
        return told.unassessed()


def correct(cycle: Cycle, act: Callable[[], Any], by: Actor) -> Saved:
    """The story of a correction: `act` puts right what was recorded before."""
    return tell(cycle, lambda _locked: (act(), True), by=by, cause=Cause.CORRECTION)


class Unassessed(RuntimeError):
    """The assessment failed; what was recorded is still to be kept."""


@dataclass(frozen=True)
class Told:
    """One save, told until it stands."""

    cycle: Cycle
    act: Callable[[Cycle], tuple[Any, bool]]
    by: Actor
    cause: str

    def unless_it_fails(self) -> Saved:
        """The careful way: what was sent before is looked for first."""
        try:
            return self.whole(hopeful=False)
        except Unassessed:
            return self.unassessed()

    def whole(self, *, hopeful: bool) -> Saved:
        return self._told(self._answer, hopeful)

    def unassessed(self) -> Saved:
        """What was recorded is kept, and the cycle says that it is not assessed."""
        return self._told(self._failed, hopeful=False)

    def _told(
        self, answer: Callable[[Cycle], list[Change] | None], hopeful: bool
    ) -> Saved:
        with together.story(audit.write, hopeful):
            locked = lock(self.cycle)
            row, created = self.act(locked)
            if not created:
                return Saved(row, created=False, assessed=locked.state.is_current)
            episodes.entered(cycle=locked)
            changes = answer(locked)
            transaction.on_commit(nudge)
        if changes and locked.goes_on[1]:
            onward.look_again(locked, clock.now())
        return Saved(row, assessed=changes is not None, changes=changes or [])

    def _answer(self, locked: Cycle) -> list[Change]:
        try:
            return _assessed(locked, self.cause, self.by, clock.now())
        except Exception as fault:
            logger.exception("An assessment failed.")
            raise Unassessed from fault

    def _failed(self, locked: Cycle) -> None:
        _not_assessed(locked, clock.now())


def lock(cycle: Cycle) -> Cycle:
    """The cycle, held until the transaction ends, with what follows needs.

    What is held is the row of its answer: a row that is locked is read as it is now,
    where one that is only joined to it may be older. Before the first save in a cycle
    there is none; then the cycle's own row is held while it is made.
    """
    state = states_to_hold().filter(cycle=cycle.pk).first()
    if state is None:
        Cycle.objects.select_for_update().get(pk=cycle.pk)
        state = states_to_hold().filter(cycle=cycle.pk).first()
    if state is None:
        CycleState.objects.create(cycle_id=cycle.pk)
        state = states_to_hold().get(cycle=cycle.pk)
    locked = state.cycle
    locked.state = state
    locked.goes_on = onward.known(state)
    return locked


def states_to_hold() -> QuerySet[CycleState]:
    states = CycleState.objects.select_for_update(of=("self",)).annotate(
        has_earlier=onward.has_earlier(), has_later=onward.has_later()
    )
    return states.select_related(
        "cycle__participant__site__trial",
        "cycle__participant__cohort",
        "cycle__protocol",
    )


def cause_of(at: datetime) -> str:
    """Entered, or entered late: long after it was seen."""
    return Cause.LATE if clock.now() - at > LATE else Cause.ENTRY


def assess(cycle: Cycle, cause: str, by: Actor) -> list[Change] | None:
    """Assess a locked cycle and tell what changed; None when that failed.

    A failure takes back what the assessment wrote, and nothing else.
    """
    now, before = clock.now(), copy(cycle.state)
    try:
        with together.part():
            return _assessed(cycle, cause, by, now)
    except Exception:
        logger.exception("An assessment failed.")
        cycle.state = before
        _not_assessed(cycle, now)
        return None


def _assessed(cycle: Cycle, cause: str, by: Actor, now: datetime) -> list[Change]:
    failed = cycle.state.failed_at is not None
    before = cycle.state.brief.get("lines", ())
    earlier, later = cycle.goes_on
    carried = _carried(cycle, cause, by) if earlier else []
    around = onward.of(cycle, earlier=earlier, later=later)
    chart, assessment = assessing.assess_cycle(cycle, now, around.later)
    changes = episodes.append_assessment(
        cycle=cycle, assessment=assessment, cause=cause, at=now, by=by, around=around
    )
    told = {
        **summary.values_of(chart, now),
        **summary.answers_of(assessment),
    }
    if earlier:
        told["lines"] = list(onward.joined(told["lines"], carried, around.meanwhile))
    episodes.settle(cycle=cycle, summary=told, due_at=assessment.due_at, at=now)
    if failed:
        lateness.assessed_again(cycle)
    telling.what_changed(cycle, changes, told, cause, by, before)
    withdraw_signatures(cycle, now, by, None if cause == Cause.CORRECTION else changes)
    return changes


def _carried(cycle: Cycle, cause: str, by: Actor) -> list[dict[str, Any]]:
    """The lines of the earlier cycles whose episodes go on in this one (R9)."""
    lines: list[dict[str, Any]] = []
    for pk in onward.earlier_of(cycle):
        one = lock(Cycle(pk=pk))
        assess(one, cause, by)
        lines += one.state.summary.get("lines", [])
    return lines


def _not_assessed(cycle: Cycle, now: datetime) -> None:
    state = episodes.mark_failed(
        cycle=cycle, at=now, failure=FAILURE, values=_values(cycle, now)
    )
    lateness.not_assessed(cycle, state)


def _values(cycle: Cycle, now: datetime) -> dict[str, Any]:
    """The newest values, to be judged by eye; none where even they cannot be read."""
    try:
        with transaction.atomic():
            return summary.values_of(timelines.chart_facts(cycle), now)
    except Exception:
        logger.exception("The values of a cycle could not be read.")
        return {}


def withdraw_signatures(
    cycle: Cycle, now: datetime, by: Actor, changes: Sequence[Change] | None = None
) -> None:
    """Each signature in the cycle whose content is no longer what was signed.

    With `changes`, what they are about is looked at, and what a treatment was linked
    to since; without, everything, for a correction may touch what was linked before.
    """
    signatures = Signature.objects.filter(
        review__episode__cycle=cycle,
        review__superseded_by__isnull=True,
        withdrawal__isnull=True,
    )
    if changes is not None:
        linked = Q(linked_later=True)
        changed = Q(review__episode__in=[one.episode.pk for one in changes])
        signatures = signatures.alias(linked_later=later_links()).filter(
            linked | changed
        )
    for signature in signatures.select_related("review__episode", "signed_by"):
        if not content.holds(signature):
            cause = news.cause_of(signature.review)
            reviews.withdraw(signature=signature, cause=cause, at=now, by=by)
            reviewing.opinion_over(signature.review.episode)
            telling.signature_withdrawn(cycle, signature, cause)


def later_links() -> Exists:
    """A condition on signatures: a treatment was linked once it had been reviewed."""
    return Exists(
        TreatmentLink.objects.filter(
            episode=OuterRef("review__episode"),
            recorded_at__gte=OuterRef("review__recorded_at"),
        )
    )


def nudge() -> None:
    """Wake the worker. A broker that is away does no harm: the sweep comes anyway.

    A hint that nobody took before the next sweep is worth nothing.
    """
    try:
        current_app.send_task(WAKE, retry=False, expires=WAKE_SECONDS)
    except Exception:
        logger.warning("The worker could not be woken; the sweep will deliver.")
