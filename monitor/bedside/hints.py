"""What the entry page's script is told, to say sooner what the server will say.

The contract of `data-limits` stands on top of static/js/entry-limits.js.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from monitor.bedside.lasts import Last
from monitor.clinical.items import censored, entry, spoken, units
from monitor.clinical.items.limits import NEARER
from monitor.clinical.items.model import Conversion, Item, Jump, Limits
from monitor.clinical.thresholds import THRESHOLDS

#: Threshold key -> its value under the protocol in force.
Lines = Mapping[str, float]

#: Item -> the thresholds that are named beside its field while it is typed.
NAMED_LINES: Mapping[str, tuple[str, ...]] = {
    "TEMP": ("fever",),
    "SYSBP": ("sbp_low",),
    "HR": ("hr_high", "hr_very_low"),
    "RESP": ("rr_high", "rr_very_low"),
    "OXYSAT": ("spo2_low",),
}


def limits_of(
    item: Item,
    last: Last | None,
    lines: Lines,
    now: datetime,
    offered: Iterable[str] = (),
) -> dict[str, Any]:
    """`offered`: the units between which the page lets the person choose."""
    told = {
        "hard": _bounds(item.hard),
        "confirm": _bounds(item.confirm),
        "soft": _bounds(item.soft),
        "least": item.soft.nonzero_low,
        "jump": jump_of(item, last, now),
        "shorthand": item.shorthand,
        "beyond": censored.takes(item),
        "whole": words_whole(item),
        "hard_words": hard_words(item),
        "lines": [_line(item, key, lines) for key in NAMED_LINES.get(item.code, ())],
        "nearer": NEARER,
        "said": spoken.spellings(item.units[item.unit]) if item.unit else (),
        "units": {unit: _unit(item.units[unit]) for unit in offered},
    }
    if not told["units"]:
        del told["nearer"]
    return {key: value for key, value in told.items() if value}


def _bounds(limits: Limits) -> list[float | None] | None:
    if limits.low is None and limits.high is None:
        return None
    return [limits.low, limits.high]


def jump_of(item: Item, last: Last | None, now: datetime) -> float | None:
    """The smallest change since the last value that asks, if that is near enough."""
    if last is None or last.number is None:
        return None
    hours = (now - last.at).total_seconds() / 3600
    sizes = [_size(jump, last.number) for jump in item.jumps if hours <= jump.hours]
    return min((size for size in sizes if size), default=None)


def _size(jump: Jump, before: float) -> float | None:
    if jump.by is not None:
        return jump.by
    return None if jump.percent is None else before * jump.percent / 100


def hard_words(item: Item) -> str:
    """The sentence of the core for a value beyond what can be."""
    hard = item.hard
    beyond = (hard.low or 0) - 1 if hard.high is None else hard.high * 2 + 1
    if hard.high is None and hard.low is None:
        return ""
    return entry.judge(item.code, f"{beyond:.10g}", item.unit).sentence


def words_whole(item: Item) -> str:
    """The sentence of the core for a fraction of what is counted whole: `%typed`."""
    if not item.whole:
        return ""
    part = f"{(item.hard.low or 0) + 0.5:g}"
    said = entry.judge(item.code, part, item.unit)
    return said.template.format(**{**said.gaps, "typed": "%typed"})


def _line(item: Item, key: str, lines: Lines) -> dict[str, Any]:
    line = THRESHOLDS[key]
    value = lines.get(key, line.value)
    words = {
        "<": _("below the line of %(value)s"),
        "<=": _("at or below the line of %(value)s"),
        ">": _("above the line of %(value)s"),
        ">=": _("at or above the line of %(value)s"),
    }
    said = words[line.direction] % {"value": units.display(item, value)}
    return {"op": line.direction, "value": value, "words": said}


def _unit(unit: Conversion) -> dict[str, Any]:
    factor, offset = float(unit.factor), float(-unit.offset * unit.factor)
    return {
        "factor": factor,
        "offset": offset,
        "label": unit.label,
        "decimals": unit.decimals,
        "said": spoken.spellings(unit),
    }
