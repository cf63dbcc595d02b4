"""The delivery log and the audit of a notice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor.audit import actions as audit
from monitor.notices.models import Attempt, Notice
from monitor.trials.models import User

SWEEP = "sweep"
IN_APP = "in_app"
ANSWER = 200


def log(
    notice: Notice,
    outcome: str,
    at: datetime,
    *,
    user: User | None = None,
    channel: str = "",
    number: int = 1,
    interrupts: bool = False,
    key: str = "",
    answer: str = "",
) -> Attempt:
    """One line of the delivery log; an answer is cut to what a person reads."""
    return Attempt.objects.create(
        notice=notice,
        user=user,
        at=at,
        outcome=outcome,
        channel=channel,
        number=number,
        interrupts=interrupts,
        key=key,
        answer=" ".join(answer.split())[:ANSWER],
    )


def record(
    notice: Notice,
    action: str,
    by: User | str,
    changes: Iterable[dict] = (),
    reason: str = "",
) -> None:
    audit.record(
        action=action,
        by=by,
        of=notice,
        site=notice.participant.site,
        participant=notice.participant.code,
        changes=changes,
        reason=reason,
    )
