"""One set as a row of the table. No database: readings come loaded as `standing`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from monitor.bedside.models import Observation, Reading
from monitor.clinical import passing
from monitor.clinical.thresholds import THRESHOLDS
from monitor.episodes import wording
from monitor.episodes.shapes import SetRow, Value

LATE = timedelta(minutes=THRESHOLDS["late_entry_minutes"].value)
HELD = Reading.Check.HELD


def is_late(observed_at: object, recorded_at: object) -> bool:
    """Whether so much time lies between seeing and writing that both are shown."""
    return recorded_at - observed_at > LATE  # type: ignore[operator]


def set_row(one: Observation, lines: Mapping[str, float]) -> SetRow:
    """The row of a set; `lines` are the thresholds in force, for marking values."""
    readings = one.standing  # type: ignore[attr-defined]
    values, not_done, held = {}, {}, {}
    for reading in readings:
        if reading.state != Reading.State.VALUE:
            not_done[reading.item] = reading.not_done_reason or reading.state
        elif reading.check_state == HELD:
            held[reading.item] = reading.check_reason
        else:
            past = passing.level(reading.item, reading.number, lines)
            values[reading.item] = value_of(reading, past)
    return SetRow(
        id=one.pk,
        at=one.observed_at,
        recorded_at=one.recorded_at,
        by=one.recorded_by.initials or one.recorded_by.username,
        source=one.source,
        late=is_late(one.observed_at, one.recorded_at),
        values=values,
        not_done=not_done,
        held=held,
        corrected={row.item for row in readings if row.supersedes_id},
        note=one.note,
        readings={row.item: row for row in readings},
    )


def value_of(reading: Reading, past: str = "") -> Value:
    number = reading.choice or reading.number
    before = reading.supersedes
    return Value(
        item=reading.item,
        text=wording.number_text(reading.item, number),
        unit=wording.unit_label(reading.item),
        typed=wording.typed_text(
            reading.item, f"{reading.typed} {reading.typed_unit}".strip()
        ),
        by=reading.recorded_by.initials or reading.recorded_by.username,
        past=past,
        before=wording.number_text(reading.item, before.choice or before.number)
        if before
        else "",
    )
