"""The knowledge file by file: every entry with its numbers, source, reason and trust.

What the themes, items and treatments of the page do not print in a table of their own
stands here: points of scores, oxygen by device, factors of units, who is told when,
hold criteria, guidance. Nothing is chosen, so that nothing of a file is left out.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from monitor.clinical.thresholds import KNOWLEDGE, SOURCES
from monitor.trials.knowledge import holds, unit_word

TITLES = {
    "scores": _("Scores beside the patterns: points"),
    "oxygen": _("Oxygen by device: class and estimated FiO₂"),
    "units": _("Units in print"),
    "unit_spellings": _("How files spell a unit"),
    "items": _("Items: unit factors, limits and jumps"),
    "treatments": _("Treatments: masks and units"),
    "cautions": _("Cautions printed where an agent is logged"),
    "amounts": _("Amounts that are asked about once"),
    "escalation": _("Who is told, and after how many minutes"),
    "scales": _("Cytokine release: findings and grades"),
    "icans": _("ICANS: findings and grades"),
    "holds": _("Hold criteria before a dose"),
    "guidance": _("What the sources name"),
    "questions": _("Questions before a dose"),
}
# Printed elsewhere: on this page in their own tables, and on that of the CTCAE limits.
ELSEWHERE = ("thresholds", "sources", "ctcae")
ABOUT = ("source", "verified", "project")
WHY = ("why", "says")
# Lists of pairs: from such a flow on, such a fraction.
PAIRS = ("by_flow",)


@dataclass(frozen=True)
class Entry:
    """One table of a file. `parts`: (name, value) as they stand in it."""

    name: str
    parts: list[tuple[str, str]]
    source: str
    why: str
    trust: str


@dataclass(frozen=True)
class File:
    key: str
    title: Any
    entries: list[Entry]


def files(sought: str = "") -> list[File]:
    """The files with the entries that `sought` is found in, in the order of TITLES."""
    found = []
    for key, title in TITLES.items():
        entries = [one for one in _entries(key) if _holds(sought, one)]
        if entries:
            found.append(File(key, title, entries))
    return found


def _holds(sought: str, one: Entry) -> bool:
    parts = (f"{name} {value}" for name, value in one.parts)
    return holds(sought, one.name, one.source, one.why, *parts)


@cache
def _entries(key: str) -> tuple[Entry, ...]:
    return tuple(one for path in paths(key) for one in _entries_of(path))


def paths(key: str) -> list[Path]:
    """`holds` is the beginning of several files' names."""
    own = KNOWLEDGE / f"{key}.toml"
    return [own] if own.exists() else sorted(KNOWLEDGE.glob(f"{key}_*.toml"))


def _entries_of(path: Path) -> Iterator[Entry]:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    yield from _walk(told, (), dict(told.get("defaults", {})))


def _walk(
    table: Mapping[str, Any], place: tuple[str, ...], above: Mapping[str, Any]
) -> Iterator[Entry]:
    """The table itself where it says something, then those inside it."""
    about = {**above, **{key: table[key] for key in ABOUT if key in table}}
    plain = {key: value for key, value in table.items() if not _nests(value)}
    said = [(key, value) for key, value in plain.items() if key not in (*ABOUT, *WHY)]
    if said:
        yield Entry(
            " · ".join(place),
            [(key.replace("_", " "), _words(key, value)) for key, value in said],
            source_words(str(about.get("source", ""))),
            " ".join(str(plain[key]) for key in WHY if key in plain),
            _trust(about),
        )
    for key, value in table.items():
        if _nests(value):
            yield from _walk(value, (*place, key), about)


def _nests(value: Any) -> bool:
    """A table of tables is told apart; a small one is one part of its entry."""
    return isinstance(value, Mapping) and any(
        isinstance(one, Mapping | list) for one in value.values()
    )


def _words(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, Mapping):
        parts = (
            (one.replace("_", " "), _words(one, told)) for one, told in value.items()
        )
        return ", ".join(f"{name} {told}" for name, told in parts)
    if isinstance(value, list):
        pair = value and not any(isinstance(one, Mapping | list) for one in value)
        return (" → " if key in PAIRS and pair else "; ").join(
            _words(key, one) for one in value
        )
    if isinstance(value, float):
        return f"{value:g}"
    return unit_word(value) if key == "unit" else str(value)


def source_words(key: str) -> str:
    return SOURCES[key].short if key in SOURCES else key


def _trust(about: Mapping[str, Any]) -> str:
    if about.get("verified"):
        return "verified"
    return (
        "project"
        if about.get("project") or about.get("source") == "PROJ"
        else ("unverified" if "verified" in about else "")
    )
