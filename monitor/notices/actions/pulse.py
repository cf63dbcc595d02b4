"""The sweep's heartbeat, and what it shows about the clock."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from monitor.audit import actions as audit
from monitor.notices.actions.log import log
from monitor.notices.models import Attempt, Escalation, Heartbeat, Notice, Sending

logger = logging.getLogger(__name__)

# Two machines of one program may differ by so much; a sweep may take so long.
TOLERANCE = timedelta(seconds=60)


def beat(*, name: str, at: datetime) -> Heartbeat:
    """The sweep ran: when this stops, every page says so."""
    return Heartbeat.objects.update_or_create(name=name, defaults={"at": at})[0]


@transaction.atomic
def mind_the_clock(*, name: str, now: datetime) -> timedelta | None:
    """Timers run on when the clock steps back: all that waits moves back with it.

    The last heartbeat tells: it must not lie ahead. Returns by how much it did.
    """
    last = Heartbeat.objects.filter(name=name).first()
    if last is None or last.at <= now + TOLERANCE:
        return None
    # Of several sweeps one sees to it: the one that changes the heartbeat.
    ours = Heartbeat.objects.filter(name=name, at=last.at).update(at=now)
    if not ours:
        return None
    audit.hold()
    back = last.at - now
    logger.warning("The clock went back; the timers of the notices follow it.")
    waiting = Escalation.objects.filter(state=Escalation.State.WAITING)
    for notice in Notice.objects.filter(escalations__in=waiting).distinct():
        log(notice, Attempt.Outcome.CLOCK, now, answer=f"by {back}")
    waiting.update(due_at=F("due_at") - back, claimed_until=None)
    messages = Sending.objects.filter(state=Sending.State.WAITING)
    messages.update(due_at=F("due_at") - back, claimed_until=None)
    return back
