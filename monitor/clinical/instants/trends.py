"""Changes of one item over time: since the last value, and within some hours.

Also how long ago a person was concerned before.
"""

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from monitor.clinical.words import SIX_DECIMALS

CHANGES = {
    "CRP": "CRP_CHANGE",
    "FERRITIN": "FERRITIN_CHANGE",
    "INTLK6": "INTLK6_CHANGE",
}
RISES = {
    "CREAT": ("CREAT_RISE", "creatinine_rise_within"),
    # Each site is compared with itself: the other side is no growth of it.
    "SITE_SIZE": ("SITE_GROWTH", "site_growth_within"),
    "SITE_SIZE_LEFT": ("SITE_GROWTH_LEFT", "site_growth_within"),
    "SITE_SIZE_RIGHT": ("SITE_GROWTH_RIGHT", "site_growth_within"),
}
CONCERN, CONCERNED, APART = "NURSE_CONCERN", "y", "CONCERN_APART"
NO_CHOICE = pl.lit(None, dtype=pl.String).alias("choice")


def changes(plain: pl.LazyFrame) -> pl.LazyFrame:
    """The value less the one before it, for markers that rise and fall."""
    rows = plain.filter(pl.col("code").is_in(list(CHANGES))).sort("g", "code", "at")
    change = pl.col("number") - pl.col("number").shift(1).over("g", "code")
    return (
        rows.with_columns(number=change.round(SIX_DECIMALS))
        .filter(pl.col("number").is_not_null())
        .select(
            "g",
            "at",
            pl.col("code").replace_strict(CHANGES, return_dtype=pl.String),
            "number",
            NO_CHOICE,
        )
    )


def concerns(plain: pl.LazyFrame) -> pl.LazyFrame:
    """Hours since somebody was concerned before, at each concern but the first."""
    said = (pl.col("code") == CONCERN) & (pl.col("choice") == CONCERNED)
    rows = plain.filter(said).sort("g", "at")
    apart = pl.col("at") - pl.col("at").shift(1).over("g")
    return (
        rows.select(
            "g",
            "at",
            code=pl.lit(APART),
            number=(apart / pl.duration(hours=1)).round(SIX_DECIMALS),
        )
        .with_columns(NO_CHOICE)
        .drop_nulls("number")
    )


def period(code: str, lines: Mapping[str, float]) -> timedelta:
    """How far back a rise of the item is looked for."""
    return timedelta(hours=lines[RISES[code][1]])


def rises(
    plain: pl.LazyFrame, present: set[str], lines: Mapping[str, float]
) -> list[pl.LazyFrame]:
    """The value over the lowest one within so many hours before it.

    Unknown where there is no earlier one: a first value has not risen, and not stayed.
    """
    made = []
    for code, (name, _) in RISES.items():
        if code not in present:
            continue
        rows = plain.filter(pl.col("code") == code).sort("g", "at")
        over = rows.rolling(
            "at", period=period(code, lines), group_by="g", closed="both"
        ).agg(
            number=pl.when(pl.len() > 1).then(
                (pl.col("number").last() - pl.col("number").min()).round(SIX_DECIMALS)
            )
        )
        made.append(
            over.select("g", "at", code=pl.lit(name), number="number").with_columns(
                NO_CHOICE
            )
        )
    return made
