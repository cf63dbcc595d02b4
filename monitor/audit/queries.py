"""Reading the audit trail: for a page, for the verifier and for an export."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from monitor.audit import chain
from monitor.audit.models import ChainHead, Event
from monitor.audit.sentences import Line, line_of

#: Actions that begin so are about values that tell the dose level.
HIDDEN = "hidden."
#: So many that they would bury all else: a page shows them when they are asked for.
LOOKS = "level."


def events_for(
    participant: str,
    *,
    actor: str = "",
    action: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    unblinded: bool = False,
) -> QuerySet[Event]:
    """What happened about one participant (by code), newest first.

    Without `unblinded`, less what a blinded person may not even count. `action` is a
    whole action ("reading.corrected") or its first word ("reading"); without it looks
    at the dose level are left out. The caller has checked that the person may see this
    participant's audit trail.
    """
    events = told_to(unblinded).filter(participant=participant).order_by("-sequence")
    if actor:
        events = events.filter(actor=actor)
    if action:
        events = events.filter(action__startswith=action)
    else:
        events = events.exclude(action__startswith=LOOKS)
    if since:
        events = events.filter(at__gte=since)
    if until:
        events = events.filter(at__lt=until)
    return events


def written_since(participant: str, since: datetime) -> bool:
    """Whether anything was written about the participant after that moment."""
    events = Event.objects.filter(participant=participant).order_by("-sequence")
    last = events.values_list("at", flat=True).first()
    return last is not None and last > since


def told_to(unblinded: bool) -> QuerySet[Event]:
    """The events that a person may know of: one place decides for every page."""
    every = Event.objects.all()
    return every if unblinded else every.exclude(action__startswith=HIDDEN)


def lines_for(
    participant: str, *, unblinded: bool = False, **filters: Any
) -> list[Line]:
    """The events of `events_for` in plain words.

    Without `unblinded`, what would tell a blinded person the dose is left out.
    """
    events = events_for(participant, unblinded=unblinded, **filters)
    return [line_of(event, unblinded=unblinded) for event in events]


def lines_about(objects: Q, limit: int) -> list[Line]:
    """The last events about some objects (a condition on type and id), in words."""
    events = told_to(False).filter(objects).order_by("-sequence")[:limit]
    return [line_of(event) for event in events]


def people_of(participant: str, *, unblinded: bool = False) -> list[tuple[str, str]]:
    """(account, printed name) of everyone who did more than look, by name."""
    told = events_for(participant, unblinded=unblinded).order_by("actor")
    names = dict(told.values_list("actor", "actor_name").distinct())
    return sorted(
        ((actor, name or actor) for actor, name in names.items()),
        key=lambda one: one[1].casefold(),
    )


def rows() -> Iterator[dict[str, Any]]:
    """Every event in the order of the chain, as the chain is computed over it."""
    names = (*chain.FIELDS, "previous", "digest")
    for row in Event.objects.order_by("sequence").values(*names).iterator():
        yield row | {"at": chain.moment(row["at"])}


def head() -> chain.Head:
    """The last link as the database remembers it."""
    found = ChainHead.objects.first()
    return chain.Head(found.sequence, found.digest) if found else chain.Head()


def exported() -> Iterator[str]:
    """The whole trail as JSON lines: one for each event, and the head to close it."""
    last = head()
    for row in rows():
        if row["sequence"] > last.sequence:
            break  # Written after the head was read.
        yield json.dumps(row, sort_keys=True)
    closing = {"sequence": last.sequence, "digest": last.digest}
    yield json.dumps({"head": closing}, sort_keys=True)
