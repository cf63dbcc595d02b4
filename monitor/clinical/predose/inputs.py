"""What the check before a dose reads: the timeline twice, whole and through the gates.

`whole` has every instant up to the dose, with the last value of each item whatever its
age: it says what was met, and when a restart line was reached. `gated` is its last row
with the values alone that are young enough for a dose (reference 11, B1 "Gate").
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import polars as pl

from monitor.clinical.answers.reasoning import TWICE as READ_TWICE
from monitor.clinical.answers.repeating import Repeat, Repeats, repeated
from monitor.clinical.criteria.library import DERIVED, TWICE
from monitor.clinical.facts.chartfile import INSTANT, SCHEMA
from monitor.clinical.facts.intake import Intake, take_in
from monitor.clinical.instants import beyond, fluids, oxygen, standings, timeline
from monitor.clinical.items import catalogue
from monitor.clinical.items.watched import LIVES_LIKE, UNRECORDABLE, WATCHED
from monitor.clinical.signs import SIGNS
from monitor.clinical.study.protocol import Lines, Protocol
from monitor.clinical.tables import Sheet, Stage
from monitor.clinical.words import ratio

ASK = "ask:"
FIRST = ("ALB", "WEIGHT", "CREAT", "SYSBP")
PERSONAL = "line:personal"


@dataclass(frozen=True)
class Moment:
    """Whose dose, when, and on which day there; `first`: the baselines of cycle 1."""

    participant: str
    cycle: str
    at: datetime
    day: date
    agent: str
    first: Mapping[str, float]


@dataclass(frozen=True)
class Inputs:
    """`row`: the last row as a dict; `ages`: item -> fresh, stale or never.

    `typed`: (item or `ask:CODE`, time) -> the last row that was typed for it then.
    """

    taken: Intake
    whole: pl.DataFrame
    gated: pl.DataFrame
    row: Mapping[str, Any]
    ages: Mapping[str, str]
    typed: Mapping[tuple[str, datetime], Mapping[str, Any]]


def read(
    facts: pl.DataFrame,
    protocol: Protocol,
    moment: Moment,
    items: Iterable[str],
    signs: frozenset[str] = frozenset(),
) -> Inputs:
    """The columns that the criteria ask for: all items and signs that they read."""
    every = sorted({*items, *FIRST})
    taken = take_in(_with_slot(facts, moment))
    built = timeline.build(taken, protocol, moment.at)
    own = built.keys.filter(pl.col("cycle") == moment.cycle)["g"]
    frame = built.frame.filter(pl.col("g").is_in(own.implode()))
    readings = built.readings.filter(pl.col("g").is_in(own.implode()))
    readings = readings.filter(pl.col("seen") <= pl.lit(moment.at, INSTANT))
    frame = _more(frame, taken, readings, every, protocol, moment)
    last, typed = frame.tail(1).row(0, named=True), _typed(taken, readings, moment)
    ages = {item: age_of(item, last, protocol, moment, typed) for item in every}
    whole = _valued(frame, {}, protocol, signs)
    gated = _valued(frame.tail(1), ages, protocol, signs)
    gated, whole = _confirmed(gated, whole, ages, protocol, signs)
    return Inputs(taken, whole, gated, last, ages, typed)


def _typed(
    taken: Intake, readings: pl.DataFrame, moment: Moment
) -> dict[tuple[str, datetime], Mapping[str, Any]]:
    """Every reading and every answer of the cycle, by what it is and when."""
    rows: dict[tuple[str, datetime], Mapping[str, Any]] = {
        (row["code"], row["seen"]): row for row in readings.iter_rows(named=True)
    }
    said = taken.states.filter(pl.col("cycle") == moment.cycle)
    for row in said.iter_rows(named=True):
        rows[f"{ASK}{row['code']}", row["at"]] = row
    return rows


def _with_slot(facts: pl.DataFrame, moment: Moment) -> pl.DataFrame:
    """The facts with the slot of this dose, so that its day is a treatment day."""
    slot = {
        "participant": moment.participant,
        "cycle": moment.cycle,
        "at": moment.at,
        "day": moment.day,
        "kind": "dose",
        "code": moment.agent,
        "value": "",
        "unit": "",
        "until": None,
        "line": 0,
        "by": "",
    }
    return pl.concat([facts, pl.DataFrame([slot], schema=SCHEMA)])


def _more(
    frame: pl.DataFrame,
    taken: Intake,
    readings: pl.DataFrame,
    items: Iterable[str],
    protocol: Protocol,
    moment: Moment,
) -> pl.DataFrame:
    """Adds what the timeline does not follow: answers, unwatched items, per weight."""
    for item in items:
        if item.startswith(ASK):
            rows = taken.states.filter(
                (pl.col("code") == item.removeprefix(ASK))
                & (pl.col("cycle") == moment.cycle)
            ).select("at", "until", found="value")
            frame = _followed(frame, rows, item)
        elif item not in WATCHED and item not in DERIVED:
            number = catalogue.item(item).is_numeric
            rows = readings.filter(pl.col("code") == item).select(
                pl.col("seen").alias("at"),
                pl.lit(None, INSTANT).alias("until"),
                found="number" if number else "choice",
            )
            frame = _followed(frame, rows, item)
    return _derived(frame, readings, protocol, moment)


def _followed(frame: pl.DataFrame, rows: pl.DataFrame, item: str) -> pl.DataFrame:
    """`last:` and `at:` of an item that no rule of the timeline watches."""
    rows = rows.sort("at", "found").with_columns(since="at")
    found = frame.select("at").join_asof(rows, on="at", check_sortedness=False)
    holds = pl.col("until").is_null() | (pl.col("until") > pl.col("at"))
    found = found.select(
        pl.when(holds).then("found").alias(f"last:{item}"),
        pl.when(holds).then("since").alias(f"at:{item}"),
    )
    return frame.with_columns(*found.get_columns())


def _derived(
    frame: pl.DataFrame, readings: pl.DataFrame, protocol: Protocol, moment: Moment
) -> pl.DataFrame:
    """Urine over 16 h, phenylephrine per kg, the personal line, cycle 1's values."""
    long = fluids.urine_of_sixteen_hours(readings, protocol.lines)
    long = long.select("at", pl.lit(None, INSTANT).alias("until"), found="number")
    frame = _followed(frame, long, "URINE_HOURLY_16H")
    weights = readings.filter(pl.col("code") == "WEIGHT").sort("seen")["number"]
    pump = pl.lit(weights[0] if len(weights) else None, pl.Float64)
    on = pl.col("on:phenylephrine")
    personal = replace(protocol, pressure_line="personal")
    said = pl.col("word:USUAL_SBP").cast(pl.Float64, strict=False)
    usual = pl.coalesce("base:USUAL_SBP", said)
    return frame.with_columns(
        pl.when(on)
        .then(ratio(pl.col("rate:phenylephrine"), pump))
        .otherwise(0.0)
        .alias("last:PHENYLEPHRINE"),
        pl.col("at").alias("at:PHENYLEPHRINE"),
        standings.pressure_line(personal, usual).alias(PERSONAL),
        *(
            pl.lit(moment.first.get(item), pl.Float64).alias(f"first:{item}")
            for item in FIRST
        ),
    )


