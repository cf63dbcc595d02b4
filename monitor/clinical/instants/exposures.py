"""What is on board: single treatments and regimens as states of the timeline."""

from datetime import timedelta
from functools import cache, lru_cache

import polars as pl

from monitor.clinical.instants import fluid_load
from monitor.clinical.instants.fluid_load import FOREVER
from monitor.clinical.items import catalogue
from monitor.clinical.items.model import Over
from monitor.clinical.study.protocol import Lines, Protocol
from monitor.clinical.tables import Sheet, Stage, all_worked, latest, worked

MASKED = ("TEMP", "CRP", "INTLK6", "HR", "CHILLS", "RASH_MACULO_PAPULAR")
# What hides a fever does so up to and with its last instant (P3).
HIDES_FEVER = "mask:TEMP"
FEVER_DRUGS = ("antipyretic", "nsaid")
SEDATING = frozenset({"sedative"})
# Vasopressors that no scale counts, so that a person looks (R11).
UNCOUNTED = frozenset({"midodrine", "pressor_push"})
# ECMO, too, in either form: life hangs on it (R11, B2).
SUPPORT = frozenset(
    kind.code
    for kind in catalogue.TREATMENTS.values()
    if kind.klass == "circulation_support"
)
ANTICYTOKINES = ("tocilizumab", "siltuximab", "anakinra")
MILLIGRAMS = {"mg": 1.0, "g": 1000.0, "mg/d": 1.0}
MILLILITERS = {"mL": 1.0, "L": 1000.0}
DAY = timedelta(hours=24)
# Given over hours as well as at once; until a recorded end, or on.
CLOTTING = frozenset({"plasma", "cryoprecipitate"})
BLOOD = ("albumin_iv", "red_cells", *sorted(CLOTTING))
INSTANT = pl.Datetime("us", "UTC")
CYCLE = ["g", "code"]


def with_earlier(
    treatments: pl.DataFrame,
    starts: pl.DataFrame,
    ends: pl.DataFrame,
    protocol: Protocol,
) -> pl.DataFrame:
    """Treatments of each cycle, and those of the person's earlier cycles that count.

    Those of the fourteen days before its start, and rates that still run then.
    `starts`: participant, g, begins; `ends`: g, end of the record.
    """
    if starts["participant"].n_unique() == starts.height or treatments.is_empty():
        return treatments
    history = timedelta(hours=protocol.lines["treatment_history_hours"])
    others = (
        _ended(treatments, ends)
        .join(starts.rename({"g": "later"}), on="participant")
        .filter((pl.col("later") != pl.col("g")) & (pl.col("at") < pl.col("begins")))
    )
    recent = pl.col("at") >= pl.col("begins") - history
    rate, still = pl.col("form") == "rate", pl.col("until") > pl.col("begins")
    counts = still.fill_null(False) | (recent & ~rate)
    carried = others.filter(counts).with_columns(g=pl.col("later"))
    return pl.concat([treatments, carried.select(treatments.columns)])


