"""What a cycle's values are compared with (R9): the last ones before its first dose."""

from datetime import timedelta
from functools import cache

import polars as pl

from monitor.clinical.protocol import Protocol
from monitor.clinical.watched import NUMBERS

USUAL = "base:USUAL_SBP"
NUMBER = {code: f"base:{code}" for code in NUMBERS}
BLOOD = ("HCT", "HGB")


def baselines(
    frame: pl.DataFrame, values: pl.DataFrame, protocol: Protocol
) -> pl.DataFrame:
    """Adds `base:` of each number, the usual pressure, and `state:transfused`.

    A baseline is the last value before the first dose, if young; before the first dose
    there is none. A usual pressure is stated by a person, or the median of enough
    readings, or else the baseline.
    """
    lines = protocol.lines
    first = frame.select("g", "first_dose").drop_nulls().unique()
    before = values.join(first, on="g").filter(pl.col("at") <= pl.col("first_dose"))
    age = pl.col("first_dose") - pl.col("at")
    young = before.filter(age <= timedelta(hours=lines["baseline_hours"])).sort("at")
    here = [code for code in NUMBERS if code in set(young["code"].unique())]
    parts = [_usual(before, lines["sbp_usual_readings"]), _blood(young)]
    if here:
        wide = young.pivot(
            "code",
            on_columns=here,
            index="g",
            values="number",
            aggregate_function="last",
        )
        parts.append(wide.rename({code: NUMBER[code] for code in here}))
    found = frame.select("g", "at", "first_dose", "at:red_cells", "word:USUAL_SBP")
    for part in parts:
        found = found.join(part, on="g", how="left", maintain_order="left")
    if "SYSBP" not in here:
        found = found.with_columns(_absent("SYSBP"))
    transfused = pl.col("at:red_cells") >= pl.col("blood_at")
    said = pl.col("word:USUAL_SBP").cast(pl.Float64, strict=False)
    found = found.with_columns(usual=pl.coalesce(said, "usual", "base:SYSBP")).select(
        transfused.fill_null(False).alias("state:transfused"),
        _since_the_dose("usual").alias(USUAL),
        *(_since_the_dose(NUMBER[code]) for code in here),
    )
    absent = (_absent(code) for code in NUMBERS if code not in here)
    return frame.with_columns(*found, *absent)


@cache
def _absent(code: str) -> pl.Expr:
    return pl.lit(None, dtype=pl.Float64).alias(NUMBER[code])


@cache
def _since_the_dose(name: str) -> pl.Expr:
    begun = pl.col("at") >= pl.col("first_dose")
    return pl.when(begun).then(pl.col(name)).alias(name)


def _usual(before: pl.DataFrame, readings: float) -> pl.DataFrame:
    return (
        before.filter(pl.col("code") == "SYSBP")
        .group_by("g")
        .agg(usual=pl.col("number").median(), n=pl.len())
        .filter(pl.col("n") >= readings)
        .drop("n")
    )


def _blood(young: pl.DataFrame) -> pl.DataFrame:
    """When the blood was counted with which later counts are compared."""
    counts = young.filter(pl.col("code").is_in(BLOOD))
    return counts.group_by("g").agg(blood_at=pl.col("at").max())
