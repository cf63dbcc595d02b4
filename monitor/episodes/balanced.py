"""The panel of the fluid balance: each shift's net, where enough of it was measured."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from monitor.clinical.care.balance import Period, balance
from monitor.clinical.care.wardday import Span, day_of, shifts_of
from monitor.episodes.chart_source import Source
from monitor.episodes.shapes import SetValues

Json = dict[str, Any]

IN, OUT = "FLUID_INTAKE", "URINE_OUTPUT"
MILLILITERS = 1000


def balances(source: Source) -> Iterator[Json]:
    """Liters by shift; a shift of which too little was measured breaks the line."""
    taken, passed = (
        [one for row in source.sets if (one := period(row, item))] for item in (IN, OUT)
    )
    if not taken or not passed:
        return
    found = []
    for span in shifts(source, min(one.start for one in (*taken, *passed))):
        net = balance(span, source.now, taken, passed, None, source.thresholds).net
        found.append((min(span.end, source.now), net))
    if all(net is None for _at, net in found):
        return
    yield {
        "key": "BALANCE",
        "label": _("Fluids"),
        "unit": _("L a shift"),
        "range": [-3, 3],
        "decimals": 1,
        "lines": [{"value": 0, "label": _("as much out as in")}],
        "at": [at.timestamp() for at, _net in found],
        "v": [None if net is None else net / MILLILITERS for _at, net in found],
    }


def period(row: SetValues, item: str) -> Period | None:
    """The volume of a set, mL, with the time that it covers."""
    value = row.values.get(item)
    if value is None or value.number is None:
        return None
    if value.until is None or value.until <= row.at:
        return None
    return Period(row.at, value.until, value.number)


def shifts(source: Source, start: Any) -> Iterator[Span]:
    """Every shift from the one that holds `start` up to now."""
    site = source.cycle.participant.site
    day = day_of(start, source.zone, site.day_start)
    while day.start <= source.now:
        for one in shifts_of(day, source.zone, site.shift_hours):
            if start < one.end and one.start < source.now:
                yield one
        # An hour into the next: days may have 23 or 25.
        day = day_of(day.end + timedelta(hours=1), source.zone, site.day_start)
