"""A set in the table, its values, and what goes in and out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.clinical.care.balance import Balance


@dataclass(frozen=True, slots=True)
class Value:
    """The last value of one item. `past` is the level of the line that it passed.

    `otherwise`: as typed, where that is not the value and its unit as they are said.
    `number`, in the item's canonical unit, or `choice` is what it says; `until`: the
    end of the period that an amount covers.
    """

    item: str
    text: str = ""
    unit: str = ""
    typed: str = ""
    at: datetime | None = None
    by: str = ""
    stale: bool = False
    past: str = ""
    change: str = ""  # "up", "down", "same", or "" when one of the two is unknown
    before: str = ""
    not_done: str = ""  # the reason, or "unrecordable"
    otherwise: str = ""
    number: float | None = None
    choice: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SetValues:
    """What one set says, by item: as much as a chart needs of it.

    `values`: the current ones that feed. `not_done`: item -> reason.
    """

    at: datetime
    by: str
    values: dict[str, Value]
    not_done: dict[str, str]


@dataclass(frozen=True, slots=True)
class SetRow(SetValues):
    """One set in the table: current readings only, keyed by item.

    `lag`: how late it was recorded, if that was long after it was observed.
    `corrected`: the items that a correction changed. `struck`: item -> the reading
    that was entered in error.
    `site_was`: where the temperature was taken before, if that was elsewhere.
    """

    id: int
    recorded_at: datetime
    source: str
    lag: timedelta | None
    held: dict[str, str]
    corrected: set[str]
    note: str
    readings: dict[str, Any] = field(default_factory=dict)
    struck: dict[str, Any] = field(default_factory=dict)
    laboratory: str = ""
    reported_at: datetime | None = None
    site_was: str = ""


@dataclass(frozen=True)
class Fluids:
    """The fluid balance by shift and by ward's day, newest first; weights in kg.

    `base`: the weight of cycle day 1; `change` since then in kg and %.
    """

    shifts: list[Balance]
    days: list[Balance]
    weight: tuple[datetime, float] | None
    base: float | None
    change: tuple[float, float] | None
