"""What can happen to the log of injections: a site is added, or struck out."""

import math
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import together
from monitor.audit.actions import change, changes_of
from monitor.audit.keys import added, repeated
from monitor.audit.superseding import refuse_without, succeed
from monitor.refusal import Refused
from monitor.treatments.injected import Injection
from monitor.trials.models import Dose, User
from monitor.trials.permissions import Permission, check
from monitor.trials.times import check_moment
from monitor.trials.trail import tell

#: What the audit trail tells of a site.
SITE = ("side", "place", "volume", "guidance", "anesthesia", "photo", "note")
CHOICES = {
    "side": Injection.Side,
    "place": Injection.Place,
    "guidance": Injection.Guidance,
    "anesthesia": Injection.Anesthesia,
}


@together.joins
def log_injection(
    *,
    dose: Dose,
    at: datetime,
    side: str,
    place: str,
    by: User,
    key: UUID,
    **more: Any,
) -> tuple[Injection, bool]:
    """One site of a dose that was given; `more` holds the rest of SITE, as known.

    False beside the row when `key` was there already. Raises Refused, with the field.
    """
    cycle = dose.cycle
    check(by, Permission.RECORD_DOSE, cycle.participant.site)
    if found := repeated(Injection, key, cycle):
        return found, False
    row = Injection(
        cycle=cycle,
        agent=dose.agent,
        number=dose.number,
        at=at,
        side=side,
        place=place,
        key=key,
        **more,
    )
    check_injection(row, dose)
    kept, created = added(row, by)
    if created:
        told = changes_of(kept, "agent", "number", "at", *SITE)
        tell(kept, cycle, "injection.logged", told)
    return kept, created


def check_injection(row: Injection, dose: Dose) -> None:
    """Raises Refused for a site that cannot be meant, with the field."""
    if dose.status not in Dose.GIVEN_STATES:
        raise Refused(_("Record first that the dose was given, then where."))
    for name, choices in CHOICES.items():
        said, needed = getattr(row, name), name in ("side", "place")
        if said not in choices.values and (said or needed):
            raise Refused(_("Choose one of the answers."), name)
    if row.volume is not None and not (math.isfinite(row.volume) and row.volume > 0):
        raise Refused(_("A volume is more than 0 mL. Type it again."), "volume")
    if row.place == Injection.Place.OTHER and not row.note.strip():
        raise Refused(_("Say in the note where it was."), "note")
    check_moment(row.at, row.cycle.participant, "at")


@together.joins
def strike_injection(*, injection: Injection, by: User, reason: str) -> Injection:
    """Struck out: it was entered in error. It stays readable."""
    check(by, Permission.CORRECT, injection.cycle.participant.site)
    refuse_without(reason)
    made = succeed(
        injection, by=by, recorded_at=clock.now(), reason=reason.strip(), voided=True
    )
    gone = [change(name, getattr(injection, name)) for name in ("side", "place", "at")]
    tell(made, injection.cycle, "injection.struck", gone)
    return made
