"""The fluid balance of a cycle: from all that stands, so a correction recomputes it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from monitor import clock
from monitor.bedside.queries import FEEDING, current_readings
from monitor.clinical.care.balance import Balance, Period, balance, change, day_one
from monitor.clinical.care.wardday import Span, day_of, shifts_of
from monitor.episodes import queries
from monitor.episodes.assessing import protocol_of
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
    rows = (
        current_readings(cycle)
        .filter(wanted, number__isnull=False, check_state__in=FEEDING)
        .filter(observation__voided=False, observation__superseded_by__isnull=True)
        .order_by("observation__observed_at", "pk")
        .values_list("item", "observation__observed_at", "until", "number")
    )
    periods: dict[str, list[Period]] = {OUT: [], IN: []}
    weights = []
    for item, at, until, number in rows:
        if number is None:
            continue
        if item == WEIGHT:
            weights.append((at, number))
        elif until is not None and until > at:
            periods[item].append(Period(at, until, number))
    return periods, weights
