"""Facts become a timeline: a row for every instant at which an answer may change.

Steps, in order: `values` (what was read, and what follows from it), `moments`
(something was recorded, or time alone changes a meaning), `standings` (doses, facts,
windows), `infusions` and `exposures` (what runs, what is on board), `currency` (what
still counts), `baselines`, `derived`, `oxygen`. Columns are named as in `words`.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from monitor.clinical.facts.chartfile import INSTANT
from monitor.clinical.facts.intake import Intake
from monitor.clinical.instants import (
    baselines,
    beyond,
    currency,
    derived,
    exposures,
    infusions,
    moments,
    oxygen,
    standings,
    values,
)
from monitor.clinical.study.protocol import Protocol
from monitor.clinical.tables import Sheet, all_worked, worked

CYCLE = ["participant", "cycle"]


@dataclass(frozen=True)
class Timeline:
    """`sheet`: a row an instant, sorted by `g` (one cycle of one participant) and `at`.

    `keys` names each `g`; `readings` are the accepted rows (for evidence); `effects`
    what blurs a sign, and until when; `due_at` is the first moment after `now` at which
    time alone changes a meaning, null if none.
    """

    sheet: Sheet
    keys: pl.DataFrame
    readings: pl.DataFrame
    effects: pl.DataFrame
    due_at: datetime | None

    @property
    def frame(self) -> pl.DataFrame:
        """The whole sheet as one frame."""
        return self.sheet.frame()


def build(taken: Intake, protocol: Protocol, now: datetime | None = None) -> Timeline:
    """The timeline of whole cycles, up to `now` (else to the end of each record)."""
    taken, keys = _numbered(taken, now)
    begins, ends = all_worked((_begins(taken), _ends(taken)))
    starts = keys[["participant", "g"]].join(begins, on="g", how="left")
    found = values.values(taken, protocol)
    given = exposures.with_earlier(taken.treatments, starts, ends, protocol)
    begun = standings.first_doses(taken.doses, protocol)
    rates = infusions.rates(given, found, begun)
    effects = exposures.effects(given, protocol)
    every = worked(
        moments.moments(taken, found, rates, effects, protocol)
        .join(ends.lazy(), on="g")
        .sort("g", "at")
    )
    limit = pl.lit(now, INSTANT) if now is not None else pl.col("end")
    frame = worked(every.lazy().filter(pl.col("at") <= limit).select("g", "at"))
    sheet = values.carried(frame, found)
    standings.doses(sheet, taken.doses, protocol)
    standings.states(sheet, taken.states)
    infusions.join(sheet, rates, protocol)
    exposures.join(sheet, effects)
    currency.current(sheet, protocol)
    baselines.baselines(sheet, found, protocol, keys, taken.states)
    beyond.mark(sheet, taken.readings, found, protocol.lines)
    derived.derive(sheet, taken.ranges)
    oxygen.support(sheet, protocol)
    standings.windows(sheet, protocol)
    sheet = _begun(sheet, begins)
    return Timeline(sheet, keys, taken.readings, effects, _due(every, now))


def _begun(sheet: Sheet, begins: pl.DataFrame) -> Sheet:
    """Without the instants of an earlier cycle, which were needed to say since when."""
    starts = (
        sheet.take("g", "at")
        .lazy()
        .join(begins.lazy(), on="g", how="left", maintain_order="left")
        .select((pl.col("at") >= pl.col("begins")).fill_null(False))
    )
    own = worked(starts).to_series()
    return sheet if own.all() else sheet.at(own.arg_true(), list(sheet))


def _due(every: pl.DataFrame, now: datetime | None) -> datetime | None:
    if now is None:
        return None
    at = every["at"]
    later = at.filter(at > now).min()
    return later if isinstance(later, datetime) else None


def _numbered(taken: Intake, now: datetime | None) -> tuple[Intake, pl.DataFrame]:
    """Every row with the number of its cycle, and the name of each number.

    Only what is known by `now`: nothing that is dated later; a later dose is a plan.
    """
    tables = [taken.readings, taken.treatments, taken.doses, taken.ranges, taken.states]
    keys = worked(
        pl.concat([table.lazy().select(CYCLE) for table in tables])
        .unique()
        .sort(CYCLE)
        .with_row_index("g")
    )
    readings, treatments, doses, ranges, states = (
        _with_number(table.lazy(), keys) for table in tables
    )
    readings = readings.with_columns(seen=pl.coalesce("until", "at"))
    if now is not None:
        by_now = pl.col("at") <= pl.lit(now, INSTANT)
        readings = readings.filter(pl.col("seen") <= pl.lit(now, INSTANT))
        treatments, ranges = treatments.filter(by_now), ranges.filter(by_now)
        doses = doses.with_columns(given=pl.col("given") & by_now)
        states = states.filter(by_now)
    made = all_worked((readings, treatments, doses, ranges, states))
    known = replace(
        taken,
        readings=made[0],
        treatments=made[1],
        doses=made[2],
        ranges=made[3],
        states=made[4],
    )
    return known, keys


def _with_number(rows: pl.LazyFrame, keys: pl.DataFrame) -> pl.LazyFrame:
    if keys.height == 1:
        return rows.with_columns(g=pl.lit(keys["g"][0], keys.schema["g"]))
    return rows.join(keys.lazy(), on=CYCLE, how="left", maintain_order="left")


def _begins(taken: Intake) -> pl.LazyFrame:
    """g, begins: the first row of each cycle.

    A cycle of which nothing but treatments is here, beside another one of the same
    person, is history: it counts in the later one, and has no instants itself.
    """
    tables = (taken.treatments, taken.doses, taken.states)
    parts = [("seen", taken.readings), *(("at", table) for table in tables)]
    rows = (
        table.lazy().select(
            "participant", "g", at=time, treated=table is taken.treatments
        )
        for time, table in parts
    )
    cycles = pl.concat(rows).group_by("participant", "g")
    found = cycles.agg(begins=pl.col("at").min(), history=pl.col("treated").all())
    others = pl.len().over("participant") > 1
    return found.filter(~(pl.col("history") & others)).select("g", "begins")


def _ends(taken: Intake) -> pl.LazyFrame:
    """g, end: the last recorded instant of each record."""
    parts = [taken.readings.lazy().select("g", at="seen")]
    others = (taken.treatments, taken.states)
    parts += [table.lazy().select("g", "at") for table in others]
    doses = taken.doses.lazy()
    given = doses.filter(pl.col("given")).select("g", "at")
    recorded = pl.concat([*parts, given]).group_by("g").agg(end=pl.col("at").max())
    planned = doses.group_by("g").agg(end=pl.col("at").min())
    return pl.concat([recorded, planned.join(recorded, on="g", how="anti")])
