"""The instants of a timeline: what was recorded, and when time alone changes a meaning.

They come from the rows alone, so that a replay gives the steps of the live program.
"""

from collections.abc import Iterator
from datetime import timedelta

import polars as pl

from monitor.clinical.facts.intake import Intake
from monitor.clinical.instants import currency, exposures, fluid_load
from monitor.clinical.study.protocol import Protocol

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
) -> pl.LazyFrame:
    """g, at: every instant once, in no order; some lie after the record's end."""
    homes = "AT_HOME" in taken.states["code"]
    states, doses, gone = taken.states.lazy(), taken.doses.lazy(), effects.lazy()
    parts = [
        taken.readings.lazy().select("g", at="seen"),
        states.select("g", "at"),
        states.select("g", at="until"),
        taken.treatments.lazy().select("g", "at"),
        _of_effects(gone),
        # An infusion becomes a load of fluid while nobody writes.
        gone.filter(pl.col("what") == THINNED).select("g", "at"),
        doses.select("g", "at"),
        currency.lapses(values, protocol.lines, homes),
        *_of_rates(rates, protocol),
        *_of_doses(doses, protocol),
        *_of_expectation(doses, values.lazy(), protocol),
    ]
    return pl.concat(parts).drop_nulls().unique()


def _of_effects(gone: pl.LazyFrame) -> pl.LazyFrame:
    """When an effect ends; what hides a fever still does so at its last instant."""
    hides = pl.col("what") == exposures.HIDES_FEVER
    over = pl.when(hides).then(pl.col("ends") + MOMENT).otherwise("ends")
    return gone.filter(pl.col("ends") < exposures.FOREVER).select("g", at=over)


def _of_rates(rates: pl.DataFrame, protocol: Protocol) -> Iterator[pl.LazyFrame]:
    """Each change, the end of a switch, and the time after which a dose is high."""
    lines = protocol.lines
    if rates.is_empty():
        return
    overlap = timedelta(minutes=lines["pressor_overlap_minutes"]) + MOMENT
    high = timedelta(hours=lines["high_dose_hours"])
    yield _after(rates.lazy(), timedelta(), overlap, high)


def _of_doses(doses: pl.LazyFrame, protocol: Protocol) -> Iterator[pl.LazyFrame]:
    lines = protocol.lines
    given = doses.filter(pl.col("given"))
    hours = (lines[key] for key in (*WINDOWS, *AFTER_START))
    yield _after(given, *(timedelta(hours=one) + MOMENT for one in hours))
    yield _after(doses, -timedelta(hours=lines["dose_due_hours"]))


def _of_expectation(
    doses: pl.LazyFrame, values: pl.LazyFrame, protocol: Protocol
) -> Iterator[pl.LazyFrame]:
    """The window's two ends, and when no fever is expected any more."""
    expected, lines = protocol.expected, protocol.lines
    if expected is None:
        return
    fever = expected.fever
    begins, ends = timedelta(hours=fever.from_hours), timedelta(hours=fever.to_hours)
    bounds = [begins, ends + MOMENT]
    if expected.days is not None:
        bounds.append(timedelta(days=expected.days) + MOMENT)
    yield _after(doses.filter(pl.col("given")), *bounds)
    febrile = (pl.col("code") == "TEMP") & (pl.col("number") >= lines["fever"])
    long = timedelta(hours=lines["fever_long_hours"]) + MOMENT
    alone = timedelta(minutes=lines["fever_without_pressure_minutes"]) + MOMENT
    yield _after(values.filter(febrile), long, alone)


def _after(rows: pl.LazyFrame, *times: timedelta) -> pl.LazyFrame:
    """g, at: each of these times after each row."""
    moments = pl.concat_list(pl.col("at") + after for after in times)
    return rows.select("g", at=moments).explode("at")
