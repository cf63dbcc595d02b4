"""One step of a notice: who is told, who is interrupted, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.audit import actions as audit
from monitor.clinical.study.escalation import Policy
from monitor.notices import channels, duty
from monitor.notices.actions import quiet
from monitor.notices.actions.log import IN_APP, SWEEP, log, record
from monitor.notices.actions.outbox import WAITING
from monitor.notices.actions.raising import give_up
from monitor.notices.models import Attempt, Delivery, Escalation, Notice, Sending
from monitor.notices.replacing import replaced
from monitor.trials.models import User

# A step that is pulled forward does not page again whom it paged just now.
JUST_NOW = timedelta(seconds=60)
PAGE = "page"

Outcome, Purpose = Attempt.Outcome, Escalation.Purpose


@dataclass
class Telling:
    """What one step did: whom it reached, and for whom it was the first time."""

    people: list[User]
    missing: list[str]
    fresh: set[int] = field(default_factory=set)


def tell(notice: Notice, timer: Escalation, now: datetime) -> None:
    people, missing = duty.who(notice.participant.site, timer.tell, now)
    told = Telling(people, missing)
    for target in missing:
        log(notice, Outcome.NOBODY, now, answer=duty.nobody(target))
    _show(notice, timer, told, now)
    if timer.how == PAGE:
        _page(notice, timer, told, now)
    if told.people:
        _mark_delivered(notice, told, now)
    if _goes_on(timer, told):
        _pull_next(notice, now)
    _repeat(notice, timer, now)


def together(timer: Escalation, now: datetime) -> Escalation:
    """The timer with every other page of its notice that is due: the latest of them.

    After a pause of the worker each person gets one message, not one of every step.
    """
    if timer.how != PAGE or timer.purpose != Purpose.TELL:
        return timer
    due = Escalation.objects.filter(
        notice=timer.notice_id,
        turn=timer.turn,
        purpose=Purpose.TELL,
        how=PAGE,
        state=WAITING,
        due_at__lte=now,
    )
    every = sorted([timer, *due.exclude(pk=timer.pk)], key=lambda one: one.step)
    if len(every) == 1:
        return timer
    last = every[-1]
    last.tell = list(dict.fromkeys(who for one in every for who in one.tell))
    last.first = all(one.first for one in every)
    last.pulled = all(one.pulled for one in every)
    due.update(state=Escalation.State.DONE, settled_at=now, claimed_until=None)
    steps = ", ".join(str(one.step + 1) for one in every)
    log(timer.notice, Outcome.MERGED, now, answer=f"steps {steps}")
    return last


def show_only(notice: Notice, timer: Escalation, now: datetime) -> None:
    """Taken before it was told: it stands in the lists, and interrupts nobody."""
    told = Telling(*duty.who(notice.participant.site, timer.tell, now))
    _show(notice, timer, told, now)
    _mark_delivered(notice, told, now)


def _show(notice: Notice, timer: Escalation, told: Telling, now: datetime) -> None:
    """In-app: a row in each person's list, written once however often it is told."""
    before = set(notice.deliveries.values_list("user_id", flat=True))
    for user in told.people:
        if _was_looking(notice, timer, user):
            log(notice, Outcome.SPARED, now, user=user)
        elif user.pk in before:
            log(notice, Outcome.DUPLICATE, now, user=user, channel=IN_APP)
        else:
            told.fresh.add(user.pk)
            Delivery.objects.create(notice=notice, user=user, channel=IN_APP, at=now)
            log(notice, Outcome.SHOWN, now, user=user, channel=IN_APP)


def _page(notice: Notice, timer: Escalation, told: Telling, now: datetime) -> None:
    """Interrupt, through every channel by which the person can be reached."""
    paged = _paged(notice)
    people = [one for one in told.people if not _was_looking(notice, timer, one)]
    held = quiet.until(notice, timer, people, set(paged), now)
    for user in people:
        if user.pk in held:
            log(notice, Outcome.QUIET, now, user=user)
            continue
        if timer.pulled and user.pk in paged and paged[user.pk] > now - JUST_NOW:
            log(notice, Outcome.DUPLICATE, now, user=user, answer="paged just now")
            continue
        if user.pk not in paged:
            told.fresh.add(user.pk)
        _interrupt(notice, timer, user, now)
    if held:
        _put_off(notice, timer, min(held.values()))


