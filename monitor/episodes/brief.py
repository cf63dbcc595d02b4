"""What a row of the board needs of a cycle's last answer, cut from its summary.

The same keys with the same meaning, a tenth of the size, so that whoever reads a
summary reads a brief as well: what is due, the last values, what is open, what lacks.
No database; it can be cut again from the summary at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from monitor.clinical.due import present
from monitor.episodes.standing import UNSUPPORTED

Json = dict[str, Any]

#: The values that a row shows.
ITEMS = (
    "TEMP",
    "HR",
    "SYSBP",
    "DIABP",
    "OXYSAT",
    "RESP",
    "OXYGEN_DEVICE",
    "OXYGEN_FLOW",
)
WHOLE = (
    "last_set",
    "pressures",
    "place",
    "dose",
    "given",
    "first_given",
    "next_dose",
    "next_doses",
    "infusion_end",
    "low",
    "bolus",
    "arranged",
    "not_done",
)
OF_A_LINE = (
    "family",
    "topic",
    "level",
    "status",
    "held_since",
    "grades",
    "at_least",
    "danger",
    UNSUPPORTED,
)
OF_A_REASON = ("item", "value", "unit", "at", "answer")


def brief_of(summary: Mapping[str, Any]) -> Json:
    """The brief of a summary; {} of an empty one."""
    kept = {key: summary[key] for key in WHOLE if summary.get(key)}
    if current := summary.get("current"):
        kept["current"] = {
            item: last if item in ITEMS else {"at": last["at"]}
            for item, last in current.items()
        }
    before = summary.get("previous") or {}
    if previous := {item: _value(before[item]) for item in ITEMS if item in before}:
        kept["previous"] = previous
    if lines := [_line(one) for one in summary.get("lines") or () if _speaks(one)]:
        kept["lines"] = lines
    return kept


def _value(last: Json) -> Json:
    return {"value": last["value"]}


def _speaks(line: Json) -> bool:
    """Whether a row says anything of it: a clear topic only names what has lapsed."""
    return present.speaks(line) or any(_missing(line)) or any(_because(line))


def _line(line: Json) -> Json:
    made = {key: line[key] for key in OF_A_LINE if line.get(key)}
    lists = {
        "missing": list(_missing(line)),
        "evidence": list(_because(line)),
        "patterns": {key: True for key, met in _patterns(line) if met is True},
    }
    return made | {key: rows for key, rows in lists.items() if rows}


def _patterns(line: Json) -> Iterable[tuple[str, Any]]:
    return (line.get("patterns") or {}).items()


def _missing(line: Json) -> Iterator[Json]:
    """What it lacks; of a silent topic what has lapsed, for that marks a value."""
    wanted = present.wanted(line) if present.speaks(line) else ()
    for row in line.get("missing") or ():
        if row in wanted or (row["why"] == "stale" and row["item"] in ITEMS):
            yield row


def _because(line: Json) -> Iterator[Json]:
    """Each deciding value once."""
    seen = set()
    for row in line.get("evidence") or ():
        key = (row.get("item"), row.get("at"))
        if row.get("answer") is True and key not in seen:
            seen.add(key)
            yield {name: row.get(name) for name in OF_A_REASON}
