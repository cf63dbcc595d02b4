"""Facts become a timeline: a row for every instant at which an answer may change.

Steps, in order: `moments` (something was recorded, or time alone changes a meaning),
`carried` (last value, its time, whether it is fresh), `current` (what still counts),
`baselines`, `windows`. Treatments, oxygen and weights come from `exposures`, `oxygen`
and `weights`. Columns are named as in `words`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import polars as pl

from monitor.clinical import (
    catalogue,
    derived,
    exposures,
    fluids,
    oxygen,
    standings,
    trends,
    weights,
)
from monitor.clinical.chartfile import INSTANT
from monitor.clinical.intake import Intake
from monitor.clinical.protocol import Protocol
from monitor.clinical.watched import (
    CODED,
    LIVES_LIKE,
    LONGEST_HOURS,
    NUMBERS,
    UNRECORDABLE,
    WATCHED,
)

CYCLE = ["participant", "cycle"]
# Just after the sixtieth minute: an overlap that lasts longer is no switch.
MOMENT = timedelta(seconds=1)


@dataclass(frozen=True)
class Timeline:
    """`frame`: a row an instant, sorted by `g` (one cycle of one participant) and `at`.

    `keys` names each `g`; `readings` are the accepted rows (for evidence); `due_at` is
    the first moment after `now` at which time alone changes a meaning, null if none.
    """

    frame: pl.DataFrame
    keys: pl.DataFrame
    readings: pl.DataFrame
    due_at: datetime | None


def build(taken: Intake, protocol: Protocol, now: datetime | None = None) -> Timeline:
    """The timeline of whole cycles, up to `now` (else to the end of each record)."""
    keys = _keys(taken)
    taken = _numbered(taken, keys)
    if now is not None:
        taken = _until_now(taken, now)
    ends = _ends(taken)
    values = _values(taken, protocol)
    present = set(values["code"].unique())
    rates = exposures.rates(taken.treatments, ends, values, protocol)
    effects = exposures.effects(taken.treatments, ends, keys, protocol)
    all_moments = _moments(taken, values, rates, effects, protocol)
    limit = pl.lit(now, INSTANT) if now is not None else pl.col("end")
    moments = all_moments.join(ends, on="g").filter(pl.col("at") <= limit).drop("end")
    frame = _carried(moments, values, present)
    frame = standings.doses(frame, taken.doses, protocol)
    frame = exposures.join(frame, rates, effects)
    frame = exposures.pressors(frame, protocol)
    frame = standings.states(frame, taken.states)
    frame = _current(frame, protocol, present)
    frame = _baselines(frame, values, taken, protocol)
    frame = derived.derive(frame, taken.ranges)
    frame = oxygen.support(frame, protocol)
    frame = standings.windows(frame, protocol)
    later = all_moments.filter(pl.col("at") > now)["at"].min() if now else None
    return Timeline(frame, keys, taken.readings, later)  # type: ignore[arg-type]


def _keys(taken: Intake) -> pl.DataFrame:
    tables = (taken.readings, taken.treatments, taken.doses, taken.ranges, taken.states)
    return (
        pl.concat([table.select(CYCLE) for table in tables])
        .unique()
        .sort(CYCLE)
        .with_row_index("g")
    )


def _numbered(taken: Intake, keys: pl.DataFrame) -> Intake:
    def add(table: pl.DataFrame) -> pl.DataFrame:
        return table.join(keys, on=CYCLE, how="left", maintain_order="left")

    return Intake(
        add(taken.readings).with_columns(
            seen=pl.coalesce("until", "at"),
        ),
        add(taken.treatments),
        add(taken.doses),
        add(taken.ranges),
        add(taken.states),
        taken.queries,
        taken.errors,
    )


def _until_now(taken: Intake, now: datetime) -> Intake:
    """What is known by `now`: nothing that is dated later (a plan may be)."""
    limit = pl.lit(now, INSTANT)
    return Intake(
        taken.readings.filter(pl.col("seen") <= limit),
        taken.treatments.filter(pl.col("at") <= limit),
        taken.doses.filter((pl.col("at") <= limit) | ~pl.col("given")),
        taken.ranges,
        taken.states.filter(pl.col("at") <= limit),
        taken.queries,
        taken.errors,
    )


def _ends(taken: Intake) -> pl.DataFrame:
    """The end of each record: its last recorded instant."""
    parts = [taken.readings.select("g", at="seen")]
    parts += [table.select("g", "at") for table in (taken.treatments, taken.states)]
    given = taken.doses.filter(pl.col("given")).select("g", "at")
    planned = taken.doses.select("g", "at")
    recorded = pl.concat([*parts, given]).group_by("g").agg(end=pl.col("at").max())
    only_plans = planned.group_by("g").agg(end=pl.col("at").min())
    return pl.concat([recorded, only_plans.join(recorded, on="g", how="anti")])


def _values(taken: Intake, protocol: Protocol) -> pl.DataFrame:
    """Every value of a watched item, derived ones too: g, at, code, number, choice.

    Two values of one item at one instant: the worse counts, so that the order in which
    they were typed does not matter.
    """
    readings = taken.readings.select(
        "g", "seen", "code", "number", "choice", "until", "at"
    )
    plain = readings.select(
        "g", at="seen", code="code", number="number", choice="choice"
    )
    derived = [
        plain,
        _mean_pressure(plain),
        *_from_several(taken, plain, protocol),
    ]
    values = pl.concat(derived).filter(pl.col("code").is_in(WATCHED))
    low = [item.code for item in catalogue.ITEMS.values() if item.worse == "low"]
    rank = (
        pl.when(pl.col("code").is_in(low)).then(-pl.col("number")).otherwise("number")
    )
    return (
        values.with_columns(rank=rank)
        .sort("g", "at", "code", "rank", "choice", nulls_last=False)
        .unique(["g", "at", "code"], keep="last", maintain_order=True)
        .drop("rank")
    )


def _from_several(
    taken: Intake, plain: pl.DataFrame, protocol: Protocol
) -> list[pl.DataFrame]:
    """Values made of readings of several times, of the items that there are."""
    lines, present = protocol.lines, set(plain["code"].unique())
    made = trends.rises(plain, present, lines)
    if present & set(trends.CHANGES):
        made.append(trends.changes(plain))
    if "WEIGHT" in present:
        made.append(weights.daily_rise(taken.readings, taken.doses, protocol))
    if fluids.OUTPUT in present:
        made += fluids.urine(taken.readings, lines)
    if {fluids.OUTPUT, fluids.INTAKE} <= present:
        made += fluids.balance(taken.readings, lines)
    return made


def _mean_pressure(plain: pl.DataFrame) -> pl.DataFrame:
    """MAP from a systolic and a diastolic pressure of one instant, rounded once."""
    pair = plain.filter(pl.col("code") == "SYSBP").join(
        plain.filter(pl.col("code") == "DIABP"), on=["g", "at"], suffix="_low"
    )
    third = (pl.col("number") - pl.col("number_low")) / 3
    return pair.select(
        "g",
        "at",
        code=pl.lit("MAP"),
        number=(pl.col("number_low") + third).round(6),
        choice=pl.lit(None, dtype=pl.String),
    )


def _hours(code: str, tight: bool = False) -> float | None:
    like = LIVES_LIKE.get(code, code)
    validity = catalogue.item(like).validity
    normal = validity.current if validity.current else LONGEST_HOURS.get(like)
    if not tight:
        return normal
    return validity.tight if validity.tight else normal


def _moments(
    taken: Intake,
    values: pl.DataFrame,
    rates: pl.DataFrame,
    effects: pl.DataFrame,
    protocol: Protocol,
) -> pl.DataFrame:
    lines = protocol.lines
    overlap = timedelta(minutes=lines["pressor_overlap_minutes"]) + MOMENT
    high = timedelta(hours=lines["high_dose_hours"])
    given = taken.doses.filter(pl.col("given"))
    windows = [lines["crs_window_hours"], lines["cls_window_hours"]]
    parts = [
        taken.readings.select("g", at="seen"),
        taken.states.select("g", "at"),
        taken.states.select("g", at="until"),
        taken.treatments.select("g", "at"),
        rates.select("g", "at"),
        rates.select("g", at=pl.col("at") + overlap),
        rates.select("g", at=pl.col("at") + high),
        effects.select("g", "at"),
        effects.select("g", at="ends"),
        taken.doses.select("g", "at"),
        *(
            given.select("g", at=pl.col("at") + timedelta(hours=h) + MOMENT)
            for h in windows
        ),
        *_lapses(values, lines),
    ]
    return pl.concat(parts).drop_nulls().unique().sort("g", "at")


def _lapses(values: pl.DataFrame, lines: object) -> list[pl.DataFrame]:
    """When a value stops counting, if no newer one has come by then."""
    ordered = values.sort("g", "code", "at").with_columns(
        newer=pl.col("at").shift(-1).over("g", "code")
    )
    made = []
    for tight in (False, True):
        hours = {code: _hours(code, tight) for code in WATCHED}
        ends = pl.col("at") + _duration(
            pl.col("code").replace_strict(hours, return_dtype=pl.Float64)
        )
        made.append(_unless_newer(ordered, ends))
    low = catalogue.item("SYSBP").validity.tight_low
    pressure = ordered.filter(pl.col("code") == "SYSBP")
    made.append(_unless_newer(pressure, pl.col("at") + timedelta(hours=low or 0)))
    return made


def _unless_newer(ordered: pl.DataFrame, ends: pl.Expr) -> pl.DataFrame:
    rows = ordered.select("g", "newer", at=ends)
    still = pl.col("newer").is_null() | (pl.col("newer") > pl.col("at"))
    return rows.filter(still).select("g", "at")


def _duration(hours: pl.Expr) -> pl.Expr:
    return pl.duration(seconds=(hours * 3600).round(0).cast(pl.Int64))


def _carried(
    moments: pl.DataFrame, values: pl.DataFrame, present: set[str]
) -> pl.DataFrame:
    """Last value, when it was read, and whether it is fresh, for each watched item."""
    frame = moments
    for column, watched in (("number", NUMBERS), ("choice", CODED)):
        codes = [code for code in watched if code in present]
        part = values.filter(pl.col("code").is_in(codes))
        wide = part.pivot("code", on_columns=codes, index=["g", "at"], values=column)
        frame = frame.join(wide, on=["g", "at"], how="left", maintain_order="left")
    recorded = [code for code in WATCHED if code in present]
    frame = frame.sort("g", "at").with_columns(
        expr for code in recorded for expr in _carry(code)
    )
    frame = frame.drop(recorded)
    return frame.with_columns(
        expr
        for code in WATCHED
        if code not in present
        for expr in (
            pl.lit(False).alias(f"fresh:{code}"),
            pl.lit(None, dtype=INSTANT).alias(f"at:{code}"),
            _absent(code).alias(f"last:{code}"),
        )
    )


@cache
def _carry(code: str) -> tuple[pl.Expr, ...]:
    read = pl.col(code).is_not_null()
    return (
        read.alias(f"fresh:{code}"),
        pl.when(read).then("at").forward_fill().over("g").alias(f"at:{code}"),
        pl.col(code).forward_fill().over("g").alias(f"last:{code}"),
    )


def _absent(code: str) -> pl.Expr:
    """What was never recorded has no value, of the type that it would have."""
    return pl.lit(None, dtype=pl.String if code in CODED else pl.Float64)


def _current(
    frame: pl.DataFrame, protocol: Protocol, present: set[str]
) -> pl.DataFrame:
    """What still counts: the last value while it is young enough (reference 11, B1)."""
    lines = protocol.lines
    low = pl.col("last:SYSBP") < lines["sbp_low"]
    lately = timedelta(hours=lines["pressure_clear_hours"])
    frame = frame.with_columns(
        low_at=pl.when(low).then(pl.col("at:SYSBP")).forward_fill().over("g"),
    ).with_columns(
        tight=(
            (pl.col("pressors") > 0)
            | (pl.col("last:OXYGEN_DEVICE").is_in(oxygen.support_devices()))
            | (pl.col("at") - pl.col("low_at") < lately)
        ).fill_null(False),
        at_home=(pl.col("word:PRESENCE") == "AT_HOME").fill_null(False),
    )
    # What lapsed while it was tight does not come back when it no longer is.
    frame = frame.with_columns(
        tight_at=pl.when("tight").then(pl.col("at")).forward_fill().over("g")
    )
    frame = frame.with_columns(
        _given_up(code).alias(f"gone:{code}") for code in UNRECORDABLE
    )
    return frame.with_columns(
        *(
            _still(code, lines["at_home_hours"], lines["sbp_low"])
            for code in WATCHED
            if code in present
        ),
        *(
            _absent(code).alias(f"now:{code}")
            for code in WATCHED
            if code not in present
        ),
    )


@cache
def _still(code: str, home_hours: float, sbp_low: float) -> pl.Expr:
    hours = _hours(code)
    if hours is None:
        return pl.col(f"last:{code}").alias(f"now:{code}")
    allowed = (
        pl.when(pl.col("at_home"))
        .then(pl.lit(max(hours, home_hours)))
        .when((pl.col("tight_at") >= pl.col(f"at:{code}")).fill_null(False))
        .then(pl.lit(_hours(code, tight=True)))
        .otherwise(pl.lit(hours))
    )
    if code == "SYSBP":
        tight_low = catalogue.item(code).validity.tight_low
        low = pl.col("last:SYSBP") < sbp_low
        allowed = pl.when(low).then(pl.lit(tight_low)).otherwise(allowed)
    young = pl.col("at") - pl.col(f"at:{code}") < _duration(allowed)
    seen = young & ~_given_up(code)
    return pl.when(seen).then(pl.col(f"last:{code}")).alias(f"now:{code}")


def _given_up(code: str) -> pl.Expr:
    """Tried without a result since the last value: that value counts no longer."""
    if code not in UNRECORDABLE:
        return pl.lit(False)
    tried, read = pl.col(f"unrecordable:{code}"), pl.col(f"at:{code}")
    return tried.is_not_null() & (read.is_null() | (tried > read))


def _baselines(
    frame: pl.DataFrame, values: pl.DataFrame, taken: Intake, protocol: Protocol
) -> pl.DataFrame:
    """The cycle's baselines (R9): the last value before the first dose, if young.

    Before the first dose there is none.
    """
    lines = protocol.lines
    first = frame.select("g", "first_dose").drop_nulls().unique()
    before = values.join(first, on="g").filter(pl.col("at") <= pl.col("first_dose"))
    young = before.filter(
        pl.col("first_dose") - pl.col("at") <= timedelta(hours=lines["baseline_hours"])
    )
    last = young.sort("g", "code", "at").unique(["g", "code"], keep="last")
    wide = last.pivot("code", on_columns=NUMBERS, index="g", values="number").rename(
        {code: f"base:{code}" for code in NUMBERS}
    )
    usual = (
        before.filter(pl.col("code") == "SYSBP")
        .group_by("g")
        .agg(usual=pl.col("number").median(), n=pl.len())
        .filter(pl.col("n") >= lines["sbp_usual_readings"])
        .drop("n")
    )
    blood = last.filter(pl.col("code").is_in(["HCT", "HGB"]))
    blood = blood.group_by("g").agg(blood_at=pl.col("at").max())
    for part in (wide, usual, blood):
        frame = frame.join(part, on="g", how="left", maintain_order="left")
    transfused = (pl.col("at:red_cells") >= pl.col("blood_at")).fill_null(False)
    begun = (pl.col("at") >= pl.col("first_dose")).fill_null(False)
    said = pl.col("word:USUAL_SBP").cast(pl.Float64, strict=False)
    return frame.with_columns(
        pl.coalesce(said, "usual", "base:SYSBP").alias("base:USUAL_SBP"),
        transfused.alias("state:transfused"),
    ).with_columns(
        pl.when(begun).then(pl.col(name)).alias(name)
        for name in [*(f"base:{code}" for code in NUMBERS), "base:USUAL_SBP"]
    )
