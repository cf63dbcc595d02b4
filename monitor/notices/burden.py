"""The alarm burden: how often people were told, and what came of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, DateField, Exists, Min, OuterRef, Q, When
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy

from monitor.bedside.models import Observation
from monitor.clinical.patterns import PATTERNS, rooms
from monitor.notices.models import Acknowledgement, Attempt, Notice, Usefulness
from monitor.trials.models import Site, User
from monitor.trials.queries import sites_for

#: The periods, in days, over which the page counts; the first if none is asked for.
PERIODS = (28, 7, 91)
#: What no single pattern of the files is called.
SHARED = {
    "crs": gettext_lazy("CRS of grade 2 or more"),
    "immune_organ": gettext_lazy("Organ injury"),
}


@dataclass(frozen=True)
class Told:
    """One notice as the burden counts it. `waited`, `acted`: since it was written.

    `heeds`: an action may follow it, and is noted; so it is of a level or grade alone.
    """

    site: int
    patterns: tuple[str, ...]
    interrupts: bool
    heeds: bool
    waited: timedelta | None
    acted: timedelta | None
    useful: int
    useless: int


@dataclass(frozen=True)
class BurdenRow:
    """Notices about one thing at one site. Rates are per patient-day, shares 0 to 1.

    `what` is a pattern's title or the kind of the notice; "" is all of the site. Of
    `heeding` notices it is noted whether an action followed.
    """

    site: Site
    what: str
    notices: int
    interrupting: int
    patient_days: int
    taken: int
    heeding: int
    acted: int
    median_taken: timedelta | None
    median_acted: timedelta | None
    useful: int
    useless: int

    @property
    def per_day(self) -> float | None:
        return self.notices / self.patient_days if self.patient_days else None

    @property
    def interrupting_per_day(self) -> float | None:
        return self.interrupting / self.patient_days if self.patient_days else None

    @property
    def taken_share(self) -> float | None:
        return self.taken / self.notices if self.notices else None

    @property
    def acted_share(self) -> float | None:
        return self.acted / self.heeding if self.heeding else None


@dataclass(frozen=True)
class SiteBurden:
    """`whole` counts each notice once; in `rows` it stands under each pattern."""

    site: Site
    whole: BurdenRow
    rows: list[BurdenRow]


def burden(user: User, since: datetime, until: datetime) -> list[SiteBurden]:
    """The burden at each site whose participants the person reads. Four queries."""
    sites = list(sites_for(user))
    days = patient_days(sites, since, until)
    told: defaultdict[int, list[Told]] = defaultdict(list)
    for one in notices_of(sites, since, until):
        told[one.site].append(one)
    return [_site_burden(site, told[site.pk], days[site.pk]) for site in sites]


def _site_burden(site: Site, told: list[Told], days: int) -> SiteBurden:
    about: defaultdict[str, list[Told]] = defaultdict(list)
    for one in told:
        for what in one.patterns:
            about[what].append(one)
    rows = [_row(site, what, found, days) for what, found in about.items()]
    rows.sort(key=lambda row: (-row.notices, row.what))
    return SiteBurden(site, _row(site, "", told, days), rows)


def _row(site: Site, what: str, told: Sequence[Told], days: int) -> BurdenRow:
    waited = [one.waited for one in told if one.waited is not None]
    acted = [one.acted for one in told if one.acted is not None]
    return BurdenRow(
        site=site,
        what=what,
        notices=len(told),
        interrupting=sum(one.interrupts for one in told),
        patient_days=days,
        taken=len(waited),
        heeding=sum(one.heeds for one in told),
        acted=len(acted),
        median_taken=median(waited) if waited else None,
        median_acted=median(acted) if acted else None,
        useful=sum(one.useful for one in told),
        useless=sum(one.useless for one in told),
    )


def patient_days(
    sites: Iterable[Site], since: datetime, until: datetime
) -> Counter[int]:
    """Site id -> days of the site on which a participant had at least one set."""
    every = list(sites)
    zones = {site.time_zone for site in every}
    day = Case(
        *(
            When(
                cycle__participant__site__time_zone=zone,
                then=TruncDate("observed_at", tzinfo=ZoneInfo(zone)),
            )
            for zone in sorted(zones)
        ),
        output_field=DateField(),
    )
    rows = Observation.objects.filter(
        cycle__participant__site__in=every,
        observed_at__gte=since,
        observed_at__lt=until,
    )
    found = rows.annotate(day=day).order_by()
    return Counter(
        site
        for site, _participant, _day in found.values_list(
            "cycle__participant__site", "cycle__participant", "day"
        ).distinct()
    )


def notices_of(sites: Iterable[Site], since: datetime, until: datetime) -> list[Told]:
    """The notices written in that time, with what came of each. Two queries."""
    first = Min(
        "answers__at", filter=Q(answers__kind=Acknowledgement.Kind.ACKNOWLEDGED)
    )
    paged = Attempt.objects.filter(notice=OuterRef("pk"), interrupts=True)
    notices = Notice.objects.filter(
        participant__site__in=list(sites), created_at__gte=since, created_at__lt=until
    )
    found = notices.annotate(taken_at=first, interrupts=Exists(paged)).order_by("pk")
    opinions = opinions_of(notices)
    return [
        _told(one, opinions[one.pk])
        for one in found.select_related("participant").only(
            "kind", "patterns", "created_at", "acted_at", "participant__site"
        )
    ]


def _told(notice: Notice, opinions: Counter[bool]) -> Told:
    began = notice.created_at
    taken_at = notice.taken_at  # type: ignore[attr-defined]
    return Told(
        site=notice.participant.site_id,
        patterns=what_of(notice),
        interrupts=notice.interrupts,  # type: ignore[attr-defined]
        heeds=notice.kind == Notice.Kind.LEVEL,
        waited=taken_at - began if taken_at else None,
        acted=notice.acted_at - began if notice.acted_at else None,
        useful=opinions[True],
        useless=opinions[False],
    )


def what_of(notice: Notice) -> tuple[str, ...]:
    """The titles of its patterns; where it has none, what kind of notice it is."""
    every = dict.fromkeys(title_of(key) for key in notice.patterns)
    return tuple(every) or (str(notice.get_kind_display()),)


@cache
def titles() -> dict[str, Any]:
    """Pattern key -> its title. The files of `rooms` have entered them by now."""
    assert rooms
    return {one.key: one.title for one in PATTERNS.values()} | SHARED


def title_of(key: str) -> str:
    """A pattern's title; one that a later version no longer has keeps its name."""
    return str(titles().get(key, key.replace("_", " ").capitalize()))


def opinions_of(notices: Iterable[Notice]) -> defaultdict[int, Counter[bool]]:
    """Notice id -> how many people said useful, and not. Each person's last word."""
    rows = Usefulness.objects.filter(notice__in=notices).order_by("pk")
    last = {
        (notice, user): useful
        for notice, user, useful in rows.values_list("notice", "user", "useful")
    }
    found: defaultdict[int, Counter[bool]] = defaultdict(Counter)
    for (notice, _user), useful in last.items():
        found[notice][useful] += 1
    return found


def opinion(notice: Notice, user: User) -> bool | None:
    """What the person last said of it; None: nothing yet."""
    rows = notice.opinions.filter(user=user).order_by("pk")
    return rows.values_list("useful", flat=True).last()
