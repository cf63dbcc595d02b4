"""What was true stays true until it is known to be over (reference 11, B4).

A latch is set by what fires it. Only fresh readings known to be clear reset it: for at
least so many hours, at least so many of them, none apart by more than a missed set, and
nothing against it in between. Silence resets nothing.

All latches of one call are followed together: their rows stand in one frame, a block
for each, so that a pass costs the same for one latch as for fifty. Within a block the
rows are sorted by cycle and time, and a cycle's first row is marked, so that running
sums need no grouping.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

NOTHING = pl.lit(False)
ALWAYS = pl.lit(True)
NEVER = pl.lit(None, dtype=pl.Datetime("us", "UTC"))
MINUTES_IN_HOUR = 60
# Longer than any record.
NO_GAP = 1_000_000.0


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


def latch(
    frame: pl.DataFrame, latches: Sequence[Latch], gap_hours: float
) -> pl.DataFrame:
    """The frame with `standing:` and `since:` of each latch; never null / null if not.

    Needs columns g and at, sorted. What never fires stands nowhere, and is asked
    nothing more.
    """
    if not latches:
        return frame
    fired = frame.select(one.fires.any().alias(one.name) for one in latches).row(0)
    active = [one for one, some in zip(latches, fired, strict=True) if some]
    idle = [one for one, some in zip(latches, fired, strict=True) if not some]
    found = _followed(frame, active, gap_hours) if active else []
    return frame.with_columns(
        *found,
        *(pl.lit(False).alias(f"standing:{one.name}") for one in idle),
        *(NEVER.alias(f"since:{one.name}") for one in idle),
    )


def _followed(
    frame: pl.DataFrame, latches: Sequence[Latch], gap_hours: float
) -> list[pl.Series]:
    work = _stacked(frame, [_asked(one) for one in latches])
    block = pl.int_range(work.height, eager=True) // frame.height
    work = work.with_columns(
        _hours([one.hours for one in latches]).gather(block).alias("hours"),
        _hours([_gap(one, gap_hours) for one in latches]).gather(block).alias("gap"),
        pl.Series([one.sets for one in latches], dtype=pl.Float64)
        .gather(block)
        .alias("sets"),
    )
    for step in FOLLOWING:
        work = work.with_columns(step)
    return [
        work[column].slice(place * frame.height, frame.height).alias(f"{name}:{one}")
        for place, one in enumerate(latch.name for latch in latches)
        for name, column in (("standing", "standing"), ("since", "since"))
    ]


def _asked(one: Latch) -> dict[str, pl.Expr]:
    return {
        "fires": one.fires,
        "against": one.against,
        "clear": one.clear,
        "excused": one.excused,
        "may_end": one.may_end,
        "once": ALWAYS if one.once is None else one.once,
    }


def _gap(one: Latch, gap_hours: float) -> float:
    """Where no hours are asked, no clear reading is too far from the last one."""
    if one.hours <= 0:
        return NO_GAP
    return gap_hours if one.gap_hours is None else one.gap_hours


def _hours(hours: Sequence[float]) -> pl.Series:
    return pl.Series([timedelta(hours=one) for one in hours], dtype=pl.Duration("us"))


def _stacked(
    frame: pl.DataFrame, blocks: Sequence[Mapping[str, pl.Expr]]
) -> pl.DataFrame:
    """The frame's rows once for each block, one below the other, with its answers.

    `at`; `starts`, whether a cycle begins; and each answer, unknown as false.
    """
    asked = frame.select(
        "at",
        pl.col("g").ne_missing(pl.col("g").shift(1)).alias("starts"),
        *(
            expr.fill_null(False).alias(f"{name}:{place}")
            for place, block in enumerate(blocks)
            for name, expr in block.items()
        ),
    )
    places = range(len(blocks))
    shared = {name: [asked[name] for _ in places] for name in ("at", "starts")}
    own = {name: [asked[f"{name}:{n}"] for n in places] for name in blocks[0]}
    return pl.DataFrame(
        {name: pl.concat(parts, rechunk=True) for name, parts in (shared | own).items()}
    )


def _so_far(answer: str, start: str, name: str) -> tuple[pl.Expr, pl.Expr]:
    """Two steps to `name`: how often the answer was true since the last start."""
    total = pl.col(answer).cum_sum().cast(pl.Int64)
    before = total - pl.col(answer).cast(pl.Int64)
    return (
        total.alias(f"{name}_total"),
        pl.when(start).then(before).forward_fill().alias(f"{name}_before"),
    )


def _count(name: str) -> pl.Expr:
    return pl.col(f"{name}_total") - pl.col(f"{name}_before")


def _first(answer: str, name: str) -> pl.Expr:
    """When the answer was first true since the start."""
    return pl.when(pl.col(answer) & (_count(name) == 1)).then("at").forward_fill()


def _following() -> tuple[tuple[pl.Expr, ...], ...]:
    """From what is asked to what stands, in the order of use."""
    clear, starts = pl.col("clear"), pl.col("starts")
    contrary = pl.col("fires") | pl.col("against")
    run = (pl.col("contrary") | starts).cum_sum()
    seen = [pl.when(clear).then(part).forward_fill().shift(1) for part in ("at", "run")]
    far = clear & (pl.col("run_seen") == pl.col("run"))
    far = far & (pl.col("at") - pl.col("clear_seen") > pl.col("gap"))
    held = (pl.col("at") - pl.col("first") >= pl.col("hours")).fill_null(False)
    enough = (_count("clears") >= pl.col("sets")) & (_count("onces") > 0)
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
            *_so_far("clear", "restarts", "clears"),
            *_so_far("once", "restarts", "onces"),
        ),
        (_first("clear", "clears").alias("first"),),
        (answer.alias("standing"),),
        (pl.when(standing).then(began).alias("since"),),
    )


FOLLOWING = _following()


@dataclass(frozen=True)
class Repeat:
    """`sign:{name}`: `sign` true at two consecutive fresh readings, minutes apart.

    `lapses`: whether a value that has lapsed starts the count again, as a fresh no
    does; else only the fresh no.
    """

    name: str
    sign: str
    item: str
    minutes: float
    lapses: bool = True


def repeated(frame: pl.DataFrame, repeats: Sequence[Repeat]) -> pl.DataFrame:
    """Confirmation by a second reading (R2), over fresh readings only.

    True once a fresh reading at least so many minutes after the first of an unbroken
    run of true ones has come; unknown after the first; false when the last fresh
    answer is false; unknown when the value has lapsed. A fresh no starts the count
    again. What was never true needs no second reading.
    """
    fired = frame.select(
        pl.col(f"sign:{one.sign}").any().alias(one.name) for one in repeats
    )
    some = fired.row(0, named=True)
    active = [one for one in repeats if some[one.name]]
    found = _confirmed(frame, active) if active else []
    return frame.with_columns(
        *found,
        *(
            pl.col(f"sign:{one.sign}").alias(f"sign:{one.name}")
            for one in repeats
            if not some[one.name]
        ),
    )


def _confirmed(frame: pl.DataFrame, repeats: Sequence[Repeat]) -> list[pl.Series]:
    work = _stacked(frame, [_fresh(one) for one in repeats])
    block = pl.int_range(work.height, eager=True) // frame.height
    apart = [one.minutes / MINUTES_IN_HOUR for one in repeats]
    work = work.with_columns(_hours(apart).gather(block).alias("apart"))
    for step in CONFIRMING:
        work = work.with_columns(step)
    return [
        work["confirmed"]
        .slice(place * frame.height, frame.height)
        .alias(f"sign:{one.name}")
        for place, one in enumerate(repeats)
    ]


def _fresh(one: Repeat) -> dict[str, pl.Expr]:
    answer, is_fresh = pl.col(f"sign:{one.sign}"), pl.col(f"fresh:{one.item}")
    no = is_fresh & ~answer
    return {
        "true": answer,
        "false": ~answer,
        "yes": is_fresh & answer,
        "no": no | answer.is_null() if one.lapses else no,
    }


def _confirming() -> tuple[tuple[pl.Expr, ...], ...]:
    """Whether a reading far enough after the first of its run has come."""
    yes = pl.col("yes")
    second = yes & (pl.col("at") - pl.col("first") >= pl.col("apart"))
    confirmed = (
        pl.when("false")
        .then(False)
        .when(pl.col("true") & (_count("seconds") > 0))
        .then(True)
    )
    return (
        ((pl.col("no") | pl.col("starts")).alias("restarts"),),
        _so_far("yes", "restarts", "yeses"),
        (_first("yes", "yeses").alias("first"),),
        (second.fill_null(False).alias("second"),),
        _so_far("second", "restarts", "seconds"),
        (confirmed.alias("confirmed"),),
    )


CONFIRMING = _confirming()


@dataclass(frozen=True)
class Lately:
    """`sign:{name}`: `sign` true now, or known true within the last hours."""

    name: str
    sign: str
    hours: float


def seen_within(frame: pl.DataFrame, wanted: Sequence[Lately]) -> pl.DataFrame:
    """Adds the answer of each, all at once."""
    return frame.with_columns(_seen(one) for one in wanted)


def _seen(one: Lately) -> pl.Expr:
    answer = pl.col(f"sign:{one.sign}")
    last = pl.when(answer.fill_null(False)).then("at").forward_fill().over("g")
    lately = (pl.col("at") - last <= timedelta(hours=one.hours)).fill_null(False)
    return (answer | lately).alias(f"sign:{one.name}")
