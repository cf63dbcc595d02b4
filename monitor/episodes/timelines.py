"""The only bridge from rows to the clinical core: a cycle as a frame of facts.

The frame has the columns of the chart file's reader, so that the core cannot tell a
chart that was typed from one that was loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from django.db.models import F
from django.utils.translation import gettext as _

from monitor.bedside.models import Observation, Reading
from monitor.clinical.facts import checks
from monitor.clinical.facts.chartfile import SCHEMA
from monitor.clinical.facts.intake import with_confirmations
from monitor.clinical.instants import rates
from monitor.clinical.instants.baselines import SCREENING
from monitor.clinical.items import catalogue, entry
from monitor.clinical.study import expecting
from monitor.episodes import lines
from monitor.episodes.lines import AUTHOR, Line, lines_of, margin
from monitor.treatments.models import Treatment
from monitor.trials.models import Cycle, Dose, Participant

FEEDING = (Reading.Check.ACCEPTED, Reading.Check.QUESTIONED, Reading.Check.CONFIRMED)
HELD = Reading.Check.HELD
PLANNED = ("planned_at", "pk")

COLUMNS = (
    "pk",
    "at",
    "source",
    "author",
    "item",
    "state",
    "number",
    "choice",
    "unit",
    "typed",
    "typed_unit",
    "until",
    "check_state",
)

Row = dict[str, Any]


@dataclass(frozen=True)
class ChartFacts:
    """A cycle as the core takes it, and what beside it the pages are told.

    `facts` has the columns of SCHEMA, sorted by time; `line` is the row's id, `by` who
    recorded it. `doses` stand, in the order of their plan.
    """

    facts: pl.DataFrame
    doses: list[Dose]
    arranged: list[Line]


def chart_facts(cycle: Cycle, later: Iterable[Cycle] = ()) -> ChartFacts:
    """All that stands of a cycle, and what was given in the 14 days before it.

    Superseded, voided and held rows are left out; not done and unrecordable are
    decisions. Three queries, whatever the participant's history, and as many for each
    of the `later` cycles whose rows count in this one too.
    """
    loaded = Loaded(cycle)
    rows = [*loaded.readings(), *loaded.held(), *loaded.others()]
    began = min((row["at"] for row in rows), default=cycle.opened_at)
    rows += [
        _row(one.pk, began, "fact", SCREENING, written(one.number))
        for one in loaded.of(lines.SCREENED)
    ]
    for one in later:
        rows += Loaded(one).own()
    facts = confirmed(frame(cycle, rows))
    return ChartFacts(facts, loaded.doses, loaded.of(lines.ARRANGED))


def facts_of(cycle: Cycle) -> pl.DataFrame:
    return chart_facts(cycle).facts


def chart_of(cycle: Cycle) -> pl.DataFrame:
    """Every fact of the cycle alone: what a chart file holds.

    What is held stands in it too, without the decision that would let it count.
    """
    loaded = Loaded(cycle)
    own = [
        row for row in loaded.others() if row.get("cycle") in (None, str(cycle.number))
    ]
    feeding = confirmed(frame(cycle, [*loaded.readings(), *own]))
    held = [_value(one) for one in loaded.standing if one.check_state == HELD]
    return pl.concat([feeding, frame(cycle, held)]).sort("at", "kind", "line")


class Loaded:
    """The rows of a cycle, each table asked once."""

    def __init__(self, cycle: Cycle) -> None:
        self.cycle = cycle
        self.standing = list(standing_readings(cycle))
        every = list(cycle.doses.annotate(author=AUTHOR).order_by(*PLANNED))
        gone = {dose.supersedes_id for dose in every}
        self.doses = [one for one in every if not one.voided and one.pk not in gone]
        self.lines = lines_of(cycle, start_of(cycle, every))

    def of(self, table: str) -> list[Line]:
        return [line for line in self.lines if line.table == table]

    def readings(self) -> Iterator[Row]:
        return readings(self.standing)

    def held(self) -> Iterator[Row]:
        """That a value waits for a person: what was read before it is past."""
        for one in self.standing:
            if one.state == Reading.State.VALUE and one.check_state == HELD:
                at = one.until or one.at
                yield _row(one.pk, at, "decision", "held", one.item, signed(one))

    def own(self) -> list[Row]:
        """What was recorded in this very cycle, for one before it that goes on."""
        rows = [*self.readings(), *self.held(), *self.others()]
        mine = (None, str(self.cycle.number))
        return [row | {"cycle": None} for row in rows if row.get("cycle") in mine]

    def others(self) -> list[Row]:
        """Every fact that is no reading."""
        return [
            *participant_facts(self.cycle),
            *doses(self.doses),
            *treatments(self.of(lines.TREATMENT)),
            *ranges(self.of(lines.RANGE)),
            *states(self.of(lines.FACT)),
        ]


def start_of(cycle: Cycle, doses: Iterable[Dose]) -> datetime:
    """The first dose as given or planned, else when the cycle was opened."""
    moments = [at for dose in doses for at in (dose.given_at, dose.planned_at) if at]
    return min([cycle.opened_at, *moments])


def frame(cycle: Cycle, rows: Iterable[Row]) -> pl.DataFrame:
    """The rows as the core takes them. The day is the day at the site."""
    zone = ZoneInfo(cycle.participant.site.time_zone)
    shared = {
        "participant": cycle.participant.code,
        "cycle": str(cycle.number),
        "until": None,
        "unit": "",
    }
    whole = [
        {
            **shared,
            **row,
            "cycle": row.get("cycle") or shared["cycle"],
            "day": row["at"].astimezone(zone).date(),
        }
        for row in rows
    ]
    return pl.DataFrame(whole, schema=SCHEMA).sort("at", "kind", "line")


def confirmed(facts: pl.DataFrame) -> pl.DataFrame:
    """The frame, with a confirming decision for what was taken and now looks a jump.

    What the bedside took feeds: an entry out of order must not hold it back in silence.
    A value that is let in can make a jump of its neighbor, so this is asked until
    nothing is held.
    """
    while (held := held_rows(facts)).height:
        said = held.with_columns(
            kind=pl.lit("decision"),
            value=pl.col("code"),
            code=pl.lit("confirmed"),
            unit=pl.lit(""),
            until=pl.lit(None, SCHEMA["until"]),
        )
        facts = pl.concat([facts, said])
    return facts


def held_rows(facts: pl.DataFrame) -> pl.DataFrame:
    """Readings that the core would hold back, without a decision that confirms them."""
    kind = pl.col("kind")
    decisions = facts.filter(kind == "decision")
    judged = checks.check(
        with_confirmations(facts.filter(kind == "reading"), decisions)
    )
    return judged.filter(pl.col("outcome") == "held").select(facts.columns)


def written(number: float | None) -> str:
    """A canonical number as text: six decimals at most, no exponent."""
    if number is None:
        return ""
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text


def participant_facts(cycle: Cycle) -> list[Row]:
    """The sex; the dose level where the protocol opens windows by level (R21)."""
    participant, told = cycle.participant, {}
    if participant.sex != Participant.Sex.UNKNOWN:
        told["SEX"] = str(participant.sex)
    if expecting.levels_of(cycle.protocol.document):
        told["DOSE_LEVEL"] = str(participant.cohort.number)
    return [
        _row(participant.pk, cycle.opened_at, "fact", code, value)
        for code, value in told.items()
    ]


def standing_readings(cycle: Cycle) -> Iterable[Any]:
    """Plain rows, for a cycle has thousands; oldest first."""
    current = Reading.objects.current().filter(
        observation__cycle=cycle,
        observation__voided=False,
        observation__superseded_by__isnull=True,
    )
    rows = current.annotate(
        at=F("observation__observed_at"), source=F("observation__source"), author=AUTHOR
    )
    return rows.order_by("at", "pk").values_list(*COLUMNS, named=True)


def readings(rows: Iterable[Any]) -> Iterator[Row]:
    """A value is a reading; what was not done, or tried in vain, is a decision."""
    for reading in rows:
        if reading.state != Reading.State.VALUE:
            yield _decision(reading, reading.state)
        elif reading.check_state in FEEDING:
            yield _value(reading)
            if reading.check_state == Reading.Check.CONFIRMED:
                yield _decision(reading, "confirmed")


def _value(reading: Any) -> Row:
    value, unit = as_typed(reading)
    row = _row(reading.pk, reading.at, "reading", reading.item, value, signed(reading))
    return row | {"unit": unit, "until": reading.until}


def as_typed(reading: Any) -> tuple[str, str]:
    """Value and unit as typed where that alone gives the stored value, else canonical.

    A shorthand (391 for 39.1) is written out; 102.4 [degF] stays what was typed.
    """
    if reading.choice:
        return reading.choice, ""
    if reading.typed:
        unit = reading.typed_unit or reading.unit
        read = entry.judge(reading.item, reading.typed, unit)
        if read.number == reading.number:
            return reading.typed, unit
    return written(reading.number), reading.unit


def _decision(reading: Any, code: str) -> Row:
    by = signed(reading)
    return _row(reading.pk, reading.at, "decision", code, reading.item, by)


def signed(reading: Any) -> str:
    """Who recorded it; what was told by telephone is marked wherever it speaks."""
    letters = margin(reading.author)
    if reading.source != Observation.Source.REPORTED:
        return letters
    return _("%(by)s, reported") % {"by": letters}


def doses(rows: Iterable[Any]) -> Iterator[Row]:
    """Each dose once, as it stands: given with its amount, planned with none."""
    for dose in rows:
        given = dose.status in Dose.GIVEN_STATES
        value = written(dose.amount) if given else _not_given(dose)
        at = dose.given_at or dose.planned_at
        row = _row(dose.pk, at, "dose", dose.agent, value, margin(dose.author))
        yield row | {"unit": dose.unit if given else "", "until": dose.until}


def _not_given(dose: Dose) -> str:
    return "" if dose.status == Dose.Status.PLANNED else str(dose.status)


def treatments(rows: Iterable[Line]) -> Iterator[Row]:
    """An earlier cycle's under its own number, so that it does not begin this one."""
    for given in rows:
        scheduled = given.form == Treatment.Form.SCHEDULED
        number, unit = weighed(given)
        value = "" if scheduled else written(number)
        row = _row(given.pk, given.at, "treatment", given.code, value, margin(given.by))
        unit = "scheduled" if scheduled else unit
        more = {
            "until": given.until,
            "cycle": str(given.cycle),
            "as_set": as_set(given),
        }
        yield row | {"unit": unit, **more}


