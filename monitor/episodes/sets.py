"""One set as a row of the table: readings come loaded as `standing`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import Any

from monitor.bedside.models import Observation, Reading
from monitor.clinical.items import passing
from monitor.clinical.study.protocol import Lines
from monitor.clinical.thresholds import THRESHOLDS
from monitor.episodes import wording
from monitor.episodes.shapes import SetRow, Value
from monitor.trials.models import User

LATE = timedelta(minutes=THRESHOLDS["late_entry_minutes"].value)
HELD = Reading.Check.HELD
SITE = "TEMP_SITE"


def lag_of(one: Observation, readings: Iterable[Any]) -> timedelta | None:
    """How long after it could be written it was written, where that is long.

    An amount can be written when its period has ended, a laboratory value when it was
    reported.
    """
    ends = [reading.until for reading in readings if reading.until]
    lag = one.recorded_at - max([one.reported_at or one.observed_at, *ends])
    return lag if lag > LATE else None


def filled(observations: Sequence[Observation], readings: Sequence[Any]) -> None:
    """Give each set its readings as `standing`, what was struck out as `struck`.

    Every row gets its author.

    A long cycle has few authors and many rows: a person is read once, not with each.
    """
    people = User.objects.in_bulk(
        {one.recorded_by_id for one in (*observations, *readings)}
    )
    before = Reading.objects.in_bulk(
        {one.supersedes_id for one in readings if one.supersedes_id}
    )
    standing: dict[int, list[Any]] = defaultdict(list)
    struck: dict[int, list[Any]] = defaultdict(list)
    for reading in readings:
        reading.recorded_by = people[reading.recorded_by_id]
        if reading.supersedes_id:
            reading.supersedes = before[reading.supersedes_id]
        place = struck if reading.voided else standing
        place[reading.observation_id].append(reading)
    for one in observations:
        one.recorded_by = people[one.recorded_by_id]
        one.standing = standing[one.pk]  # type: ignore[attr-defined]
        one.struck = struck[one.pk]  # type: ignore[attr-defined]


def set_row(one: Observation, lines: Lines) -> SetRow:
    """The row of a set; `lines` are the thresholds in force, for marking values."""
    readings = one.standing  # type: ignore[attr-defined]
    values, not_done, held = {}, {}, {}
    for reading in readings:
        if reading.state != Reading.State.VALUE:
            not_done[reading.item] = reading.not_done_reason or reading.state
        elif reading.check_state == HELD:
            held[reading.item] = reading.check_reason
        else:
            values[reading.item] = value_of(reading, lines)
    return SetRow(
        id=one.pk,
        at=one.observed_at,
        recorded_at=one.recorded_at,
        by=one.recorded_by.initials or one.recorded_by.username,
        source=one.source,
        lag=lag_of(one, readings),
        values=values,
        not_done=not_done,
        held=held,
        corrected={row.item for row in readings if row.supersedes_id},
        note=one.note,
        laboratory=one.laboratory,
        reported_at=one.reported_at,
        readings={row.item: row for row in readings},
        struck={row.item: row for row in one.struck},  # type: ignore[attr-defined]
    )


def with_sites(rows: Sequence[SetRow]) -> list[SetRow]:
    """The same rows, newest first, each saying whether the temperature's site changed.

    A tenth more may be the ear after the mouth: shown, and never corrected (R13).
    """
    told, last = [], ""
    for row in reversed(rows):
        site = row.values[SITE].text if SITE in row.values else ""
        moved = bool(site and last and site != last)
        told.append(replace(row, site_was=last) if moved else row)
        last = site or last
    return told[::-1]


def value_of(reading: Any, lines: Lines) -> Value:
    """A reading's value, marked by the thresholds in force, `lines`."""
    by = reading.recorded_by.initials or reading.recorded_by.username
    written = f"{reading.typed} {reading.typed_unit}".strip()
    number, choice = reading.number, reading.choice
    value = value_said(reading.item, number, choice, written, by, lines)
    if reading.until:
        value = replace(value, until=reading.until)
    if reading.supersedes_id:
        value = replace(value, before=text_of(reading.supersedes))
    return value


@lru_cache(maxsize=8192)
def value_said(
    item: str, number: float | None, choice: str, written: str, by: str, lines: Lines
) -> Value:
    """A long cycle says the same value by the same person hundreds of times."""
    text = wording.number_text(item, choice or number, written)
    unit, typed = wording.unit_label(item), wording.typed_text(item, written)
    return Value(
        item=item,
        text=text,
        unit=unit,
        typed=typed,
        by=by,
        past=passing.level(item, number, lines),
        otherwise="" if typed == f"{text} {unit}" else typed,
        number=number,
        choice=choice,
    )


def text_of(reading: Any) -> str:
    typed = f"{reading.typed} {reading.typed_unit}".strip()
    return wording.number_text(reading.item, reading.choice or reading.number, typed)
