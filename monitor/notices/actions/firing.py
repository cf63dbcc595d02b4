"""Timers that are due: people are told, or what was answered is looked at again."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from monitor import clock
from monitor.audit import actions as audit
from monitor.clinical.escalation import Policy, quiet
from monitor.episodes.shapes import rank
from monitor.notices import channels, duty
from monitor.notices.actions.log import IN_APP, SWEEP, log, record
from monitor.notices.actions.outbox import WAITING, schedule, unanswered
from monitor.notices.actions.pulse import TOLERANCE
from monitor.notices.actions.raising import raise_undeliverable
from monitor.notices.models import (
    Acknowledgement,
    Attempt,
    Delivery,
    Escalation,
    Notice,
    Sending,
)
from monitor.trials.models import User

logger = logging.getLogger(__name__)

# A worker that died gives its claim back after this long.
CLAIM = timedelta(seconds=60)
ATTEMPTS = 6
FIRST_PAUSE = timedelta(seconds=30)
BATCH = 100
# A step that is pulled forward does not page again whom it paged just now.
JUST_NOW = timedelta(seconds=60)
PAGE = "page"

Outcome, Purpose = Attempt.Outcome, Escalation.Purpose


def free(now: datetime) -> Q:
    """What waits, is due and is held by nobody.

    A claim that ends later than one made now was made before the clock went back, by
    somebody who may have died since.
    """
    unclaimed = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    too_late = Q(claimed_until__gt=clock.now() + CLAIM + TOLERANCE)
    return (unclaimed | too_late) & Q(state="waiting", due_at__lte=now)


def deliver_due(now: datetime) -> int:
    """Fire the timers that are due, each in its own transaction; how many fired.

    1. Find the waiting timers that nobody holds.
    2. Claim one by a conditional UPDATE: one row changed means that it is ours.
    3. Tell its people, and settle it; or note the failure, for a later attempt.
    4. Look again: a step that reached nobody has made the next one due.
    """
    fired = 0
    tried: set[int] = set()
    while True:
        found = Escalation.objects.filter(free(now)).exclude(pk__in=tried)
        ids = list(found.order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])
        if not ids:
            return fired
        tried.update(ids)
        fired += sum(_fire_one(pk, now) for pk in ids)


def claim(pk: int, now: datetime) -> bool:
    """Whether the timer is ours to fire, for as long as CLAIM lasts."""
    mine = Escalation.objects.filter(free(now), pk=pk).update(
        claimed_until=now + CLAIM, attempts=F("attempts") + 1
    )
    return mine == 1


def _fire_one(pk: int, now: datetime) -> bool:
    if not claim(pk, now):
        return False
    try:
        fire(pk, now)
    except Exception:
        logger.exception("A timer of a notice could not be fired.")
        _put_back(pk, now)
        return False
    return True


def _put_back(pk: int, now: datetime) -> None:
    """Wait twice as long each time; after ATTEMPTS give up, and raise somebody."""
    with transaction.atomic():
        audit.hold()
        timer = Escalation.objects.select_related("notice").get(pk=pk)
        timer.claimed_until = None
        timer.due_at = now + FIRST_PAUSE * 2 ** (timer.attempts - 1)
        if timer.attempts >= ATTEMPTS:
            timer.state, timer.settled_at = Escalation.State.CALLED_OFF, now
            give_up(timer.notice, now, "the program failed each time")
        timer.save()


def give_up(notice: Notice, now: datetime, why: str) -> None:
    """The notice reached nobody: it says so, and others are raised."""
    log(notice, Outcome.FAILED, now, answer=why)
    waiting = Notice.objects.filter(pk=notice.pk, state=Notice.State.WAITING)
    if waiting.update(state=Notice.State.FAILED, settled_at=now):
        record(notice, "notice.failed", SWEEP)
    raise_undeliverable(notice, f"notice:{notice.pk}")


@transaction.atomic
def fire(pk: int, now: datetime) -> None:
    """One timer. What was answered or is over in the meantime stays quiet."""
    audit.hold()
    timer = Escalation.objects.get(pk=pk)
    notice = _locked(timer.notice_id)
    if timer.state != WAITING:
        return
    if timer.purpose == Purpose.CHECK:
        _settle(timer, now)
        _check(notice, now)
    elif notice.ended_at or timer.turn != notice.turn:
        _settle(timer, now, Escalation.State.CALLED_OFF)
    elif notice.answered_at:
        _settle(timer, now)
        _show_only(notice, timer, now)
    elif timer.purpose == Purpose.RESUME:
        _settle(timer, now)
        log(notice, Outcome.RESUMED, now)
        next_turn(notice, now)
    else:
        _settle(timer, now)
        _tell(notice, timer, now)


def _locked(pk: int) -> Notice:
    notices = Notice.objects.select_for_update(of=("self",))
    return notices.select_related("participant__site__trial").get(pk=pk)


def _settle(
    timer: Escalation, now: datetime, state: str = Escalation.State.DONE
) -> None:
    Escalation.objects.filter(pk=timer.pk).update(
        state=state, settled_at=now, claimed_until=None
    )


def _check(notice: Notice, now: datetime) -> None:
    """An acknowledgement that nothing followed lapses: everybody is told again."""
    if followed(notice) or notice.ended_at or not notice.answered_at:
        return
    log(notice, Outcome.LAPSED, now)
    record(notice, "notice.lapsed", SWEEP)
    next_turn(notice, now)


def followed(notice: Notice) -> bool:
    """Whether in this turn something was done, measured or reviewed."""
    acted = Acknowledgement.Kind.ACTED
    return notice.answers.filter(kind=acted, turn=notice.turn).exists()


def next_turn(notice: Notice, now: datetime) -> None:
    """Open again, with all steps from now."""
    notice.turn += 1
    notice.counted_from, notice.answered_at = now, None
    notice.save(update_fields=["turn", "counted_from", "answered_at"])
    schedule(notice, now)


# Telling


@dataclass
class Telling:
    """What one step did: whom it reached, and for whom it was the first time."""

    people: list[User]
    missing: list[str]
    fresh: set[int] = field(default_factory=set)


def _tell(notice: Notice, timer: Escalation, now: datetime) -> None:
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


def _show_only(notice: Notice, timer: Escalation, now: datetime) -> None:
    """Taken before it was told: it stands in the lists, and interrupts nobody."""
    told = Telling(*duty.who(notice.participant.site, timer.tell, now))
    _show(notice, timer, told, now)
    _mark_delivered(notice, told, now)


def _show(notice: Notice, timer: Escalation, told: Telling, now: datetime) -> None:
    """In-app: a row in each person's list, written once however often it is told."""
    before = set(notice.deliveries.values_list("user_id", flat=True))
    for user in told.people:
        if user.pk == notice.spared_id and timer.first and notice.turn == 1:
            log(notice, Outcome.SPARED, now, user=user)
        elif user.pk in before:
            log(notice, Outcome.DUPLICATE, now, user=user, channel=IN_APP)
        else:
            told.fresh.add(user.pk)
            Delivery.objects.create(notice=notice, user=user, channel=IN_APP, at=now)
            log(notice, Outcome.SHOWN, now, user=user, channel=IN_APP)


