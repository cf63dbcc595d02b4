"""What was given, and what becomes of the doses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from monitor import clock, dosed, story
from monitor.bedside import actions as bedside
from monitor.bedside.models import Fact
from monitor.episodes import actions as findings
from monitor.episodes.models import Episode, TreatmentLink
from monitor.flow.notices import heeded
from monitor.notices import actions as notices
from monitor.notices import dosing
from monitor.review import actions as reviews
from monitor.review.models import DoseDecision
from monitor.story import Cause, Saved, cause_of
from monitor.treatments import actions as treatments
from monitor.treatments import injecting
from monitor.treatments.injected import Injection
from monitor.treatments.models import Treatment
from monitor.trials import actions as trials
from monitor.trials.models import Cycle, Dose, User


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
        if created:
            heeded(locked, notices.TREATMENT, at, by)
        return row, created

    return story.tell(cycle, act, by=by, cause=cause_of(at))


def link(episode: Episode, treatment: Treatment, by: User) -> TreatmentLink:
    return findings.link_treatment(episode=episode, treatment=treatment, by=by)


def correct_treatment(
    *, treatment: Treatment, by: User, reason: str, **changes: Any
) -> Saved:
    """The line as it should have been. Raises Refused, with the field."""
    return story.correct(
        treatment.cycle,
        lambda: treatments.correct(
            treatment=treatment, by=by, reason=reason, **changes
        ),
        by,
    )


def void_treatment(*, treatment: Treatment, by: User, reason: str) -> Saved:
    """Struck out: it was not given."""
    return story.correct(
        treatment.cycle,
        lambda: treatments.void(treatment=treatment, by=by, reason=reason),
        by,
    )


def record_dose(*, dose: Dose, status: str, by: User, **more: Any) -> Saved:
    """What became of a planned dose. See trials.actions.record_dose."""
    at = more.get("given_at") or clock.now()
    was_given = dose.status in Dose.GIVEN_STATES

    def act(locked: Cycle) -> tuple[Dose, bool]:
        row = trials.record_dose(dose=dose, status=status, by=by, **more)
        if status != Dose.Status.GIVEN:
            heeded(locked, notices.DOSE, clock.now(), by)
        if not (was_given or more.get("imported")):
            dosed.departs(locked, row, by)
        dosing.dose_decided(locked)
        return row, True

    return story.tell(dose.cycle, act, by=by, cause=cause_of(at))


def log_injection(*, dose: Dose, by: User, **told: Any) -> Injection:
    """A site of a dose. See treatments.injecting; it moves no level and no grade."""
    with transaction.atomic():
        dose.cycle = story.lock(dose.cycle)
        return injecting.log_injection(dose=dose, by=by, **told)[0]


def strike_injection(*, injection: Injection, by: User, reason: str) -> Injection:
    """A site that was entered in error."""
    with transaction.atomic():
        story.lock(injection.cycle)
        return injecting.strike_injection(injection=injection, by=by, reason=reason)


def plan_dose(*, cycle: Cycle, by: User, **told: Any) -> Saved:
    """A dose to come; a planned dose makes a treatment day."""
    return story.tell(
        cycle,
        lambda locked: (trials.plan_dose(cycle=locked, by=by, **told), True),
        by=by,
        cause=Cause.ENTRY,
    )


def decide_dose(
    *, dose: Dose, by: User, password: str, **decision: Any
) -> DoseDecision:
    """An investigator's decision on a dose. See review.actions.decide_dose.

    With a wrong password nothing but that is kept. What was told before the dose is
    told no further; the bedside learns of the decision.
    """
    try:
        with transaction.atomic():
            cycle = story.lock(dose.cycle)
            dose.cycle = cycle
            made, created = reviews.decide_dose(
                dose=dose, by=by, password=password, **decision
            )
            if created:
                dosed.decided(cycle, made)
                heeded(cycle, notices.DOSE, clock.now(), by)
                transaction.on_commit(story.nudge)
            return made
    except reviews.WrongPassword:
        reviews.dose_refused(dose=dose, by=by)
        raise


def answer_before_dose(
    *, cycle: Cycle, answers: Mapping[str, str], by: User, key: UUID
) -> Saved:
    """What only a person can say before a dose: question -> answer, all at once."""
    at = clock.now()

    def act(locked: Cycle) -> tuple[list[Fact], bool]:
        made = [
            bedside.record_fact(
                cycle=locked, code=code, value=value, at=at, by=by, key=uuid5(key, code)
            )
            for code, value in sorted(answers.items())
        ]
        return [row for row, _new in made], any(new for _row, new in made)

    return story.tell(cycle, act, by=by)
