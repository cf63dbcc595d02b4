"""A trial, its sites, its cohorts and its protocol versions."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit.actions import change, changes_of, record
from monitor.clinical.study.protocol import BadProtocol, Protocol
from monitor.refusal import Refused
from monitor.trials.actions.people import appoint
from monitor.trials.keeping import check_zone, kept
from monitor.trials.models import (
    Cohort,
    ProtocolVersion,
    Site,
    Trial,
    User,
)
from monitor.trials.permissions import (
    Permission,
    at_place,
    check,
    in_force,
    roles_with,
)

DAY_START, SHIFT_HOURS = time(7), 12


@transaction.atomic
def open_trial(*, code: str, title: str, by: User) -> Trial:
    """A new trial, with whoever opens it as its first administrator.

    Only the program's owner (a superuser) opens trials. Raises Refused.
    """
    if not by.is_superuser:
        raise Refused(_("Only the owner of the program opens a trial."))
    trial = kept(Trial(code=code, title=title))
    record(
        action="trial.opened",
        by=by,
        of=trial,
        changes=changes_of(trial, "code", "title"),
    )
    appoint(user=by, trial=trial, by=by)
    return trial


@transaction.atomic
def add_site(
    *,
    trial: Trial,
    code: str,
    name: str,
    time_zone: str,
    by: User,
    emergency_number: str = "",
    day_start: time = DAY_START,
    shift_hours: int = SHIFT_HOURS,
) -> Site:
    """A place with wards. Raises Refused for an unknown time zone or a code in use.

    Fluids are summed for each shift of `shift_hours` from `day_start` on.
    """
    check(by, Permission.MANAGE_TRIAL, trial)
    check_zone(time_zone)
    site = kept(
        Site(
            trial=trial,
            code=code,
            name=name,
            time_zone=time_zone,
            emergency_number=emergency_number,
            day_start=day_start,
            shift_hours=shift_hours,
        )
    )
    fields = ("code", "name", "time_zone", "emergency_number", "shift_hours")
    changes = [*changes_of(site, *fields), change("day_start", None, str(day_start))]
    record(action="site.added", by=by, of=site, site=site, changes=changes)
    return site


@transaction.atomic
def add_cohort(
    *,
    trial: Trial,
    number: int,
    name: str,
    neutral_label: str,
    by: User,
    color: int = 1,
) -> Cohort:
    """A dose level. The audit trail names it by its neutral label alone."""
    check(by, Permission.MANAGE_TRIAL, trial)
    cohort = kept(
        Cohort(
            trial=trial,
            number=number,
            name=name,
            neutral_label=neutral_label,
            color=color,
        )
    )
    changes = changes_of(cohort, "number", "neutral_label")
    record(action="cohort.added", by=by, of=cohort, changes=changes)
    return cohort


@transaction.atomic
def draft_protocol(
    *, trial: Trial, number: str, document: Mapping[str, Any], by: User
) -> ProtocolVersion:
    """A version that can still be dropped. Raises Refused with what to mend in it."""
    check(by, Permission.MANAGE_TRIAL, trial)
    check_document(document)
    version = kept(
        ProtocolVersion(
            trial=trial,
            number=number,
            document=dict(document),
            created_at=clock.now(),
            created_by=by,
        )
    )
    changes = changes_of(version, "number", "document")
    record(action="protocol.drafted", by=by, of=version, changes=changes)
    return version


def check_document(document: Mapping[str, Any]) -> None:
    try:
        Protocol.from_document(document)
    except BadProtocol as bad:
        raise Refused(str(bad), "document") from bad


@transaction.atomic
def approve_protocol(*, protocol: ProtocolVersion, by: User) -> ProtocolVersion:
    """From here on the version is never changed: the database refuses too.

    Who drafted it does not approve it, unless the trial has nobody else who may; the
    trail then says so. Raises Refused.
    """
    check(by, Permission.APPROVE_PROTOCOL, protocol.trial)
    version = ProtocolVersion.objects.select_for_update().get(pk=protocol.pk)
    if version.status == ProtocolVersion.Status.APPROVED:
        raise Refused(_("This version is approved already."))
    alone = version.created_by_id == by.pk
    if alone:
        refuse_where_others_may(protocol.trial, by)
    check_document(version.document)
    version.status = ProtocolVersion.Status.APPROVED
    version.approved_at, version.approved_by = clock.now(), by
    version.save()
    changes = [change("status", ProtocolVersion.Status.DRAFT, version.status)]
    why = _("Nobody else may approve in this trial.") if alone else ""
    record(action="protocol.approved", by=by, of=version, changes=changes, reason=why)
    return version


def refuse_where_others_may(trial: Trial, by: User) -> None:
    """Raises Refused with who else may approve."""
    approving = at_place(in_force(), trial).filter(
        role__in=roles_with(Permission.APPROVE_PROTOCOL)
    )
    others = approving.exclude(user=by).select_related("user").order_by("user")
    names = sorted({one.user.get_full_name() for one in others})
    if names:
        said = _("You drafted this version, so another person approves it: %(who)s.")
        raise Refused(said % {"who": ", ".join(names)})
