"""The story: what happens together when somebody does something.

Every verb is one transaction. It

1. locks the cycle (then its episodes, then the outbox: always in this order),
2. records what was seen or done, under an idempotency key, with its audit event,
3. assesses the cycle, appends steps, withdraws signatures that no longer hold, and
   queues notices; if the assessment itself fails, what was recorded is kept, and the
   cycle is marked *not assessed*,
4. on commit nudges the worker. The outbox row is the truth, the message a hint, and
   the periodic sweep the guarantee.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from monitor import clock, story
from monitor.bedside import actions as bedside
from monitor.bedside.entry import NewReading
from monitor.bedside.models import Fact, Observation, Reading, ReferenceRange
from monitor.episodes import actions as findings
from monitor.episodes.models import CycleState, Episode, Step, TreatmentLink
from monitor.notices import actions as notices
from monitor.notices.models import Acknowledgement, Notice
from monitor.review import actions as reviews
from monitor.review.models import Look, Review, Signature
from monitor.story import Saved, Swept, cause_of
from monitor.treatments import actions as treatments
from monitor.treatments.models import Treatment
from monitor.trials import actions as trials
from monitor.trials.models import Cycle, Dose, User

SWEEP = "sweep"
Cause = Step.Cause


# At the bedside


def record_set(
    *,
    cycle: Cycle,
    observed_at: datetime,
    readings: Sequence[NewReading],
    by: User,
    key: UUID,
    source: str = Observation.Source.BEDSIDE,
    panel: str = "set",
    note: str = "",
) -> Saved:
    """A set of readings. The same `key` again adds nothing and finds nothing new."""
    return story.tell(
        cycle,
        lambda locked: bedside.record_observation(
            cycle=locked,
            observed_at=observed_at,
            readings=readings,
            by=by,
            key=key,
            source=source,
            panel=panel,
            note=note,
        ),
        by=by,
        cause=cause_of(observed_at),
    )


def correct_reading(
    *,
    reading: Reading,
    typed: str,
    unit: str | None,
    by: User,
    reason: str,
    **more: Any,
) -> Saved:
    """The value as it should have been typed. Raises Refused, with the field."""
    return _correction(
        reading.observation.cycle,
        lambda: bedside.correct_reading(
            reading=reading, typed=typed, unit=unit, by=by, reason=reason, **more
        ),
        by,
    )


def replace_reading(
    *, reading: Reading, new: NewReading, by: User, reason: str
) -> Saved:
    """Any other answer in place of a reading: not done, unrecordable, a choice."""
    return _correction(
        reading.observation.cycle,
        lambda: bedside.replace_reading(reading=reading, new=new, by=by, reason=reason),
        by,
    )


def void_reading(*, reading: Reading, by: User, reason: str) -> Saved:
    """Struck out: entered in error. It stays readable and feeds nothing."""
    return _correction(
        reading.observation.cycle,
        lambda: bedside.void_reading(reading=reading, by=by, reason=reason),
        by,
    )


def void_set(*, observation: Observation, by: User, reason: str) -> Saved:
    """Strikes out all that stands of a set."""
    return _correction(
        observation.cycle,
        lambda: bedside.void_observation(observation=observation, by=by, reason=reason),
        by,
    )


def confirm_reading(*, reading: Reading, by: User) -> Saved:
    """A held value is right: from now on it counts."""
    return story.tell(
        reading.observation.cycle,
        lambda _locked: (bedside.confirm_reading(reading=reading, by=by), True),
        by=by,
        cause=cause_of(reading.observation.observed_at),
    )


def record_fact(
    *, cycle: Cycle, code: str, at: datetime, by: User, key: UUID, **more: Any
) -> Saved:
    """A state that lasts: presence, usual oxygen. See bedside.actions.record_fact."""
    return story.tell(
        cycle,
        lambda locked: bedside.record_fact(
            cycle=locked, code=code, at=at, by=by, key=key, **more
        ),
        by=by,
        cause=cause_of(at),
    )


def decide(
    *, cycle: Cycle, code: str, value: str, at: datetime, by: User, key: UUID
) -> Saved:
    """A decision that a person made: hypotension confirmed, a value confirmed."""
    return record_fact(
        cycle=cycle,
        code=code,
        value=value,
        at=at,
        by=by,
        key=key,
        kind=Fact.Kind.DECISION,
    )


def void_fact(*, fact: Fact, by: User, reason: str) -> Saved:
    return _correction(
        fact.cycle, lambda: bedside.void_fact(fact=fact, by=by, reason=reason), by
    )


def record_range(*, cycle: Cycle, by: User, **told: Any) -> Saved:
    """The laboratory's limits of an item. See bedside.actions.record_range."""
    return story.tell(
        cycle,
        lambda locked: bedside.record_range(cycle=locked, by=by, **told),
        by=by,
        cause=Cause.ENTRY,
    )


def void_range(*, range_: ReferenceRange, by: User, reason: str) -> Saved:
    return _correction(
        range_.cycle,
        lambda: bedside.void_range(range_=range_, by=by, reason=reason),
        by,
    )


