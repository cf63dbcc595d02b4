"""A protocol as one validated document: what a trial sets of what can be set."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from monitor.clinical.thresholds import THRESHOLDS

SCALES = ("astct", "ctcae_v5", "ctcae_v6", "lee_2014", "penn")
PRESSURE_LINES = ("fixed", "personal")
KEYS = {
    "name",
    "version",
    "scale",
    "pressure_line",
    "agents",
    "baseline_before",
    "thresholds",
    "expected",
    "schedule",
    "escalation",
    "dlt_window_days",
    "suspects",
    "consider",
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

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lines) and self._values == other._values


@dataclass(frozen=True, slots=True)
class Agent:
    """A study agent; `cytokine` agents start the cycle."""

    code: str
    label: str
    cytokine: bool = True
    unit: str = ""
    route: str = ""


@dataclass(frozen=True, slots=True)
class Intensity:
    """Sets every so many minutes until so many hours after the dose (None: on)."""

    every_minutes: float
    until_hours: float | None = None


@dataclass(frozen=True, slots=True)
class ExpectedFever:
    """Fever expected after a dose: hours after it, and a line it stays under."""

    from_hours: float
    to_hours: float
    below: float


DEFAULT_SCHEDULE = (Intensity(15, 1), Intensity(60, 5), Intensity(240, None))


@dataclass(frozen=True)
class Protocol:
    """What is in force for a cycle. `lines` holds every threshold by key."""

    name: str = "default"
    version: str = "0"
    scale: str = "astct"
    pressure_line: str = "fixed"
    agents: tuple[Agent, ...] = ()
    baseline_before: tuple[str, ...] = ()
    overrides: Mapping[str, float] = field(default_factory=dict)
    expected_fever: ExpectedFever | None = None
    schedule: tuple[Intensity, ...] = DEFAULT_SCHEDULE
    suspects: tuple[str, ...] = ()
    document: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def lines(self) -> Lines:
        """Every threshold's value, the protocol's where it sets one."""
        known = {key: one.value for key, one in THRESHOLDS.items()}
        return Lines({**known, **self.overrides})

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
        fever = document.get("expected", {}).get("fever")
        on = document.get("expected", {}).get("on", False)
        return cls(
            name=document["name"],
            version=str(document["version"]),
            scale=document.get("scale", "astct"),
            pressure_line=document.get("pressure_line", "fixed"),
            agents=tuple(Agent(**agent) for agent in document.get("agents", [])),
            baseline_before=tuple(document.get("baseline_before", [])),
            overrides={key: float(one["value"]) for key, one in thresholds.items()},
            expected_fever=ExpectedFever(**fever) if on and fever else None,
            schedule=tuple(Intensity(**one) for one in document.get("schedule", []))
            or DEFAULT_SCHEDULE,
            suspects=tuple(document.get("suspects", [])),
            document=MappingProxyType(dict(document)),
        )


def problems_of(document: Mapping[str, Any]) -> list[str]:
    """What stands in the way of using a document, in sentences; empty when nothing."""
    found = [f"{key} is no part of a protocol." for key in set(document) - KEYS]
    found += [
        f"{key} is missing." for key in ("name", "version") if key not in document
    ]
    if document.get("scale", "astct") not in SCALES:
        found.append(f"scale is one of {', '.join(SCALES)}.")
    if document.get("pressure_line", "fixed") not in PRESSURE_LINES:
        found.append(f"pressure_line is one of {', '.join(PRESSURE_LINES)}.")
    for key, one in document.get("thresholds", {}).items():
        found += _threshold_problems(key, one)
    found += _shape_problems(document)
    return sorted(found)


def _threshold_problems(key: str, one: Any) -> list[str]:
    if key not in THRESHOLDS:
        return [f"thresholds: there is no {key}."]
    if not isinstance(one, Mapping) or set(one) != {"value", "unit", "why"}:
        return [f"thresholds, {key}: give value, unit and why."]
    if one["unit"] != THRESHOLDS[key].unit:
        return [f"thresholds, {key}: the unit is {THRESHOLDS[key].unit}."]
    if not isinstance(one["value"], int | float) or not one["why"]:
        return [f"thresholds, {key}: value is a number, and why is said."]
    return []


def _shape_problems(document: Mapping[str, Any]) -> list[str]:
    found = []
    makers = (("agents", Agent), ("schedule", Intensity))
    for key, maker in makers:
        for number, one in enumerate(document.get(key, []), start=1):
            try:
                maker(**one)
            except TypeError:
                found.append(f"{key}, entry {number}: unknown or missing parts.")
    fever = document.get("expected", {}).get("fever")
    if fever is not None:
        try:
            ExpectedFever(**fever)
        except TypeError:
            found.append("expected.fever: give from_hours, to_hours and below.")
    return found
