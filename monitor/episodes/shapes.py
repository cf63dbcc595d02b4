"""What the pages of this room are handed: plain frozen values, already decided.

Moments are aware, in UTC. Texts are for people. Nothing here asks the database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.clinical.balance import Balance
    from monitor.episodes.holds import Hold
    from monitor.episodes.models import Episode, Step
    from monitor.trials.models import Cycle, Participant

#: As the board sorts them. *Not assessed* is no level: the set is kept, the program
#: failed.
URGENCY = ("critical", "warning", "not_assessed", "watch", "unknown", "clear")
#: A level's rank: what is worse is higher.
RANK = {"clear": 0, "unknown": 1, "watch": 2, "warning": 3, "critical": 4}


def rank(level: str) -> int:
    return RANK.get(level, -1)


@dataclass(frozen=True)
class Value:
    """The last value of one item. `past` is the level of the line that it passed."""

    item: str
    text: str = ""
    unit: str = ""
    typed: str = ""
    at: datetime | None = None
    by: str = ""
    stale: bool = False
    past: str = ""
    change: str = ""  # "up", "down", "same", or "" when one of the two is unknown
    before: str = ""
    not_done: str = ""  # the reason, or "unrecordable"


@dataclass(frozen=True)
class Missing:
    """An input that an answer lacks. `why` is a word of contracts.md."""

    item: str
    why: str
    since: datetime | None
    text: str


@dataclass(frozen=True)
class Answered:
    """Who took a notice, and when."""

    by: str
    at: datetime


@dataclass(frozen=True)
class EpisodeRow:
    """An episode as its last standing step says. `since` moves with a correction.

    `resolved_at`: since when nothing that made it is there, of one resolved or closed.
    """

    id: int
    family: str
    topic: str
    label: str
    level: str
    status: str
    scale: str
    grade: int | None
    max_grade: int | None
    at_least: bool
    since: datetime
    at: datetime
    closed: bool
    unsupported: bool
    held_since: datetime | None
    explanation: str
    episode: Episode
    step: Step
    why: str = ""  # the values that decided, in one breath
    resolved_at: datetime | None = None


@dataclass(frozen=True)
class StepRow:
    """One line of the grade history; a withdrawn one is struck through, not removed."""

    id: int
    at: datetime
    recorded_at: datetime
    cause: str
    cause_word: str
    level: str
    grade: int | None
    max_grade: int | None
    at_least: bool
    closed: bool
    explanation: str
    withdrawn_at: datetime | None
    state: dict[str, Any]


@dataclass(frozen=True)
class DueRow:
    """One thing due. Minutes late are a matter of `now`: see the tag `due`.

    `code` is the core's word for it; `why` says what it lacks, or why it is due then;
    `sooner`: a level or an open episode brought it nearer.
    """

    at: datetime
    what: str
    late: bool
    code: str = ""
    why: str = ""
    sooner: bool = False


@dataclass(frozen=True)
class DoseRow:
    """`label`: what the protocol calls the agent."""

    agent: str
    number: int
    status: str
    at: datetime
    text: str  # "1800 [iU]/kg"
    label: str = ""


@dataclass(frozen=True)
class Nurse:
    """Who is responsible for a participant, until the end of a shift."""

    id: int
    name: str
    initials: str
    until: datetime


@dataclass(frozen=True)
class Pause:
    """Monitoring is paused: until when, and why."""

    until: datetime
    why: str


@dataclass(frozen=True)
class FollowUp:
    """Until when one agent's harms are looked for."""

    agent: str
    until: datetime


@dataclass(frozen=True)
class BoardRow:
    """One participant on treatment.

    `level` may be "not_assessed"; `held_level` is then the last answer. `values` holds
    TEMP HR SYSBP DIABP OXYSAT RESP OXYGEN_DEVICE. `pressures`: the last five SBP.
    `mine`: the reader is responsible now. `follow_up`: of who is in follow-up alone.
    """

    participant: Participant
    cycle: Cycle
    cohort: str
    cohort_color: int
    level: str
    held_level: str
    acknowledged: Answered | None
    unanswered: bool
    day: int | None
    place: str
    place_since: datetime | None
    dose: DoseRow | None
    next_dose: DoseRow | None
    values: dict[str, Value]
    last_set: datetime | None
    pressures: list[tuple[datetime, float | None]]
    episodes: list[EpisodeRow]
    missing: list[Missing]
    headline: str
    due: DueRow | None
    failure: str
    given: DoseRow | None = None  # the last dose given, if that was not the last slot
    nurse: Nurse | None = None
    mine: bool = False
    paused: Pause | None = None
    follow_up: list[FollowUp] = field(default_factory=list)
    hold: Hold | None = None  # the check before `next_dose`

    @property
    def overdue(self) -> bool:
        return self.due is not None and self.due.late


