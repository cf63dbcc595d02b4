"""A story as a nurse's notes, and how the notes are read.

    D3 14:22  reyes  set  39.1 124 86/48 95 air 22 A ; CHILLS 2 else none
    D3 14:40  reyes  give paracetamol 1000 mg oral for fever

Days are counted from the first dose (D1), on the story's own clock: `present` is where
its clock stands now. A paragraph is one look at the participant: it is assessed at its
end. `rounds until D4 09:00` stands for the scheduled sets in between, and
`rounds every 45 min until D4 09:00` for closer ones.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

LINE = re.compile(
    r"(?P<at>D-?\d+ \d\d:\d\d)\s+(?P<by>\w+)\s+(?P<verb>\w+)\s*(?P<rest>.*)"
)
CLOCK = re.compile(r"D(-?\d+) (\d\d):(\d\d)")

# How long after it was seen a thing is in the record.
WRITING = timedelta(minutes=2)
LABORATORY = timedelta(minutes=28)


@dataclass(frozen=True)
class Row:
    """One line of the notes. `at` counts from midnight of D1; `looked`: assess now."""

    at: timedelta
    by: str
    verb: str
    rest: str
    looked: bool = False

    @property
    def written(self) -> timedelta:
        """When it is recorded."""
        delay = {"labs": LABORATORY, "set": WRITING, "phone": WRITING}
        return self.at + delay.get(self.verb, timedelta(0))


@dataclass(frozen=True)
class Story:
    """A participant's course."""

    code: str
    trial: str
    site: str
    cohort: int
    sex: str
    age: int
    bed: str
    present: str
    notes: str

    @property
    def rows(self) -> list[Row]:
        """The notes in the order in which they were recorded; the last is looked at."""
        rows = sorted(read(self.notes), key=lambda row: row.written)
        return [*rows[:-1], replace(rows[-1], looked=True)]

    def begins(self, now: datetime) -> datetime:
        """Midnight of D1, if the story's clock stands at `present` now."""
        return now.replace(second=0, microsecond=0) - since(self.present)


def read(notes: str) -> Iterator[Row]:
    for paragraph in re.split(r"\n\s*\n", notes.strip()):
        rows = [read_line(line) for line in paragraph.splitlines()]
        yield from rows[:-1]
        yield replace(rows[-1], looked=rows[-1].verb != "rounds")


def read_line(line: str) -> Row:
    """Raises ValueError for a line that is no note."""
    match = LINE.fullmatch(line.strip())
    if match is None:
        raise ValueError(f"This is no note: {line.strip()}")
    return Row(since(match["at"]), match["by"], match["verb"], match["rest"].strip())


def since(text: str) -> timedelta:
    """`D3 14:22` as the time since midnight of D1."""
    match = CLOCK.fullmatch(text)
    if match is None:
        raise ValueError(f"This is no time of a story: {text}")
    day, hour, minute = (int(part) for part in match.groups())
    return timedelta(days=day - 1, hours=hour, minutes=minute)
