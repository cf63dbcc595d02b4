"""A result beyond the laboratory's limit may lie anywhere past it (decision 0015).

`>7500` is compared as a number just past 7500, and that alone would call a line of
10,000 not reached, which nobody knows. So each sign is asked twice: with that number,
and with the furthest that there can be. Where the two answers differ it is unknown.
"""

from collections.abc import Sequence

import polars as pl

from monitor.clinical.censored import split
from monitor.clinical.tables import Sheet, Stage, worked
from monitor.clinical.watched import LABS

#: The furthest that a result can lie, by the sign before its number.
FURTHEST = {"<": 0.0, "≤": 0.0, ">": float("inf"), "≥": float("inf")}


def furthest(typed: str) -> float | None:
    """The other end of a result as it was typed; None for an exact one."""
    return FURTHEST.get(split(typed)[0])


def mark(sheet: Sheet, readings: pl.DataFrame) -> None:
    """Adds `far:ITEM` where a result of the item is beyond a limit: its other end.

    Elsewhere it is the last value itself. Of an item without such a result there is
    no such column.
    """
    sign = pl.col("value").str.strip_chars().str.head(1)
    laboratory = readings.filter(pl.col("code").is_in(LABS))
    beyond = laboratory.filter(sign.is_in(list(FURTHEST))).select(
        "g",
        "code",
        "number",
        at="seen",
        furthest=sign.replace_strict(FURTHEST, return_dtype=pl.Float64),
    )
    for code in beyond["code"].unique().sort():
        read, value = f"at:{code}", f"last:{code}"
        ends = (
            beyond.lazy().filter(pl.col("code") == code).unique(["g", "at", "number"])
        )
        found = sheet.take("g", read, value).lazy()
        found = found.join(
            ends,
            left_on=["g", read, value],
            right_on=["g", "at", "number"],
            how="left",
            maintain_order="left",
        )
        other = pl.coalesce("furthest", value).alias(f"far:{code}")
        sheet.add(worked(found.select(other)).get_columns())


def doubt(sheet: Sheet, stages: Sequence[Stage]) -> None:
    """Makes unknown what the signs answer otherwise at the other end of a result."""
    for code in LABS:
        if f"far:{code}" in sheet:
            other = sheet.with_column(at_the_end(sheet, code))
            other.follow(*stages)
            for stage in stages:
                for part in stage.parts:
                    _doubt(sheet, other, part.name)


def at_the_end(sheet: Sheet, code: str) -> pl.Series:
    """The item's current value, if it counts, at the other end."""
    value, far = sheet[f"now:{code}"], sheet[f"far:{code}"]
    return pl.select(
        pl.when(value.is_not_null()).then(far).alias(value.name)
    ).to_series()


def _doubt(sheet: Sheet, other: Sheet, name: str) -> None:
    here, there = sheet.same.get(name), other.same.get(name)
    if here is not None and here == there:
        return
    differs = sheet[name].ne_missing(other[name])
    if differs.any():
        known = pl.select(pl.when(~differs).then(sheet[name]).alias(name))
        sheet.add(known.get_columns())
