"""What the knowledge page shows: every number, beside what trials set instead."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from monitor.clinical.items.catalogue import ITEMS, TREATMENTS
from monitor.clinical.items.loading import units
from monitor.clinical.items.model import Item, Limits, Mask, TreatmentKind
from monitor.clinical.thresholds import SOURCES, THRESHOLDS, Source, Threshold
from monitor.trials.models import ProtocolVersion

#: Beginnings of keys, and the part of the page in which they stand.
THEMES = (
    (_("Temperature"), ("fever",)),
    (_("Blood pressure"), ("sbp", "map", "bolus", "confirm", "recheck")),
    (_("Heart and breathing"), ("hr", "rr", "spo2")),
    (_("Oxygen"), ("oxygen", "fio2")),
    (
        _("Vasopressors"),
        (
            "pressor_overlap",
            "dopamine",
            "norepinephrine",
            "phenylephrine",
            "epinephrine",
            "equivalent",
            "high_dose",
        ),
    ),
    (_("Before a dose"), ("hold",)),
    (_("Leak"), ("albumin", "weight", "leak", "urine", "lactate", "symptom")),
)
REST = _("Windows and clearing")
# Of doses, which no item is measured in.
OF_DOSES = {"[iU]/kg": "IU/kg", "ug/kg": "µg/kg", "mg/m2": "mg/m²"}
# Threshold keys whose number is so many times a limit or a baseline.
MULTIPLES = ("times", "_grade_", "transaminases", "first_creatinine")


@dataclass(frozen=True)
class Override:
    """A value that a trial's protocol in force sets, and why."""

    trial: str
    version: str
    value: float
    why: str


@dataclass(frozen=True)
class Line:
    """One number with its unit in print, its source, and what trials set instead."""

    threshold: Threshold
    unit: str
    source: Source
    trust: str  # "verified", "project" or "unverified"
    overrides: list[Override]


@dataclass(frozen=True)
class Theme:
    title: Any
    lines: list[Line]


def unit_word(unit: str) -> str:
    """A UCUM unit as it is printed; a number without a unit has none."""
    return "" if unit == "1" else printed_units().get(unit, unit.strip("{}"))


@cache
def printed_units() -> dict[str, str]:
    return {**units(), **OF_DOSES}


def threshold_unit(key: str) -> str:
    """A threshold's unit in print; `×` of a multiple."""
    unit = THRESHOLDS[key].unit
    many = unit == "1" and any(word in key for word in MULTIPLES)
    return "×" if many else unit_word(unit)


def trust_of(threshold: Threshold) -> str:
    """How far its source can be relied on; `project`: a choice made here has none."""
    if threshold.verified:
        return "verified"
    return "project" if threshold.source == "PROJ" else "unverified"


def holds(sought: str, *said: str) -> bool:
    """Whether every word that is sought stands in what is said, in any case."""
    whole = " ".join(said).lower()
    return all(word in whole for word in sought.lower().split())


def themes(protocols: Iterable[ProtocolVersion], sought: str = "") -> list[Theme]:
    """The thresholds that `sought` is found in, by theme, in the file's order."""
    set_by = overrides_of(protocols)
    lines = {
        key: Line(
            one,
            threshold_unit(key),
            SOURCES[one.source],
            trust_of(one),
            set_by.get(key, []),
        )
        for key, one in THRESHOLDS.items()
        if holds(sought, key, one.why, SOURCES[one.source].short)
    }
    return [theme for theme in _grouped(lines) if theme.lines]


def _grouped(lines: Mapping[str, Line]) -> Iterator[Theme]:
    left = dict(lines)
    for title, beginnings in THEMES:
        own = [key for key in left if key.startswith(beginnings) and not clears(key)]
        yield Theme(title, [left.pop(key) for key in own])
    yield Theme(REST, list(left.values()))


def clears(key: str) -> bool:
    """Whether a key is about time or clearing, whatever it begins with."""
    return "_clear_" in key or key.endswith(("_hours", "_sets"))


