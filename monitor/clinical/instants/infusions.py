"""Running rates: which vasopressors run, how many together, and whether high dose."""

from datetime import timedelta
from functools import lru_cache

import polars as pl

from monitor.clinical.instants.rates import (
    ANGIOTENSIN,
    COUNTED_IN,
    DOPAMINE,
    PER_MINUTE,
    VASOPRESSIN,
)
from monitor.clinical.instants.values import SIX_DECIMALS
from monitor.clinical.items import catalogue
from monitor.clinical.study.protocol import Lines, Protocol
from monitor.clinical.tables import Sheet, Stage, worked
from monitor.clinical.words import any_known

MINUTES = {"/min": 1.0, "/h": 60.0}
MICROGRAMS = {"ng": 0.001, "ug": 1.0, "mg": 1000.0, "[U]": 1.0, "mL": 1.0}
PRESSORS = [
    kind.code for kind in catalogue.TREATMENTS.values() if kind.counts_as_pressor
]
AGENTS = (*PRESSORS, VASOPRESSIN)
# What holds a pressure up without being counted blurs it, too (B2).
INOTROPES = [
    kind.code for kind in catalogue.TREATMENTS.values() if kind.klass == "inotrope"
]
HOLDING = (*AGENTS, *INOTROPES)
EQUIVALENTS = ("norepinephrine", "epinephrine", "phenylephrine", DOPAMINE)
CHANGE = ("g", "at", "code", "on", "rate", "as_set")
NOT_SET = pl.lit(None, pl.String)
OF_A_RATE = ("rate", "as_set")
COUNTED_PER_KG = [agent for agent, unit in COUNTED_IN.items() if "/kg/" in unit]


def rates(
    treatments: pl.DataFrame, values: pl.DataFrame, begun: pl.LazyFrame
) -> pl.DataFrame:
    """Each change of a running rate: g, at, code, on, rate (in ug/min, or COUNTED_IN).

    A rate runs to `until`, to the next row of the same code, or on; 0 ends it. `rate`
    is null while it runs and its weight is unknown. `as_set`: as it was set and with
    which weight, where that is not how it counts. `begun`: g, first_dose.
    """
    rows = treatments.filter(pl.col("form") == "rate")
    if rows.is_empty():
        none = {"on": pl.lit(False), "rate": pl.lit(0.0), "as_set": NOT_SET}
        return rows.select("g", "at", "code", **none)
    rows = (
        rows.sort("g", "code", "at", "number", "until")
        .unique(["g", "code", "at"], keep="last", maintain_order=True)
        .with_columns(next=pl.col("at").shift(-1).over("g", "code"))
        .with_columns(stop=pl.min_horizontal("until", "next"))
        .join(_pump_weight(values, begun), on="g", how="left", maintain_order="left")
        .with_columns(weight=_weight_then())
    )
    changes = pl.concat([_started(rows), _weighed(rows), _stopped(rows)])
    return (
        changes.sort("g", "at", "code", "on")
        .unique(["g", "at", "code"], keep="last", maintain_order=True)
        .select(CHANGE)
    )


def _pump_weight(values: pl.DataFrame, begun: pl.LazyFrame) -> pl.DataFrame:
    """g; weight and weight_at: the first of the cycle, kg; first_dose; and day_weight:

    the last one by that dose.
    """
    weights = values.lazy().filter(pl.col("code") == "WEIGHT").sort("g", "at")
    every = weights.join(begun, on="g", how="left", maintain_order="left")
    by_dose = pl.col("number").filter(pl.col("at") <= pl.col("first_dose"))
    return worked(
        every.group_by("g", maintain_order=True).agg(
            weight=pl.col("number").first(),
            weight_at=pl.col("at").first(),
            first_dose=pl.col("first_dose").first(),
            day_weight=by_dose.last(),
        )
    )


def _weight_then() -> pl.Expr:
    """The pump's weight, unless typed beside it: that of cycle day 1 (R11), before the

    first dose and without one the first of the cycle.
    """
    of_day_one = pl.when(pl.col("at") >= pl.col("first_dose")).then("day_weight")
    return pl.coalesce(of_day_one, "weight")


def _started(rows: pl.DataFrame) -> pl.DataFrame:
    """From its own time; of unknown rate as long as its weight is still to come."""
    unweighed = _needs_weight() & (pl.col("weight_at") > pl.col("at")).fill_null(False)
    return rows.select(
        "g",
        "at",
        "code",
        on=pl.col("number") > 0,
        rate=pl.when(~unweighed).then(_per_minute()),
        as_set=pl.when(~unweighed).then(_as_set()).otherwise(_typed()),
    )


