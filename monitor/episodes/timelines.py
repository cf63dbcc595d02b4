"""The only bridge from rows to the clinical core: a cycle as a frame of facts.

The frame has the columns of the chart file's reader, so that the core cannot tell a
chart that was typed from one that was loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from django.db.models import Min, Q, QuerySet

from monitor.bedside.models import Fact, Reading, ReferenceRange
from monitor.clinical import catalogue, checks, entry
from monitor.clinical.chartfile import SCHEMA
from monitor.treatments.models import Treatment
from monitor.trials.models import Cycle, Dose, Participant, User

# An anticytokine blurs its markers for so long, the longest of all (reference 11, B2).
DAYS_BEFORE = 14
FEEDING = (Reading.Check.ACCEPTED, Reading.Check.QUESTIONED, Reading.Check.CONFIRMED)
HELD = Reading.Check.HELD

Row = dict[str, Any]


def facts_of(cycle: Cycle) -> pl.DataFrame:
    """All that stands of a cycle, and what was given in the 14 days before it.

    Columns of SCHEMA, sorted by time; `line` is the row's id, `by` who recorded it.
    Superseded, voided and held rows are left out; not done and unrecordable are
    decisions. A constant number of queries, whatever the participant's history.
    """
    rows = [*rows_of(cycle), *earlier_treatments(cycle)]
    return confirmed(frame(cycle, rows))


def chart_of(cycle: Cycle) -> pl.DataFrame:
    """Every fact of the cycle alone: what a chart file holds.

    What is held stands in it too, without the decision that would let it count.
    """
    feeding = confirmed(frame(cycle, rows_of(cycle)))
    held = [_value(one) for one in standing_readings(cycle) if one.check_state == HELD]
    return pl.concat([feeding, frame(cycle, held)]).sort("at", "kind", "line")


def rows_of(cycle: Cycle) -> list[Row]:
    """Every fact of the cycle alone that feeds."""
    return [
        *participant_facts(cycle),
        *readings(cycle),
        *doses(cycle),
        *treatments(Treatment.objects.filter(cycle=cycle)),
        *ranges(cycle),
        *states(cycle),
    ]


def frame(cycle: Cycle, rows: Iterable[Row]) -> pl.DataFrame:
    """The rows as the core takes them. The day is the day at the site."""
    zone = ZoneInfo(cycle.participant.site.time_zone)
    shared = {
        "participant": cycle.participant.code,
        "cycle": str(cycle.number),
        "until": None,
        "unit": "",
    }
    people = initials({row["by"] for row in rows if row["by"]})
    whole = [
        shared
        | row
        | {"day": row["at"].astimezone(zone).date(), "by": people.get(row["by"], "")}
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
    instant = ["participant", "cycle", "at", "code"]
    decisions = facts.filter(
        (pl.col("kind") == "decision") & (pl.col("code") == "confirmed")
    ).select("participant", "cycle", "at", code="value", confirmed=pl.lit(True))
    readings = facts.filter(pl.col("kind") == "reading").join(
        decisions.unique(), on=instant, how="left", maintain_order="left"
    )
    judged = checks.check(readings)
    return judged.filter(pl.col("outcome") == "held").select(facts.columns)


def initials(ids: Iterable[int]) -> dict[int, str]:
    """User id -> the letters that stand in a chart's margin."""
    users = User.objects.filter(pk__in=list(ids))
    return {user.pk: user.initials or user.username for user in users}


def written(number: float | None) -> str:
    """A canonical number as text: six decimals at most, no exponent."""
    if number is None:
        return ""
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text


def participant_facts(cycle: Cycle) -> list[Row]:
    participant = cycle.participant
    if participant.sex == Participant.Sex.UNKNOWN:
        return []
    sex = _row(participant.pk, cycle.opened_at, "fact", "SEX", participant.sex)
    return [sex]


def standing_readings(cycle: Cycle) -> QuerySet[Reading]:
    return (
        Reading.objects.current()
        .filter(
            observation__cycle=cycle,
            observation__voided=False,
            observation__superseded_by__isnull=True,
        )
        .select_related("observation")
        .order_by("observation__observed_at", "pk")
    )


