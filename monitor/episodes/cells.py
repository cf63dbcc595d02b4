"""How immune cells rose and fell: each sample against the one before the first dose.

What the drug is meant to do tells the dose level, so it is shown to who sees that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from monitor.bedside.models import HiddenReading, Reading
from monitor.bedside.queries import FEEDING
from monitor.episodes import wording
from monitor.episodes.assessing import protocol_of
from monitor.episodes.rows import cycle_day
from monitor.trials.models import Cycle, Dose, Participant

CELLS = "cells"
SIX_DECIMALS = 6


class Count(NamedTuple):
    """One count of one kind of cell, in the item's canonical unit."""

    cycle: int
    at: datetime
    item: str
    number: float


@dataclass(frozen=True)
class Cell:
    """`fold`: over the baseline of its cycle; of a later baseline, over cycle 1's."""

    text: str
    fold: float | None = None


@dataclass(frozen=True)
class Sample:
    """What was counted of one sample. `day` is "" before the first dose."""

    cycle: int
    at: datetime
    day: str
    is_baseline: bool
    cells: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True)
class Cells:
    """`items`: (code, name and unit), as the protocol orders them.

    `hours`: how old a baseline is at most.
    """

    items: list[tuple[str, str]]
    samples: list[Sample]
    hours: float


def items_of(cycle: Cycle) -> list[str]:
    """The cells that the protocol has counted; [] where it has none."""
    routines = protocol_of(cycle).plan.routines
    return [item for one in routines if one.what == CELLS for item in one.items]


def cells_of(cycle: Cycle) -> Cells:
    """Every sample of the participant, of all cycles, oldest first. Four queries."""
    items = items_of(cycle)
    participant = cycle.participant
    numbers = dict(participant.cycles.values_list("pk", "number"))
    starts = first_doses(participant)
    zone = ZoneInfo(participant.site.time_zone)
    hours = protocol_of(cycle).lines["baseline_hours"]
    counts = [
        *charted(participant, items, numbers),
        *hidden(participant, items, numbers),
    ]
    samples = sampled(counts, starts, timedelta(hours=hours), zone)
    return Cells([(one, head(one)) for one in items], samples, hours)


def head(item: str) -> str:
    return f"{wording.item_label(item)}, {wording.unit_label(item)}"


def first_doses(participant: Participant) -> dict[int, datetime]:
    """Cycle number -> its first dose given."""
    given = Dose.objects.current().filter(
        cycle__participant=participant, status__in=Dose.GIVEN_STATES
    )
    rows = given.order_by("-given_at").values_list("cycle__number", "given_at")
    return {number: at for number, at in rows if at}


def charted(
    participant: Participant, items: Iterable[str], numbers: Mapping[int, int]
) -> list[Count]:
    rows = Reading.objects.current().filter(
        observation__cycle__participant=participant,
        observation__voided=False,
        observation__superseded_by__isnull=True,
        item__in=items,
        number__isnull=False,
        check_state__in=FEEDING,
    )
    told = rows.values_list(
        "observation__cycle_id", "observation__observed_at", "item", "number"
    )
    return [Count(numbers[pk], at, item, number) for pk, at, item, number in told]


def hidden(
    participant: Participant, items: Iterable[str], numbers: Mapping[int, int]
) -> list[Count]:
    """Those that the trial hides from who is blinded."""
    rows = HiddenReading.objects.current().filter(
        cycle__participant=participant, item__in=items
    )
    told = rows.values_list("cycle_id", "observed_at", "item", "number")
    return [Count(numbers[pk], at, item, number) for pk, at, item, number in told]


def sampled(
    counts: Iterable[Count],
    starts: Mapping[int, datetime],
    young: timedelta,
    zone: ZoneInfo,
) -> list[Sample]:
    """A sample for each cycle and moment; the last young one before a dose is its

    baseline, for each item by itself.
    """
    base: dict[tuple[int, str], Count] = {}
    ordered = sorted(counts, key=lambda one: (one.at, one.item))
    for one in ordered:
        start = starts.get(one.cycle)
        if start and start - young <= one.at <= start:
            base[one.cycle, one.item] = one
    first = min((number for number, _item in base), default=None)
    found: dict[tuple[int, datetime], dict[str, Cell]] = {}
    for one in ordered:
        cell = Cell(said(one), fold_of(one, base, first))
        found.setdefault((one.cycle, one.at), {})[one.item] = cell
    bases = {(one.cycle, one.at) for one in base.values()}
    return [
        Sample(
            cycle=cycle,
            at=at,
            day=day_words(starts.get(cycle), at, zone),
            is_baseline=(cycle, at) in bases,
            cells=cells,
        )
        for (cycle, at), cells in found.items()
    ]


def fold_of(
    one: Count, base: Mapping[tuple[int, str], Count], first: int | None
) -> float | None:
    """Over its cycle's baseline; a baseline itself over that of the first cycle."""
    own = base.get((one.cycle, one.item))
    if own == one:
        own = base.get((first, one.item)) if first and first != one.cycle else None
    if own is None or not own.number or one.at < own.at:
        return None
    return round(one.number / own.number, SIX_DECIMALS)


def said(one: Count) -> str:
    return wording.number_text(one.item, one.number)


def day_words(start: datetime | None, at: datetime, zone: ZoneInfo) -> str:
    """`D8`; "" before the first dose, or without one."""
    if start is None or at <= start:
        return ""
    return f"D{cycle_day(start.isoformat(), at, zone)}"
