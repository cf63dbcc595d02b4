"""The knowledge file by file: every entry with its numbers, source, reason and trust.

What the themes, items and treatments of the page do not print in a table of their own
stands here: points of scores, oxygen by device, factors of units, who is told when,
hold criteria, guidance. Nothing is chosen, so that nothing of a file is left out.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from monitor.clinical.criteria.library import CRITERIA, asked_in
from monitor.clinical.items.catalogue import ITEMS
from monitor.clinical.thresholds import KNOWLEDGE, SOURCES, THRESHOLDS
from monitor.trials.knowledge import holds
from monitor.trials.knowledge_words import part_name, plain, words
from monitor.trials.models import ProtocolVersion

TITLES = {
    "scores": _("Scores beside the patterns: points"),
    "oxygen": _("Oxygen by device: class and estimated FiO₂"),
    "units": _("Units in print"),
    "unit_spellings": _("How files spell a unit"),
    "items": _("Items: unit factors, limits and jumps"),
    "treatments": _("Treatments: masks and units"),
    "cautions": _("Cautions printed where an agent is logged"),
    "event_terms": _("CTCAE terms that name a confirmed event"),
    "amounts": _("Amounts that are asked about once"),
    "escalation": _("Who is told, and after how many minutes"),
    "scales": _("Cytokine release: findings and grades"),
    "icans": _("ICANS: findings and grades"),
    "leak": _("Capillary leak: findings and suggested grades"),
    "holds": _("Hold criteria before a dose"),
    "guidance": _("What the sources name"),
    "questions": _("Questions before a dose"),
}
# Printed elsewhere: on this page in their own tables, and on that of the CTCAE limits.
ELSEWHERE = ("thresholds", "sources", "ctcae")
ABOUT = ("source", "verified", "project")
WHY = ("why", "says", "text")


@dataclass(frozen=True)
class Entry:
    """One table of a file. `parts`: (name, value) in words, none left out; `place`: the
    keys under which it stands in the file.
    """

    name: str
    place: str
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


def of_protocols(protocols: Iterable[ProtocolVersion], sought: str = "") -> list[File]:
    """What each trial's protocol in force sets, beside the defaults."""
    found = []
    for number, one in enumerate(protocols, 1):
        told = {"protocol": one.document}
        entries = [said for said in _walk(told, (), {}) if _holds(sought, said)]
        title = _("Protocol of %(trial)s, version %(version)s") % {
            "trial": one.trial.code,
            "version": one.number,
        }
        if entries:
            found.append(File(f"protocol-{number}", title, entries))
    return found


def _holds(sought: str, one: Entry) -> bool:
    parts = (f"{name} {value}" for name, value in one.parts)
    return holds(sought, one.name, one.place, one.source, one.why, *parts)


@cache
def _entries(key: str) -> tuple[Entry, ...]:
    found = tuple(one for path in paths(key) for one in _entries_of(path))
    return tuple(map(_sourced, found)) if key == "questions" else found


def _sourced(question: Entry) -> Entry:
    """A question with what it decides, and the source of that: it has none itself."""
    asking = [one for one in CRITERIA.values() if question.place in asked_in(one)]
    names = dict.fromkeys(source_words(one.source) for one in asking)
    trusts = {
        _trust({"source": one.source, "verified": one.verified}) for one in asking
    }
    return replace(
        question,
        parts=[*question.parts, *((_("decides"), one.says) for one in asking)],
        source=", ".join(names),
        trust=trusts.pop() if len(trusts) == 1 else "unverified",
    )


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
    plain_ = {key: value for key, value in table.items() if not _nests(value)}
    said = [(key, value) for key, value in plain_.items() if key not in (*ABOUT, *WHY)]
    if said or (place and any(key in plain_ for key in WHY)):
        unit = str(table.get("unit", _unit_above(place)))
        yield Entry(
            " · ".join(plain(one) for one in place),
            " · ".join(place),
            [
                (_name(place, key, value), words(key, value, _unit(key, unit)))
                for key, value in said
            ],
            source_words(str(about.get("source", ""))),
            " ".join(str(plain_[key]) for key in WHY if key in plain_),
            _trust(about),
        )
    for key, value in table.items():
        if _nests(value):
            for one in value if isinstance(value, list) else [value]:
                yield from _walk(one, (*place, _called(key, one)), about)


def _called(key: str, one: Mapping[str, Any]) -> str:
    """The steps of a scale are called by the grade that they give."""
    return f"grade {one['grade']}" if key == "steps" and "grade" in one else key


def _name(place: tuple[str, ...], key: str, value: Any) -> str:
    """A part's name; of a line that a protocol sets, what the line decides."""
    sets = "thresholds" in place and key in THRESHOLDS
    return THRESHOLDS[key].why if sets else part_name(key, value)


def _nests(value: Any) -> bool:
    """A table of tables is told apart, and so is a list of sentences; a small table is
    one part of its entry.
    """
    if isinstance(value, list):
        return any(isinstance(one, Mapping) and _speaks(one) for one in value)
    return isinstance(value, Mapping) and any(
        isinstance(one, Mapping | list) for one in value.values()
    )


def _speaks(table: Mapping[str, Any]) -> bool:
    """Whether it has a sentence of its own, and more than the parts of a count."""
    return any(key in table for key in WHY) and "tests" not in table


def _unit(key: str, unit: str) -> str:
    """The unit of a part's numbers: points of a score are those of the item."""
    return ITEMS[key].unit if key in ITEMS else unit


def _unit_above(place: tuple[str, ...]) -> str:
    """NEWS2's second scale is of a saturation."""
    return "%" if "scale_2" in place else ""


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
