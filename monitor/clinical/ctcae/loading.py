"""Reads `knowledge/ctcae_*.toml`, and refuses faults in words.

The language of a line is explained at the head of `ctcae_blood.toml`. It is read here
word by word; nothing in it is ever run.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from monitor.clinical.ctcae.continuity import faults
from monitor.clinical.ctcae.model import (
    VERSIONS,
    Beside,
    Bound,
    Line,
    Reference,
    Sign,
    Term,
    When,
)
from monitor.clinical.items import catalogue
from monitor.clinical.items.loading import (
    KNOWLEDGE,
    Keys,
    KnowledgeError,
    read_toml,
    units,
)
from monitor.clinical.items.model import Conversion
from monitor.clinical.thresholds import SOURCES

BOUNDS: Mapping[str, Sign] = {
    "over": ">",
    "above": ">",
    "from": ">=",
    "under": "<",
    "below": "<",
    "upto": "<=",
}
LIMIT = re.compile(
    r"(?:(?P<times>[\d.]+) x )?(?P<of>ULN|LLN|baseline)"
    r"(?: (?P<sign>[+-]) (?P<plus>[\d.]+) (?P<unit>\S+))?"
)
NUMBER = re.compile(r"(?P<number>[\d.]+) (?P<unit>\S+)")
SAME = "as v5"

Table = dict[str, Any]
Units = Mapping[str, Conversion]


def terms(folder: Path = KNOWLEDGE) -> Mapping[str, Term]:
    """Every term of `ctcae_*.toml`, in file order. Raises KnowledgeError."""
    tables: dict[str, Table] = {}
    for path in sorted(folder.glob("ctcae_*.toml")):
        found = read_toml(path)
        defaults = found.pop("defaults", {})
        for key, table in found.items():
            _refuse(key in tables, key, "stands twice")
            family = path.stem.removeprefix("ctcae_")
            tables[key] = defaults | table | {"family": family}
    labels = units(folder / "units.toml")
    made = {
        key: _term(key, _like(table, tables), labels) for key, table in tables.items()
    }
    wrong = faults(made.values())
    _refuse(bool(wrong), "ctcae", " ".join(wrong))
    return MappingProxyType(made)


def _like(table: Table, tables: Mapping[str, Table]) -> Table:
    """A term that is graded like another takes its lines."""
    other = tables.get(table.get("like", ""), {})
    shared = {key: other[key] for key in ("v5", "v6", "note") if key in other}
    return {key: one for key, one in (shared | table).items() if key != "like"}


def _term(key: str, table: Table, labels: Mapping[str, str]) -> Term:
    keys = Keys(key, table)
    item = keys.take("item", "")
    unit, accepted = _units(key, item, keys, labels)
    of = keys.take("of", item)
    lines: dict[str, tuple[Line, ...]] = {}
    for version in VERSIONS:
        rows = keys.take(version, ())
        rows = table["v5"] if rows == SAME else rows
        if rows:
            lines[version] = tuple(_line(key, row, of, accepted) for row in rows)
    answer = keys.take("answered", "")
    beside = keys.take("beside", {})
    sources = {"v5": keys.text("source"), "v6": keys.text("source_v6")}
    made = Term(
        key=key,
        name=keys.text("name"),
        item=item,
        of=of,
        unit=unit,
        units=accepted,
        lines=MappingProxyType(lines),
        sources=MappingProxyType(sources),
        verified=keys.take("verified"),
        note=keys.take("note", ""),
        question=keys.take("question", ""),
        answered={"": None, "yes": True, "no": False}[answer],
        beside=_beside(key, beside) if beside else None,
        unless=keys.take("unless", ""),
        topic=keys.take("topic", ""),
        family=keys.take("family"),
    )
    keys.finish()
    _check(made)
    return made


def _check(term: Term) -> None:
    asked = any(line.asks for lines in term.lines.values() for line in lines)
    _refuse(not term.lines, term.key, "has no line")
    _refuse(asked != bool(term.question), term.key, "asks without a question")
    lost = [source for source in term.sources.values() if source not in SOURCES]
    _refuse(bool(lost), term.key, f"names no source {', '.join(lost)}")
    needs = any(term.needs_unit(version) for version in term.versions)
    _refuse(needs and not term.units, term.key, "holds numbers but no unit")


def _units(
    key: str, item: str, keys: Keys, labels: Mapping[str, str]
) -> tuple[str, Units]:
    """The canonical unit and every unit accepted: the item's own, or the term's."""
    own, rows = keys.take("unit", ""), keys.take("accept", [])
    if item:
        _refuse(item not in catalogue.ITEMS, key, f"names the unknown item {item}")
        _refuse(bool(own or rows), key, "has units beside those of its item")
        known = catalogue.item(item)
        return known.unit, known.units
    found = {own: Conversion(own, labels[own])} if own else {}
    for row in rows:
        unit = row["unit"]
        _refuse(unit not in labels, key, f"names the unknown unit {unit}")
        found[unit] = Conversion(unit, labels[unit], Fraction(row["factor"]))
    return own, MappingProxyType(found)


def _line(key: str, row: Table, of: str, accepted: Units) -> Line:
    keys = Keys(key, row)
    grade = keys.whole("grade")
    _refuse(grade not in range(1, 6), key, f"has a grade {grade}")
    bounds = tuple(
        _bound(key, sign, keys.text(word), accepted)
        for word, sign in BOUNDS.items()
        if word in row
    )
    made = Line(
        grade=grade,
        bounds=bounds,
        says=keys.text("says"),
        of=keys.take("of", of),
        when=keys.one_of("when", get_args(When), ""),
        asks=keys.take("asks", ""),
        worst=keys.take("worst", False),
        person=keys.take("person", False),
        culture=keys.take("culture", ""),
    )
    keys.finish()
    _refuse(made.person == bool(bounds), key, "a grade has bounds, or is a person's")
    return made


def _bound(key: str, sign: Sign, text: str, accepted: Units) -> Bound:
    """The bound that a text of the language names. Raises KnowledgeError."""
    if limit := LIMIT.fullmatch(text):
        reference: Reference = limit["of"]  # type: ignore[assignment]
        times, plus = Fraction(limit["times"] or 1), Fraction(0)
        if limit["plus"]:
            plus = _canonical(key, limit["plus"], limit["unit"], accepted)
            plus = -plus if limit["sign"] == "-" else plus
        return Bound(sign, reference, text, times, plus)
    numbers = []
    for part in text.split(" or "):
        match = NUMBER.fullmatch(part)
        _refuse(match is None, key, f"{part!r} is no number with its unit")
        assert match
        number = _canonical(key, match["number"], match["unit"], accepted)
        numbers.append((match["unit"], number))
    return Bound(sign, "number", text, numbers=tuple(numbers))


def _canonical(key: str, number: str, unit: str, accepted: Units) -> Fraction:
    _refuse(unit not in accepted, key, f"does not accept the unit {unit}")
    return accepted[unit].canonical(Fraction(number))


def _beside(key: str, table: Table) -> Beside:
    keys = Keys(key, table)
    item = catalogue.item(keys.text("item"))
    made = Beside(item.code, _bound(key, "<", keys.text("under"), item.units))
    keys.finish()
    return made


def _refuse(wrong: bool, name: str, why: str) -> None:
    if wrong:
        raise KnowledgeError(f"{name}: {why}.")
