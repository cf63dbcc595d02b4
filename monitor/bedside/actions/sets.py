"""A set of readings, recorded at one time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from monitor.audit.actions import change
from monitor.audit.keys import added, repeated
from monitor.bedside.checks import check_set
from monitor.bedside.entry import NewReading, agreed
from monitor.bedside.models import Observation, Reading
from monitor.bedside.values import fields_of
from monitor.bedside.words import reading_text
from monitor.trials.models import Cycle, User
from monitor.trials.permissions import Permission, check
from monitor.trials.times import check_moment
from monitor.trials.trail import tell


@transaction.atomic
def record_observation(
    *,
    cycle: Cycle,
    observed_at: datetime,
    readings: Sequence[NewReading],
    by: User,
    key: UUID,
    source: str = Observation.Source.BEDSIDE,
    panel: str = "set",
    note: str = "",
) -> tuple[Observation, bool]:
    """A set of readings taken at one time; False beside it when it was there already.

    `key` makes a second send harmless: it gives back the first row. A period item
    covers `observed_at` to its `until`. A held value is kept and feeds nothing until it
    is confirmed. Raises Refused, with the item or argument, and PermissionDenied.
    """
    check(by, Permission.RECORD_OBSERVATION, cycle.participant.site)
    if found := repeated(Observation, key, cycle):
        return found, False
    imported = source == Observation.Source.IMPORT
    check_moment(observed_at, cycle.participant, "observed_at", imported)
    check_set(readings, observed_at, imported)
    row = Observation(
        cycle=cycle,
        observed_at=observed_at,
        source=Observation.Source(source),
        panel=panel,
        note=note,
        key=key,
    )
    return add_set(row, agreed(readings), by)


def add_set(
    row: Observation, readings: Sequence[NewReading], by: User
) -> tuple[Observation, bool]:
    kept, created = added(row, by)
    if not created:
        return kept, False
    Reading.objects.bulk_create(
        Reading(
            observation=kept,
            recorded_at=kept.recorded_at,
            recorded_by=by,
            **fields_of(reading),
        )
        for reading in readings
    )
    told = [change(one.item, None, reading_text(one)) for one in readings]
    about = {"observed_at": kept.observed_at, "source": kept.source, "note": kept.note}
    seen = [change(name, None, value) for name, value in about.items() if value]
    tell(kept, kept.cycle, "observation.recorded", [*seen, *told])
    return kept, True