def _page(notice: Notice, timer: Escalation, told: Telling, now: datetime) -> None:
    """Interrupt, through every channel by which the person can be reached."""
    lately = _interrupted_lately(notice, told.people, now)
    paged = _paged(notice)
    for user in told.people:
        if user.pk == notice.spared_id and timer.first and notice.turn == 1:
            continue
        if timer.first and notice.turn == 1 and user.pk in lately:
            log(notice, Outcome.QUIET, now, user=user)
            continue
        if timer.pulled and user.pk in paged and paged[user.pk] > now - JUST_NOW:
            log(notice, Outcome.DUPLICATE, now, user=user, answer="paged just now")
            continue
        if user.pk not in paged:
            told.fresh.add(user.pk)
        _interrupt(notice, timer, user, now)


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


def _interrupted_lately(
    notice: Notice, people: Sequence[User], now: datetime
) -> set[int]:
    """Who was interrupted about the participant just now, at this level or a higher.

    What was put off when this one came does not count: its end is told at once.
    """
    window = now - timedelta(minutes=quiet().interruption_minutes)
    rows = Attempt.objects.filter(
        user__in=people,
        interrupts=True,
        at__gt=window,
        at__lte=now,
        notice__participant=notice.participant_id,
    ).exclude(notice=notice)
    rows = rows.exclude(notice__snoozes__until__gt=notice.created_at)
    return {
        user
        for user, level in rows.values_list("user", "notice__level")
        if rank(level) >= rank(notice.level)
    }


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
    if _told_with_another(notice):
        return
    Escalation.objects.get_or_create(
        notice=notice,
        turn=notice.turn,
        purpose=Purpose.TELL,
        step=timer.step + 1,
        defaults={
            "tell": timer.tell,
            "how": timer.how,
            "due_at": now + timedelta(minutes=policy.repeat_minutes),
        },
    )


def _told_with_another(notice: Notice) -> bool:
    """Whether a later notice, as grave or graver, waits for its answer and tells on."""
    if notice.kind != Notice.Kind.LEVEL:
        return False
    later = unanswered(notice.participant).filter(kind=notice.kind, pk__gt=notice.pk)
    levels = later.values_list("level", flat=True)
    return any(rank(level) >= rank(notice.level) for level in levels)
