"""Scores that count parts, and numbers beside them, read from `knowledge/scores.toml`.

They say what is met and what nobody knows, and nothing more: no level, no flag (R15).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from operator import ge, gt, le, lt
from typing import Any

import polars as pl

from monitor.clinical.items import catalogue
from monitor.clinical.signs import SIGNS
from monitor.clinical.thresholds import KNOWLEDGE, SOURCES, BadKnowledge
from monitor.clinical.words import any_of, now, sign

COMPARE = {"<": lt, "<=": le, ">=": ge, ">": gt}


@dataclass(frozen=True, slots=True)
class Test:
    """One question: an item held to a value, a coded item that is not so, or a sign."""

    item: str
    direction: str = ""
    value: float = 0.0
    unit: str = ""
    is_not: str = ""
    sign: str = ""

    def answer(self) -> pl.Expr:
        """True, false, or null while the item is not current."""
        if self.sign:
            return sign(self.sign)
        if self.is_not:
            return now(self.item) != self.is_not
        compared: pl.Expr = COMPARE[self.direction](now(self.item), self.value)
        return compared


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    says: str
    tests: tuple[Test, ...]

    def answer(self) -> pl.Expr:
        return any_of([one.answer() for one in self.tests])


@dataclass(frozen=True, slots=True)
class Count:
    """A score that counts parts. `positive` is None where it only lists them."""

    key: str
    title: str
    source: str
    verified: bool
    parts: tuple[Part, ...]
    positive: int | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A number made of others, with what is usual beside it."""

    key: str
    title: str
    item: str
    made_from: tuple[str, ...]
    unit: str
    decimals: int
    says: str
    source: str
    verified: bool


def read_counts(tables: Mapping[str, Any]) -> dict[str, Count]:
    """Every count by key. Raises BadKnowledge for what nothing can answer."""
    return {key: _count(key, table) for key, table in tables.items()}


def _count(key: str, table: Mapping[str, Any]) -> Count:
    try:
        parts = tuple(_part(key, row) for row in table["parts"])
        made = Count(key=key, **{**table, "parts": parts})
    except (KeyError, TypeError) as fault:
        raise BadKnowledge(f"scores.toml, {key}: {fault}.") from fault
    if made.source not in SOURCES:
        raise BadKnowledge(f"scores.toml, {key}: no source {made.source}.")
    return made


def _part(key: str, row: Mapping[str, Any]) -> Part:
    tests = tuple(Test(**one) for one in row["tests"])
    for one in tests:
        item = catalogue.ITEMS.get(one.item)
        answered = one.sign in SIGNS or one.is_not or one.direction in COMPARE
        if item is None or not answered:
            raise BadKnowledge(f"scores.toml, {key}: nothing answers {one}.")
        if one.direction and one.unit != item.unit:
            raise BadKnowledge(f"scores.toml, {key}: {one.item} is in {item.unit}.")
    return Part(row["name"], row["says"], tests)


def read_numbers(tables: Mapping[str, Any]) -> dict[str, Number]:
    """Every number by key. Raises BadKnowledge."""
    try:
        made = {
            key: Number(key=key, **{**table, "made_from": tuple(table["made_from"])})
            for key, table in tables.items()
        }
    except (KeyError, TypeError) as fault:
        raise BadKnowledge(f"scores.toml, numbers: {fault}.") from fault
    for one in made.values():
        if one.source not in SOURCES:
            raise BadKnowledge(f"scores.toml, {one.key}: no source {one.source}.")
    return made


def _tables(name: str) -> Mapping[str, Any]:
    text = (KNOWLEDGE / "scores.toml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = tomllib.loads(text)[name]
    return found


@cache
def counts() -> dict[str, Count]:
    return read_counts(_tables("counts"))


@cache
def numbers() -> dict[str, Number]:
    return read_numbers(_tables("numbers"))


@cache
def answers() -> tuple[pl.Expr, ...]:
    """The columns `part:COUNT:NAME`: true, false, or null for unknown."""
    return tuple(
        part.answer().alias(f"part:{key}:{part.name}")
        for key, one in counts().items()
        for part in one.parts
    )
