"""Which pair of numbers can be no range of normal. One rule for every way in."""

import polars as pl

from monitor.clinical.items import sentences


def fault(low: float | None, high: float | None) -> str:
    """What is wrong with a range, in a sentence; "" for one that can be.

    Either end may be missing. A concentration, a count or a score is never below 0.
    """
    ends = (pl.lit(low, dtype=pl.Float64), pl.lit(high, dtype=pl.Float64))
    return str(pl.select(faults(*ends)).item())


def faults(low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """The same of a whole frame; never null."""
    return (
        pl.when((low < 0) | (high < 0))
        .then(pl.lit(sentences.RANGE_BELOW_ZERO))
        .when(high == 0)
        .then(pl.lit(sentences.RANGE_OF_NOTHING))
        .when(low > high)
        .then(pl.lit(sentences.RANGE_UPSIDE_DOWN))
        .when(low == high)
        .then(pl.lit(sentences.RANGE_NO_WIDTH))
        .otherwise(pl.lit(""))
    )
