"""What is asked once before a line of the management log is kept (reference 5.3).

Pure. Nothing here refuses: a drug that was given was given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.clinical.instants.rates import PER_KG, PER_MINUTE
from monitor.clinical.thresholds import THRESHOLDS

DAY = timedelta(hours=24)
MG, MG_KG = "mg", "mg/kg"


@dataclass(frozen=True, slots=True)
class Gift:
    """One line: `amount` in `unit` (UCUM) at a time; `weight` in kg, if known."""

    at: datetime
    amount: float
    unit: str
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A limit that was passed: its threshold's key, and what was given in its unit."""

    key: str
    given: float


def doubts(code: str, gift: Gift, others: Iterable[datetime] = ()) -> list[Doubt]:
    """What is to be confirmed; empty for an agent of which no limit is known.

    `others`: when the same agent was given otherwise in the cycle, in any order.
    """
    asks = ASKED.get(code)
    return [] if asks is None else asks(gift, sorted(others))


def limit(key: str) -> float:
    return THRESHOLDS[key].value


def tocilizumab(gift: Gift, others: Sequence[datetime]) -> list[Doubt]:
    return [
        *_too_much(gift),
        *_per_kg(gift),
        *_too_soon(gift.at, others),
        *_too_often(gift.at, others),
    ]


def milligrams(gift: Gift) -> float | None:
    """None where the weight is needed and not known."""
    if gift.unit == MG:
        return gift.amount
    if gift.unit == MG_KG and gift.weight:
        return round(gift.amount * gift.weight, 6)
    return None


def per_kg(gift: Gift) -> float | None:
    """None where the weight is needed and not known."""
    if gift.unit == MG_KG:
        return gift.amount
    if gift.unit == MG and gift.weight:
        return round(gift.amount / gift.weight, 6)
    return None


def _too_much(gift: Gift) -> list[Doubt]:
    given, key = milligrams(gift), "tocilizumab_most"
    return [Doubt(key, given)] if given is not None and given > limit(key) else []


def _per_kg(gift: Gift) -> list[Doubt]:
    given = per_kg(gift)
    if given is None:
        return []
    adult = gift.weight is None or gift.weight >= limit("tocilizumab_adult_weight")
    most = "tocilizumab_most_per_kg"
    if adult:
        typed = gift.unit == MG_KG
        most = "tocilizumab_typed_per_kg" if typed else "tocilizumab_most_per_kg_adult"
    if given > limit(most):
        return [Doubt(most, given)]
    least = "tocilizumab_least_per_kg"
    return [Doubt(least, given)] if given < limit(least) else []


def _too_soon(at: datetime, others: Sequence[datetime]) -> list[Doubt]:
    """The nearest other dose, before or after: what is typed late may lie between."""
    key = "tocilizumab_apart_hours"
    nearest = min((abs(one - at) for one in others), default=None)
    if nearest is None or nearest >= timedelta(hours=limit(key)):
        return []
    return [Doubt(key, round(nearest / timedelta(hours=1), 2))]


def _too_often(at: datetime, others: Sequence[datetime]) -> list[Doubt]:
    every = sorted([*others, at])
    starts = [one for one in every if one <= at < one + DAY]
    in_a_day = max(sum(start <= one < start + DAY for one in every) for start in starts)
    counted = {"tocilizumab_in_a_day": in_a_day, "tocilizumab_in_all": len(every)}
    return [Doubt(key, count) for key, count in counted.items() if count > limit(key)]


def catecholamine(gift: Gift, others: Sequence[datetime]) -> list[Doubt]:
    """A rate per kg and one per minute look alike, and differ by the weight."""
    most, least = "catecholamine_most_per_kg", "catecholamine_least"
    if gift.unit == PER_KG and gift.amount > limit(most):
        return [Doubt(most, gift.amount)]
    if gift.unit == PER_MINUTE and 0 < gift.amount < limit(least):
        return [Doubt(least, gift.amount)]
    return []


ASKED: Mapping[str, Callable[[Gift, Sequence[datetime]], list[Doubt]]] = {
    "tocilizumab": tocilizumab,
    "norepinephrine": catecholamine,
    "epinephrine": catecholamine,
}

#: Agent -> the units in which the rules here limit it; `amounts` has the others.
OWN_LIMITS: Mapping[str, set[str]] = {
    "tocilizumab": {MG, MG_KG},
    "norepinephrine": {PER_KG},
    "epinephrine": {PER_KG},
}
