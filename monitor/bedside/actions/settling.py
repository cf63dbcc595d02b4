"""Two sets of one slot, by two people: a person says which values count."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from monitor.audit import together
from monitor.audit.actions import change
from monitor.audit.keys import added, repeated
from monitor.audit.superseding import refuse_without
from monitor.bedside.actions.corrections import void_reading
from monitor.bedside.models import Observation, Reading, Settlement
from monitor.bedside.words import reading_text
from monitor.refusal import Refused
from monitor.trials.models import User
from monitor.trials.permissions import Permission, check
from monitor.trials.trail import tell


@together.joins
def settle(
    *,
    first: Observation,
    second: Observation,
    strike: Sequence[Reading],
    by: User,
    reason: str,
    key: UUID,
) -> tuple[Settlement, bool]:
    """The two were compared: what is in `strike` does not count, all else does.

    False beside it when `key` was there already. Raises Refused without a reason, for
    sets that are not two of one cycle, and when somebody else settled them meanwhile.
    """
    cycle = first.cycle
    check(by, Permission.CORRECT, cycle.participant.site)
    if found := repeated(Settlement, key, cycle):
        return found, False
    refuse_without(reason)
    if first.pk == second.pk or second.cycle_id != cycle.pk:
        raise Refused(_("These are not two sets of one participant."))
    known = Settlement.objects.filter(first=first, second=second)
    if known.exists():
        raise Refused(_("Somebody has settled this in the meantime."))
    sets = {first.pk, second.pk}
    for reading in strike:
        if reading.observation_id not in sets:
            raise Refused(_("This value is in neither of the two sets."), reading.item)
        void_reading(reading=reading, by=by, reason=reason)
    row = Settlement(
        cycle=cycle, first=first, second=second, key=key, reason=reason.strip()
    )
    kept, created = added(row, by)
    told = [change(one.item, reading_text(one), None) for one in strike]
    times = [change("observed_at", first.observed_at, second.observed_at)]
    tell(kept, cycle, "sets.settled", [*times, *told])
    return kept, created
