"""What time alone does: the sweep, and what it sends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from monitor import story, sweeping
from monitor.audit import heads
from monitor.notices import actions as notices
from monitor.story import Cause, Saved
from monitor.sweeping import Swept
from monitor.trials.models import Cycle

SWEEP = "sweep"


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
    6. Leave a heartbeat, unless 3 failed: when it stops, every page says so.
    """
    notices.mind_the_clock(name=SWEEP, now=now)
    outcomes = sweeping.assess_all(now, SWEEP)
    late_told = sweeping.tell_late(now)
    delivered = notices.deliver_due(now)
    heads.keep(now)
    if late_told:
        notices.beat(name=SWEEP, at=now)
    return Swept(outcomes.count(True), outcomes.count(False), delivered, late_told)


def deliver(now: datetime) -> int:
    """Tell the people whose time it is, and nothing else: after a save."""
    return notices.deliver_due(now)


def send(now: datetime) -> int:
    """Send the messages that wait: to mailboxes, pagers, chats."""
    return notices.send_due(now)
