"""The lines of every term as one frame, so that a whole file is graded in one pass."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import polars as pl

from monitor.clinical.ctcae import TERMS
from monitor.clinical.ctcae.model import Bound, Line, Term

# What picks the lines that speak about a value.
KEY = ("term", "version", "of", "unit")
SLOTS = range(3)
SCHEMA: dict[str, Any] = {
    **dict.fromkeys(KEY, pl.String),
    "level": pl.Int8,
    "says": pl.String,
    "when": pl.String,
    "asks": pl.String,
    "worst": pl.Boolean,
    **{f"reference{n}": pl.String for n in SLOTS},
    **{f"sign{n}": pl.String for n in SLOTS},
    **{f"times{n}": pl.Float64 for n in SLOTS},
    **{f"plus{n}": pl.Float64 for n in SLOTS},
}


@cache
def limits() -> pl.DataFrame:
    """A row for each line, and for each unit a value may be typed in."""
    rows = [row for term in TERMS.values() for row in _rows(term)]
    return pl.DataFrame(rows, schema=SCHEMA)


def _rows(term: Term) -> Iterator[dict[str, Any]]:
    for version, lines in term.lines.items():
        units = _units(term, version)
        for line in lines:
            if line.bounds:
                for unit in units:
                    key = (term.key, version, line.of, unit)
                    yield dict(zip(KEY, key, strict=True)) | _line(line, unit)


def _units(term: Term, version: str) -> tuple[str, ...]:
    """Units that pick their own lines; one in braces may also be left out."""
    if not term.needs_unit(version):
        return ("",)
    return (*term.units, "") if term.unit.startswith("{") else tuple(term.units)


def _line(line: Line, unit: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "level": line.grade,
        "says": line.says,
        "when": line.when,
        "asks": line.asks,
        "worst": line.worst,
    }
    for slot, bound in zip(SLOTS, line.bounds, strict=False):
        row |= {f"{name}{slot}": one for name, one in _bound(bound, unit).items()}
    return row


def _bound(bound: Bound, unit: str) -> dict[str, Any]:
    """A plain number stands as `plus`; it is rounded once, like the values."""
    plain = bound.reference == "number"
    plus = bound.number(unit) if plain else bound.plus
    return {
        "reference": bound.reference,
        "sign": bound.sign,
        "times": float(bound.times),
        "plus": round(float(plus), 6),
    }
