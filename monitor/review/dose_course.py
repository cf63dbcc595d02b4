"""A course of doses, a line each: what became of it, weight, creatinine and fluids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.bedside.models import Reading
from monitor.bedside.queries import FEEDING, current_readings
from monitor.clinical.care.balance import day_one
from monitor.clinical.items import catalogue
from monitor.episodes import wording
from monitor.treatments.models import Treatment
from monitor.treatments.queries import log_of
from monitor.trials.models import Cycle, Dose
from monitor.trials.queries import doses_of

Form = Treatment.Form
WEIGHT, CREATININE = "WEIGHT", "CREAT"
FLUIDS = [one.code for one in catalogue.TREATMENTS.values() if one.klass == "fluid"]
MILLILITERS = {"mL": 1.0, "L": 1000.0, "mL/h": 1.0}
HOUR = timedelta(hours=1)
SIX_DECIMALS = 6


@dataclass(frozen=True)
class Seen:
    """The last value by a dose. `new`: read since the dose before.

    `change` is against the value of before the first dose: kilograms, or times.
    """

    text: str
    at: datetime
    new: bool
    change: float | None = None


@dataclass(frozen=True)
class DoseLine:
    """`fluid`: mL that the log says went in since the first dose; None: none logged."""

    dose: Dose
    at: datetime
    weight: Seen | None
    creatinine: Seen | None
    fluid: float | None
    per_kg: float | None

    @property
    def is_next(self) -> bool:
        return self.dose.status == Dose.Status.PLANNED


def course_of(cycle: Cycle, this: Dose, now: datetime) -> list[DoseLine]:
    """The agent's doses up to `this` one, in their order. Three queries."""
    rows = doses_of(cycle).filter(agent=this.agent, number__lte=this.number)
    doses = sorted(rows, key=lambda one: one.number)
    read = current_readings(cycle).filter(
        item__in=(WEIGHT, CREATININE),
        number__isnull=False,
        check_state__in=FEEDING,
        observation__voided=False,
        observation__superseded_by__isnull=True,
    )
    readings = list(read.order_by("observation__observed_at", "pk"))
    fluids = list(log_of(cycle).filter(code__in=FLUIDS, amount__isnull=False))
    return lines(doses, readings, fluids, now)


def lines(
    doses: Sequence[Dose],
    readings: Sequence[Reading],
    fluids: Sequence[Treatment],
    now: datetime,
) -> list[DoseLine]:
    """`readings` oldest first; a dose still to come is seen as of `now`."""
    first = min((one.given_at for one in doses if one.given_at), default=None)
    weights, creatinines = (
        [one for one in readings if one.item == item] for item in (WEIGHT, CREATININE)
    )
    pairs = [(_at(one), one.number or 0.0) for one in weights]
    base = day_one(pairs, first)
    usual = day_one([(_at(one), one.number or 0.0) for one in creatinines], first)
    found: list[DoseLine] = []
    before: datetime | None = None
    for dose in doses:
        at = dose.given_at or min(dose.planned_at, now)
        weight, creatinine = (_last(rows, at) for rows in (weights, creatinines))
        fluid = infused(fluids, first, at) if first else None
        found.append(
            DoseLine(
                dose=dose,
                at=dose.given_at or dose.planned_at,
                weight=_seen(weight, before, _less(weight, base)),
                creatinine=_seen(creatinine, before, _times(creatinine, usual)),
                fluid=fluid,
                per_kg=round(fluid / base, SIX_DECIMALS) if fluid and base else None,
            )
        )
        before = at
    return found


def _at(reading: Reading) -> datetime:
    at: datetime = reading.observation.observed_at
    return at


def _last(readings: Iterable[Reading], at: datetime) -> Reading | None:
    return next((one for one in reversed([*readings]) if _at(one) <= at), None)


def _seen(
    reading: Reading | None, before: datetime | None, change: float | None
) -> Seen | None:
    if reading is None:
        return None
    new = before is None or _at(reading) > before
    return Seen(said(reading), _at(reading), new, change)


def said(reading: Reading) -> str:
    """`1.4 mg/dL`: as it was typed, where the unit was typed too."""
    item, unit = reading.item, reading.typed_unit or reading.unit
    if reading.typed and reading.typed_unit:
        return f"{reading.typed} {wording.unit_label(item, unit)}"
    number = wording.number_text(item, reading.number, reading.typed)
    return f"{number} {wording.unit_label(item)}"


def _less(reading: Reading | None, base: float | None) -> float | None:
    if reading is None or base is None or reading.number is None:
        return None
    return round(reading.number - base, SIX_DECIMALS)


def _times(reading: Reading | None, base: float | None) -> float | None:
    if reading is None or not base or reading.number is None:
        return None
    return round(reading.number / base, SIX_DECIMALS)


def infused(
    lines: Iterable[Treatment], since: datetime, until: datetime
) -> float | None:
    """Milliliters that went in from `since` to `until`; None where none is logged.

    A rate runs to its own end, to the next line of its code, or on.
    """
    ordered = sorted(lines, key=lambda one: (one.at, one.pk))
    total, any_of_it = 0.0, False
    for place, one in enumerate(ordered):
        if not one.amount or one.unit not in MILLILITERS:
            continue
        if one.form == Form.AMOUNT and since <= one.at <= until:
            total += one.amount * MILLILITERS[one.unit]
            any_of_it = True
        if one.form == Form.RATE:
            later = (o.at for o in ordered[place + 1 :] if _follows(o, one))
            ends = min(filter(None, (one.until, next(later, None), until)))
            hours = (min(ends, until) - max(one.at, since)) / HOUR
            if hours > 0:
                total += one.amount * MILLILITERS[one.unit] * hours
                any_of_it = True
    return round(total, SIX_DECIMALS) if any_of_it else None


def _follows(later: Treatment, one: Treatment) -> bool:
    return later.form == Form.RATE and later.code == one.code
