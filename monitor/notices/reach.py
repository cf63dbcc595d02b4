"""By what a person can be reached, and which way out of the program does not work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min

from monitor.notices import channels
from monitor.notices.history import CHANNELS
from monitor.notices.models import ANSWERED, Attempt, Sending
from monitor.trials.models import User
from monitor.trials.permissions import Permission, may

# A channel that failed last so long ago is not known to fail now.
REMEMBERED = timedelta(hours=24)
ARRIVED = ("sent", "again")
#: Who telephones instead, and who mends it.
MENDERS = (Permission.ACKNOWLEDGE, Permission.MANAGE_PEOPLE)


@dataclass(frozen=True)
class Reach:
    """`by`: the channels in words, beside the screen; `mails`: e-mail is set up."""

    email: str
    by: list[str]
    mails: bool


@dataclass(frozen=True)
class Failing:
    """A channel whose last answers were failures.

    `times` of them since `since`; `said` is the last one, and `waiting` messages wait.
    """

    channel: str
    word: str
    since: datetime
    times: int
    said: str
    waiting: int


def of(user: User) -> Reach:
    """How notices reach a person now."""
    names = channels.ready(user)
    return Reach(
        email=user.email,
        by=[str(CHANNELS.get(name, name)) for name in names],
        mails="email" in channels.set_up(),
    )


def failing(now: datetime) -> list[Failing]:
    """The channels that do not work. One query for each that does, four for another."""
    found = (_failing(name, now) for name in channels.set_up())
    return [one for one in found if one is not None]


def failing_for(user: User, now: datetime) -> list[Failing]:
    """The same, for those who can do something about it; to others nothing."""
    found = failing(now)
    able = found and any(may(user, permission, None) for permission in MENDERS)
    return found if able else []


def _failing(name: str, now: datetime) -> Failing | None:
    answers = Attempt.objects.filter(channel=name, outcome__in=ANSWERED)
    last = answers.order_by("-at", "-pk").first()
    if last is None or last.outcome in ARRIVED or now - last.at > REMEMBERED:
        return None
    failures = answers.exclude(outcome__in=ARRIVED)
    worked = answers.filter(outcome__in=ARRIVED).order_by("-at").first()
    if worked is not None:
        failures = failures.filter(at__gte=worked.at)
    told = failures.aggregate(since=Min("at"), times=Count("pk"))
    waiting = Sending.objects.filter(state=Sending.State.WAITING, channel=name)
    return Failing(
        channel=name,
        word=str(CHANNELS.get(name, name)),
        since=told["since"] or last.at,
        times=told["times"],
        said=last.answer,
        waiting=waiting.count(),
    )
