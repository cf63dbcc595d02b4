"""A result beyond the laboratory's limit may lie anywhere past it (decision 0015).

`>7500` is compared as a number just past 7500, and that alone would call a line of
10,000 not reached, which nobody knows. So each sign is asked twice more: where the
truth is lowest, and where it is highest. What the answers differ in is unknown. A
baseline or an earlier value may lie past a limit, too: from 150 to `>300` is at least a
doubling, from `>300` to `>300` nobody knows what.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from monitor.clinical.instants import derived, trends
from monitor.clinical.items.censored import STEP, split
from monitor.clinical.items.watched import LABS
from monitor.clinical.study.protocol import Lines
from monitor.clinical.tables import Sheet, Stage, latest, worked

#: The furthest that a result can lie, by the sign before its number.
FURTHEST = {"<": 0.0, "≤": 0.0, ">": float("inf"), "≥": float("inf")}
# A multiple is rounded to six places: what lies strictly past a limit lies so far past
# it, as a part of it, that twice the limit is known to be no doubling of it.
APART = 1e-6
NEAREST = {"<": 1.0 - APART, ">": 1.0 + APART}
# Nothing is a multiple of 0, and much is one of next to nothing.
NEXT_TO_NOTHING = float(STEP)
ENDS = ("least", "most")
# What is made of several values of an item.
CHANGE_OF = {
    **trends.CHANGES,
    **{code: name for code, (name, _) in trends.RISES.items() if code in LABS},
}
# What may have ends of its own, beside the value that counts now.
BOUNDED = (
    *(f"base:{code}" for code in LABS),
    *(f"now:{one}" for one in CHANGE_OF.values()),
)


def furthest(typed: str) -> float | None:
    """The other end of a result as it was typed; None for an exact one."""
    return FURTHEST.get(split(typed)[0])


def mark(
    sheet: Sheet, readings: pl.DataFrame, values: pl.DataFrame, lines: Lines
) -> None:
    """Adds `far:ITEM` where a result of the item is beyond a limit: its other end.

    Elsewhere it is the last value itself. Also `least:` and `most:` of the item's
    baseline and of its change, between which the truth lies. Of an item without such a
    result there is no such column. `values`: see `values.values`.
    """
    sign = pl.col("value").str.strip_chars().str.head(1)
    laboratory = readings.filter(pl.col("code").is_in(LABS))
    beyond = laboratory.filter(sign.is_in(list(FURTHEST))).select(
        "g",
        "code",
        "number",
        at="seen",
        furthest=sign.replace_strict(FURTHEST, return_dtype=pl.Float64),
        nearest=pl.col("number") * _strictly_past(),
    )
    for code in beyond["code"].unique().sort():
        ends = _ends(values, beyond, code)
        instants = sheet.take("g", "at", "first_dose")
        far = latest(instants, ends.select("g", "at", pl.col("far").alias("found")))
        sheet.add([far["found"].alias(f"far:{code}")])
        _add(sheet, f"base:{code}", _of_baseline(instants, ends))
        if code in CHANGE_OF:
            made = _of_change if code in trends.CHANGES else _of_rise
            rows = made(ends, code, lines)
            _add(sheet, f"now:{CHANGE_OF[code]}", latest(instants, rows))


def _strictly_past() -> pl.Expr:
    """What a number is to be multiplied by; 1 for `>=300`, which may be 300."""
    sign = pl.col("value").str.strip_chars().str.extract("^([<>])[^=]")
    return sign.replace_strict(NEAREST, default=1.0, return_dtype=pl.Float64)


def _ends(values: pl.DataFrame, beyond: pl.DataFrame, code: str) -> pl.DataFrame:
    """g, at, far, least, most of each value of the item, in order of time."""
    rows = values.lazy().filter(pl.col("code") == code).select("g", "at", "number")
    own = beyond.lazy().filter(pl.col("code") == code).drop("code")
    there = rows.join(
        own.unique(["g", "at", "number"]), on=["g", "at", "number"], how="left"
    )
    far, near = pl.coalesce("furthest", "number"), pl.coalesce("nearest", "number")
    return worked(
        there.sort("g", "at").select(
            "g",
            "at",
            far=far,
            least=pl.min_horizontal(near, far),
            most=pl.max_horizontal(near, far),
        )
    )


def _of_baseline(instants: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """The ends of the last value by the first dose, at each instant."""
    last = (
        ends.lazy()
        .join(instants.lazy().select("g", "first_dose").unique(), on="g")
        .filter(pl.col("at") <= pl.col("first_dose"))
        .group_by("g")
        .agg(pl.col(*ENDS).last())
        .with_columns(pl.col("least").clip(lower_bound=NEXT_TO_NOTHING))
    )
    return worked(instants.lazy().join(last, on="g", how="left", maintain_order="left"))


def _of_change(ends: pl.DataFrame, code: str, lines: Lines) -> pl.DataFrame:
    """The least and the most that each value lies over the one before it."""
    least = pl.col("least") - pl.col("most").shift(1).over("g")
    most = pl.col("most") - pl.col("least").shift(1).over("g")
    made = ends.select("g", "at", least=least.round(6), most=most.round(6))
    return made.drop_nulls()


def _of_rise(ends: pl.DataFrame, code: str, lines: Lines) -> pl.DataFrame:
    """The least and the most that it lies over the lowest within so many hours."""

    def earlier(end: str) -> pl.Expr:
        return pl.col(end).head(pl.len() - 1)

    period = trends.period(code, lines)
    over = ends.rolling("at", period=period, group_by="g", closed="both").agg(
        least=pl.col("least").last() - earlier("most").min(),
        most=pl.col("most").last() - earlier("least").min(),
        several=pl.len() > 1,
    )
    risen = pl.col(*ENDS).round(6).clip(lower_bound=0.0)
    return over.filter("several").select("g", "at", risen)


def _add(sheet: Sheet, name: str, found: pl.DataFrame) -> None:
    sheet.add(found[end].alias(f"{end}:{name}") for end in ENDS)


def doubt(sheet: Sheet, stages: Sequence[Stage]) -> None:
    """Makes unknown what the signs answer otherwise where the truth may lie, too.

    All results are taken to their lowest together, and to their highest. What rests on
    a sign that is unknown by then is asked anew.
    """
    worlds = [one for end in ENDS if (one := _world(sheet, end)).touched]
    if not worlds:
        return
    touched = frozenset(name for one in worlds for name in one.touched)
    for part in derived.stage().parts:
        if touched & set(part.inputs):
            touched |= {part.name}
            for one in worlds:
                one.sheet.keep([part])
    for stage in stages:
        parts = [part for part in stage.parts if touched & set(part.inputs)]
        if not parts:
            continue
        sheet.keep(parts)
        for one in worlds:
            one.sheet.keep(parts)
        for part in parts:
            _settle(sheet, worlds, part.name)
        touched |= {part.name for part in parts}


@dataclass(frozen=True)
class World:
    """The sheet with all results at one of their ends; `touched`: what differs."""

    sheet: Sheet
    touched: frozenset[str]


def _world(sheet: Sheet, end: str) -> World:
    """A lowest value stands against a highest baseline, and the other way round."""
    made, touched = sheet, set[str]()
    for name, column in _at(sheet, end):
        if column.ne_missing(sheet[name]).any():
            made = made.with_column(column)
            touched.add(name)
    return World(made, frozenset(touched))


def _at(sheet: Sheet, end: str) -> Iterator[tuple[str, pl.Series]]:
    for code in LABS:
        if f"far:{code}" in sheet:
            pair = [pl.col(f"now:{code}"), pl.col(f"far:{code}")]
            pick = pl.min_horizontal if end == "least" else pl.max_horizontal
            yield _counting(sheet, f"now:{code}", pick(pair), f"far:{code}")
    other = ENDS[ENDS.index(end) - 1]
    for name in BOUNDED:
        bound = f"{other if name.startswith('base:') else end}:{name}"
        if bound in sheet:
            yield _counting(sheet, name, pl.col(bound), bound)


def _counting(
    sheet: Sheet, name: str, there: pl.Expr, reads: str
) -> tuple[str, pl.Series]:
    """That column where the value counts at all."""
    counts = pl.when(pl.col(name).is_not_null()).then(there)
    return name, sheet.take(name, reads).select(counts.alias(name)).to_series()


def _settle(sheet: Sheet, worlds: Sequence[World], name: str) -> None:
    """What both ends agree in; unknown where they differ, here and there.

    Where one end is what was read, it is asked with the other.
    """
    both = len(worlds) == len(ENDS)
    here = worlds[0].sheet[name] if both else sheet[name]
    for one in worlds:
        differs = here.ne_missing(one.sheet[name])
        if differs.any():
            known = pl.when(~differs).then(here).alias(name)
            here = pl.select(known).to_series()
    for asked in (sheet, *(one.sheet for one in worlds)):
        asked.add([here])
