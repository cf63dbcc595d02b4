"""What is due next for a participant, from the cycle's last answer. No database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from monitor.clinical import schedule
from monitor.episodes.assessing import protocol_of
from monitor.episodes.rows import when
from monitor.episodes.shapes import DueRow, SetRow
from monitor.trials.models import Cycle

Summary = dict[str, Any]

WORDS = {
    "set": _("set"),
    "recheck": _("re-check"),
    "pre_dose": _("pre-dose"),
    "contact": _("contact"),
}
OUTSIDE = ("AT_HOME", "AWAY", "FOLLOW_UP")
# A gap this long is an absence, not one missed set.
ABSENCE = timedelta(hours=10)
# How far from its slot a set may lie before the slot counts as missed, and how wide
# the mark is.
GRACE = timedelta(minutes=30)
MARK = timedelta(minutes=10)


def due_of(cycle: Cycle, summary: Summary, now: datetime) -> DueRow | None:
    """The next set, re-check, pre-dose check or contact; None when nothing is due."""
    found = schedule.due(
        protocol_of(cycle),
        last_dose=_at(summary.get("given")),
        next_dose=_at(summary.get("next_dose")),
        last_set=when(summary.get("last_set")),
        recheck_at=recheck_of(cycle, summary, now),
        level=schedule.pressing(summary.get("lines", ())),
        at_home=(summary.get("place") or {}).get("code") in OUTSIDE,
    )
    if found is None:
        return None
    late = found.minutes_late(now) is not None
    return DueRow(at=found.at, what=str(WORDS[found.what]), late=late)


def recheck_of(cycle: Cycle, summary: Summary, now: datetime) -> datetime | None:
    """When a low or unconfirmed reading asks for another; None once one has come."""
    at = when(summary.get("recheck"))
    if at is None:
        return None
    minutes = protocol_of(cycle).lines["recheck_minutes"]
    seen = at - timedelta(minutes=minutes)
    last = when(summary.get("last_set"))
    return None if last and last > seen else at


def missed_of(
    cycle: Cycle, sets: Sequence[SetRow], summary: Summary, now: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Marks where the schedule expected a set and none came. `sets`: oldest first."""
    protocol = protocol_of(cycle)
    doses = [moment for text in summary.get("doses", ()) if (moment := when(text))]
    for one, following in pairwise(sets):
        given = max((dose for dose in doses if dose <= one.at), default=None)
        if given is None or following.at - one.at > ABSENCE:
            continue
        slot = schedule.next_slot(protocol.schedule, given, one.at)
        grace = max(GRACE, (slot - one.at) / 2)
        if following.at - slot > grace:
            yield slot - MARK, slot + MARK


def _at(dose: Summary | None) -> datetime | None:
    return when(dose["at"]) if dose else None
