"""The decision on a dose after its check, and a dose given otherwise than decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import actions as audit
from monitor.refusal import Refused
from monitor.review import predose
from monitor.review.actions.decisions import REFUSED, check_password, role_of
from monitor.review.models import DoseDecision, DoseDeviation
from monitor.trials.models import Dose, Site, User
from monitor.trials.permissions import Permission, check

Choice = DoseDecision.Choice
TOLD = ("agent", "number", "choice", "overrides", "printed_name", "role", "digest")


@transaction.atomic
def decide_dose(
    *,
    dose: Dose,
    choice: str,
    by: User,
    password: str,
    key: UUID,
    seen: str,
    reason: str = "",
) -> tuple[DoseDecision, bool]:
    """Give, give reduced, hold, omit or discontinue, with the check as it stands kept.

    `seen` is the digest of the check that the person had before them
    (`predose.seen`): Refused when it stands otherwise now. The same `key` again is the
    same decision. Raises WrongPassword, or Refused with the field.
    """
    cycle = dose.cycle
    site = cycle.participant.site
    check(by, Permission.DECIDE_DOSE, site)
    if (known := DoseDecision.objects.filter(key=key).first()) is not None:
        return known, False
    _check_open(dose, choice)
    now = clock.now()
    found = _check_as_seen(dose, now, seen)
    overrides = choice in predose.GIVES and found["needs_override"]
    said = _reasoned(reason, needed=overrides or choice != Choice.GIVE)
    check_password(by, password)
    made = DoseDecision(
        cycle=cycle,
        agent=dose.agent,
        number=dose.number,
        choice=choice,
        reason=said,
        overrides=overrides,
        check_kept=found | {"episodes": predose.standing_now(cycle)},
        protocol=cycle.protocol,
        decided_at=now,
        key=key,
        **_signed_by(by, site),
    )
    made.digest = predose.sealed(made)
    made.save()
    _audit("dose.decided", made, dose, by, audit.changes_of(made, *TOLD), said)
    return made, True


def _reasoned(reason: str, *, needed: bool) -> str:
    """Raises Refused where a reason is needed and none is given."""
    said = reason.strip()
    if needed and not said:
        raise Refused(_("Give the reason."), "reason")
    return said


def _check_open(dose: Dose, choice: str) -> None:
    """Raises Refused where there is nothing to decide, or nothing was chosen."""
    if not Dose.objects.current().filter(pk=dose.pk, status="planned").exists():
        raise Refused(_("Something was recorded about this dose since. Look again."))
    if predose.died(dose.cycle):
        raise Refused(_("The participant died. No dose is decided on."))
    if choice not in Choice.values:
        raise Refused(_("Choose what is decided."), "choice")


def _check_as_seen(dose: Dose, now: datetime, seen: str) -> dict[str, Any]:
    """The check as it stands, to be kept. Raises Refused if another was seen."""
    found = predose.kept(predose.check_of(dose.cycle, dose.agent, now))
    if predose.seen(found) != seen:
        raise Refused(_("The check has changed since you opened it. Look again."))
    return found


def _signed_by(by: User, site: Site) -> dict[str, Any]:
    """Who decides, as the decision prints it."""
    return {
        "decided_by": by,
        "printed_name": by.get_full_name(),
        "role": role_of(by, site, Permission.DECIDE_DOSE),
        "time_zone": site.time_zone,
    }


@transaction.atomic
def dose_refused(*, dose: Dose, by: User) -> None:
    """A wrong password was typed: kept although nothing else of it is."""
    _audit(REFUSED, dose, dose, by, [], "")


@transaction.atomic
def note_deviation(
    *, dose: Dose, decision: DoseDecision | None, check_kept: dict[str, Any], by: User
) -> DoseDeviation | None:
    """Names how a given dose departs from what was decided; None if it does not.

    `dose` is the row that says it was given; it stands whatever this says.
    """
    kind = predose.deviates(dose.status, dose.given_at, decision)
    if kind is None:
        return None
    made = DoseDeviation.objects.create(
        dose=dose,
        kind=kind,
        decision=decision,
        check_kept=check_kept,
        recorded_at=clock.now(),
        recorded_by=by,
    )
    told = audit.changes_of(made, "kind")
    _audit("dose.deviation", made, dose, by, told, dose.reason)
    return made


def _audit(
    action: str, of: Any, dose: Dose, by: User, changes: list[Any], reason: str
) -> None:
    participant = dose.cycle.participant
    audit.record(
        action=action,
        by=by,
        of=of,
        site=participant.site,
        participant=participant.code,
        changes=changes,
        reason=reason,
    )