@dataclass(frozen=True)
class BoardFilters:
    """Empty and False mean all. `mine`: whom the reader is responsible for now;

    `unanswered`: what nobody has acknowledged yet.
    """

    site: str = ""
    cohort: str = ""
    level: str = ""
    overdue: bool = False
    mine: bool = False
    unanswered: bool = False


@dataclass(frozen=True)
class Board:
    """`counts` speak for all rows before the filters of level and lateness.

    `follow_up`: who is in follow-up, and neither at warning nor overdue.
    """

    rows: list[BoardRow]
    counts: dict[str, int]
    overdue: int
    sites: list[tuple[str, str]]
    cohorts: list[tuple[str, str]]
    total: int
    follow_up: list[BoardRow] = field(default_factory=list)


@dataclass(frozen=True)
class DutyRow:
    """One thing due of one participant, on the due list."""

    participant: Participant
    cohort: str
    level: str
    place: str
    due: DueRow
    nurse: Nurse | None
    mine: bool
    last_set: datetime | None


@dataclass(frozen=True)
class Duties:
    """The due list. `never`: participants of whom no set has ever arrived, with since

    when they are waited for; `soon`: due in the coming hours, `later` after that.
    """

    late: list[DutyRow]
    soon: list[DutyRow]
    later: list[DutyRow]
    never: list[NeverRow]
    sites: list[tuple[str, str]]
    cohorts: list[tuple[str, str]]
    people: int


@dataclass(frozen=True)
class NeverRow:
    """A participant of whom nothing has ever arrived, since the cycle was opened."""

    participant: Participant
    cohort: str
    place: str
    since: datetime
    nurse: Nurse | None
    mine: bool
    planned: bool  # something is due at a time, so that it will be late


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
    missing: list[Missing]
    scales: list[Scale]
    danger: list[str]
    expected: bool
    held_since: datetime | None
    options: list[Any]  # monitor.clinical.guidance.Option
    episode: EpisodeRow | None
    line: dict[str, Any]


@dataclass(frozen=True)
class Result:
    """The banner after a save: the worst finding first, the others under it.

    `level` "not_assessed": `failure` says so, `findings` are the last ones known.
    `since`: from when the level stands. `raised_from`: grade or level before, or "".
    """

    level: str
    heading: str
    at: datetime | None
    since: datetime | None
    raised_from: str
    findings: list[Finding]
    failure: str
    recheck: datetime | None
    emergency_number: str

    @property
    def first(self) -> Finding | None:
        return self.findings[0] if self.findings else None


@dataclass(frozen=True)
class SetRow:
    """One set in the table: current readings only, keyed by item.

    `lag`: how late it was recorded, if that was long after it was observed.
    `corrected`: the items that a correction changed. `not_done`: item -> reason.
    """

    id: int
    at: datetime
    recorded_at: datetime
    by: str
    source: str
    lag: timedelta | None
    values: dict[str, Value]
    not_done: dict[str, str]
    held: dict[str, str]
    corrected: set[str]
    note: str
    readings: dict[str, Any] = field(default_factory=dict)
    laboratory: str = ""
    reported_at: datetime | None = None


@dataclass(frozen=True)
class Identity:
    """Who the page is about. `facts` are (label, value) for the identity bar."""

    code: str
    cohort: str
    cohort_color: int
    level: str
    facts: list[tuple[str, str]]
    dose: DoseRow | None
    place: str


@dataclass(frozen=True)
class Fluids:
    """The fluid balance by shift and by ward's day, newest first; weights in kg.

    `base`: the weight of cycle day 1; `change` since then in kg and %.
    """

    shifts: list[Balance]
    days: list[Balance]
    weight: tuple[datetime, float] | None
    base: float | None
    change: tuple[float, float] | None