def _ended(treatments: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """Rates with the end that they had: the next row, or their record's end."""
    ordered = treatments.sort("g", "code", "at", "number").join(ends, on="g")
    rate = pl.col("form") == "rate"
    following = pl.col("at").shift(-1).over("g", "code", rate)
    stop = pl.min_horizontal("until", following)
    ended = pl.when(rate & (pl.col("number") > 0)).then(pl.coalesce(stop, "end"))
    return ordered.with_columns(
        until=pl.when(rate).then(ended).otherwise(pl.col("until"))
    )


def effects(treatments: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """What blurs or answers a sign: g, at, code, what, ends, amount.

    `what` is mask:ITEM (mask:TEMP: any antipyretic effect; mask:HCT: a load of fluid),
    fever_drug (one given as needed), anticytokine, albumin_iv, red_cells (or plasma),
    clotting (factors), diuretic, interrupt, sedation, support (mechanical), uncounted
    (a vasopressor), bolus (amount in mL).
    """
    single = treatments.lazy().filter(pl.col("form") != "rate")
    every = pl.concat([single, _over_hours(treatments)])
    rows = _amounts(worked(every.sort("g", "code", "at", "number")))
    here, given = set(rows["code"].unique()), rows.lazy()
    found = [
        given.filter(pl.col("code").is_in(codes) & test).select(
            "g", "at", "code", what=pl.lit(name), ends=ends, amount="ml"
        )
        for name, (codes, test, ends) in _kinds(protocol.lines).items()
        if here & codes
    ]
    thin = (
        fluid_load.loads(treatments)
        .lazy()
        .select(
            "g",
            "at",
            "code",
            what=pl.lit(f"mask:{fluid_load.HEMATOCRIT}"),
            ends="ends",
            amount=pl.lit(None, pl.Float64),
        )
    )
    return worked(pl.concat([*found, thin]).sort("g", "at", "what"))


def _over_hours(treatments: pl.DataFrame) -> pl.LazyFrame:
    """Blood products and diuretics by a rate, each with the end that it had."""
    some = pl.col("code").is_in([*BLOOD, *_agents("diuretic")])
    rates = treatments.lazy().filter(some & (pl.col("form") == "rate"))
    rates = rates.sort("g", "code", "at", "number")
    following = pl.col("at").shift(-1).over("g", "code")
    stop = pl.coalesce(
        pl.min_horizontal("until", following), pl.lit(FOREVER).cast(INSTANT)
    )
    return (
        rates.with_columns(until=stop)
        .filter(pl.col("number") > 0)
        .select(treatments.columns)
    )


def _amounts(rows: pl.DataFrame) -> pl.DataFrame:
    """To sorted rows: mg (null if unknown), mg_day (in the 24 h up to then), ml."""
    unit, number = pl.col("unit"), {"default": None, "return_dtype": pl.Float64}
    rows = rows.with_columns(
        mg=pl.col("number") * unit.replace_strict(MILLIGRAMS, **number),
        ml=pl.col("number") * unit.replace_strict(MILLILITERS, **number),
    )
    if not rows["code"].is_in(list(_limited())).any():
        return rows.with_columns(mg_day="mg")
    day = rows.rolling("at", period=DAY, group_by=CYCLE).agg(pl.col("mg").sum())
    return rows.with_columns(day["mg"].alias("mg_day"))


@cache
def _limited() -> dict[str, Over]:
    """The agents that blur only from an amount, and that amount."""
    return {
        kind.code: mask.over
        for kind in catalogue.TREATMENTS.values()
        for mask in kind.masks
        if mask.over and mask.over.unit == "mg"
    }


Kind = tuple[frozenset[str], pl.Expr, pl.Expr]


@lru_cache(maxsize=32)
def _kinds(lines: Lines) -> dict[str, Kind]:
    """By name: the agents, which of their rows have the effect, and when it ends."""
    at, yes = pl.col("at"), pl.lit(True)
    over = pl.coalesce("until", "at")
    minutes = timedelta(minutes=lines["bolus_minutes"])
    quick = pl.col("until").is_null() | (pl.col("until") - at <= minutes)
    sedation = timedelta(hours=lines["sedation_hours"])
    bolus = (pl.col("ml") >= lines["bolus_fluid_min"]) & quick
    as_needed = (pl.col("form") == "amount") & _enough()
    return {
        **{f"mask:{item}": _masked(item) for item in MASKED},
        "fever_drug": (_agents(*FEVER_DRUGS), as_needed, at),
        "anticytokine": (frozenset(ANTICYTOKINES), yes, at),
        "albumin_iv": (frozenset({"albumin_iv"}), yes, over),
        "red_cells": (frozenset({"red_cells", "plasma"}), yes, over),
        "clotting": (CLOTTING, yes, at),
        "diuretic": (_agents("diuretic"), yes, at),
        "interrupt": (frozenset({"study_drug_interrupt"}), yes, at),
        "bolus": (frozenset({"fluid_bolus"}), bolus, over),
        "support": (SUPPORT, yes, pl.coalesce("until", pl.lit(FOREVER, INSTANT))),
        "uncounted": (
            UNCOUNTED,
            yes,
            _lasting(timedelta(hours=lines["pressor_off_hours"])),
        ),
        "sedation": (SEDATING | _agents("opioid"), yes, over + sedation),
    }


def _agents(*classes: str) -> frozenset[str]:
    kinds = catalogue.TREATMENTS.values()
    return frozenset(kind.code for kind in kinds if kind.klass in classes)


def _masked(item: str) -> Kind:
    """Whether an agent blurs the item, and when its effect ends."""
    hours = _mask_hours(item)
    effect = pl.col("code").replace_strict(
        {code: timedelta(hours=one) for code, one in hours.items()},
        default=None,
        return_dtype=pl.Duration("us"),
    )
    return frozenset(hours), _enough(), _lasting(effect)


def _lasting(effect: pl.Expr | timedelta) -> pl.Expr:
    """When an effect ends: so long after the amount, or after a regimen's end."""
    endless = (pl.col("form") == "scheduled") & pl.col("until").is_null()
    given = pl.coalesce("until", "at") + effect
    return pl.when(endless).then(pl.lit(FOREVER, INSTANT)).otherwise(given)


@cache
def _enough() -> pl.Expr:
    """Whether as much was given as blurs a sign; an unknown amount is enough."""
    enough = pl.lit(True)
    for code, over in _limited().items():
        amount = pl.col("mg_day" if over.per == "24h" else "mg")
        meets = amount > over.value if over.strictly else amount >= over.value
        known = pl.col("mg").is_not_null()
        enough = pl.when((pl.col("code") == code) & known).then(meets).otherwise(enough)
    return enough


@cache
def _mask_hours(item: str) -> dict[str, float]:
    """How long each agent blurs an item; the longest of its masks."""
    found = {}
    for kind in catalogue.TREATMENTS.values():
        hours = [mask.hours for mask in kind.masks_item(item) if mask.hours]
        if hours and not kind.counts_as_pressor:
            found[kind.code] = float(max(hours))
    return found


LASTS = {
    "until:mask": ("mask:TEMP", "ends"),
    "until:mask:CRP": ("mask:CRP", "ends"),
    "until:mask:INTLK6": ("mask:INTLK6", "ends"),
    "until:mask:HR": ("mask:HR", "ends"),
    "until:mask:CHILLS": ("mask:CHILLS", "ends"),
    "until:mask:RASH": ("mask:RASH_MACULO_PAPULAR", "ends"),
    "until:mask:HCT": ("mask:HCT", "ends"),
    "at:interrupt": ("interrupt", "at"),
    "at:fever_drug": ("fever_drug", "at"),
    "at:anticytokine": ("anticytokine", "at"),
    "at:albumin_iv": ("albumin_iv", "ends"),
    "at:red_cells": ("red_cells", "ends"),
    "at:clotting": ("clotting", "at"),
    "at:diuretic": ("diuretic", "at"),
    "at:bolus": ("bolus", "at"),
    "ends:bolus": ("bolus", "ends"),
    "until:sedation": ("sedation", "ends"),
    "until:support": ("support", "ends"),
    "until:uncounted": ("uncounted", "ends"),
}


def join(sheet: Sheet, effects: pl.DataFrame) -> None:
    """Adds what is on board at each instant."""
    present = set(effects["what"].unique())
    instants, rows = sheet.take("g", "at").lazy(), effects.lazy()
    found = [
        _latest(instants, rows, what, column).select(pl.col("found").alias(name))
        for name, (what, column) in LASTS.items()
        if what in present
    ]
    if "bolus" in present:
        found.append(_boluses(instants, rows))
    else:
        sheet.constant(["boluses"], 0, pl.Int64())
        sheet.constant(["bolus_volume"], 0.0, pl.Float64())
    for one in all_worked(found):
        sheet.add(one.get_columns())
    absent = (name for name, (what, _) in LASTS.items() if what not in present)
    sheet.constant(absent, None, INSTANT)
    sheet.follow(_states())


@cache
def _states() -> Stage:
    made = (
        # Also at the last instant: P3 counts what was given `<= 8 h` before.
        (pl.col("until:mask") >= pl.col("at")).fill_null(False).alias("state:masked"),
        _on_board("until:mask:CRP").alias("state:crp_blurred"),
        _on_board("until:mask:INTLK6").alias("state:il6_blurred"),
        _on_board("until:mask:HR").alias("state:heart_slowed"),
        _on_board("until:mask:CHILLS").alias("state:rigors_blurred"),
        _on_board("until:mask:RASH").alias("state:rash_blurred"),
        _on_board("until:mask:HCT").alias("state:blood_thinned"),
        _on_board("until:sedation").alias("state:sedated"),
        _on_board("until:uncounted").alias("state:uncounted_pressor"),
        _on_board("until:support").alias("state:mechanical_support"),
        (pl.col("at:clotting") == pl.col("at"))
        .fill_null(False)
        .alias("state:clotting_factors"),
        (pl.col("at:interrupt") >= pl.col("dose_at"))
        .fill_null(False)
        .alias("state:interrupted"),
    )
    return Stage(made)


def _on_board(until: str) -> pl.Expr:
    return (pl.col(until) > pl.col("at")).fill_null(False)


def _latest(
    instants: pl.LazyFrame, effects: pl.LazyFrame, what: str, column: str
) -> pl.LazyFrame:
    rows = (
        effects.filter(pl.col("what") == what)
        .sort("g", "at", column)
        .select("g", "at", found=pl.col(column).cum_max().over("g"))
        .unique(["g", "at"], keep="last", maintain_order=True)
    )
    return latest(instants, rows)


def _boluses(instants: pl.LazyFrame, effects: pl.LazyFrame) -> pl.LazyFrame:
    """How many fluid boluses so far in the cycle, and how many mL."""
    rows = (
        effects.filter(pl.col("what") == "bolus")
        .sort("g", "at")
        .with_columns(
            count=pl.int_range(1, pl.len() + 1).over("g"),
            volume=pl.col("amount").fill_null(0.0).cum_sum().over("g"),
        )
        .unique(["g", "at"], keep="last", maintain_order=True)
    )
    return latest(instants, rows.select("g", "at", "count", "volume")).select(
        pl.col("count").cast(pl.Int64).fill_null(0).alias("boluses"),
        pl.col("volume").cast(pl.Float64).fill_null(0.0).alias("bolus_volume"),
    )
