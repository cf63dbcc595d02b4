"""What the page of CTCAE limits shows: every term by family, in one version.

Whose words stand beside a limit says `wording`; the limits themselves are the
program's, as data, and never come from a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitor.clinical.ctcae import TERMS, Version
from monitor.clinical.ctcae.model import Bound, Line, Term
from monitor.clinical.items.catalogue import ITEMS
from monitor.clinical.signs import SIGNS
from monitor.clinical.study.protocol import ctcae_of
from monitor.clinical.thresholds import SOURCES, Source
from monitor.trials.knowledge import Override, holds, overrides_of, unit_word
from monitor.trials.models import ProtocolVersion
from monitor.trials.wording import Wording

#: The files of the knowledge, as a reader looks for them.
FAMILIES = {
    "blood": gettext_lazy("Blood and clotting"),
    "metabolism": gettext_lazy("Metabolism and electrolytes"),
    "organs": gettext_lazy("Liver, kidney, heart, thyroid"),
    "signs": gettext_lazy("Vital signs, weight, urine"),
    "syndromes": gettext_lazy("Syndromes, graded by a person"),
}
SIGNS_OF = {">": ">", ">=": "≥", "<": "<", "<=": "≤"}
WHEN = {
    "": "",
    "baseline high": gettext_lazy("baseline over normal"),
    "baseline not high": gettext_lazy("baseline not over normal"),
    "baseline low": gettext_lazy("baseline under normal"),
}
UNIT = re.compile(r"(?<=\d )\S+")


@dataclass(frozen=True)
class LimitRow:
    """One way to reach a grade. `limit` "": a person says it, not a number."""

    grade: int
    limit: str
    when: str
    asks: str
    text: str


@dataclass(frozen=True)
class TermRow:
    """A term in one version. `overrides`: lines on the same item that a trial sets."""

    term: Term
    item: str
    unit: str
    limits: list[LimitRow]
    official: Sequence[str]
    source: Source
    overrides: list[tuple[str, Override]]

    @property
    def trust(self) -> str:
        return "verified" if self.term.verified else "unverified"


@dataclass(frozen=True)
class Family:
    key: str
    title: Any
    rows: list[TermRow]


@dataclass(frozen=True)
class Fixed:
    """Which version a trial's protocol in force fixes."""

    protocol: ProtocolVersion
    version: Version


def fixed(protocols: Iterable[ProtocolVersion]) -> list[Fixed]:
    return [Fixed(one, ctcae_of(one.document)) for one in protocols]


def families(
    words: Wording, protocols: Iterable[ProtocolVersion], sought: str = ""
) -> list[Family]:
    """The terms of the version of `words`, those that `sought` is found in."""
    set_by = by_item(overrides_of(protocols))
    own = [term for term in TERMS.values() if words.version in term.versions]
    rows = [row_of(term, words, set_by) for term in own]
    found = [row for row in rows if is_sought(row, sought)]
    made = [
        Family(key, title, [row for row in found if row.term.family == key])
        for key, title in FAMILIES.items()
    ]
    return [family for family in made if family.rows]


def row_of(
    term: Term, words: Wording, set_by: Mapping[str, list[tuple[str, Override]]]
) -> TermRow:
    official = words.term(term.name)
    item = ITEMS.get(term.item)
    return TermRow(
        term=term,
        item=item.label if item else "",
        unit=unit_word(term.unit) if term.unit else "",
        limits=[limit_row(line) for line in term.lines[words.version]],
        official=official.grades if official else (),
        source=SOURCES[term.sources[words.version]],
        overrides=set_by.get(term.item, []),
    )


def limit_row(line: Line) -> LimitRow:
    return LimitRow(
        grade=line.grade,
        limit=_(" and ").join(bound_words(bound) for bound in line.bounds),
        when=str(WHEN[line.when]),
        asks=line.asks,
        text=line.says,
    )


def bound_words(bound: Bound) -> str:
    """`≥ 100 g/L or 10 g/dL`, `> 3 × ULN`: the sign and the limit, as printed."""
    text = UNIT.sub(lambda unit: unit_word(unit[0]), bound.text)
    return f"{SIGNS_OF[bound.sign]} {text.replace(' x ', ' × ')}"


def is_sought(row: TermRow, sought: str) -> bool:
    """Whether every word is found in the term, its item, its unit or its texts."""
    said = [row.term.name, row.term.key, row.term.item, row.item, row.unit]
    said += [one.text for one in row.limits] + list(row.official)
    return holds(sought, *said)


def by_item(
    set_by: Mapping[str, list[Override]],
) -> dict[str, list[tuple[str, Override]]]:
    """Item -> (threshold, what a trial sets), for the lines that its signs compare."""
    items = {sign.line: sign.item for sign in SIGNS.values()}
    found: dict[str, list[tuple[str, Override]]] = {}
    for key, overrides in set_by.items():
        if key in items:
            own = found.setdefault(items[key], [])
            own += [(key, one) for one in overrides]
    return found