def readings(cycle: Cycle) -> Iterator[Row]:
    """A value is a reading; what was not done, or tried in vain, is a decision."""
    for reading in standing_readings(cycle):
        if reading.state != Reading.State.VALUE:
            yield _decision(reading, reading.state)
        elif reading.check_state in FEEDING:
            yield _value(reading)
            if reading.check_state == Reading.Check.CONFIRMED:
                yield _decision(reading, "confirmed")


def _value(reading: Reading) -> Row:
    value, unit = as_typed(reading)
    by = reading.recorded_by_id
    at = reading.observation.observed_at
    row = _row(reading.pk, at, "reading", reading.item, value, by)
    return row | {"unit": unit, "until": reading.until}


def as_typed(reading: Reading) -> tuple[str, str]:
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


def _decision(reading: Reading, code: str) -> Row:
    at = reading.observation.observed_at
    by = reading.recorded_by_id
    return _row(reading.pk, at, "decision", code, reading.item, by)


def doses(cycle: Cycle) -> Iterator[Row]:
    """Each dose once, as it stands: given with its amount, planned with none."""
    rows = cycle.doses.filter(superseded_by__isnull=True, voided=False)
    for dose in rows.order_by("planned_at", "pk"):
        given = dose.status in Dose.GIVEN_STATES
        value = written(dose.amount) if given else _not_given(dose)
        at = dose.given_at or dose.planned_at
        row = _row(dose.pk, at, "dose", dose.agent, value, dose.recorded_by_id)
        yield row | {"unit": dose.unit if given else "", "until": dose.until}


def _not_given(dose: Dose) -> str:
    return "" if dose.status == Dose.Status.PLANNED else str(dose.status)


def treatments(rows: Any) -> Iterator[Row]:
    for given in rows.current().select_related("cycle").order_by("at", "pk"):
        scheduled = given.form == Treatment.Form.SCHEDULED
        value = "" if scheduled else written(given.amount)
        row = _row(
            given.pk, given.at, "treatment", given.code, value, given.recorded_by_id
        )
        unit = "scheduled" if scheduled else given.unit
        number = str(given.cycle.number)
        yield row | {"unit": unit, "until": given.until, "cycle": number}


def earlier_treatments(cycle: Cycle) -> Iterator[Row]:
    """What an earlier cycle gave that may still blur a sign, or still runs.

    Under its own number, so that it does not begin this cycle.
    """
    start = cycle_start(cycle)
    recent = Q(at__gte=start - timedelta(days=DAYS_BEFORE)) | Q(until__gte=start)
    rows = Treatment.objects.filter(
        recent,
        cycle__participant_id=cycle.participant_id,
        cycle__number__lt=cycle.number,
    )
    return treatments(rows)


def cycle_start(cycle: Cycle) -> datetime:
    """The first dose as given or planned, else when the cycle was opened."""
    first = cycle.doses.aggregate(given=Min("given_at"), planned=Min("planned_at"))
    return min(filter(None, (cycle.opened_at, first["given"], first["planned"])))


def ranges(cycle: Cycle) -> Iterator[Row]:
    for one in ReferenceRange.objects.current().filter(cycle=cycle):
        value = f"{written(one.low)}..{written(one.high)}"
        row = _row(one.pk, one.since, "range", one.item, value, one.recorded_by_id)
        yield row | {"unit": catalogue.item(one.item).unit}


def states(cycle: Cycle) -> Iterator[Row]:
    for fact in Fact.objects.current().filter(cycle=cycle):
        row = _row(
            fact.pk, fact.at, fact.kind, fact.code, fact.value, fact.recorded_by_id
        )
        yield row | {"unit": fact.unit, "until": fact.until}


def _row(
    line: int, at: datetime, kind: str, code: str, value: str, by: int | None = None
) -> Row:
    return {
        "line": line,
        "at": at,
        "kind": kind,
        "code": code,
        "value": value,
        "by": by,
    }
