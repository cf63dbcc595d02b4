"""Idempotency: a row that is sent twice is recorded once."""

from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import together
from monitor.audit.models import Record
from monitor.refusal import Refused

Recorded = TypeVar("Recorded", bound=Record)


def repeated(model: type[Recorded], key: UUID, owner: Any) -> Recorded | None:
    """The row that this key made before, if it did. `owner`: the row's cycle or site.

    Raises Refused when it made it for another: then it is no repetition.
    """
    found: Any = model.objects.filter(key=key).first()
    if found is not None and owner_of(found) != owner:
        raise Refused(_("This form was sent before. Open the page again."), "key")
    return found


def owner_of(row: Any) -> Any:
    """Whom a recorded row is about: a cycle, or a site."""
    return row.cycle if hasattr(row, "cycle_id") else row.site


def added(row: Recorded, by: Any) -> tuple[Recorded, bool]:
    """The row as recorded now by a person; False beside the one that was first.

    Of two that are sent at the same moment the database lets one in. In a hopeful story
    its refusal ends the story, which is then told again.
    """
    row.recorded_by, row.recorded_at = by, clock.now()
    if together.hopeful():
        row.save(force_insert=True)
        return row, True
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        sent: Any = row
        found = repeated(type(row), sent.key, owner_of(sent))
        if found is None:
            raise
        return found, False
    return row, True
