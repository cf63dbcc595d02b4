"""The check before a dose: the answers, the counts, and what follows from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl

from monitor.clinical.criteria.library import Criterion
from monitor.clinical.predose.answers import MET, STALE, UNKNOWN, Answer, answers
from monitor.clinical.predose.asked import items_of, signs_of
from monitor.clinical.predose.inputs import FIRST, Inputs, Moment, read
from monitor.clinical.study.protocol import Lines, Protocol

WITHHOLDING = ("hold", "absolute")


@dataclass(frozen=True)
class Check:
    """All of it. `relative`, `absolute`: the findings that count, each once.

    `held`, `given`: doses of the agent in this course, of at most `course` (0: no
    limit). `answer`: stop, withhold,
    correct, unknown, or none (no criterion met). `needs_override`: to give the dose
    asks for the role, a reason and the password.
    """

    at: datetime
    answers: tuple[Answer, ...]
    relative: tuple[str, ...]
    absolute: tuple[str, ...]
    held: int
    given: int
    course: int
    answer: str
    needs_override: bool

    def by_state(self, *states: str) -> list[Answer]:
        return [one for one in self.answers if one.state in states]

    @property
    def lapsed(self) -> list[Answer]:
        """What is met by its last value, which is too old for a dose."""
        return [one for one in self.by_state(STALE) if one.last_met]

    def met(self, *kinds: str) -> list[str]:
        """The keys of the criteria that are met, of these kinds or of any."""
        found = [one.criterion for one in self.by_state(MET)]
        return [one.key for one in found if not kinds or one.kind in kinds]


def check(
    facts: pl.DataFrame,
    protocol: Protocol,
    at: datetime,
    *,
    participant: str = "",
    cycle: str = "",
    agent: str = "",
    zone: str = "UTC",
    first: Mapping[str, float] | None = None,
) -> Check:
    """The check of a dose at `at`, from the facts of its cycle up to then.

    `participant` and `cycle` are those of the facts unless given; `zone` is where its
    day is counted; `first` holds cycle 1's baselines in a later cycle.
    """
    if facts.height:
        participant = participant or facts["participant"][0]
        cycle = cycle or str(facts["cycle"].max())
    agent = agent or next(iter(protocol.cycle_starters), "")
    day = at.astimezone(ZoneInfo(zone)).date()
    moment = Moment(participant, cycle or "1", at, day, agent, first or {})
    criteria = protocol.pre_dose.criteria
    items = {item for one in criteria for item in items_of(one)}
    signs = frozenset(name for one in criteria for name in signs_of(one))
    inputs = read(facts, protocol, moment, items, signs)
    found = answers(criteria, inputs, protocol, moment)
    course = next((one.course for one in protocol.agents if one.code == agent), 0)
    return counted(found, at, *doses_of(inputs, moment), course, protocol.lines)


def doses_of(inputs: Inputs, moment: Moment) -> tuple[int, int]:
    """How many doses of the agent were held in the course so far, how many given."""
    doses = inputs.taken.doses.filter(
        (pl.col("code") == moment.agent)
        & (pl.col("cycle") == moment.cycle)
        & (pl.col("at") < moment.at)
    )
    return int((doses["value"] == "held").sum()), int(doses["given"].sum())


def counted(
    found: tuple[Answer, ...],
    at: datetime,
    held: int,
    given: int,
    course: int,
    lines: Lines,
) -> Check:
    """The centre rule: any relative corrects, three or any absolute delay (S14, S15).

    A finding counts once, as the worse of what is met of it. The third held dose stops.
    """
    met = [one.criterion for one in found if one.state == MET]
    absolute = _findings(met, "absolute")
    relative = tuple(
        one for one in _findings(met, "relative") if one not in set(absolute)
    )
    many = len(relative) >= lines["hold_relative_needed"]
    stops = held >= lines["hold_doses_stop"]
    withhold = many or any(one.kind in WITHHOLDING for one in met)
    cautioned = any(one.kind == "caution" for one in met)
    unsettled = any(map(_unsettles, found))
    words = (
        (stops, "stop"),
        (withhold, "withhold"),
        (bool(relative) or cautioned, "correct"),
        (unsettled, "unknown"),
        (True, "none"),
    )
    return Check(
        at=at,
        answers=found,
        relative=relative,
        absolute=absolute,
        held=held,
        given=given,
        course=course,
        answer=next(word for so, word in words if so),
        # One relative criterion or a caution too: who gives it all the same says why.
        needs_override=stops or withhold or unsettled or bool(met),
    )


def _unsettles(one: Answer) -> bool:
    """What must be there before a dose and is not, is as good as not known."""
    gate = one.state == MET and one.criterion.kind == "gate"
    return gate or one.state in (UNKNOWN, STALE)


def _findings(met: Iterable[Criterion], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.finding for one in met if one.kind == kind))


def baselines_of(
    facts: pl.DataFrame, protocol: Protocol, at: datetime
) -> dict[str, float]:
    """The baselines of a cycle, by which a later one is said to have recovered."""
    if facts.is_empty():
        return {}
    cycle, day = str(facts["cycle"].max()), at.astimezone(UTC).date()
    moment = Moment(facts["participant"][0], cycle, at, day, "", {})
    row = read(facts, protocol, moment, FIRST).row
    found = {item: row.get(f"base:{item}") for item in FIRST}
    return {item: value for item, value in found.items() if value is not None}
