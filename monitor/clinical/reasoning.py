"""From a timeline to answers: signs, confirmations, what stands, and since when.

Order: signs · combined signs · second readings · arms and the standing fever · danger ·
patterns from critical down, so that a level falls one step at a time.
"""

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from monitor.clinical.grading.crs import ARMS
from monitor.clinical.latching import (
    Latch,
    Lately,
    Repeat,
    latch,
    repeated,
    seen_within,
)
from monitor.clinical.patterns import LEVELS, PATTERNS, Pattern, cls, crs, other_cause
from monitor.clinical.patterns.danger import DANGERS, Danger
from monitor.clinical.protocol import Protocol
from monitor.clinical.signs import COMBINED, SIGNS
from monitor.clinical.words import fresh, known, sign, state

Lines = Mapping[str, float]
ROOMS = (crs, cls, other_cause)

TWICE = (
    Repeat("pressure_falling_twice", "pressure_falling", "SYSBP"),
    Repeat("pressure_falling_far_twice", "pressure_falling_far", "SYSBP"),
    Repeat("sbp_far_under_usual_twice", "sbp_far_under_usual", "SYSBP"),
    Repeat("spo2_very_low_on_air_twice", "spo2_very_low_on_air", "OXYSAT"),
)
LOW_FOR_LONG = (Repeat("low_pressure_for_long", "low_pressure", "SYSBP"),)
LATELY = ("low_pressure", "new_edema", "albumin_very_low")


