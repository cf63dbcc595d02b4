"""From a timeline to answers: signs, confirmations, what stands, and since when.

Order: signs, each after those it rests on · second readings · arms and the standing
fever · danger · patterns from critical down, so that a level falls one step at a time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import polars as pl

from monitor.clinical.answers import holding
from monitor.clinical.answers.latching import Latch, Latches, latch
from monitor.clinical.answers.repeating import (
    Lately,
    Repeat,
    Repeats,
    repeated,
    seen_within,
)
from monitor.clinical.answers.silence import columns_of
from monitor.clinical.instants import beyond
from monitor.clinical.patterns import LEVELS, PATTERNS, Pattern
from monitor.clinical.patterns import rooms as ROOMS
from monitor.clinical.patterns.danger import DANGERS
from monitor.clinical.signs import SIGNS
from monitor.clinical.signs.leak import EDEMA
from monitor.clinical.study import expecting
from monitor.clinical.study.expecting import Expected
from monitor.clinical.study.protocol import Lines, Protocol
from monitor.clinical.tables import Sheet, Stage
from monitor.clinical.words import any_known, choose, fresh, known, sign, state

__all__ = ["ROOMS", "reason"]

WATCH, WARNING, CRITICAL = LEVELS

# Signs that one reading does not settle, and the items of which one is read again.
TWICE = {
    "pressure_falling": ("SYSBP",),
    "pressure_falling_far": ("SYSBP",),
    "sbp_far_under_usual": ("SYSBP",),
    "spo2_very_low_on_air": ("OXYSAT",),
    "shock_index_high": ("SHOCK_INDEX",),
    "shock_index_very_high": ("SHOCK_INDEX",),
    "heart_out_of_proportion": ("HR",),
    "heart_rate_high": ("HR",),
    "troponin_raised": ("TROPONI", "TROPONT"),
}
# Findings of a grade of 2 or more: with one of them no fever is merely expected.
UNEXPECTED = (
    *("low_pressure", "any_pressor", "vasopressin"),
    *("oxygen", "hypoxia_untreated"),
)
LEAK_PARTS = {
    "low_pressure": ("SYSBP",),
    "new_edema": EDEMA,
    "albumin_very_low": ("ALB",),
}


@dataclass(frozen=True)
class Plan:
    """Every expression that follows from the lines alone, in the order of its use."""

    signs: tuple[Stage, ...]
    repeats: Repeats
    lately: Stage
    circumstances: Stage
    first_arm: Latches
    fluids: Stage
    arms: Latches
    later: Stage
    dangers: Latches
    expectation: Stage
    rounds: tuple["Round", ...]


@dataclass(frozen=True)
class Round:
    """Patterns that rest on none of one another: their answers, then what holds them.

    `passes`: the latches of the levels from critical down, the pattern, the watch and
    the levels that end with it.
    """

    raw: Stage
    passes: tuple[Latches, ...]
    answers: Stage


@lru_cache(maxsize=32)
def plan_of(lines: Lines, expected: Expected | None = None) -> Plan:
    """The plan of a protocol's lines. Building it costs more than a bedside save."""
    return Plan(
        signs=_stages(lines),
        repeats=Repeats(tuple(_repeats(lines))),
        lately=Stage(tuple(map(seen_within, _lately_signs(lines)))),
        circumstances=Stage(tuple(_circumstances(lines))),
        first_arm=Latches(tuple(holding.first_arm(lines))),
        fluids=Stage(tuple(_fluids(lines))),
        arms=Latches(tuple(holding.arms(lines))),
        later=Stage((*_danger_now(), *_history(lines))),
        dangers=Latches(tuple(holding.danger(one, lines) for one in DANGERS)),
        expectation=Stage(tuple(_expectation(lines, expected))),
        rounds=tuple(_rounds(lines)),
    )


