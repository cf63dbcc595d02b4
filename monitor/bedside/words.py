"""A reading as one text: for the audit trail and wherever two are compared."""

from monitor.bedside.entry import NewReading
from monitor.bedside.models import Reading
from monitor.clinical.items import catalogue, entry

State = Reading.State
#: Between a symptom's grade and its onset.
BEGAN = " began "


def reading_text(reading: Reading | NewReading) -> str:
    """`39.1 Cel`, `39.1 Cel (typed 391)`, `nasal_cannula`, `not done: refused`,

    `2 {CTCAE} v5 began 2026-11-19T14:00:00+00:00`.

    Codes and UCUM as they are stored: the page puts them into words.
    """
    if reading.state == State.NOT_DONE:
        return f"not done: {reading.not_done_reason}"
    if reading.state == State.UNRECORDABLE:
        return "tried, unrecordable"
    if reading.choice:
        return reading.choice
    began = f"{BEGAN}{reading.began_at.isoformat()}" if reading.began_at else ""
    version = f" {reading.ctcae}" if reading.ctcae else ""
    return f"{number_text(reading)}{version}{began}"


def number_text(reading: Reading | NewReading) -> str:
    """As typed where that alone gives the number, else both."""
    unit = reading.typed_unit or reading.unit
    plain = entry.judge(reading.item, reading.typed, unit)
    if plain.number == reading.number:
        return f"{reading.typed} {unit}".strip()
    typed = f" (typed {reading.typed})" if reading.typed else ""
    return f"{reading.number:.10g} {reading.unit}{typed}"


def label_of(item: str) -> str:
    """The item's name on a screen; an unknown code as it is."""
    known = catalogue.ITEMS.get(item)
    return known.label if known else item
