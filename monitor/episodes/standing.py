"""Which stored steps still stand beside a new assessment, and what has to be added.

Pure: lines and spans in, a plan out. `actions` carries the plan out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.clinical.said import evidence

END_OF_TIME = datetime.max.replace(tzinfo=UTC)

# The answer and the values it rests on, not the words in which both are said: a better
# sentence in a later version must not withdraw what a person was shown.
ANSWER = (
    "at",
    "level",
    "expected",
    "held_since",
    "status",
    "grades",
    "max_grades",
    "at_least",
    "if_attributed",
    "patterns",
    "danger",
)
GROUND = ("pattern", "sign", "answer", "item", "value", "unit", "typed", "at")
UNSUPPORTED = "unsupported"


def moment(value: str | datetime) -> datetime:
    """An aware moment from a line's ISO text, or the moment itself."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def digest(line: Mapping[str, Any]) -> str:
    """SHA-256 of what a line answers and of the values under it."""
    kept: dict[str, Any] = {key: line.get(key) for key in ANSWER}
    kept["missing"] = sorted(str(row.get("item")) for row in line.get("missing") or ())
    kept["evidence"] = [
        {key: row.get(key) for key in GROUND}
        for row in line.get("evidence") or ()
        if not evidence.restates(row)
    ]
    kept[UNSUPPORTED] = bool(line.get(UNSUPPORTED))
    text = json.dumps(kept, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def closes(line: Mapping[str, Any]) -> bool:
    """Whether an episode ends with this line."""
    return bool((line.get("fold") or {}).get("closes"))


TURNING = ("level", "status", "grades", "max_grades")


def turns(lines: Sequence[Mapping[str, Any]]) -> list[Any]:
    """The lines of an episode that make a step: a level, status or grade changed."""
    kept: list[Any] = []
    for line in lines:
        said = [line.get(key) for key in TURNING]
        if not kept or closes(line) or said != [kept[-1].get(key) for key in TURNING]:
            kept.append(line)
    return kept


@dataclass(frozen=True)
class Span:
    """An episode in time; `closed_at` None is open. `digests` of its steps, in order.

    `ref` is whatever the caller needs to find it again.
    """

    ref: Any
    opened_at: datetime
    closed_at: datetime | None
    digests: tuple[str, ...] = ()

    @property
    def end(self) -> datetime:
        return self.closed_at or END_OF_TIME

    def overlap(self, other: Span) -> timedelta:
        """How long both last; negative when they do not touch."""
        return min(self.end, other.end) - max(self.opened_at, other.opened_at)


@dataclass(frozen=True)
class Plan:
    """`same`: (stored, computed) pairs; what has no partner stands alone."""

    same: list[tuple[Span, Span]] = field(default_factory=list)
    new: list[Span] = field(default_factory=list)
    unsupported: list[Span] = field(default_factory=list)


def pair(stored: Sequence[Span], computed: Sequence[Span]) -> Plan:
    """Each stored episode with at most one computed one: same start, else most overlap.

    Both belong to one (family, topic) of one cycle.
    """
    touching = [(old, new) for old in stored for new in computed if _touch(old, new)]
    touching.sort(key=_closest)
    plan, taken = Plan(), set()
    for old, new in touching:
        if id(old) not in taken and id(new) not in taken:
            plan.same.append((old, new))
            taken |= {id(old), id(new)}
    plan.new.extend(new for new in computed if id(new) not in taken)
    plan.unsupported.extend(old for old in stored if id(old) not in taken)
    return plan


def _touch(old: Span, new: Span) -> bool:
    return old.opened_at == new.opened_at or old.overlap(new) > timedelta(0)


def _closest(couple: tuple[Span, Span]) -> tuple[bool, timedelta, datetime]:
    old, new = couple
    return old.opened_at != new.opened_at, -old.overlap(new), new.opened_at


def difference(
    stored: Sequence[str], computed: Sequence[str]
) -> tuple[list[int], list[int]]:
    """Positions of stored steps that fall, and of computed steps that are added.

    A step is the same when its digest is, whatever stands between.
    """
    falls = [place for place, one in enumerate(stored) if one not in set(computed)]
    added = [place for place, one in enumerate(computed) if one not in set(stored)]
    return falls, added
