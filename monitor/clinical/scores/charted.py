"""CTCAE grades of a chart: one row for each value, term and version.

Symptoms carry the grade that a person gave under the trial's version; it is shown
under the other version only where both mean the same.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from monitor.clinical.ctcae import TERMS, VERSIONS
from monitor.clinical.ctcae.grader import CANNOT, grade
from monitor.clinical.ctcae.model import VERSION_NAMES
from monitor.clinical.facts.chartfile import INSTANT
from monitor.clinical.facts.intake import Intake, take_in
from monitor.clinical.instants.values import by_worst
from monitor.clinical.items import catalogue
from monitor.clinical.scores.measures import SLOT, hours, measures
from monitor.clinical.study.protocol import Protocol

CYCLE = ["participant", "cycle"]
NOT_SINUS = "an arrhythmia is charted"
GIVEN = "graded at the bedside"
COLUMNS = [
    *CYCLE,
    *("at", "term", "name", "version", "item", "of", "typed", "value"),
    *("grade", "at_least", "why"),
]


def terms(
    facts: pl.DataFrame, protocol: Protocol | None = None, now: datetime | None = None
) -> pl.DataFrame:
    """COLUMNS of every value of whole cycles, by time; `grade` is null where there

    is none. `facts`: see chartfile.SCHEMA; what is later than `now` is left out.
    """
    protocol = protocol or Protocol.default()
    taken, keys = _numbered(take_in(facts), now)
    found = measures(taken, protocol)
    rows = found.join(_asked(), on="of", how="inner").filter(
        ~pl.col("carried") | (pl.col("second") != "")
    )
    rows = _with_ranges(rows, taken.ranges)
    rows = _with_baselines(rows, taken, protocol)
    rows = _with_second(rows, found, taken)
    graded = _explained(grade(rows))
    every = pl.concat([graded.select(SHARED), _symptoms(taken, protocol)])
    return (
        every.join(keys, on="g", how="left")
        .select(COLUMNS)
        .sort(*CYCLE, "at", "term", "version", "of", "grade", maintain_order=True)
    )


SHARED = [name for name in COLUMNS if name not in CYCLE] + ["g"]


def standing(found: pl.DataFrame, at: datetime) -> dict[tuple[str, str], int | None]:
    """(term, version) -> the grade as it stands at an instant in one cycle.

    Of the values of one term that were last read, the worst counts.
    """
    return {key: row["grade"] for key, row in last_rows(found, at).items()}


def reasons(found: pl.DataFrame, at: datetime) -> dict[tuple[str, str], str]:
    """(term, version) -> what is said of its grade as it stands at an instant."""
    return {key: row["why"] for key, row in last_rows(found, at).items()}


def last_rows(
    found: pl.DataFrame, at: datetime
) -> dict[tuple[str, str], dict[str, Any]]:
    """(term, version) -> the row of `terms` that stands at an instant, of one cycle."""
    past = found.filter(pl.col("at") <= at)
    last = past.filter(pl.col("at") == pl.col("at").max().over("term", "version", "of"))
    by_grade = last.sort("grade", nulls_last=False, maintain_order=True)
    return {(row["term"], row["version"]): row for row in by_grade.to_dicts()}


def _numbered(taken: Intake, now: datetime | None) -> tuple[Intake, pl.DataFrame]:
    """Every row with the number of its cycle, `seen` for each reading, up to `now`."""
    keys = pl.concat(
        [t.select(CYCLE) for t in (taken.readings, taken.doses, taken.ranges)]
    )
    keys = keys.unique().sort(CYCLE).with_row_index("g")

    def add(table: pl.DataFrame) -> pl.DataFrame:
        return table.join(keys, on=CYCLE, how="left", maintain_order="left")

    seen = pl.coalesce("until", "at")
    by_now = pl.lit(True) if now is None else seen <= pl.lit(now, INSTANT)
    readings = add(taken.readings).with_columns(seen=seen).filter(by_now)
    ranges = add(taken.ranges)
    doses = add(taken.doses).filter("given")
    if now is not None:
        ranges = ranges.filter(pl.col("at") <= pl.lit(now, INSTANT))
        doses = doses.filter(pl.col("at") <= pl.lit(now, INSTANT))
    return replace(taken, readings=readings, ranges=ranges, doses=doses), keys


def _asked() -> pl.DataFrame:
    """Which terms and versions grade a measure."""
    rows = {
        (line.of, term.key, term.name, version, term.needs_unit(version), _second(term))
        for term in TERMS.values()
        for version in term.versions
        for line in term.lines[version]
        if line.bounds
    }
    names = ("of", "term", "name", "version", "needs_unit", "second")
    return pl.DataFrame(sorted(rows), schema=names, orient="row")


def _second(term: object) -> str:
    second = getattr(term, "beside", None)
    return second.item if second else ""


def _with_ranges(rows: pl.DataFrame, ranges: pl.DataFrame) -> pl.DataFrame:
    """`low` and `high` of the range in force when each value was read."""
    limits = ranges.select("g", "at", "low", "high", item="code").sort(
        "g", "item", "at"
    )
    joined = rows.sort("g", "item", "at", maintain_order=True).join_asof(
        limits, on="at", by=["g", "item"], check_sortedness=False
    )
    unit = pl.when("needs_unit").then("unit").otherwise(pl.lit(""))
    return joined.with_columns(unit=unit)


def _with_baselines(
    rows: pl.DataFrame, taken: Intake, protocol: Protocol
) -> pl.DataFrame:
    """`base`, whether it was low or high then, and whether a value is the baseline."""
    starters = protocol.cycle_starters
    doses = taken.doses
    if starters:
        doses = doses.filter(pl.col("code").is_in(starters))
    first = doses.group_by("g").agg(first_dose=pl.col("at").min())
    rows = rows.join(first, on="g", how="left", maintain_order="left")
    rows = rows.join(
        _baselines(taken, first, protocol),
        on=["g", "item"],
        how="left",
        maintain_order="left",
    )
    begun = (pl.col("at") > pl.col("first_dose")).fill_null(False)
    low = pl.coalesce("base_range_low", "low")
    high = pl.coalesce("base_range_high", "high")
    compared = pl.when(begun).then("base").otherwise("value")
    return rows.with_columns(
        own_baseline=~begun,
        base=pl.when(begun).then("base"),
        base_low=compared < low,
        base_high=compared > high,
    )


def _baselines(taken: Intake, first: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """The last value before the first dose (`base`), and the range it was read by."""
    age = pl.col("first_dose") - pl.col("at")
    young = timedelta(hours=protocol.lines["baseline_hours"])
    rows = taken.readings.drop("at").rename({"seen": "at"}).join(first, on="g")
    rows = by_worst(rows.filter(age.is_between(timedelta(0), young)))
    last = rows.group_by("g", "code", maintain_order=True).last()
    base = last.select("g", "at", item="code", base="number")
    limits = taken.ranges.select(
        "g", "at", item="code", base_range_low="low", base_range_high="high"
    )
    return (
        base.sort("g", "item", "at")
        .join_asof(
            limits.sort("g", "item", "at"),
            on="at",
            by=["g", "item"],
            check_sortedness=False,
        )
        .drop("at")
    )


def _with_second(
    rows: pl.DataFrame, found: pl.DataFrame, taken: Intake
) -> pl.DataFrame:
    """`beside`: whether the second value that a term needs is as it must be."""
    rows = rows.with_columns(
        beside=pl.lit(None, dtype=pl.Boolean),
        beside_lacks=pl.lit(None, dtype=pl.String),
    )
    for term in TERMS.values():
        mine = pl.col("term") == term.key
        if term.beside:
            item = term.beside.item
            other = _last(rows, found.filter(pl.col("of") == item), item, "value")
            under = other < float(term.beside.bound.number(""))
            lacks = f"no current {catalogue.item(item).label.lower()}"
            rows = rows.with_columns(
                beside=pl.when(mine).then(under).otherwise("beside"),
                beside_lacks=pl.when(mine)
                .then(pl.lit(lacks))
                .otherwise("beside_lacks"),
            )
        if term.unless:
            rhythm = taken.readings.filter(pl.col("code") == "RHYTHM")
            said = rhythm.select("g", "choice", at="seen")
            other = _last(rows, said, "RHYTHM", "choice")
            sinus = ~other.is_in(arrhythmias()).fill_null(False)
            rows = rows.with_columns(
                beside=pl.when(mine).then(sinus).otherwise("beside"),
                beside_lacks=pl.when(mine)
                .then(pl.lit(NOT_SINUS))
                .otherwise("beside_lacks"),
            )
    return rows


def arrhythmias() -> list[str]:
    """Answers of the rhythm that are none of the sinus node."""
    options = catalogue.item("RHYTHM").options
    return [one.code for one in options if one.group]


def _last(rows: pl.DataFrame, other: pl.DataFrame, item: str, column: str) -> pl.Series:
    """The last answer of another item that still counts, for each row in its order."""
    indexed = rows.select(SLOT).with_row_index("row").sort(SLOT)
    joined = indexed.join_asof(
        other.select(*SLOT, pl.col(column).alias("other")).sort(SLOT),
        on="at",
        by="g",
        tolerance=hours(item),
        check_sortedness=False,
    )
    return joined.sort("row")["other"]


def _explained(graded: pl.DataFrame) -> pl.DataFrame:
    """Why there is no value, where that is what is missing."""
    other = (pl.col("beside_lacks") == NOT_SINUS) & ~pl.col("beside")
    return graded.with_columns(
        why=pl.when(pl.col("no_value").is_not_null())
        .then(CANNOT + pl.col("no_value"))
        .when(other)
        .then(pl.lit(NOT_SINUS))
        .otherwise("why")
    )


def _symptoms(taken: Intake, protocol: Protocol) -> pl.DataFrame:
    """The grades that people gave, under the version they were given in."""
    own = [item for item in catalogue.ITEMS.values() if item.grading]
    shared = {item.code: item.grading for item in own if item.grading}
    same = [code for code, one in shared.items() if one.same_in_both]
    rows = taken.readings.filter(pl.col("code").is_in(list(shared)))
    given = pl.concat(
        rows.with_columns(
            version=pl.lit(version),
            known=pl.col("code").is_in(same) | pl.lit(version == protocol.ctcae),
            name=pl.col("code").replace_strict(
                {code: one.name(version) for code, one in shared.items()}
            ),
        )
        for version in VERSIONS
    )
    trial = VERSION_NAMES[protocol.ctcae]
    return given.select(
        "name",
        "version",
        "g",
        at="seen",
        term="code",
        item="code",
        of="code",
        typed="value",
        value="number",
        grade=pl.when("known").then("number").cast(pl.Int8),
        at_least=pl.lit(False),
        why=pl.when("known")
        .then(pl.lit(GIVEN))
        .otherwise(pl.lit(f"{CANNOT}graded under {trial}, which differs here")),
    ).select(SHARED)
