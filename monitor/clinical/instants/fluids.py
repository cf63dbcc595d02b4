"""Urine and fluid balance over the last hours, where they were measured.

Periods of one kind follow one another; a sum is unknown unless enough of its window
was measured (reference 11, R15). A measured 0 is 0.
"""

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from monitor.clinical.tables import all_worked, latest, worked
from monitor.clinical.words import SIX_DECIMALS

Lines = Mapping[str, float]
OUTPUT, INTAKE = "URINE_OUTPUT", "FLUID_INTAKE"
SECONDS_IN_HOUR = 3600.0
EIGHT, TWELVE, SIXTEEN, DAY, THREE_DAYS = 8, 12, 16, 24, 72
# Of each window, the threshold for how many of its hours must be measured.
COVER = {
    EIGHT: "urine_cover_hours",
    TWELVE: "urine_cover_12h_hours",
    SIXTEEN: "hold_urine_hours",
    DAY: "balance_cover_hours",
    THREE_DAYS: "balance_cover_72h_hours",
}


def urine(readings: pl.DataFrame, lines: Lines) -> list[pl.LazyFrame]:
    """URINE_8H (mL in 8 h), URINE_HOURLY and URINE_HOURLY_12H (mL/h while measured).

    A row at the end of each measured period, where the window is covered.
    """
    passed = worked(_periods(readings, OUTPUT)).lazy()
    found = worked(_covered(passed, _ends(passed), lines, EIGHT, TWELVE))
    return _urine(found.lazy())


def urine_and_balance(readings: pl.DataFrame, lines: Lines) -> list[pl.LazyFrame]:
    """What `urine` and `balance` give, with each kind of period searched once."""
    taken, passed = _both(readings)
    ends = _ends(taken, passed)
    found = all_worked(
        (
            _covered(passed, ends, lines, EIGHT, TWELVE, DAY, THREE_DAYS),
            _covered(taken, ends, lines, DAY, THREE_DAYS),
        )
    )
    out, came = (one.lazy() for one in found)
    own = worked(out.join(_ends(passed), on=["g", "at"], how="semi"))
    return [*_urine(own.lazy()), _balance(came, out)]


def _both(readings: pl.DataFrame) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """What was taken in and what was passed, period by period."""
    taken, passed = all_worked(_periods(readings, one) for one in (INTAKE, OUTPUT))
    return taken.lazy(), passed.lazy()


def _urine(found: pl.LazyFrame) -> list[pl.LazyFrame]:
    eight = found.filter(pl.col("hours") == EIGHT)
    twelve = found.filter(pl.col("hours") == TWELVE)
    hourly = pl.col("volume") / pl.col("covered")
    return [
        _coded(eight, "URINE_8H", pl.col("volume")),
        _coded(eight, "URINE_HOURLY", hourly),
        _coded(twelve, "URINE_HOURLY_12H", hourly),
    ]


def balance(readings: pl.DataFrame, lines: Lines) -> pl.DataFrame:
    """BALANCE_24H and BALANCE_72H: intake less urine, mL, where both were measured."""
    taken, passed = _both(readings)
    ends = _ends(taken, passed)
    came = _covered(taken, ends, lines, DAY, THREE_DAYS)
    return worked(_balance(came, _covered(passed, ends, lines, DAY, THREE_DAYS)))


def _balance(came: pl.LazyFrame, out: pl.LazyFrame) -> pl.LazyFrame:
    both = came.join(out, on=["g", "at", "hours"], suffix="_out")
    day = pl.when(pl.col("hours") == DAY).then(pl.lit("BALANCE_24H"))
    code = day.otherwise(pl.lit("BALANCE_72H"))
    return _coded(both, code, pl.col("volume") - pl.col("volume_out"))


def urine_of_a_day(readings: pl.DataFrame, lines: Lines) -> pl.DataFrame:
    """URINE_24H (mL in 24 h): a row at the end of each measured period, if covered."""
    passed = _periods(readings, OUTPUT)
    day = _covered(passed, _ends(passed), lines, DAY)
    return worked(_coded(day, "URINE_24H", pl.col("volume")))


