"""The rota of a site: who has which duty when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import actions as audit
from monitor.audit.superseding import refuse_without, succeed
from monitor.clinical.study.escalation import duties
from monitor.notices.actions import doubts
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
    agreed: str = "",
) -> list[OnCall]:
    """A shift of the plan, and the same in the `weeks` that follow.

    By the clock of the site: nights begin at 19:00 in summer and in winter. Where a
    person is to say yes first it raises Refused: `agreed` is the sentence they read.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise Refused(_("Choose 1 to %(n)d weeks.") % {"n": MOST_WEEKS}, "weeks")
    check(by, Permission.KEEP_ROTA, site)
    check_times(starts_at, ends_at)
    zone = ZoneInfo(site.time_zone)
    starts, ends = starts_at.astimezone(zone), ends_at.astimezone(zone)
    every = [timedelta(weeks=n) for n in range(weeks)]
    made = [
        _new(
            site=site,
            duty=duty,
            user=user,
            starts_at=(starts + later).astimezone(UTC),
            ends_at=(ends + later).astimezone(UTC),
            recorded_by=by,
        )
        for later in every
    ]
    check_who(made[0])
    known = [_known(one) for one in made]
    fresh = [one for one, old in zip(made, known, strict=True) if old is None]
    if fresh:
        doubts.refuse_twice(fresh)
        agreed = doubts.ask(doubts.of_plan(fresh, clock.now()), agreed)
    return [old or _keep(one, agreed) for one, old in zip(made, known, strict=True)]


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
    agreed: str = "",
) -> OnCall:
    """For this time another person has the duty, whatever the plan says."""
    check(by, Permission.KEEP_ROTA, site)
    refuse_without(reason)
    check_times(starts_at, ends_at)
    made = _new(
        site=site,
        duty=duty,
        user=user,
        starts_at=starts_at,
        ends_at=ends_at,
        overrides=True,
        reason=reason.strip(),
        recorded_by=by,
    )
    check_who(made)
    if known := _known(made):
        return known
    return _keep(made, doubts.ask(doubts.of_override(made, clock.now()), agreed))


@transaction.atomic
def hand_over(
    *,
    site: Site,
    duty: str,
    to: User,
    until: datetime,
    by: User,
    reason: str,
    agreed: str = "",
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
        agreed=agreed,
    )


@transaction.atomic
def strike_shift(*, shift: OnCall, by: User, reason: str, agreed: str = "") -> OnCall:
    """The shift is off the rota; it stays readable."""
    check(by, Permission.KEEP_ROTA, shift.site)
    refuse_without(reason)
    agreed = doubts.ask(doubts.of_strike(shift, clock.now()), agreed)
    made = succeed(shift, by=by, recorded_at=clock.now(), reason=reason, voided=True)
    _audit("rota.struck", made, agreed)
    return made


def check_times(starts_at: datetime, ends_at: datetime) -> None:
    """Raises Refused for times that no shift has."""
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


def check_who(shift: OnCall) -> None:
    """Raises Refused for who cannot have the duty."""
    if shift.duty not in duties():
        raise Refused(_("There is no such duty."), "duty")
    able = people_in(shift.site, [duties()[shift.duty]])
    if not able.filter(pk=shift.user_id).exists():
        raise Refused(_("This person does not have the role here."), "user")


def _new(**told: Any) -> OnCall:
    return OnCall(recorded_at=clock.now(), **told)


def _known(shift: OnCall) -> OnCall | None:
    """The same shift, if it stands already: what is sent twice adds none."""
    same = _standing(shift.site, shift.duty, shift.user, shift.ends_at)
    return same.filter(overrides=shift.overrides, starts_at=shift.starts_at).first()


def _keep(shift: OnCall, agreed: str) -> OnCall:
    made = kept(shift)
    _audit("rota.overridden" if made.overrides else "rota.planned", made, agreed)
    return made


def _standing(site: Site, duty: str, user: User, ends_at: datetime) -> QuerySet[OnCall]:
    current = OnCall.objects.current()
    return current.filter(site=site, duty=duty, user=user, ends_at=ends_at)


def _audit(action: str, shift: OnCall, agreed: str) -> None:
    """`agreed`: the question to which the person said yes."""
    changes = audit.changes_of(shift, "duty", "user", "starts_at", "ends_at")
    audit.record(
        action=action,
        by=shift.recorded_by,
        of=shift,
        site=shift.site,
        changes=[*changes, *([audit.change("agreed", None, agreed)] if agreed else [])],
        reason=shift.reason,
    )
