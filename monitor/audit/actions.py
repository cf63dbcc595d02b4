"""Writing the audit trail: one verb, called inside every other verb's transaction."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models

from monitor import clock
from monitor.audit import chain, together
from monitor.audit.models import ChainHead, Event

Actor = AbstractBaseUser | AnonymousUser | str


class AnonymousAuditError(RuntimeError):
    """Something was about to be recorded without saying who did it."""


@together.joins
def record(
    *,
    action: str,
    by: Actor,
    of: models.Model | type[models.Model],
    site: Any = None,
    participant: str = "",
    changes: Iterable[Mapping[str, Any]] = (),
    reason: str = "",
) -> Event | None:
    """Add one event to the chain, in the transaction of what it is about.

    `by` is a user, or the name of a part of the program ("sweep"); anonymous raises
    AnonymousAuditError. `of` is the row, or its class where there is no row (a sign-in
    that failed). `site` (a trials Site) gives the time zone. `changes` holds mappings
    with field, old and new: see `change`. The chain's head stays locked until the
    transaction ends, so record after taking every other lock. Within a story the event
    is written at its end (see `together`), and None is returned.
    """
    row = {
        "at": clock.now(),
        "time_zone": getattr(site, "time_zone", "UTC"),
        **named(by),
        "action": action,
        "object_type": of._meta.object_name or "",
        "object_id": str(getattr(of, "pk", "")) if isinstance(of, models.Model) else "",
        "site": str(site or ""),
        "participant": participant,
        "changes": [spelled(change) for change in changes],
        "reason": reason,
    }
    told = together.under_way()
    if told is None:
        return append([row])[0]
    told.told.append(row)
    return None


def hold() -> ChainHead:
    """Take the chain's head before rows that a save may want after it."""
    told = together.under_way()
    if told is not None and told.head is not None:
        return told.head
    head = ChainHead.objects.select_for_update().get_or_create(singleton=True)[0]
    if told is not None:
        told.head = head
    return head


def append(rows: Iterable[dict[str, Any]]) -> list[Event]:
    """Link the rows to the chain in their order, three statements for all of them."""
    head = hold()
    events = []
    for row in rows:
        linked = {"sequence": head.sequence + 1, **row}
        digest = chain.digest(linked, head.digest)
        events.append(Event(previous=head.digest, digest=digest, **linked))
        head.sequence, head.digest = linked["sequence"], digest
    Event.objects.bulk_create(events)
    ChainHead.objects.filter(pk=head.pk).update(
        sequence=head.sequence, digest=head.digest
    )
    return events


def write(told: together.Story) -> None:
    """What a story told the trail, at its end."""
    if told.told:
        append(told.told)


def named(by: Actor) -> dict[str, str]:
    """The account and the printed name as they are now: neither follows a renaming."""
    if isinstance(by, str):
        actor, name = by, ""
    elif by is None or not by.is_authenticated:
        actor, name = "", ""
    else:
        actor, name = by.get_username(), getattr(by, "get_full_name", str)()
    if not actor.strip():
        raise AnonymousAuditError("An audit event needs a person or a named process.")
    return {"actor": actor, "actor_name": name}


def change(field: str, old: Any = None, new: Any = None) -> dict[str, Any]:
    """One changed field. None means that there was, or is, no value."""
    return {"field": field, "old": old, "new": new}


def changes_of(new: models.Model, *fields: str, old: Any = None) -> list[dict]:
    """What `fields` became, where that differs from the row `old` (None: from nothing).

    A new row's empty fields are left out.
    """
    told = [change(field, told_of(old, field), told_of(new, field)) for field in fields]
    return [one for one in told if one["old"] != one["new"]]


def told_of(row: models.Model | None, field: str) -> Any:
    value = None if row is None else getattr(row, field)
    return None if value == "" else value


def spelled(change: Mapping[str, Any]) -> dict[str, str | None]:
    return {
        "field": change["field"],
        "old": text(change.get("old")),
        "new": text(change.get("new")),
    }


def text(value: Any) -> str | None:
    """Text, because databases spell numbers anew and the digest would not match."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, dict | list | tuple | bool):
        return json.dumps(value, sort_keys=True, default=str)
    return str(value)
