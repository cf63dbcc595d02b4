"""The rota of a site: who has which duty when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import actions as audit
from monitor.audit.superseding import refuse_without, succeed
from monitor.clinical.escalation import duties
from monitor.notices.models import OnCall
from monitor.refusal import Refused
from monitor.trials.keeping import kept
from monitor.trials.models import Site, User
from monitor.trials.permissions import Permission, check
from monitor.trials.queries import people_in
from monitor.trials.times import check_aware, check_order

LONGEST = timedelta(days=14)
MOST_WEEKS = 26


@transaction.atomic
def plan_shift(
    *,
    site: Site,
    duty: str,
    user: User,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    weeks: int = 1,
) -> list[OnCall]:
    """A shift of the plan, and the same in the `weeks` that follow.

    By the clock of the site: nights begin at 19:00 in summer and in winter.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise Refused(_("Choose 1 to %(n)d weeks.") % {"n": MOST_WEEKS}, "weeks")
    zone = ZoneInfo(site.time_zone)
    starts, ends = starts_at.astimezone(zone), ends_at.astimezone(zone)
    every = [timedelta(weeks=n) for n in range(weeks)]
    return [
        _add(
            site,
            duty,
            user,
            (starts + later).astimezone(UTC),
            (ends + later).astimezone(UTC),
            by,
        )
        for later in every
    ]


@transaction.atomic
def override(
    *,
    site: Site,
    duty: str,
    user: User,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    reason: str,
) -> OnCall:
    """For this time another person has the duty, whatever the plan says."""
    refuse_without(reason)
    return _add(site, duty, user, starts_at, ends_at, by, True, reason)


@transaction.atomic
def hand_over(
    *, site: Site, duty: str, to: User, until: datetime, by: User, reason: str
) -> OnCall:
    """From now on, until then, `to` has the duty; asked again, the same shift."""
    running = _standing(site, duty, to, until).filter(
        overrides=True, starts_at__lte=clock.now()
    )
    return running.first() or override(
        site=site,
        duty=duty,
        user=to,
        starts_at=clock.now(),
        ends_at=until,
        by=by,
        reason=reason,
    )


@transaction.atomic
def strike_shift(*, shift: OnCall, by: User, reason: str) -> OnCall:
    """The shift is off the rota; it stays readable."""
    check(by, Permission.KEEP_ROTA, shift.site)
    refuse_without(reason)
    made = succeed(shift, by=by, recorded_at=clock.now(), reason=reason, voided=True)
    _audit("rota.struck", made)
    return made


def _add(
    site: Site,
    duty: str,
    user: User,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    overrides: bool = False,
    reason: str = "",
) -> OnCall:
    check(by, Permission.KEEP_ROTA, site)
    check_aware(starts_at, "starts_at")
    check_aware(ends_at, "ends_at")
    check_order(starts_at, ends_at, "ends_at")
    if ends_at <= clock.now():
        # Without a year the latest is meant that is not to come.
        said = _("This shift is over already. If it is to come, type the year too.")
        raise Refused(said, "ends_at")
    if ends_at - starts_at > LONGEST:
        said = _("A shift lasts at most %(n)d days.")
        raise Refused(said % {"n": LONGEST.days}, "ends_at")
    if duty not in duties():
        raise Refused(_("There is no such duty."), "duty")
    if not people_in(site, [duties()[duty]]).filter(pk=user.pk).exists():
        raise Refused(_("This person does not have the role here."), "user")
    same = _standing(site, duty, user, ends_at).filter(
        overrides=overrides, starts_at=starts_at
    )
    if known := same.first():
        return known
    made = kept(
        OnCall(
            site=site,
            duty=duty,
            user=user,
            starts_at=starts_at,
            ends_at=ends_at,
            overrides=overrides,
            reason=reason.strip(),
            recorded_by=by,
            recorded_at=clock.now(),
        )
    )
    _audit("rota.overridden" if overrides else "rota.planned", made)
    return made


def _standing(site: Site, duty: str, user: User, ends_at: datetime) -> QuerySet[OnCall]:
    """Shifts that stand already: what is sent twice adds none."""
    current = OnCall.objects.current()
    return current.filter(site=site, duty=duty, user=user, ends_at=ends_at)


def _audit(action: str, shift: OnCall) -> None:
    audit.record(
        action=action,
        by=shift.recorded_by,
        of=shift,
        site=shift.site,
        changes=audit.changes_of(shift, "duty", "user", "starts_at", "ends_at"),
        reason=shift.reason,
    )
