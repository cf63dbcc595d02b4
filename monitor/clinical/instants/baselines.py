"""What a cycle's values are compared with (R9): the last ones before its first dose."""

from datetime import timedelta
from functools import cache

import polars as pl

from monitor.clinical.items.watched import NUMBERS
from monitor.clinical.signs.leak import EDEMA
from monitor.clinical.study.protocol import Lines, Protocol
from monitor.clinical.tables import Sheet, worked

USUAL = "base:USUAL_SBP"
# A pressure of before the first dose of the study, for a later cycle.
SCREENING = "SCREENING_SBP"
NUMBER = {code: f"base:{code}" for code in NUMBERS}
BLOOD = ("HCT", "HGB")
# Of these an older baseline is used, and marked old (B1).
VITALS = ("TEMP", "SYSBP", "DIABP", "HR", "RESP", "OXYSAT")


def baselines(
    sheet: Sheet,
    values: pl.DataFrame,
    protocol: Protocol,
    keys: pl.DataFrame,
    states: pl.DataFrame,
) -> None:
    """Adds `base:` of each number, the usual pressure, and `state:transfused`.

    Edema that was looked for later in the cycle and not there has none as its baseline
    from then on: what comes after is new.

    Also `old:` of each vital sign: whether its baseline is an old one, null without.

    A baseline is the last value before the first dose, if young; before the first dose
    there is none. A usual pressure is stated by a person, or the median of enough
    readings, or else the baseline; in a later cycle it is that of before the study's
    first dose, for what is read between two cycles may be low by what was given.
    """
    lines = protocol.lines
    instants = sheet.take("g", "at", "first_dose", "at:red_cells", "word:USUAL_SBP")
    known = instants[["g", "first_dose"]].lazy().drop_nulls().unique()
    first = worked(known).lazy()
    read = _before_the_dose(values, first, lines)
    free = _free_of_edema(values)
    present = set(read["code"].filter(read["young"]).unique()) | set(free["code"])
    here = [code for code in NUMBERS if code in present]
    of_cycle = first.join(_of_a_cycle(read, here, lines), on="g", how="left")
    if keys["participant"].n_unique() < keys.height or SCREENING in set(states["code"]):
        enough = lines["sbp_usual_readings"]
        screened = _screened(values.lazy(), first, keys.lazy(), states.lazy(), enough)
        of_cycle = of_cycle.join(screened, on="g", how="left")
    else:
        of_cycle = of_cycle.with_columns(screened=pl.lit(None, pl.Float64))
    for code in set(free["code"]):
        of_cycle = of_cycle.join(_free_since(free, code), on="g", how="left")
    found = instants.lazy().drop("first_dose")
    found = found.join(of_cycle, on="g", how="left", maintain_order="left")
    found = _at_each_instant(found, here, set(free["code"]))
    absent = (NUMBER[code] for code in NUMBERS if code not in here)
    sheet.add(worked(found).get_columns()).constant(absent, None, pl.Float64())


def _of_a_cycle(read: pl.DataFrame, here: list[str], lines: Lines) -> pl.LazyFrame:
    """g, and what each cycle has before its first dose."""
    # The usual pressure falls back on this one, were it only to find none.
    asked = here if "SYSBP" in here else [*here, "SYSBP"]
    return (
        read.lazy()
        .group_by("g")
        .agg(
            _usual(lines["sbp_usual_readings"]),
            _blood(),
            *map(_last_young, asked),
            *(_old(code, lines["baseline_vitals_old_hours"]) for code in VITALS),
        )
    )


def _at_each_instant(
    found: pl.LazyFrame, here: list[str], free: set[str]
) -> pl.LazyFrame:
    """The same at each instant, where it is known by then."""
    transfused = pl.col("at:red_cells") >= pl.col("blood_at")
    said = pl.col("word:USUAL_SBP").cast(pl.Float64, strict=False)
    usual = pl.coalesce(said, "screened", "usual", "base:SYSBP")
    return found.with_columns(*map(_or_none_there, free), usual=usual).select(
        transfused.fill_null(False).alias("state:transfused"),
        _since_the_dose("usual").alias(USUAL),
        *(_since_the_dose(NUMBER[code]) for code in here),
        *(_since_the_dose(f"old:{code}") for code in VITALS),
    )


