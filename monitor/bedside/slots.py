"""Two people saved a set at nearly the same time: field by field, which value counts.

Both are kept, and each is assessed for its own moment. Of two values the one observed
last is the current one; of one time, the one saved last.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from monitor import clock
from monitor.bedside.models import Observation, Reading, Settlement
from monitor.bedside.queries import sets_of
from monitor.bedside.words import label_of
from monitor.trials.models import Cycle

SET = "set"
#: Who looks at the page sees what was saved so long ago; older pairs are history.
RECENT = timedelta(hours=24)


@dataclass(frozen=True)
class Pair:
    """One item as two people saved it; `counts` is the one that is current."""

    item: str
    first: Reading | None
    second: Reading | None

    @property
    def label(self) -> str:
        return label_of(self.item)

    @property
    def differs(self) -> bool:
        """Both have it, and not alike; what one alone has adds to the other."""
        if self.first is None or self.second is None:
            return False
        return said(self.first) != said(self.second)

    @property
    def counts(self) -> Reading | None:
        present = [one for one in (self.first, self.second) if one is not None]
        return max(present, key=rank, default=None)


def rank(reading: Reading) -> tuple[object, int]:
    return reading.observation.observed_at, reading.pk


def said(reading: Reading) -> tuple[object, ...]:
    return (reading.state, reading.number, reading.choice, reading.not_done_reason)


@dataclass(frozen=True)
class Twins:
    """Two sets of one slot, the one that was saved first first."""

    first: Observation
    second: Observation
    settled: Settlement | None = None

    @property
    def pairs(self) -> list[Pair]:
        """Every item of the two, in the order of the sets; differences first."""
        one, other = (readings_of(row) for row in (self.first, self.second))
        items = [*one, *(item for item in other if item not in one)]
        made = [Pair(item, one.get(item), other.get(item)) for item in items]
        return sorted(made, key=lambda pair: not pair.differs)

    @property
    def differences(self) -> list[Pair]:
        return [pair for pair in self.pairs if pair.differs]


def readings_of(row: Observation) -> dict[str, Reading]:
    """Item -> what stands of a set, as it was loaded."""
    readings: list[Reading] = row.current  # type: ignore[attr-defined]
    for reading in readings:
        reading.observation = row
    return {reading.item: reading for reading in readings}


def twins_of(rows: Iterable[Observation], minutes: float) -> list[Twins]:
    """The pairs of one slot by two people that differ, among sets that were loaded."""
    ordered = sorted(rows, key=lambda row: row.pk)
    near = timedelta(minutes=minutes)
    pairs = (
        Twins(one, other)
        for one, other in combinations(ordered, 2)
        if one.recorded_by_id != other.recorded_by_id
        and abs(one.observed_at - other.observed_at) <= near
    )
    return [pair for pair in pairs if pair.differences]


def unsettled(cycle: Cycle, minutes: float) -> list[Twins]:
    """What was saved twice of late and nobody has compared. Three queries."""
    rows = sets_of(cycle, SET).filter(recorded_at__gte=clock.now() - RECENT)
    found = twins_of(rows, minutes)
    done = Settlement.objects.current().filter(cycle=cycle) if found else ()
    known = {(row.first_id, row.second_id) for row in done}
    return [one for one in found if (one.first.pk, one.second.pk) not in known]


def twins(cycle: Cycle, first: int, second: int) -> Twins | None:
    """Two sets of a cycle by their ids, with how they were settled."""
    rows = {row.pk: row for row in sets_of(cycle, SET).filter(pk__in=(first, second))}
    if len(rows) != 2:
        return None
    one, other = (rows[pk] for pk in sorted(rows))
    told = Settlement.objects.current().filter(first=one, second=other)
    return Twins(one, other, told.select_related("recorded_by").first())
