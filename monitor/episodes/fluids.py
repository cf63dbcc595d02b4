"""The fluid balance of a cycle: from all that stands, so a correction recomputes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from monitor import clock
from monitor.bedside.models import Reading
from monitor.bedside.queries import FEEDING, current_readings
from monitor.clinical.care.balance import Balance, Period, balance, change, day_one
from monitor.clinical.care.wardday import Span, day_of, shifts_of
from monitor.episodes import queries
from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import CycleState
from monitor.episodes.rows import when
from monitor.episodes.shapes import Fluids
from monitor.trials.models import Cycle

OUT, IN, WEIGHT = "URINE_OUTPUT", "FLUID_INTAKE", "WEIGHT"
#: How many ward's days are shown, today's first.
DAYS = 3


def fluids_of(cycle: Cycle, now: datetime | None = None) -> Fluids:
    """The shifts of today and yesterday, the last three days, and the weight."""
    now = now or clock.now()
    periods, weights = _measured(cycle)
    first = when(queries.state_of(cycle).summary.get("first_given"))
    base = day_one(weights, first)
    lines = protocol_of(cycle).lines

    def of(span: Span) -> Balance:
        return balance(span, now, periods[IN], periods[OUT], base, lines)

    site = cycle.participant.site
    zone = ZoneInfo(site.time_zone)
    days = _days(now, zone, site.day_start)
    shifts = [
        one
        for day in days[:2]
        for one in reversed([*shifts_of(day, zone, site.shift_hours)])
        if one.start <= now
    ]
    return Fluids(
        shifts=[of(one) for one in shifts],
        days=[of(one) for one in days],
        weight=weights[-1] if weights else None,
        base=base,
        change=change(weights, base),
    )


def day_one_weights(cycles: Collection[int]) -> dict[int, float | None]:
    """Cycle id -> kg of its day 1, None where nobody weighed; at most two queries."""
    if not cycles:
        return {}
    told = CycleState.objects.filter(cycle__in=cycles).values_list("cycle", "brief")
    weights: dict[int, list[tuple[datetime, float]]] = defaultdict(list)
    standing = Reading.objects.current().filter(observation__cycle__in=cycles)
    for cycle, _item, at, _until, number in _feeding(standing.filter(item=WEIGHT)):
        weights[cycle].append((at, number))
    return {
        cycle: day_one(weights[cycle], when(brief.get("first_given")))
        for cycle, brief in told
    }


def _feeding(rows: QuerySet[Reading]) -> Iterable[Any]:
    """(cycle, item, at, until, number) of what counts, oldest first."""
    counted = rows.filter(number__isnull=False, check_state__in=FEEDING)
    standing = counted.filter(
        observation__voided=False, observation__superseded_by__isnull=True
    )
    at = "observation__observed_at"
    ordered = standing.order_by(at, "pk")
    return ordered.values_list("observation__cycle", "item", at, "until", "number")


def _days(now: datetime, zone: ZoneInfo, begins: object) -> list[Span]:
    days = [day_of(now, zone, begins)]  # type: ignore[arg-type]
    while len(days) < DAYS:
        before = days[-1].start - timedelta(hours=1)
        days.append(day_of(before, zone, begins))  # type: ignore[arg-type]
    return days


def _measured(
    cycle: Cycle,
) -> tuple[dict[str, list[Period]], list[tuple[datetime, float]]]:
    """Periods by item, and the weights oldest first, of what feeds."""
    wanted = Q(item__in=(OUT, IN), until__isnull=False) | Q(item=WEIGHT)
    rows = _feeding(current_readings(cycle).filter(wanted))
    periods: dict[str, list[Period]] = {OUT: [], IN: []}
    weights = []
    for _cycle, item, at, until, number in rows:
        if item == WEIGHT:
            weights.append((at, number))
        elif until is not None and until > at:
            periods[item].append(Period(at, until, number))
    return periods, weights
