"""Putting a notice into the outbox, with its timers; and taking back what is over.

Every verb of the outbox takes the audit chain's head before its own rows, as a save has
done by then: so a save and a sweep never wait for each other in a ring.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from monitor import clock
from monitor.audit import actions as audit
from monitor.audit import together
from monitor.clinical.study.escalation import Policy, PolicyStep
from monitor.episodes.shapes import rank
from monitor.notices.actions.log import log
from monitor.notices.models import Attempt, Escalation, Notice, Sending
from monitor.trials.models import Participant, User

Outcome, Purpose = Attempt.Outcome, Escalation.Purpose
WAITING = Escalation.State.WAITING


@together.joins
def queue(
    *,
    participant: Participant,
    kind: str,
    level: str,
    policy: Policy,
    lines: Sequence[str],
    path: str,
    happened_at: datetime,
    key: str,
    patterns: Iterable[str] = (),
    signs: Iterable[str] = (),
    grade: int = 0,
    topics: Iterable[str] = (),
    counted_from: datetime | None = None,
    spare: User | None = None,
) -> Notice:
    """Put a notice into the outbox; the same `key` a second time adds nothing.

    Its steps count from `counted_from` (now). `spare` saw it on the screen and is not
    told again at once. A notice of a level takes over from those that nobody has
    answered: the clock goes on, unless the level rises. Who holds the chain's head is
    alone here, so that none comes twice.
    """
    audit.hold()
    now = clock.now()
    known = Notice.objects.filter(key=key).first()
    if known is not None:
        log(known, Outcome.DUPLICATE, now, key=key)
        return known
    notice = Notice(
        key=key,
        participant=participant,
        kind=kind,
        level=level,
        patterns=list(patterns),
        signs=list(signs),
        lines=list(lines),
        grade=grade,
        topics=list(topics),
        path=path,
        happened_at=happened_at,
        created_at=now,
        counted_from=counted_from or now,
        policy=policy.frozen(),
        spared=spare,
    )
    earlier = _taken_over(notice, now)
    _inherit(notice, earlier)
    notice.save(force_insert=True)
    for one in earlier:
        if one.goes_on:  # type: ignore[attr-defined]
            stop_timers(one, now, f"told with notice {notice.pk}")
    schedule(notice, now)
    return notice


def _taken_over(notice: Notice, now: datetime) -> list[Notice]:
    """What nobody answered, no graver than it: told with this notice from here on."""
    if notice.kind != Notice.Kind.LEVEL:
        return []
    earlier = unanswered(notice.participant).filter(kind=Notice.Kind.LEVEL)
    every = earlier.annotate(goes_on=still_told(now))
    return [one for one in every if rank(one.level) <= rank(notice.level)]


def _inherit(notice: Notice, earlier: Iterable[Notice]) -> None:
    """Its clock goes on where theirs was, unless the level rose; and it is not over

    before all that they told of is.
    """
    for one in earlier:
        if one.level == notice.level:
            notice.counted_from = min(notice.counted_from, one.counted_from)
        notice.topics = together_of(notice.topics, one.topics)


def together_of(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """The topics of both. Where one does not say its own, both stay until answered."""
    return sorted({*one, *other}) if one and other else []


def still_told(now: datetime) -> Q:
    """A condition on notices: something is still to come that can be called off."""
    return Q(Exists(timers_to_come(now).filter(notice=OuterRef("pk")))) | Q(
        Exists(messages_to_come().filter(notice=OuterRef("pk")))
    )


def timers_to_come(now: datetime) -> QuerySet[Escalation]:
    waiting = Escalation.objects.filter(state=WAITING, due_at__gt=now)
    return waiting.exclude(purpose=Purpose.CHECK)


def messages_to_come() -> QuerySet[Sending]:
    waiting = Sending.State.WAITING
    return Sending.objects.filter(state=waiting, claimed_until__isnull=True)


def unanswered(participant: Participant) -> QuerySet[Notice]:
    """Notices that nobody has answered and that are still so, oldest first."""
    waiting = Notice.objects.filter(answered_at__isnull=True, ended_at__isnull=True)
    return waiting.filter(participant=participant).order_by("created_at", "pk")


def schedule(notice: Notice, now: datetime) -> None:
    """The timers of the notice's turn. Steps that are due already become one."""
    policy = Policy.thawed(notice.policy)
    Escalation.objects.bulk_create(
        Escalation(
            notice=notice,
            turn=notice.turn,
            step=number,
            tell=list(step.tell),
            how=step.how,
            due_at=max(due_at, notice.created_at),
            first=due_at <= now,
        )
        for number, step, due_at in _timed(policy, notice.counted_from, now)
    )


Timed = tuple[int, PolicyStep, datetime]


def _timed(policy: Policy, start: datetime, now: datetime) -> list[Timed]:
    every = [
        (number, step, start + timedelta(minutes=step.after_minutes))
        for number, step in enumerate(policy.steps)
    ]
    due = [one for one in every if one[2] <= now]
    later = [one for one in every if one[2] > now]
    return [*_together(due, now), *later]


def _together(due: Sequence[Timed], now: datetime) -> list[Timed]:
    """One timer for all that are paged now, and one for all that see it."""
    made = []
    for how in ("page", "screen"):
        own = [(number, step) for number, step, _due in due if step.how == how]
        targets = dict.fromkeys(one for _number, step in own for one in step.tell)
        if own:
            made.append((own[-1][0], PolicyStep(0, tuple(targets), how), now))
    return made


def stop_timers(notice: Notice, now: datetime, why: str, *, due: bool = False) -> int:
    """Call off what is to come: later timers, and messages not yet sent.

    What is due now is shown all the same, so that nothing goes untold; with `due` it
    is called off too. Without a `why` the log says nothing.
    """
    told = {"state": Escalation.State.CALLED_OFF, "settled_at": now}
    every = Escalation.objects.filter(state=WAITING).exclude(purpose=Purpose.CHECK)
    timers = every if due else timers_to_come(now)
    stopped = timers.filter(notice=notice).update(**told)
    stopped += (
        messages_to_come()
        .filter(notice=notice)
        .update(state=Sending.State.CALLED_OFF, settled_at=now)
    )
    if stopped and why:
        log(notice, Outcome.CALLED_OFF, now, answer=why)
    return stopped


@together.joins
def call_off(*, participant: Participant, kind: str, why: str = "no longer so") -> int:
    """Notices of a kind that are no longer true: they are told no further."""
    found = list(unanswered(participant).filter(kind=kind).values_list("pk", flat=True))
    return end(found, why)


@together.joins
def end(notices: Sequence[int], why: str) -> int:
    """These notices, by id, are over: nobody is told on, nobody needs to answer."""
    if not notices:
        return 0
    audit.hold()
    now = clock.now()
    open_ones = Notice.objects.filter(pk__in=notices, ended_at__isnull=True)
    ended = list(open_ones.select_for_update())
    for one in ended:
        stop_timers(one, now, "", due=True)
        log(one, Outcome.ENDED, now, answer=why)
    Notice.objects.filter(pk__in=[one.pk for one in ended]).update(ended_at=now)
    return len(ended)
