"""Values derived over days and hours: the daily weight rise, urine in eight hours."""

from datetime import timedelta

import polars as pl

from monitor.clinical.protocol import Protocol

EIGHT_HOURS = timedelta(hours=8)
NEEDED_COVER = timedelta(hours=6)
NO_CHOICE = pl.lit(None, dtype=pl.String).alias("choice")


def daily_rise(
    readings: pl.DataFrame, doses: pl.DataFrame, protocol: Protocol
) -> pl.DataFrame:
    """WEIGHT_RISE: the first weight of a treatment day less that of the day before.

    A treatment day is a day with a dose planned, given or not (R9). The earlier weight
    is 16 to 32 h older. Rounded once to six decimals. WEIGHT_REFERENCE is the earlier
    weight, kg.
    """
    days = doses.select("g", "day").unique()
    pairs = (
        readings.filter(pl.col("code") == "WEIGHT")
        .join(days, on=["g", "day"], how="semi")
        .sort("g", "seen", "number")
        .unique(["g", "day"], keep="first", maintain_order=True)
        .with_columns(
            before=pl.col("number").shift(1).over("g"),
            apart=pl.col("seen") - pl.col("seen").shift(1).over("g"),
        )
        .filter(
            pl.col("apart").is_between(
                timedelta(hours=protocol.lines["weight_pair_from"]),
                timedelta(hours=protocol.lines["weight_pair_to"]),
            )
        )
    )
    rise = (pl.col("number") - pl.col("before")).round(6)
    return pl.concat(
        pairs.select("g", at="seen", code=pl.lit(code), number=number, choice=NO_CHOICE)
        for code, number in (
            ("WEIGHT_RISE", rise),
            ("WEIGHT_REFERENCE", pl.col("before")),
        )
    )


def urine_in_8_hours(readings: pl.DataFrame) -> pl.DataFrame:
    """URINE_8H: mL passed in the 8 h before each measured period's end.

    Only where at least 6 of the 8 h were measured (R15); a measured 0 is 0. Periods
    that reach further back than 8 h count in proportion to the part inside.
    """
    urine = readings.filter(
        (pl.col("code") == "URINE_OUTPUT") & pl.col("until").is_not_null()
    ).select("g", "number", start="at", end="until")
    windows = urine.select("g", at="end").unique()
    pairs = windows.join(urine, on="g").filter(
        (pl.col("end") <= pl.col("at"))
        & (pl.col("end") > pl.col("at") - EIGHT_HOURS)
        & (pl.col("end") > pl.col("start"))
    )
    inside = pl.col("end") - pl.max_horizontal("start", pl.col("at") - EIGHT_HOURS)
    share = inside / (pl.col("end") - pl.col("start"))
    summed = (
        pairs.with_columns(inside=inside, part=pl.col("number") * share)
        .group_by("g", "at")
        .agg(covered=pl.col("inside").sum(), number=pl.col("part").sum().round(6))
        .filter(pl.col("covered") >= NEEDED_COVER)
    )
    return summed.select(
        "g", "at", code=pl.lit("URINE_8H"), number="number", choice=NO_CHOICE
    )