def _was_looking(notice: Notice, timer: Escalation, user: User) -> bool:
    """Whether the person typed it, and is not told again at once."""
    return user.pk == notice.spared_id and timer.first and notice.turn == 1


def _put_off(notice: Notice, timer: Escalation, until: datetime) -> None:
    """A page that is held back comes when the quiet time is over, if nobody answers."""
    Escalation.objects.update_or_create(
        notice=notice,
        turn=notice.turn,
        purpose=Purpose.LATER,
        step=timer.step,
        defaults={
            "tell": timer.tell,
            "how": PAGE,
            "due_at": until,
            "first": timer.first,
            "state": WAITING,
            "settled_at": None,
            "claimed_until": None,
        },
    )


def tell_later(notice: Notice, timer: Escalation, now: datetime) -> None:
    """The quiet time is over: who of the step was not paged since is paged now."""
    paged = _paged(notice)
    people, _missing = duty.who(notice.participant.site, timer.tell, now)
    told = Telling([one for one in people if one.pk not in paged], [])
    _show(notice, timer, told, now)
    _page(notice, timer, told, now)
    if told.people:
        _mark_delivered(notice, told, now)


def _interrupt(notice: Notice, timer: Escalation, user: User, now: datetime) -> None:
    log(notice, Outcome.QUEUED, now, user=user, channel=IN_APP, interrupts=True)
    for channel in channels.ready(user):
        key = f"monitor-{notice.pk}-{timer.turn}-{timer.step}-{user.pk}-{channel}"
        _sending, created = Sending.objects.get_or_create(
            key=key,
            defaults={
                "notice": notice,
                "user": user,
                "channel": channel,
                "due_at": now,
            },
        )
        outcome = Outcome.QUEUED if created else Outcome.DUPLICATE
        log(notice, outcome, now, user=user, channel=channel, key=key)


def _paged(notice: Notice) -> dict[int, datetime]:
    """Who was interrupted by this notice, and when last."""
    rows = notice.attempts.filter(interrupts=True, user__isnull=False)
    return dict(rows.order_by("at", "pk").values_list("user", "at"))


def _mark_delivered(notice: Notice, told: Telling, now: datetime) -> None:
    waiting = Notice.objects.filter(pk=notice.pk, state=Notice.State.WAITING)
    waiting.update(state=Notice.State.DELIVERED, settled_at=now)
    names = ", ".join(user.username for user in told.people if user.pk in told.fresh)
    if names:
        record(notice, "notice.delivered", SWEEP, [audit.change("told", None, names)])


def _goes_on(timer: Escalation, told: Telling) -> bool:
    """Whether the next step is due at once, because somebody is missing."""
    if timer.pulled:
        return not told.fresh
    return bool(told.missing) if timer.how == PAGE else not told.people


def _pull_next(notice: Notice, now: datetime) -> None:
    """The next step comes now; where there is none, and nobody knows: undeliverable.

    What is due at this moment comes by itself, and is nobody's next step.
    """
    waiting = Escalation.objects.filter(
        notice=notice, turn=notice.turn, purpose=Purpose.TELL, state=WAITING
    )
    if waiting.filter(due_at__lte=now, pulled=True).exists():
        return
    following = waiting.filter(due_at__gt=now).order_by("due_at", "step").first()
    if following is not None:
        waiting.filter(pk=following.pk).update(due_at=now, pulled=True)
    elif waiting.exists() or notice.deliveries.exists() or _was_spared(notice):
        return
    else:
        give_up(notice, now, "no step reached anybody")


def _was_spared(notice: Notice) -> bool:
    return notice.attempts.filter(outcome=Outcome.SPARED).exists()


def _repeat(notice: Notice, timer: Escalation, now: datetime) -> None:
    """After the last step the same again, while nobody answers."""
    policy = Policy.thawed(notice.policy)
    last = len(policy.steps) - 1
    done = timer.step - last
    if policy.repeat_minutes is None or not 0 <= done < policy.repeat_times:
        return
    if replaced([notice]):  # The later one is told on.
        return
    Escalation.objects.get_or_create(
        notice=notice,
        turn=notice.turn,
        purpose=Purpose.TELL,
        step=timer.step + 1,
        defaults={
            "tell": list(policy.steps[last].tell),
            "how": policy.steps[last].how,
            "due_at": now + timedelta(minutes=policy.repeat_minutes),
        },
    )
