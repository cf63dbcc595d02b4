"""States that last, decisions, and the laboratory's limits."""

from datetime import datetime
from uuid import UUID

from monitor import clock
from monitor.audit import together
from monitor.audit.actions import change, changes_of
from monitor.audit.keys import added, repeated
from monitor.audit.superseding import refuse_without, succeed
from monitor.bedside import facts
from monitor.bedside.models import Fact, ReferenceRange
from monitor.trials.models import Cycle, User
from monitor.trials.permissions import Permission, check
from monitor.trials.times import check_moment, check_order
from monitor.trials.trail import tell


@together.joins
def record_fact(
    *,
    cycle: Cycle,
    code: str,
    at: datetime,
    by: User,
    key: UUID,
    value: str = "",
    unit: str = "",
    until: datetime | None = None,
    kind: str = Fact.Kind.FACT,
    reason: str = "",
    imported: bool = False,
) -> tuple[Fact, bool]:
    """A state that lasts (presence, usual oxygen), or a decision a person made.

    A state runs to `until`, or to the next of its code; of the presence states the last
    one holds. False beside it when `key` was there already. Raises Refused.
    """
    check(by, facts.permission(kind), cycle.participant.site)
    if found := repeated(Fact, key, cycle):
        return found, False
    facts.check_fact(kind, code, value)
    check_moment(at, cycle.participant, "at", imported)
    check_order(at, until, "until")
    row = Fact(
        cycle=cycle,
        kind=kind,
        code=code,
        value=value,
        unit=unit,
        at=at,
        until=until,
        key=key,
        reason=reason,
    )
    kept, created = added(row, by)
    if created:
        told = [change(code, None, value or "yes"), *changes_of(kept, "at", "until")]
        tell(kept, cycle, f"{kind}.recorded", told)
    return kept, created


@together.joins
def void_fact(*, fact: Fact, by: User, reason: str) -> Fact:
    """Struck out: it never was so."""
    check(by, Permission.CORRECT, fact.cycle.participant.site)
    refuse_without(reason)
    made = succeed(
        fact, by=by, recorded_at=clock.now(), reason=reason.strip(), voided=True
    )
    told = [change(fact.code, fact.value or "yes")]
    tell(made, fact.cycle, "fact.voided", told)
    return made


@together.joins
def record_range(
    *,
    cycle: Cycle,
    item: str,
    typed: str,
    unit: str,
    since: datetime,
    by: User,
    key: UUID,
    imported: bool = False,
) -> tuple[ReferenceRange, bool]:
    """The laboratory's limits of an item, typed as `low..high`, from `since` on.

    Either side may be empty. Raises Refused for what is no range of that item.
    """
    check(by, Permission.RECORD_OBSERVATION, cycle.participant.site)
    if found := repeated(ReferenceRange, key, cycle):
        return found, False
    check_moment(since, cycle.participant, "since", imported)
    low, high = facts.read_range(item, typed, unit)
    row = ReferenceRange(
        cycle=cycle,
        item=item,
        low=low,
        high=high,
        typed=typed,
        typed_unit=unit,
        since=since,
        key=key,
    )
    kept, created = added(row, by)
    if created:
        told = [
            change(item, None, f"{typed} {unit}".strip()),
            change("since", None, since),
        ]
        tell(kept, cycle, "range.recorded", told)
    return kept, created


@together.joins
def void_range(*, range_: ReferenceRange, by: User, reason: str) -> ReferenceRange:
    """Struck out: these limits were not this laboratory's."""
    check(by, Permission.CORRECT, range_.cycle.participant.site)
    refuse_without(reason)
    made = succeed(
        range_, by=by, recorded_at=clock.now(), reason=reason.strip(), voided=True
    )
    told = [change(range_.item, f"{range_.typed} {range_.typed_unit}".strip())]
    tell(made, range_.cycle, "range.voided", told)
    return made
