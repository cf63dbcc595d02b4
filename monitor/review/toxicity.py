"""Start and stop per grade, from a grade history. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from monitor.episodes.standing import moment


@dataclass(frozen=True)
class Interval:
    """A grade from `begins` to `ends`; None: it stands."""

    grade: int
    begins: datetime
    ends: datetime | None

    def kept(self) -> dict[str, object]:
        """As a record keeps it."""
        until = self.ends.isoformat() if self.ends else None
        return {"grade": self.grade, "from": self.begins.isoformat(), "until": until}

    @classmethod
    def of(cls, kept: dict[str, object]) -> Interval:
        until = kept["until"]
        return cls(
            int(str(kept["grade"])),
            moment(str(kept["from"])),
            moment(str(until)) if until else None,
        )


def intervals(
    grades: Iterable[tuple[datetime, int | None]], end: datetime | None
) -> list[Interval]:
    """`grades`: (since when, grade), oldest first. Every change makes a new interval.

    Grade 0 ends one and begins none; a grade that is not known (None) changes nothing,
    for nobody knows that it fell. `end` is the end of the event; None: it stands.
    """
    changes = [(at, grade) for at, grade in grades if grade is not None]
    ends: list[tuple[datetime | None, int]] = [*changes, (end, 0)]
    made = [
        Interval(grade, at, until)
        for (at, grade), (until, _next) in pairwise(ends)
        if grade and at is not None
    ]
    return joined(within(made, end))


def within(found: Iterable[Interval], end: datetime | None) -> list[Interval]:
    """Nothing outlasts the event."""
    if end is None:
        return list(found)
    return [
        replace(one, ends=min(one.ends or end, end))
        for one in found
        if one.begins < end
    ]


def joined(found: Iterable[Interval]) -> list[Interval]:
    """Neighbors of one grade are one interval."""
    made: list[Interval] = []
    for one in found:
        last = made[-1] if made else None
        if last and last.grade == one.grade and last.ends == one.begins:
            made[-1] = replace(last, ends=one.ends)
        else:
            made.append(one)
    return made


def regraded(found: list[Interval], highest: int) -> list[Interval]:
    """With a person's word for the highest grade: its intervals carry that, and no

    other is above it.
    """
    top = max((one.grade for one in found), default=0)
    return joined(
        replace(one, grade=highest if one.grade == top else min(one.grade, highest))
        for one in found
    )


def cut(
    found: Iterable[Interval], at: datetime
) -> tuple[list[Interval], list[Interval]]:
    """What lies before `at`, and from it on."""
    every = list(found)
    before = within((one for one in every if one.begins < at), at)
    after = [
        replace(one, begins=max(one.begins, at))
        for one in every
        if one.ends is None or one.ends > at
    ]
    return before, after