def _weighed(rows: pl.DataFrame) -> pl.DataFrame:
    """From the weight that came while it ran."""
    stop = pl.col("stop")
    running = stop.is_null() | (pl.col("weight_at") < stop)
    late = _needs_weight() & (pl.col("weight_at") > pl.col("at")) & running
    return rows.filter(late & (pl.col("number") > 0)).select(
        "g",
        pl.col("weight_at").alias("at"),
        "code",
        on=pl.lit(True),
        rate=_per_minute(),
        as_set=_as_set(),
    )


def _stopped(rows: pl.DataFrame) -> pl.DataFrame:
    """At its `until`, where no newer row has ended it by then."""
    ended = pl.col("until") == pl.col("stop")
    again = (pl.col("until") == pl.col("next")).fill_null(False)
    return rows.filter(ended & ~again & (pl.col("number") > 0)).select(
        "g",
        pl.col("until").alias("at"),
        "code",
        on=pl.lit(False),
        rate=pl.lit(0.0),
        as_set=NOT_SET,
    )


def _typed() -> pl.Expr:
    return pl.concat_str("value", "unit", separator=" ")


def _as_set() -> pl.Expr:
    """`0.1 ug/kg/min × 70 kg`: what was typed (R11), null where it counts as it is."""
    counted = pl.col("code").replace_strict(
        COUNTED_IN, default=PER_MINUTE, return_dtype=pl.String
    )
    times = pl.format("{} × {} kg", _typed(), _plain("weight"))
    return pl.coalesce(
        "as_set",
        pl.when(pl.col("unit") == counted)
        .then(NOT_SET)
        .when(_needs_weight())
        .then(pl.coalesce(times, _typed()))
        .otherwise(_typed()),
    )


def _plain(column: str) -> pl.Expr:
    """A number as it is written: 70, not 70.0."""
    return pl.col(column).cast(pl.String).str.strip_suffix(".0")


def _needs_weight() -> pl.Expr:
    per_kg = pl.col("unit").str.contains("/kg/", literal=True)
    return per_kg != pl.col("code").is_in(COUNTED_PER_KG)


def _per_minute() -> pl.Expr:
    unit = pl.col("unit")
    mass = unit.str.extract(r"^([^/]+)").replace_strict(
        MICROGRAMS, default=1.0, return_dtype=pl.Float64
    )
    time = unit.str.extract(r"(/min|/h)$").replace_strict(
        MINUTES, default=1.0, return_dtype=pl.Float64
    )
    amount = pl.col("number") * mass / time
    return (
        pl.when(pl.col("code") == ANGIOTENSIN)
        .then(amount / MICROGRAMS["ng"])
        .when(~_needs_weight())
        .then(amount)
        .when(pl.col("code") == DOPAMINE)
        .then(amount / pl.col("weight"))
        .otherwise(amount * pl.col("weight"))
        .round(SIX_DECIMALS)
    )


def join(sheet: Sheet, rates: pl.DataFrame, protocol: Protocol) -> None:
    """Adds on:, rate: and as_set: of each agent, and what follows from those that run.

    `pressors` counts them. `state:` pressor, two_pressors (together longer than a
    switch takes), switching, vasopressin, low_dopamine, high_dose, rate_unknown;
    held_up (by any drug that raises the pressure, counted or not), held_up_lately,
    inotrope.
    """
    _running(sheet, rates)
    sheet.follow(*_pressors(protocol.lines))


def _running(sheet: Sheet, rates: pl.DataFrame) -> None:
    part = rates.filter(pl.col("code").is_in(HOLDING))
    here = [agent for agent in HOLDING if agent in set(part["code"])]
    if here:
        sheet.add(_spread(sheet.take("g", "at"), part, here))
    absent = [agent for agent in HOLDING if agent not in here]
    sheet.constant((f"on:{agent}" for agent in absent), False, pl.Boolean())
    sheet.constant((f"rate:{agent}" for agent in absent), None, pl.Float64())
    sheet.constant((f"as_set:{agent}" for agent in absent), None, pl.String())


def _spread(
    frame: pl.DataFrame, part: pl.DataFrame, here: list[str]
) -> list[pl.Series]:
    for column in ("on", *OF_A_RATE):
        wide = part.pivot("code", on_columns=here, index=["g", "at"], values=column)
        wide = wide.rename({agent: f"{column}:{agent}" for agent in here})
        frame = frame.join(wide, on=["g", "at"], how="left", maintain_order="left")
    return frame.select(
        *(
            pl.col(f"on:{agent}").forward_fill().over("g").fill_null(False)
            for agent in here
        ),
        *(_of_last_change(agent, column) for agent in here for column in OF_A_RATE),
    ).get_columns()


