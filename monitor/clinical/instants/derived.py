"""Values that follow from others at the same instant, and the ranges of normal.

A derived value counts as long as the values it was made from, and is fresh when one
of them is.
"""

from functools import cache, reduce
from operator import or_

import polars as pl

from monitor.clinical.items.watched import RANGED
from monitor.clinical.tables import Sheet, Stage, latest, worked
from monitor.clinical.words import ratio

ENDS = ("low", "high")
# Name: the values it is made from.
MADE_FROM = {
    "SHOCK_INDEX": ("HR", "SYSBP"),
    "URINE_PER_KG": ("URINE_HOURLY",),
    "URINE_PER_KG_12H": ("URINE_HOURLY_12H",),
    "HEMO_RATIO": ("HCT", "HGB"),
}


def derive(sheet: Sheet, ranges: pl.DataFrame) -> None:
    """Adds the values of MADE_FROM, and `low:` and `high:` of each ranged item."""
    _normal(sheet, ranges)
    sheet.follow(stage(), _times())


@cache
def stage() -> Stage:
    """Rounded once. Blood is not compared over a transfusion of red cells, nor the

    hematocrit while it is thinned by a load of fluid.
    """
    weight = pl.col("base:WEIGHT")
    hematocrit = ratio(pl.col("now:HCT"), pl.col("base:HCT"))
    blood = pl.coalesce(
        pl.when(~pl.col("state:blood_thinned")).then(hematocrit),
        ratio(pl.col("now:HGB"), pl.col("base:HGB")),
    )
    made = (
        ratio(pl.col("now:HR"), pl.col("now:SYSBP")).alias("now:SHOCK_INDEX"),
        ratio(pl.col("base:HR"), pl.col("base:SYSBP")).alias("base:SHOCK_INDEX"),
        ratio(pl.col("now:URINE_HOURLY"), weight).alias("now:URINE_PER_KG"),
        ratio(pl.col("now:URINE_HOURLY_12H"), weight).alias("now:URINE_PER_KG_12H"),
        pl.when(~pl.col("state:transfused")).then(blood).alias("now:HEMO_RATIO"),
    )
    return Stage(made)


@cache
def _times() -> Stage:
    made = []
    for name, parts in MADE_FROM.items():
        fresh = reduce(or_, [pl.col(f"fresh:{part}") for part in parts])
        made += [
            pl.col(f"now:{name}").alias(f"last:{name}"),
            pl.max_horizontal([f"at:{part}" for part in parts]).alias(f"at:{name}"),
            fresh.alias(f"fresh:{name}"),
        ]
    return Stage(tuple(made))


def _normal(sheet: Sheet, ranges: pl.DataFrame) -> None:
    """The range in force at each instant: the last one recorded by then."""
    present = set(ranges["code"])
    known = [code for code in RANGED if code in present]
    if known:
        found = _in_force(sheet.take("g", "at"), ranges, known)
        sheet.add(found.get_columns())
    absent = (code for code in RANGED if code not in present)
    names = (f"{end}:{code}" for code in absent for end in ENDS)
    sheet.constant(names, None, pl.Float64())


def _in_force(
    instants: pl.DataFrame, ranges: pl.DataFrame, codes: list[str]
) -> pl.DataFrame:
    """Both ends of each item's range, from one search for all of them.

    A change of one item's range repeats those of the others as they stand.
    """
    told = ranges.lazy().filter(pl.col("code").is_in(codes)).sort("g", "at", "line")
    changes = told.select("g", "at", *map(_last_range, codes)).unnest(codes)
    return worked(latest(instants.lazy(), changes).drop("g", "at"))


@cache
def _last_range(code: str) -> pl.Expr:
    return (
        pl.when(pl.col("code") == code)
        .then(pl.struct(range=pl.struct(*ENDS)))
        .forward_fill()
        .over("g")
        .struct.field("range")
        .struct.rename_fields([f"{end}:{code}" for end in ENDS])
        .alias(code)
    )
