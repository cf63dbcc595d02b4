"""What of the facts may feed an assessment: read, converted, checked, or refused."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from monitor.clinical.criteria.library import QUESTIONS
from monitor.clinical.facts import checks
from monitor.clinical.items import catalogue, normal
from monitor.clinical.tables import worked

# A person's answers at the check before a dose are facts, too.
FACTS = [
    *QUESTIONS,
    "CENTRAL_LINE",
    "TRACHEOSTOMY",
    "BASELINE_OXYGEN",
    "USUAL_SBP",
    "SCREENING_SBP",
    "SPO2_TARGET",
    "PROCEDURE",
    "CULTURE",
    "INPATIENT",
    "IN_CLINIC",
    "AT_HOME",
    "AWAY",
    "FOLLOW_UP",
    "SEX",
    "AGE",
    "SURGERY",
    "DOSE_LEVEL",
]
DECISIONS = [
    "hypotension_confirmed",
    "unrecordable",
    "not_done",
    "held",
    "confirmed",
    "attributed_to_crs",
    "resolved",
]
ASKED = ("refused", "held", "questioned")
DOSE_WORDS = ("held", "omitted")
CONVERSIONS = {
    f"{item.code}|{unit}": (float(made.factor), float(made.offset))
    for item in catalogue.ITEMS.values()
    for unit, made in item.units.items()
}
RANGE = r"^\s*(-?\d+(?:\.\d+)?)?\s*\.\.\s*(-?\d+(?:\.\d+)?)?\s*$"


@dataclass(frozen=True)
class Intake:
    """Facts that feed, by kind, with what was queried and what could not be read.

    `readings` adds number (canonical unit), choice, outcome, check, reason;
    `treatments`, `doses` and `ranges` add numbers; `states` are facts and decisions.
    """

    readings: pl.DataFrame
    treatments: pl.DataFrame
    doses: pl.DataFrame
    ranges: pl.DataFrame
    states: pl.DataFrame
    queries: list[dict[str, object]]
    errors: list[dict[str, object]]


def take_in(facts: pl.DataFrame) -> Intake:
    """Sort the facts by kind and judge each row (reference 11, R12)."""
    parts = facts.partition_by("kind", as_dict=True)
    none = facts.clear()

    def of(kind: str) -> pl.DataFrame:
        return parts.get((kind,), none)

    readings = checks.check(with_confirmations(of("reading"), of("decision")))
    treatments, bad_treatments = _treatments(of("treatment"))
    doses, bad_doses = _doses(of("dose"))
    ranges, bad_ranges = _ranges(of("range"))
    said = pl.concat([of("fact"), of("decision"), *_held(readings, facts.columns)])
    states, bad_states = _states(said)
    bad = [bad_treatments, bad_doses, bad_ranges, bad_states]
    outcome = readings["outcome"]
    if not (outcome == "accepted").all():
        bad.append(readings.filter(outcome == "error").select("line", "reason"))
    return Intake(
        readings.filter(checks.feeds()),
        treatments,
        doses,
        ranges,
        states,
        _queries(readings),
        _errors(bad),
    )


def _held(readings: pl.DataFrame, columns: list[str]) -> list[pl.DataFrame]:
    """That a value was read and waits for a person: what was read before is past."""
    held = readings.filter(pl.col("outcome") == "held")
    if held.is_empty():
        return []
    said = held.with_columns(
        at=pl.coalesce("until", "at"),
        kind=pl.lit("decision"),
        code=pl.lit("held"),
        value=pl.col("code"),
        unit=pl.lit(""),
        until=pl.lit(None, held.schema["until"]),
    )
    return [said.select(columns)]


def _errors(bad: list[pl.DataFrame]) -> list[dict[str, object]]:
    some = [one for one in bad if not one.is_empty()]
    return pl.concat(some).sort("line").to_dicts() if some else []


def with_confirmations(readings: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """Readings, with a mark on those that a person's decision confirms."""
    said = decisions.filter(pl.col("code") == "confirmed").select(
        "participant", "cycle", "at", code=pl.col("value"), confirmed=pl.lit(True)
    )
    if said.is_empty():
        return readings.with_columns(confirmed=pl.lit(False))
    return readings.join(
        said.unique(),
        on=["participant", "cycle", "at", "code"],
        how="left",
        maintain_order="left",
    ).with_columns(pl.col("confirmed").fill_null(False))


def _queries(readings: pl.DataFrame) -> list[dict[str, object]]:
    asked = readings.filter(pl.col("outcome").is_in(ASKED))
    if asked.is_empty():
        return []
    typed = pl.concat_str("value", "unit", separator=" ").str.strip_chars()
    return asked.select(
        "line",
        "participant",
        pl.col("at"),
        "code",
        typed=typed,
        check=pl.col("check"),
        reason=pl.col("reason"),
    ).to_dicts()


