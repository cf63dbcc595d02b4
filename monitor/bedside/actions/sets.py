"""A set of readings, recorded at one time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import together
from monitor.audit.actions import change
from monitor.audit.keys import added, repeated
from monitor.bedside.actions.standards import take_over
from monitor.bedside.checks import check_set
from monitor.bedside.entry import NewReading, agreed, known_item
from monitor.bedside.models import Observation, Reading
from monitor.bedside.values import fields_of, graded_under
from monitor.bedside.words import reading_text
from monitor.refusal import Refused
from monitor.trials.blinding import hidden_items
from monitor.trials.models import Cycle, User
from monitor.trials.permissions import Permission, check
from monitor.trials.times import check_aware, check_moment
from monitor.trials.trail import tell


@together.joins
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
    laboratory: str = "",
    reported_at: datetime | None = None,
) -> tuple[Observation, bool]:
    """A set of readings taken at one time; False beside it when it was there already.

    `key` makes a second send harmless: it gives back the first row. A period item
    covers `observed_at` to its `until`. A held value is kept and feeds nothing until it
    is confirmed. Laboratory values are drawn at `observed_at`; with `laboratory` its
    limits are taken over. Raises Refused, with item or argument, and PermissionDenied.
    """
    check(by, Permission.RECORD_OBSERVATION, cycle.participant.site)
    if not together.hopeful() and (found := repeated(Observation, key, cycle)):
        return found, False
    imported = source == Observation.Source.IMPORT
    check_moment(observed_at, cycle.participant, "observed_at", imported)
    check_set(readings, observed_at, imported)
    refuse_hidden(readings, cycle)
    check_report(observed_at, reported_at)
    row = Observation(
        cycle=cycle,
        observed_at=observed_at,
        source=Observation.Source(source),
        panel=panel,
        note=note,
        laboratory=laboratory.strip(),
        reported_at=reported_at,
        key=key,
    )
    graded = [graded_under(one, cycle) for one in agreed(readings)]
    kept, created = add_set(row, graded, by)
    if created and kept.laboratory:
        take_over(kept, readings, by)
    return kept, created


def refuse_hidden(readings: Sequence[NewReading], cycle: Cycle) -> None:
    """A value that tells the dose level is no part of what everybody is shown."""
    hidden = hidden_items(cycle.participant.site.trial)
    for one in readings:
        if one.item in hidden:
            said = _("%(item)s is hidden here: who sees dose levels enters it.")
            raise Refused(said % {"item": known_item(one.item).label}, one.item)


def check_report(observed_at: datetime, reported_at: datetime | None) -> None:
    """A laboratory reports after the draw, and nothing that is to come."""
    if reported_at is None:
        return
    check_aware(reported_at, "reported_at")
    if reported_at < observed_at:
        said = _("It was reported before it was drawn. Type both times again.")
        raise Refused(said, "reported_at")
    if reported_at > clock.now():
        raise Refused(_("This time lies in the future. Type it again."), "reported_at")


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
    names = ("observed_at", "source", "note", "laboratory", "reported_at")
    about = {name: getattr(kept, name) for name in names}
    seen = [change(name, None, value) for name, value in about.items() if value]
    tell(kept, kept.cycle, "observation.recorded", [*seen, *told])
    return kept, True