def weighed(given: Line) -> tuple[float | None, str]:
    """A rate as it counts, by the weight that the pump was set with (R11).

    Without one the core takes the weight of cycle day 1. Dopamine counts per kg.
    """
    number, unit, weight = given.number, given.unit, given.high
    if given.form != Treatment.Form.RATE or not weight or number is None:
        return number, unit
    return rates.counted(given.code, number, unit, weight)


def as_set(given: Line) -> str | None:
    """`0.1 ug/kg/min × 70 kg`: a rate as it was set, where it counts otherwise."""
    if not given.number or weighed(given) == (given.number, given.unit):
        return None
    amount = f"{written(given.number)} {given.unit}"
    return f"{amount} × {written(given.high)} kg"


def ranges(rows: Iterable[Line]) -> Iterator[Row]:
    for one in rows:
        value = f"{written(one.number)}..{written(one.high)}"
        row = _row(one.pk, one.at, "range", one.code, value, margin(one.by))
        yield row | {"unit": catalogue.item(one.code).unit}


def states(rows: Iterable[Line]) -> Iterator[Row]:
    for fact in rows:
        row = _row(fact.pk, fact.at, fact.form, fact.code, fact.value, margin(fact.by))
        yield row | {"unit": fact.unit, "until": fact.until}


def _row(
    line: int, at: datetime, kind: str, code: str, value: str, by: str = ""
) -> Row:
    return {
        "line": line,
        "at": at,
        "kind": kind,
        "code": code,
        "value": value,
        "by": by,
    }
