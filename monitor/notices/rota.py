"""The rota as a page shows it: who is on call, until when, and where nobody is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Q
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitor import localtime
from monitor.clinical.study.escalation import duties
from monitor.notices import gaps
from monitor.notices.duty import Rota, label
from monitor.notices.gaps import Span
from monitor.notices.models import OnCall
from monitor.trials.models import Membership, Site, User
from monitor.trials.permissions import in_force
from monitor.trials.queries import sites_for

# So far ahead the page looks for times at which nobody is on call.
AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class DutyRow:
    """One duty at one site. `kept`: its rota has begun; `begins`: when it does.

    `able` may have it. Until the rota begins all of them do: `people` names who does
    now, `serving` are the shifts that say so. `gaps` are the times of the next days,
    or of the first days of the rota, at which nobody has it.
    """

    duty: str
    label: str
    kept: bool
    begins: datetime | None
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
    planned = OnCall.objects.current().filter(site__in=every, overrides=False)
    first = planned.order_by().values_list("site", "duty").annotate(Min("starts_at"))
    begins = {(site, duty): at for site, duty, at in first}
    members = holders_of_roles(every)
    return [_rota(site, shifts[site.pk], begins, members, now) for site in every]


@dataclass(frozen=True)
class DutyHolders:
    """One duty of a site, in words, and who has it; nobody where `people` is empty.

    `planned`: the site's rota names them; else everybody in the role has it.
    """

    duty: str
    people: list[str]
    planned: bool


def on_duty(sites: Iterable[Site], now: datetime) -> dict[int, list[DutyHolders]]:
    """Site id -> its duties, each with those whom `duty.holders` would name."""
    return {
        found.site.pk: [
            DutyHolders(row.label, row.people, row.kept or bool(row.serving))
            for row in found.duties
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
    begins: dict[tuple[int, str], datetime],
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
        _duty_row(duty, shifts, begins.get((site.pk, duty)), by_role[role], now)
        for duty, role in duties().items()
    ]
    return SiteRota(site, rows, shifts)


def _duty_row(
    duty: str,
    shifts: list[OnCall],
    begins: datetime | None,
    in_role: dict[int, User],
    now: datetime,
) -> DutyRow:
    rota = Rota([one for one in shifts if one.duty == duty], begins, set(in_role))
    named = rota.named(now)
    start = max(now, begins) if begins else now
    return DutyRow(
        duty=duty,
        label=label(duty),
        kept=rota.has_begun(now),
        begins=begins,
        able=list(in_role.values()),
        people=[one.get_full_name() for pk, one in in_role.items() if pk in named],
        serving=rota.serving(now),
        gaps=gaps.nobody(rota, start, start + AHEAD) if begins else [],
    )


def saved_words(made: Sequence[OnCall], rota: SiteRota, now: datetime) -> str:
    """What was saved; before the first shift of a duty, who has it until then.

    `rota` is as it was before.
    """
    first, zone = made[0], rota.site.time_zone
    told = {
        "name": first.user.get_full_name(),
        "duty": label(first.duty),
        "start": localtime.say(first.starts_at, zone),
        "end": localtime.say(first.ends_at, zone),
        "n": len(made),
    }
    words = [
        ngettext(
            "Saved: %(name)s, %(duty)s, %(start)s to %(end)s.",
            "Saved: %(name)s, %(duty)s, %(start)s to %(end)s, and so for %(n)d weeks.",
            len(made),
        )
    ]
    row = next(one for one in rota.duties if one.duty == first.duty)
    waits = row.begins is None or row.begins > now
    if waits and not first.overrides and first.starts_at > now:
        words.append(_("Until the rota begins everybody in the role is told, as now."))
    return " ".join(words) % told


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
