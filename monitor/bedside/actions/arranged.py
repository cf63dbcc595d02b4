"""What is agreed about coming observations, and whose they are."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import together
from monitor.audit.actions import change, changes_of
from monitor.audit.keys import added, repeated
from monitor.audit.superseding import refuse_without, succeed
from monitor.bedside.models import Arrangement, Assignment
from monitor.refusal import Refused
from monitor.trials.models import Cycle, User
from monitor.trials.permissions import Permission, check, may
from monitor.trials.times import check_aware
from monitor.trials.trail import tell

Kind = Arrangement.Kind
ACTIONS = {
    Kind.CONTACT: "contact.planned",
    Kind.NOT_TAKEN: "set.not_taken",
    Kind.PAUSE: "monitoring.paused",
}
#: A shift is no longer than a day.
LONGEST_SHIFT = timedelta(hours=24)


@together.joins
def arrange(
    *,
    cycle: Cycle,
    kind: str,
    why: str,
    until: datetime,
    by: User,
    key: UUID,
    latest: datetime | None = None,
    note: str = "",
) -> tuple[Arrangement, bool]:
    """A contact planned, a set not taken, or a pause of monitoring, from now on.

    `until` is the time of the contact, or when the set is asked for again, or when the
    pause ends by itself; at most `latest`. False beside the row when `key` was there
    already. Raises Refused, with the field.
    """
    check(by, Permission.RECORD_OBSERVATION, cycle.participant.site)
    if found := repeated(Arrangement, key, cycle):
        return found, False
    if kind not in Kind.values or why not in Arrangement.REASONS[Kind(kind)]:
        raise Refused(_("Choose one of the reasons."), "why")
    if why == Arrangement.Why.OTHER and not note.strip():
        raise Refused(_("Say what the other reason is."), "note")
    check_coming(until, latest)
    row = Arrangement(
        cycle=cycle,
        kind=kind,
        why=why,
        at=clock.now(),
        until=until,
        note=note.strip(),
        key=key,
    )
    kept, created = added(row, by)
    if created:
        told = changes_of(kept, "why", "until", "note")
        tell(kept, cycle, ACTIONS[Kind(kind)], told)
    return kept, created


def check_coming(until: datetime, latest: datetime | None) -> None:
    check_aware(until, "until")
    if until <= clock.now():
        raise Refused(_("This time is over. Type a time to come."), "until")
    if latest is not None and until > latest:
        hours, minutes = divmod(int((latest - clock.now()).total_seconds() // 60), 60)
        left = _("%(minutes)d min") % {"minutes": minutes}
        if hours:
            left = _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": minutes}
        said = _("This is too long: at most %(left)s from now.")
        raise Refused(said % {"left": left}, "until")


@together.joins
def end_arrangement(*, arrangement: Arrangement, by: User, reason: str) -> Arrangement:
    """Over before its time: a pause ends now, a planned contact is called off."""
    cycle = arrangement.cycle
    check(by, Permission.RECORD_OBSERVATION, cycle.participant.site)
    refuse_without(reason)
    now = clock.now()
    if arrangement.until <= now and arrangement.kind != Kind.CONTACT:
        raise Refused(_("This is over already."))
    called_off = arrangement.kind == Kind.CONTACT
    made = succeed(
        arrangement,
        by=by,
        recorded_at=now,
        reason=reason.strip(),
        voided=called_off,
        until=arrangement.until if called_off else now,
    )
    told = [change("kind", arrangement.kind)]
    told += changes_of(made, "until", old=arrangement)
    tell(made, cycle, "arrangement.ended", told)
    return made


@together.joins
def assign(
    *, cycle: Cycle, nurse: User, until: datetime, by: User, key: UUID
) -> tuple[Assignment, bool]:
    """From now until the end of a shift the participant is that nurse's.

    The one assigned last is responsible. Raises Refused for who may not enter sets.
    """
    site = cycle.participant.site
    check(by, Permission.RECORD_OBSERVATION, site)
    if found := repeated(Assignment, key, cycle):
        return found, False
    if not may(nurse, Permission.RECORD_OBSERVATION, site):
        raise Refused(_("This person does not enter sets at this site."), "nurse")
    check_coming(until, clock.now() + LONGEST_SHIFT)
    row = Assignment(cycle=cycle, nurse=nurse, at=clock.now(), until=until, key=key)
    kept, created = added(row, by)
    if created:
        told = [change("nurse", None, nurse.get_full_name())]
        tell(kept, cycle, "nurse.assigned", [*told, *changes_of(kept, "until")])
    return kept, created
