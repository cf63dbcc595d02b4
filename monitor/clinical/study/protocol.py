"""A protocol as one validated document: what a trial sets of what can be set."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.clinical.criteria.choosing import PreDose, chosen
from monitor.clinical.criteria.choosing import problems as pre_dose_problems
from monitor.clinical.ctcae import TERMS
from monitor.clinical.items.catalogue import ITEMS
from monitor.clinical.items.model import Version
from monitor.clinical.study import (
    agents,
    escalation,
    expecting,
    make_up,
    plan,
    reference_safety,
)
from monitor.clinical.study.agents import Agent, dosed_by
from monitor.clinical.study.escalation import Policy
from monitor.clinical.study.expecting import Expected
from monitor.clinical.study.plan import Plan
from monitor.clinical.thresholds import THRESHOLDS, Threshold

# How long a family is looked for; without any time it would be switched off.
WINDOW = "_window_hours"
SCALES = ("astct", "ctcae_v5", "ctcae_v6", "lee_2014", "penn")
PRESSURE_LINES = ("fixed", "personal")
CTCAE_VERSIONS = ("v5", "v6")
KEYS = {
    "name",
    "version",
    "scale",
    "ctcae",
    "pressure_line",
    "agents",
    "baseline_before",
    "thresholds",
    "expected",
    "schedule",
    "set_items",
    "end_of_infusion",
    "routines",
    "contacts",
    "escalation",
    "dlt_window_days",
    "pre_dose",
    "suspects",
    "reference_safety",
    "sponsor_zone",
    "consider",
    "surgery",
    "make_up",
    "assumptions",
}


class BadProtocol(ValueError):
    """The document cannot be used; `problems` are sentences that say what to mend."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


class Lines(Mapping[str, float]):
    """Every threshold's value in force, by key. It can be hashed, so that the rules

    that are built from it are built once.
    """

    def __init__(self, values: Mapping[str, float]) -> None:
        self._values = dict(values)
        self._hash = hash(frozenset(self._values.items()))

    def __getitem__(self, key: str) -> float:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type["Lines"], tuple[dict[str, float]]]:
        # A text's hash differs from process to process, and so does this one.
        return Lines, (self._values,)

    def __eq__(self, other: object) -> bool:
        # Asked for every cached rule: mostly it is the very same object.
        if self is other:
            return True
        return isinstance(other, Lines) and self._values == other._values


@cache
def _one_of(lines: Lines) -> Lines:
    """The first of all lines that are equal: a rule's cache then need not compare."""
    return lines