def reason(sheet: Sheet, protocol: Protocol) -> None:
    """Adds `sign:`, `standing:`, `raw:` and `pattern:` columns to the timeline."""
    lines = protocol.lines
    plan, gap = plan_of(lines, protocol.expected), lines["set_gap_hours"]
    sheet.follow(*plan.signs)
    beyond.doubt(sheet, plan.signs)
    repeated(sheet, plan.repeats)
    sheet.follow(plan.lately, plan.circumstances)
    latch(sheet, plan.first_arm, gap)
    sheet.follow(plan.fluids)
    latch(sheet, plan.arms, gap)
    sheet.follow(plan.later)
    latch(sheet, plan.dangers, gap)
    sheet.follow(plan.expectation)
    for part in plan.rounds:
        sheet.follow(part.raw)
        for latches in part.passes:
            latch(sheet, latches, gap)
        sheet.follow(part.answers)
    # What is left unasked is true nowhere, and lifts nothing.
    sheet.constant(columns_of(protocol.unasked), False, pl.Boolean())


def _stages(lines: Lines) -> tuple[Stage, ...]:
    """The signs in as few passes as their resting on one another allows."""
    rules = {name: one.rule(lines) for name, one in SIGNS.items()}
    needs = {name: _signs_in(rule) & set(rules) for name, rule in rules.items()}
    stages, done = [], set[str]()
    while len(done) < len(rules):
        ready = [name for name in rules if name not in done and needs[name] <= done]
        if not ready:
            raise ValueError(f"Signs that rest on each other: {set(rules) - done}.")
        stages.append(Stage(tuple(rules[name].alias(f"sign:{name}") for name in ready)))
        done.update(ready)
    return tuple(stages)


def _signs_in(rule: pl.Expr) -> set[str]:
    names = rule.meta.root_names()
    return {name.removeprefix("sign:") for name in names if name.startswith("sign:")}


def _repeats(lines: Lines) -> Iterable[Repeat]:
    """What a second reading confirms (R2), and what has lasted."""
    for sign_name, items in TWICE.items():
        yield Repeat(f"{sign_name}_twice", sign_name, items, lines["confirm_minutes"])
    minutes = lines["fever_minutes"]
    yield Repeat("fever_lasting", "fever", ("TEMP",), minutes, longer=True)
    yield Repeat("rigors_lasting", "rigors", ("CHILLS",), lines["rigors_minutes"])
    # Still low is still low, whether or not the first reading has lapsed by now.
    minutes = lines["sbp_low_minutes"]
    yield Repeat("low_pressure_for_long", "low_pressure", ("SYSBP",), minutes, False)


def _lately_signs(lines: Lines) -> Iterable[Lately]:
    for name, items in LEAK_PARTS.items():
        yield Lately(f"{name}_lately", name, lines["leak_within"], items)
    day, weight = lines["leak_day"], ("WEIGHT",)
    yield Lately("low_pressure_within_day", "low_pressure", day, ("SYSBP",))
    yield Lately("weight_up_within_day", "weight_up_on_cycle", day, weight)
    yield Lately("fever_within_day", "fever", lines["fever_day_hours"], ("TEMP",))


def _lately(column: str, hours: float) -> pl.Expr:
    return (pl.col("at") - pl.col(column) < timedelta(hours=hours)).fill_null(False)


def _circumstances(lines: Lines) -> list[pl.Expr]:
    """What decides whether a clear reading counts, and the weight to return to."""
    fired = known(sign("weight_up")) & fresh("WEIGHT_RISE")
    reference = pl.when(fired).then("last:WEIGHT_REFERENCE").forward_fill().over("g")
    back = (pl.col("last:WEIGHT") - reference).round(6) < lines["weight_rise"]
    drug = lines["as_needed_antipyretic_hours"]
    return [
        # In the last 8 hours (B4), as P3 counts them: up to and with the eighth.
        (pl.col("at") - pl.col("at:fever_drug") <= timedelta(hours=drug))
        .fill_null(False)
        .alias("state:fever_drug_lately"),
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
    ]


