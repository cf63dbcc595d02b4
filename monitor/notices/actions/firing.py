"""Timers that are due: people are told, or what was answered is looked at again."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from monitor import clock
from monitor.audit import actions as audit
from monitor.notices.actions import steps
from monitor.notices.actions.log import SWEEP, log, record
from monitor.notices.actions.outbox import WAITING, schedule
from monitor.notices.actions.pulse import TOLERANCE
from monitor.notices.actions.raising import give_up
from monitor.notices.models import Acknowledgement, Attempt, Escalation, Notice

logger = logging.getLogger(__name__)

# A worker that died gives its claim back after this long.
CLAIM = timedelta(seconds=60)
ATTEMPTS = 6
FIRST_PAUSE = timedelta(seconds=30)
BATCH = 100

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
        steps.show_only(notice, timer, now)
    elif timer.purpose == Purpose.RESUME:
        _settle(timer, now)
        log(notice, Outcome.RESUMED, now)
        next_turn(notice, now)
    elif timer.purpose == Purpose.LATER:
        _settle(timer, now)
        steps.tell_later(notice, timer, now)
    else:
        _settle(timer, now)
        steps.tell(notice, steps.together(timer, now), now)


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
