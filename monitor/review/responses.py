"""How a participant did before and after a treatment, from the sets: never typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.episodes.fluids import day_one_weights
from monitor.episodes.panels import COLUMNS, table_row_of
from monitor.episodes.shapes import SetValues
from monitor.treatments.models import Treatment

MINUTE = timedelta(minutes=1)
#: A set counts as before when it is at most so old when the treatment begins.
BEFORE = 120 * MINUTE
#: Minutes after it for which a set stands: the one nearest to the first number.
AFTER = ((30, 15, 45), (60, 45, 90))
SHOWN = ("TEMP", "HR", "BP", "OXYSAT", "OXYGEN_DEVICE")
FLUIDS = ("fluid_bolus",)
LITRE = {"mL": 1.0, "L": 1000.0}


@dataclass(frozen=True)
class Response:
    """`minutes`: 0 before, 30, 60. `values` empty: no set was taken then."""

    minutes: int
    at: datetime | None
    values: list[tuple[str, str]]


@dataclass(frozen=True)
class Boluses:
    """What was given as boluses for an episode: how often, mL, and mL/kg.

    `weights`: by which, in kg, the first cycle's first.
    """

    count: int
    volume: float
    per_kg: float | None
    weights: tuple[float, ...] = ()


def responses(line: Treatment, sets: Sequence[SetValues]) -> list[Response]:
    """Before, about 30 and about 60 minutes after; `sets` oldest first."""
    vital = [one for one in sets if {"SYSBP", "HR", "TEMP"} & set(one.values)]
    before = [one for one in vital if line.at - BEFORE <= one.at <= line.at]
    found = [response(0, before[-1] if before else None)]
    for target, least, most in AFTER:
        start, end = line.at + least * MINUTE, line.at + most * MINUTE
        # Each set speaks for one of the two: the later window begins where one ends.
        near = [one for one in vital if start <= one.at < end]
        aim = line.at + target * MINUTE
        nearest = min(near, key=lambda one: abs(one.at - aim), default=None)
        found.append(response(target, nearest))
    return found


def response(minutes: int, one: SetValues | None) -> Response:
    if one is None:
        return Response(minutes, None, [])
    said = table_row_of(one)
    labels = dict(COLUMNS)
    values = [(labels[key], said[key]) for key in SHOWN if said.get(key)]
    return Response(minutes, one.at, values)


def boluses(
    lines: Iterable[Treatment], weights: Mapping[int, float | None]
) -> Boluses | None:
    """The boluses among the lines, if any. `weights`: cycle id -> kg of its day 1.

    Each counts by the weight of the cycle in which it was given (R11); without one of
    these weights nobody knows how much it was per kg.
    """
    given = [
        (one.amount * LITRE[one.unit], weights.get(one.cycle_id))
        for one in lines
        if one.code in FLUIDS and one.amount is not None and one.unit in LITRE
    ]
    if not given:
        return None
    shares = [volume / weight for volume, weight in given if weight]
    return Boluses(
        count=len(given),
        volume=round(sum(volume for volume, _weight in given), 6),
        per_kg=round(sum(shares), 6) if len(shares) == len(given) else None,
        weights=tuple(dict.fromkeys(weight for _volume, weight in given if weight)),
    )


def weights_of(lines: Iterable[Treatment]) -> dict[int, float | None]:
    """Cycle id -> the weight of its day 1, of each cycle in which a bolus was given."""
    return day_one_weights({one.cycle_id for one in lines if one.code in FLUIDS})
