"""What of a chart is graded: every value by what it measures, and what goes with it."""

from datetime import timedelta

import polars as pl

from monitor.clinical.ctcae import TERMS
from monitor.clinical.facts.intake import Intake
from monitor.clinical.instants import fluids
from monitor.clinical.instants.values import by_worst
from monitor.clinical.items import catalogue
from monitor.clinical.study.protocol import Protocol
from monitor.clinical.tables import worked

CALCIUM, ALBUMIN = "CA", "ALB"
CORRECTED = "CA_CORRECTED"
NOT_CORRECTED = "no albumin of these days to correct calcium with"
PLACES = 6
SLOT = ["g", "at"]
COLUMNS = ["g", "at", "item", "of", "unit", "typed", "value", "carried", "no_value"]
OF = {line.of for term in TERMS.values() for one in term.lines.values() for line in one}
ITEMS = {term.item for term in TERMS.values() if term.item}
BESIDE = {term.item: term.beside.item for term in TERMS.values() if term.beside}


def measures(taken: Intake, protocol: Protocol) -> pl.DataFrame:
    """COLUMNS of every value that a term may grade; `typed` is text with its unit.

    `carried`: only for a term with a second value, at whose instant it is asked again.
    `taken` is numbered by `g`, with `seen` beside `at`.
    """
    plain = _plain(taken.readings)
    parts = [
        plain.filter(pl.col("of").is_in(list(OF))),
        _corrected(plain, protocol),
        _urine(taken.readings, protocol),
        *(_carried(plain, item, other) for item, other in BESIDE.items()),
    ]
    return pl.concat(part.select(COLUMNS) for part in parts)


def _plain(readings: pl.DataFrame) -> pl.DataFrame:
    typed = pl.concat_str("value", "unit", separator=" ").str.strip_chars()
    rows = by_worst(
        readings.drop("at")
        .rename({"seen": "at"})
        .filter(pl.col("number").is_not_null())
    )
    return rows.select(
        "g",
        "at",
        "unit",
        item="code",
        of="code",
        typed=typed,
        value="number",
        carried=pl.lit(False),
        no_value=pl.lit(None, dtype=pl.String),
    )


def hours(item: str) -> timedelta:
    """How long a value of the item counts beside another."""
    current = catalogue.item(item).validity.current
    assert current is not None, f"{item} does not lapse"
    return timedelta(hours=current)


def beside(rows: pl.DataFrame, of: pl.DataFrame, item: str) -> pl.DataFrame:
    """The last value of `item` that still counts at each row's instant, as `other`."""
    other = of.filter(pl.col("of") == item).select("g", "at", other="value")
    return rows.sort(SLOT).join_asof(
        other.sort(SLOT),
        on="at",
        by="g",
        tolerance=hours(item),
        check_sortedness=False,
    )


def _corrected(plain: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """Calcium as it would be with usual albumin; null where albumin is not known."""
    lines = protocol.lines
    rows = beside(plain.filter(pl.col("of") == CALCIUM), plain, ALBUMIN)
    short = lines["albumin_usual"] - pl.col("other")
    corrected = pl.col("value") + lines["calcium_per_albumin"] * short
    unknown = pl.col("other").is_null()
    return rows.with_columns(
        of=pl.lit(CORRECTED),
        value=corrected.round(PLACES),
        no_value=pl.when(unknown).then(pl.lit(NOT_CORRECTED)),
    )


def _urine(readings: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """Urine of 8 and of 24 hours, where they were measured."""
    eight = worked(fluids.urine(readings, protocol.lines)[0])
    day = fluids.urine_of_a_day(readings, protocol.lines)
    unit = catalogue.item(fluids.OUTPUT).unit
    volume = pl.concat_str(pl.col("number").cast(pl.String), pl.lit(f" {unit}"))
    return pl.concat([eight, day]).select(
        "g",
        "at",
        unit=pl.lit(unit),
        item=pl.lit(fluids.OUTPUT),
        of="code",
        typed=volume.str.replace(r"\.0 ", " "),
        value="number",
        carried=pl.lit(False),
        no_value=pl.lit(None, dtype=pl.String),
    )


def _carried(plain: pl.DataFrame, item: str, other: str) -> pl.DataFrame:
    """The last value of `item` at each instant at which the other one was read."""
    moments = plain.filter(pl.col("of") == other).select(SLOT).unique().sort(SLOT)
    rows = plain.filter(pl.col("of") == item).sort(SLOT)
    return (
        moments.join_asof(
            rows, on="at", by="g", tolerance=hours(item), check_sortedness=False
        )
        .filter(pl.col("value").is_not_null())
        .with_columns(carried=pl.lit(True))
    )
