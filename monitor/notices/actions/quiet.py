"""At most one interruption of a person about a participant in 15 minutes (B5).

Unless it is worse: the level, the grade or a danger sign. Who is held back is paged
when the time is over; the steps of a notice that has paged a person go on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.clinical.study import escalation
from monitor.episodes.shapes import rank
from monitor.notices.models import Attempt, Escalation, Notice
from monitor.trials.models import User


@dataclass(frozen=True)
class Interruption:
    """What a person was interrupted by, and when."""

    at: datetime
    level: str
    grade: int
    signs: frozenset[str]


def until(
    notice: Notice,
    timer: Escalation,
    people: Sequence[User],
    paged: Collection[int],
    now: datetime,
) -> dict[int, datetime]:
    """User id -> when the quiet time ends, for whom this step does not interrupt now.

    `paged`: whom the notice has interrupted. Told again, after an acknowledgement that
    lapsed or a snooze, it waits for nothing.
    """
    if notice.turn > 1:
        return {}
    length = timedelta(minutes=escalation.quiet().interruption_minutes)
    lately = _lately(notice, timer, [one for one in people if one.pk not in paged], now)
    return {
        user: max(one.at for one in told) + length
        for user, told in lately.items()
        if not is_worse(notice, told)
    }


def is_worse(notice: Notice, told: Sequence[Interruption]) -> bool:
    """Whether the level, the grade or a sign is more than the person was told of."""
    known = frozenset[str]().union(*(one.signs for one in told))
    return (
        rank(notice.level) > max(rank(one.level) for one in told)
        or notice.grade > max(one.grade for one in told)
        or not known.issuperset(notice.signs)
    )


def _lately(
    notice: Notice, timer: Escalation, people: Sequence[User], now: datetime
) -> dict[int, list[Interruption]]:
    """What else each was interrupted by, about the same participant.

    What was put off when this one came does not count: its end is told at once. Nor do
    earlier notices of a level once nobody answered: this one took over from them.
    """
    length = timedelta(minutes=escalation.quiet().interruption_minutes)
    rows = Attempt.objects.filter(
        user__in=people,
        interrupts=True,
        at__gt=now - length,
        at__lte=now,
        notice__participant=notice.participant_id,
    ).exclude(notice=notice)
    rows = rows.exclude(notice__snoozes__until__gt=notice.created_at)
    if notice.kind == Notice.Kind.LEVEL and not timer.first:
        rows = rows.exclude(notice__kind=notice.kind)
    found: defaultdict[int, list[Interruption]] = defaultdict(list)
    told = rows.values_list(
        "user", "at", "notice__level", "notice__grade", "notice__signs"
    )
    for user, at, level, grade, signs in told:
        found[user].append(Interruption(at, level, grade, frozenset(signs)))
    return found
