"""Reads NCI's official table of CTCAE terms, saved as CSV; refuses faults in words.

The table's wording is NCI's and its codes are MedDRA's: the program ships neither. An
operator loads the file that NCI publishes. Pure: a file in, rows out.
"""

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.clinical.ctcae import TERMS
from monitor.clinical.ctcae.model import VERSION_NAMES, Version
from monitor.clinical.items import catalogue

GRADES = (1, 2, 3, 4, 5)
NOT_HELD = ("", "-", "–")
# A number in brackets behind one of our names tells two values of one term apart.
ASIDE = re.compile(r" \(.*\)$")
#: What a column is, by what its heading holds, letters and digits only.
HEADINGS = (
    ("code", re.compile(r"(meddra)?code")),
    ("code", re.compile(r".*meddra\w*code.*")),
    ("note", re.compile(r"navigational\w*")),
    ("definition", re.compile(r"definition\w*")),
    ("soc", re.compile(r"(ctcae\w*|meddra\w*)?soc")),
    ("term", re.compile(r"(ctcae\w*|meddra\w*)?term")),
)
GRADE = re.compile(r"grade([1-5])")
SAYS_VERSION = (
    ("v5", re.compile(r"ctcaev?5|changefromv?4")),
    ("v6", re.compile(r"ctcaev?6|changefromv?5")),
)


class NotTheTable(ValueError):
    """The file is not NCI's table: one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One term as NCI prints it. `grades`: 1 to 5, "" for one that it lacks."""

    term: str
    soc: str
    code: str
    grades: tuple[str, ...]
    definition: str
    note: str


@dataclass(frozen=True, slots=True)
class Table:
    """NCI's table of one version; `digest`: SHA-256 of the file."""

    version: Version
    digest: str
    entries: tuple[Entry, ...]


def known_names(version: Version) -> set[str]:
    """The names, in small letters, of the terms that the program grades or asks for."""
    own = {plain_name(one.name) for one in TERMS.values() if version in one.versions}
    items = (item.grading for item in catalogue.ITEMS.values())
    return own | {plain_name(one.name(version)) for one in items if one}


def plain_name(name: str) -> str:
    """`hypocalcemia` of `Hypocalcemia (Ionized)`: as NCI's table has it."""
    return ASIDE.sub("", name).strip().lower()


def read_table(path: str | Path, version: Version | None = None) -> Table:
    """The table in a CSV file. `version` where its headings do not say which it is.

    Raises NotTheTable.
    """
    try:
        data = Path(path).read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as fault:
        raise NotTheTable(f"{path} cannot be read: {fault.strerror}.") from fault
    except UnicodeDecodeError as fault:
        raise NotTheTable(
            f"{path} is no text. Save NCI's workbook as CSV UTF-8 first."
        ) from fault
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as fault:
        raise NotTheTable(f"{path} is no CSV file: {fault}.") from fault
    headings = [_plain(one) for one in rows[0]] if rows else []
    said = _version(headings)
    if version and said and version != said:
        raise NotTheTable(f"The file is {VERSION_NAMES[said]}, not {version}.")
    entries = tuple(_entries(rows[1:], _columns(headings)))
    found = version or said
    if found is None:
        raise NotTheTable("The file does not say its version: name it, v5 or v6.")
    _refuse_other(entries, found)
    return Table(found, hashlib.sha256(data).hexdigest(), entries)


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]", "", heading.lower())


def _version(headings: Sequence[str]) -> Version | None:
    whole = " ".join(headings)
    found = {name for name, pattern in SAYS_VERSION if pattern.search(whole)}
    return found.pop() if len(found) == 1 else None  # type: ignore[return-value]


def _columns(headings: Sequence[str]) -> dict[str, int]:
    """Which column holds what; raises NotTheTable where one is missing."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        if match := GRADE.match(heading):
            found.setdefault(match[1], place)
            continue
        names = (name for name, pattern in HEADINGS if pattern.fullmatch(heading))
        if name := next(names, None):
            found.setdefault(name, place)
    needed = {"term": "the term", **{str(n): f"grade {n}" for n in GRADES}}
    missing = [words for name, words in needed.items() if name not in found]
    if missing:
        raise NotTheTable(
            f"This is not NCI's table: it has no column for {', '.join(missing)}."
        )
    return found


def _entries(
    rows: Sequence[Sequence[str]], columns: Mapping[str, int]
) -> Sequence[Entry]:
    made: dict[str, Entry] = {}
    for row in rows:
        cells = {
            name: _cell(row[place] if place < len(row) else "")
            for name, place in columns.items()
        }
        if not cells["term"]:
            continue
        name = cells["term"].lower()
        if name in made:
            raise NotTheTable(f"The term {cells['term']} stands twice.")
        made[name] = Entry(
            term=cells["term"],
            soc=cells.get("soc", ""),
            code=cells.get("code", ""),
            grades=tuple(cells[str(grade)] for grade in GRADES),
            definition=cells.get("definition", ""),
            note=cells.get("note", ""),
        )
    return list(made.values())


def _cell(text: str) -> str:
    text = " ".join(text.split())
    return "" if text in NOT_HELD else text


def _refuse_other(entries: Sequence[Entry], version: Version) -> None:
    """A table that lacks terms which the program grades is another, or a part."""
    there = {one.term.lower() for one in entries if any(one.grades)}
    lacks = sorted(known_names(version) - there)
    if lacks:
        raise NotTheTable(
            f"This is not the whole of {VERSION_NAMES[version]}: it lacks "
            f"{len(lacks)} terms that are in use here, such as {lacks[0]}."
        )
