"""What the pages ask of this room: a constant number of queries, however many rows.

Everything goes through the participants whom the person may read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext as _

from monitor import clock
from monitor.bedside.models import Observation, Reading
from monitor.bedside.queries import nurses_of
from monitor.episodes import board as boards
from monitor.episodes import findings, rows, sets, wording
from monitor.episodes.assessing import protocol_of
from monitor.episodes.charts import Source, chart_json
from monitor.episodes.current import (
    current_cycles,
    place_of,
    share_places,
    state_of,
)
from monitor.episodes.findings import Finder
from monitor.episodes.identity import identity_row
from monitor.episodes.models import Episode, Step, TreatmentLink
from monitor.episodes.shapes import (
    Answered,
    Board,
    BoardFilters,
    BoardRow,
    EpisodeRow,
    Finding,
    Identity,
    Result,
    SetRow,
    StepRow,
    rank,
)
from monitor.treatments.models import Treatment
from monitor.trials.blinding import hides_more, level_shown, seeing, shown
from monitor.trials.models import Cycle, Participant, Site, User
from monitor.trials.queries import (
    doses_of,
    last_given,
    participants_for,
    sites_for,
)

#: Participant id -> who took the notice of the present level; None: nobody yet.
Answers = Mapping[int, Answered | None]
EVERYTHING = BoardFilters()
label_of = wording.label_of


# The board


def board(
    user: User,
    filters: BoardFilters = EVERYTHING,
    now: datetime | None = None,
    answers: Answers | None = None,
) -> Board:
    """Every participant on treatment whom the user may read, most urgent first.

    `answers` comes from `notices.queries.answers(user)`.
    """
    every = board_rows(user, now=now, answers=answers)
    return boards.board_of(every, filters)


def boards_by_site(
    user: User, filters: BoardFilters, answers: Answers | None = None
) -> list[tuple[Site, Board]]:
    """A board for each site that the filters let through, in order of the codes.

    Its rows stand as on the board, with the same `answers`. A person's only site is
    there without a participant too.
    """
    every = board_rows(user, answers=answers)
    sites = {row.participant.site_id: row.participant.site for row in every}
    if not every:
        sites = {site.pk: site for site in sites_for(user)[:1]}
    chosen = [one for one in sites.values() if filters.site in ("", one.code)]
    chosen.sort(key=lambda one: (one.trial.code, one.code))
    return [(one, _board_at(one, every, filters)) for one in chosen]


def _board_at(site: Site, every: list[BoardRow], filters: BoardFilters) -> Board:
    here = [row for row in every if row.participant.site_id == site.pk]
    return boards.board_of(here, replace(filters, site=""))


def board_rows(
    user: User,
    now: datetime | None = None,
    answers: Answers | None = None,
) -> list[BoardRow]:
    """A row for each participant, most urgent first, in the times of its own site."""
    now, answers = now or clock.now(), answers or {}
    cycles = current_cycles(user)
    episodes = open_rows(cycles)
    cohort = cohort_words(user)
    nurses = nurses_of(cycles, now)
    leaving = [one.participant for one in cycles if place_of(one) == "FOLLOW_UP"]
    given = last_given(leaving)
    made = [
        boards.row_of(
            boards.Loaded(
                cycle=cycle,
                state=state_of(cycle),
                scale=protocol_of(cycle).scale,
                episodes=episodes[cycle.pk],
                answered=answers.get(cycle.participant_id),
                told=cycle.participant_id in answers,
                cohort=cohort(cycle.participant),
                nurse=(nurse := boards.nurse_of(nurses.get(cycle.pk))),
                mine=nurse is not None and nurse.id == user.pk,
                last_given=given.get(cycle.participant_id, {}),
            ),
            now,
        )
        for cycle in cycles
    ]
    return sorted(made, key=lambda row: boards.urgency(row, now))


def cohort_words(user: User) -> Any:
    """participant -> the dose level, or its neutral label for who is blinded."""
    sees = seeing(user)
    return lambda participant: cohort_word(participant, sees(participant))


def cohort_word(participant: Participant, sees: bool) -> str:
    if not sees:
        return participant.cohort.neutral_label
    level_shown(participant)
    return participant.cohort.name


def identity_of(
    cycle: Cycle, user: User | None = None, now: datetime | None = None
) -> Identity:
    """The identity bar. Without a user the neutral label stands for the dose level."""
    sees = user is not None and seeing(user)(cycle.participant)
    cohort = cohort_word(cycle.participant, sees)
    row = identity_row(cycle, state_of(cycle), cohort, now or clock.now())
    return replace(row, sees=sees, hides_more=hides_more(cycle.participant.site.trial))


# Episodes


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


def episodes_for(user: User) -> QuerySet[Episode]:
    """The episodes of the participants whom the user may read."""
    people = participants_for(user).order_by().values("pk")
    return Episode.objects.filter(cycle__participant__in=people).select_related(
        "cycle__participant__site__trial",
        "cycle__participant__cohort",
        "cycle__protocol",
    )


def episodes_together(user: User, ids: Any) -> list[Episode]:
    """Many of them, with all that `episode_for` loads; what they share is read once."""
    plain = episodes_for(user).select_related(None).filter(pk__in=ids)
    found = list(plain.select_related("cycle__participant"))
    share_places([one.cycle for one in found])
    return found


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


# What was found


def result_of(cycle: Cycle, now: datetime | None = None) -> Result:
    """The banner: what was found on the last set, why, and what to consider."""
    finder = Finder(cycle, open_episodes(cycle))
    return finder.result(state_of(cycle), now or clock.now(), _standing_of(cycle))


def finding_of(
    episode: Episode,
    row: EpisodeRow | None = None,
    steps: Sequence[StepRow] | None = None,
) -> Finding:
    """The evidence of an episode as its last standing step says it.

    `row` and its history `steps`: where the caller has read them.
    """
    row = row or episode_row(episode)
    steps = history(episode) if steps is None else steps
    finder = Finder(episode.cycle, [row])
    return finder.finding(line_of(row, steps), findings.lowered(steps))


def line_of(row: EpisodeRow, steps: Sequence[StepRow]) -> dict[str, Any]:
    """The line that shows an episode: the present one, or before it closed the last."""
    if row.closed:
        told = [step.state for step in steps if not (step.closed or step.withdrawn_at)]
        return told[-1] if told else row.step.state
    if row.unsupported:
        return row.step.state
    lines = state_of(row.episode.cycle).summary.get("lines", ())
    topic = (row.family, row.topic)
    found = (line for line in lines if (line["family"], line["topic"]) == topic)
    return next(found, row.step.state)


def _standing_of(cycle: Cycle) -> list[Step]:
    """The standing steps of a cycle's episodes, oldest first."""
    steps = standing_steps().filter(episode__cycle=cycle)
    return list(steps.select_related("episode").order_by("at", "pk"))


