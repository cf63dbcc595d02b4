"""From when to when the printed chart goes, and how tall each of its panels is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import Any

from reportlab.lib.units import mm

from monitor.episodes.chart_points import points

Json = dict[str, Any]

PANEL = {"TEMP": 25, "HR": 21, "BP": 27, "OXYSAT": 18, "RESP": 17}
OTHER = 17
HOURS = (1, 2, 3, 4, 6, 12, 24, 48, 72, 168, 336)
MOST_TICKS = 9
BEFORE, AFTER = timedelta(hours=6), timedelta(hours=3)


def when(text: str) -> datetime:
    return datetime.fromisoformat(text)


def span_of(chart: Json) -> tuple[datetime, datetime]:
    """The window that was asked for, within what there is to show."""
    first, last = whole(chart)
    window = chart.get("window")
    if not window:
        return first, last
    return max(first, when(window[0])), min(last, when(window[1]))


def whole(chart: Json) -> tuple[datetime, datetime]:
    panels = chart["panels"]
    moments = [when(one["at"]) for panel in panels for one in every(chart, panel)]
    moments += [when(one["at"]) for one in chart["doses"] if one["state"] == "given"]
    now = when(chart["now"])
    start = min(moments, default=now - BEFORE)
    return start - timedelta(hours=1), max(moments, default=now) + AFTER


def every(chart: Json, panel: Json) -> Iterable[Json]:
    if "rows" in panel:
        return [one for row in panel["rows"] for one in row["points"]]
    return points(chart, panel)


def height_of(panel: Json) -> float:
    if "rows" in panel:
        return (2 + 5 * len(panel["rows"])) * mm
    return PANEL.get(panel["key"], OTHER) * mm


def within(spans: Iterable[Json], start: datetime, end: datetime) -> list[Json]:
    """What lies in the chart, or began before it and reaches in."""
    return [
        one
        for one in spans
        if when(one["from"]) <= end and when(one["to"] or one["from"]) >= start
    ]


def ticks(start: datetime, end: datetime, zone: tzinfo | None) -> list[datetime]:
    """The hours at which a line stands: at most nine, counted from midnight."""
    hours = (end - start) / timedelta(hours=1)
    step = next((one for one in HOURS if hours / one <= MOST_TICKS), HOURS[-1])
    first = start.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    count = int(hours / step) + 24 // min(step, 24) + 2
    every = (first + timedelta(hours=step * n) for n in range(count))
    return [at for at in every if start <= at <= end]