def _split(rows: pl.LazyFrame, reason: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of which nothing is said, and the others: line, reason."""
    judged = worked(rows.with_columns(reason=reason))
    good = judged["reason"] == ""
    if good.all():
        bad = pl.DataFrame(schema={"line": pl.Int64, "reason": pl.String})
        judged.drop_in_place("reason")
        return judged, bad
    return judged.filter(good).drop("reason"), judged.filter(~good)[["line", "reason"]]


@cache
def _number() -> pl.Expr:
    read = pl.col("value").cast(pl.Float64, strict=False)
    return pl.when(read.is_finite()).then(read).otherwise(None)


def _no_amount(sentence: str) -> pl.Expr:
    """The sentence; of digits with a comma, how they are written in a file."""
    comma = pl.col("value").str.contains(r"\d,\d")
    pointed = pl.format("{} has a comma: write it with a point.", "value")
    return pl.when(comma).then(pointed).otherwise(pl.lit(sentence))


def _treatments(facts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = facts.lazy().with_columns(number=_number(), form=_form())
    return _split(rows, _unusable_treatment())


@cache
def _form() -> pl.Expr:
    return (
        pl.when(pl.col("unit") == "scheduled")
        .then(pl.lit("scheduled"))
        .when(pl.col("unit").str.contains(r"/(min|h)$"))
        .then(pl.lit("rate"))
        .when(pl.col("value") == "")
        .then(pl.lit("action"))
        .otherwise(pl.lit("amount"))
    )


@cache
def _unusable_treatment() -> pl.Expr:
    kinds = catalogue.TREATMENTS
    allowed = [f"{kind.code}|{unit}" for kind in kinds.values() for unit in kind.units]
    forms = [f"{kind.code}|{form}" for kind in kinds.values() for form in kind.forms]
    pair = pl.concat_str("code", "unit", separator="|")
    by_form = pl.concat_str("code", "form", separator="|")
    counted = pl.col("form").is_in(["amount", "rate"])
    return (
        pl.when(~pl.col("code").is_in(list(kinds)))
        .then(pl.lit("This treatment is not on the closed list."))
        .when((pl.col("value") != "") & pl.col("number").is_null())
        .then(_no_amount("The amount is not a number."))
        .when(pl.col("number") < 0)
        .then(pl.lit("An amount is not negative."))
        .when(counted & ~pair.is_in(allowed))
        .then(_other_unit({kind.code: kind.units for kind in kinds.values()}))
        .when(~counted & (pl.col("form") == "scheduled") & ~by_form.is_in(forms))
        .then(pl.lit("This treatment has no scheduled form."))
        .otherwise(pl.lit(""))
    )


def _other_unit(accepted: Mapping[str, Iterable[str]]) -> pl.Expr:
    """The sentence for a unit that does not go with a code."""
    named = {code: " or ".join(units) for code, units in accepted.items()}
    takes = pl.col("code").replace_strict(named, default="", return_dtype=pl.String)
    unit = pl.col("unit")
    said = pl.when(unit == "").then(pl.lit("without a unit")).otherwise(unit)
    bare = pl.format("{} has no amount. Leave value and unit empty.", "code")
    other = pl.format("{} is taken in {}, not {}.", "code", takes, said)
    return pl.when(takes == "").then(bare).otherwise(other)


def _doses(facts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    number = _number()
    rows = facts.lazy().with_columns(number=number, given=number.is_not_null())
    return _split(rows, _unusable_dose())


@cache
def _unusable_dose() -> pl.Expr:
    word = pl.col("value").is_in(["", *DOSE_WORDS])
    return (
        pl.when(~word & pl.col("number").is_null())
        .then(_no_amount("A dose is an amount, empty (planned), held or omitted."))
        .when(pl.col("number") < 0)
        .then(pl.lit("An amount is not negative."))
        .otherwise(pl.lit(""))
    )


def _ranges(facts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Reference ranges, `low` and `high` in the item's canonical unit."""
    return _split(facts.lazy().with_columns(_ends()), _unusable_range())


@cache
def _ends() -> tuple[pl.Expr, ...]:
    """Both ends, and whether the unit goes with the item."""
    pair = pl.concat_str("code", "unit", separator="|")
    number = {"default": None, "return_dtype": pl.Float64}
    factor = pair.replace_strict({k: f for k, (f, _) in CONVERSIONS.items()}, **number)
    offset = pair.replace_strict({k: o for k, (_, o) in CONVERSIONS.items()}, **number)

    def end(part: int) -> pl.Expr:
        typed = pl.col("value").str.extract(RANGE, part).cast(pl.Float64, strict=False)
        return ((typed - offset) * factor).round(6)

    low, high, known = end(1), end(2), factor.is_not_null()
    return low.alias("low"), high.alias("high"), known.alias("known")


@cache
def _unusable_range() -> pl.Expr:
    return (
        pl.when(~pl.col("code").is_in(list(catalogue.ITEMS)))
        .then(pl.lit("There is no such item."))
        .when(~pl.col("value").str.contains(RANGE))
        .then(_no_amount("A range is written low..high."))
        .when(~pl.col("known"))
        .then(_other_unit({one.code: one.units for one in catalogue.ITEMS.values()}))
        .otherwise(normal.faults(pl.col("low"), pl.col("high")))
    )


def _states(facts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    return _split(facts.lazy(), _unusable_state())


@cache
def _unusable_state() -> pl.Expr:
    fact = (pl.col("kind") == "fact") & ~pl.col("code").is_in(FACTS)
    decision = (pl.col("kind") == "decision") & ~pl.col("code").is_in(DECISIONS)
    return (
        pl.when(fact)
        .then(pl.lit("This fact is not on the list."))
        .when(decision)
        .then(pl.lit("This decision is not on the list."))
        .otherwise(pl.lit(""))
    )
