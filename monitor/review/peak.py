"""The evidence of the highest grade, where less stands now: it is what is signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.episodes.assessing import protocol_of
from monitor.episodes.findings import Finder
from monitor.episodes.models import Episode
from monitor.episodes.shapes import EpisodeRow, StepRow, rank
from monitor.review.evidence import Evidence, evidence_of


@dataclass(frozen=True)
class Peak:
    """The step at which the event was first at its highest, and its signs then."""

    step: StepRow
    evidence: list[Evidence]


def peak_of(episode: Episode, row: EpisodeRow, steps: Sequence[StepRow]) -> Peak | None:
    """None while the highest still stands: its evidence is the present one.

    `steps`: the whole history; what was withdrawn is no peak. Where no scale grades
    the event its worst level is the highest.
    """
    standing = [step for step in steps if not step.withdrawn_at]
    if not standing:
        return None
    highest = max(standing, key=height)
    told = [step for step in standing if not step.closed] if row.closed else standing
    if told and height(highest) <= height(told[-1]):
        return None
    finding = Finder(episode.cycle, [row]).finding(highest.state)
    lines = protocol_of(episode.cycle).lines
    return Peak(highest, evidence_of(finding, lines, episode.cycle))


def height(step: StepRow) -> tuple[int, int]:
    """The grade first: the level may be held while nothing stands."""
    return step.grade or 0, rank(step.level)
