"""That an event was reported: it stops a clock."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import actions as audit
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.review import reporting
from monitor.review.clocks import Clock, Kind
from monitor.review.events import SafetyReport
from monitor.trials.models import User
from monitor.trials.permissions import Permission, check

TOLD = ("kind", "sent_at", "note")


@transaction.atomic
def report(
    *,
    episode: Episode,
    kind: str,
    rank: int,
    sent_at: datetime,
    note: str,
    by: User,
    key: UUID,
) -> tuple[SafetyReport, bool]:
    """The report of this kind went out at `sent_at`; `note` says to whom, and how.

    The same `key` again is the same report. Raises Refused, with the field.
    """
    participant = episode.cycle.participant
    check(by, whose(kind), participant.site)
    Episode.objects.select_for_update().get(pk=episode.pk)
    if (known := SafetyReport.objects.filter(key=key).first()) is not None:
        return known, False
    running = running_clock(episode, kind, rank)
    check_sent(running, sent_at, note)
    made = SafetyReport.objects.create(
        episode=episode,
        kind=running.kind,
        rank=running.rank,
        sent_at=sent_at,
        note=note.strip(),
        recorded_at=clock.now(),
        recorded_by=by,
        key=key,
    )
    audit.record(
        action="event.reported",
        by=by,
        of=made,
        site=participant.site,
        participant=participant.code,
        changes=audit.changes_of(made, *TOLD),
    )
    return made, True


def whose(kind: str) -> Permission:
    """The site tells the sponsor, the sponsor the authority; neither for the other."""
    return Permission.REPORT if kind == Kind.SITE else Permission.REPORT_AUTHORITY


def reportable(allowed: Collection[Permission]) -> list[Kind]:
    """Of which kinds who may do this records a report."""
    return [kind for kind in Kind if whose(kind) in allowed]


def check_sent(running: Clock, sent_at: datetime, note: str) -> None:
    """Raises Refused for a report that cannot be meant, with the field."""
    if sent_at > clock.now():
        raise Refused(_("This is still to come. Type when it was sent."), "sent_at")
    if sent_at < running.aware_at:
        said = _("This is before anybody knew of it. Type when it was sent.")
        raise Refused(said, "sent_at")
    if not note.strip():
        raise Refused(_("Say to whom it went, and how."), "note")


def running_clock(episode: Episode, kind: str, rank: int) -> Clock:
    """Raises Refused where this clock does not run."""
    for one in reporting.clocks_of([episode]).get(episode.pk, []):
        if (one.kind, one.rank) == (kind, rank) and one.runs:
            return one
    raise Refused(_("This clock does not run any more. Look at the page again."))
