"""A site's laboratories and units; and how a set takes a laboratory's limits over."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import together
from monitor.audit.actions import change, changes_of, record
from monitor.audit.keys import added, repeated
from monitor.audit.superseding import refuse_without, succeed
from monitor.bedside import facts, limits
from monitor.bedside.entry import NewReading, known_item
from monitor.bedside.models import Observation, Reading, ReferenceRange
from monitor.bedside.standards import LaboratoryRange, SiteUnit
from monitor.refusal import Refused
from monitor.trials.models import Site, User
from monitor.trials.permissions import Permission, check
from monitor.trials.times import check_aware
from monitor.trials.trail import tell

SEXES = ("", "F", "M")


@together.joins
def record_laboratory_range(
    *,
    site: Site,
    laboratory: str,
    item: str,
    typed: str,
    unit: str,
    since: datetime,
    by: User,
    key: UUID,
    sex: str = "",
    age_from: int | None = None,
    age_to: int | None = None,
) -> tuple[LaboratoryRange, bool]:
    """A laboratory's limits of an item, typed as `low..high`, from `since` on.

    `age_from` and `age_to` are whole years, both included; None: no end on that side.
    They hold for sets that name the laboratory from now on; what is recorded keeps the
    limits that it was read by. Raises Refused, with the field.
    """
    check(by, Permission.RECORD_OBSERVATION, site)
    if found := repeated(LaboratoryRange, key, site):
        return found, False
    check_whose(laboratory, sex, age_from, age_to)
    check_since(since)
    low, high = facts.read_range(item, typed, unit)
    row = LaboratoryRange(
        site=site,
        laboratory=laboratory.strip(),
        item=item,
        sex=sex,
        age_from=age_from,
        age_to=age_to,
        low=low,
        high=high,
        typed=typed,
        typed_unit=unit,
        since=since,
        key=key,
    )
    kept, created = added(row, by)
    if created:
        tell_range(kept)
    return kept, created


def tell_range(kept: LaboratoryRange) -> None:
    """The trail learns whose limits these are, and from when they hold."""
    about = changes_of(kept, "laboratory", "sex", "age_from", "age_to", "since")
    limits = change(kept.item, None, f"{kept.typed} {kept.typed_unit}".strip())
    record(
        action="laboratory.range",
        by=kept.recorded_by,
        of=kept,
        site=kept.site,
        changes=[limits, *about],
    )


def check_since(since: datetime) -> None:
    check_aware(since, "since")
    if since > clock.now():
        raise Refused(_("This time lies in the future. Type it again."), "since")


def check_whose(
    laboratory: str, sex: str, age_from: int | None, age_to: int | None
) -> None:
    """Raises Refused, with the field, where it is not clear whose the limits are."""
    if not laboratory.strip():
        raise Refused(_("Say which laboratory these limits are of."), "laboratory")
    if sex not in SEXES:
        raise Refused(_("Choose for whom these limits are."), "whose")
    if age_from is not None and age_to is not None and age_from > age_to:
        raise Refused(_("The ages are the wrong way round. Type both again."), "age_to")


@together.joins
def void_laboratory_range(
    *, range_: LaboratoryRange, by: User, reason: str
) -> LaboratoryRange:
    """Struck out: it was never this laboratory's. What took it over is told apart."""
    check(by, Permission.CORRECT, range_.site)
    refuse_without(reason)
    made = succeed(
        range_, by=by, recorded_at=clock.now(), reason=reason.strip(), voided=True
    )
    record(
        action="laboratory.range_voided",
        by=by,
        of=made,
        site=made.site,
        changes=[change(made.item, f"{made.typed} {made.typed_unit}".strip())],
        reason=made.reason,
    )
    return made


@together.joins
def choose_unit(
    *, site: Site, item: str, unit: str, by: User, key: UUID
) -> tuple[SiteUnit, bool]:
    """The unit with which the fields of an item begin at a site.

    It changes no value: each keeps the unit in which it was typed. Raises Refused.
    """
    check(by, Permission.RECORD_OBSERVATION, site)
    if found := repeated(SiteUnit, key, site):
        return found, False
    if unit not in known_item(item).units:
        raise Refused(_("This item is not read in that unit."), item)
    before = limits.units_of(site).get(item)
    kept, created = added(SiteUnit(site=site, item=item, unit=unit, key=key), by)
    if created:
        told = [change(item, before, unit)]
        record(action="unit.chosen", by=by, of=kept, site=site, changes=told)
    return kept, created


# A set that names its laboratory


def take_over(
    row: Observation, readings: Sequence[NewReading], by: User
) -> list[ReferenceRange]:
    """The laboratory's limits go into the participant's record, where they are new.

    They hold from the draw on. A later draw that was read by other limits keeps these.
    """
    site_limits = limits.held(row.cycle.participant, row.observed_at)
    held = site_limits.get(row.laboratory, {})
    measured = [one.item for one in readings if one.number is not None]
    items = [item for item in measured if item in held]
    own = limits.by_item(limits.ranges_of(row.cycle))
    made: list[ReferenceRange] = []
    later = draws_after(row, items)
    for item in items:
        before = limits.last_of(own[item], row.observed_at)
        chosen = limits.in_force(before, held[item])
        if chosen is None or chosen is before or limits.is_same(chosen, before):
            continue
        made.append(copied(row, chosen, row.observed_at, row.laboratory, by))
        draw, change_at = later.get(item), limits.following(own[item], row.observed_at)
        if before and draw and not (change_at and change_at <= draw):
            name = getattr(before, "laboratory", "")
            made.append(copied(row, before, draw, name, by))
    ReferenceRange.objects.bulk_create(made)
    if made:
        told = [change("laboratory", None, row.laboratory)]
        told += [
            change(one.item, None, f"{one.typed} {one.typed_unit}".strip())
            for one in made
        ]
        tell(row, row.cycle, "ranges.taken_over", told)
    return made


def draws_after(row: Observation, items: Sequence[str]) -> dict[str, datetime]:
    """Item -> when it was drawn next, after this set. One query."""
    drawn = Reading.objects.current().filter(
        observation__cycle=row.cycle,
        observation__observed_at__gt=row.observed_at,
        item__in=items,
        number__isnull=False,
    )
    times = drawn.order_by("-observation__observed_at")
    return dict(times.values_list("item", "observation__observed_at"))


def copied(
    row: Observation, of: limits.Limits, since: datetime, laboratory: str, by: User
) -> ReferenceRange:
    return ReferenceRange(
        cycle=row.cycle,
        item=of.item,
        low=of.low,
        high=of.high,
        typed=of.typed,
        typed_unit=of.typed_unit,
        laboratory=laboratory,
        since=since,
        key=uuid5(row.key, f"{of.item} {since.isoformat()}"),
        recorded_by=by,
        recorded_at=row.recorded_at,
    )
