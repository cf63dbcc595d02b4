"""The instants of a timeline: what was recorded, and when time alone changes a meaning.

They come from the rows alone, so that a replay gives the steps of the live program.
"""

from collections.abc import Iterator
from datetime import timedelta

import polars as pl

from monitor.clinical import currency, exposures, fluid_load
from monitor.clinical.intake import Intake
from monitor.clinical.protocol import Protocol

# A window holds at its last instant: its end is felt just after.
MOMENT = timedelta(seconds=1)
WINDOWS = ("crs_window_hours", "cls_window_hours", "albumin_window_hours")
THINNED = f"mask:{fluid_load.HEMATOCRIT}"
AFTER_START = ("infusion_hours", "infusion_vitals_hours")


def moments(
    taken: Intake,
    values: pl.DataFrame,
    rates: pl.DataFrame,
    effects: pl.DataFrame,
    protocol: Protocol,
) -> pl.DataFrame:
    """g, at: every instant once, in no order; some lie after the record's end."""
    homes = "AT_HOME" in taken.states["code"]
    parts = [
        taken.readings.select("g", at="seen"),
        taken.states.select("g", "at"),
        taken.states.select("g", at="until"),
        taken.treatments.select("g", "at"),
        effects.select("g", at="ends").filter(pl.col("at") < exposures.FOREVER),
        # An infusion becomes a load of fluid while nobody writes.
        effects.filter(pl.col("what") == THINNED).select("g", "at"),
        taken.doses.select("g", "at"),
        currency.lapses(values, protocol.lines, homes),
        *_of_rates(rates, protocol),
        *_of_doses(taken.doses, protocol),
        *_of_expectation(taken.doses, values, protocol),
    ]
    return pl.concat(part.select("g", "at") for part in parts).drop_nulls().unique()


def _of_rates(rates: pl.DataFrame, protocol: Protocol) -> Iterator[pl.DataFrame]:
    """Each change, the end of a switch, and the time after which a dose is high."""
    lines = protocol.lines
    if rates.is_empty():
        return
    yield rates.select("g", "at")
    overlap = timedelta(minutes=lines["pressor_overlap_minutes"]) + MOMENT
    for after in (overlap, timedelta(hours=lines["high_dose_hours"])):
        yield rates.select("g", at=pl.col("at") + after)


def _of_doses(doses: pl.DataFrame, protocol: Protocol) -> Iterator[pl.DataFrame]:
    lines = protocol.lines
    given = doses.filter(pl.col("given"))
    for key in (*WINDOWS, *AFTER_START):
        after = timedelta(hours=lines[key]) + MOMENT
        yield given.select("g", at=pl.col("at") + after)
    before = timedelta(hours=lines["dose_due_hours"])
    yield doses.select("g", at=pl.col("at") - before)


def _of_expectation(
    doses: pl.DataFrame, values: pl.DataFrame, protocol: Protocol
) -> Iterator[pl.DataFrame]:
    """The window's two ends, and when no fever is expected any more."""
    expected, lines = protocol.expected, protocol.lines
    if expected is None:
        return
    fever, given = expected.fever, doses.filter(pl.col("given"))
    if expected.days is not None:
        after = timedelta(days=expected.days) + MOMENT
        yield given.select("g", at=pl.col("at") + after)
    begins, ends = timedelta(hours=fever.from_hours), timedelta(hours=fever.to_hours)
    for after in (begins, ends + MOMENT):
        yield given.select("g", at=pl.col("at") + after)
    long = timedelta(hours=lines["fever_long_hours"]) + MOMENT
    febrile = (pl.col("code") == "TEMP") & (pl.col("number") >= lines["fever"])
    alone = timedelta(minutes=lines["fever_without_pressure_minutes"]) + MOMENT
    for after in (long, alone):
        yield values.filter(febrile).select("g", at=pl.col("at") + after)
