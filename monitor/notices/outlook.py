"""What comes of a notice next: who is told when, and how long an answer counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor import clock
from monitor.clinical.study.escalation import Policy
from monitor.notices import duty
from monitor.notices.models import Escalation, Notice
from monitor.notices.rota import rotas

Purpose = Escalation.Purpose


@dataclass(frozen=True)
class NextStep:
    """`whom` in words, with who has the duty now; `pages`: it interrupts them."""

    at: datetime
    whom: str
    pages: bool


@dataclass(frozen=True)
class Outlook:
    """`counts_until`: an acknowledgement that stands lapses then, if nothing follows.

    `act_within` are the minutes for which one counts, None without an end. After the
    last step it is repeated `times` times, every `every` minutes.
    """

    steps: list[NextStep]
    act_within: float | None
    counts_until: datetime | None
    every: float | None
    times: int


def of(notice: Notice) -> Outlook:
    """From the timers that wait. Constant queries."""
    waiting = notice.escalations.filter(
        turn=notice.turn, state=Escalation.State.WAITING
    )
    timers = list(waiting.order_by("due_at", "step"))
    policy = Policy.thawed(notice.policy)
    telling = [one for one in timers if one.purpose in (Purpose.TELL, Purpose.LATER)]
    people = _people(notice) if telling else {}
    checks = [one.due_at for one in timers if one.purpose == Purpose.CHECK]
    done = max((one.step for one in timers if one.purpose == Purpose.TELL), default=-1)
    return Outlook(
        steps=[_step(one, people) for one in telling],
        act_within=policy.act_within_minutes,
        counts_until=checks[0] if checks else None,
        every=policy.repeat_minutes if telling else None,
        times=max(0, policy.repeat_times - max(0, done - len(policy.steps) + 1)),
    )


def _people(notice: Notice) -> Mapping[str, list[str]]:
    """Duty -> the names of who has it now."""
    (rota,) = rotas([notice.participant.site], clock.now())
    return {row.duty: row.people for row in rota.duties}


def _step(timer: Escalation, people: Mapping[str, list[str]]) -> NextStep:
    said = (_named(target, people.get(target)) for target in timer.tell)
    return NextStep(timer.due_at, "; ".join(said), timer.how == "page")


def _named(target: str, names: list[str] | None) -> str:
    return f"{duty.label(target)} ({', '.join(names)})" if names else duty.label(target)