@dataclass(frozen=True)
class Protocol:
    """What is in force for a cycle. `lines` holds every threshold by key.

    `ctcae`: the version in which people grade symptoms, and which a page shows first.
    `sponsor_zone`: by whose calendar the sponsor's days of a serious event count.
    """

    name: str = "default"
    version: str = "0"
    scale: str = "astct"
    ctcae: Version = "v5"
    pressure_line: str = "fixed"
    agents: tuple[Agent, ...] = ()
    baseline_before: tuple[str, ...] = ()
    overrides: Mapping[str, float] = field(default_factory=dict)
    expected: Expected | None = None
    plan: Plan = field(default_factory=Plan)
    suspects: tuple[str, ...] = ()
    sponsor_zone: str = "UTC"
    document: Mapping[str, Any] = field(default_factory=dict)
    #: Patterns that are not asked about at all: see `patterns.silence`.
    unasked: frozenset[str] = frozenset()

    def __getstate__(self) -> dict[str, Any]:
        """What another process needs of it: the fields, not what was made of them."""
        state = {one.name: getattr(self, one.name) for one in fields(self)}
        return state | {"document": dict(self.document)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        document = MappingProxyType(state["document"])
        self.__dict__.update(state | {"document": document})

    @cached_property
    def lines(self) -> Lines:
        """Every threshold's value, the protocol's where it sets one."""
        known = {key: one.value for key, one in THRESHOLDS.items()}
        return _one_of(Lines({**known, **self.overrides}))

    def agent_label(self, code: str) -> str:
        """What the protocol calls an agent; its code where the protocol is silent."""
        return next((one.label for one in self.agents if one.code == code), code)

    @cached_property
    def make_up(self) -> Mapping[str, make_up.MakeUp]:
        """Agent -> when a dose of it that was missed may be made up."""
        return make_up.rules(self.document)

    @property
    def before_surgery(self) -> tuple[str, ...]:
        """What is looked at before the surgery that ends the doses; () without one."""
        return tuple(self.document.get("surgery", {}).get("items", ()))

    @cached_property
    def injected(self) -> frozenset[str]:
        """The agents of which each site of a dose is logged by itself."""
        return frozenset(one.code for one in self.agents if one.injected)

    def low_pressure(self, usual: float | None) -> float:
        """The line for systolic pressure, mm[Hg], of somebody with this usual one (R3).

        `standings` says the same of a whole frame.
        """
        lines = self.lines
        if self.pressure_line == "fixed" or usual is None:
            return lines["sbp_low"]
        if usual < lines["sbp_usual_mid_from"]:
            return lines["sbp_line_usual_low"]
        middle = usual <= lines["sbp_usual_mid_to"]
        return lines["sbp_line_usual_mid"] if middle else lines["sbp_low"]

    @cached_property
    def pre_dose(self) -> PreDose:
        """The criteria of the check before a dose, and the ages that it accepts."""
        return chosen(self.document)

    @cached_property
    def policies(self) -> Mapping[str, Policy]:
        """Who is told what and when, by key of `knowledge/escalation.toml`."""
        return escalation.policies(self.document)

    @property
    def dosed(self) -> tuple[str, ...]:
        """All that a dose may be of; empty: of anything."""
        return dosed_by(self.document)

    @property
    def cycle_starters(self) -> tuple[str, ...]:
        """Agents whose first dose starts the cycle; empty: any dose does."""
        cytokines = tuple(agent.code for agent in self.agents if agent.cytokine)
        return (*cytokines, *self.baseline_before)

    @classmethod
    def default(cls) -> "Protocol":
        return cls()

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Protocol":
        """The protocol of a document (parsed TOML or JSON). Raises BadProtocol."""
        problems = list(problems_of(document))
        if problems:
            raise BadProtocol(problems)
        thresholds = document.get("thresholds", {})
        return cls(
            name=document["name"],
            version=str(document["version"]),
            scale=document.get("scale", "astct"),
            ctcae=ctcae_of(document),
            pressure_line=document.get("pressure_line", "fixed"),
            agents=tuple(Agent(**agent) for agent in document.get("agents", [])),
            baseline_before=tuple(document.get("baseline_before", [])),
            overrides={key: float(one["value"]) for key, one in thresholds.items()},
            expected=Expected.from_document(document),
            plan=Plan.from_document(document),
            suspects=tuple(document.get("suspects", [])),
            sponsor_zone=document.get("sponsor_zone", "UTC"),
            document=MappingProxyType(dict(document)),
        )


def ctcae_of(document: Mapping[str, Any]) -> Version:
    """The CTCAE version that a protocol document fixes, named or by its scale."""
    named: Version = document.get("ctcae", version_of(document.get("scale", "")))
    return named


def version_of(scale: str) -> Version:
    """The CTCAE version of a trial that names none: its scale's, else 5."""
    return "v6" if scale == "ctcae_v6" else "v5"


def problems_of(document: Mapping[str, Any]) -> list[str]:
    """What stands in the way of using a document, in sentences; empty when nothing."""
    found = [f"{key} is no part of a protocol." for key in set(document) - KEYS]
    found += [
        f"{key} is missing." for key in ("name", "version") if key not in document
    ]
    if document.get("scale", "astct") not in SCALES:
        found.append(f"scale is one of {', '.join(SCALES)}.")
    if document.get("ctcae", "v5") not in CTCAE_VERSIONS:
        found.append(f"ctcae is one of {', '.join(CTCAE_VERSIONS)}.")
    if document.get("pressure_line", "fixed") not in PRESSURE_LINES:
        found.append(f"pressure_line is one of {', '.join(PRESSURE_LINES)}.")
    if not _is_zone(document.get("sponsor_zone", "UTC")):
        found.append("sponsor_zone is the name of a time zone, as Europe/Zurich.")
    for key, one in document.get("thresholds", {}).items():
        found += _threshold_problems(key, one)
    found += _shape_problems(document)
    found += pre_dose_problems(document)
    found += escalation.problems(document)
    found += reference_safety.problems(document, TERMS)
    found += make_up.problems(document)
    return sorted(found)


def _is_zone(name: Any) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, TypeError):
        return False


def _threshold_problems(key: str, one: Any) -> list[str]:
    if key not in THRESHOLDS:
        return [f"thresholds: there is no {key}."]
    if not isinstance(one, Mapping) or set(one) != {"value", "unit", "why"}:
        return [f"thresholds, {key}: give value, unit and why."]
    if one["unit"] != THRESHOLDS[key].unit:
        return [f"thresholds, {key}: the unit is {THRESHOLDS[key].unit}."]
    value, why = one["value"], one["why"]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return [f"thresholds, {key}: value is a number."]
    if not isinstance(why, str) or not why.strip():
        return [f"thresholds, {key}: why is said."]
    if not THRESHOLDS[key].allows(value):
        return [f"thresholds, {key}: {_bounds_in_words(THRESHOLDS[key])}"]
    if key.endswith(WINDOW) and value == 0:
        return [
            f"thresholds, {key}: in 0 {THRESHOLDS[key].unit} nothing is looked for."
        ]
    return []


def _bounds_in_words(one: Threshold) -> str:
    if not one.bounded:
        return "give a number that can be: finite, and not below 0."
    if one.least == one.most:
        return f"stays {one.least:g} {one.unit}: a danger sign rests on it."
    return (
        f"give {one.least:g} to {one.most:g} {one.unit}: a danger sign may be moved, "
        "and never switched off."
    )


def _shape_problems(document: Mapping[str, Any]) -> list[str]:
    found = [*plan.problems_of(document, ITEMS)]
    found += agents.problems(document.get("agents", []))
    days = document.get("dlt_window_days", 1)
    if isinstance(days, bool) or not isinstance(days, int | float) or not days > 0:
        found.append("dlt_window_days: a number of days, more than 0.")
    if not isinstance(document.get("end_of_infusion", True), bool):
        found.append("end_of_infusion is true or false, without quotation marks.")
    return [*found, *_surgery_problems(document), *expecting.problems(document)]


def _surgery_problems(document: Mapping[str, Any]) -> list[str]:
    if "surgery" not in document:
        return []
    told = document["surgery"]
    if not isinstance(told, Mapping) or set(told) != {"items"} or not told["items"]:
        return ["surgery: name the items that are looked at before it."]
    return [f"There is no item {one}." for one in told["items"] if one not in ITEMS]