def reason(frame: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """The timeline with `sign:`, `standing:`, `raw:` and `pattern:` columns."""
    lines = protocol.lines
    frame = frame.with_columns(
        one.rule(lines).alias(f"sign:{one.name}") for one in SIGNS.values()
    )
    for one in COMBINED.values():
        frame = frame.with_columns(one.rule(lines).alias(f"sign:{one.name}"))
    frame = repeated(frame, TWICE, lines["confirm_minutes"])
    frame = repeated(frame, LOW_FOR_LONG, lines["sbp_low_minutes"])
    frame = seen_within(
        frame, [Lately(f"{name}_lately", name, lines["leak_within"]) for name in LATELY]
    )
    frame = _circumstances(frame, lines)
    frame = latch(frame, _pressure_arm(lines), lines["set_gap_hours"])
    frame = _fluids(frame, lines)
    frame = latch(frame, _arms(lines), lines["set_gap_hours"])
    frame = _danger_now(frame)
    frame = frame.with_columns(
        one.rule(lines).alias(f"raw:{one.key}") for one in PATTERNS.values()
    )
    return _stand(frame, lines)


def _lately(column: str, hours: float) -> pl.Expr:
    return (pl.col("at") - pl.col(column) < timedelta(hours=hours)).fill_null(False)


def _circumstances(frame: pl.DataFrame, lines: Lines) -> pl.DataFrame:
    """What decides whether a clear reading counts, and the weight to return to."""
    fired = known(sign("weight_up")) & fresh("WEIGHT_RISE")
    reference = pl.when(fired).then("last:WEIGHT_REFERENCE").forward_fill().over("g")
    back = (pl.col("last:WEIGHT") - reference).round(6) < lines["weight_rise"]
    drug = lines["as_needed_antipyretic_hours"]
    return frame.with_columns(
        _lately("at:fever_drug", drug).alias("state:fever_drug_lately"),
        (pl.col("at:fever_drug") == pl.col("at"))
        .fill_null(False)
        .alias("state:fever_drug_now"),
        _lately("at:anticytokine", lines["anticytokine_close_hours"]).alias(
            "state:anticytokine_lately"
        ),
        _lately("at:albumin_iv", lines["albumin_infusion_hours"]).alias(
            "state:albumin_infused"
        ),
        (pl.col("ends:bolus") >= pl.col("at"))
        .fill_null(False)
        .alias("state:bolus_running"),
        back.alias("sign:weight_back"),
        pl.lit(False).alias("state:many_boluses"),
    )


def _arm(name: str, rule: pl.Expr, clears: str, lines: Lines) -> Latch:
    """A finding that a scale counts, with the clearing of its kind (B4, row P2)."""
    if clears == "oxygen":
        over = known(~sign("on_oxygen")) & known(sign("spo2_steady"))
        return Latch(
            f"arm:{name}",
            rule,
            fresh("OXYSAT") & over,
            lines["oxygen_clear_hours"],
            lines["oxygen_clear_sets"],
            against=known(sign("on_oxygen")),
        )
    pressed = state("pressor") | state("vasopressin") | state("bolus_running")
    return Latch(
        f"arm:{name}",
        rule,
        fresh("SYSBP") & known(~sign("low_pressure")) & ~pressed,
        lines["pressure_clear_hours"],
        lines["pressure_clear_sets"],
        against=known(sign("low_pressure")) | pressed,
        once=sign("sbp_recovered"),
        excused=state("usual_just_known"),
    )


def _pressure_arm(lines: Lines) -> list[Latch]:
    """The first of the arms: how much fluid it took is counted from its start."""
    first = next(one for one in ARMS if one.name == "low_pressure")
    return [_arm("low_pressure", first.rule(lines), first.clears, lines)]


def _fluids(frame: pl.DataFrame, lines: Lines) -> pl.DataFrame:
    """Boluses since the pressure fell, and whether it is low in spite of them."""
    low = pl.col("standing:arm:low_pressure")

    def since_the_fall(column: str) -> pl.Expr:
        before = pl.when(~low).then(pl.col(column)).forward_fill().over("g")
        return pl.col(column) - before.fill_null(0)

    count, volume = since_the_fall("boluses"), since_the_fall("bolus_volume")
    weight = pl.coalesce("base:WEIGHT", "last:WEIGHT")
    many = count >= lines["boluses_many"]
    much = known(volume / weight >= lines["bolus_ml_kg_many"])
    still = known(sign("low_pressure_for_long")) | many | much
    return frame.with_columns(
        (low & many).alias("state:many_boluses"),
        (low & ((count > 0) | state("pressor"))).alias("state:pressure_treated"),
        (sign("low_pressure") & still).alias("sign:still_low"),
    )


def _arms(lines: Lines) -> list[Latch]:
    made = [
        _arm(one.name, one.rule(lines), one.clears, lines)
        for one in ARMS
        if one.name != "low_pressure"
    ]
    return [*made, _standing_fever(lines)]


def _standing_fever(lines: Lines) -> Latch:
    """A fever of this episode, until everything that made it is over (R5)."""
    found = (
        known(sign("fever"))
        | known(sign("low_pressure"))
        | known(sign("on_oxygen"))
        | state("pressor")
    )
    over = (
        known(~sign("fever"))
        & known(~sign("low_pressure"))
        & known(~sign("on_oxygen"))
        & ~state("pressor")
        & ~state("anticytokine_lately")
    )
    return Latch(
        "fever",
        known(sign("fever")) & state("crs_window"),
        fresh("TEMP") & over,
        lines["close_hours"],
        lines["close_sets"],
        against=found | state("fever_drug_now"),
    )


def _danger_now(frame: pl.DataFrame) -> pl.DataFrame:
    grave = [known(sign(one.sign)) for one in DANGERS if one.level == "critical"]
    other = [known(sign(one.sign)) for one in DANGERS if one.group != "fever"]
    return frame.with_columns(
        pl.any_horizontal(grave).alias("state:grave_danger"),
        pl.any_horizontal(other).alias("state:other_danger"),
    )


def _danger(one: Danger, lines: Lines) -> Latch:
    """A danger sign is held like the pattern it belongs to."""
    answer = sign(one.sign)
    name = f"danger:{one.key}"
    if one.clears == "oxygen":
        over = fresh("OXYSAT") & known(~answer) & known(sign("spo2_steady"))
        hours, sets = lines["oxygen_clear_hours"], lines["oxygen_clear_sets"]
        return Latch(name, answer, over, hours, sets)
    if one.clears == "hypotension":
        over = fresh("SYSBP") & known(~answer)
        hours, sets = lines["hypotension_clear_hours"], lines["hypotension_clear_sets"]
        once = sign("sbp_recovered")
        excused = state("usual_just_known")
        return Latch(name, answer, over, hours, sets, state("pressor"), once, excused)
    over = fresh(SIGNS[one.sign].item) & known(~answer)
    return Latch(
        name, answer, over, lines["danger_clear_hours"], lines["danger_clear_sets"]
    )


def _stand(frame: pl.DataFrame, lines: Lines) -> pl.DataFrame:
    """What stands: critical first, then warning, then the pattern itself."""
    gap = lines["set_gap_hours"]
    dangers = [_danger(one, lines) for one in DANGERS]
    patterns = list(PATTERNS.values())
    critical = [
        _level(one, "critical", lines) for one in patterns if "critical" in one.levels
    ]
    frame = latch(frame, [*dangers, *critical], gap)
    frame = latch(
        frame,
        [_level(one, "warning", lines) for one in patterns if "warning" in one.levels],
        gap,
    )
    frame = latch(frame, [_whole(one, lines) for one in patterns], gap)
    return frame.with_columns(
        pl.when(pl.col(f"standing:{one.key}"))
        .then(True)
        .otherwise(pl.col(f"raw:{one.key}"))
        .alias(f"pattern:{one.key}")
        for one in patterns
    )


def _level(one: Pattern, level: str, lines: Lines) -> Latch:
    answer = one.levels[level](lines)
    higher = _higher(one, level)
    return _latch_of(one, f"{one.key}:{level}", answer | higher, ~answer, higher, lines)


def _whole(one: Pattern, lines: Lines) -> Latch:
    raw = pl.col(f"raw:{one.key}")
    over = ~raw if one.clearing.rule is None else one.clearing.rule(lines)
    higher = _higher(one, "watch")
    return _latch_of(one, one.key, raw | higher, over, higher, lines)


def _higher(one: Pattern, level: str) -> pl.Expr:
    """Whether a level above this one still stands."""
    above = LEVELS[LEVELS.index(level) + 1 :]
    stands = [pl.col(f"standing:{one.key}:{up}") for up in above if up in one.levels]
    return pl.any_horizontal(stands) if stands else pl.lit(False)


def _latch_of(
    one: Pattern,
    name: str,
    fires: pl.Expr,
    over: pl.Expr,
    higher: pl.Expr,
    lines: Lines,
) -> Latch:
    rule = one.clearing
    blocked = rule.blocked(lines) if rule.blocked else pl.lit(False)
    return Latch(
        name,
        known(fires),
        fresh(*rule.fresh) & known(over) & ~blocked,
        lines[rule.hours] if rule.hours else 0.0,
        lines[rule.sets] if rule.sets else 1.0,
        against=higher,
        once=rule.once(lines) if rule.once else None,
        excused=rule.excused(lines) if rule.excused else pl.lit(False),
    )
