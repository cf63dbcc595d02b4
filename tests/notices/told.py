"""Notices as tests put them, and how tests read what came of them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from monitor import clock
from monitor.clinical.study import escalation
from monitor.clinical.study.escalation import Policy, PolicyStep
from monitor.notices import actions
from monitor.notices.models import Attempt, Delivery, Notice
from monitor.refusal import Refused
from tests.cast import Cast

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def policy(key: str) -> Policy:
    return escalation.defaults()[key]


def telling(*roles: str, how: str = "screen") -> Policy:
    """One step that tells these at once."""
    return Policy("test", (PolicyStep(0, roles, how),))  # type: ignore[arg-type]


def put(cast: Cast, now: datetime, key: str = "one", **more: Any) -> Notice:
    told = {
        "participant": cast.participants["02-014"],
        "kind": "level",
        "level": "warning",
        "policy": telling("nurse", "investigator"),
        "lines": ["Criteria met: possible CRS"],
        "path": "/participants/02-014/",
        "happened_at": now,
        "key": key,
    }
    return actions.queue(**told | more)


def deliver(at: datetime) -> int:
    """What the sweep does at that moment."""
    with clock.freeze(at):
        return actions.deliver_due(at)


def told_to(notice: Notice) -> list[str]:
    rows = Delivery.objects.filter(notice=notice)
    return sorted(one.user.username for one in rows)


def logged(notice: Notice, *outcomes: str) -> list[tuple[str, str]]:
    """(outcome, username) of the delivery log, in order; only these outcomes."""
    rows = Attempt.objects.filter(notice=notice).select_related("user")
    if outcomes:
        rows = rows.filter(outcome__in=outcomes)
    return [
        (one.outcome, one.user.username if one.user else "")
        for one in rows.order_by("at", "pk")
    ]


def paged(notice: Notice) -> list[tuple[float, str]]:
    """(minutes after the notice was written, username) of every interruption."""
    rows = Attempt.objects.filter(notice=notice, interrupts=True)
    return [
        ((one.at - notice.created_at) / MINUTE, one.user.username)
        for one in rows.select_related("user").order_by("at", "user__username")
        if one.user
    ]


def agreed(verb: Callable[..., Any], **told: Any) -> Any:
    """What the verb makes once a person has said yes to what it asks first."""
    try:
        return verb(**told)
    except Refused as asked:
        if asked.field != "agreed":
            raise
        return verb(**told, agreed=asked.sentence)
