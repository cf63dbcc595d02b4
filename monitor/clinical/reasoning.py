"""From a timeline to answers: signs, confirmations, what stands, and since when.

Order: signs, each after those it rests on · second readings · arms and the standing
fever · danger · patterns from critical down, so that a level falls one step at a time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import polars as pl

from monitor.clinical import holding
from monitor.clinical.latching import (
    Latch,
    Lately,
    Repeat,
    latch,
    repeated,
    seen_within,
)
from monitor.clinical.patterns import LEVELS, PATTERNS, Pattern
from monitor.clinical.patterns import rooms as ROOMS
from monitor.clinical.patterns.danger import DANGERS
from monitor.clinical.protocol import Lines, Protocol
from monitor.clinical.signs import SIGNS
from monitor.clinical.words import fresh, known, sign, state

__all__ = ["ROOMS", "reason"]

WATCH, WARNING, CRITICAL = LEVELS

# Signs that one reading does not settle, and the item that must be read again.
TWICE = {
    "pressure_falling": "SYSBP",
    "pressure_falling_far": "SYSBP",
    "sbp_far_under_usual": "SYSBP",
    "spo2_very_low_on_air": "OXYSAT",
    "shock_index_high": "SHOCK_INDEX",
    "shock_index_very_high": "SHOCK_INDEX",
    "heart_out_of_proportion": "HR",
    "heart_rate_high": "HR",
    "troponin_raised": "TROPONI",
}
# Findings of a grade of 2 or more: with one of them no fever is merely expected.
UNEXPECTED = (
    *("low_pressure", "any_pressor", "vasopressin"),
    *("oxygen", "hypoxia_untreated"),
)
LEAK_PARTS = ("low_pressure", "new_edema", "albumin_very_low")


@dataclass(frozen=True)
class Plan:
    """Every expression that follows from the lines alone, in the order of its use."""

    signs: tuple[tuple[pl.Expr, ...], ...]
    repeats: tuple[Repeat, ...]
    lately: tuple[Lately, ...]
    circumstances: tuple[pl.Expr, ...]
    first_arm: tuple[Latch, ...]
    fluids: tuple[pl.Expr, ...]
    arms: tuple[Latch, ...]
    later: tuple[pl.Expr, ...]
    dangers: tuple[Latch, ...]
    expectation: tuple[pl.Expr, ...]
    rounds: tuple["Round", ...]


@dataclass(frozen=True)
class Round:
    """Patterns that rest on none of one another: their answers, then what holds them.

    `passes`: the latches of the levels from critical down, the pattern, the watch and
    the levels that end with it.
    """

    raw: tuple[pl.Expr, ...]
    passes: tuple[tuple[Latch, ...], ...]
    answers: tuple[pl.Expr, ...]


@lru_cache(maxsize=32)
def plan_of(lines: Lines) -> Plan:
    """The plan of a protocol's lines. Building it costs more than a bedside save."""
    return Plan(
        signs=_stages(lines),
        repeats=tuple(_repeats(lines)),
        lately=tuple(_lately_signs(lines)),
        circumstances=tuple(_circumstances(lines)),
        first_arm=tuple(holding.first_arm(lines)),
        fluids=tuple(_fluids(lines)),
        arms=tuple(holding.arms(lines)),
        later=(*_danger_now(), *_history(lines)),
        dangers=tuple(holding.danger(one, lines) for one in DANGERS),
        expectation=tuple(_expectation(lines)),
        rounds=tuple(_rounds(lines)),
    )


