"""CTCAE grades of laboratory values and signs, as the participant's page shows them.

Worked out from the rows each time, under the version that the cycle's protocol fixes:
a late baseline or range changes them, and nothing that was shown is kept wrong.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import polars as pl
from django.utils.translation import gettext_lazy

from monitor import clock
from monitor.clinical.ctcae import TERMS, VERSION_NAMES, Version
from monitor.clinical.ctcae.grader import CANNOT, HIGHER
from monitor.clinical.items import catalogue, censored
from monitor.clinical.scores import charted
from monitor.clinical.scores.measures import ITEMS
from monitor.clinical.study.protocol import Protocol
from monitor.episodes import wording
from monitor.episodes.assessing import protocol_of
from monitor.episodes.queries import state_of
from monitor.episodes.timelines import facts_of
from monitor.trials.models import Cycle
from monitor.trials.wording import Wording, wording_of

logger = logging.getLogger(__name__)

#: What was made of an item's readings before it is graded.
MADE = {
    "CA_CORRECTED": gettext_lazy("Calcium, corrected for albumin"),
    "URINE_8H": gettext_lazy("Urine of 8 hours"),
    "URINE_24H": gettext_lazy("Urine of 24 hours"),
}
LACKS = {
    "no ULN": gettext_lazy("no upper limit of normal is on record"),
    "no LLN": gettext_lazy("no lower limit of normal is on record"),
    "no baseline": gettext_lazy("no value before the first dose is on record"),
}


@dataclass(frozen=True)
class GradeRow:
    """The last value that one term grades. `grade` None: it cannot be graded.

    `text`: what the grade says, NCI's words or ours. `why`: what an ungradable value
    lacks, or what could raise a floor. `stale`: too old to count now.
    """

    term: str
    name: str
    item: str
    label: str
    value: str
    typed: str
    at: datetime
    grade: int | None
    at_least: bool
    stale: bool
    text: str
    why: str


@dataclass(frozen=True)
class InSet:
    """The grade of one value in a set, the worst of its terms."""

    version: str
    name: str
    grade: int | None
    at_least: bool
    why: str


@dataclass(frozen=True)
class Graded:
    """`met`: grade 1 or more, worst first; `zero`: no grade met; `missing`: in words.

    `sets`: (item, moment) -> the grade to stand beside that value.
    """

    version: str
    wording: Wording
    met: list[GradeRow] = field(default_factory=list)
    ungradable: list[GradeRow] = field(default_factory=list)
    zero: list[GradeRow] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    sets: Mapping[tuple[str, datetime], InSet] = field(default_factory=dict)

    @property
    def rows(self) -> list[GradeRow]:
        """What stands in view; grade 0 is folded away."""
        return [*self.met, *self.ungradable]


def graded(cycle: Cycle, now: datetime | None = None) -> Graded | None:
    """The grades of a cycle in a constant number of queries; None if the core fails."""
    now, protocol = now or clock.now(), protocol_of(cycle)
    words = wording_of(protocol.ctcae)
    try:
        found = charted.terms(facts_of(cycle), protocol, now)
    except (Exception, pl.exceptions.PanicException):
        # The values themselves are shown all the same: see the table of sets.
        logger.exception("CTCAE grades failed for cycle %s.", cycle.pk)
        return None
    not_done = state_of(cycle).summary.get("not_done", {})
    return graded_of(found, protocol, words, now, not_done)


def graded_of(
    found: pl.DataFrame,
    protocol: Protocol,
    words: Wording,
    now: datetime,
    not_done: Mapping[str, Any] = MappingProxyType({}),
) -> Graded:
    """What the page is handed, of the core's rows for one cycle (`charted.terms`).

    `not_done`: item -> why its last slot holds no value, as `summary` has it.
    """
    own = found.filter(
        pl.col("term").is_in(list(TERMS)), pl.col("version") == protocol.ctcae
    )
    last = [row_of(one, words, now) for one in charted.last_rows(own, now).values()]
    last.sort(key=lambda row: (-(row.grade or 0), row.name))
    return Graded(
        version=VERSION_NAMES[protocol.ctcae],
        wording=words,
        met=[row for row in last if row.grade],
        ungradable=[row for row in last if row.grade is None],
        zero=[row for row in last if row.grade == 0],
        missing=missing_words(protocol, {row.item for row in last}, not_done),
        sets=in_sets(own.to_dicts(), protocol.ctcae),
    )


def is_floor(row: Mapping[str, Any]) -> bool:
    """Of `<0.5` nobody knows how far below it lies: the grade may be higher."""
    item, typed = row["item"], row["typed"]
    if row["grade"] is None or row["of"] != item or not typed:
        return False
    return censored.is_floor(catalogue.item(item), typed)


def row_of(row: Mapping[str, Any], words: Wording, now: datetime) -> GradeRow:
    item, grade = row["item"], row["grade"]
    unit = wording.unit_label(item)
    typed = wording.typed_text(item, row["typed"])
    own = row["typed"] if row["of"] == item else ""
    text, _sign, higher = row["why"].partition(HIGHER)
    return GradeRow(
        term=row["term"],
        name=row["name"],
        item=item,
        label=label_of(row["of"], item),
        value=f"{wording.number_text(item, row['value'], own)} {unit}".strip(),
        typed=typed if own and not typed.endswith(f" {unit}") else "",
        at=row["at"],
        grade=grade,
        at_least=row["at_least"] or is_floor(row),
        stale=is_stale(item, row["at"], now),
        text=words.of_term(row["term"], grade) if grade else "",
        why=higher if grade is not None else lack_words(text),
    )


def lack_words(why: str) -> str:
    """What an ungradable value lacks, as a ward says it."""
    parts = why.removeprefix(CANNOT).split(", ")
    return ", ".join(str(LACKS.get(part, part)) for part in parts)


def label_of(of: str, item: str) -> str:
    """`Albumin`; a value that was made from others says so."""
    return str(MADE.get(of) or wording.item_label(item))


def is_stale(item: str, at: datetime, now: datetime) -> bool:
    hours = catalogue.item(item).validity.current
    return hours is not None and now - at > timedelta(hours=hours)


def missing_words(
    protocol: Protocol, seen: Set[str], not_done: Mapping[str, Any]
) -> list[str]:
    """`Albumin never recorded`: of what the protocol asks for and CTCAE grades."""
    asked = [item for routine in protocol.plan.routines for item in routine.items]
    wanted = [item for item in (*protocol.plan.items, *asked) if item in ITEMS]
    return [
        f"{wording.item_label(item)} {wording.WHY[why]}"
        for item in dict.fromkeys(wanted)
        if (why := lack_of(item, seen, not_done))
    ]


def lack_of(item: str, seen: Set[str], not_done: Mapping[str, Any]) -> str:
    """Why an item has no value now; "" where it has one."""
    said: str = not_done.get(item, {}).get("why", "")
    return said or ("" if item in seen else "never")


def in_sets(
    rows: Iterable[Mapping[str, Any]], version: Version
) -> dict[tuple[str, datetime], InSet]:
    """The worst grade of each value; a floor and the ungradable speak before none."""
    made: dict[tuple[str, datetime], InSet] = {}
    for row in rows:
        key = (row["item"], row["at"])
        one = InSet(
            version=VERSION_NAMES[version],
            name=row["name"],
            grade=row["grade"],
            at_least=row["at_least"] or is_floor(row),
            why=row["why"].removeprefix(CANNOT) if row["grade"] is None else "",
        )
        if key not in made or weight(one) > weight(made[key]):
            made[key] = one
    return made


def weight(one: InSet) -> float:
    """Any grade over none known, none known over 0: unknown is not normal."""
    return 0.5 if one.grade is None else one.grade