def _before_the_dose(
    values: pl.DataFrame, first: pl.LazyFrame, lines: Lines
) -> pl.DataFrame:
    """What was read up to the first dose, by time; `young`: enough for a baseline."""
    before = values.lazy().join(first, on="g")
    before = before.filter(pl.col("at") <= pl.col("first_dose"))
    age = pl.col("first_dose") - pl.col("at")
    oldest = (
        pl.when(pl.col("code") == "LVEF")
        .then(timedelta(hours=lines["baseline_heart_hours"]))
        .otherwise(timedelta(hours=lines["baseline_hours"]))
    )
    return worked(before.with_columns(young=age <= oldest).sort("at"))


def _free_of_edema(values: pl.DataFrame) -> pl.DataFrame:
    """g, code, at: when each kind of edema was first looked for and not there."""
    none = values.lazy().filter(pl.col("code").is_in(EDEMA) & (pl.col("number") == 0))
    return worked(none.group_by("g", "code").agg(pl.col("at").min()))


def _free_since(free: pl.DataFrame, code: str) -> pl.LazyFrame:
    """g, free:CODE: since when it is known that this edema was not there."""
    since = free.lazy().filter(pl.col("code") == code)
    return since.select("g", pl.col("at").alias(f"free:{code}"))


def _or_none_there(code: str) -> pl.Expr:
    """The baseline of an edema; 0 from when it was looked for and not there."""
    none = pl.when(pl.col("at") >= pl.col(f"free:{code}")).then(0.0)
    return pl.coalesce(NUMBER[code], none).alias(NUMBER[code])


def _screened(
    values: pl.LazyFrame,
    first: pl.LazyFrame,
    keys: pl.LazyFrame,
    states: pl.LazyFrame,
    enough: float,
) -> pl.LazyFrame:
    """g, screened: the usual pressure of each later cycle, from before the first dose

    of its participant's first one: the median of enough readings, or else the last.
    Where that cycle is not here its readings are, as facts.
    """
    named = first.join(keys.select("participant", "g"), on="g")
    origin = named.sort("first_dose", "g").unique(
        "participant", keep="first", maintain_order=True
    )
    later = named.join(origin, on="g", how="anti").select("participant", later="g")
    pressures = values.filter(pl.col("code") == "SYSBP")
    here = (
        pressures.join(origin, on="g")
        .filter(pl.col("at") <= pl.col("first_dose"))
        .join(later, on="participant")
        .select("at", "number", g="later")
    )
    told = states.filter(pl.col("code") == SCREENING).select(
        "at", pl.col("value").cast(pl.Float64, strict=False).alias("number"), "g"
    )
    read = pl.concat([here, told]).drop_nulls().sort("at", maintain_order=True)
    median = pl.when(pl.len() >= enough).then(pl.col("number").median())
    last = pl.coalesce(median, pl.col("number").last())
    return read.group_by("g").agg(last.alias("screened"))


@cache
def _since_the_dose(name: str) -> pl.Expr:
    begun = pl.col("at") >= pl.col("first_dose")
    return pl.when(begun).then(pl.col(name)).alias(name)


@cache
def _last_young(code: str) -> pl.Expr:
    own = pl.col("young") & (pl.col("code") == code)
    return pl.col("number").filter(own).last().alias(NUMBER[code])


@cache
def _old(code: str, hours: float) -> pl.Expr:
    """Whether the baseline was read longer than so many hours before the first dose."""
    own = pl.col("young") & (pl.col("code") == code)
    read = pl.col("at").filter(own).last()
    return (pl.col("first_dose").first() - read > timedelta(hours=hours)).alias(
        f"old:{code}"
    )


@cache
def _usual(readings: float) -> pl.Expr:
    pressures = pl.col("number").filter(pl.col("code") == "SYSBP")
    enough = pressures.len() >= readings
    return pl.when(enough).then(pressures.median()).alias("usual")


@cache
def _blood() -> pl.Expr:
    """When the blood was counted with which later counts are compared."""
    counts = pl.col("young") & pl.col("code").is_in(BLOOD)
    return pl.col("at").filter(counts).max().alias("blood_at")
