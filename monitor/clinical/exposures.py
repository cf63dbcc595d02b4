"""What is running and what is on board: treatments as states of the timeline."""

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from monitor.clinical import catalogue
from monitor.clinical.protocol import Protocol

MINUTES = {"/min": 1.0, "/h": 60.0}
MICROGRAMS = {"ug": 1.0, "mg": 1000.0, "[U]": 1.0, "mL": 1.0}
PRESSORS = [
    kind.code for kind in catalogue.TREATMENTS.values() if kind.counts_as_pressor
]
VASOPRESSIN = "vasopressin"
MASKED = ("TEMP", "CRP", "INTLK6")
FEVER_DRUGS = ("antipyretic", "nsaid")


def rates(
    treatments: pl.DataFrame,
    ends: pl.DataFrame,
    values: pl.DataFrame,
    protocol: Protocol,
) -> pl.DataFrame:
    """Each change of a running rate: g, at, code, rate (ug/min; dopamine ug/kg/min).

    A rate runs to `until`, to the next row of the same code, or to the record's end;
    0 ends it. `rate` is null where it runs but its weight is unknown.
    """
    weight = _pump_weight(values)
    rows = (
        treatments.filter(pl.col("form") == "rate")
        .sort("g", "code", "at", "line")
        .unique(["g", "code", "at"], keep="last", maintain_order=True)
        .with_columns(next=pl.col("at").shift(-1).over("g", "code"))
        .join(ends, on="g", how="left", maintain_order="left")
        .join(weight, on="g", how="left", maintain_order="left")
    )
    stop = pl.min_horizontal("until", "next")
    started = rows.select(
        "g", "at", "code", on=(pl.col("number") > 0), rate=_per_minute()
    )
    stopped = rows.with_columns(stop=stop).filter(
        pl.col("until").is_not_null()
        & (pl.col("next").is_null() | (pl.col("until") < pl.col("next")))
        & (pl.col("number") > 0)
    )
    stopped = stopped.select(
        "g", pl.col("until").alias("at"), "code", on=pl.lit(False), rate=pl.lit(0.0)
    )
    return pl.concat([started, stopped]).sort("g", "at", "code")


def _pump_weight(values: pl.DataFrame) -> pl.DataFrame:
    """The first weight of the cycle, kg: the pump's weight unless typed beside it."""
    return (
        values.filter(pl.col("code") == "WEIGHT")
        .sort("g", "at")
        .group_by("g", maintain_order=True)
        .agg(weight=pl.col("number").first())
    )


def _per_minute() -> pl.Expr:
    unit = pl.col("unit")
    mass = unit.str.extract(r"^([^/]+)").replace_strict(
        MICROGRAMS, default=1.0, return_dtype=pl.Float64
    )
    time = unit.str.extract(r"(/min|/h)$").replace_strict(
        MINUTES, default=1.0, return_dtype=pl.Float64
    )
    amount = pl.col("number") * mass / time
    per_kg = unit.str.contains("/kg/")
    dopamine = pl.col("code") == "dopamine"
    return (
        pl.when(per_kg == dopamine)
        .then(amount)
        .when(dopamine)
        .then(amount / pl.col("weight"))
        .otherwise(amount * pl.col("weight"))
        .round(6)
    )


def effects(
    treatments: pl.DataFrame,
    ends: pl.DataFrame,
    keys: pl.DataFrame,
    protocol: Protocol,
) -> pl.DataFrame:
    """What blurs or answers a sign: g, at, what, ends, amount.

    `what` is mask:TEMP (any antipyretic effect), mask:CRP, mask:INTLK6, fever_drug
    (one given as needed), anticytokine, albumin_iv, red_cells, interrupt, bolus (amount
    in mL). Treatments of earlier cycles count for fourteen days.
    """
    rows = _with_earlier(treatments, keys, protocol).join(ends, on="g", how="left")
    last = pl.when(pl.col("form") == "scheduled").then(pl.coalesce("until", "end"))
    given = last.otherwise(pl.coalesce("until", "at"))
    once = pl.col("form") != "rate"
    klass = pl.col("code").replace_strict(
        {kind.code: kind.klass for kind in catalogue.TREATMENTS.values()}, default=""
    )
    as_needed = pl.col("form") == "amount"
    large = (pl.col("unit") != "mL") | (
        pl.col("number") >= protocol.lines["bolus_fluid_min"]
    )
    what = {
        **{f"mask:{item}": _masked(item, once, given) for item in MASKED},
        "fever_drug": (klass.is_in(FEVER_DRUGS) & as_needed, pl.col("at")),
        "anticytokine": (
            pl.col("code").is_in(["tocilizumab", "siltuximab", "anakinra"]),
            pl.col("at"),
        ),
        "albumin_iv": (pl.col("code") == "albumin_iv", pl.coalesce("until", "at")),
        "red_cells": (pl.col("code") == "red_cells", pl.coalesce("until", "at")),
        "interrupt": (pl.col("code") == "study_drug_interrupt", pl.col("at")),
        "bolus": (
            (pl.col("code") == "fluid_bolus") & large & once,
            pl.coalesce("until", "at"),
        ),
    }
    return pl.concat(
        rows.filter(test).select(
            "g", "at", what=pl.lit(name), ends=ends_at, amount=pl.col("number")
        )
        for name, (test, ends_at) in what.items()
    ).sort("g", "at", "what")


