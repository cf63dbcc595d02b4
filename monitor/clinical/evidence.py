"""What an answer rests on: values as typed, their lines, and what is missing.

Everything here reads one row of the answered timeline, already a dict, for display.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.clinical import catalogue, infusions
from monitor.clinical.patterns import PATTERNS
from monitor.clinical.protocol import Protocol
from monitor.clinical.signs import SIGNS, Sign
from monitor.clinical.thresholds import SOURCES, THRESHOLDS
from monitor.clinical.topics import Topic

Row = Mapping[str, Any]
Typed = Mapping[tuple[str, datetime], tuple[str, str, str]]
UNITS = {"Cel": "°C", "mm[Hg]": "mmHg", "[degF]": "°F", "{CTCAE}": ""}
UNTYPED = (None, None, "")
DERIVED = {"WEIGHT_RISE": "WEIGHT", "URINE_8H": "URINE_OUTPUT"}


def iso(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


def sign_of(name: str) -> Sign:
    return SIGNS[name]


def threshold_text(key: str, protocol: Protocol) -> str:
    """The line as it is compared: '< 90 mm[Hg]'."""
    one = THRESHOLDS[key]
    return f"{one.direction} {protocol.lines[key]:g} {one.unit}"


def of_pattern(
    name: str, row: Row, typed: Typed, protocol: Protocol
) -> list[dict[str, Any]]:
    """An entry a sign of the pattern, true ones first (keys: contracts.md).

    `by`, `says` and `line` are for the screen: who typed it, the sign in words, and
    the threshold's key.
    """
    made = [
        of_sign(PATTERNS[name].key, sign_of(one), row, typed, protocol)
        for one in PATTERNS[name].signs
    ]
    return sorted(made, key=lambda one: one["answer"] is not True)


def of_sign(
    key: str, one: Sign, row: Row, typed: Typed, protocol: Protocol
) -> dict[str, Any]:
    at = row.get(f"at:{one.item}")
    like = DERIVED.get(one.item, one.item)
    written, unit, by = typed.get((like, at), UNTYPED) if at else UNTYPED
    return {
        "pattern": key,
        "sign": one.name,
        "answer": row.get(f"sign:{one.name}"),
        "item": one.item,
        "value": row.get(f"last:{one.item}"),
        "unit": catalogue.ITEMS[like].unit if like in catalogue.ITEMS else "",
        "typed": f"{written} {unit}".strip() if written is not None else None,
        "at": iso(at),
        "threshold": threshold_text(one.line, protocol),
        "source": SOURCES[THRESHOLDS[one.line].source].short,
        "by": by,
        "says": one.says,
        "line": one.line,
    }


def missing(topic: Topic, row: Row) -> list[dict[str, Any]]:
    """What the topic needs and has not: never, stale, not done, unrecordable, no

    baseline; `since` is the time of the last value, or of the answer that it was not.
    """
    found = []
    for item in topic.needs:
        gap = _gap(item, row)
        if gap:
            found.append(gap)
    gone = {one["item"] for one in found}
    for item in topic.baselines:
        if row.get("first_dose") and item not in gone and _no_baseline(item, row):
            found.append({"item": item, "why": "no_baseline", "since": None})
    return found + _behind_unknown(topic, row, {one["item"] for one in found})


def _behind_unknown(topic: Topic, row: Row, named: set[str]) -> list[dict[str, Any]]:
    """What else keeps a required pattern from an answer, each item once."""
    found = []
    for key in topic.asks:
        if row[f"pattern:{key}"] is not None or key not in PATTERNS:
            continue
        for need in PATTERNS[key].needs:
            item = DERIVED.get(need, need)
            if item in named:
                continue
            gap = _gap(item, row)
            if gap is None and row.get("first_dose") and _no_baseline(item, row):
                gap = {"item": item, "why": "no_baseline", "since": None}
            if gap:
                named.add(item)
                found.append(gap)
    return found


def _gap(item: str, row: Row) -> dict[str, Any] | None:
    if item == "OXYGEN_DEVICE" and row.get("now:SUPPORT") is not None:
        return None
    if row.get(f"now:{item}") is not None:
        return None
    at = row.get(f"at:{item}")
    for why in ("unrecordable", "not_done"):
        said = row.get(f"{why}:{item}")
        if said and (at is None or said > at):
            return {"item": item, "why": why, "since": iso(said)}
    if at is None:
        return {"item": item, "why": "never", "since": None}
    return {"item": item, "why": "stale", "since": iso(at)}


def _no_baseline(item: str, row: Row) -> bool:
    return row.get(f"base:{item}") is None


def of_pressors(key: str, row: Row) -> list[dict[str, Any]]:
    """Each vasopressor that runs, with its rate: it decides a grade like a value."""
    found = []
    for agent in infusions.AGENTS:
        if not row[f"on:{agent}"]:
            continue
        unit = {"dopamine": "ug/kg/min", "vasopressin": "[U]/min"}.get(agent, "ug/min")
        found.append(
            {
                "pattern": key,
                "sign": "vasopressor_running",
                "answer": True,
                "item": agent,
                "value": row[f"rate:{agent}"],
                "unit": unit,
                "typed": None,
                "at": iso(row["at"]),
                "threshold": "running",
                "source": SOURCES["S1"].short,
                "by": "",
                "says": "vasopressor running",
                "line": "",
            }
        )
    return found


def item_words(item: str) -> str:
    """How a person says an item or an agent: 'SpO₂', 'norepinephrine'."""
    like = DERIVED.get(item, item)
    if like in catalogue.ITEMS:
        return catalogue.ITEMS[like].short
    return item.replace("_", " ").lower()


def value_text(entry: Mapping[str, Any]) -> str:
    """A deciding value as a person says it: '39.1 °C', '36 g/L'; "" for none."""
    value, unit = entry["value"], UNITS.get(entry["unit"], entry["unit"])
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("_", " ")
    number = f"{value:.1f}".rstrip("0").rstrip(".")
    return f"{number} {unit}".strip()
