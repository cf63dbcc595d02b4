"""A level that stands and that nothing current confirms: since when it is *held* (R1).

Everything here reads one row of the answered timeline, already a dict.
"""

from collections.abc import Iterator
from typing import NamedTuple

from monitor.clinical.answers.topics import (
    ASKED_AGAIN,
    CRITICAL_GRADE,
    RANK,
    RELEASE_GRADE,
    WATCH,
    Topic,
    dangers_of,
    deciding,
)
from monitor.clinical.patterns import PATTERNS
from monitor.clinical.rows import Row
from monitor.clinical.signs import SIGNS

CIRCULATION = ("SYSBP", "OXYGEN_DEVICE")
# A finding of the leak composite: what answers it now, and the item it is read from.
LEAK = {
    "raw:albumin": "ALB",
    "raw:daily_weight": "WEIGHT",
    "raw:edema_overload": "EDEMA_LIMBS",
    "sign:low_pressure": "SYSBP",
}


class Carrier(NamedTuple):
    """Something that stands: how high it lifts, its answer now, what answers it."""

    rank: int
    answer: bool | None
    items: tuple[str, ...]


def held_since(topic: Topic, row: Row, scale: str | None) -> int | None:
    """When what carries the level was last seen, in microseconds of the epoch.

    None if it is seen now, or known over.

    A level is held when nothing that carries it is known true at this instant and
    something of it is unknown.
    """
    level = row[f"level:{topic.name}"]
    if level < WATCH:
        return None
    carriers = [one for one in _carriers(topic, row, scale) if one.rank == level]
    unknown = [one for one in carriers if one.answer is None]
    if not unknown or any(one.answer for one in carriers):
        return None
    read = [row.moment(f"at:{item}") for one in unknown for item in one.items]
    return max((at for at in read if at is not None), default=None)


def _carriers(topic: Topic, row: Row, scale: str | None) -> Iterator[Carrier]:
    for name in topic.patterns:
        if name in PATTERNS:
            yield from _of_pattern(name, row)
    for key, sign, level, _ in dangers_of(topic):
        if row[f"standing:danger:{key}"] and row[f"here:{topic.name}:{key}"]:
            item = SIGNS[sign].item if sign in SIGNS else "SYSBP"
            yield Carrier(RANK[level], row[f"sign:{sign}"], (item,))
    yield from _of_questions(topic, row)
    if topic.name == "crs" and scale:
        yield from _of_release(row, scale)
    if topic.name == "cls" and row["leak_findings"]:
        yield from _of_leak(row)


def _of_pattern(name: str, row: Row) -> Iterator[Carrier]:
    """Low pressure counts in the release where a fever stands: it only watches here."""
    one = PATTERNS[name]
    quiet = name == "hypotension" and row["standing:fever"]
    if row[f"standing:{name}"]:
        rank = WATCH if quiet else RANK[one.base_level]
        yield Carrier(rank, row[f"raw:{name}"], one.needs)
    for level in () if quiet else one.levels:
        if row[f"standing:{name}:{level}"]:
            yield Carrier(RANK[level], row[f"raw:{name}"], one.needs)


def _of_questions(topic: Topic, row: Row) -> Iterator[Carrier]:
    """What one reading showed, and no other has answered yet: it is watched."""
    for name, pattern in ASKED_AGAIN.items():
        here = pattern in topic.patterns or name == "low_pressure_asked"
        if here and topic.name in ("crs", "cls") and row[f"asked:{name}"]:
            yield Carrier(WATCH, row[f"sign:{name}"], (SIGNS[name].item,))


def _of_release(row: Row, scale: str) -> Iterator[Carrier]:
    grade = max(row[f"grade:{one}"] or 0 for one in deciding(scale))
    if grade < RELEASE_GRADE:
        return
    seen = (row["sign:low_pressure"], row["sign:on_oxygen"])
    answer = row["state:pressor"] or True in seen or (None if None in seen else False)
    for rank in (RANK["warning"], RANK["critical"]):
        if rank == RANK["warning"] or grade >= CRITICAL_GRADE or all(seen):
            yield Carrier(rank, answer, CIRCULATION)


def _of_leak(row: Row) -> Iterator[Carrier]:
    """The composite stands on its findings: any of them unknown, none of them seen."""
    answers = [row[name] for name in LEAK]
    answer = True if True in answers else None if None in answers else False
    unknown = tuple(item for name, item in LEAK.items() if row[name] is None)
    for rank in (RANK["warning"], RANK["critical"]):
        yield Carrier(rank, answer, unknown)
