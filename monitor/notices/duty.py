"""Who has a duty at a site now: the rota, and where it keeps none, the role."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from monitor.clinical.escalation import PERSON, duties
from monitor.notices.models import OnCall
from monitor.trials.models import Role, Site, User
from monitor.trials.queries import people_in

LABELS: dict[str, str | Promise] = {
    "nurse_in_charge": lazy("nurse in charge"),
    "investigator_on_call": lazy("investigator on call"),
    "backup": lazy("backup"),
    "principal_investigator": lazy("principal investigator"),
    "safety_physician": lazy("safety physician"),
}


def label(target: str) -> str:
    """A duty, a role or a person in words."""
    if target in LABELS:
        return str(LABELS[target])
    if target.startswith(PERSON):
        return target.removeprefix(PERSON)
    return str(Role(target).label)


def nobody(target: str) -> str:
    if target in duties():
        return _("Nobody is on call as %(duty)s.") % {"duty": label(target)}
    return _("There is no %(role)s here.") % {"role": label(target)}


def who(
    site: Site, targets: Iterable[str], now: datetime
) -> tuple[list[User], list[str]]:
    """The people behind the targets, each once, and the targets that nobody fills."""
    people: dict[int, User] = {}
    missing = []
    for target in targets:
        found = holders(site, target, now)
        people |= {user.pk: user for user in found}
        if not found:
            missing.append(target)
    return list(people.values()), missing


def holders(site: Site, target: str, now: datetime) -> list[User]:
    """Who is meant by a target. Only people with a role at the site are told."""
    if target.startswith(PERSON):
        everybody = people_in(site, Role.values)
        return list(everybody.filter(username=target.removeprefix(PERSON)))
    if target not in duties():
        return list(people_in(site, [target]))
    in_role = people_in(site, [duties()[target]])
    if not OnCall.objects.current().filter(site=site, duty=target).exists():
        return list(in_role)
    return list(in_role.filter(pk__in=on_call(site, target, now)))


def on_call(site: Site, duty: str, now: datetime) -> list[int]:
    """Ids of who the rota names: the newest override, else everybody planned."""
    shifts = OnCall.objects.current().filter(
        site=site, duty=duty, starts_at__lte=now, ends_at__gt=now
    )
    return [shift.user_id for shift in serving(shifts)]


def serving(running: Iterable[OnCall]) -> list[OnCall]:
    """Which of the shifts that run now count: the newest override, else all."""
    every = list(running)
    overrides = [shift for shift in every if shift.overrides]
    if overrides:
        return [max(overrides, key=lambda shift: (shift.recorded_at, shift.pk))]
    return every
