"""What was true stays true until it is known to be over (reference 11, B4).

A latch is set by what fires it. Only fresh readings known to be clear reset it: for at
least so many hours, at least so many of them, none apart by more than a missed set, and
nothing against it in between. Silence resets nothing.

All latches of one call are followed together (`stacking`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import compress

import polars as pl

from monitor.clinical.answers.stacking import Stacked, cycles_of
from monitor.clinical.logic import NO, same_of
from monitor.clinical.tables import Sheet, Stage, worked
from monitor.clinical.words import known

NOTHING = pl.lit(False)
ALWAYS = pl.lit(True)
INSTANT = pl.Datetime("us", "UTC")
NEVER = same_of(None, INSTANT)
# What is asked of a latch that fires.
ASKED = ("against", "clear", "excused", "may_end", "once")
# Longer than any record.
NO_GAP = 1_000_000.0
OUTSIDE = ("IN_CLINIC", "AT_HOME", "AWAY", "FOLLOW_UP")


@dataclass(frozen=True)
class Latch:
    """`standing:{name}` becomes true where `fires`, false where the clearing is met.

    `clear` marks fresh readings known to be clear; `against` restarts the clock as
    `fires` does; `once` must have been true at one of the clear readings. `excused`:
    what fired before was held to a line that no longer is in force, or a person said
    that it is over. `gap_hours`: the longest time between two clear readings, where it
    is not that of the bedside sets. `may_end`: what must hold at the reading that ends
    it, though clear readings count before.
    """

    name: str
    fires: pl.Expr
    clear: pl.Expr
    hours: float = 0.0
    sets: float = 1.0
    against: pl.Expr = NOTHING
    once: pl.Expr | None = None
    excused: pl.Expr = NOTHING
    gap_hours: float | None = None
    may_end: pl.Expr = ALWAYS


@dataclass(frozen=True, eq=False)
class Latches:
    """Latches that are followed together, and what is asked of each."""

    every: tuple[Latch, ...]

    @cached_property
    def fires(self) -> Stage:
        """Whether each fires: asked of all of them."""
        return Stage(tuple(known(one.fires).alias(one.name) for one in self.every))

    @cached_property
    def asked(self) -> tuple[Stage, ...]:
        """The rest, asked of those that fire."""
        return tuple(_asked(one) for one in self.every)


def latch(sheet: Sheet, latches: Latches, gap_hours: float) -> None:
    """Adds `standing:` and `since:` of each latch; never null / null if not.

    Needs columns g and at, sorted. What never fires stands nowhere, and is asked
    nothing more.
    """
    fires = sheet.answer(latches.fires)
    some = [bool(one.any()) for one in fires]
    idle = [one.name for one, any_ in zip(latches.every, some, strict=True) if not any_]
    sheet.constant((f"standing:{name}" for name in idle), False, pl.Boolean())
    sheet.constant((f"since:{name}" for name in idle), None, INSTANT)
    if any(some):
        asked = [
            {"fires": answer, **dict(zip(ASKED, sheet.answer(step), strict=True))}
            for answer, step in compress(zip(fires, latches.asked, strict=True), some)
        ]
        active = list(compress(latches.every, some))
        sheet.add(_followed(sheet, active, asked, gap_hours))


def _followed(
    sheet: Sheet,
    latches: Sequence[Latch],
    asked: Sequence[Mapping[str, pl.Series]],
    gap_hours: float,
) -> list[pl.Series]:
    out_at = _out_at(sheet)
    work = Stacked(
        sheet,
        [{**one, "out_at": out_at} for one in asked],
        [cycles_of(sheet, one["fires"]) for one in asked],
    )
    steps = work.rows.with_columns(
        work.spread(_hours([one.hours for one in latches])).alias("hours"),
        work.spread(_hours([_gap(one, gap_hours) for one in latches])).alias("gap"),
        work.spread(pl.Series([one.sets for one in latches], dtype=pl.Float64)).alias(
            "sets"
        ),
    ).lazy()
    for step in FOLLOWING:
        steps = steps.with_columns(step)
    found = worked(steps.select("standing", "since"))
    standing = work.apart(found["standing"], [NO] * len(latches))
    since = work.apart(found["since"], [NEVER] * len(latches))
    made = zip(latches, standing, since, strict=True)
    return [
        column.alias(f"{name}:{one.name}")
        for one, stands, began in made
        for name, column in (("standing", stands), ("since", began))
    ]


def _asked(one: Latch) -> Stage:
    once = ALWAYS if one.once is None else one.once
    answers = (one.against, one.clear, one.excused, one.may_end, once)
    named = zip(answers, ASKED, strict=True)
    return Stage(tuple(known(answer).alias(name) for answer, name in named))


def _gap(one: Latch, gap_hours: float) -> float:
    """Where no hours are asked, no clear reading is too far from the last one."""
    if one.hours <= 0:
        return NO_GAP
    return gap_hours if one.gap_hours is None else one.gap_hours


def _out_at(sheet: Sheet) -> pl.Series:
    """When a person was last no in-patient: between visits no set is missed (R5)."""
    if "word:PRESENCE" in sheet and sheet["word:PRESENCE"].is_in(list(OUTSIDE)).any():
        return sheet.answer(BEING_OUT)[0]
    return pl.Series([None], dtype=INSTANT).new_from_index(0, sheet.height)


BEING_OUT = Stage(
    (
        pl.when(pl.col("word:PRESENCE").is_in(list(OUTSIDE)))
        .then("at")
        .forward_fill()
        .over("g")
        .alias("out_at"),
    )
)


def _hours(hours: Sequence[float]) -> pl.Series:
    return pl.Series([timedelta(hours=one) for one in hours], dtype=pl.Duration("us"))


def so_far(answer: str, start: str, name: str) -> tuple[pl.Expr, pl.Expr]:
    """Two steps to `name`: how often the answer was true since the last start."""
    total = pl.col(answer).cum_sum().cast(pl.Int64)
    before = total - pl.col(answer).cast(pl.Int64)
    return (
        total.alias(f"{name}_total"),
        pl.when(start).then(before).forward_fill().alias(f"{name}_before"),
    )


def count(name: str) -> pl.Expr:
    return pl.col(f"{name}_total") - pl.col(f"{name}_before")


def first(answer: str, name: str) -> pl.Expr:
    """When the answer was first true since the start."""
    return pl.when(pl.col(answer) & (count(name) == 1)).then("at").forward_fill()


def _following() -> tuple[tuple[pl.Expr, ...], ...]:
    """From what is asked to what stands, in the order of use."""
    clear, starts = pl.col("clear"), pl.col("starts")
    contrary = pl.col("fires") | pl.col("against")
    run = (pl.col("contrary") | starts).cum_sum()
    seen = [pl.when(clear).then(part).forward_fill().shift(1) for part in ("at", "run")]
    far = clear & (pl.col("run_seen") == pl.col("run"))
    far = far & (pl.col("at") - pl.col("clear_seen") > pl.col("gap"))
    far = far & ~known(pl.col("out_at") > pl.col("clear_seen"))
    held = (pl.col("at") - pl.col("first") >= pl.col("hours")).fill_null(False)
    enough = (count("clears") >= pl.col("sets")) & (count("onces") > 0)
    over = clear & held & enough & pl.col("may_end")
    answer = (
        pl.when("fires")
        .then(True)
        .when(over | pl.col("excused") | starts)
        .then(False)
        .forward_fill()
    )
    standing = pl.col("standing")
    begins = standing & (starts | ~standing.shift(1, fill_value=False))
    began = pl.when(begins).then("at").forward_fill()
    return (
        (contrary.alias("contrary"), (clear & ~contrary).alias("clear")),
        (run.alias("run"), (clear & pl.col("once")).alias("once")),
        (seen[0].alias("clear_seen"), seen[1].alias("run_seen")),
        # A missed set between two clear readings starts the clock again.
        ((pl.col("contrary") | starts | far.fill_null(False)).alias("restarts"),),
        (
            *so_far("clear", "restarts", "clears"),
            *so_far("once", "restarts", "onces"),
        ),
        (first("clear", "clears").alias("first"),),
        (answer.alias("standing"),),
        (pl.when(standing).then(began).alias("since"),),
    )


FOLLOWING = _following()
