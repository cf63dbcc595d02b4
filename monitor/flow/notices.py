"""What people do about what they were told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from monitor.notices import actions as notices
from monitor.notices.models import Acknowledgement, Notice, Snooze
from monitor.trials.models import Cycle, User


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
