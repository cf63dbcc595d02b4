"""Which limits a laboratory value is read by: the laboratory's, or the participant's.

Pure but for the queries at the foot. Numbers are in the item's own unit.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Q

from monitor.bedside.models import Observation, ReferenceRange
from monitor.bedside.queries import ranges_of
from monitor.bedside.standards import LaboratoryRange, SiteUnit
from monitor.trials.models import Cycle, Participant, Site

Limits = LaboratoryRange | ReferenceRange


def last_of(rows: Iterable[Limits], at: datetime) -> Limits | None:
    """The limits that hold at a moment: the newest, of one time the most particular."""
    begun = [row for row in rows if row.since <= at]
    return max(begun, key=rank, default=None)


def rank(row: Limits) -> tuple[datetime, int, int]:
    """Those for a sex and an age go before those for either, these before all."""
    particular = 0
    if isinstance(row, LaboratoryRange):
        aged = row.age_from is not None or row.age_to is not None
        particular = bool(row.sex) + aged
    return row.since, particular, row.pk


def in_force(own: Limits | None, laboratory: Limits | None) -> Limits | None:
    """What a person entered for this participant holds until the laboratory's change.

    What was taken over from a laboratory gives way to the one that is named now.
    """
    if laboratory is None or own is None:
        return laboratory or own
    stated = isinstance(own, ReferenceRange) and not own.laboratory
    return own if stated and own.since >= laboratory.since else laboratory


def is_same(one: Limits, other: Limits | None) -> bool:
    return other is not None and (one.low, one.high) == (other.low, other.high)


def by_item(rows: Iterable[ReferenceRange]) -> dict[str, list[ReferenceRange]]:
    found: dict[str, list[ReferenceRange]] = defaultdict(list)
    for row in rows:
        found[row.item].append(row)
    return found


# Asking


def held(participant: Participant, at: datetime) -> dict[str, dict[str, Limits]]:
    """Laboratory -> item -> the limits that hold for this participant. One query.

    Of whom the sex or the age is not known, those of everybody alone. The age is that
    at consent: no other is kept.
    """
    rows = LaboratoryRange.objects.current().filter(
        Q(sex="") | Q(sex=participant.sex),
        of_age(participant.age),
        site=participant.site_id,
        since__lte=at,
    )
    kept: dict[str, dict[str, list[Limits]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        kept[row.laboratory][row.item].append(row)
    return {name: standing(items, at) for name, items in kept.items()}


def of_age(age: int | None) -> Q:
    """The limits that hold at an age, both ends included."""
    if age is None:
        return Q(age_from__isnull=True, age_to__isnull=True)
    young_enough = Q(age_to__isnull=True) | Q(age_to__gte=age)
    return young_enough & (Q(age_from__isnull=True) | Q(age_from__lte=age))


def own_at(cycle: Cycle, at: datetime) -> dict[str, Limits]:
    """Item -> the limits in the participant's record that hold at a moment."""
    return standing(by_item(ranges_of(cycle)), at)


def standing(items: Mapping[str, Iterable[Limits]], at: datetime) -> dict[str, Limits]:
    """Item -> the limits that hold at a moment."""
    found = {item: last_of(rows, at) for item, rows in items.items()}
    return {item: one for item, one in found.items() if one is not None}


def laboratories_of(site: Site) -> list[str]:
    """The laboratories whose limits are on file, by name."""
    rows = LaboratoryRange.objects.current().filter(site=site)
    return list(
        rows.order_by("laboratory").values_list("laboratory", flat=True).distinct()
    )


def last_laboratory(cycle: Cycle) -> str:
    """Where the participant's blood went last."""
    sets = Observation.objects.current().filter(cycle=cycle).exclude(laboratory="")
    newest = sets.order_by("-observed_at", "-pk").values_list("laboratory", flat=True)
    return newest.first() or ""


def units_of(site: Site) -> dict[str, str]:
    """Item -> the unit that the site chose. One query."""
    rows = SiteUnit.objects.current().filter(site=site).order_by("pk")
    return dict(rows.values_list("item", "unit"))


def following(rows: Sequence[ReferenceRange], after: datetime) -> datetime | None:
    """When the next limits in the record begin."""
    return min((row.since for row in rows if row.since > after), default=None)
