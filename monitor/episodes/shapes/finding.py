"""What was found: the banner after a save, and the evidence of an episode."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.episodes.shapes.episode import EpisodeRow


@dataclass(frozen=True)
class Missing:
    """An input that an answer lacks. `why` is a word of contracts.md."""

    item: str
    why: str
    since: datetime | None
    text: str


@dataclass(frozen=True)
class Reason:
    """One line of "Because": the value, the line it passed (`text`), when, by whom."""

    pattern: str
    sign: str
    item: str
    value: str
    text: str
    at: datetime | None
    by: str
    source: str
    named: str = ""  # the value with its name, where it does not speak for itself
    says: str = ""  # the sign in words
    typed: str = ""
    answer: bool | None = True
    clears: str = ""


@dataclass(frozen=True)
class Scale:
    """One tile of the five. `in_force` is the study's."""

    name: str
    label: str
    grade: int | None
    max_grade: int | None
    at_least: bool
    if_attributed: int | None
    in_force: bool
    was: int | None = None  # a grade that a correction lowered


@dataclass(frozen=True)
class Finding:
    """One topic as it stands: a block of the banner, or an episode's evidence."""

    family: str
    topic: str
    label: str
    level: str
    status: str
    heading: str
    explanation: str
    because: list[Reason]
    also: list[Reason]
    standing: list[str]  # patterns and danger signs by name, seen now or held
    counted: list[str]  # what stands by a last value that is too old to be seen now
    missing: list[Missing]
    scales: list[Scale]
    danger: list[str]
    expected: bool
    held_since: datetime | None
    options: list[Any]  # monitor.clinical.care.guidance.Option
    episode: EpisodeRow | None
    line: dict[str, Any]


@dataclass(frozen=True)
class Result:
    """The banner after a save: the worst finding first, the others under it.

    `level` "not_assessed": `failure` says so, `findings` are the last ones known.
    `since`: from when the level stands; `risen_at`: when a warning or worse last rose,
    in level or grade. `raised_from`: grade or level before, or "".
    """

    level: str
    heading: str
    at: datetime | None
    since: datetime | None
    risen_at: datetime | None
    raised_from: str
    findings: list[Finding]
    failure: str
    recheck: datetime | None
    emergency_number: str

    @property
    def first(self) -> Finding | None:
        return self.findings[0] if self.findings else None
