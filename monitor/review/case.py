"""One episode with what its page rests on, read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from monitor import clock
from monitor.episodes import queries as episodes
from monitor.episodes.models import Episode
from monitor.episodes.shapes import EpisodeRow, SetValues, StepRow
from monitor.review import content, queries
from monitor.review.shapes import ReviewRow
from monitor.trials.models import Cycle


@dataclass(frozen=True)
class Case:
    """What the form and several parts of the page rest on, read once.

    `rows`: every episode of the cycle, `row` this one; `steps` and `reviews` are its
    own; `wholes`: what it can be a part of. `shown`: what of the record was read.
    """

    episode: Episode
    rows: list[EpisodeRow]
    row: EpisodeRow
    steps: list[StepRow]
    reviews: list[ReviewRow]
    wholes: list[Episode]
    shown: str

    @cached_property
    def sets(self) -> list[SetValues]:
        """What it rests on, oldest first: the page needs them, a decision not."""
        return episodes.values_of(self.episode, self.row, self.later)

    @cached_property
    def later(self) -> list[Cycle]:
        """The later cycles that it goes on in."""
        return episodes.read_on(self.episode, self.row)

    @property
    def until(self) -> datetime | None:
        """When it was over; None, it goes on."""
        return self.row.at if self.row.closed else None


def case_of(episode: Episode) -> Case:
    # Taken first: what comes while the rest is read differs from it.
    shown = content.shown_of(episode, clock.now())
    rows = episodes.episodes_of(episode.cycle)
    return Case(
        shown=shown,
        episode=episode,
        rows=rows,
        row=next(one for one in rows if one.id == episode.pk),
        steps=episodes.history(episode),
        reviews=queries.reviews_of(episode),
        wholes=queries.wholes_of(episode),
    )
