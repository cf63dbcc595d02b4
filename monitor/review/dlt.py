"""The window in which a toxicity limits the dose, and where an event stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import Episode
from monitor.trials.models import Dose

FIRST_CYCLE = 1


@dataclass(frozen=True)
class Window:
    """`state`: none, not_started, open, over. `day` counts from 1."""

    state: str
    day: int | None = None
    days: int | None = None
    ends_at: datetime | None = None

    @property
    def counts(self) -> bool:
        """Whether an event that begins now can be dose-limiting."""
        return self.state == "open"


def window_of(episode: Episode, onset: datetime) -> Window:
    """Where the onset stands in the window of the protocol: in cycle 1 alone.

    It begins with the first dose given. The protocol names its length; else none is.
    """
    days = protocol_of(episode.cycle).document.get("dlt_window_days")
    if not days or episode.cycle.number != FIRST_CYCLE:
        return Window("none")
    given = Dose.objects.current().filter(cycle=episode.cycle, given_at__isnull=False)
    first = given.order_by("given_at").values_list("given_at", flat=True).first()
    return placed(first, int(days), onset)


def placed(first: datetime | None, days: int, onset: datetime) -> Window:
    if first is None or onset < first:
        return Window("not_started", days=days)
    ends_at = first + timedelta(days=days)
    day = (onset - first).days + 1
    return Window("open" if onset < ends_at else "over", day, days, ends_at)
