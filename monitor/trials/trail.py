"""The audit event of something that happened to a participant in a cycle."""

from collections.abc import Iterable, Mapping
from typing import Any

from monitor.audit.actions import record
from monitor.audit.models import Record
from monitor.trials.models import Cycle


def tell(
    row: Record,
    cycle: Cycle,
    action: str,
    changes: Iterable[Mapping[str, Any]],
) -> None:
    """Record what the row says, by its own author and with its own reason."""
    participant = cycle.participant
    record(
        action=action,
        by=row.recorded_by,
        of=row,
        site=participant.site,
        participant=participant.code,
        changes=changes,
        reason=row.reason,
    )
