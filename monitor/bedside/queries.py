"""Reading what was seen at the bedside."""

from collections.abc import Iterable
from datetime import datetime
from statistics import median

from django.db.models import F, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import Http404
from django.utils.translation import gettext as _

from monitor import clock
from monitor.bedside.facts import PRESENCE
from monitor.bedside.models import (
    Arrangement,
    Assignment,
    Fact,
    Observation,
    Reading,
    ReferenceRange,
)
from monitor.clinical.items.entry import Previous
from monitor.trials.models import Cycle, User
from monitor.trials.queries import participants_for

FEEDING = (Reading.Check.ACCEPTED, Reading.Check.QUESTIONED, Reading.Check.CONFIRMED)


def current_readings(cycle: Cycle) -> QuerySet[Reading]:
    """The readings of a cycle that stand, each with its observation and its author."""
    return (
        Reading.objects.current()
        .filter(observation__cycle=cycle)
        .select_related("observation", "recorded_by")
    )


def last_values(cycle: Cycle, at: datetime | None = None) -> dict[str, Reading]:
    """Item -> the last reading at or before `at` (now), whatever its state.

    Its age is from `observation.observed_at`.
    """
    readings = current_readings(cycle).filter(
        observation__observed_at__lte=at or clock.now()
    )
    return {reading.item: reading for reading in latest(readings)}


def previous_values(cycle: Cycle, before: datetime) -> dict[str, Previous]:
    """Item -> the last number that feeds, taken before the set in hand: for jumps."""
    readings = current_readings(cycle).filter(
        observation__observed_at__lt=before,
        check_state__in=FEEDING,
        number__isnull=False,
    )
    return {
        reading.item: Previous(reading.number, reading.observation.observed_at)
        for reading in latest(readings)
        if reading.number is not None
    }


def latest(readings: QuerySet[Reading]) -> QuerySet[Reading]:
    """The one row of each item that was observed last; of a tie, recorded last."""
    newest = [F("observation__observed_at").desc(), F("pk").desc()]
    place = Window(RowNumber(), partition_by=F("item"), order_by=newest)
    return readings.annotate(place=place).filter(place=1)


def sets_of(cycle: Cycle, panel: str = "") -> QuerySet[Observation]:
    """The cycle's sets, newest first, each with its `current` readings."""
    standing = Reading.objects.current().select_related("recorded_by").order_by("pk")
    sets = Observation.objects.filter(cycle=cycle).select_related("recorded_by")
    if panel:
        sets = sets.filter(panel=panel)
    current = Prefetch("readings", queryset=standing, to_attr="current")
    return sets.prefetch_related(current).order_by("-observed_at", "-pk")


def overlapping(saved: Observation) -> list[Reading]:
    """Amounts of other sets whose periods share time with an amount of this one."""
    own = current_readings(saved.cycle).filter(until__isnull=False)
    mine = own.filter(observation=saved)
    times: dict[str, datetime] = {row.item: row.until for row in mine if row.until}
    shared = Q()
    for item, until in times.items():
        shared |= Q(item=item, observation__observed_at__lt=until)
    if not times:
        return []
    others = own.exclude(observation=saved).filter(shared)
    found = others.filter(until__gt=saved.observed_at, check_state__in=FEEDING)
    return list(found.order_by("observation__observed_at", "pk"))


def held_readings(cycle: Cycle) -> QuerySet[Reading]:
    """Values that feed nothing until a person confirms them."""
    held = current_readings(cycle).filter(check_state=Reading.Check.HELD)
    return held.order_by("observation__observed_at", "pk")


def history_of(reading: Reading) -> list[Reading]:
    """Every row about this value, from the first to the one that stands."""
    rows = Reading.objects.filter(
        observation_id=reading.observation_id, item=reading.item
    )
    return list(rows.select_related("recorded_by").order_by("pk"))