def reason(frame: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """The timeline with `sign:`, `standing:`, `raw:` and `pattern:` columns."""
    lines = protocol.lines
    plan, gap = plan_of(lines), lines["set_gap_hours"]
    for stage in plan.signs:
        frame = frame.with_columns(stage)
    frame = repeated(frame, plan.repeats)
    frame = seen_within(frame, plan.lately)
    frame = frame.with_columns(plan.circumstances)
    frame = latch(frame, plan.first_arm, gap)
    frame = frame.with_columns(plan.fluids)
    frame = latch(frame, plan.arms, gap)
    frame = frame.with_columns(plan.later)
    frame = latch(frame, plan.dangers, gap)
    frame = frame.with_columns(plan.expectation)
    for part in plan.rounds:
        frame = frame.with_columns(part.raw)
        for latches in part.passes:
            frame = latch(frame, latches, gap)
        frame = frame.with_columns(part.answers)
    return frame


def _stages(lines: Lines) -> tuple[tuple[pl.Expr, ...], ...]:
    """The signs in as few passes as their resting on one another allows."""
    rules = {name: one.rule(lines) for name, one in SIGNS.items()}
    needs = {name: _signs_in(rule) & set(rules) for name, rule in rules.items()}
    stages, done = [], set[str]()
    while len(done) < len(rules):
        ready = [name for name in rules if name not in done and needs[name] <= done]
        if not ready:
            raise ValueError(f"Signs that rest on each other: {set(rules) - done}.")
        stages.append(tuple(rules[name].alias(f"sign:{name}") for name in ready))
        done.update(ready)
    return tuple(stages)


def _signs_in(rule: pl.Expr) -> set[str]:
    names = rule.meta.root_names()
    return {name.removeprefix("sign:") for name in names if name.startswith("sign:")}


def _repeats(lines: Lines) -> Iterable[Repeat]:
    """What a second reading confirms (R2), and what has lasted."""
    for sign_name, item in TWICE.items():
        yield Repeat(f"{sign_name}_twice", sign_name, item, lines["confirm_minutes"])
    yield Repeat("fever_lasting", "fever", "TEMP", lines["fever_minutes"])
    # Still low is still low, whether or not the first reading has lapsed by now.
    minutes = lines["sbp_low_minutes"]
    yield Repeat("low_pressure_for_long", "low_pressure", "SYSBP", minutes, False)


def _lately_signs(lines: Lines) -> Iterable[Lately]:
    for name in LEAK_PARTS:
        yield Lately(f"{name}_lately", name, lines["leak_within"])
    yield Lately("low_pressure_within_day", "low_pressure", lines["leak_day"])
    yield Lately("weight_up_within_day", "weight_up_on_cycle", lines["leak_day"])
    yield Lately("fever_within_day", "fever", lines["fever_day_hours"])


def _lately(column: str, hours: float) -> pl.Expr:
    return (pl.col("at") - pl.col(column) < timedelta(hours=hours)).fill_null(False)


def _circumstances(lines: Lines) -> list[pl.Expr]:
    """What decides whether a clear reading counts, and the weight to return to."""
    fired = known(sign("weight_up")) & fresh("WEIGHT_RISE")
    reference = pl.when(fired).then("last:WEIGHT_REFERENCE").forward_fill().over("g")
    back = (pl.col("last:WEIGHT") - reference).round(6) < lines["weight_rise"]
    drug = lines["as_needed_antipyretic_hours"]
    return [
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
    return [
        (low & many).alias("state:many_boluses"),
        (low & ((count > 0) | state("pressor"))).alias("state:pressure_treated"),
        (sign("low_pressure") & still).alias("sign:still_low"),
    ]


def _danger_now() -> list[pl.Expr]:
    grave = [known(sign(one.sign)) for one in DANGERS if one.level == CRITICAL]
    other = [known(sign(one.sign)) for one in DANGERS if one.group != "fever"]
    return [
        pl.any_horizontal(grave).alias("state:grave_danger"),
        pl.any_horizontal(other).alias("state:other_danger"),
    ]


def _expectation(lines: Lines) -> list[pl.Expr]:
    """Whether a fever is expected, and whether one lasts for longer than that (B6).

    Any danger sign, anything that grades 2 or more, new oxygen, a pressure far under
    its baseline and a person's concern end the expectation.
    """
    ends = [pl.col(f"standing:danger:{one.key}") for one in DANGERS]
    ends += [pl.col(f"standing:arm:{name}") for name in UNEXPECTED]
    ends += [known(sign("pressure_falling_far")), known(sign("person_concerned"))]
    lasted = pl.col("at") - pl.col("since:fever")
    long = known(sign("fever")) & (lasted > timedelta(hours=lines["fever_long_hours"]))
    return [
        (state("expected_window") & ~pl.any_horizontal(ends)).alias(
            "state:expected_fever"
        ),
        long.fill_null(False).alias("state:fever_long"),
    ]


def _history(lines: Lines) -> list[pl.Expr]:
    """A fever after one that was closed, and the days after the worst of a leak."""
    fever = pl.col("standing:fever")
    begins = fever & ~fever.shift(1).over("g").fill_null(False)
    worst = known(sign("low_pressure")) | state("pressor")
    since = pl.col("at") - pl.when(worst).then("at").forward_fill().over("g")
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
            tuple(one.rule(lines).alias(f"raw:{one.name}") for one in chosen),
            (
                _level(chosen, CRITICAL, lines),
                _level(chosen, WARNING, lines),
                tuple(holding.whole(one, lines) for one in chosen),
                (
                    *(holding.watched(o, lines) for o in chosen if WATCH in o.levels),
                    *(
                        holding.together(one, word, lines)
                        for one in chosen
                        for word in sorted(one.together)
                    ),
                ),
            ),
            tuple(
                pl.when(pl.col(f"standing:{one.name}"))
                .then(True)
                .otherwise(pl.col(f"raw:{one.name}"))
                .alias(f"pattern:{one.name}")
                for one in chosen
            ),
        )


def _level(chosen: list[Pattern], word: str, lines: Lines) -> tuple[Latch, ...]:
    return tuple(holding.level(one, word, lines) for one in chosen if one.steps(word))
