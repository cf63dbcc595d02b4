"""Reading people, sites and participants: always through the memberships in force.

What a person may not see is not there: another site's participant is a 404, not a 403.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from monitor.trials.identities import Identity
from monitor.trials.models import (
    Cycle,
    Dose,
    Membership,
    Participant,
    ProtocolVersion,
    Site,
    Trial,
    Unblinding,
    User,
)
from monitor.trials.permissions import Permission, held_by, in_force, roles_with


def memberships_for(user: User) -> QuerySet[Membership]:
    """The person's memberships in force, with trial and site."""
    return held_by(user).select_related("trial", "site").order_by("pk")


def zone_for(memberships: Iterable[Membership]) -> str:
    """The zone in which a page over several sites says its times.

    The zone of the person's sites if they share one; else UTC, said on the page.
    """
    zones = {row.site.time_zone if row.site else "UTC" for row in memberships}
    return zones.pop() if len(zones) == 1 else "UTC"


def reading_at(user: User, trial: str, site: str) -> Exists:
    """A condition: a membership in force lets the person read at that site."""
    return allowed_at(user, Permission.READ, trial, site)


def allowed_at(user: User, permission: Permission, trial: str, site: str) -> Exists:
    """A condition: a membership in force lets the person do this at that site."""
    return Exists(
        held_by(user).filter(
            Q(site=OuterRef(site)) | Q(site__isnull=True),
            trial=OuterRef(trial),
            role__in=roles_with(permission),
        )
    )


def participants_for(user: User) -> QuerySet[Participant]:
    """The participants whom the person may read, with trial, site and cohort."""
    return (
        Participant.objects.filter(reading_at(user, "site__trial", "site"))
        .select_related("site__trial", "cohort")
        .order_by("code")
    )


def participant_for(user: User, code: str) -> Participant:
    """The participant with this code. Raises Http404 for one out of reach."""
    found = None
    if can_be_code(code):
        found = participants_for(user).filter(code=code).first()
    if found is None:
        raise Http404(_("There is no participant %(code)s.") % {"code": code})
    return found


def can_be_code(text: str) -> bool:
    """PostgreSQL takes no text with a NUL: an address with one is nobody's."""
    return "\x00" not in text


def sites_for(user: User) -> QuerySet[Site]:
    """The sites whose participants the person may read."""
    sites = Site.objects.filter(reading_at(user, "trial", "pk"))
    return sites.select_related("trial").order_by("trial__code", "code")


def sites_where(user: User, permission: Permission) -> QuerySet[Site]:
    """The sites at which the person may do this."""
    return Site.objects.filter(allowed_at(user, permission, "trial", "pk"))


def trials_for(user: User) -> QuerySet[Trial]:
    """The trials in which the person is anything at all."""
    inside = held_by(user).filter(trial=OuterRef("pk"))
    return Trial.objects.filter(Exists(inside)).order_by("code")


def protocols_in_force(user: User) -> list[ProtocolVersion]:
    """The last approved version of each trial in which the person is anything."""
    approved = ProtocolVersion.objects.filter(
        trial__in=trials_for(user), status=ProtocolVersion.Status.APPROVED
    )
    ordered = approved.select_related("trial").order_by("trial__code", "approved_at")
    return list({version.trial_id: version for version in ordered}.values())


def people_of(site: Site, permission: Permission) -> QuerySet[User]:
    """Who may do this at a site now: for the notices."""
    return people_in(site, roles_with(permission))


def people_in(site: Site, roles: Iterable[str]) -> QuerySet[User]:
    """Who has one of these roles at a site, or in its trial, now."""
    here = (Q(site=site) | Q(site__isnull=True)) & Q(trial_id=site.trial_id)
    held = in_force().filter(here, user=OuterRef("pk"), role__in=list(roles))
    return User.objects.filter(Exists(held), is_active=True).order_by("username")


def current_cycle(participant: Participant) -> Cycle | None:
    """The cycle opened last, with what its pages need."""
    cycles = participant.cycles.select_related("participant__site__trial", "protocol")
    return cycles.order_by("number").last()


def cycle_for(user: User, code: str, number: int | None = None) -> Cycle:
    """A participant's cycle, the last one unless a number is given. Raises Http404."""
    if not can_be_code(code):
        participant_for(user, code)
    cycles = Cycle.objects.filter(
        reading_at(user, "participant__site__trial", "participant__site"),
        participant__code=code,
    )
    if number is not None:
        cycles = cycles.filter(number=number)
    cycle = (
        cycles.select_related(
            "participant__site__trial", "participant__cohort", "protocol"
        )
        .order_by("number")
        .last()
    )
    if cycle is None:
        participant_for(user, code)
        raise Http404(_("%(code)s has no such cycle.") % {"code": code})
    return cycle


def doses_of(cycle: Cycle) -> QuerySet[Dose]:
    """The doses of a cycle as they stand, in order of time."""
    return (
        Dose.objects.current()
        .filter(cycle=cycle)
        .order_by("planned_at", "agent", "number")
    )


def last_given(people: Iterable[Participant]) -> dict[int, dict[str, datetime]]:
    """Participant id -> agent -> its last dose given, in whatever cycle."""
    rows = (
        Dose.objects.current()
        .filter(cycle__participant__in=list(people), given_at__isnull=False)
        .values_list("cycle__participant", "agent")
        .annotate(last=Max("given_at"))
    )
    found: dict[int, dict[str, datetime]] = {}
    for participant, agent, last in rows:
        found.setdefault(participant, {})[agent] = last
    return found


def unblindings_of(participant: Participant) -> QuerySet[Unblinding]:
    """Who looked behind the neutral label, the first one first."""
    rows = participant.unblindings.prefetch_related("assessments")
    return rows.order_by("pk")


def identity_kept(participant: Participant) -> Identity | None:
    """The sealed row, which says when and by whom it was kept."""
    rows = Identity.objects.filter(participant=participant).defer("sealed")
    return rows.select_related("kept_by").first()


def zone_of(site: Site) -> ZoneInfo:
    return ZoneInfo(site.time_zone)
