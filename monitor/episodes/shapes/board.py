"""A participant on the board, and whom every page is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.episodes.shapes.episode import EpisodeRow
from monitor.episodes.shapes.finding import Missing
from monitor.episodes.shapes.hold import Hold
from monitor.episodes.shapes.sets import Value

if TYPE_CHECKING:
    from monitor.trials.models import Cycle, Participant


@dataclass(frozen=True)
class Answered:
    """Who took a notice, and when; or who put it off, `until` when."""

    by: str
    at: datetime
    until: datetime | None = None

    @property
    def taken(self) -> bool:
        return self.until is None


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
class DoseRow:
    """`label`: what the protocol calls the agent."""

    agent: str
    number: int
    status: str
    at: datetime
    text: str  # "1800 [iU]/kg"
    label: str = ""


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
    died_at: datetime | None = None  # as signed; nothing is due of them

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

    `follow_up`: who is in follow-up, and neither at warning nor overdue; `died`: whose
    death was signed. `zones`: of the sites whose participants these are.
    """

    rows: list[BoardRow]
    counts: dict[str, int]
    overdue: int
    sites: list[tuple[str, str]]
    cohorts: list[tuple[str, str]]
    total: int
    follow_up: list[BoardRow] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)
    died: list[BoardRow] = field(default_factory=list)


@dataclass(frozen=True)
class Identity:
    """Who the page is about. `facts` are (label, value) for the identity bar.

    `sees`: the reader knows the dose level; `hides_more`: the trial hides values too.
    `died_at`: as signed, where no later set speaks against it.
    """

    code: str
    cohort: str
    cohort_color: int
    level: str
    facts: list[tuple[str, str]]
    dose: DoseRow | None
    place: str
    sees: bool = False
    hides_more: bool = False
    died_at: datetime | None = None
