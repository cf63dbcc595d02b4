"""Whether the pressure answered a fluid bolus, by rule (reference 11, R19). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

#: (from, until) of a vasopressor that ran; until None: it still runs.
Span = tuple[datetime, datetime | None]
Reading = tuple[datetime, float]


def answered_at(
    ended: datetime,
    pressures: Iterable[Reading],
    line: float,
    pressors: Iterable[Span],
    now: datetime,
    lines: Mapping[str, float],
) -> datetime | None:
    """The first systolic pressure that reached its line within the time after a bolus.

    None: not yet known. So it is until the hours without a vasopressor are over, and
    for good when there was one: the rule knows no "did not respond".
    """
    soon = ended + timedelta(minutes=lines["fluid_answer_minutes"])
    free = ended + timedelta(hours=lines["fluid_answer_pressor_hours"])
    reached = [at for at, sbp in pressures if ended <= at <= soon and sbp >= line]
    supported = any(
        start < free and (until is None or until > ended or start >= ended)
        for start, until in pressors
    )
    if now < free or supported or not reached:
        return None
    return min(reached)