def _fluids(lines: Mapping[str, float]) -> list[pl.Expr]:
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
    # A drug that no scale counts is a treatment all the same (R11).
    drug = holding.supported() | state("uncounted_pressor")
    return [
        (low & many).alias("state:many_boluses"),
        (low & ((count > 0) | drug)).alias("state:pressure_treated"),
        choose(sign("low_pressure"), still, pl.lit(False)).alias("sign:still_low"),
    ]


def _danger_now() -> list[pl.Expr]:
    grave = [sign(one.sign) for one in DANGERS if one.level == CRITICAL]
    other = [sign(one.sign) for one in DANGERS if one.group != "fever"]
    return [
        any_known(grave).alias("state:grave_danger"),
        any_known(other).alias("state:other_danger"),
    ]


def _expectation(lines: Lines, expected: Expected | None) -> list[pl.Expr]:
    """Whether a fever is expected, and whether one lasts for longer than that (B6).

    Any danger sign, anything that grades 2 or more, new oxygen, a pressure far under
    its baseline, and all that `expecting` names end the expectation.
    """
    ends = [pl.col(f"standing:danger:{one.key}") for one in DANGERS]
    ends += [pl.col(f"standing:arm:{name}") for name in UNEXPECTED]
    ends.append(sign("pressure_falling_far"))
    ends += [] if expected is None else expecting.ends(lines, expected)
    lasted = pl.col("at") - pl.col("since:fever")
    long = known(sign("fever")) & (lasted > timedelta(hours=lines["fever_long_hours"]))
    return [
        (state("expected_window") & ~any_known(ends)).alias("state:expected_fever"),
        long.fill_null(False).alias("state:fever_long"),
    ]


def _history(lines: Lines) -> list[pl.Expr]:
    """A fever after one that was closed, and the days after the worst of a leak."""
    fever = pl.col("standing:fever")
    begins = fever & ~fever.shift(1).over("g").fill_null(False)
    worst = (
        pl.when(state("pressor"))
        .then("at")
        .when(known(sign("low_pressure")))
        .then("at:SYSBP")
    )
    since = pl.col("at") - worst.forward_fill().over("g")
    after = since.is_between(
        timedelta(hours=lines["remobilize_from"]),
        timedelta(hours=lines["remobilize_to"]),
    )
    return [
        (fever & (begins.cum_sum().over("g") > 1)).alias("state:fever_again"),
        after.fill_null(False).alias("state:after_leak"),
    ]


def _rounds(lines: Lines) -> Iterable[Round]:
    """First the patterns that rest on signs, then those that rest on patterns."""
    every = list(PATTERNS.values())
    for chosen in (
        [one for one in every if not one.rests_on],
        [one for one in every if one.rests_on],
    ):
        yield Round(
            Stage(tuple(one.rule(lines).alias(f"raw:{one.name}") for one in chosen)),
            (
                _level(chosen, CRITICAL, lines),
                _level(chosen, WARNING, lines),
                Latches(tuple(holding.whole(one, lines) for one in chosen)),
                Latches(tuple(_watches(chosen, lines))),
            ),
            Stage(tuple(map(_answer, chosen))),
        )


def _level(chosen: list[Pattern], word: str, lines: Lines) -> Latches:
    some = (one for one in chosen if one.steps(word))
    return Latches(tuple(holding.level(one, word, lines) for one in some))


def _watches(chosen: list[Pattern], lines: Lines) -> Iterable[Latch]:
    for one in chosen:
        if WATCH in one.levels:
            yield holding.watched(one, lines)
    for one in chosen:
        for word in sorted(one.together):
            yield holding.together(one, word, lines)


def _answer(one: Pattern) -> pl.Expr:
    held = pl.when(pl.col(f"standing:{one.name}")).then(True)
    return held.otherwise(pl.col(f"raw:{one.name}")).alias(f"pattern:{one.name}")
