"""How a part of a knowledge file is said: a label for a code, a unit for a number.

A part that has no words here is printed as it stands, so that nothing is left out.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from monitor.clinical.answers.topics import TOPICS
from monitor.clinical.criteria.library import QUESTIONS
from monitor.clinical.items.catalogue import ITEMS, TREATMENTS
from monitor.clinical.patterns import PATTERNS
from monitor.clinical.patterns import rooms as ROOMS
from monitor.clinical.said.saying import NAMES
from monitor.clinical.signs import SIGNS
from monitor.clinical.thresholds import SOURCES, THRESHOLDS
from monitor.trials.knowledge import printed_units, threshold_unit, unit_word

__all__ = ["ROOMS", "line_words", "part_name", "plain", "words"]

DIRECTIONS = {"<=": "≤", ">=": "≥", "=": ""}
TWICE = "_twice"
# Parts that hold a number, and its unit; of the others the unit is that of the item.
HOURS = {
    *("hours", "current", "tight", "tight_low", "gate", "gate_weekly", "zero_hours"),
    *("held_hours", "after_dose_hours"),
}
UNIT_OF = {
    "percent": "%",
    "fall_percent_below": "%",
    "base": "%",
    "per_liter": "%",
    "per_hour": "mL/h",
}
OF_ITEM = {
    *("low", "high", "by", "fall", "below", "previous_above", "nonzero_low", "to"),
    *("value", "at_most", "over_baseline", "fall_below", "before_dose_below"),
}
# Of the flow through a device, and of what a protocol expects after a dose.
UNIT_IN = {
    "flow": "L/min",
    "fever": "Cel",
    "chills": "{CTCAE}",
    "heart_rate": "/min",
    "pressure": "mm[Hg]",
}
# Parts whose text is a code, or codes.
LABELS: dict[str, Mapping[str, str]] = {
    # One key of several organs: the topic beside it says which.
    "patterns": {one.key: one.title for one in PATTERNS.values()}
    | {"immune_organ": "Organ injury"},
    "topic": {one.name: one.title for one in TOPICS},
    "ask": {code: one.asks for code, one in QUESTIONS.items()},
    "source": {key: one.short for key, one in SOURCES.items()},
    "worse": {"low": "lower", "high": "higher"},
}
ITEM_WORDS = NAMES | {code: item.short for code, item in ITEMS.items()}
TREATMENT_WORDS = {code: one.label for code, one in TREATMENTS.items()}
for _part in ("item", "items", "follows", "not_above", "made_from", "recorded"):
    LABELS[_part] = ITEM_WORDS
LABELS["earlier"] = ITEM_WORDS
for _part in ("treatment", "treatments", "given"):
    LABELS[_part] = TREATMENT_WORDS
THRESHOLD_PARTS = ("line", "from", "to")
# What an item is compared with, in the order in which it is said.
COMPARED = ("item", "measure", "direction", "value", "line", "sign")
# What another part says already.
SAID_WITH = {"code": "label", "unit": "value"}
SILENT = {"hours", "label", "text", "says", "ask", "line", "sign", "items"}
# Parts whose name in the file is no word of the ward.
PART_NAMES = {"arm": "finding"}
# Tables of which the values alone speak: a code, and its label.
CODED = ("codes", "answers")
# Lists of pairs: from such a flow on, such a fraction.
PAIRS = ("by_flow",)


def line_words(key: str) -> str:
    """`< 90 mmHg` of the threshold's key."""
    one = THRESHOLDS[key]
    sign = DIRECTIONS.get(one.direction, one.direction)
    return f"{sign} {one.value:g} {threshold_unit(key)}".strip()


def part_name(key: str, value: Any) -> str:
    """A part's name in words, without the unit that its value is printed with."""
    if isinstance(value, str):
        return PART_NAMES.get(key, key.replace("_", " "))
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return plain(re.sub("_(minutes|hours|days)$", "", key) if number else key)


def plain(name: str) -> str:
    """A key in words; of an item or a treatment its label."""
    if name in ITEMS:
        return ITEMS[name].label
    if name in TREATMENTS:
        return TREATMENTS[name].label
    return name.replace("_", " ")


def words(key: str, value: Any, unit: str = "") -> str:
    """One part of an entry. `unit`: that of the item, or of the scale, it is of."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, Mapping):
        return _table(key, value, unit)
    if isinstance(value, list):
        return _list(key, value, unit)
    if isinstance(value, int | float):
        return _number(key, value, unit)
    return _text(key, value)


def _text(key: str, value: str) -> str:
    if key in THRESHOLD_PARTS and value in THRESHOLDS:
        return line_words(value)
    if key == "sign":
        says = SIGNS[value.removesuffix(TWICE)].says
        return f"{says}, {_('read twice')}" if value.endswith(TWICE) else says
    if key in ("unit", "units"):
        return unit_word(value)
    if key == "direction":
        return DIRECTIONS.get(value, value)
    if key in LABELS:
        return LABELS[key].get(value, value)
    coded = value.islower() and "_" in value
    return value.replace("_", " ") if coded else value


def _number(key: str, value: float, unit: str) -> str:
    number = f"{value:g}" if isinstance(value, float) else str(value)
    if key in HOURS or key.endswith("_hours"):
        return f"{number} h"
    if key.endswith("_minutes"):
        return f"{number} min"
    if key.endswith("_days"):
        return f"{number} d"
    if key in OF_ITEM and unit == "{CTCAE}":
        return f"{unit_word(unit)} {number}"
    if key in OF_ITEM:
        return f"{number} {unit_word(unit)}".strip()
    if key in UNIT_OF:
        return f"{number} {UNIT_OF[key]}"
    # Amounts stand under their unit.
    return f"{number} {unit_word(key)}" if key in printed_units() else number


def _table(key: str, value: Mapping[str, Any], unit: str) -> str:
    if key in CODED:
        return ", ".join(str(one) for one in value.values())
    own = str(value.get("unit", UNIT_IN.get(key, unit)))
    said = _comparison(value, own)
    for name, told in value.items():
        silent = name in SAID_WITH and SAID_WITH[name] in value
        if not silent and not (name in COMPARED and "item" in value):
            said.append(_named(name, told, own))
    return ", ".join(filter(None, said))


def _comparison(value: Mapping[str, Any], unit: str) -> list[str]:
    """`RR ≥ 22 /min`: an item with what it is compared with, as one."""
    if "item" not in value:
        return []
    item = words("item", value["item"])
    told = [words(name, value[name], unit) for name in COMPARED[1:] if name in value]
    return [f"{item}: {told[0]}" if "sign" in value else " ".join([item, *told])]


def _named(name: str, told: Any, unit: str) -> str:
    """What a unit or a label tells by itself is not named again."""
    said = words(name, told, unit)
    silent = name in SILENT or name in printed_units()
    return said if silent or not said else f"{part_name(name, told)} {said}"


def _list(key: str, value: list[Any], unit: str) -> str:
    if key in PAIRS and value and not any(isinstance(one, list) for one in value):
        flow, fraction = value
        return f"{flow:g} L/min → {fraction:g} %"
    if all(isinstance(one, str) for one in value):
        return ", ".join(filter(None, (words(key, one) for one in value)))
    return "; ".join(words(key, one, unit) for one in value)
