"""What follows whatever is recorded in a cycle: assessed, told, or kept unassessed.

`flow` calls this inside the transaction of each of its verbs. Locks are taken in the
order cycle, episodes, outbox; the audit chain's head comes after them all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import F, Q

from monitor import clock
from monitor.clinical.thresholds import THRESHOLDS
from monitor.episodes import actions as episodes
from monitor.episodes import assessing, queries, summary, timelines
from monitor.episodes.actions import Change
from monitor.episodes.models import CycleState, Step
from monitor.notices import telling
from monitor.review import actions as reviews
from monitor.review import content
from monitor.review.models import Signature
from monitor.trials.models import Cycle, User

logger = logging.getLogger(__name__)

LATE = timedelta(minutes=THRESHOLDS["late_entry_minutes"].value)
WAKE = "monitor.notices.tasks.wake"
FAILURE = "The program failed while it assessed the cycle."
CHANGED = "What was signed has changed."
BATCH = 50

Cause = Step.Cause
Actor = User | str


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
    """
    with transaction.atomic():
        locked = lock(cycle)
        row, created = act(locked)
        if not created:
            return Saved(row, created=False, assessed=is_current(locked))
        episodes.entered(cycle=locked)
        changes = assess(locked, cause, by)
        transaction.on_commit(nudge)
    return Saved(row, assessed=changes is not None, changes=changes or [])


def lock(cycle: Cycle) -> Cycle:
    """The cycle's row, held until the transaction ends, with what follows needs."""
    cycles = Cycle.objects.select_for_update(of=("self",))
    return cycles.select_related(
        "participant__site__trial", "participant__cohort", "protocol"
    ).get(pk=cycle.pk)


def is_current(cycle: Cycle) -> bool:
    state = CycleState.objects.filter(cycle=cycle).first()
    return state is None or state.is_current


def cause_of(at: datetime) -> str:
    """Entered, or entered late: long after it was seen."""
    return Cause.LATE if clock.now() - at > LATE else Cause.ENTRY


def assess(cycle: Cycle, cause: str, by: Actor) -> list[Change] | None:
    """Assess a locked cycle and tell what changed; None when that failed.

    A failure takes back what the assessment wrote, and nothing else.
    """
    now = clock.now()
    try:
        with transaction.atomic():
            return _assessed(cycle, cause, by, now)
    except Exception:
        logger.exception("An assessment failed.")
        _not_assessed(cycle, now)
        return None


def _assessed(cycle: Cycle, cause: str, by: Actor, now: datetime) -> list[Change]:
    facts, assessment = assessing.assess_cycle(cycle, now)
    changes = episodes.append_assessment(
        cycle=cycle, assessment=assessment, cause=cause, at=now, by=by
    )
    told = {
        **summary.values_of(cycle, facts, now),
        **summary.answers_of(assessment, assessing.protocol_of(cycle)),
    }
    episodes.settle(cycle=cycle, summary=told, due_at=assessment.due_at, at=now)
    telling.assessed_again(cycle)
    telling.what_changed(cycle, changes, told, cause, by)
    withdraw_signatures(cycle, now, by)
    return changes


def _not_assessed(cycle: Cycle, now: datetime) -> None:
    state = episodes.mark_failed(
        cycle=cycle, at=now, failure=FAILURE, values=_values(cycle, now)
    )
    telling.not_assessed(cycle, state)


def _values(cycle: Cycle, now: datetime) -> dict[str, Any]:
    """The newest values, to be judged by eye; none where even they cannot be read."""
    try:
        with transaction.atomic():
            return summary.values_of(cycle, timelines.facts_of(cycle), now)
    except Exception:
        logger.exception("The values of a cycle could not be read.")
        return {}


def withdraw_signatures(cycle: Cycle, now: datetime, by: Actor) -> None:
    """Each signature in the cycle whose content is no longer what was signed."""
    signatures = Signature.objects.filter(
        review__episode__cycle=cycle,
        review__superseded_by__isnull=True,
        withdrawal__isnull=True,
    )
    for signature in signatures.select_related("review__episode", "signed_by"):
        if content.digest_of(signature.review) != signature.digest:
            reviews.withdraw(signature=signature, cause=CHANGED, at=now, by=by)
            telling.signature_withdrawn(cycle, signature, CHANGED)


def nudge() -> None:
    """Wake the worker. A broker that is away does no harm: the sweep comes anyway."""
    try:
        current_app.send_task(WAKE, retry=False)
    except Exception:
        logger.warning("The worker could not be woken; the sweep will deliver.")


# What time alone does


@dataclass(frozen=True)
class Swept:
    """What one sweep did."""

    assessed: int
    failed: int
    delivered: int


def waiting(now: datetime) -> Q:
    """States that no answer stands for, or whose answer time may have changed."""
    unassessed = Q(assessed__lt=F("entered")) | Q(failed_at__isnull=False)
    return unassessed | Q(due_at__lte=now)


def due_cycles(now: datetime) -> list[int]:
    """The cycles to assess, longest waiting first, at most BATCH at once."""
    states = CycleState.objects.filter(waiting(now)).order_by("assessed_at", "pk")
    return list(states.values_list("cycle", flat=True)[:BATCH])


def assess_due(pk: int, now: datetime, by: Actor) -> bool | None:
    """True assessed, False failed, None when another sweep was first."""
    try:
        with transaction.atomic():
            cycle = lock(Cycle(pk=pk))
            state = CycleState.objects.filter(waiting(now), cycle=cycle).first()
            if state is None:
                return None
            cause = Cause.TIME if state.is_current else Cause.ENTRY
            return assess(cycle, cause, by) is not None
    except Exception:
        logger.exception("A cycle could not be swept.")
        return False


def tell_late(now: datetime) -> None:
    """Queue notices of what is late; a failure must not hold up the deliveries."""
    try:
        telling.overdue(queries.cycles_on_study(), now)
    except Exception:
        logger.exception("What is late could not be told.")