def reading_for(user: User, pk: int) -> Reading:
    """A reading of a participant within reach. Raises Http404."""
    readings = Reading.objects.filter(
        pk=pk, observation__cycle__participant__in=participants_for(user)
    )
    found = readings.select_related(
        "observation__cycle__participant__site__trial"
    ).first()
    if found is None:
        raise Http404(_("There is no such value."))
    return found


def observation_for(user: User, pk: int) -> Observation:
    """A set of a participant within reach. Raises Http404."""
    sets = Observation.objects.filter(
        pk=pk, cycle__participant__in=participants_for(user)
    )
    found = sets.select_related("cycle__participant__site__trial").first()
    if found is None:
        raise Http404(_("There is no such set."))
    return found


# States, decisions and ranges


def facts_of(cycle: Cycle) -> QuerySet[Fact]:
    """The facts and decisions of a cycle that stand, oldest first."""
    facts = Fact.objects.current().filter(cycle=cycle)
    return facts.select_related("recorded_by").order_by("at", "pk")


def usual_pressure(cycle: Cycle, enough: float) -> float | None:
    """The usual systolic pressure, mm[Hg], as the core's baselines have it.

    Stated by a person, or the median of enough readings before the first dose, or the
    last of fewer.
    """
    stated = facts_of(cycle).filter(code="USUAL_SBP").last()
    if stated is not None:
        return float(stated.value.replace(",", "."))
    doses = cycle.doses.filter(superseded_by__isnull=True, voided=False)
    first = doses.filter(given_at__isnull=False).order_by("given_at").first()
    if first is None or first.given_at is None:
        return None
    before = current_readings(cycle).filter(
        item="SYSBP",
        number__isnull=False,
        check_state__in=FEEDING,
        observation__observed_at__lte=first.given_at,
    )
    numbers = [row.number for row in before.order_by("observation__observed_at", "pk")]
    if len(numbers) >= enough:
        return median(numbers)
    return numbers[-1] if numbers else None


def presence_of(cycle: Cycle, at: datetime | None = None) -> Fact | None:
    """Where the participant is: the last such state that began and has not ended."""
    at = at or clock.now()
    begun = facts_of(cycle).filter(kind=Fact.Kind.FACT, code__in=PRESENCE, at__lte=at)
    last = begun.last()
    return last if last and (last.until is None or last.until > at) else None


def ranges_of(cycle: Cycle) -> QuerySet[ReferenceRange]:
    """The laboratory's limits that stand, oldest first."""
    return ReferenceRange.objects.current().filter(cycle=cycle).order_by("since", "pk")


# What was arranged, and whose it is


def arrangements_of(cycle: Cycle) -> QuerySet[Arrangement]:
    """Contacts planned, sets not taken and pauses of a cycle, oldest first."""
    arranged = Arrangement.objects.current().filter(cycle=cycle)
    return arranged.select_related("recorded_by").order_by("at", "pk")


def standing_arrangements(cycle: Cycle) -> list[Arrangement]:
    """What is not over: every contact, which may still be late, and what holds now."""
    now = clock.now()
    contact = Arrangement.Kind.CONTACT
    return [
        row for row in arrangements_of(cycle) if row.kind == contact or row.until > now
    ]


def arrangement_for(user: User, pk: int) -> Arrangement:
    """One of a participant within reach. Raises Http404."""
    arranged = Arrangement.objects.current().filter(
        pk=pk, cycle__participant__in=participants_for(user)
    )
    found = arranged.select_related("cycle__participant__site__trial").first()
    if found is None:
        raise Http404(_("There is no such arrangement."))
    return found


def nurses_of(
    cycles: Iterable[Cycle], now: datetime | None = None
) -> dict[int, Assignment]:
    """Cycle id -> who is responsible now, with the nurse; without who is nobody's."""
    now = now or clock.now()
    assigned = Assignment.objects.current().filter(
        cycle__in=[one.pk for one in cycles], at__lte=now, until__gt=now
    )
    ordered = assigned.select_related("nurse").order_by("at", "pk")
    return {row.cycle_id: row for row in ordered}
