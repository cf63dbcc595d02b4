"""The numbers that the rules compare with, each with its unit, source and reason."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import inf, isfinite
from pathlib import Path
from types import MappingProxyType
from typing import Literal

KNOWLEDGE = Path(__file__).parent / "knowledge"
NUMBERS = ("thresholds.toml", "thresholds_predose.toml", "thresholds_given.toml")
BOUNDS = ("least", "most")
DIRECTIONS = ("<", "<=", ">=", ">", "=")


class BadKnowledge(ValueError):
    """A knowledge file that cannot be trusted; the sentence says what to mend."""


@dataclass(frozen=True, slots=True)
class Source:
    """A publication or label that a number was taken from."""

    key: str
    title: str
    short: str
    year: str
    where: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number. `verified`: checked against a copy of its source. `project`: a

    default of this program that a protocol may set, never shown as a guideline.
    `least`, `most`: how far a protocol may move what decides a danger sign, which it
    may move but never switch off (reference 11.1).
    """

    key: str
    value: float
    unit: str
    direction: Literal["<", "<=", ">=", ">", "="]
    source: str
    why: str
    verified: bool
    project: bool
    least: float = -inf
    most: float = inf

    def allows(self, value: float) -> bool:
        """Whether a protocol may set it so: finite, in bounds, and not below 0."""
        least = max(self.least, min(0, self.value))
        return isfinite(value) and least <= value <= self.most

    @property
    def bounded(self) -> bool:
        return isfinite(self.least) and isfinite(self.most)


def _read(name: str) -> dict[str, dict[str, object]]:
    return tomllib.loads((KNOWLEDGE / name).read_text(encoding="utf-8"))


def _source(key: str, given: dict[str, object]) -> Source:
    wanted = set(Source.__dataclass_fields__) - {"key"}
    if set(given) != wanted or not all(given.values()):
        odd = ", ".join(sorted(set(given) ^ wanted)) or "an empty part"
        raise BadKnowledge(f"sources.toml, {key}: missing or unknown {odd}.")
    return Source(key, **given)  # type: ignore[arg-type]


def _threshold(key: str, given: dict[str, object], units: set[str]) -> Threshold:
    wanted = set(Threshold.__dataclass_fields__) - {"key", *BOUNDS}
    if set(given) - set(BOUNDS) != wanted or len(set(given) & set(BOUNDS)) == 1:
        odd = ", ".join(sorted(set(given) ^ {*wanted, *BOUNDS}))
        raise BadKnowledge(f"thresholds.toml, {key}: missing or unknown {odd}.")
    made = Threshold(key=key, **given)  # type: ignore[arg-type]
    if made.direction not in DIRECTIONS:
        raise BadKnowledge(f"thresholds.toml, {key}: no direction {made.direction}.")
    if made.source not in SOURCES:
        raise BadKnowledge(f"thresholds.toml, {key}: no source {made.source}.")
    if made.unit not in units:
        raise BadKnowledge(f"thresholds.toml, {key}: no unit {made.unit}.")
    if not made.why:
        raise BadKnowledge(f"thresholds.toml, {key}: say why.")
    if not made.allows(made.value):
        raise BadKnowledge(f"thresholds.toml, {key}: lies outside its own bounds.")
    return made


def read_sources() -> dict[str, Source]:
    """Every source by key. Raises BadKnowledge."""
    return {key: _source(key, given) for key, given in _read("sources.toml").items()}


def read_thresholds() -> dict[str, Threshold]:
    """Every number by key, in file order. Raises BadKnowledge."""
    units = set(_read("units.toml"))
    return {
        key: _threshold(key, given, units)
        for name in NUMBERS
        for key, given in _read(name).items()
    }


SOURCES: Mapping[str, Source] = MappingProxyType(read_sources())
THRESHOLDS: Mapping[str, Threshold] = MappingProxyType(read_thresholds())


@cache
def knowledge_version() -> str:
    """A short name for exactly this knowledge: the digest of all its files."""
    digest = hashlib.sha256()
    for path in sorted(KNOWLEDGE.rglob("*.toml")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
