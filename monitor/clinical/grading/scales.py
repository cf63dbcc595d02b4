"""The tables of `knowledge/scales.toml`: which finding gives which grade, and why."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from monitor.clinical.thresholds import KNOWLEDGE, SOURCES, BadKnowledge

PARTS = ("pressure", "oxygen", "symptoms", "organs")
OPTIONAL = ("organs",)


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a scale: the grade that a standing finding gives, from which source.

    `says` is a paraphrase in our words.
    """

    grade: int
    arm: str
    source: str
    says: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale by its parts. `restates_fever`: without fever it gives no grade itself.

    `by_fraction`: its oxygen steps need the fraction inspired. `organs` count only
    while a fever stands; `organs_reviewed`: a person says whether they belong to it.
    """

    key: str
    name: str
    source: str
    restates_fever: bool
    by_fraction: bool
    pressure: tuple[Step, ...]
    oxygen: tuple[Step, ...]
    symptoms: tuple[Step, ...]
    organs: tuple[Step, ...] = ()
    organs_reviewed: bool = False

    def part(self, name: str) -> tuple[Step, ...]:
        """The rows of one of PARTS."""
        found: tuple[Step, ...] = getattr(self, name)
        return found


def read_scales(tables: Mapping[str, Any], arms: frozenset[str]) -> dict[str, Scale]:
    """Every scale by key, in file order. Raises BadKnowledge for an unknown finding."""
    return {key: _scale(key, dict(table), arms) for key, table in tables.items()}


def load(arms: frozenset[str]) -> Mapping[str, Scale]:
    """The scales of `scales.toml`, whose findings are among `arms`."""
    text = (KNOWLEDGE / "scales.toml").read_text(encoding="utf-8")
    return MappingProxyType(read_scales(tomllib.loads(text), arms))


def load_steps(file: str, arms: Collection[str]) -> tuple[Step, ...]:
    """The rows of a file that is one table, whose findings are among `arms`."""
    read = tomllib.loads((KNOWLEDGE / file).read_text(encoding="utf-8"))
    if set(read) != {"steps"}:
        raise BadKnowledge(f"{file}: steps alone, not {', '.join(read)}.")
    return read_steps(file, read["steps"], arms)


def read_steps(
    file: str, rows: list[dict[str, Any]], arms: Collection[str]
) -> tuple[Step, ...]:
    """The rows of a table. Raises BadKnowledge for an unknown finding or source."""
    try:
        steps = tuple(Step(**row) for row in rows)
    except TypeError as fault:
        raise BadKnowledge(f"{file}: {fault}.") from fault
    for step in steps:
        if step.arm not in arms or step.source not in SOURCES or not step.says:
            raise BadKnowledge(f"{file}, {step.arm}: finding, source or says.")
    return steps


def _scale(key: str, table: dict[str, Any], arms: frozenset[str]) -> Scale:
    try:
        rows = {part: table.pop(part) for part in PARTS if part not in OPTIONAL}
        rows |= {part: table.pop(part, []) for part in OPTIONAL}
        steps = {part: tuple(Step(**row) for row in rows[part]) for part in PARTS}
        parts: dict[str, Any] = {**table, **steps}
        made = Scale(key=key, **parts)
    except (KeyError, TypeError) as fault:
        raise BadKnowledge(f"scales.toml, {key}: {fault}.") from fault
    for step in (step for part in PARTS for step in made.part(part)):
        if step.arm not in arms:
            raise BadKnowledge(f"scales.toml, {key}: no finding {step.arm}.")
        if {step.source, made.source} - set(SOURCES) or not step.says:
            raise BadKnowledge(f"scales.toml, {key}, {step.arm}: source or says.")
    return made
