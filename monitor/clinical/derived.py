"""Values that follow from others at the same instant, and the ranges of normal.

A derived value counts as long as the values it was made from, and is fresh when one
of them is.
"""

from functools import cache, reduce
from operator import or_

import polars as pl

from monitor.clinical.watched import RANGED
from monitor.clinical.words import ratio

# Name: the values it is made from.
MADE_FROM = {
    "SHOCK_INDEX": ("HR", "SYSBP"),
    "URINE_PER_KG": ("URINE_HOURLY",),
    "URINE_PER_KG_12H": ("URINE_HOURLY_12H",),
    "HEMO_RATIO": ("HCT", "HGB"),
}


def derive(frame: pl.DataFrame, ranges: pl.DataFrame) -> pl.DataFrame:
    """Adds the values of MADE_FROM, and `low:` and `high:` of each ranged item."""
    frame = _normal(frame, ranges)
    return frame.with_columns(_values()).with_columns(_times())


@cache
def _values() -> tuple[pl.Expr, ...]:
    """Rounded once. Blood is not compared over a transfusion of red cells."""
    weight = pl.col("base:WEIGHT")
    blood = pl.coalesce(
        ratio(pl.col("now:HCT"), pl.col("base:HCT")),
        ratio(pl.col("now:HGB"), pl.col("base:HGB")),
    )
    return (
        ratio(pl.col("now:HR"), pl.col("now:SYSBP")).alias("now:SHOCK_INDEX"),
        ratio(pl.col("base:HR"), pl.col("base:SYSBP")).alias("base:SHOCK_INDEX"),
        ratio(pl.col("now:URINE_HOURLY"), weight).alias("now:URINE_PER_KG"),
        ratio(pl.col("now:URINE_HOURLY_12H"), weight).alias("now:URINE_PER_KG_12H"),
        pl.when(~pl.col("state:transfused")).then(blood).alias("now:HEMO_RATIO"),
    )


@cache
def _times() -> tuple[pl.Expr, ...]:
    made = []
    for name, parts in MADE_FROM.items():
        fresh = reduce(or_, [pl.col(f"fresh:{part}") for part in parts])
        made += [
            pl.col(f"now:{name}").alias(f"last:{name}"),
            pl.max_horizontal([f"at:{part}" for part in parts]).alias(f"at:{name}"),
            fresh.alias(f"fresh:{name}"),
        ]
    return tuple(made)


def _normal(frame: pl.DataFrame, ranges: pl.DataFrame) -> pl.DataFrame:
    """The range in force at each instant: the last one recorded by then."""
    known = set(ranges["code"].unique())
    columns: list[pl.Expr | pl.Series] = []
    for code in RANGED:
        names = [f"low:{code}", f"high:{code}"]
        if code not in known:
            columns += [pl.lit(None, dtype=pl.Float64).alias(name) for name in names]
            continue
        rows = ranges.filter(pl.col("code") == code).sort("g", "at", "line")
        found = frame.select("g", "at").join_asof(
            rows.select("g", "at", "low", "high"),
            on="at",
            by="g",
            check_sortedness=False,
        )
        columns += [found["low"].alias(names[0]), found["high"].alias(names[1])]
    return frame.with_columns(columns)
