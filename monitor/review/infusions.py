"""An infusion reaction as another cause of what looks like cytokine release (R14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.clinical.study.protocol import Protocol
from monitor.clinical.thresholds import SOURCES, THRESHOLDS, Source
from monitor.trials.models import Dose

DIFFERENTIAL, SOON = "infusion_differential_hours", "infusion_hours"
#: Of these events it is another cause; it is no pattern by itself.
TOPICS = ("crs",)


@dataclass(frozen=True)
class Started:
    """A dose that began so long before the event."""

    label: str
    number: int
    span: timedelta


@dataclass(frozen=True)
class Differential:
    """`soon`: one of them began within `soon_hours`, where it is most likely."""

    started: list[Started]
    hours: float
    soon: bool
    soon_hours: float
    source: Source


def differential_of(
    topic: str, since: datetime, doses: Iterable[Dose], protocol: Protocol
) -> Differential | None:
    """What began within its hours before an event, nearest first; None for nothing."""
    if topic not in TOPICS:
        return None
    lines: Mapping[str, float] = protocol.lines
    longest = timedelta(hours=lines[DIFFERENTIAL])
    found = [
        Started(protocol.agent_label(one.agent), one.number, since - one.given_at)
        for one in doses
        if one.given_at and timedelta() <= since - one.given_at <= longest
    ]
    if not found:
        return None
    found.sort(key=lambda one: one.span)
    return Differential(
        started=found,
        hours=lines[DIFFERENTIAL],
        soon=found[0].span <= timedelta(hours=lines[SOON]),
        soon_hours=lines[SOON],
        source=SOURCES[THRESHOLDS[DIFFERENTIAL].source],
    )