def _masked(item: str, once: pl.Expr, given: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Whether an agent blurs the item, and when its effect ends."""
    hours = pl.col("code").replace_strict(
        _mask_hours(item), default=None, return_dtype=pl.Float64
    )
    effect = pl.duration(seconds=(hours * 3600).cast(pl.Int64))
    return once & hours.is_not_null(), given + effect


def _mask_hours(item: str) -> dict[str, float]:
    """How long each agent blurs an item; the longest of its masks."""
    found = {}
    for kind in catalogue.TREATMENTS.values():
        hours = [m.hours for m in kind.masks_item(item) if m.hours and not m.over]
        if hours and not kind.counts_as_pressor:
            found[kind.code] = float(max(hours))
    return found


def _with_earlier(
    treatments: pl.DataFrame, keys: pl.DataFrame, protocol: Protocol
) -> pl.DataFrame:
    """Treatments of each cycle, and those of the fourteen days before its first one."""
    first = treatments.group_by("g").agg(starts=pl.col("at").min())
    of_person = treatments.select("participant", "g").unique()
    if of_person["participant"].n_unique() == len(of_person):
        return treatments
    others = (
        keys.select("participant", later="g")
        .join(treatments, on="participant")
        .filter(pl.col("later") > pl.col("g"))
    )
    starts = first.rename({"g": "later"})
    history = timedelta(hours=protocol.lines["treatment_history_hours"])
    recent = others.join(starts, on="later", how="left").filter(
        pl.col("starts").is_null() | (pl.col("at") >= pl.col("starts") - history)
    )
    carried = recent.with_columns(g=pl.col("later")).select(treatments.columns)
    return pl.concat([treatments, carried])


def join(
    frame: pl.DataFrame, rates: pl.DataFrame, effects: pl.DataFrame
) -> pl.DataFrame:
    """The timeline with what runs and what is on board at each instant."""
    frame = _running(frame, rates)
    lasts = {
        "until:mask": _latest(frame, effects, "mask:TEMP", "ends"),
        "until:mask:CRP": _latest(frame, effects, "mask:CRP", "ends"),
        "until:mask:INTLK6": _latest(frame, effects, "mask:INTLK6", "ends"),
        "at:interrupt": _latest(frame, effects, "interrupt", "at"),
        "at:fever_drug": _latest(frame, effects, "fever_drug", "at"),
        "at:anticytokine": _latest(frame, effects, "anticytokine", "at"),
        "at:albumin_iv": _latest(frame, effects, "albumin_iv", "ends"),
        "at:red_cells": _latest(frame, effects, "red_cells", "ends"),
        "at:bolus": _latest(frame, effects, "bolus", "at"),
        "ends:bolus": _latest(frame, effects, "bolus", "ends"),
    }
    frame = frame.with_columns(**lasts)
    boluses = _boluses(frame, effects)
    return frame.with_columns(boluses).with_columns(
        _on_board("until:mask").alias("state:masked"),
        _on_board("until:mask:CRP").alias("state:crp_blurred"),
        _on_board("until:mask:INTLK6").alias("state:il6_blurred"),
        (pl.col("at:interrupt") >= pl.col("dose_at"))
        .fill_null(False)
        .alias("state:interrupted"),
    )


def _on_board(until: str) -> pl.Expr:
    return (pl.col(until) > pl.col("at")).fill_null(False)


def pressors(frame: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """How many counted vasopressors run, since when two do, and whether high dose.

    Adds `pressors`, and `state:` pressor, two_pressors (together longer than a switch
    takes), switching, vasopressin, low_dopamine, high_dose, pressor_lately.
    """
    lines = protocol.lines
    running = [pl.col(f"on:{agent}") for agent in PRESSORS if agent != "dopamine"]
    dopamine = pl.col("on:dopamine") & (
        pl.col("rate:dopamine") >= lines["dopamine_counts"]
    ).fill_null(True)
    count = pl.sum_horizontal([one.cast(pl.Int64) for one in [*running, dopamine]])
    frame = frame.with_columns(pressors=count, high_dose=_high_dose(lines))
    before = pl.col("pressors").shift(1).over("g").fill_null(0)
    was_high = pl.col("high_dose").shift(1).over("g").fill_null(False)
    frame = frame.with_columns(
        two_since=_since((pl.col("pressors") > 1) & (before < 2)),
        off_since=_since((pl.col("pressors") == 0) & (before > 0)),
        high_since=_since(pl.col("high_dose") & ~was_high),
    )
    overlap = pl.col("at") - pl.col("two_since")
    switch = timedelta(minutes=lines["pressor_overlap_minutes"])
    off = pl.col("at") - pl.col("off_since")
    long_enough = pl.col("at") - pl.col("high_since") >= timedelta(
        hours=lines["high_dose_hours"]
    )
    two = pl.col("pressors") > 1
    return frame.with_columns(
        (pl.col("pressors") > 0).alias("state:pressor"),
        (two & (overlap > switch)).fill_null(False).alias("state:two_pressors"),
        (two & (overlap <= switch)).fill_null(False).alias("state:switching"),
        pl.col(f"on:{VASOPRESSIN}").alias("state:vasopressin"),
        (pl.col("on:dopamine") & ~dopamine).alias("state:low_dopamine"),
        (pl.col("high_dose") & long_enough).fill_null(False).alias("state:high_dose"),
        ((pl.col("pressors") > 0) | (off < timedelta(hours=lines["pressor_off_hours"])))
        .fill_null(False)
        .alias("state:pressor_lately"),
    )


def _since(starts: pl.Expr) -> pl.Expr:
    return pl.when(starts).then("at").forward_fill().over("g")


def _high_dose(lines: Mapping[str, float]) -> pl.Expr:
    """The high-dose table used with Lee and Penn [GK]."""

    def rate(agent: str) -> pl.Expr:
        return pl.col(f"rate:{agent}").fill_null(0.0)

    phenylephrine, dopamine = rate("phenylephrine"), rate("dopamine")
    equivalent = (
        rate("norepinephrine")
        + rate("epinephrine")
        + dopamine / lines["dopamine_per_equivalent"]
        + phenylephrine / lines["phenylephrine_per_equivalent"]
    ).round(6)
    alone = (
        (dopamine >= lines["dopamine_high"])
        | (phenylephrine >= lines["phenylephrine_high"])
        | (rate("epinephrine") >= lines["epinephrine_high"])
    )
    with_vasopressin = pl.col(f"on:{VASOPRESSIN}") & (
        equivalent >= lines["equivalent_high_with_vasopressin"]
    )
    return alone | with_vasopressin | (equivalent >= lines["norepinephrine_high"])


def _latest(
    frame: pl.DataFrame, effects: pl.DataFrame, what: str, column: str
) -> pl.Series:
    if what not in effects["what"]:
        return pl.repeat(None, frame.height, dtype=pl.Datetime("us", "UTC"), eager=True)
    rows = (
        effects.filter(pl.col("what") == what)
        .sort("g", "at", column)
        .select("g", "at", found=pl.col(column).cum_max().over("g"))
        .unique(["g", "at"], keep="last", maintain_order=True)
    )
    return frame.select("g", "at").join_asof(
        rows, on="at", by="g", check_sortedness=False
    )["found"]


def _boluses(frame: pl.DataFrame, effects: pl.DataFrame) -> list[pl.Series]:
    rows = (
        effects.filter(pl.col("what") == "bolus")
        .sort("g", "at")
        .with_columns(
            count=pl.int_range(1, pl.len() + 1).over("g"),
            volume=pl.col("amount").fill_null(0.0).cum_sum().over("g"),
        )
        .unique(["g", "at"], keep="last", maintain_order=True)
    )
    found = frame.select("g", "at").join_asof(
        rows.select("g", "at", "count", "volume"),
        on="at",
        by="g",
        check_sortedness=False,
    )
    return [
        found["count"].cast(pl.Int64).fill_null(0).alias("boluses"),
        found["volume"].cast(pl.Float64).fill_null(0.0).alias("bolus_volume"),
    ]


def _running(frame: pl.DataFrame, rates: pl.DataFrame) -> pl.DataFrame:
    """on:AGENT and rate:AGENT for each vasopressor, and how many run together."""
    agents = [*PRESSORS, VASOPRESSIN]
    part = rates.filter(pl.col("code").is_in(agents)).unique(
        ["g", "at", "code"], keep="last", maintain_order=True
    )
    for column, prefix in (("on", "on:"), ("rate", "rate:")):
        wide = part.pivot("code", on_columns=agents, index=["g", "at"], values=column)
        frame = frame.join(
            wide.rename({agent: f"{prefix}{agent}" for agent in agents}),
            on=["g", "at"],
            how="left",
            maintain_order="left",
        )
    frame = frame.with_columns(
        *(pl.col(f"on:{a}").forward_fill().over("g").fill_null(False) for a in agents),
        *(
            pl.when(pl.col(f"on:{a}").is_not_null())
            .then(pl.col(f"rate:{a}").fill_null(float("-inf")))
            .forward_fill()
            .over("g")
            .alias(f"rate:{a}")
            for a in agents
        ),
    )
    return frame.with_columns(
        pl.when(pl.col(f"rate:{a}").is_finite())
        .then(pl.col(f"rate:{a}"))
        .alias(f"rate:{a}")
        for a in agents
    )
