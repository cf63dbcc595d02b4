"""Every value of a watched item, derived ones too, and the last one at each instant."""

from functools import cache

import polars as pl

from monitor.clinical.facts.chartfile import INSTANT
from monitor.clinical.facts.intake import Intake
from monitor.clinical.instants import fluids, trends, weights
from monitor.clinical.items import catalogue
from monitor.clinical.items.watched import CODED, NUMBERS, WATCHED
from monitor.clinical.study.protocol import Protocol
from monitor.clinical.tables import Frame, Sheet, worked

SLOT = ["g", "at", "code"]
WORSE_IF_LOW = [item.code for item in catalogue.ITEMS.values() if item.worse == "low"]
SIX_DECIMALS = 6


def values(taken: Intake, protocol: Protocol) -> pl.DataFrame:
    """g, at, code, number, choice of every value.

    Two values of one item at one instant: the worse counts, so that the order in which
    they were typed does not matter.
    """
    typed = taken.readings.lazy().select("g", "code", "number", "choice", at="seen")
    asked = pl.col("code").is_in([*WATCHED, fluids.OUTPUT, fluids.INTAKE])
    read = worked(_worst(typed.filter(asked)))
    present, plain = set(read["code"].unique()), read.lazy()
    derived = [
        plain,
        _mean_pressure(plain),
        *_from_several(taken, plain, present, protocol),
    ]
    columns = ["g", "at", "code", "number", "choice"]
    made = pl.concat([part.select(columns) for part in derived])
    return worked(_worst(made.filter(pl.col("code").is_in(WATCHED))))


def _worst(rows: pl.LazyFrame) -> pl.LazyFrame:
    return by_worst(rows).unique(SLOT, keep="last", maintain_order=True)


def by_worst(rows: Frame, *then: str) -> Frame:
    """Sorted by cycle, time and item; of those at one instant the worst comes last."""
    low = pl.col("code").is_in(WORSE_IF_LOW)
    rank = pl.when(low).then(-pl.col("number")).otherwise("number")
    order = [*SLOT, "rank", "choice", *then]
    return rows.with_columns(rank=rank).sort(order, nulls_last=False).drop("rank")


def _from_several(
    taken: Intake, plain: pl.LazyFrame, present: set[str], protocol: Protocol
) -> list[pl.LazyFrame]:
    """Values made of readings of several times, of the items that there are."""
    lines = protocol.lines
    made = trends.rises(plain, present, lines)
    if present & set(trends.CHANGES):
        made.append(trends.changes(plain))
    if trends.CONCERN in present:
        made.append(trends.concerns(plain))
    if "WEIGHT" in present:
        made += weights.daily_rise(taken.readings, taken.doses, protocol)
    if {fluids.OUTPUT, fluids.INTAKE} <= present:
        made += fluids.urine_and_balance(taken.readings, lines)
    elif fluids.OUTPUT in present:
        made += fluids.urine(taken.readings, lines)
    return made


def _mean_pressure(plain: pl.LazyFrame) -> pl.LazyFrame:
    """MAP from a systolic and a diastolic pressure of one instant, rounded once."""
    pair = plain.filter(pl.col("code") == "SYSBP").join(
        plain.filter(pl.col("code") == "DIABP"), on=["g", "at"], suffix="_low"
    )
    third = (pl.col("number") - pl.col("number_low")) / 3
    return pair.select(
        "g",
        "at",
        code=pl.lit("MAP"),
        number=(pl.col("number_low") + third).round(SIX_DECIMALS),
        choice=pl.lit(None, dtype=pl.String),
    )


def carried(moments: pl.DataFrame, found: pl.DataFrame) -> Sheet:
    """Last value, when it was read, and whether it is fresh, for each watched item."""
    present = set(found["code"].unique())
    frame, values = moments.lazy(), found.lazy()
    for column, codes in (("number", NUMBERS), ("choice", CODED)):
        here = [code for code in codes if code in present]
        if here:
            part = values.filter(pl.col("code").is_in(here))
            wide = part.pivot("code", on_columns=here, index=["g", "at"], values=column)
            frame = frame.join(wide, on=["g", "at"], how="left", maintain_order="left")
    some = [code for code in WATCHED if code in present]
    sheet = Sheet(moments.get_columns())
    last = frame.select([one for code in some for one in _last(code)])
    sheet.add(worked(last).get_columns())
    absent = [code for code in WATCHED if code not in present]
    numbers = [f"last:{code}" for code in absent if code not in CODED]
    choices = [f"last:{code}" for code in absent if code in CODED]
    sheet.constant((f"fresh:{code}" for code in absent), False, pl.Boolean())
    sheet.constant((f"at:{code}" for code in absent), None, INSTANT)
    sheet.constant(numbers, None, pl.Float64())
    return sheet.constant(choices, None, pl.String())


@cache
def _last(code: str) -> tuple[pl.Expr, ...]:
    read = pl.col(code).is_not_null()
    return (
        read.alias(f"fresh:{code}"),
        pl.when(read).then("at").forward_fill().over("g").alias(f"at:{code}"),
        pl.col(code).forward_fill().over("g").alias(f"last:{code}"),
    )
