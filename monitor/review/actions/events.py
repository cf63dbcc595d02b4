"""The adverse event record, kept with the signature that confirms it."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Max

from monitor import clock
from monitor.audit import actions as audit
from monitor.review import adverse, adverse_csv, adverse_rows
from monitor.review.events import AdverseEvent
from monitor.review.models import Signature
from monitor.trials.models import User
from monitor.trials.permissions import Permission
from monitor.trials.queries import sites_where

TOLD = ("number", "version", "term", "ctcae", "grade", "starts_at", "ends_at")


def keep_events(signature: Signature) -> list[AdverseEvent]:
    """The records of what a signature confirms; none where it confirms nothing.

    Called within the transaction of the signature, with the episode held.
    """
    found = adverse.contents_of(signature.review)
    return [keep(signature, part, one) for part, one in enumerate(found, start=1)]


def keep(signature: Signature, part: int, content: Mapping[str, Any]) -> AdverseEvent:
    episode = signature.review.episode
    participant = episode.cycle.participant
    own = AdverseEvent.objects.filter(participant=participant)
    last = own.filter(episode=episode, part=part).order_by("-version").first()
    highest = own.aggregate(most=Max("number"))["most"] or 0
    made = AdverseEvent.objects.create(
        participant=participant,
        episode=episode,
        signature=signature,
        part=part,
        number=last.number if last else highest + 1,
        version=last.version + 1 if last else 1,
        recorded_at=clock.now(),
        **content,
    )
    audit.record(
        action="event.kept",
        by=signature.signed_by,
        of=made,
        site=participant.site,
        participant=participant.code,
        changes=audit.changes_of(made, *TOLD, old=last),
    )
    return made


@transaction.atomic
def export_events(
    *, by: User, code: str = "", site: str = "", by_grade: bool = False
) -> str:
    """The records as CSV, of the sites at which the person may export. It is kept

    who took how many of which participant.
    """
    allowed = set(sites_where(by, Permission.EXPORT).values_list("pk", flat=True))
    rows = [
        row
        for row in adverse_rows.rows_for(by, code=code, site=site)
        if row.participant.site_id in allowed
    ]
    text = adverse_csv.written(rows, by_grade=by_grade)
    audit.record(
        action="events.exported",
        by=by,
        of=AdverseEvent,
        participant=code,
        changes=[
            audit.change("rows", None, len(rows)),
            audit.change("site", None, site or None),
            audit.change("digest", None, sha256(text.encode()).hexdigest()),
        ],
    )
    return text
