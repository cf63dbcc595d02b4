"""What the pages ask of this room: a constant number of queries, however many rows.

The board and what was found are here; `stored` reads episodes, `charted` sets,
treatments and the chart. Everything goes through the participants whom the person may
read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from monitor import clock
from monitor.bedside.queries import nurses_of
from monitor.episodes import board as boards
from monitor.episodes import findings, wording
from monitor.episodes.assessing import protocol_of
from monitor.episodes.charted import (
    chart_data,
    doses_of_both,
    links_of,
    read_on,
    sets_count,
    sets_of,
    sets_table,
    treatments_of_both,
    values_of,
)
from monitor.episodes.current import current_cycles, place_of, state_of
from monitor.episodes.findings import Finder
from monitor.episodes.identity import identity_before, identity_row
from monitor.episodes.models import Episode
from monitor.episodes.shapes import (
    Answered,
    Board,
    BoardFilters,
    BoardRow,
    EpisodeRow,
    Finding,
    Identity,
    Result,
    StepRow,
)
from monitor.episodes.stored import (
    episode_for,
    episode_row,
    episode_rows,
    episodes_for,
    episodes_of,
    histories,
    history,
    open_episodes,
    open_rows,
    rows_of,
    standing_of,
    standing_steps,
    with_last_step,
)
from monitor.trials.blinding import hides_more, level_shown, seeing
from monitor.trials.models import Cycle, Participant, Site, User
from monitor.trials.queries import last_given, sites_for

__all__ = [
    "EVERYTHING",
    "Answers",
    "board",
    "board_rows",
    "boards_by_site",
    "chart_data",
    "cohort_word",
    "cohort_words",
    "doses_of_both",
    "episode_for",
    "episode_row",
    "episode_rows",
    "episodes_for",
    "episodes_of",
    "finding_of",
    "histories",
    "history",
    "identity_of",
    "label_of",
    "line_of",
    "links_of",
    "open_episodes",
    "open_rows",
    "read_on",
    "result_of",
    "rows_of",
    "sets_count",
    "sets_of",
    "sets_table",
    "standing_steps",
    "state_of",
    "treatments_of_both",
    "values_of",
    "with_last_step",
]

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


def identity_without_cycle(participant: Participant, user: User) -> Identity:
    """The bar of a participant of whom no cycle was opened yet."""
    sees = seeing(user)(participant)
    row = identity_before(participant, cohort_word(participant, sees))
    return replace(row, sees=sees, hides_more=hides_more(participant.site.trial))


# What was found


def result_of(cycle: Cycle, now: datetime | None = None) -> Result:
    """The banner: what was found on the last set, why, and what to consider."""
    finder = Finder(cycle, open_episodes(cycle))
    return finder.result(state_of(cycle), now or clock.now(), standing_of(cycle))


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