# Sets and treatments


def sets_table(
    cycle: Cycle,
    limit: int | None = None,
    plain: bool = False,
    having: Iterable[str] = (),
) -> list[SetRow]:
    """The sets of a cycle, newest first, each with the readings that stand.

    What was struck out is beside them. `plain`: the readings are `sets.Plain`, for what
    draws them and links to none. `having`: only sets with one of these items.
    """
    taken = Observation.objects.current().filter(cycle=cycle)
    if having:
        some = Reading.objects.current().filter(item__in=having)
        taken = taken.filter(Exists(some.filter(observation=OuterRef("pk"))))
    observations = list(taken.order_by("-observed_at", "-pk")[:limit])
    last = Reading.objects.filter(superseded_by__isnull=True)
    last = Reading.objects.current() if plain else last
    readings = last.filter(observation__cycle=cycle)
    if limit is not None:
        readings = readings.filter(observation__in=[one.pk for one in observations])
    found = sets.plainly(readings) if plain else list(readings)
    sets.filled(observations, found)
    lines = protocol_of(cycle).lines
    return sets.with_sites([sets.set_row(one, lines) for one in observations])


def sets_count(cycle: Cycle) -> int:
    return Observation.objects.current().filter(cycle=cycle).count()


def links_of(cycle: Cycle) -> dict[int, list[EpisodeRow]]:
    """Treatment id -> the episodes that it was given for; a correction keeps them."""
    by_id = {row.id: row for row in episodes_of(cycle)}
    links = TreatmentLink.objects.current().filter(episode__cycle=cycle)
    later = Treatment.objects.filter(cycle=cycle, supersedes__isnull=False)
    now = dict(later.values_list("supersedes", "pk"))
    found: dict[int, list[EpisodeRow]] = defaultdict(list)
    for episode, treatment in links.values_list("episode", "treatment"):
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
    taken: Sequence[SetRow] | None = None,
) -> dict[str, Any]:
    """The chart as JSON-ready values; `zone` is the site's unless given.

    `whole`: with the panels that a reviewer needs beside the vital signs. Without
    amounts of study drug where they are hidden from `user`. `taken`: the sets, oldest
    first, where the caller has read them.
    """
    site = cycle.participant.site
    name = getattr(zone, "time_zone", zone) or site.time_zone
    treatments = Treatment.objects.current().filter(cycle=cycle)
    source = Source(
        cycle=cycle,
        state=state_of(cycle),
        sets=sets_table(cycle, plain=True)[::-1] if taken is None else taken,
        doses=shown(user, cycle.participant, doses_of(cycle)),
        treatments=list(treatments.order_by("at", "pk")),
        steps=_standing_of(cycle),
        zone=ZoneInfo(str(name)),
        now=now or clock.now(),
        whole=whole,
    )
    return chart_json(source)
