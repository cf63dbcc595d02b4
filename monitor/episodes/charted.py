"""The sets, the treatments and the chart of a cycle, read for a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from monitor import clock
from monitor.bedside.models import Observation, Reading
from monitor.episodes import onward, sets
from monitor.episodes.assessing import protocol_of
from monitor.episodes.chart_source import CRS, Source
from monitor.episodes.charts import chart_json
from monitor.episodes.current import state_of
from monitor.episodes.models import Episode, TreatmentLink
from monitor.episodes.set_values import set_values
from monitor.episodes.shapes import EpisodeRow, SetRow, SetValues
from monitor.episodes.stored import episodes_of, rows_of_earlier, standing_of
from monitor.treatments.models import Treatment
from monitor.trials.blinding import shown
from monitor.trials.models import Cycle, Dose, User
from monitor.trials.queries import doses_of

Taken = TypeVar("Taken", bound=SetValues)


def sets_table(
    cycle: Cycle, limit: int | None = None, having: Iterable[str] = ()
) -> list[SetRow]:
    """The sets of a cycle, newest first, each with the readings that stand.

    What was struck out is beside them. `having`: only sets with one of these items.
    """
    taken = Observation.objects.current().filter(cycle=cycle)
    if having:
        some = Reading.objects.current().filter(item__in=having)
        taken = taken.filter(Exists(some.filter(observation=OuterRef("pk"))))
    taken = taken.order_by("-observed_at", "-pk")[:limit]
    observations = list(taken)
    last = Reading.objects.filter(superseded_by__isnull=True)
    readings = last.filter(observation__cycle=cycle)
    if limit is not None:
        readings = readings.filter(observation__in=[one.pk for one in observations])
    sets.filled(observations, list(readings))
    lines = protocol_of(cycle).lines
    return sets.with_sites([sets.set_row(one, lines) for one in observations])


def read_on(episode: Episode, row: EpisodeRow) -> list[Cycle]:
    """The later cycles that an episode goes on in; nearly always there is none."""
    return list(onward.read_on(episode, row.at if row.closed else None))


def sets_of(episode: Episode, row: EpisodeRow, later: Iterable[Cycle]) -> list[SetRow]:
    """The sets that an episode rests on, oldest first: of its cycle, and of the `later`

    ones until it is over.
    """
    return _until_over(episode, row, later, lambda cycle: sets_table(cycle)[::-1])


def values_of(
    episode: Episode, row: EpisodeRow, later: Iterable[Cycle]
) -> list[SetValues]:
    """The same sets as values alone."""
    return _until_over(episode, row, later, set_values)


def _until_over(
    episode: Episode,
    row: EpisodeRow,
    later: Iterable[Cycle],
    read: Callable[[Cycle], list[Taken]],
) -> list[Taken]:
    found = read(episode.cycle)
    for cycle in later:
        found += [one for one in read(cycle) if not row.closed or one.at <= row.at]
    return found


def doses_of_both(
    cycle: Cycle, later: Sequence[Cycle], until: datetime | None = None
) -> list[Dose]:
    """The doses of the cycle and of the `later` ones that an event goes on in.

    `until`: when it was over; what a later cycle planned for after that is not of it.
    """
    if not later:
        return list(doses_of(cycle))
    every = Dose.objects.current().filter(cycle__in=[cycle, *later])
    ordered = every.select_related("cycle").order_by("planned_at", "agent", "number")
    return [
        one
        for one in ordered
        if one.cycle_id == cycle.pk or not until or one.planned_at <= until
    ]


def treatments_of_both(
    cycle: Cycle, later: Sequence[Cycle], until: datetime | None = None
) -> QuerySet[Treatment]:
    """The log of the cycle, and of the `later` ones as far as `until`: it was over."""
    own = Q(cycle=cycle)
    if later:
        beyond = Q(cycle__in=later)
        own |= beyond & Q(at__lte=until) if until else beyond
    return Treatment.objects.current().filter(own)


def sets_count(cycle: Cycle) -> int:
    return Observation.objects.current().filter(cycle=cycle).count()


def links_of(cycle: Cycle) -> dict[int, list[EpisodeRow]]:
    """Treatment id -> the episodes that it was given for; a correction keeps them.

    Of what the cycle gave, and of what was given for its episodes in a later one.
    """
    here = Q(episode__cycle=cycle) | Q(treatment__cycle=cycle)
    wanted = ("episode", "episode__cycle", "treatment", "treatment__cycle")
    links = list(TreatmentLink.objects.current().filter(here).values_list(*wanted))
    if not links:
        return {}
    cycles = {cycle.pk} | {given_in for _one, _of, _given, given_in in links}
    before = {one for one, of, _given, _in in links if of != cycle.pk}
    by_id = {row.id: row for row in (*episodes_of(cycle), *rows_of_earlier(before))}
    later = Treatment.objects.filter(cycle__in=cycles, supersedes__isnull=False)
    now = dict(later.values_list("supersedes", "pk"))
    found: dict[int, list[EpisodeRow]] = defaultdict(list)
    for episode, _of, treatment, _in in links:
        while treatment in now:
            treatment = now[treatment]
        if episode in by_id and by_id[episode] not in found[treatment]:
            found[treatment].append(by_id[episode])
    return dict(found)


def chart_data(
    cycle: Cycle,
    zone: Any = None,
    now: datetime | None = None,
    whole: bool = False,
    user: User | None = None,
    taken: Sequence[SetValues] | None = None,
    topic: str = CRS,
    later: Sequence[Cycle] = (),
    until: datetime | None = None,
    doses: Sequence[Dose] | None = None,
) -> dict[str, Any]:
    """The chart as JSON-ready values; `zone` is the site's unless given.

    `whole`: with the panels that a reviewer needs beside the vital signs. Without
    amounts of study drug where they are hidden from `user`. `taken`: the sets, oldest
    first, where the caller has read them, with those of the `later` cycles; `doses`,
    where it has read these as `user` may see them. `until`: when the event that goes on
    in later cycles was over. `topic`: whose grades stand above it.
    """
    site = cycle.participant.site
    name = getattr(zone, "time_zone", zone) or site.time_zone
    treatments = treatments_of_both(cycle, later, until)
    if doses is None:
        doses = shown(user, cycle.participant, doses_of_both(cycle, later, until))
    source = Source(
        cycle=cycle,
        state=state_of(cycle),
        sets=set_values(cycle) if taken is None else taken,
        doses=doses,
        treatments=list(treatments.order_by("at", "pk")),
        steps=standing_of(cycle),
        zone=ZoneInfo(str(name)),
        now=now or clock.now(),
        whole=whole,
        topic=topic,
        later=later,
    )
    return chart_json(source)
