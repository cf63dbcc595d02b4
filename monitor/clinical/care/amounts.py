"""So much of an agent at once, or so little, is asked about: by agent and UCUM unit.

Pure. Nothing here refuses: what was given was given (reference 5.3).
"""

import tomllib
from collections.abc import Mapping
from math import isfinite
from types import MappingProxyType
from typing import Any

from monitor.clinical.care.given import OWN_LIMITS
from monitor.clinical.items.catalogue import TREATMENTS
from monitor.clinical.thresholds import KNOWLEDGE, SOURCES, BadKnowledge

FILE = "amounts.toml"


Limits = Mapping[str, Mapping[str, float]]


def read() -> tuple[Limits, Limits]:
    """Agent -> unit -> the most, and the least, that is not asked about.

    Raises BadKnowledge.
    """
    found = tomllib.loads((KNOWLEDGE / FILE).read_text(encoding="utf-8"))
    if found.pop("defaults", {}).get("source") not in SOURCES:
        raise BadKnowledge(f"{FILE}, defaults: no source that is known.")
    least = {code: _least(code, told) for code, told in found.pop("least", {}).items()}
    made: dict[str, Mapping[str, float]] = {
        code: MappingProxyType(limits) for code, limits in found.items()
    }
    for code, kind in TREATMENTS.items():
        _check(code, set(kind.units) - OWN_LIMITS.get(code, set()), made.get(code, {}))
    if lost := set(made) - set(TREATMENTS):
        raise BadKnowledge(f"{FILE}: {', '.join(sorted(lost))} are no treatments.")
    return MappingProxyType(made), MappingProxyType(least)


def _least(code: str, told: Mapping[str, Any]) -> Mapping[str, float]:
    """Of some units of an agent the least, with a reason."""
    limits = {unit: least for unit, least in told.items() if unit != "why"}
    if code not in TREATMENTS or not told.get("why"):
        raise BadKnowledge(f"{FILE}, least.{code}: no treatment, or no reason.")
    _check(f"least.{code}", set(limits) & set(TREATMENTS[code].units), limits)
    return MappingProxyType(limits)


def _check(code: str, units: set[str], limits: Mapping[str, float]) -> None:
    """Every unit of an agent has its limit, which is a number over 0."""
    if odd := units ^ set(limits):
        raise BadKnowledge(f"{FILE}, {code}: missing or unknown {', '.join(odd)}.")
    if not all(isfinite(most) and most > 0 for most in limits.values()):
        raise BadKnowledge(f"{FILE}, {code}: a limit is a number over 0.")


MOST, LEAST = read()


def most_of(code: str, unit: str) -> float | None:
    """The most of the agent in this unit that nobody asks about; None: no limit."""
    return MOST.get(code, {}).get(unit)


def passed(code: str, amount: float, unit: str) -> float | None:
    """The limit that the amount is over; None where it is not."""
    most = most_of(code, unit)
    return most if most is not None and amount > most else None


def short_of(code: str, amount: float, unit: str) -> float | None:
    """The limit that the amount is under; None where it is not, and for nothing."""
    least = LEAST.get(code, {}).get(unit)
    return least if least is not None and 0 < amount < least else None


#: Unit -> the unit a thousand times as large, in which the same number would be usual.
LARGER: Mapping[str, str] = MappingProxyType({"mg": "g", "mL": "L"})


def meant_larger(code: str, amount: float, unit: str) -> str:
    """The larger unit that was meant, it seems: `1 mg` of paracetamol; "" if none.

    Nobody gives a thousandth of a dose. What would not be much in the larger unit,
    where the agent is logged in both, is a slip of the unit.
    """
    larger = LARGER.get(unit, "")
    most = most_of(code, larger)
    return larger if most is not None and 0 < amount <= most else ""