def _of_last_change(agent: str, column: str) -> pl.Expr:
    """What the last change of the rate says, which may be unknown."""
    name = f"{column}:{agent}"
    return (
        pl.when(pl.col(f"on:{agent}").is_not_null())
        .then(pl.struct(known=pl.lit(True), last=name))
        .forward_fill()
        .over("g")
        .struct.field("last")
        .alias(name)
    )


@lru_cache(maxsize=32)
def _pressors(lines: Lines) -> tuple[Stage, ...]:
    """Three passes: how many and how much, since when, and what that means."""
    counted = (pl.col("rate:dopamine") >= lines["dopamine_counts"]).fill_null(True)
    dopamine = pl.col(f"on:{DOPAMINE}") & counted
    others = [pl.col(f"on:{agent}") for agent in PRESSORS if agent != DOPAMINE]
    count = pl.sum_horizontal([one.cast(pl.Int64) for one in (*others, dopamine)])
    unknown = [pl.col(f"on:{a}") & pl.col(f"rate:{a}").is_null() for a in EQUIVALENTS]
    before = pl.col("pressors").shift(1).over("g").fill_null(0)
    was_high = pl.col("high_dose").shift(1).over("g").fill_null(False)
    two = pl.col("pressors") > 1
    held = any_known(pl.col(f"on:{agent}") for agent in HOLDING)
    was_held = pl.col("state:held_up").shift(1).over("g").fill_null(False)
    stages = (
        (
            count.alias("pressors"),
            _high_dose(lines).alias("high_dose"),
            (pl.col(f"on:{DOPAMINE}") & ~dopamine).alias("state:low_dopamine"),
            pl.col(f"on:{VASOPRESSIN}").alias("state:vasopressin"),
            any_known(unknown).alias("state:rate_unknown"),
            held.alias("state:held_up"),
            any_known(pl.col(f"on:{agent}") for agent in INOTROPES).alias(
                "state:inotrope"
            ),
        ),
        (
            _since(two & (before < 2)).alias("two_since"),
            _since(~pl.col("state:held_up") & was_held).alias("off_since"),
            _since(pl.col("high_dose") & ~was_high).alias("high_since"),
        ),
        _states(lines, two),
    )
    return tuple(map(Stage, stages))


def _states(lines: Lines, two: pl.Expr) -> tuple[pl.Expr, ...]:
    overlap = pl.col("at") - pl.col("two_since")
    switch = timedelta(minutes=lines["pressor_overlap_minutes"])
    off = pl.col("at") - pl.col("off_since")
    lately = off < timedelta(hours=lines["pressor_off_hours"])
    high = pl.col("at") - pl.col("high_since")
    long_enough = high >= timedelta(hours=lines["high_dose_hours"])
    # At the instant at which it is lowered it has run for all of them.
    until_now = pl.col("high_dose") | pl.col("high_dose").shift(1).over("g")
    running = pl.col("pressors") > 0
    return (
        running.alias("state:pressor"),
        (two & (overlap > switch)).fill_null(False).alias("state:two_pressors"),
        (two & (overlap <= switch)).fill_null(False).alias("state:switching"),
        (until_now & long_enough).fill_null(False).alias("state:high_dose"),
        (pl.col("state:held_up") | lately)
        .fill_null(False)
        .alias("state:held_up_lately"),
    )


def _since(starts: pl.Expr) -> pl.Expr:
    return pl.when(starts).then("at").forward_fill().over("g")


def _high_dose(lines: Lines) -> pl.Expr:
    """The high-dose table used with Lee and Penn [GK]."""

    def rate(agent: str) -> pl.Expr:
        return pl.col(f"rate:{agent}").fill_null(0.0)

    phenylephrine, dopamine = rate("phenylephrine"), rate(DOPAMINE)
    equivalent = (
        rate("norepinephrine")
        + rate("epinephrine")
        + dopamine / lines["dopamine_per_equivalent"]
        + phenylephrine / lines["phenylephrine_per_equivalent"]
    ).round(SIX_DECIMALS)
    alone = (
        (dopamine >= lines["dopamine_high"])
        | (phenylephrine >= lines["phenylephrine_high"])
        | (rate("epinephrine") >= lines["epinephrine_high"])
    )
    with_vasopressin = pl.col(f"on:{VASOPRESSIN}") & (
        equivalent >= lines["equivalent_high_with_vasopressin"]
    )
    return alone | with_vasopressin | (equivalent >= lines["norepinephrine_high"])