def urine_of_sixteen_hours(readings: pl.DataFrame, lines: Lines) -> pl.DataFrame:
    """URINE_HOURLY_16H (mL/h): at the end of each measured period, if covered."""
    passed = _periods(readings, OUTPUT)
    found = _covered(passed, _ends(passed), lines, SIXTEEN)
    hourly = pl.col("volume") / pl.col("covered")
    return worked(_coded(found, "URINE_HOURLY_16H", hourly))


def _coded(found: pl.LazyFrame, code: str | pl.Expr, number: pl.Expr) -> pl.LazyFrame:
    return found.select(
        "g",
        "at",
        code=pl.lit(code) if isinstance(code, str) else code,
        # A measured 0 is 0, also where one total was taken from the same: not -0.
        number=number.round(SIX_DECIMALS) + 0.0,
        choice=pl.lit(None, dtype=pl.String),
    )


def _periods(readings: pl.DataFrame, code: str) -> pl.LazyFrame:
    """The measured periods of an item with their running volume and hours."""
    hours = (pl.col("end") - pl.col("start")).dt.total_seconds() / SECONDS_IN_HOUR
    longer = pl.col("until") > pl.col("at")
    return (
        readings.lazy()
        .filter((pl.col("code") == code) & longer)
        .select("g", "number", start="at", end="until")
        .with_columns(hours=hours)
        .sort("g", "end", "start", "number")
        .with_columns(
            volume=pl.col("number").cum_sum().over("g"),
            covered=pl.col("hours").cum_sum().over("g"),
        )
    )


def _ends(*measured: pl.LazyFrame) -> pl.LazyFrame:
    ends = pl.concat([one.select("g", at="end") for one in measured])
    return ends.unique().sort("g", "at")


def _covered(
    periods: pl.LazyFrame, ends: pl.LazyFrame, lines: Lines, *windows: int
) -> pl.LazyFrame:
    """Volume (mL) and measured hours of each window before each end, if enough.

    `hours` is the window's length; all windows are searched together.
    """
    whole = latest(ends, periods.select("g", "volume", "covered", at="end"))
    asked = pl.LazyFrame(
        [(hours, timedelta(hours=hours), lines[COVER[hours]]) for hours in windows],
        schema={"hours": pl.Int32, "long": pl.Duration("us"), "needed": pl.Float64},
        orient="row",
    )
    asked = whole.join(asked, how="cross").with_columns(
        begin=pl.col("at") - pl.col("long")
    )
    return (
        _before(periods, asked.sort("g", "begin"))
        .select(
            "g",
            "at",
            "hours",
            "needed",
            volume=_since("volume").round(SIX_DECIMALS),
            covered=_since("covered").round(SIX_DECIMALS),
        )
        .filter(pl.col("covered") >= pl.col("needed"))
    )


def _since(total: str) -> pl.Expr:
    """What came to the total after the window began."""
    return pl.col(total) - pl.min_horizontal(total, f"{total}_before")


def _before(periods: pl.LazyFrame, asked: pl.LazyFrame) -> pl.LazyFrame:
    """Adds what was measured before each window: a period it cuts counts in part."""
    cut = asked.join_asof(
        periods.sort("g", "start").rename({"hours": "lasts"}),
        left_on="begin",
        right_on="start",
        by="g",
        suffix="_cut",
        check_sortedness=False,
    )
    inside = (pl.col("begin") - pl.col("start")).dt.total_seconds() / SECONDS_IN_HOUR
    share = pl.min_horizontal(inside / pl.col("lasts"), pl.lit(1.0))
    left = 1.0 - share
    volume = pl.col("volume_cut") - pl.col("number") * left
    covered = pl.col("covered_cut") - pl.col("lasts") * left
    return cut.with_columns(
        volume_before=volume.fill_null(0.0), covered_before=covered.fill_null(0.0)
    )
