"""Who may do what: one table, with a sentence for each permission.

A person's permissions at a site are those of the roles that are in force there now:
given for that site, or for the trial as a whole. Roles of the sponsor's side never
change what a site recorded.
"""

from collections.abc import Mapping
from types import MappingProxyType

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from monitor import clock
from monitor.trials.models import Membership, Role, Site, Trial, User

Place = Site | Trial | None


class Permission(models.TextChoices):
    """Each label ends the sentence "You may ..."."""

    READ = "read", lazy("read the participants' pages and the board")
    RECORD_OBSERVATION = (
        "record_observation",
        lazy("enter sets, laboratory values and where the participant is"),
    )
    CORRECT = "correct", lazy("correct or strike out what was entered, with a reason")
    CONFIRM = "confirm", lazy("confirm a value that is held because it is rare")
    LOG_TREATMENT = "log_treatment", lazy("log treatments and actions")
    RECORD_DOSE = "record_dose", lazy("record what became of a planned dose")
    PLAN_DOSE = "plan_dose", lazy("plan doses")
    DECIDE_DOSE = "decide_dose", lazy("decide on a dose after the check before it")
    ENROLL = "enroll", lazy("enroll participants and open cycles")
    REVIEW = "review", lazy("review episodes, grade, attribute and sign")
    REPORT = "report", lazy("record that an event was reported to the sponsor")
    REPORT_AUTHORITY = (
        "report_authority",
        lazy("record that the sponsor reported an event to the authority"),
    )
    ASK = "ask", lazy("ask about a value or an episode, and close what was asked")
    ANSWER = "answer", lazy("answer what was asked")
    ACKNOWLEDGE = "acknowledge", lazy("acknowledge notices")
    KEEP_ROTA = "keep_rota", lazy("keep the on-call rota and hand duties over")
    SEE_COHORT = "see_cohort", lazy("see the dose level behind the neutral label")
    UNBLIND = "unblind", lazy("look behind the neutral label in an emergency")
    KEEP_HIDDEN = (
        "keep_hidden",
        lazy("enter values that are hidden because they tell the dose level"),
    )
    SEE_IDENTITY = "see_identity", lazy("see and keep who a participant is")
    SEE_QUEUE = "see_queue", lazy("see the review queue")
    SEE_AUDIT = "see_audit", lazy("see the audit trail of a participant")
    REVIEW_TRAIL = "review_trail", lazy("review what was changed, and say so")
    EXPORT = "export", lazy("export charts and audit trails")
    MANAGE_PEOPLE = "manage_people", lazy("create accounts, give and end roles")
    MANAGE_TRIAL = "manage_trial", lazy("add sites and cohorts, draft protocols")
    APPROVE_PROTOCOL = "approve_protocol", lazy("approve a protocol version")


P = Permission
BEDSIDE = {
    P.READ,
    P.RECORD_OBSERVATION,
    P.CORRECT,
    P.CONFIRM,
    P.LOG_TREATMENT,
    P.ANSWER,
}
OVERSIGHT = {
    P.READ,
    P.SEE_QUEUE,
    P.SEE_AUDIT,
    P.REVIEW_TRAIL,
    P.EXPORT,
    P.ASK,
}

TABLE: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.NURSE: frozenset(
            {*BEDSIDE, P.RECORD_DOSE, P.ACKNOWLEDGE, P.KEEP_ROTA, P.SEE_AUDIT},
        ),
        Role.INVESTIGATOR: frozenset(
            {
                *BEDSIDE,
                *OVERSIGHT,
                P.RECORD_DOSE,
                P.PLAN_DOSE,
                P.DECIDE_DOSE,
                P.ENROLL,
                P.REVIEW,
                P.REPORT,
                P.ACKNOWLEDGE,
                P.KEEP_ROTA,
                P.SEE_COHORT,
                P.UNBLIND,
                P.KEEP_HIDDEN,
                P.SEE_IDENTITY,
            }
        ),
        Role.COORDINATOR: frozenset(
            {
                *BEDSIDE,
                *OVERSIGHT,
                P.RECORD_DOSE,
                P.PLAN_DOSE,
                P.ENROLL,
                P.REPORT,
                P.ACKNOWLEDGE,
                P.KEEP_ROTA,
                P.SEE_IDENTITY,
            }
        ),
        Role.DATA_MONITOR: frozenset(OVERSIGHT),
        Role.SAFETY_PHYSICIAN: frozenset(
            {
                *OVERSIGHT,
                P.REPORT_AUTHORITY,
                P.ACKNOWLEDGE,
                P.SEE_COHORT,
                P.UNBLIND,
            }
        ),
        Role.PHARMACIST: frozenset(
            {
                P.READ,
                P.RECORD_DOSE,
                P.PLAN_DOSE,
                P.SEE_COHORT,
                P.SEE_AUDIT,
                P.KEEP_HIDDEN,
            }
        ),
        Role.ADMINISTRATOR: frozenset(
            {P.MANAGE_PEOPLE, P.MANAGE_TRIAL, P.APPROVE_PROTOCOL}
        ),
    }
)


def roles_with(permission: Permission) -> list[Role]:
    """The roles that carry a permission, in the order of the table."""
    return [role for role, granted in TABLE.items() if permission in granted]


def in_force() -> QuerySet[Membership]:
    """Memberships that have begun and not ended, of accounts that are not closed."""
    now = clock.now()
    return Membership.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        user__is_active=True,
        starts_at__lte=now,
    )


def held_by(user: User) -> QuerySet[Membership]:
    """The person's memberships in force; none for who is not signed in."""
    return in_force().filter(user=user.pk)


def at_place(memberships: QuerySet[Membership], place: Place) -> QuerySet[Membership]:
    """Those that hold at a site, in a trial as a whole, or anywhere (None)."""
    if place is None:
        return memberships
    if isinstance(place, Trial):
        return memberships.filter(trial=place, site__isnull=True)
    here = Q(site=place) | Q(site__isnull=True)
    return memberships.filter(here, trial_id=place.trial_id)


def granted(user: User, place: Place) -> frozenset[Permission]:
    """Everything the person may do at a place, in one query, for pages."""
    roles = at_place(held_by(user), place).values_list("role", flat=True)
    return frozenset().union(*(TABLE[Role(role)] for role in roles))


def may(user: User, permission: Permission, place: Place) -> bool:
    """Whether the person may do this at a site, in a trial, or anywhere (None)."""
    return permission in granted(user, place)


def check(user: User, permission: Permission, place: Place) -> None:
    """Raises PermissionDenied with a sentence that says whose task it is."""
    if not may(user, permission, place):
        raise PermissionDenied(refusal(permission, place))


def refusal(permission: Permission, place: Place) -> str:
    told = {
        "what": permission.label,
        "place": place or _("any site"),
        "roles": ", ".join(str(role.label) for role in roles_with(permission)),
    }
    return _("You may not %(what)s at %(place)s. Who may: %(roles)s.") % told
