"""A complete copy of a participant's record, for people and for machines.

It has what stands (the chart), who signed what, and all that ever happened (the trail).
A page and a file show the same copy; that it was taken is kept in the trail.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from monitor import clock
from monitor.audit import queries as trail
from monitor.audit.models import Event
from monitor.audit.sentences import Line, label, line_of, reading
from monitor.clinical import catalogue
from monitor.flow.exports import chart_told, note, remarks_on
from monitor.localtime import zone_of
from monitor.review.models import Signature
from monitor.trials.blinding import level_shown, seeing
from monitor.trials.models import Participant, User
from monitor.trials.permissions import Permission, check


@dataclass(frozen=True)
class Copy:
    """The copy as `by` may have it. `sees`: it holds what tells the dose level."""

    participant: Participant
    taken_at: datetime
    by: User
    sees: bool
    remarks: tuple[str, ...]
    chart: list[dict[str, str]]
    signatures: list[Signature]
    events: list[Event]

    @property
    def values(self) -> Iterator[tuple[dict[str, str], str, str]]:
        """Every row of the chart with what it is about and its value in words."""
        return ((row, what(row), value(row)) for row in self.chart)

    @property
    def lines(self) -> list[Line]:
        return [line_of(event, unblinded=self.sees) for event in self.events]

    def as_json(self) -> str:
        zone = self.participant.site.time_zone
        told = {
            "participant": self.participant.code,
            "trial": self.participant.site.trial.code,
            "site": self.participant.site.code,
            "time_zone": zone,
            "taken_at": at(self.taken_at, zone),
            "taken_by": self.by.get_full_name(),
            "remarks": list(self.remarks),
            "chart": self.chart,
            "signatures": [signed(one) for one in self.signatures],
            "trail": [happened(line, self.sees) for line in self.lines],
        }
        return json.dumps(told, indent=1, ensure_ascii=False)


@transaction.atomic
def export_record(*, participant: Participant, by: User) -> Copy:
    """Everything that is kept under the participant's code, as `by` may know it.

    Who the participant is stands apart and is not in it. Raises PermissionDenied.
    """
    check(by, Permission.EXPORT, participant.site)
    check(by, Permission.SEE_AUDIT, participant.site)
    if sees := seeing(by)(participant):
        level_shown(participant)
    text = chart_told(participant, by)
    copy = Copy(
        participant=participant,
        taken_at=clock.now(),
        by=by,
        sees=sees,
        remarks=tuple(remarks_on(participant, by)),
        chart=list(csv.DictReader(io.StringIO(text))),
        signatures=list(signatures_of(participant)),
        events=list(trail.every_event(participant.code, unblinded=sees)),
    )
    note("record.exported", participant, by, [])
    return copy


def signatures_of(participant: Participant) -> Any:
    rows = Signature.objects.filter(review__episode__cycle__participant=participant)
    return (
        rows.select_related("review__episode__cycle", "signed_by", "withdrawal")
        .prefetch_related("opinions__given_by")
        .order_by("signed_at", "pk")
    )


def what(row: dict[str, str]) -> str:
    code = row["code"]
    if code in catalogue.TREATMENTS:
        return str(catalogue.TREATMENTS[code].label)
    return label(code)


def value(row: dict[str, str]) -> str:
    told = f"{row['value']} {row['unit']}".strip()
    item = catalogue.ITEMS.get(row["code"])
    return reading(item, told) if item and told else told


def at(moment: datetime, zone: str) -> str:
    return moment.astimezone(zone_of(zone)).isoformat(timespec="seconds")


def signed(one: Signature) -> dict[str, Any]:
    review = one.review
    withdrawn = getattr(one, "withdrawal", None)
    return {
        "episode": review.episode_id,
        "event": str(review.episode),
        "decision": review.verdict,
        "scale": review.scale,
        "grade": review.grade,
        "attribution": review.attribution,
        "serious": review.serious,
        "action": review.action,
        "outcome": review.outcome,
        "printed_name": one.printed_name,
        "account": one.signed_by.get_username(),
        "role": one.role,
        "meaning": one.meaning,
        "signed_at": at(one.signed_at, one.time_zone),
        "digest": one.digest,
        "withdrawn_at": at(withdrawn.at, one.time_zone) if withdrawn else None,
        "withdrawn_because": withdrawn.cause if withdrawn else None,
        "second_opinions": [
            {
                "printed_name": other.printed_name,
                "role": other.role,
                "agrees": other.agrees,
                "why": other.text,
                "given_at": at(other.given_at, other.time_zone),
            }
            for other in one.opinions.all()
        ],
    }


def happened(line: Line, sees: bool) -> dict[str, Any]:
    """An event. Its digests are for who may know all of it: few doses are possible,

    and each could be tried against them.
    """
    event = line.event
    told = {
        "sequence": event.sequence,
        "at": at(event.at, event.time_zone),
        "account": event.actor,
        "printed_name": event.actor_name,
        "action": event.action,
        "says": line.sentence,
        "object": f"{event.object_type} {event.object_id}".strip(),
        "changes": [
            {"field": one.label, "old": one.old, "new": one.new} for one in line.changes
        ],
        "reason": event.reason,
    }
    chain = {"previous": event.previous, "digest": event.digest} if sees else {}
    return told | chain
