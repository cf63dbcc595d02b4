"""A record's successor: the only way in which what was recorded comes to differ."""

import uuid
from datetime import datetime
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from monitor.audit.models import Record
from monitor.refusal import Refused

Recorded = TypeVar("Recorded", bound=Record)

OWN = {"id", "recorded_at", "recorded_by", "supersedes", "voided", "reason", "key"}


def succeed(
    row: Recorded,
    *,
    by: AbstractBaseUser,
    recorded_at: datetime,
    reason: str,
    voided: bool = False,
    **changed: Any,
) -> Recorded:
    """Write the row that stands in place of `row`: the same but for what is `changed`.

    Raises Refused when `row` was superseded or voided already, also when that happens
    at this very moment.
    """
    kept = {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if field.name not in OWN
    }
    if any(field.name == "key" for field in row._meta.concrete_fields):
        kept["key"] = uuid.uuid4()  # A successor is no repetition of what it succeeds.
    refuse_superseded(row)
    try:
        with transaction.atomic():
            return type(row).objects.create(
                **kept | changed,
                recorded_by=by,
                recorded_at=recorded_at,
                supersedes=row,
                voided=voided,
                reason=reason,
            )
    except IntegrityError:
        row.refresh_from_db()
        refuse_superseded(row)
        raise


def refuse_superseded(row: Record) -> None:
    """Raises Refused when another row stands in place of this one."""
    if row.voided or successor_of(row) is not None:
        said = _("This was changed in the meantime. Open the page again to see how.")
        raise Refused(said)


def successor_of(row: Recorded) -> Recorded | None:
    return type(row).objects.filter(supersedes=row.pk).first()


def refuse_without(reason: str) -> None:
    """Raises Refused when a correction does not say why."""
    if not reason.strip():
        raise Refused(_("Say why this is changed."), "reason")
