"""From the rows of the entry page, as they were typed, to readings.

Nothing is judged here: `bedside.entry` does, and what it says is placed beside the row
that it is about.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from monitor import localtime
from monitor.bedside import entry, reasons
from monitor.bedside.entry import NewReading
from monitor.bedside.fields import Field
from monitor.bedside.lasts import Last
from monitor.bedside.panels import PRESSURE, PRESSURES
from monitor.clinical.items import catalogue, pairs
from monitor.clinical.items.spoken import value_of
from monitor.refusal import Refused

ROW_OF = dict.fromkeys(PRESSURES, PRESSURE) | {"observed_at": "at"}


@dataclass(frozen=True)
class Moment:
    """When the readings were taken, and what was known before them."""

    at: datetime
    until: datetime | None
    lasts: Mapping[str, Last]
    zone: str
    now: datetime


def read_row(row: Field, moment: Moment) -> list[NewReading]:
    """The readings of a row; a refusal or a question is placed beside it."""
    if row.is_blank:
        return []
    try:
        return readings_of(row, moment)
    except Refused as refused:
        row.refuse(refused.sentence)
        row.other = getattr(refused, "unit", "")
        return []


def readings_of(row: Field, moment: Moment) -> list[NewReading]:
    items = PRESSURES if row.name == PRESSURE else (row.name,)
    if row.answer == reasons.UNRECORDABLE:
        return [entry.unrecordable(item) for item in items]
    if row.answer and not row.value:
        return [entry.not_done(item, row.answer) for item in items]
    texts = texts_of(row)
    read = [reading(item, text, row, moment) for item, text in texts.items()]
    ask(row, read)
    return read


def texts_of(row: Field) -> dict[str, str]:
    """Item -> what was typed for it: a pressure is two, or the systolic alone."""
    if row.name != PRESSURE:
        return {row.name: row.value}
    try:
        both = zip(PRESSURES, pairs.read_pressure(row.value), strict=True)
    except pairs.NotAPressure as error:
        said = _("Type the pressure as 112/64, or the systolic alone as 80.")
        raise Refused(said, PRESSURE) from error
    return {item: text for item, text in both if text}


def reading(item: str, text: str, row: Field, moment: Moment) -> NewReading:
    last = moment.lasts.get(item)
    return entry.read_reading(
        item,
        text,
        row.unit_value or None,
        last.previous if last else None,
        at=moment.at,
        until=moment.until,
        confirmed=is_kept(row),
        began_at=onset(row, moment),
    )


def onset(row: Field, moment: Moment) -> datetime | None:
    """When a symptom began, if that was typed."""
    if row.kind != "symptom" or not row.began:
        return None
    return localtime.read(row.began, moment.zone, moment.now, row.name)


def ask(row: Field, read: Iterable[NewReading]) -> None:
    """A soft check asks once: a yes is kept beside the value that it was for."""
    asked = [one.check_reason for one in read if one.check_reason]
    if asked and not is_kept(row):
        row.question = asked[0]
        row.other = next((one.suggested_unit for one in read if one.suggested_unit), "")


def compare(fields: Mapping[str, Field], readings: list[NewReading]) -> None:
    """Values that must agree: pressures, an oxygen flow and its device."""
    for item, fault in entry.faults(readings).items():
        row = fields[ROW_OF.get(item, item)]
        if fault.outcome == "refused":
            row.refuse(entry.said(fault))
        elif not is_kept(row):
            row.question = entry.said(fault)


def is_kept(row: Field) -> bool:
    """The person said yes to the question about this very value."""
    return bool(row.kept) and row.kept in (row.value, *spoken(row))


def spoken(row: Field) -> list[str]:
    """How the page's script may have written the same value: 391 as 39.1."""
    if row.name == PRESSURE:
        return ["/".join(filter(None, pairs.read_pressure(row.value)))]
    value = value_of(row.value, catalogue.item(row.name), row.unit_value)
    text = value.strip().replace(",", ".")
    return [text, f"{text[:-1]}.{text[-1:]}"] if text.isdigit() else [text]
