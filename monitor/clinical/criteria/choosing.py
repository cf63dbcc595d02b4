"""Which criteria a protocol puts in force, and how old an item may be before a dose."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from monitor.clinical.criteria.library import (
    CRITERIA,
    DERIVED,
    KINDS,
    QUESTIONS,
    TABLES,
    Criterion,
)
from monitor.clinical.items import catalogue

DOSING = ("daily", "weekly")
ALWAYS = ("every", "entry")
# For a cytokine of which no protocol says anything: the gates of the tagraxofusp label.
DEFAULT_TABLES = ("gates",)
KEYS = {"dosing", "tables", "criteria", "without", "gates", "change"}
CHANGES = {"kind", "action", "why"}


@dataclass(frozen=True)
class PreDose:
    """The part of a protocol that is about the check before a dose.

    `gates`: item -> the oldest age in hours, where the protocol sets one, with `why`.
    """

    criteria: tuple[Criterion, ...] = ()
    dosing: str = "daily"
    gates: Mapping[str, float] = field(default_factory=dict)

    def gate(self, item: str) -> tuple[float | None, str]:
        """(hours, "") or (None, the rule that stands instead): B1, column Gate."""
        if item in QUESTIONS:
            return QUESTIONS[item].hours, ""
        like = DERIVED.get(item, item)
        for code in (item, like):
            if code in self.gates:
                return self.gates[code], ""
        if like not in catalogue.ITEMS:
            return None, ""
        validity = catalogue.item(like).validity
        weekly = validity.gate_weekly if self.dosing == "weekly" else None
        hours = weekly or validity.gate
        return hours, "" if hours else validity.gate_rule


def chosen(document: Mapping[str, Any]) -> PreDose:
    """What a protocol document puts in force; a valid one (see `problems`)."""
    told = document.get("pre_dose", {})
    tables = (*told.get("tables", DEFAULT_TABLES), *ALWAYS)
    more, without = told.get("criteria", ()), told.get("without", {})
    changes, gates = told.get("change", {}), told.get("gates", {})
    return PreDose(
        criteria=tuple(
            _changed(one, changes.get(one.key, {}))
            for one in CRITERIA.values()
            if (set(one.tables) & set(tables) or one.key in more)
            and one.key not in without
        ),
        dosing=told.get("dosing", "daily"),
        gates={item: float(one["hours"]) for item, one in gates.items()},
    )


def _changed(one: Criterion, change: Mapping[str, str]) -> Criterion:
    return replace(
        one,
        kind=change.get("kind", one.kind),
        action=change.get("action", one.action),
    )


def problems(document: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the part `pre_dose` of a protocol document, in sentences."""
    told = document.get("pre_dose", {})
    if not isinstance(told, Mapping):
        yield "pre_dose is a table."
        return
    for key in sorted(set(told) - KEYS):
        yield f"pre_dose: {key} is no part of it."
    if told.get("dosing", "daily") not in DOSING:
        yield f"pre_dose: dosing is one of {', '.join(DOSING)}."
    for table in told.get("tables", ()):
        if table not in TABLES:
            yield f"pre_dose: there is no table {table}."
    for key in told.get("criteria", ()):
        if key not in CRITERIA:
            yield f"pre_dose: there is no criterion {key}."
    yield from _left_out(told.get("without", {}))
    yield from _gates(told.get("gates", {}))
    yield from _changes(told.get("change", {}))


def _left_out(without: Mapping[str, Any]) -> Iterator[str]:
    for key, why in without.items():
        if key not in CRITERIA:
            yield f"pre_dose.without: there is no criterion {key}."
        elif not isinstance(why, str) or not why:
            yield f"pre_dose.without, {key}: say why."


def _gates(gates: Mapping[str, Any]) -> Iterator[str]:
    for item, one in gates.items():
        if item not in catalogue.ITEMS:
            yield f"pre_dose.gates: there is no item {item}."
        elif not isinstance(one, Mapping) or set(one) != {"hours", "why"}:
            yield f"pre_dose.gates, {item}: give hours and why."
        elif not _positive(one["hours"]) or not one["why"]:
            yield f"pre_dose.gates, {item}: hours is a number over 0, and why is said."


def _positive(hours: Any) -> bool:
    number = isinstance(hours, int | float) and not isinstance(hours, bool)
    return number and 0 < hours < float("inf")


def _changes(changes: Mapping[str, Any]) -> Iterator[str]:
    for key, one in changes.items():
        if key not in CRITERIA:
            yield f"pre_dose.change: there is no criterion {key}."
        elif not isinstance(one, Mapping) or not set(one) <= CHANGES:
            yield f"pre_dose.change, {key}: give kind, action and why."
        elif not one.get("why"):
            yield f"pre_dose.change, {key}: say why."
        elif one.get("kind", "hold") not in KINDS:
            yield f"pre_dose.change, {key}: kind is one of {', '.join(KINDS)}."
