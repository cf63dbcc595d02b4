"""Lines of the core as findings: the banner after a save, the evidence of an episode.

No database: everything is loaded by `queries`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from monitor.clinical.care import guidance
from monitor.clinical.due import present
from monitor.episodes import rows, wording
from monitor.episodes.assessing import protocol_of
from monitor.episodes.board import NOT_ASSESSED, headline_of, level_of
from monitor.episodes.due import recheck_of
from monitor.episodes.models import CycleState, Step
from monitor.episodes.shapes import EpisodeRow, Finding, Result, StepRow, rank
from monitor.trials.models import Cycle

Line = dict[str, Any]


class Finder:
    """Turns the lines of one cycle into findings."""

    def __init__(self, cycle: Cycle, episodes: Sequence[EpisodeRow]) -> None:
        self.cycle = cycle
        self.protocol = protocol_of(cycle)
        self.zone = ZoneInfo(cycle.participant.site.time_zone)
        self.episodes = {(row.family, row.topic): row for row in episodes}

    def finding(self, line: Line, was: Mapping[str, int] | None = None) -> Finding:
        scale = rows.scale_in(line, self.protocol.scale)
        because, also = rows.split(rows.reasons(line))
        return Finding(
            family=line["family"],
            topic=line["topic"],
            label=wording.label_of(line["family"], line["topic"]),
            level=line["level"],
            status=line["status"],
            heading=wording.heading(line, scale),
            explanation=line.get("explanation") or "",
            because=because,
            also=also,
            standing=wording.standing_words(line),
            counted=list(line.get("counted") or ()),
            missing=rows.missing_rows([line], self.zone),
            scales=rows.scales(line, self.protocol.scale, was),
            danger=list(line.get("danger") or ()),
            expected=bool(line.get("expected")),
            held_since=rows.when(line.get("held_since")),
            options=list(guidance.options(line, self.protocol)),
            episode=self.episodes.get((line["family"], line["topic"])),
            line=line,
        )

    def result(self, state: CycleState, now: datetime, steps: Sequence[Step]) -> Result:
        """The banner. `steps`: the cycle's standing steps, oldest first."""
        lines = sorted(
            state.summary.get("lines", ()), key=lambda line: -rank(line["level"])
        )
        findings = [self.finding(line) for line in lines if present.speaks(line)]
        level = level_of(state)
        first = findings[0] if findings else None
        course = [] if first is None else _course(first, steps)
        summary = state.summary
        return Result(
            level=level,
            heading=self._heading(level, lines, summary, first),
            at=rows.when(summary.get("last_set")),
            since=_since(course),
            risen_at=_risen_at(course) if rank(level) >= rank("warning") else None,
            raised_from=_raised_from(course),
            findings=findings,
            failure=state.failure,
            recheck=recheck_of(self.cycle, summary, now),
            emergency_number=self.cycle.participant.site.emergency_number,
        )

    def _heading(
        self, level: str, lines: list[Line], summary: Line, first: Finding | None
    ) -> str:
        if level == NOT_ASSESSED:
            return _("Saved, but not assessed. Judge from the values.")
        if first is not None:
            return first.heading
        return headline_of(lines, self.protocol.scale, summary, self.zone)


def _course(first: Finding, steps: Sequence[Step]) -> list[Step]:
    """The standing steps of the finding's open episode, oldest first."""
    if first.episode is None:
        return []
    return [step for step in steps if step.episode_id == first.episode.id]


def _since(course: Sequence[Step]) -> datetime | None:
    """From when the level stands."""
    since = None
    for step in reversed(course):
        if step.level != course[-1].level:
            break
        since = step.at
    return since


def _risen_at(course: Sequence[Step]) -> datetime | None:
    """When its level or its grade last rose: the moment of which people are told."""
    at = None
    for before, step in pairwise([None, *course]):
        assert step is not None
        risen = before is None or rank(step.level) > rank(before.level)
        if risen or (before and (step.grade or 0) > (before.grade or 0)):
            at = step.at
    return at


def _raised_from(course: Sequence[Step]) -> str:
    """`grade 1` for a raised grade, the word of a raised level, "" for neither."""
    if len(course) < 2:
        return ""
    before, last = course[-2:]
    if last.grade is not None and (before.grade or 0) < last.grade:
        return "" if before.grade is None else _("grade %(n)s") % {"n": before.grade}
    if rank(before.level) < rank(last.level):
        return str(before.get_level_display()).lower()
    return ""


def lowered(steps: Iterable[StepRow]) -> dict[str, int]:
    """Scale -> a maximum that a withdrawn step had shown, higher than what stands."""
    every = list(steps)
    shown: dict[str, int] = {}
    for step in (one for one in every if one.withdrawn_at):
        for scale, grade in (step.state.get("max_grades") or {}).items():
            shown[scale] = max(shown.get(scale, 0), grade or 0)
    standing = [one for one in every if not one.withdrawn_at]
    most = (standing[-1].state.get("max_grades") or {}) if standing else {}
    return {scale: old for scale, old in shown.items() if old > (most.get(scale) or 0)}