def age_of(
    item: str,
    row: Mapping[str, Any],
    protocol: Protocol,
    moment: Moment,
    typed: Mapping[tuple[str, datetime], Mapping[str, Any]],
) -> str:
    """fresh, stale, or never (also where it was tried in vain since); held, where a

    newer value waits for a person: nobody knows then.
    """
    at, waits = row.get(f"at:{item}"), row.get(f"held:{LIVES_LIKE.get(item, item)}")
    if waits is not None and (at is None or waits > at):
        return "held"
    if at is None or row.get(f"last:{item}") is None:
        return "never"
    if item in UNRECORDABLE and row.get(f"gone:{item}"):
        return "never"
    hours, rule = protocol.pre_dose.gate(item.removeprefix(ASK))
    if hours is not None:
        return "fresh" if moment.at - at <= timedelta(hours=hours) else "stale"
    if rule in ("same_day", "same_morning"):
        read = typed.get((DERIVED.get(item, item), at))
        return "fresh" if read and read["day"] == moment.day else "stale"
    return "fresh"


def _valued(
    frame: pl.DataFrame,
    ages: Mapping[str, str],
    protocol: Protocol,
    signs: frozenset[str],
) -> pl.DataFrame:
    """`now:` is the last value, except of an item whose age is not fresh."""
    every = [name.removeprefix("last:") for name in frame.columns if "last:" in name]
    old = {item for item, age in ages.items() if age != "fresh"}
    values = []
    for item in every:
        value = pl.col(f"last:{item}")
        if item in old:
            value = pl.when(pl.lit(False)).then(value)
        elif item in UNRECORDABLE:
            value = pl.when(~pl.col(f"gone:{item}")).then(value)
        values.append(value.alias(f"now:{item}"))
    sheet = Sheet(frame.with_columns(values).get_columns())
    oxygen.support(sheet, protocol)
    stages = _stages(protocol.lines, signs)
    beyond.doubt(sheet.follow(*stages), stages)
    return sheet.frame()


@lru_cache(maxsize=32)
def _stages(lines: Lines, signs: frozenset[str]) -> list[Stage]:
    """The rules of these signs alone, each after those that it rests on."""
    rules = {name: SIGNS[name].rule(lines) for name in sorted(signs & set(SIGNS))}
    needs = {
        name: {one.removeprefix("sign:") for one in rule.meta.root_names()} & set(rules)
        for name, rule in rules.items()
    }
    stages: list[Stage] = []
    done: set[str] = set()
    while ready := [one for one in rules if one not in done and needs[one] <= done]:
        stages.append(Stage(tuple(rules[name].alias(f"sign:{name}") for name in ready)))
        done |= set(ready)
    return stages


def _confirmed(
    gated: pl.DataFrame,
    whole: pl.DataFrame,
    ages: Mapping[str, str],
    protocol: Protocol,
    signs: frozenset[str],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Adds what a second reading confirms, where the value is young enough."""
    minutes = protocol.lines["confirm_minutes"]
    repeats = [
        Repeat(f"{name}{TWICE}", name, items, minutes)
        for name, items in READ_TWICE.items()
        if f"{name}{TWICE}" in signs
    ]
    if not repeats:
        return gated, whole
    sheet = Sheet(whole.get_columns())
    repeated(sheet, Repeats(tuple(repeats)))
    whole = sheet.frame()
    last = whole.tail(1).row(0, named=True)
    answers = {
        f"sign:{one.name}": last[f"sign:{one.name}"]
        if any(ages.get(item, "fresh") == "fresh" for item in one.items)
        else None
        for one in repeats
    }
    added = (pl.lit(value, pl.Boolean).alias(name) for name, value in answers.items())
    return gated.with_columns(added), whole
