"""Whether a reaction is expected: the reference safety information in force. Pure.

A protocol document holds `[[reference_safety]]` with `name`, `since` (a date) and
`listed`: CTCAE term key -> the highest grade that is listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Answer = Literal["expected", "unexpected", ""]
PARTS = {"name", "since", "listed"}


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition, in force from the day `since` until the next one."""

    name: str
    since: date
    listed: Mapping[str, int]


def editions(document: Mapping[str, Any]) -> list[Edition]:
    """Every edition of a protocol document, oldest first."""
    made = [
        Edition(one["name"], day(one["since"]), dict(one["listed"]))
        for one in document.get("reference_safety", ())
    ]
    return sorted(made, key=lambda one: one.since)


def in_force(document: Mapping[str, Any], on: date) -> Edition | None:
    """The edition of the day of onset; None before the first, or where none is."""
    past = [one for one in editions(document) if one.since <= on]
    return past[-1] if past else None


def expectedness(edition: Edition | None, term: str, grade: int | None) -> Answer:
    """What the list says of a term and grade: more severe than listed is unexpected.

    "" where nothing can be said: no list in force, no term, no grade.
    """
    if edition is None or not term:
        return ""
    most = edition.listed.get(term)
    if most is None:
        return "unexpected"
    if grade is None:
        return ""
    return "expected" if grade <= most else "unexpected"


def day(value: Any) -> date:
    """A date from TOML, or from the same document kept as JSON. Raises ValueError."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def problems(document: Mapping[str, Any], terms: Mapping[str, Any]) -> Iterator[str]:
    """What stands in the way of using the lists, in sentences."""
    for number, one in enumerate(document.get("reference_safety", ()), start=1):
        where = f"reference_safety, entry {number}"
        if not isinstance(one, Mapping) or set(one) != PARTS:
            yield f"{where}: give name, since and listed."
            continue
        try:
            day(one["since"])
        except ValueError:
            yield f"{where}: since is a date, as 2026-03-01."
        for term, grade in one["listed"].items():
            if term not in terms:
                yield f"{where}: there is no term {term}."
            elif grade not in range(1, 6):
                yield f"{where}, {term}: the highest grade listed is 1 to 5."
