"""What was true stays true until it is known to be over (reference 11, B4).

A latch is set by what fires it. Only fresh readings known to be clear reset it: for at
least so many hours, at least so many of them, none apart by more than a missed set, and
nothing against it in between. Silence resets nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

NOTHING = pl.lit(False)
ALWAYS = pl.lit(True)
NEVER = pl.lit(None, dtype=pl.Datetime("us", "UTC"))


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

    Needs columns g and at, sorted. One pass for all of them together; what never fires
    stands nowhere, and is asked nothing more.
    """
    if not latches:
        return frame
    fired = _firing(frame, latches)
    active = [one for one in latches if one.name in fired]
    idle = [one for one in latches if one.name not in fired]
    work = _followed(frame, active, gap_hours) if active else None
    found = work.get_columns() if work is not None else []
    return frame.with_columns(
        *found,
        *(pl.lit(False).alias(f"standing:{one.name}") for one in idle),
        *(NEVER.alias(f"since:{one.name}") for one in idle),
    )


def _firing(frame: pl.DataFrame, latches: Sequence[Latch]) -> set[str]:
    """The names of those that fire anywhere in the frame."""
    fires = frame.lazy().select(one.fires.any().alias(one.name) for one in latches)
    return {name for name, fired in fires.collect().row(0, named=True).items() if fired}


def _followed(
    frame: pl.DataFrame, latches: Sequence[Latch], gap_hours: float
) -> pl.DataFrame:
    work = frame.select("g", "at", *_answers(latches))
    work = work.with_columns(_runs(latches))
    work = work.with_columns(_previous(latches))
    work = work.with_columns(_too_far(latches, gap_hours))
    work = work.with_columns(_spans(latches))
    work = work.with_columns(_progress(latches))
    work = work.with_columns(_standing(latches))
    work = work.with_columns(_begins(latches))
    names = [f"standing:{one.name}" for one in latches]
    return work.select(*names, *_since(latches))


def _known(expr: pl.Expr) -> pl.Expr:
    return expr.fill_null(False)


def _answers(latches: Sequence[Latch]) -> list[pl.Expr]:
    """fires; contrary (fires or anything against it); clear; once."""
    made = []
    for one in latches:
        contrary = _known(one.fires) | _known(one.against)
        made += [
            _known(one.fires).alias(f"fires:{one.name}"),
            contrary.alias(f"contrary:{one.name}"),
            (_known(one.clear) & ~contrary).alias(f"clear:{one.name}"),
            _known(one.excused).alias(f"excused:{one.name}"),
            _known(one.may_end).alias(f"may_end:{one.name}"),
            (_known(one.once) if one.once is not None else pl.lit(True)).alias(
                f"once:{one.name}"
            ),
        ]
    return made


def _runs(latches: Sequence[Latch]) -> list[pl.Expr]:
    return [
        pl.col(f"contrary:{one.name}").cum_sum().over("g").alias(f"run:{one.name}")
        for one in latches
    ]


def _previous(latches: Sequence[Latch]) -> list[pl.Expr]:
    """When the clear reading before this one was, within the run."""
    return [
        pl.when(pl.col(f"clear:{one.name}"))
        .then("at")
        .forward_fill()
        .shift(1)
        .over("g", f"run:{one.name}")
        .alias(f"before:{one.name}")
        for one in latches
    ]


def _too_far(latches: Sequence[Latch], gap_hours: float) -> list[pl.Expr]:
    """A missed set between two clear readings starts the clock again."""
    return [
        (
            pl.col(f"clear:{one.name}")
            & _known(pl.col("at") - pl.col(f"before:{one.name}") > _gap(one, gap_hours))
            & (one.hours > 0)
        ).alias(f"far:{one.name}")
        for one in latches
    ]


def _gap(one: Latch, gap_hours: float) -> timedelta:
    return timedelta(hours=gap_hours if one.gap_hours is None else one.gap_hours)


def _spans(latches: Sequence[Latch]) -> list[pl.Expr]:
    return [
        (pl.col(f"contrary:{one.name}") | pl.col(f"far:{one.name}"))
        .cum_sum()
        .over("g")
        .alias(f"span:{one.name}")
        for one in latches
    ]


def _progress(latches: Sequence[Latch]) -> list[pl.Expr]:
    """Clear readings so far in the span, when the first was, and whether `once` was."""
    made = []
    for one in latches:
        clear = pl.col(f"clear:{one.name}")
        span = ("g", f"span:{one.name}")
        first = pl.when(clear).then("at").min().over(*span)
        once = (clear & pl.col(f"once:{one.name}")).cum_max().over(*span)
        made += [
            clear.cum_sum().over(*span).alias(f"count:{one.name}"),
            (pl.col("at") - first).alias(f"held:{one.name}"),
            once.alias(f"seen:{one.name}"),
        ]
    return made


