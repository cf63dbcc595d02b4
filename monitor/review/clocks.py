"""The clocks of an event that is reported: who must by when, and whether it was. Pure.

Awareness starts the site's hours and the sponsor's calendar days (the day of awareness
is day 0, the last one is whole, in the sponsor's zone). When an event becomes more
serious, its clocks start again from the awareness of that; what ran before runs on
until it is reported. An event of special interest that is not serious has the site's
clock alone, and any report of the site to the sponsor tells it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

END_OF_DAY = time(23, 59)
#: How serious: a criterion that is none of these is the lowest. INTEREST: not serious,
#: and reported because the protocol looks for it.
INTEREST, SERIOUS, LIFE_THREATENING, DEATH = 0, 1, 2, 3
RANKS = {"AESDTH": DEATH, "AESLIFE": LIFE_THREATENING}


class Kind(StrEnum):
    """Who reports to whom."""

    SITE = "site"
    SPONSOR_FATAL = "sponsor_fatal"
    SPONSOR = "sponsor"


WORDS = {
    Kind.SITE: _("Site to sponsor"),
    Kind.SPONSOR_FATAL: _("Sponsor to authority, first report"),
    Kind.SPONSOR: _("Sponsor to authority, full report"),
}
#: What is owed because of it. A clock that ran before runs on beside it, so it is said.
BECAUSE = {
    INTEREST: _("special interest"),
    LIFE_THREATENING: _("life-threatening"),
    DEATH: _("death"),
}


def words_of(kind: str, rank: int) -> str:
    """Whose report it is, and of what: `Site to sponsor, life-threatening`."""
    told = [WORDS[Kind(kind)], *([BECAUSE[rank]] if rank in BECAUSE else [])]
    return ", ".join(str(one) for one in told)


@dataclass(frozen=True)
class Said:
    """What a decision said of seriousness, oldest first; `at` is when it was kept.

    `special_at`: since when it is known to be of special interest, if it is.
    """

    serious: Sequence[str]
    aware_at: datetime | None
    at: datetime
    special_at: datetime | None = None


@dataclass(frozen=True)
class Aware:
    """Since when it is known how serious the event is."""

    at: datetime
    rank: int


@dataclass(frozen=True)
class Sent:
    """A report that went out, for the rank of seriousness that it tells."""

    kind: Kind
    rank: int
    sent_at: datetime


@dataclass(frozen=True)
class Clock:
    """`due_at` is in `zone`. `sent_at` None: it runs."""

    kind: Kind
    rank: int
    aware_at: datetime
    due_at: datetime
    zone: str
    sent_at: datetime | None = None

    @property
    def runs(self) -> bool:
        return self.sent_at is None

    def late(self, now: datetime) -> bool:
        """Not sent in time: nor yet, or too late."""
        return (self.sent_at or now) > self.due_at


@dataclass(frozen=True)
class Rules:
    """The protocol's numbers and zone."""

    site_hours: float
    fatal_days: int
    serious_days: int
    sponsor_zone: str
    site_zone: str
    special_hours: float

    @classmethod
    def of(cls, lines: Mapping[str, float], sponsor_zone: str, site_zone: str) -> Rules:
        return cls(
            site_hours=lines["site_report_hours"],
            fatal_days=int(lines["sponsor_fatal_days"]),
            serious_days=int(lines["sponsor_serious_days"]),
            sponsor_zone=sponsor_zone,
            site_zone=site_zone,
            special_hours=lines["special_interest_hours"],
        )


def rank_of(serious: Iterable[str]) -> int:
    return max((RANKS.get(one, SERIOUS) for one in serious), default=0)


def awareness(said: Iterable[Said]) -> list[Aware]:
    """One for each rise of seriousness, oldest first; none once it is not serious.

    Who names another moment for the same seriousness corrects the moment. What is no
    longer serious may still be of special interest.
    """
    found: list[Aware] = []
    for one in said:
        rank = rank_of(one.serious)
        if not rank:
            found = _not_serious(found, one)
        elif not found or rank > found[-1].rank:
            found.append(Aware(one.aware_at or one.at, rank))
        elif one.aware_at and rank == found[-1].rank:
            found[-1] = Aware(one.aware_at, rank)
    return found


def _not_serious(found: list[Aware], one: Said) -> list[Aware]:
    if one.special_at is None:
        return []
    known = [aware for aware in found if aware.rank == INTEREST]
    return known or [Aware(one.special_at, INTEREST)]


def stopped_by(kind: str, rank: int) -> list[int]:
    """Of which ranks a report of this kind stops the clocks."""
    told_too = kind == Kind.SITE and rank != INTEREST
    return [INTEREST, rank] if told_too else [rank]


def clocks(
    known: Iterable[Aware], sent: Iterable[Sent], rules: Rules, *, expedited: bool
) -> list[Clock]:
    """Every clock of an event, soonest first. `expedited`: the sponsor must report.

    The sponsor is aware when the site has reported; until then its days count from the
    site's awareness, which is never too late.
    """
    went: dict[tuple[str, int], datetime] = {}
    for one in sorted(sent, key=lambda one: one.sent_at):
        for rank in stopped_by(one.kind, one.rank):
            went.setdefault((one.kind, rank), one.sent_at)
    made = [
        clock
        for aware in known
        for clock in _of(aware, went, rules)
        if expedited or clock.kind is Kind.SITE
    ]
    return sorted(made, key=lambda one: (one.due_at, one.rank, one.kind))


def _of(
    aware: Aware, went: Mapping[tuple[str, int], datetime], rules: Rules
) -> Iterable[Clock]:
    sent = {kind: went.get((kind, aware.rank)) for kind in Kind}
    special = aware.rank == INTEREST
    hours = timedelta(hours=rules.special_hours if special else rules.site_hours)
    due = (aware.at.astimezone(UTC) + hours).astimezone(ZoneInfo(rules.site_zone))
    begun = (aware.rank, aware.at)
    yield Clock(Kind.SITE, *begun, due, rules.site_zone, sent[Kind.SITE])
    if special:
        return
    told, zone = sent[Kind.SITE] or aware.at, rules.sponsor_zone
    days = {Kind.SPONSOR: rules.serious_days}
    if aware.rank >= LIFE_THREATENING:
        days[Kind.SPONSOR_FATAL] = rules.fatal_days
    for kind, number in days.items():
        yield Clock(kind, *begun, end_of(told, number, zone), zone, sent[kind])


def end_of(aware_at: datetime, days: int, zone: str) -> datetime:
    """The last minute of the day that is `days` after awareness, by the calendar."""
    here = ZoneInfo(zone)
    day = aware_at.astimezone(here).date() + timedelta(days=days)
    return datetime.combine(day, END_OF_DAY, tzinfo=here)


def next_due(found: Iterable[Clock]) -> Clock | None:
    """The clock that runs out first."""
    return min((one for one in found if one.runs), key=lambda c: c.due_at, default=None)
