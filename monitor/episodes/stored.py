"""Episodes and their steps from the rows: a constant number of queries, however many.

Everything goes through the participants whom the person may read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext as _

from monitor.episodes import rows
from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import Episode, Step
from monitor.episodes.shapes import EpisodeRow, StepRow, rank
from monitor.trials.models import Cycle, User
from monitor.trials.queries import participants_for


def standing_steps() -> QuerySet[Step]:
    """Steps that stand: not withdrawn, and no withdrawal themselves."""
    return Step.objects.filter(withdraws__isnull=True, withdrawn_by__isnull=True)


def with_last_step(episodes: QuerySet[Episode]) -> QuerySet[Episode]:
    """Adds `last_step` (id of the standing step that speaks) and `since`."""
    standing = standing_steps().filter(episode=OuterRef("pk"))
    return episodes.annotate(
        last_step=Subquery(standing.order_by("-at", "-pk").values("pk")[:1]),
        since=Subquery(standing.order_by("at", "pk").values("at")[:1]),
    ).filter(last_step__isnull=False)


def episode_rows(
    episodes: QuerySet[Episode], scales: Mapping[int, str]
) -> list[EpisodeRow]:
    """Rows of these episodes; `scales` gives the scale in force by cycle id."""
    return rows_of(list(with_last_step(episodes).order_by("since", "pk")), scales)


def rows_of(found: list[Any], scales: Mapping[int, str]) -> list[EpisodeRow]:
    """The same of episodes that were loaded with their last step."""
    steps = Step.objects.in_bulk([episode.last_step for episode in found])
    return [
        rows.episode_row(
            episode,
            steps[episode.last_step],
            episode.since,
            scales.get(episode.cycle_id, ""),
        )
        for episode in found
    ]


def open_rows(cycles: Sequence[Cycle]) -> dict[int, list[EpisodeRow]]:
    """Cycle id -> its open episodes, worst first; an earlier cycle's go on in it."""
    mine = {cycle.participant_id: cycle for cycle in cycles}
    over = standing_steps().filter(episode=OuterRef("pk"), closed=True)
    open_ = Episode.objects.filter(~Exists(over), cycle__participant__in=mine)
    open_ = open_.annotate(of=F("cycle__participant"), number=F("cycle__number"))
    found = list(with_last_step(open_).order_by("since", "pk"))
    found = [one for one in found if one.number <= mine[one.of].number]
    by_cycle: dict[int, list[EpisodeRow]] = defaultdict(list)
    for row in rows_of(found, _scales(cycles, found)):
        cycle = mine[row.episode.of]  # type: ignore[attr-defined]
        before = row.episode.number if row.episode.cycle_id != cycle.pk else None  # type: ignore[attr-defined]
        by_cycle[cycle.pk].append(replace(row, earlier=before))
    for own in by_cycle.values():
        own.sort(key=lambda row: -rank(row.level))
    return by_cycle


def _scales(cycles: Sequence[Cycle], found: Iterable[Episode]) -> dict[int, str]:
    """Cycle id -> its scale; the earlier ones are looked up where there are any."""
    scales = {cycle.pk: protocol_of(cycle).scale for cycle in cycles}
    if before := {one.cycle_id for one in found} - set(scales):
        earlier = Cycle.objects.filter(pk__in=before).select_related("protocol")
        scales |= {cycle.pk: protocol_of(cycle).scale for cycle in earlier}
    return scales


def open_episodes(cycle: Cycle) -> list[EpisodeRow]:
    return open_rows([cycle])[cycle.pk]


def episodes_of(cycle: Cycle) -> list[EpisodeRow]:
    """Every episode of the cycle, closed ones too, oldest first."""
    scales = {cycle.pk: protocol_of(cycle).scale}
    return episode_rows(cycle.episodes.all(), scales)


def rows_of_earlier(ids: Collection[int]) -> list[EpisodeRow]:
    """Episodes of an earlier cycle, each with its number: nearly always there are none.

    They are asked for by what was given for them in a later one.
    """
    if not ids:
        return []
    found = Episode.objects.filter(pk__in=ids).select_related("cycle__protocol")
    number = {one.pk: one.cycle.number for one in found}
    scales = {one.cycle_id: protocol_of(one.cycle).scale for one in found}
    rows = episode_rows(Episode.objects.filter(pk__in=ids), scales)
    return [replace(row, earlier=number[row.id]) for row in rows]


def episodes_for(user: User) -> QuerySet[Episode]:
    """The episodes of the participants whom the user may read."""
    people = participants_for(user).order_by().values("pk")
    return Episode.objects.filter(cycle__participant__in=people).select_related(
        "cycle__participant__site__trial",
        "cycle__participant__cohort",
        "cycle__protocol",
    )


def episode_for(user: User, pk: int) -> Episode:
    """The episode, with cycle, participant, site, trial. Raises Http404."""
    episode = episodes_for(user).filter(pk=pk).first()
    if episode is None:
        raise Http404(_("There is no such episode."))
    return episode


def episode_row(episode: Episode) -> EpisodeRow:
    scales = {episode.cycle_id: protocol_of(episode.cycle).scale}
    return episode_rows(Episode.objects.filter(pk=episode.pk), scales)[0]


def history(episode: Episode) -> list[StepRow]:
    """The grade history, oldest first; a withdrawn step keeps its place, struck."""
    scale = protocol_of(episode.cycle).scale
    steps = episode.steps.filter(withdraws__isnull=True)
    gone = Subquery(
        Step.objects.filter(withdraws=OuterRef("pk")).values("recorded_at")[:1]
    )
    steps = steps.annotate(gone_at=gone).order_by("at", "recorded_at", "pk")
    return [rows.step_row(step, scale, step.gone_at) for step in steps]


def histories(cycle: Cycle) -> dict[int, list[StepRow]]:
    """Episode id -> its grade history, for every episode of the cycle at once."""
    scale = protocol_of(cycle).scale
    gone = Step.objects.filter(withdraws=OuterRef("pk")).values("recorded_at")[:1]
    steps = (
        Step.objects.filter(episode__cycle=cycle, withdraws__isnull=True)
        .annotate(gone_at=Subquery(gone))
        .order_by("at", "recorded_at", "pk")
    )
    found: dict[int, list[StepRow]] = defaultdict(list)
    for step in steps:
        found[step.episode_id].append(rows.step_row(step, scale, step.gone_at))
    return dict(found)


def standing_of(cycle: Cycle) -> list[Step]:
    """The standing steps of a cycle's episodes, oldest first."""
    steps = standing_steps().filter(episode__cycle=cycle)
    return list(steps.select_related("episode").order_by("at", "pk"))
