"""Doses of a run that were missed, and the days on which they may be made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from monitor.clinical.study.make_up import MakeUp
from monitor.episodes.assessing import protocol_of
from monitor.episodes.surgery import planned_day
from monitor.trials.models import Cycle, Dose
from monitor.trials.queries import doses_of

Status = Dose.Status


@dataclass(frozen=True)
class Run:
    """`missed`: numbers that were held or omitted; `days`: free ones, soonest first.

    `ends`: the last day by the protocol, and `surgery` where that comes sooner.
    """

    rule: MakeUp
    given: int
    planned: int
    missed: list[int]
    days: list[date]
    ends: date
    surgery: date | None


def run_of(cycle: Cycle, agent: str, now: datetime) -> Run | None:
    """None where the protocol has no rule for the agent. One query."""
    rule = protocol_of(cycle).make_up.get(agent)
    if rule is None:
        return None
    zone = ZoneInfo(cycle.participant.site.time_zone)
    doses = list(doses_of(cycle))

    def day_of(dose: Dose) -> date:
        at: datetime = dose.given_at or dose.planned_at
        return at.astimezone(zone).date()

    mine = [one for one in doses if one.agent == agent]
    missed = [one for one in mine if one.status in (Status.HELD, Status.OMITTED)]
    taken = {day_of(one) for one in mine if one not in missed}
    day_one, surgery = min(map(day_of, doses)), planned_day(cycle)
    ends = rule.ends(day_one)
    return Run(
        rule=rule,
        given=sum(one.status in Dose.GIVEN_STATES for one in mine),
        planned=sum(one.status == Status.PLANNED for one in mine),
        missed=sorted(one.number for one in missed),
        days=rule.days(day_one, now.astimezone(zone).date(), taken, surgery),
        ends=ends,
        surgery=surgery if surgery and surgery <= ends else None,
    )
