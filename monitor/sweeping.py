"""What time alone does to the cycles: which are due, and what of them is late.

One sweep after another; each cycle is assessed as `story` assesses it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.db.models import F, Q

from monitor import dosed, reported
from monitor.episodes import current, onward
from monitor.episodes.due import died
from monitor.episodes.models import CycleState
from monitor.notices import lateness
from monitor.story import Actor, Cause, assess, lock
from monitor.trials.models import Cycle

logger = logging.getLogger(__name__)

BATCH = 50
# SQLite lets one write, and who waits for it looks again after at most a tenth of a
# second: a sweep that wrote one cycle after another would leave nobody a gap.
GIVE_WAY = 0.1


@dataclass(frozen=True)
class Swept:
    """What one sweep did."""

    assessed: int
    failed: int
    delivered: int
    late_told: bool  # Whether everything that may be late could be looked at.


def waiting(now: datetime) -> Q:
    """States that no answer stands for, or whose answer time may have changed."""
    unassessed = Q(assessed__lt=F("entered")) | Q(failed_at__isnull=False)
    return unassessed | Q(due_at__lte=now)


def due_cycles(now: datetime) -> list[int]:
    """The cycles to assess, longest waiting first, at most BATCH at once."""
    states = CycleState.objects.filter(waiting(now)).order_by("assessed_at", "pk")
    return list(states.values_list("cycle", flat=True)[:BATCH])


def assess_all(now: datetime, by: Actor) -> list[bool | None]:
    """Every cycle that is due, each by itself; who saves meanwhile gets between."""
    outcomes = []
    for pk in due_cycles(now):
        if outcomes and connection.vendor == "sqlite":
            time.sleep(GIVE_WAY)
        outcomes.append(assess_due(pk, now, by))
    return outcomes


def assess_due(pk: int, now: datetime, by: Actor) -> bool | None:
    """True assessed, False failed, None when another sweep was first."""
    try:
        with transaction.atomic():
            cycle = lock(Cycle(pk=pk))
            state = CycleState.objects.filter(waiting(now), cycle=cycle).first()
            if state is None:
                return None
            cause = Cause.TIME if state.is_current else Cause.ENTRY
            changes = assess(cycle, cause, by)
        if changes and cycle.goes_on[1]:
            onward.look_again(cycle, now)
        return changes is not None
    except Exception:
        logger.exception("A cycle could not be swept.")
        return False


def tell_late(now: datetime) -> bool:
    """Queue notices of what is late. Whether all of it could be looked at.

    What fails holds up neither the rest nor the deliveries; but the sweep that it
    belongs to leaves no heartbeat, so that somebody sees it.
    """
    try:
        cycles = current.cycles_on_study()
    except Exception:
        logger.exception("What is late could not be looked for.")
        return False
    living = [one for one in cycles if not died(one, current.brief_of(one))]
    parts = (
        partial(lateness.overdue, cycles),
        partial(lateness.held, living),
        partial(lateness.level_over, cycles),
        partial(dosed.coming, living),
        partial(dosed.keep_checks, living),
        reported.coming,
    )
    told = [_tell(part, now) for part in parts]  # Each, whatever became of the others.
    return all(told)


def _tell(part: Callable[[datetime], object], now: datetime) -> bool:
    try:
        part(now)
    except Exception:
        logger.exception("What is late could not be told.")
        return False
    return True