# Treatments and doses


def log_treatment(
    *,
    cycle: Cycle,
    code: str,
    form: str,
    at: datetime,
    by: User,
    key: UUID,
    episodes: Iterable[Episode] = (),
    **more: Any,
) -> Saved:
    """A line of the management log, linked to the `episodes` that it was given for."""

    def act(locked: Cycle) -> tuple[Treatment, bool]:
        row, created = treatments.log(
            cycle=locked, code=code, form=form, at=at, by=by, key=key, **more
        )
        for episode in episodes if created else ():
            link(episode, row, by)
        return row, created

    return story.tell(cycle, act, by=by, cause=cause_of(at))


def link(episode: Episode, treatment: Treatment, by: User) -> TreatmentLink:
    return findings.link_treatment(episode=episode, treatment=treatment, by=by)


def correct_treatment(
    *, treatment: Treatment, by: User, reason: str, **changes: Any
) -> Saved:
    """The line as it should have been. Raises Refused, with the field."""
    return _correction(
        treatment.cycle,
        lambda: treatments.correct(
            treatment=treatment, by=by, reason=reason, **changes
        ),
        by,
    )


def void_treatment(*, treatment: Treatment, by: User, reason: str) -> Saved:
    """Struck out: it was not given."""
    return _correction(
        treatment.cycle,
        lambda: treatments.void(treatment=treatment, by=by, reason=reason),
        by,
    )


def record_dose(*, dose: Dose, status: str, by: User, **more: Any) -> Saved:
    """What became of a planned dose. See trials.actions.record_dose."""
    at = more.get("given_at") or clock.now()
    return story.tell(
        dose.cycle,
        lambda _locked: (
            trials.record_dose(dose=dose, status=status, by=by, **more),
            True,
        ),
        by=by,
        cause=cause_of(at),
    )


def plan_dose(*, cycle: Cycle, by: User, **told: Any) -> Saved:
    """A dose to come; a planned dose makes a treatment day."""
    return story.tell(
        cycle,
        lambda locked: (trials.plan_dose(cycle=locked, by=by, **told), True),
        by=by,
        cause=Cause.ENTRY,
    )


def _correction(cycle: Cycle, act: Callable[[], Any], by: User) -> Saved:
    return story.tell(
        cycle, lambda _locked: (act(), True), by=by, cause=Cause.CORRECTION
    )


# Reviews and notices


def save_review(*, episode: Episode, by: User, **decision: Any) -> Review:
    """Keep a decision without signing it. See review.actions.review."""
    with transaction.atomic():
        story.lock(episode.cycle)
        return reviews.review(episode=episode, by=by, **decision)


@dataclass(frozen=True)
class Signed:
    """A decision and its signature."""

    review: Review
    signature: Signature


def review_and_sign(
    *, episode: Episode, by: User, password: str, meaning: str, **decision: Any
) -> Signed:
    """Decide and sign in one step; with a wrong password nothing but that is kept.

    The cycle is assessed first where time alone has changed it, so that nobody signs
    what is no longer so. Raises Refused, with the field, and WrongPassword.
    """
    try:
        with transaction.atomic():
            _up_to_date(story.lock(episode.cycle), by)
            review = reviews.review(episode=episode, by=by, **decision)
            signature = reviews.sign(
                review=review, by=by, password=password, meaning=meaning
            )
    except reviews.WrongPassword:
        reviews.refused(episode=episode, by=by)
        raise
    return Signed(review, signature)


def _up_to_date(cycle: Cycle, by: User) -> None:
    due = CycleState.objects.filter(cycle=cycle, due_at__lte=clock.now())
    if due.exists():
        story.assess(cycle, Cause.TIME, by)


def acknowledge(*, notice: Notice, by: User) -> Acknowledgement:
    """The person takes a notice."""
    return notices.acknowledge(notice=notice, by=by)


def mark_read(*, notice: Notice, by: User) -> Acknowledgement:
    return notices.mark_read(notice=notice, by=by)


def look(*, episode: Episode, by: User) -> Look:
    """The person has the episode before them."""
    return reviews.look(episode=episode, by=by)


# What time does


def assess_cycle(*, cycle: Cycle, cause: str = Cause.TIME, by: Any = SWEEP) -> Saved:
    """Assess a cycle again, as it stands now."""
    with transaction.atomic():
        locked = story.lock(cycle)
        changes = story.assess(locked, cause, by)
        transaction.on_commit(story.nudge)
    return Saved(locked, False, changes is not None, changes or [])


def sweep(now: datetime) -> Swept:
    """The guarantee behind every hint; safe to run at any time, by several at once.

    1. Assess what is not assessed, and what time alone may have changed.
    2. Put what is late into the outbox.
    3. Deliver what is due in it.
    4. Leave a heartbeat: when it stops, the board says so.
    """
    outcomes = [story.assess_due(pk, now, SWEEP) for pk in story.due_cycles(now)]
    story.tell_late(now)
    delivered = notices.deliver_due(now)
    notices.beat(name=SWEEP, at=now)
    return Swept(outcomes.count(True), outcomes.count(False), delivered)
