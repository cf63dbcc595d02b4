"""Values that tell the dose level: entered, struck out and looked at by who sees it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import together
from monitor.audit.actions import change, record
from monitor.audit.keys import added
from monitor.audit.superseding import refuse_without, succeed
from monitor.bedside.entry import NewReading, known_item, read_reading
from monitor.bedside.models import HiddenReading
from monitor.refusal import Refused
from monitor.trials.blinding import check_seeing, hidden_items
from monitor.trials.models import Cycle, Participant, User
from monitor.trials.permissions import Permission, check
from monitor.trials.times import check_moment
from monitor.trials.trail import tell


@together.joins
def record_hidden(
    *,
    cycle: Cycle,
    item: str,
    observed_at: datetime,
    typed: str,
    unit: str | None,
    by: User,
    key: UUID,
    confirmed: bool = False,
) -> tuple[HiddenReading, bool]:
    """A laboratory value that the trial hides; False beside one that was there already.

    It feeds nothing that everybody sees. `confirmed`: a rare value was said to be
    right. Raises Refused, with the argument, and PermissionDenied to who is blinded.
    """
    participant = cycle.participant
    check(by, Permission.KEEP_HIDDEN, participant.site)
    check_seeing(by, participant)
    if item not in hidden_items(participant.site.trial):
        said = _("%(item)s is not hidden in this trial: enter it with the others.")
        raise Refused(said % {"item": known_item(item).label}, "item")
    check_moment(observed_at, participant, "observed_at")
    new, number = read_hidden(item, typed, unit, at=observed_at, confirmed=confirmed)
    row = HiddenReading(
        cycle=cycle,
        observed_at=observed_at,
        item=item,
        number=number,
        unit=new.unit,
        typed=new.typed,
        typed_unit=new.typed_unit,
        key=key,
    )
    kept, created = added(row, by)
    if created:
        about = change("observed_at", None, observed_at)
        told = change(item, None, text_of(kept))
        tell(kept, cycle, "hidden.recorded", [about, told])
    return kept, created


def read_hidden(
    item: str, typed: str, unit: str | None, **how: Any
) -> tuple[NewReading, float]:
    """What was typed, and its number. Raises Refused, also where it is unconfirmed."""
    try:
        new = read_reading(item, typed, unit, **how)
    except Refused as refused:
        raise Refused(refused.sentence, "typed") from refused
    if new.number is None:
        raise Refused(_("This is not a number. Type it in digits."), "typed")
    if new.needs_confirmation:
        raise Refused(new.check_reason, "confirmed")
    return new, new.number


@together.joins
def void_hidden(*, reading: HiddenReading, by: User, reason: str) -> HiddenReading:
    """Struck out: it was entered in error, and stays readable to who sees it."""
    participant = reading.cycle.participant
    check(by, Permission.KEEP_HIDDEN, participant.site)
    check_seeing(by, participant)
    refuse_without(reason)
    made = succeed(
        reading, by=by, recorded_at=clock.now(), reason=reason.strip(), voided=True
    )
    told = [change(reading.item, text_of(reading))]
    tell(made, reading.cycle, "hidden.voided", told)
    return made


@transaction.atomic
def look_at_hidden(*, participant: Participant, by: User) -> None:
    """Somebody opens the hidden values: each look is kept."""
    check(by, Permission.SEE_COHORT, participant.site)
    check_seeing(by, participant)
    record(
        action="hidden.looked",
        by=by,
        of=HiddenReading,
        site=participant.site,
        participant=participant.code,
    )


def text_of(reading: HiddenReading) -> str:
    return f"{reading.typed} {reading.typed_unit or reading.unit}".strip()
