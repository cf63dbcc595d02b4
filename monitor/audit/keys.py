"""Idempotency: a row that is sent twice is recorded once."""

from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit.models import Record
from monitor.refusal import Refused

Recorded = TypeVar("Recorded", bound=Record)


def repeated(model: type[Recorded], key: UUID, cycle: Any) -> Recorded | None:
    """The row that this key made before, if it did.

    Raises Refused when it made it for another cycle: then it is no repetition.
    """
    found: Any = model.objects.filter(key=key).first()
    if found is not None and found.cycle_id != cycle.pk:
        raise Refused(_("This form was sent before. Open the page again."), "key")
    return found


def added(row: Recorded, by: Any) -> tuple[Recorded, bool]:
    """The row as recorded now by a person; False beside the one that was first.

    Of two that are sent at the same moment the database lets one in.
    """
    row.recorded_by, row.recorded_at = by, clock.now()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        sent: Any = row
        found = repeated(type(row), sent.key, sent.cycle)
        if found is None:
            raise
        return found, False
    return row, True
