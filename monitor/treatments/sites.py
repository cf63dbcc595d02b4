"""The injections of a cycle as a page shows them, with how each site reacted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from monitor.bedside.models import Reading
from monitor.bedside.queries import FEEDING, current_readings
from monitor.treatments.injected import Injection
from monitor.trials.models import Cycle, Dose

#: The item that measures the site of a side.
SIZES = {"left": "SITE_SIZE_LEFT", "right": "SITE_SIZE_RIGHT"}
#: What the next site is most likely like: filled in from the last one.
LIKE = ("volume", "guidance", "anesthesia")


@dataclass(frozen=True)
class Site:
    """An injection; `size`: the largest that its side measured, in mm, until the side

    was injected again, and when.
    """

    injection: Injection
    size: float | None = None
    measured_at: datetime | None = None


def injections_of(cycle: Cycle) -> QuerySet[Injection]:
    """The injections that stand, newest first."""
    rows = Injection.objects.current().filter(cycle=cycle)
    return rows.select_related("recorded_by").order_by("-at", "-pk")


def sites_of(cycle: Cycle) -> list[Site]:
    """Two queries."""
    injections = list(injections_of(cycle))
    if not injections:
        return []
    read = current_readings(cycle).filter(
        item__in=SIZES.values(),
        number__isnull=False,
        check_state__in=FEEDING,
        observation__voided=False,
        observation__superseded_by__isnull=True,
    )
    return reacted(injections, read)


def reacted(injections: list[Injection], read: Iterable[Reading]) -> list[Site]:
    """`injections`: newest first."""
    found, sizes = [], list(read)
    again: dict[str, datetime] = {}
    for one in injections:
        largest = max(
            (
                reading
                for reading in sizes
                if reading.item == SIZES.get(one.side)
                and reading.observation.observed_at >= one.at
                and not (
                    one.side in again
                    and reading.observation.observed_at >= again[one.side]
                )
            ),
            key=lambda reading: reading.number or 0,
            default=None,
        )
        if largest is None:
            found.append(Site(one))
        else:
            found.append(Site(one, largest.number, largest.observation.observed_at))
        again[one.side] = one.at
    return found


def injection_in(cycle: Cycle, pk: int) -> Injection | None:
    """An injection of this cycle that stands."""
    return injections_of(cycle).filter(pk=pk).first()


def by_dose(cycle: Cycle) -> dict[tuple[str, int], list[Injection]]:
    """(agent, dose number) -> its injections, oldest first. One query."""
    found: dict[tuple[str, int], list[Injection]] = {}
    for one in reversed(list(injections_of(cycle))):
        found.setdefault((one.agent, one.number), []).append(one)
    return found


def of_dose(sites: Iterable[Site], dose: Dose) -> list[Site]:
    named = dose.agent, dose.number
    return [
        one for one in sites if (one.injection.agent, one.injection.number) == named
    ]