def overrides_of(protocols: Iterable[ProtocolVersion]) -> dict[str, list[Override]]:
    """Threshold key -> what each protocol in force sets."""
    found: dict[str, list[Override]] = {}
    for protocol in protocols:
        for key, one in protocol.document.get("thresholds", {}).items():
            said = Override(
                protocol.trial.code, protocol.number, one["value"], one["why"]
            )
            found.setdefault(key, []).append(said)
    return found


# Items and treatments


@dataclass(frozen=True)
class Gate:
    """How old a value may be before a dose by a trial's protocol, and why."""

    trial: str
    version: str
    said: str
    why: str


@dataclass(frozen=True)
class ItemLine:
    """An item by the three tiers of R12: what is `refused` outside, what is `held`

    until a person says yes, and what is `asked` about and counts at once.
    """

    item: Item
    refused: str
    held: str
    asked: str
    current: str
    tight: str
    gate: str
    gates: list[Gate]


def gates_of(protocols: Iterable[ProtocolVersion]) -> dict[str, list[Gate]]:
    """Item code -> the ages that protocols in force accept before a dose."""
    found: dict[str, list[Gate]] = {}
    for protocol in protocols:
        told = protocol.document.get("pre_dose", {}).get("gates", {})
        for code, one in told.items():
            said = hours(one.get("hours")) or str(one.get("rule", "")).replace("_", " ")
            gate = Gate(protocol.trial.code, protocol.number, said, one["why"])
            found.setdefault(code, []).append(gate)
    return found


def items(
    sought: str = "", protocols: Iterable[ProtocolVersion] = ()
) -> list[ItemLine]:
    """What can be measured, with its limits and how long it counts."""
    gates = gates_of(protocols)
    ordered = sorted(ITEMS.values(), key=lambda item: (item.group, item.order))
    return [
        ItemLine(
            item,
            with_unit(span(item.hard), item),
            with_unit(span(item.confirm), item),
            with_unit(span(item.soft), item),
            hours(item.validity.current) or item.validity.rule.replace("_", " "),
            hours(item.validity.tight),
            hours(item.validity.gate) or item.validity.gate_rule.replace("_", " "),
            gates.get(item.code, []),
        )
        for item in ordered
        if holds(sought, item.code, item.label, item.short)
    ]


def with_unit(said: str, item: Item) -> str:
    """`20 – 45 °C`."""
    return f"{said} {item.unit_label}".strip() if said else ""


def span(limits: Limits) -> str:
    """`34 to 43`, `under 4`: the values that still pass."""
    if limits.low is not None and limits.high is not None:
        return f"{limits.low:g} – {limits.high:g}"
    if limits.low is not None:
        return f"≥ {limits.low:g}"
    return f"≤ {limits.high:g}" if limits.high is not None else ""


def hours(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number * 60:g} min" if number < 1 else f"{number:g} h"


@dataclass(frozen=True)
class TreatmentLine:
    treatment: TreatmentKind
    effects: list[str]


def treatments(sought: str = "") -> list[TreatmentLine]:
    """What can be logged, and which signs it blurs for how long."""
    return [
        TreatmentLine(one, [effect(mask) for mask in one.masks])
        for one in TREATMENTS.values()
        if holds(sought, one.code, one.label, one.class_label)
    ]


def sources(sought: str = "") -> list[Source]:
    """Where the numbers are from."""
    return [
        one for one in SOURCES.values() if holds(sought, one.key, one.short, one.title)
    ]


def effect(mask: Mask) -> str:
    """`Temp: 6 h`, `SBP: while running and 4 h after`."""
    names = ", ".join(
        ITEMS[code].short if code in ITEMS else code for code in mask.items
    )
    last = hours(mask.hours) or mask.until.replace("_", " ")
    said = _("%(items)s: while running and %(hours)s after")
    plain = _("%(items)s: %(hours)s")
    return str(said if mask.while_running else plain) % {"items": names, "hours": last}
