"""The cells of the table of sets: each value leads to its history and correction."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitor.bedside.panels import NEEDED, PRESSURE, PRESSURES
from monitor.clinical import catalogue
from monitor.episodes.shapes import EpisodeRow, SetRow, Value
from monitor.episodes.wording import number_text

register = template.Library()

CORRECT = "correct"
#: Items with a column of their own; the oxygen is one column.
OXYGEN = ("OXYGEN_DEVICE", "OXYGEN_FLOW", "FIO2")
COLUMNS = {"TEMP", "HR", "OXYSAT", "RESP", "ACVPU", *PRESSURES, *OXYGEN}
SHORT = {"room_air": gettext_lazy("air")}


@register.filter
def is_vital(row: SetRow) -> bool:
    """Whether a set holds a value of the columns."""
    return bool(COLUMNS & set(row.values))


def cell(context: dict[str, Any], row: SetRow, item: str, text: str = "") -> Any:
    """What components/set_cell.html reads; nothing measured is a dash or *missing*."""
    value = row.values.get(item)
    reading = row.readings.get(item)
    return {
        "text": text or (value.text if value else ""),
        "past": value.past if value else "",
        "url": correction(context, reading),
        "corrected": item in row.corrected,
        "missing": not value and is_gap(context, row, item),
    }


def is_gap(context: dict[str, Any], row: SetRow, item: str) -> bool:
    """Needed, and left out of the newest set without a word why."""
    newest = context.get("forloop", {}).get("first", False)
    asked = (PRESSURE if item in PRESSURES else item) in NEEDED
    return newest and asked and is_vital(row) and item not in row.not_done


def correction(context: dict[str, Any], reading: Any) -> str:
    if reading is None or CORRECT not in context["may"]:
        return ""
    code = context["participant"].code
    return reverse("correct-reading", args=[code, reading.pk])


@register.inclusion_tag("components/set_cell.html", takes_context=True)
def set_cell(context: dict[str, Any], row: SetRow, item: str) -> Any:
    """One value of a set. ACVPU is its letter, a symptom its grade."""
    value = row.values.get(item)
    if value and item == "ACVPU":
        letters = {one.label: one.code for one in catalogue.item(item).options}
        return cell(context, row, item, letters.get(value.text, value.text))
    return cell(context, row, item)


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
    return [
        (item, *words_round(item, value))
        for item, value in shown
        if not is_absent(item, value)
    ]


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
    others = set(row.values) - COLUMNS
    return bool(others or row.not_done or row.held or row.note)


@register.filter
def none_of(row: SetRow) -> int:
    """How many symptoms were asked and not there."""
    return sum(is_absent(item, value) for item, value in row.values.items())


def is_absent(item: str, value: Value) -> bool:
    known = catalogue.ITEMS.get(item)
    symptom = known is not None and known.kind == "symptom"
    return symptom and value.text in ("0", "0.0")


# Episodes


@register.filter
def episode_url(row: EpisodeRow | None) -> str:
    return reverse("episode", args=[row.id]) if row else ""


@register.filter
def open_first(rows: list[EpisodeRow]) -> list[EpisodeRow]:
    """Open episodes first, the newest of each first."""
    return sorted(rows, key=lambda row: (row.closed, -row.since.timestamp()))