def _standing(latches: Sequence[Latch]) -> list[pl.Expr]:
    made = []
    for one in latches:
        over = (
            pl.col(f"clear:{one.name}")
            & (pl.col(f"held:{one.name}") >= timedelta(hours=one.hours))
            & (pl.col(f"count:{one.name}") >= one.sets)
            & pl.col(f"seen:{one.name}")
            & pl.col(f"may_end:{one.name}")
        )
        answer = (
            pl.when(f"fires:{one.name}")
            .then(True)
            .when(_known(over) | pl.col(f"excused:{one.name}"))
            .then(False)
            .otherwise(None)
        )
        made.append(
            answer.forward_fill()
            .over("g")
            .fill_null(False)
            .alias(f"standing:{one.name}")
        )
    return made


def _begins(latches: Sequence[Latch]) -> list[pl.Expr]:
    """When the standing answer last began."""
    made = []
    for one in latches:
        standing = pl.col(f"standing:{one.name}")
        begins = standing & ~standing.shift(1).over("g").fill_null(False)
        made.append(pl.when(begins).then("at").alias(f"began:{one.name}"))
    return made


def _since(latches: Sequence[Latch]) -> list[pl.Expr]:
    """That moment while it stands; null while it does not."""
    return [
        pl.when(f"standing:{one.name}")
        .then(pl.col(f"began:{one.name}").forward_fill().over("g"))
        .alias(f"since:{one.name}")
        for one in latches
    ]


@dataclass(frozen=True)
class Repeat:
    """`sign:{name}`: `sign` true at two consecutive fresh readings, minutes apart."""

    name: str
    sign: str
    item: str


def repeated(
    frame: pl.DataFrame, repeats: Sequence[Repeat], minutes: float
) -> pl.DataFrame:
    """Confirmation by a second reading (R2), over fresh readings only.

    True once a fresh reading at least so many minutes after the first of an unbroken
    run of true ones has come; unknown after the first; false when the last fresh
    answer is false; unknown when the value has lapsed. A fresh no starts the count
    again. What was never true needs no second reading.
    """
    seen = frame.select(
        pl.col(f"sign:{one.sign}").any().alias(one.name) for one in repeats
    )
    fired = seen.row(0, named=True)
    idle = [one for one in repeats if not fired[one.name]]
    active = [one for one in repeats if fired[one.name]]
    frame = frame.with_columns(
        pl.col(f"sign:{one.sign}").alias(f"sign:{one.name}") for one in idle
    )
    apart = timedelta(minutes=minutes)
    return _confirmed(frame, active, apart) if active else frame


def _confirmed(
    frame: pl.DataFrame, repeats: Sequence[Repeat], apart: timedelta
) -> pl.DataFrame:
    work = frame.select("g", "at", *(part for one in repeats for part in _fresh(one)))
    work = work.with_columns(
        pl.col(f"no:{one.name}").cum_sum().over("g").alias(f"run:{one.name}")
        for one in repeats
    )
    work = work.with_columns(_second(one, apart) for one in repeats)
    return frame.with_columns(work.select(_after_second(one) for one in repeats))


def _fresh(one: Repeat) -> list[pl.Expr]:
    answer, is_fresh = pl.col(f"sign:{one.sign}"), pl.col(f"fresh:{one.item}")
    no = (is_fresh & _known(~answer)) | answer.is_null()
    return [
        answer.alias(f"answer:{one.name}"),
        (is_fresh & _known(answer)).alias(f"yes:{one.name}"),
        no.alias(f"no:{one.name}"),
    ]


def _second(one: Repeat, apart: timedelta) -> pl.Expr:
    """Whether a reading far enough after the first of its run has come."""
    yes, run = pl.col(f"yes:{one.name}"), f"run:{one.name}"
    first = pl.when(yes).then("at").min().over("g", run)
    second = _known(yes & (pl.col("at") - first >= apart))
    return second.cum_max().over("g", run).alias(f"second:{one.name}")


def _after_second(one: Repeat) -> pl.Expr:
    answer = pl.col(f"answer:{one.name}")
    return (
        pl.when(answer.is_null())
        .then(None)
        .when(~answer)
        .then(False)
        .when(f"second:{one.name}")
        .then(True)
        .otherwise(None)
        .alias(f"sign:{one.name}")
    )


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
    last = pl.when(_known(answer)).then("at").forward_fill().over("g")
    lately = (pl.col("at") - last <= timedelta(hours=one.hours)).fill_null(False)
    return (answer | lately).alias(f"sign:{one.name}")
