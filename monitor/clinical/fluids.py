"""Urine and fluid balance over the last hours, where they were measured.

Periods of one kind follow one another; a sum is unknown unless enough of its window
was measured (reference 11, R15). A measured 0 is 0.
"""

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from monitor.clinical.words import SIX_DECIMALS

Lines = Mapping[str, float]
OUTPUT, INTAKE = "URINE_OUTPUT", "FLUID_INTAKE"
SECONDS_IN_HOUR = 3600.0
EIGHT, TWELVE, DAY, THREE_DAYS = 8, 12, 24, 72


def urine(readings: pl.DataFrame, lines: Lines) -> list[pl.DataFrame]:
    """URINE_8H (mL in 8 h), URINE_HOURLY and URINE_HOURLY_12H (mL/h while measured).

    A row at the end of each measured period, where the window is covered.
    """
    periods = _periods(readings, OUTPUT)
    ends = periods.select("g", at="end").unique().sort("g", "at")
    eight = _covered(periods, ends, EIGHT, lines["urine_cover_hours"])
    twelve = _covered(periods, ends, TWELVE, lines["urine_cover_12h_hours"])
    hourly = pl.col("volume") / pl.col("covered")
    return [
        _coded(eight, "URINE_8H", pl.col("volume")),
        _coded(eight, "URINE_HOURLY", hourly),
        _coded(twelve, "URINE_HOURLY_12H", hourly),
    ]


def balance(readings: pl.DataFrame, lines: Lines) -> list[pl.DataFrame]:
    """BALANCE_24H and BALANCE_72H: intake less urine, mL, where both were measured."""
    taken, passed = _periods(readings, INTAKE), _periods(readings, OUTPUT)
    ends = pl.concat([one.select("g", at="end") for one in (taken, passed)])
    ends = ends.unique().sort("g", "at")
    made = []
    for code, hours, key in (
        ("BALANCE_24H", DAY, "balance_cover_hours"),
        ("BALANCE_72H", THREE_DAYS, "balance_cover_72h_hours"),
    ):
        both = _covered(taken, ends, hours, lines[key]).join(
            _covered(passed, ends, hours, lines[key]), on=["g", "at"], suffix="_out"
        )
        made.append(_coded(both, code, pl.col("volume") - pl.col("volume_out")))
    return made


def _coded(found: pl.DataFrame, code: str, number: pl.Expr) -> pl.DataFrame:
    return found.select(
        "g",
        "at",
        code=pl.lit(code),
        number=number.round(SIX_DECIMALS),
        choice=pl.lit(None, dtype=pl.String),
    )


def _periods(readings: pl.DataFrame, code: str) -> pl.DataFrame:
    """The measured periods of an item with their running volume and hours."""
    hours = (pl.col("end") - pl.col("start")).dt.total_seconds() / SECONDS_IN_HOUR
    return (
        readings.filter((pl.col("code") == code) & pl.col("until").is_not_null())
        .select("g", "number", start="at", end="until")
        .filter(pl.col("end") > pl.col("start"))
        .sort("g", "end", "start", "number")
        .with_columns(hours=hours)
        .with_columns(
            volume=pl.col("number").cum_sum().over("g"),
            covered=pl.col("hours").cum_sum().over("g"),
        )
    )


def _covered(
    periods: pl.DataFrame, ends: pl.DataFrame, hours: int, needed: float
) -> pl.DataFrame:
    """Volume (mL) and measured hours of the window before each end, if enough."""
    until = periods.select("g", "volume", "covered", at="end")
    whole = ends.join_asof(until, on="at", by="g", check_sortedness=False)
    before = _before(periods, ends, hours)
    volume = pl.col("volume") - pl.min_horizontal("volume", "volume_before")
    covered = pl.col("covered") - pl.min_horizontal("covered", "covered_before")
    return (
        whole.with_columns(before)
        .select(
            "g",
            "at",
            volume=volume.round(SIX_DECIMALS),
            covered=covered.round(SIX_DECIMALS),
        )
        .filter(pl.col("covered") >= needed)
    )


def _before(
    periods: pl.DataFrame, ends: pl.DataFrame, hours: int
) -> tuple[pl.Series, pl.Series]:
    """Volume and hours measured before each window: a period it cuts counts in part."""
    begins = ends.select("g", begin=pl.col("at") - timedelta(hours=hours))
    cut = begins.join_asof(
        periods.sort("g", "start"),
        left_on="begin",
        right_on="start",
        by="g",
        check_sortedness=False,
    )
    inside = (pl.col("begin") - pl.col("start")).dt.total_seconds() / SECONDS_IN_HOUR
    share = pl.min_horizontal(inside / pl.col("hours"), pl.lit(1.0))
    left = 1.0 - share
    parts = cut.select(
        volume_before=(pl.col("volume") - pl.col("number") * left).fill_null(0.0),
        covered_before=(pl.col("covered") - pl.col("hours") * left).fill_null(0.0),
    )
    return parts["volume_before"], parts["covered_before"]
