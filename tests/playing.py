"""A worked case played at the bedside: every row entered when it was seen.

The rows of a case file go through the verbs that a chart file goes through, at the
minute of each, so that steps, notices and audit are those of a ward.
"""

from datetime import datetime, timedelta

from monitor import clock, enrolling, loading
from monitor.clinical.facts.chartfile import read_chart
from monitor.trials.models import Cycle
from tests.cast import Cast
from tests.clinical.casefile import Row, Variant, all_variants

MINUTE = timedelta(minutes=1)


def case(number: str, name: str = "") -> Variant:
    """The variant of a case by its name; without one its first."""
    every = [one for one in all_variants() if one.case["id"] == number]
    return next(one for one in every if name in ("", one.name))


def play(cast: Cast, variant: Variant, until: datetime | None = None) -> Cycle:
    """The chart up to `until`, each moment entered a minute after it was seen."""
    chart = read_chart(variant.chart())
    assert not chart.errors, chart.errors
    rows = chart.facts.to_dicts()
    first = min(row["at"] for row in rows) - MINUTE
    with clock.freeze(first):
        code = variant.case["id"]
        who = enrolling.participant_of(
            code, rows, cast.boston, cast.cohort, cast.okafor
        )
        cycle = enrolling.cycle_of(who, "1", rows, cast.protocol, cast.okafor)
    for at in sorted({seen(row) for row in rows}):
        if until is None or at <= until:
            enter(cast, cycle, [row for row in rows if seen(row) == at], at + MINUTE)
    return cycle


def seen(row: Row) -> datetime:
    """A period reading is known at its end; all else when it happens."""
    ended = row["kind"] == "reading" and row["until"]
    return row["until"] if ended else row["at"]


def enter(cast: Cast, cycle: Cycle, rows: list[Row], now: datetime) -> None:
    with clock.freeze(now):
        loaded = loading.load_cycle(cycle=cycle, rows=rows, by=cast.okafor)
    assert not loaded.bad, loaded.bad
