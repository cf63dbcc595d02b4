"""What becomes of a reading afterwards: corrected, struck out, confirmed."""

from datetime import datetime

from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import together
from monitor.audit.actions import change
from monitor.audit.superseding import (
    refuse_superseded,
    refuse_without,
    succeed,
    successor_of,
)
from monitor.bedside import queries
from monitor.bedside.checks import check_set
from monitor.bedside.entry import NewReading, agreed, read_reading
from monitor.bedside.models import Observation, Reading
from monitor.bedside.slips import reason_for
from monitor.bedside.values import as_new, fields_of, graded_under
from monitor.bedside.words import reading_text
from monitor.refusal import Refused
from monitor.trials.models import User
from monitor.trials.permissions import Permission, check
from monitor.trials.trail import tell


@together.joins
def correct_reading(
    *,
    reading: Reading,
    typed: str,
    unit: str | None,
    by: User,
    reason: str,
    until: datetime | None = None,
    confirmed: bool = False,
    grace: float = 0,
) -> Reading:
    """The value as it should have been typed, read as at its first entry.

    For `grace` minutes the author needs no reason. Raises Refused when it cannot be,
    when there is no reason, or when somebody else changed it; the same correction sent
    twice is one.
    """
    at = reading.observation.observed_at
    previous = queries.previous_values(reading.observation.cycle, at)
    new = read_reading(
        reading.item,
        typed,
        unit,
        previous.get(reading.item),
        at=at,
        until=until or reading.until,
        confirmed=confirmed,
    )
    return replace_reading(reading=reading, new=new, by=by, reason=reason, grace=grace)


@together.joins
def replace_reading(
    *, reading: Reading, new: NewReading, by: User, reason: str, grace: float = 0
) -> Reading:
    """Any other answer in place of a reading: a value, not done, or unrecordable.

    For `grace` minutes (the protocol's) the author needs no reason.
    """
    cycle = reading.observation.cycle
    check(by, Permission.CORRECT, cycle.participant.site)
    reason = reason_for(reading, by, grace, reason)
    refuse_without(reason)
    if new.item != reading.item:
        raise Refused(_("A correction keeps the item."), new.item)
    new = graded_under(new, cycle)
    if found := same_correction(reading, new, by):
        return found
    imported = reading.observation.source == Observation.Source.IMPORT
    check_set([new], reading.observation.observed_at, imported)
    new = beside_the_others(reading, new)
    return change_reading(reading, new, "reading.corrected", by, reason)


def same_correction(reading: Reading, new: NewReading, by: User) -> Reading | None:
    """The successor, when it says what this correction says: it was sent twice."""
    found = successor_of(reading)
    if found is None or found.recorded_by_id != by.pk or found.voided:
        return None
    same = reading_text(found) == reading_text(new)
    return found if same and found.check_state == new.check_state else None


def beside_the_others(reading: Reading, new: NewReading) -> NewReading:
    """The new value, judged beside what else stands of its set."""
    others = Reading.objects.current().filter(observation=reading.observation_id)
    kept = [as_new(other) for other in others.exclude(item=reading.item)]
    return agreed([new, *kept])[0]


def change_reading(
    reading: Reading, new: NewReading, action: str, by: User, reason: str
) -> Reading:
    made = succeed(
        reading, by=by, recorded_at=clock.now(), reason=reason.strip(), **fields_of(new)
    )
    told = [change(reading.item, reading_text(reading), reading_text(made))]
    tell(made, made.observation.cycle, action, told)
    return made


@together.joins
def void_reading(*, reading: Reading, by: User, reason: str) -> Reading:
    """Struck out: it was entered in error, feeds nothing, and stays readable."""
    cycle = reading.observation.cycle
    check(by, Permission.CORRECT, cycle.participant.site)
    refuse_without(reason)
    made = succeed(
        reading, by=by, recorded_at=clock.now(), reason=reason.strip(), voided=True
    )
    told = [change(reading.item, reading_text(reading))]
    tell(made, cycle, "reading.voided", told)
    return made


@together.joins
def void_observation(
    *, observation: Observation, by: User, reason: str
) -> list[Reading]:
    """Strikes out all that stands of a set: the wrong participant, the wrong time."""
    standing = Reading.objects.current().filter(observation=observation)
    return [
        void_reading(reading=reading, by=by, reason=reason)
        for reading in standing.select_related("observation").order_by("pk")
    ]


@together.joins
def confirm_reading(*, reading: Reading, by: User) -> Reading:
    """A person says that a held value is right: from now on it counts."""
    check(by, Permission.CONFIRM, reading.observation.cycle.participant.site)
    refuse_superseded(reading)
    if reading.check_state != Reading.Check.HELD:
        raise Refused(_("This value is not held: there is nothing to confirm."))
    made = succeed(
        reading,
        by=by,
        recorded_at=clock.now(),
        reason=_("Confirmed as right."),
        check_state=Reading.Check.CONFIRMED,
    )
    states = change("check_state", reading.check_state, made.check_state)
    told = [change(reading.item, None, reading_text(made)), states]
    tell(made, made.observation.cycle, "reading.confirmed", told)
    return made
