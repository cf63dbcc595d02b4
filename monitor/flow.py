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

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock, dosed, story
from monitor.audit import heads
from monitor.bedside import actions as bedside
from monitor.bedside.entry import NewReading
from monitor.bedside.models import Fact, Observation, Reading, ReferenceRange
from monitor.bedside.standards import LaboratoryRange, SiteUnit
from monitor.door import actions as door
from monitor.episodes import actions as findings
from monitor.episodes import assessing
from monitor.episodes.models import CycleState, Episode, Step, TreatmentLink
from monitor.notices import actions as notices
from monitor.notices import asking, dosing, unblinding
from monitor.notices.models import Acknowledgement, Notice, Snooze
from monitor.refusal import Refused
from monitor.review import actions as reviews
from monitor.review.events import SafetyReport
from monitor.review.models import (
    DoseDecision,
    Look,
    Question,
    Reply,
    Review,
    SecondOpinion,
    Signature,
)
from monitor.story import Saved, Swept, cause_of
from monitor.treatments import actions as treatments
from monitor.treatments.models import Treatment
from monitor.trials import actions as trials
from monitor.trials.models import (
    Cycle,
    Dose,
    Participant,
    Site,
    Unblinding,
    User,
)
from monitor.trials.queries import current_cycle

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
    laboratory: str = "",
    reported_at: datetime | None = None,
    given: Sequence[Mapping[str, Any]] = (),
) -> Saved:
    """A set of readings, with the lines of the management log that were typed with it.

    `given` holds arguments of treatments.actions.log. The same `key` again adds nothing
    and finds nothing new.
    """

    def act(locked: Cycle) -> tuple[Observation, bool]:
        row, created = bedside.record_observation(
            cycle=locked,
            observed_at=observed_at,
            readings=readings,
            by=by,
            key=key,
            source=source,
            panel=panel,
            note=note,
            laboratory=laboratory,
            reported_at=reported_at,
        )
        if not created:
            return row, created
        heeded(locked, notices.RECHECK, observed_at, by)
        for line in given:
            treatments.log(cycle=locked, by=by, **line)
            heeded(locked, notices.TREATMENT, line["at"], by)
        return row, created

    ends = [one.until for one in readings if one.until]
    known = max([reported_at or observed_at, *ends])
    return story.tell(cycle, act, by=by, cause=cause_of(known))


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
    """Any other answer in place of a reading: not done, unrecordable, a choice.

    For the protocol's minutes of grace the author of a slip needs no reason.
    """
    cycle = reading.observation.cycle
    grace = assessing.protocol_of(cycle).lines["own_slip_minutes"]
    return _correction(
        cycle,
        lambda: bedside.replace_reading(
            reading=reading, new=new, by=by, reason=reason, grace=grace
        ),
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


def settle_sets(
    *, first: Observation, second: Observation, by: User, **told: Any
) -> Saved:
    """Of two sets of one slot, which values count. See bedside.actions.settle."""
    return story.tell(
        first.cycle,
        lambda _locked: bedside.settle(first=first, second=second, by=by, **told),
        by=by,
        cause=Cause.CORRECTION,
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


def say_over(*, episode: Episode, by: User) -> Saved:
    """A person says that an episode is over, as of now.

    It closes only where everything that made it is known not to be there (R5).
    """
    at = clock.now()
    return decide(
        cycle=episode.cycle,
        code="resolved",
        value=episode.topic,
        at=at,
        by=by,
        key=uuid5(NAMESPACE_OID, f"resolved {episode.pk} {at.isoformat()}"),
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


def record_laboratory_range(*, site: Site, by: User, **told: Any) -> LaboratoryRange:
    """Limits for the sets to come. See bedside.actions.record_laboratory_range."""
    return bedside.record_laboratory_range(site=site, by=by, **told)[0]


def choose_unit(*, site: Site, by: User, **told: Any) -> SiteUnit:
    """How a field begins at a site. See bedside.actions.choose_unit."""
    return bedside.choose_unit(site=site, by=by, **told)[0]


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


def lock_account(*, user: User, by: User, reason: str) -> User:
    """The account opens nothing from now on, and every session of it ends."""
    with transaction.atomic():
        locked = trials.lock_account(user=user, by=by, reason=reason)
        door.end_all_of(user=user, by=by)
        return locked


def unblind(
    *, participant: Participant, by: User, password: str, reason: str, key: UUID
) -> Unblinding:
    """An emergency: the person learns the dose level. See trials.actions.unblind.

    The people whom the protocol lists are told that it was done, not what was seen.
    With a wrong password nothing but that is kept. Raises WrongPassword or Refused.
    """
    cycle = current_cycle(participant)
    if cycle is None:
        raise Refused(_("This participant has no cycle yet: nothing was given."))
    try:
        with transaction.atomic():
            cycle = story.lock(cycle)
            reviews.check_password(by, password)
            made, created = trials.unblind(
                participant=cycle.participant, by=by, reason=reason, key=key
            )
            if created:
                unblinding.told(cycle, made)
                transaction.on_commit(story.nudge)
            return made
    except reviews.WrongPassword:
        trials.unblinding_refused(participant=participant, by=by)
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


def _correction(cycle: Cycle, act: Callable[[], Any], by: User) -> Saved:
    return story.tell(
        cycle, lambda _locked: (act(), True), by=by, cause=Cause.CORRECTION
    )


# Reviews and notices


def save_review(*, episode: Episode, by: User, **decision: Any) -> Review:
    """Keep a decision without signing it. See review.actions.review."""
    with transaction.atomic():
        cycle = story.lock(episode.cycle)
        made = reviews.review(episode=episode, by=by, **decision)
        heeded(cycle, notices.REVIEW, clock.now(), by)
        return made


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
            cycle = story.lock(episode.cycle)
            _up_to_date(cycle, by)
            review = reviews.review(episode=episode, by=by, **decision)
            signature = reviews.sign(
                review=review, by=by, password=password, meaning=meaning
            )
            heeded(cycle, notices.REVIEW, clock.now(), by)
    except reviews.WrongPassword:
        reviews.refused(episode=episode, by=by)
        raise
    return Signed(review, signature)


@dataclass(frozen=True)
class Batch:
    """What became of several drafts: signatures, and what was refused with why."""

    signed: list[Signature]
    refused: list[tuple[Review, str]]


def sign_drafts(
    *, drafts: Sequence[Review], by: User, password: str, meaning: str
) -> Batch:
    """One signature for each draft, each in its own transaction.

    A draft that cannot be signed as it stands is named and holds up no other. Raises
    WrongPassword before anything is signed.
    """
    made = Batch([], [])
    told = {"password": password, "meaning": meaning}
    for draft in drafts:
        try:
            made.signed.append(_signed(draft, by, **told))
        except reviews.WrongPassword:
            reviews.refused(episode=draft.episode, by=by)
            raise
        except Refused as refused:
            made.refused.append((draft, refused.sentence))
    return made


def _signed(draft: Review, by: User, **told: Any) -> Signature:
    with transaction.atomic():
        cycle = story.lock(draft.episode.cycle)
        _up_to_date(cycle, by)
        signature = reviews.sign_draft(review=draft, by=by, **told)
        heeded(cycle, notices.REVIEW, clock.now(), by)
        return signature


def second_opinion(*, signature: Signature, by: User, **said: Any) -> SecondOpinion:
    """A second reviewer's word. See review.actions.second_opinion."""
    try:
        with transaction.atomic():
            story.lock(signature.review.episode.cycle)
            return reviews.second_opinion(signature=signature, by=by, **said)
    except reviews.WrongPassword:
        reviews.refused(episode=signature.review.episode, by=by)
        raise


def _up_to_date(cycle: Cycle, by: User) -> None:
    due = CycleState.objects.filter(cycle=cycle, due_at__lte=clock.now())
    if due.exists():
        story.assess(cycle, Cause.TIME, by)


def heeded(cycle: Cycle, what: str, at: datetime, by: User) -> int:
    """Something followed what people were told of the participant."""
    who = cycle.participant
    return notices.acted(participant=who, what=what, at=at, by=by)


def acknowledge(*, notice: Notice, by: User, **where: Any) -> Acknowledgement:
    """The person takes a notice. See notices.actions.acknowledge."""
    return notices.acknowledge(notice=notice, by=by, **where)


def snooze(*, notice: Notice, by: User, until: datetime, reason: str) -> Snooze:
    """The person puts a notice off. See notices.actions.snooze."""
    return notices.snooze(notice=notice, by=by, until=until, reason=reason)


def mark_read(*, notice: Notice, by: User) -> Acknowledgement:
    return notices.mark_read(notice=notice, by=by)


def look(*, episode: Episode, by: User) -> Look:
    """The person has the episode before them."""
    return reviews.look(episode=episode, by=by)


def report_event(*, episode: Episode, by: User, **told: Any) -> SafetyReport:
    """A serious event was reported. See review.actions.report."""
    return reviews.report(episode=episode, by=by, **told)[0]


def export_events(*, by: User, **which: Any) -> str:
    """The adverse events as CSV. See review.actions.export_events."""
    return reviews.export_events(by=by, **which)


# Questions


def ask(*, cycle: Cycle, by: User, **told: Any) -> Question:
    """A question to the site's bedside. See review.actions.ask."""
    with transaction.atomic():
        locked = story.lock(cycle)
        question, created = reviews.ask(cycle=locked, by=by, **told)
        if created:
            asking.asked(question)
            transaction.on_commit(story.nudge)
        return question


def answer(
    *,
    question: Question,
    by: User,
    text: str,
    key: UUID,
    reading: Reading | None = None,
    new: NewReading | None = None,
    reason: str = "",
) -> Reply:
    """A reply to who asked; with `reading`, that value is corrected in the same step.

    `new` takes its place; None strikes it out. Raises Refused, with the field.
    """

    def act(_locked: Cycle) -> tuple[Reply, bool]:
        known = Reply.objects.filter(key=key).first()
        if known is not None:
            return known, False
        row = None
        if reading is not None and new is not None:
            row = bedside.replace_reading(
                reading=reading, new=new, by=by, reason=reason
            )
        elif reading is not None:
            row = bedside.void_reading(reading=reading, by=by, reason=reason)
        reply, created = reviews.say(
            question=question,
            kind=Reply.Kind.ANSWER,
            by=by,
            key=key,
            text=text,
            correction=row,
        )
        asking.answered(question, reply)
        return reply, created

    if reading is not None:
        cause = Cause.CORRECTION
        return story.tell(question.cycle, act, by=by, cause=cause).row
    with transaction.atomic():
        reply, _created = act(story.lock(question.cycle))
        transaction.on_commit(story.nudge)
        return reply


def close_question(*, question: Question, by: User, key: UUID, text: str = "") -> Reply:
    """It is settled: nobody is told of it any more."""
    with transaction.atomic():
        story.lock(question.cycle)
        kind = Reply.Kind.CLOSE
        reply, _created = reviews.say(
            question=question, kind=kind, by=by, key=key, text=text
        )
        asking.settled(question)
        return reply


def ask_again(*, question: Question, by: User, key: UUID, text: str) -> Reply:
    """The answer did not settle it, or what was settled is open again."""
    with transaction.atomic():
        story.lock(question.cycle)
        kind = Reply.Kind.REOPEN
        reply, created = reviews.say(
            question=question, kind=kind, by=by, key=key, text=text
        )
        if created:
            asking.asked(question, reply)
            transaction.on_commit(story.nudge)
        return reply


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

    1. If the clock stepped back, move the timers back with it.
    2. Assess what is not assessed, and what time alone may have changed.
    3. Put what is late into the outbox.
    4. Tell the people whose time it is. Messages go out in a task of their own, so
       that a receiver that hangs holds up no sweep.
    5. Note the audit trail's head, once a day.
    6. Leave a heartbeat: when it stops, every page says so.
    """
    notices.mind_the_clock(name=SWEEP, now=now)
    outcomes = [story.assess_due(pk, now, SWEEP) for pk in story.due_cycles(now)]
    story.tell_late(now)
    delivered = notices.deliver_due(now)
    heads.keep(now)
    notices.beat(name=SWEEP, at=now)
    return Swept(outcomes.count(True), outcomes.count(False), delivered)


def deliver(now: datetime) -> int:
    """Tell the people whose time it is, and nothing else: after a save."""
    return notices.deliver_due(now)


def send(now: datetime) -> int:
    """Send the messages that wait: to mailboxes, pagers, chats."""
    return notices.send_due(now)
