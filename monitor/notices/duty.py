"""Who has a duty at a site now: the rota, and until one has begun, the role.

A rota of a duty begins with its first planned shift. Until then everybody in the role
has the duty, but while an override names somebody (decision 0021).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from monitor.clinical.study.escalation import PERSON, duties
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
    here = OnCall.objects.current().filter(site=site, duty=target, starts_at__lte=now)
    running = serving(here.filter(ends_at__gt=now, user__in=in_role.values("pk")))
    if running or here.filter(overrides=False).exists():
        return list(in_role.filter(pk__in=[one.user_id for one in running]))
    return list(in_role)


@dataclass(frozen=True)
class Rota:
    """One duty at one site: its shifts that have not ended, and who may have it.

    `begins`: when its first planned shift does, which may be over; None without one.
    """

    shifts: Sequence[OnCall]
    begins: datetime | None
    able: Collection[int]

    def has_begun(self, at: datetime) -> bool:
        return self.begins is not None and self.begins <= at

    def serving(self, at: datetime) -> list[OnCall]:
        """The shifts that count then. Who has lost the role is passed over."""
        return serving(
            one
            for one in self.shifts
            if one.starts_at <= at < one.ends_at and one.user_id in self.able
        )

    def named(self, at: datetime) -> set[int]:
        """Ids of who has the duty then: what `holders` says of that moment."""
        running = self.serving(at)
        if running or self.has_begun(at):
            return {one.user_id for one in running}
        return set(self.able)


def serving(running: Iterable[OnCall]) -> list[OnCall]:
    """Which of the shifts that run now count: the newest override, else all."""
    every = list(running)
    overrides = [shift for shift in every if shift.overrides]
    if overrides:
        return [max(overrides, key=lambda shift: (shift.recorded_at, shift.pk))]
    return every
