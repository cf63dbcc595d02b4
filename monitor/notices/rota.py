"""The rota as a page shows it: who is on call, until when, and where nobody is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from monitor.clinical.escalation import duties
from monitor.notices.duty import label, serving
from monitor.notices.models import OnCall
from monitor.trials.models import Membership, Site, User
from monitor.trials.permissions import in_force
from monitor.trials.queries import sites_for

# So far ahead the page looks for times at which nobody is on call.
AHEAD = timedelta(days=7)

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class DutyRow:
    """One duty at one site. `kept`: the rota names people for it at all.

    `able` may have it. Where it is not kept, all of them do: `people` names who does
    now. `gaps` are the times of the next days at which nobody has it.
    """

    duty: str
    label: str
    kept: bool
    able: list[User]
    people: list[str]
    serving: list[OnCall]
    gaps: list[Span]


@dataclass(frozen=True)
class SiteRota:
    """`shifts` run now or later."""

    site: Site
    duties: list[DutyRow]
    shifts: list[OnCall]


def rotas(sites: Iterable[Site], now: datetime) -> list[SiteRota]:
    """The rota of each site. Three queries, however many sites there are."""
    every = list(sites)
    shifts = shifts_to_come(every, now)
    kept = set(
        OnCall.objects.current()
        .filter(site__in=every)
        .order_by()
        .values_list("site", "duty")
        .distinct()
    )
    members = holders_of_roles(every)
    return [_rota(site, shifts[site.pk], kept, members, now) for site in every]


@dataclass(frozen=True)
class DutyHolders:
    """One duty of a site, in words, and who has it; nobody where `people` is empty.

    `planned`: the site keeps a rota for it; else everybody in the role has it.
    """

    duty: str
    people: list[str]
    planned: bool


def on_duty(sites: Iterable[Site], now: datetime) -> dict[int, list[DutyHolders]]:
    """Site id -> its duties, each with those whom `duty.holders` would name."""
    return {
        found.site.pk: [
            DutyHolders(row.label, row.people, row.kept) for row in found.duties
        ]
        for found in rotas(sites, now)
    }


def shifts_to_come(
    sites: Sequence[Site], now: datetime
) -> defaultdict[int, list[OnCall]]:
    """Site id -> its shifts that have not ended, in order of time."""
    rows = (
        OnCall.objects.current()
        .filter(site__in=sites, ends_at__gt=now)
        .select_related("user", "recorded_by")
        .order_by("starts_at", "ends_at", "pk")
    )
    found: defaultdict[int, list[OnCall]] = defaultdict(list)
    for row in rows:
        found[row.site_id].append(row)
    return found


def holders_of_roles(sites: Sequence[Site]) -> list[Membership]:
    """Who may fill a duty at these sites now, in order of name."""
    here = Q(site__in=sites) | Q(site=None, trial__in={one.trial_id for one in sites})
    roles = set(duties().values())
    rows = in_force().filter(here, role__in=roles).select_related("user")
    return list(rows.order_by("user__username", "pk"))


def _rota(
    site: Site,
    shifts: list[OnCall],
    kept: set[tuple[int, str]],
    members: list[Membership],
    now: datetime,
) -> SiteRota:
    by_role: defaultdict[str, dict[int, User]] = defaultdict(dict)
    for one in members:
        if one.site_id == site.pk or (
            not one.site_id and one.trial_id == site.trial_id
        ):
            by_role[one.role][one.user_id] = one.user
    rows = [
        _duty_row(duty, shifts, (site.pk, duty) in kept, by_role[role], now)
        for duty, role in duties().items()
    ]
    return SiteRota(site, rows, shifts)


def _duty_row(
    duty: str,
    shifts: list[OnCall],
    kept: bool,
    in_role: dict[int, User],
    now: datetime,
) -> DutyRow:
    planned = [one for one in shifts if one.duty == duty]
    running = serving(one for one in planned if one.starts_at <= now)
    # Whoever has lost the role is told nothing, whatever the rota says.
    now_serving = [one for one in running if one.user_id in in_role]
    own = [one for one in planned if one.user_id in in_role]
    named = {one.user_id for one in now_serving} if kept else set(in_role)
    return DutyRow(
        duty=duty,
        label=label(duty),
        kept=kept,
        able=list(in_role.values()),
        people=[one.get_full_name() for pk, one in in_role.items() if pk in named],
        serving=now_serving,
        gaps=gaps(own, now, now + AHEAD) if kept else [],
    )


def gaps(shifts: Iterable[OnCall], start: datetime, end: datetime) -> list[Span]:
    """The times between `start` and `end` that no shift covers."""
    found, covered = [], start
    for shift in sorted(shifts, key=lambda one: one.starts_at):
        if shift.starts_at > covered and covered < end:
            found.append((covered, min(shift.starts_at, end)))
        covered = max(covered, shift.ends_at)
    if covered < end:
        found.append((covered, end))
    return found


def site_of(user: User, pk: int) -> Site:
    """A site whose participants the person may read. Raises Http404."""
    found = sites_for(user).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such site."))
    return found


def shift_of(user: User, pk: int) -> OnCall:
    """A shift that stands, at a site that the person reads. Raises Http404."""
    rows = OnCall.objects.current().filter(site__in=sites_for(user).order_by())
    found = rows.select_related("site__trial", "user").filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such shift."))
    return found
