"""The numbers that the rules compare with, each with its unit, source and reason."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

KNOWLEDGE = Path(__file__).parent / "knowledge"
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
    """

    key: str
    value: float
    unit: str
    direction: Literal["<", "<=", ">=", ">", "="]
    source: str
    why: str
    verified: bool
    project: bool


def _read(name: str) -> dict[str, dict[str, object]]:
    return tomllib.loads((KNOWLEDGE / name).read_text(encoding="utf-8"))


def _threshold(key: str, given: dict[str, object]) -> Threshold:
    wanted = set(Threshold.__dataclass_fields__) - {"key"}
    if set(given) != wanted:
        odd = ", ".join(sorted(set(given) ^ wanted))
        raise BadKnowledge(f"thresholds.toml, {key}: missing or unknown {odd}.")
    made = Threshold(key=key, **given)  # type: ignore[arg-type]
    if made.direction not in DIRECTIONS:
        raise BadKnowledge(f"thresholds.toml, {key}: no direction {made.direction}.")
    if made.source not in SOURCES:
        raise BadKnowledge(f"thresholds.toml, {key}: no source {made.source}.")
    if not made.why:
        raise BadKnowledge(f"thresholds.toml, {key}: say why.")
    return made


SOURCES: Mapping[str, Source] = MappingProxyType(
    {key: Source(key, **given) for key, given in _read("sources.toml").items()}  # type: ignore[arg-type]
)
THRESHOLDS: Mapping[str, Threshold] = MappingProxyType(
    {key: _threshold(key, given) for key, given in _read("thresholds.toml").items()}
)


@cache
def knowledge_version() -> str:
    """A short name for exactly this knowledge: the digest of all its files."""
    digest = hashlib.sha256()
    for path in sorted(KNOWLEDGE.rglob("*.toml")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
