"""Who may give which role to whom: one table, and two things that nobody may.

An administrator of a whole trial gives every role; one of a single site gives those of
its bedside, there. Nobody gives a role to themselves, and nobody has one on each side:
who watches over a site for the sponsor changes nothing that the site recorded.
"""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _

from monitor.refusal import Refused
from monitor.trials.models import Role, Site, Trial, User
from monitor.trials.permissions import held_by

#: Roles of the site, which record, and of the sponsor's side, which watch.
AT_SITE = frozenset(
    {Role.NURSE, Role.INVESTIGATOR, Role.COORDINATOR, Role.PHARMACIST},
)
SPONSOR = frozenset({Role.DATA_MONITOR, Role.SAFETY_PHYSICIAN, Role.ADMINISTRATOR})

#: Where the administrator's own role holds -> the roles that it may give there.
GIVES: Mapping[str, frozenset[Role]] = MappingProxyType(
    {"trial": frozenset(Role), "site": AT_SITE}
)


def check_grant(
    *, by: User, user: User, role: Role, trial: Trial, site: Site | None
) -> None:
    """Raises Refused for a role that this person may not give to that one."""
    if by.pk == user.pk:
        raise Refused(
            _("Nobody gives a role to themselves. Ask another administrator.")
        )
    if role not in GIVES[reach(by, trial)]:
        said = _("An administrator of one site does not give the role of %(role)s.")
        raise Refused(said % {"role": role.label}, "role")
    other = SPONSOR if role in AT_SITE else AT_SITE
    held = held_by(user).filter(trial=trial, role__in=other).first()
    if held is not None:
        said = _(
            "%(who)s is %(held)s in this trial. One person is on the site's side or on "
            "the sponsor's, not on both: end that role first."
        )
        told = {"who": user.get_full_name(), "held": held.get_role_display()}
        raise Refused(said % told, "role")


def reach(by: User, trial: Trial) -> str:
    """Whether the person administers the trial as a whole or a site of it."""
    whole = held_by(by).filter(trial=trial, role=Role.ADMINISTRATOR, site__isnull=True)
    return "trial" if whole.exists() else "site"
