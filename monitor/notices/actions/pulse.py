"""The sweep's heartbeat, and what it shows about the clock."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max

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

    It did if the last heartbeat, or a notice or a line of the log written since, lies
    ahead. Returns by how much the furthest of them does.
    """
    last = Heartbeat.objects.filter(name=name).first()
    if last is None:
        return None
    told = _told_since(last)
    if told.latest <= now + TOLERANCE:
        told.mark(last)
        return None
    # Of several sweeps one sees to it. Nobody writes a timer or a claim meanwhile.
    audit.hold()
    last = Heartbeat.objects.select_for_update().get(name=name)
    told = _told_since(last)
    if told.latest <= now + TOLERANCE:
        return None
    back = told.latest - now
    logger.warning("The clock went back; the timers of the notices follow it.")
    _move_back(back, now)
    Heartbeat.objects.filter(name=name).update(at=now)
    told.mark(last)
    return back


@dataclass(frozen=True)
class Told:
    """The latest time that is written anywhere, and the rows read to know it."""

    latest: datetime
    notice: int
    attempt: int

    def mark(self, last: Heartbeat) -> None:
        """These rows need not be read again."""
        if (self.notice, self.attempt) != (last.notice, last.attempt):
            same = Heartbeat.objects.filter(name=last.name)
            same = same.filter(notice=last.notice, attempt=last.attempt)
            same.update(notice=self.notice, attempt=self.attempt)


def _told_since(last: Heartbeat) -> Told:
    notices = Notice.objects.filter(pk__gt=last.notice)
    attempts = Attempt.objects.filter(pk__gt=last.attempt)
    notice = notices.aggregate(at=Max("created_at"), pk=Max("pk"))
    attempt = attempts.aggregate(at=Max("at"), pk=Max("pk"))
    times = [one["at"] for one in (notice, attempt) if one["at"]]
    return Told(
        max([last.at, *times]),
        notice["pk"] or last.notice,
        attempt["pk"] or last.attempt,
    )


def _move_back(back: timedelta, now: datetime) -> None:
    """Every timer and message that waits, and each notice's log says so."""
    waiting = Escalation.objects.filter(state=Escalation.State.WAITING)
    for notice in Notice.objects.filter(escalations__in=waiting).distinct():
        log(notice, Attempt.Outcome.CLOCK, now, answer=f"by {back}")
    waiting.update(due_at=F("due_at") - back, claimed_until=None)
    messages = Sending.objects.filter(state=Sending.State.WAITING)
    messages.update(due_at=F("due_at") - back, claimed_until=None)
