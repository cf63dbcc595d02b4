"""What a person is asked once before a participant leaves: what stands, what ends.

It never forbids: whoever says it again has it done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from monitor.clinical.due import schedule
from monitor.clinical.due.present import OUTSIDE, PRESSING
from monitor.episodes import queries
from monitor.episodes.assessing import protocol_of
from monitor.episodes.current import place_of, state_of
from monitor.episodes.due import asked_of, due_row, standing_of
from monitor.episodes.shapes import DueRow, EpisodeRow, rank
from monitor.trials.models import Cycle

RECHECKS = ("recheck", "bolus_recheck")


@dataclass(frozen=True)
class Leaving:
    """`ending`: what would no longer be due; `following`: what would be due instead."""

    episodes: list[EpisodeRow]
    ending: list[DueRow]
    following: DueRow | None


def leaving(cycle: Cycle, place: str, since: datetime, now: datetime) -> Leaving | None:
    """None where nobody leaves, and where neither an open episode of warning or worse

    nor a re-check speaks against it.
    """
    if place not in OUTSIDE or place == place_of(cycle):
        return None
    summary = state_of(cycle).summary
    standing = standing_of(cycle, summary, now)
    after = schedule.dues(
        protocol_of(cycle), replace(standing, place=place, place_since=since)
    )
    kept = {one.what for one in after}
    ending = [
        one
        for one in asked_of(cycle, summary, now)
        if one.what in PRESSING and one.what not in kept
    ]
    grave = [
        one
        for one in queries.open_episodes(cycle)
        if rank(one.level) >= rank("warning")
    ]
    if not grave and not any(one.what in RECHECKS for one in ending):
        return None
    following = next((one for one in after if one.what in PRESSING), None)
    return Leaving(
        grave,
        [due_row(one, now) for one in ending],
        due_row(following, now) if following else None,
    )
