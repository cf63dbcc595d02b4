"""Each symptom from its onset to its end: one course, however its grade changes.

A grade of 0 ends it; what was not asked says nothing. A symptom that comes back after
that begins a course of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from monitor.bedside.models import Reading
from monitor.bedside.queries import FEEDING, current_readings
from monitor.clinical.items import catalogue
from monitor.trials.models import Cycle


@dataclass(frozen=True)
class Grade:
    """A grade that differs from the one before it, when it was seen and by whom."""

    number: int
    at: datetime
    by: str
    reading: Reading


@dataclass
class Course:
    """`began_at` is what the participant told, `grades` what was seen since then.

    `asked_at`: when it was looked for last. `ended_at`: seen to be gone.
    """

    item: str
    began_at: datetime | None
    grades: list[Grade] = field(default_factory=list)
    asked_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def label(self) -> str:
        return catalogue.item(self.item).label

    @property
    def grade(self) -> int:
        return self.grades[-1].number

    @property
    def highest(self) -> int:
        return max(one.number for one in self.grades)

    @property
    def first_at(self) -> datetime:
        return self.grades[0].at

    def add(self, reading: Reading) -> None:
        at, number = reading.observation.observed_at, round(reading.number or 0)
        self.asked_at = at
        if reading.began_at and self.began_at is None:
            self.began_at = reading.began_at
        if number == 0:
            self.ended_at = at
        if number and (not self.grades or number != self.grade):
            by = reading.recorded_by.initials or reading.recorded_by.username
            self.grades.append(Grade(number, at, by, reading))


def courses_of(cycle: Cycle) -> list[Course]:
    """The symptoms of a cycle, those that go on first, then the newest. One query."""
    items = [code for code, one in catalogue.ITEMS.items() if one.kind == "symptom"]
    rows = current_readings(cycle).filter(
        item__in=items,
        state=Reading.State.VALUE,
        check_state__in=FEEDING,
        observation__voided=False,
        observation__superseded_by__isnull=True,
    )
    found = courses(rows.order_by("item", "observation__observed_at", "pk"))
    return sorted(found, key=lambda one: (one.ended_at is not None, -order(one)))


def order(course: Course) -> float:
    return course.first_at.timestamp()


def courses(readings: Iterable[Reading]) -> list[Course]:
    """Of readings that are sorted by item, then by time."""
    made: list[Course] = []
    for item, rows in groupby(readings, key=attrgetter("item")):
        going: Course | None = None
        for reading in rows:
            if going is None and reading.number:
                going = Course(item, reading.began_at)
                made.append(going)
            if going is not None:
                going.add(reading)
                going = None if going.ended_at else going
    return made
