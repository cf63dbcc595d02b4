"""From when to when a load of fluid thins the blood (reference 11, B2)."""

from datetime import UTC, datetime, timedelta

import polars as pl

from monitor.clinical.items import catalogue
from monitor.clinical.tables import worked

HEMATOCRIT = "HCT"
FLUIDS = tuple(
    kind.code for kind in catalogue.TREATMENTS.values() if kind.klass == "fluid"
)
LOAD = catalogue.treatment(FLUIDS[0]).masks_item(HEMATOCRIT)[0]
MILLILITERS = {"mL": 1.0, "L": 1000.0, "mL/h": 1.0}
HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
# An infusion of which no end is recorded goes on.
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


def loads(treatments: pl.DataFrame) -> pl.DataFrame:
    """g, at, code, ends: each time in which the hematocrit says nothing.

    From the amount or hour of an infusion that completes a load within 24 h, until so
    many hours after the last one that did. `treatments`: as Intake has them, with `g`.
    """
    if not set(FLUIDS).intersection(treatments["code"].unique()):
        return treatments.select("g", "at", "code", ends="at").clear()
    fluids = treatments.lazy().filter(pl.col("code").is_in(FLUIDS))
    rows = fluids.with_columns(
        ml=pl.col("number")
        * pl.col("unit").replace_strict(
            MILLILITERS, default=None, return_dtype=pl.Float64
        )
    )
    given = worked(_given(rows))
    if LOAD.over is None or LOAD.hours is None or given.is_empty():
        return given.select("g", "at", "code", ends="at").clear()
    limit, after = LOAD.over.value, timedelta(hours=LOAD.hours)
    day = given.rolling("at", period=DAY, group_by="g").agg(pl.col("ml").sum())
    over = given.lazy().with_columns(day=day["ml"]).filter(pl.col("day") >= limit)
    goes_on = pl.col("endless") & (pl.col("rate") * (DAY / HOUR) >= limit)
    ends = pl.when(goes_on).then(pl.lit(FOREVER)).otherwise(pl.col("at") + after)
    over = over.with_columns(ends=ends.cast(pl.Datetime("us", "UTC")))
    before = pl.col("ends").cum_max().shift(1).over("g")
    anew = (pl.col("at") > before).fill_null(True)
    return worked(
        over.with_columns(span=anew.cum_sum().over("g"))
        .group_by("g", "span", maintain_order=True)
        .agg(pl.col("at", "code").first(), pl.col("ends").max())
        .select("g", "at", "code", "ends")
    )


def _given(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Amounts when they were in, infusions by the hour: ml, and rate in mL/h."""
    rate = pl.col("form") == "rate"
    amounts = rows.filter(~rate & pl.col("ml").is_not_null()).select(
        "g",
        "code",
        "ml",
        at=pl.coalesce("until", "at"),
        rate=pl.lit(None, pl.Float64),
        endless=pl.lit(False),
    )
    columns = ("g", "code", "ml", "at", "rate", "endless")
    return pl.concat([part.select(columns) for part in (amounts, _by_hour(rows))]).sort(
        "g", "at", "code", "ml"
    )


def _by_hour(rows: pl.LazyFrame) -> pl.LazyFrame:
    """An infusion without an end is followed for two days after the last line."""
    rates = rows.filter(pl.col("form") == "rate").sort("g", "code", "at", "ml")
    following = pl.col("at").shift(-1).over("g", "code")
    last = rows.group_by("g").agg(last=pl.max_horizontal("at", "until").max())
    stop = pl.min_horizontal("until", following)
    rates = (
        rates.join(last, on="g", how="left")
        .with_columns(stop=stop, rate="ml")
        .filter(pl.col("rate") > 0)
        .with_columns(
            endless=pl.col("stop").is_null(),
            end=pl.coalesce("stop", pl.col("last") + 2 * DAY),
        )
    )
    hours = pl.datetime_ranges("at", "end", interval="1h", closed="left")
    pieces = rates.with_columns(begin=hours).explode("begin").drop_nulls("begin")
    until = pl.min_horizontal(pl.col("begin") + HOUR, "end")
    share = (until - pl.col("begin")) / pl.duration(hours=1)
    return pieces.select(
        "g", "code", "rate", "endless", at=until, ml=(pl.col("rate") * share).round(6)
    )
