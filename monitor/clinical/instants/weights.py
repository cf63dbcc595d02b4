"""The weight of a treatment day beside that of the one before."""

from datetime import timedelta

import polars as pl

from monitor.clinical.study.protocol import Protocol
from monitor.clinical.tables import worked

NO_CHOICE = pl.lit(None, dtype=pl.String).alias("choice")


def daily_rise(
    readings: pl.DataFrame, doses: pl.DataFrame, protocol: Protocol
) -> list[pl.LazyFrame]:
    """WEIGHT_RISE: the first weight of a treatment day less that of the day before.

    A treatment day is a day with a dose planned, given or not (R9). The earlier weight
    is 16 to 32 h older. Rounded once to six decimals. WEIGHT_REFERENCE is the earlier
    weight, kg.
    """
    days = doses.lazy().select("g", "day").unique()
    pairs = (
        readings.lazy()
        .filter(pl.col("code") == "WEIGHT")
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
    found = worked(pairs).lazy()
    return [
        found.select("g", at="seen", code=pl.lit(code), number=number, choice=NO_CHOICE)
        for code, number in (
            ("WEIGHT_RISE", rise),
            ("WEIGHT_REFERENCE", pl.col("before")),
        )
    ]
