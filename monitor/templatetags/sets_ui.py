"""The cells of the table of sets: each value leads to its history and correction."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitor.bedside.courses import Course
from monitor.bedside.panels import NEEDED, PRESSURE, PRESSURES
from monitor.clinical.items import catalogue
from monitor.episodes.graded import Graded, InSet
from monitor.episodes.shapes import EpisodeRow, SetRow, Value
from monitor.episodes.wording import number_text
from monitor.templatetags.bedside_ui import reading_words

register = template.Library()

CORRECT = "correct"
ASK = "ask"
#: Items with a column of their own; the oxygen is one column.
OXYGEN = ("OXYGEN_DEVICE", "OXYGEN_FLOW", "FIO2")
COLUMNS = {"TEMP", "HR", "OXYSAT", "RESP", "ACVPU", *PRESSURES, *OXYGEN}
SHORT = {"room_air": gettext_lazy("air")}


@register.filter
def is_vital(row: SetRow) -> bool:
    """Whether a set holds a value of the columns."""
    return bool(COLUMNS & {*row.values, *row.struck})


def cell(
    context: dict[str, Any], row: SetRow, item: str, text: str = "", unit: str = ""
) -> Any:
    """What components/set_cell.html reads; nothing measured is a dash or *missing*.

    `unit` is said behind the value where no column's head says it.
    """
    value = row.values.get(item)
    reading = row.readings.get(item)
    gone = row.struck.get(item)
    return {
        "text": text or (value.text if value else ""),
        "unit": unit,
        "past": value.past if value else "",
        "grade": grade_of(context, row, item) if value else None,
        "url": correction(context, reading),
        "corrected": item in row.corrected,
        "before": value.before if value else "",
        "struck": reading_words(gone) if gone else "",
        "struck_url": correction(context, gone),
        "typed": typed_elsewise(value) if not text else "",
        "missing": not value and is_gap(context, row, item),
    }


def grade_of(context: dict[str, Any], row: SetRow, item: str) -> InSet | None:
    """The CTCAE grade of a value; in a column only one that is met, as the rest is

    said once beside the last values.
    """
    graded = context.get("graded")
    found: InSet | None = graded.sets.get((item, row.at)) if graded else None
    return None if found and item in COLUMNS and not found.grade else found


def typed_elsewise(value: Value | None) -> str:
    """`100.3 °F` where that is what stands behind 37.9: typed in another unit."""
    if value is None:
        return ""
    unit = value.typed.partition(" ")[2]
    return value.typed if unit and unit != value.unit else ""


def is_gap(context: dict[str, Any], row: SetRow, item: str) -> bool:
    """Needed, and left out of the newest set without a word why."""
    newest = context.get("forloop", {}).get("first", False)
    asked = (PRESSURE if item in PRESSURES else item) in NEEDED
    return newest and asked and is_vital(row) and item not in row.not_done


def correction(context: dict[str, Any], reading: Any) -> str:
    """Where a value leads: to its correction, or to a question about it."""
    may, code = context["may"], context["participant"].code
    if reading is not None and CORRECT in may:
        return reverse("correct-reading", args=[code, reading.pk])
    if reading is not None and ASK in may:
        return f"{reverse('ask', args=[code])}?about=reading:{reading.pk}"
    return ""


@register.inclusion_tag("components/set_cell.html", takes_context=True)
def set_cell(context: dict[str, Any], row: SetRow, item: str, unit: str = "") -> Any:
    """One value of a set. ACVPU is its letter, a symptom its grade."""
    value = row.values.get(item)
    if value and item == "ACVPU":
        letters = {one.label: one.code for one in catalogue.item(item).options}
        return cell(context, row, item, letters.get(value.text, value.text))
    return cell(context, row, item, unit=unit)


@register.inclusion_tag("components/pressure_cell.html", takes_context=True)
def pressure_cell(context: dict[str, Any], row: SetRow) -> Any:
    """Systolic and diastolic, each with its own correction."""
    upper, lower = (cell(context, row, item) for item in PRESSURES)
    return {"upper": upper, "lower": lower}


@register.inclusion_tag("components/set_cell.html", takes_context=True)
def oxygen_cell(context: dict[str, Any], row: SetRow) -> Any:
    """`air`, `Nasal cannula 4`: the device with its flow or fraction."""
    device = row.values.get("OXYGEN_DEVICE")
    if device is None:
        return cell(context, row, "OXYGEN_DEVICE")
    reading = row.readings["OXYGEN_DEVICE"]
    parts = [str(SHORT.get(reading.choice, device.text))]
    for item, words in (("OXYGEN_FLOW", _("%s L/min")), ("FIO2", _("FiO₂ %s %%"))):
        if item in row.values:
            number = row.values[item].text
            whole = number_text(item, float(number)).removesuffix(".0")
            parts.append(words % whole)
    return cell(context, row, "OXYGEN_DEVICE", ", ".join(parts))


@register.filter
def others_of(row: SetRow) -> list[tuple[str, str, str]]:
    """(item, words, unit) of what has no column: symptoms present, laboratory, weight.

    Symptoms that were asked and not there are one count: see `none_of`.
    """
    shown = (one for one in row.values.items() if one[0] not in COLUMNS)
    there = [
        (item, *words_round(item, value))
        for item, value in shown
        if not is_absent(item, value)
    ]
    gone = (item for item in row.struck if item not in COLUMNS)
    return there + [(item, catalogue.item(item).short, "") for item in gone]


def words_round(item: str, value: Value) -> tuple[str, str]:
    """What stands before a value and after it: `Chills grade` 2, `Alb` 37 `g/L`."""
    known = catalogue.ITEMS.get(item)
    if known is None:
        return item, value.unit
    if known.kind == "symptom":
        return _("%(symptom)s grade") % {"symptom": known.short}, ""
    return known.short, value.unit


@register.filter
def has_more(row: SetRow) -> bool:
    """Whether a set holds more than its columns show."""
    others = {*row.values, *row.struck} - COLUMNS
    return bool(others or row.not_done or row.held or row.note)


@register.filter
def none_of(row: SetRow) -> int:
    """How many symptoms were asked and not there."""
    return sum(is_absent(item, value) for item, value in row.values.items())


def is_absent(item: str, value: Value) -> bool:
    known = catalogue.ITEMS.get(item)
    symptom = known is not None and known.kind == "symptom"
    return symptom and value.text in ("0", "0.0")


@register.simple_tag
def grade_text(graded: Graded, course: Course) -> str:
    """What the present grade of a symptom says: NCI's words where loaded, else ours."""
    return graded.wording.of_item(course.item, course.grade)


# Episodes


@register.filter
def episode_url(row: EpisodeRow | None) -> str:
    return reverse("episode", args=[row.id]) if row else ""


@register.filter
def open_first(rows: list[EpisodeRow]) -> list[EpisodeRow]:
    """Open episodes first, the newest of each first."""
    return sorted(rows, key=lambda row: (row.closed, -row.since.timestamp()))
