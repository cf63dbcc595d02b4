"""What a chart is drawn from: every row of it, read before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import CycleState, Step
from monitor.episodes.shapes import SetValues
from monitor.treatments.models import Treatment
from monitor.trials.models import Cycle, Dose

CRS = "crs"


@dataclass(frozen=True)
class Source:
    """Everything a chart is made of: rows that stand, oldest first.

    `whole`: with the fluid balance and what the laboratory found, as a reviewer needs.
    `topic`: of which episodes the strip of grades is. `later`: the cycles that an event
    goes on in, whose sets, doses and treatments are here too.
    """

    cycle: Cycle
    state: CycleState
    sets: Sequence[SetValues]
    doses: Sequence[Dose]
    treatments: Sequence[Treatment]
    steps: Sequence[Step]
    zone: ZoneInfo
    now: datetime
    whole: bool = False
    topic: str = CRS
    later: Sequence[Cycle] = ()

    @property
    def breaks(self) -> list[datetime]:
        """Where a later cycle begins, over which no line is drawn."""
        return [one.opened_at for one in self.later]

    def of_cycle(self, pk: int) -> str:
        """`C2` of a row of that cycle, where rows of several are drawn; else ""."""
        known = {one.pk: one.number for one in (self.cycle, *self.later)}
        return f"C{known[pk]}" if self.later else ""

    @cached_property
    def thresholds(self) -> Mapping[str, float]:
        return protocol_of(self.cycle).lines

    @cached_property
    def scale(self) -> str:
        return protocol_of(self.cycle).scale

    @cached_property
    def said(self) -> dict[datetime, str]:
        """Every panel says the same moments: each is put into words once."""
        return {}

    def iso(self, at: datetime) -> str:
        found = self.said.get(at)
        if found is None:
            found = self.said[at] = at.astimezone(self.zone).isoformat()
        return found

    def maybe(self, at: datetime | None) -> str | None:
        return None if at is None else self.iso(at)
