"""Messages that leave the program: at least once each, with a key that says which."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from monitor import clock
from monitor.audit import actions as audit
from monitor.notices import channels
from monitor.notices.actions.firing import (
    ATTEMPTS,
    CLAIM,
    FIRST_PAUSE,
    free,
)
from monitor.notices.actions.log import log
from monitor.notices.actions.raising import raise_undeliverable
from monitor.notices.channels.base import Message, Undelivered
from monitor.notices.models import Attempt, Escalation, Sending

logger = logging.getLogger(__name__)

# At once, so that one receiver that hangs does not hold up the others. All of a batch
# must be over before its claims lapse: BATCH / WORKERS x the channels' patience.
WORKERS = 8
BATCH = 24
State, Outcome = Sending.State, Attempt.Outcome


def send_due(now: datetime) -> int:
    """Send the messages that are due and return how many arrived.

    1. Claim a batch, each by a conditional UPDATE, and log that an attempt begins.
    2. Send them side by side. The threads see no database, only messages.
    3. Settle each as its answer comes: sent, to be tried again, or undeliverable.
    Whoever dies between 2 and 3 leaves a message that is sent again with the same key.
    """
    arrived = 0
    while claimed := _claim_batch(now):
        with ThreadPoolExecutor(WORKERS) as pool:
            running = {
                pool.submit(channels.send, one.channel, message_of(one)): one
                for one in claimed
            }
            arrived += sum(_settle(running[one], one) for one in as_completed(running))
    return arrived


def _claim_batch(now: datetime) -> list[Sending]:
    """Ours for as long as CLAIM lasts, each with the beginning of its attempt logged:

    whoever dies before the answer leaves that line. Of what a person is to get of a
    notice by a channel the latest goes first: when it has arrived the rest is needless.
    """
    waiting = Sending.objects.filter(free(now)).exclude(has_later(now))
    waiting = waiting.order_by("due_at", "pk")
    if not waiting.exists():
        return []
    with transaction.atomic():
        audit.hold()
        ids = list(waiting.values_list("pk", flat=True)[:BATCH])
        ours = [
            pk
            for pk in ids
            if Sending.objects.filter(free(now), pk=pk).update(
                claimed_until=clock.now() + CLAIM, attempts=F("attempts") + 1
            )
        ]
        rows = Sending.objects.filter(pk__in=ours).order_by("due_at", "pk")
        mine = list(rows.select_related("notice__participant__site__trial", "user"))
        for sending in mine:
            _log(sending, Outcome.BEGUN, "")
    return mine


def has_later(now: datetime) -> Exists:
    """A condition on messages: one of a later step is due, or under way, as well."""
    later = Sending.objects.filter(
        notice=OuterRef("notice"),
        user=OuterRef("user"),
        channel=OuterRef("channel"),
        pk__gt=OuterRef("pk"),
        state=State.WAITING,
        due_at__lte=now,
    )
    return Exists(later)


def message_of(sending: Sending) -> Message:
    notice = sending.notice
    return Message(
        key=sending.key,
        to=sending.user.username,
        address=channels.address(sending.channel, sending.user),
        participant=notice.participant.code,
        kind=notice.kind,
        level=notice.level,
        site=str(notice.participant.site),
        zone=notice.participant.site.time_zone,
        at=notice.happened_at,
        notice=notice.pk,
    )


def _settle(sending: Sending, answer: Future[str]) -> bool:
    try:
        said = answer.result()
    except Undelivered as failure:
        _failed(sending, str(failure), failure.final)
        return False
    except Exception as failure:
        logger.exception("A channel failed.")
        _failed(sending, type(failure).__name__, False)
        return False
    with transaction.atomic():
        # Our claim may have lapsed before the answer came, and another sent it, too.
        first = _close(sending, State.SENT)
        _log(sending, Outcome.SENT if first else Outcome.AGAIN, said)
        _drop_earlier(sending)
    return first


def _drop_earlier(sending: Sending) -> None:
    """What still waits of earlier steps would come after what it led to."""
    earlier = Sending.objects.filter(
        notice=sending.notice,
        user=sending.user,
        channel=sending.channel,
        pk__lt=sending.pk,
        state=State.WAITING,
        claimed_until__isnull=True,
    )
    for one in earlier:
        if _close(one, State.CALLED_OFF):
            _log(one, Outcome.NEEDLESS, "")


def _failed(sending: Sending, said: str, final: bool) -> None:
    """Wait twice as long each time; at last it is undeliverable, and raises others."""
    with transaction.atomic():
        audit.hold()
        given_up = final or sending.attempts >= ATTEMPTS
        was_open = _close(sending, State.FAILED) if given_up else _wait(sending)
        if not was_open:  # Another attempt arrived meanwhile: nothing is wrong.
            _log(sending, Outcome.NEEDLESS, said)
        elif not given_up:
            _log(sending, Outcome.RETRY, said)
        else:
            _log(sending, Outcome.FAILED, said)
            _next_step(sending, clock.now())
            raise_undeliverable(sending.notice, sending.key)


def _wait(sending: Sending) -> bool:
    """Whether it was still open; it is due again after its pause."""
    pause = FIRST_PAUSE * 2 ** (sending.attempts - 1)
    waiting = Sending.objects.filter(pk=sending.pk, state=State.WAITING)
    return bool(waiting.update(due_at=clock.now() + pause, claimed_until=None))


def _close(sending: Sending, state: str) -> bool:
    """Whether it was still open; it is closed once."""
    waiting = Sending.objects.filter(pk=sending.pk, state=State.WAITING)
    closed = waiting.update(state=state, settled_at=clock.now(), claimed_until=None)
    return bool(closed)


def _log(sending: Sending, outcome: str, said: str) -> None:
    log(
        sending.notice,
        outcome,
        clock.now(),
        user=sending.user,
        channel=sending.channel,
        number=sending.attempts,
        key=sending.key,
        answer=said,
    )


def _next_step(sending: Sending, now: datetime) -> None:
    """Whoever comes next in the escalation is told now."""
    waiting = Escalation.objects.filter(
        notice=sending.notice,
        turn=F("notice__turn"),
        purpose=Escalation.Purpose.TELL,
        state=Escalation.State.WAITING,
        due_at__gt=now,
    )
    following = waiting.order_by("due_at", "step").first()
    if following is not None:
        Escalation.objects.filter(pk=following.pk).update(due_at=now, pulled=True)
