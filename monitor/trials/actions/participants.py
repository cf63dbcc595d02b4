"""Participants and their cycles."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit.actions import change, changes_of, record
from monitor.audit.superseding import refuse_without
from monitor.refusal import Refused
from monitor.trials.keeping import kept
from monitor.trials.models import (
    Cohort,
    Cycle,
    Participant,
    ProtocolVersion,
    Site,
    User,
)
from monitor.trials.permissions import Permission, check
from monitor.trials.times import check_moment


@transaction.atomic
def enroll(
    *,
    code: str,
    site: Site,
    cohort: Cohort,
    by: User,
    sex: str = Participant.Sex.UNKNOWN,
    age: int | None = None,
    bed: str = "",
    enrolled_at: datetime | None = None,
) -> Participant:
    """A participant, under a trial code and never a name.

    `enrolled_at` is now unless given. Raises Refused for a code that is in use or a
    cohort of another trial.
    """
    check(by, Permission.ENROLL, site)
    if cohort.trial_id != site.trial_id:
        raise Refused(_("This cohort belongs to another trial."), "cohort")
    participant = kept(
        Participant(
            code=code,
            site=site,
            cohort=cohort,
            sex=sex,
            age=age,
            bed=bed,
            enrolled_at=enrolled_at or clock.now(),
        )
    )
    record(
        action="participant.enrolled",
        by=by,
        of=participant,
        site=site,
        participant=code,
        changes=[
            *changes_of(participant, "sex", "age", "bed", "enrolled_at"),
            change("cohort", None, cohort.neutral_label),
        ],
    )
    return participant


@transaction.atomic
def move_to_bed(*, participant: Participant, bed: str, by: User) -> Participant:
    """The bed is where to look for the participant; it is no clinical record."""
    check(by, Permission.RECORD_OBSERVATION, participant.site)
    before = Participant.objects.select_for_update().get(pk=participant.pk)
    participant.bed = bed
    kept(participant, "bed")
    record(
        action="participant.moved",
        by=by,
        of=participant,
        site=participant.site,
        participant=participant.code,
        changes=changes_of(participant, "bed", old=before),
    )
    return participant


@transaction.atomic
def open_cycle(
    *,
    participant: Participant,
    number: int,
    protocol: ProtocolVersion,
    by: User,
    opened_at: datetime | None = None,
) -> Cycle:
    """A cycle of treatment, judged by one approved protocol version to its end."""
    check(by, Permission.ENROLL, participant.site)
    check_in_force(protocol, participant)
    cycle = kept(
        Cycle(
            participant=participant,
            number=number,
            protocol=protocol,
            opened_at=opened_at or clock.now(),
        )
    )
    record(
        action="cycle.opened",
        by=by,
        of=cycle,
        site=participant.site,
        participant=participant.code,
        changes=[
            *changes_of(cycle, "number", "opened_at"),
            change("protocol", None, protocol.number),
        ],
    )
    return cycle


def check_in_force(protocol: ProtocolVersion, participant: Participant) -> None:
    if protocol.trial_id != participant.site.trial_id:
        raise Refused(_("This protocol belongs to another trial."), "protocol")
    if protocol.status != ProtocolVersion.Status.APPROVED:
        raise Refused(_("This protocol version is not approved yet."), "protocol")
    if participant.off_study_at:
        raise Refused(_("The participant has left the study."), "participant")


@transaction.atomic
def leave_study(
    *, participant: Participant, at: datetime, reason: str, by: User
) -> Participant:
    """Withdrawn, or finished: from here on nothing is due and nobody is told.

    Raises Refused without a reason, for a time to come, or when it was recorded before.
    """
    check(by, Permission.ENROLL, participant.site)
    refuse_without(reason)
    check_moment(at, participant, "at")
    before = Participant.objects.select_for_update().get(pk=participant.pk)
    if before.off_study_at:
        raise Refused(_("The participant has left the study."), "participant")
    participant.off_study_at = at
    kept(participant, "off_study_at")
    record(
        action="participant.left",
        by=by,
        of=participant,
        site=participant.site,
        participant=participant.code,
        changes=changes_of(participant, "off_study_at", old=before),
        reason=reason.strip(),
    )
    return participant


@transaction.atomic
def follow_death(
    *, participant: Participant, at: datetime | None, by: User
) -> Participant:
    """The time of death as signed, or None where what was signed says none any more.

    Called within the verb of the signature, which has asked who may.
    """
    before = Participant.objects.select_for_update().get(pk=participant.pk)
    participant.died_at = at
    if before.died_at == at:
        return participant
    kept(participant, "died_at")
    record(
        action="participant.died" if at else "participant.not_died",
        by=by,
        of=participant,
        site=participant.site,
        participant=participant.code,
        changes=changes_of(participant, "died_at", old=before),
    )
    return participant
