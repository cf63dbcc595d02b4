"""What a second reading confirms (R2), and what was true at a reading of late.

Confirmations are followed together, as latches are (`latching`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import compress

import polars as pl

from monitor.clinical.answers.latching import count, first, so_far
from monitor.clinical.answers.stacking import Stacked, cycles_of
from monitor.clinical.tables import Sheet, Stage, worked
from monitor.clinical.words import fresh, known

# What is asked of a reading that a second one confirms.
FRESH = ("true", "false", "yes", "no")


@dataclass(frozen=True)
class Repeat:
    """`sign:{name}`: `sign` true at two consecutive fresh readings, minutes apart.

    `items`: those of which any one is the reading. `lapses`: whether a value that has
    lapsed starts the count again, as a fresh no does; else only the fresh no. `longer`:
    so many minutes are not enough yet.
    """

    name: str
    sign: str
    items: tuple[str, ...]
    minutes: float
    lapses: bool = True
    longer: bool = False


@dataclass(frozen=True, eq=False)
class Repeats:
    """Confirmations that are followed together."""

    every: tuple[Repeat, ...]

    @cached_property
    def asked(self) -> tuple[Stage, ...]:
        return tuple(_fresh(one) for one in self.every)


def repeated(sheet: Sheet, repeats: Repeats) -> None:
    """Confirmation by a second reading (R2), over fresh readings only.

    True once a fresh reading at least so many minutes after the first of an unbroken
    run of true ones has come; unknown after the first; false when the last fresh
    answer is false; unknown when the value has lapsed. A fresh no starts the count
    again. What was never true needs no second reading.
    """
    some = [bool(sheet[f"sign:{one.sign}"].any()) for one in repeats.every]
    for one, fired in zip(repeats.every, some, strict=True):
        if not fired:
            sheet.add([sheet[f"sign:{one.sign}"].alias(f"sign:{one.name}")])
    if any(some):
        asked = [
            dict(zip(FRESH, sheet.answer(step), strict=True))
            for step in compress(repeats.asked, some)
        ]
        sheet.add(_confirmed(sheet, list(compress(repeats.every, some)), asked))


def _confirmed(
    sheet: Sheet, repeats: Sequence[Repeat], asked: Sequence[Mapping[str, pl.Series]]
) -> list[pl.Series]:
    # Where a sign was never true in a cycle it needs no second reading.
    signs = [sheet[f"sign:{one.sign}"] for one in repeats]
    work = Stacked(sheet, asked, [cycles_of(sheet, one["true"]) for one in asked])
    apart = pl.Series([_apart(one) for one in repeats], dtype=pl.Duration("us"))
    steps = work.rows.with_columns(work.spread(apart).alias("apart")).lazy()
    for step in CONFIRMING:
        steps = steps.with_columns(step)
    confirmed = work.apart(worked(steps.select("confirmed")).to_series(), signs)
    made = zip(repeats, confirmed, strict=True)
    return [column.alias(f"sign:{one.name}") for one, column in made]


def _apart(one: Repeat) -> timedelta:
    """The shortest time between the two readings."""
    minutes = timedelta(minutes=one.minutes)
    return minutes + timedelta.resolution if one.longer else minutes


def _fresh(one: Repeat) -> Stage:
    answer, is_fresh = pl.col(f"sign:{one.sign}"), fresh(*one.items)
    no = is_fresh & ~answer
    no = no | answer.is_null() if one.lapses else no
    named = zip((answer, ~answer, is_fresh & answer, no), FRESH, strict=True)
    return Stage(tuple(known(one).alias(name) for one, name in named))


def _confirming() -> tuple[tuple[pl.Expr, ...], ...]:
    """Whether a reading far enough after the first of its run has come."""
    yes = pl.col("yes")
    second = yes & (pl.col("at") - pl.col("first") >= pl.col("apart"))
    confirmed = (
        pl.when("false")
        .then(False)
        .when(pl.col("true") & (count("seconds") > 0))
        .then(True)
    )
    return (
        ((pl.col("no") | pl.col("starts")).alias("restarts"),),
        so_far("yes", "restarts", "yeses"),
        (first("yes", "yeses").alias("first"),),
        (second.fill_null(False).alias("second"),),
        so_far("second", "restarts", "seconds"),
        (confirmed.alias("confirmed"),),
    )


CONFIRMING = _confirming()


@dataclass(frozen=True)
class Lately:
    """`sign:{name}`: `sign` true now, or at a reading of the last hours.

    `items`: those whose reading makes it true; it is their time that counts, not how
    long the value was current.
    """

    name: str
    sign: str
    hours: float
    items: tuple[str, ...]


def seen_within(one: Lately) -> pl.Expr:
    """The answer of one."""
    answer = pl.col(f"sign:{one.sign}")
    read = pl.max_horizontal([f"at:{item}" for item in one.items])
    last = pl.when(answer.fill_null(False)).then(read).forward_fill().over("g")
    lately = (pl.col("at") - last <= timedelta(hours=one.hours)).fill_null(False)
    return (answer | lately).alias(f"sign:{one.name}")
