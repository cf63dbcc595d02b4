"""One episode with what its page rests on, read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from monitor import clock
from monitor.clinical.study.reference_safety import Edition
from monitor.episodes import queries as episodes
from monitor.episodes.models import Episode
from monitor.episodes.shapes import EpisodeRow, SetValues, StepRow
from monitor.review import content, queries, referrals
from monitor.review.listing import edition_of
from monitor.review.referrals import Referral
from monitor.review.shapes import ReviewRow
from monitor.trials.models import Cycle, Dose


@dataclass(frozen=True)
class Case:
    """What the form and several parts of the page rest on, read once.

    `rows`: every episode of the cycle, `row` this one; `steps` and `reviews` are its
    own; `wholes`: what it can be a part of. `shown`: what of the record was read,
    `corrected`: whether anything in it is a correction.
    """

    episode: Episode
    rows: list[EpisodeRow]
    row: EpisodeRow
    steps: list[StepRow]
    reviews: list[ReviewRow]
    wholes: list[Episode]
    referral: Referral | None
    shown: str
    corrected: bool

    @cached_property
    def sets(self) -> list[SetValues]:
        """What it rests on, oldest first: the page needs them, a decision not."""
        return episodes.values_of(self.episode, self.row, self.later)

    @cached_property
    def later(self) -> list[Cycle]:
        """The later cycles that it goes on in."""
        return episodes.read_on(self.episode, self.row)

    @cached_property
    def doses(self) -> list[Dose]:
        """The doses of its cycle, and of the later ones until it was over."""
        cycle = self.episode.cycle
        return episodes.doses_of_both(cycle, self.later, self.until)

    @cached_property
    def edition(self) -> Edition | None:
        """The reference safety information in force at its onset."""
        return edition_of(self.episode, self.row.since)

    @property
    def until(self) -> datetime | None:
        """When it was over; None, it goes on."""
        return self.row.at if self.row.closed else None


def case_of(episode: Episode) -> Case:
    # Taken first: what comes while the rest is read differs from it.
    beside = content.beside(episode, clock.now())
    rows = episodes.episodes_of(episode.cycle)
    row = next(one for one in rows if one.id == episode.pk)
    referral = referrals.of(episode)
    return Case(
        shown=content.sha256(beside),
        corrected=bool(beside["readings"] or beside["lines"]),
        episode=episode,
        rows=rows,
        row=row,
        steps=episodes.history(episode),
        reviews=queries.reviews_as(episode, row.step, referral),
        wholes=queries.wholes_of(episode),
        referral=referral,
    )
