"""What the reference safety information in force at onset says of an event.

Its editions stand in the protocol document, each with the day from which it holds. An
edition that a later version of the protocol adds counts too: which one is in force is a
matter of the day of onset, not of the rules that the event is graded by.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from monitor.clinical.study import reference_safety
from monitor.clinical.study.reference_safety import Edition
from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import Episode
from monitor.episodes.shapes import EpisodeRow
from monitor.trials.models import ProtocolVersion
from monitor.trials.queries import zone_of
from monitor.trials.wording import key_of_topic


def edition_of(episode: Episode, onset: datetime) -> Edition | None:
    """The edition in force at the site on the day of onset; None: there is none."""
    cycle = episode.cycle
    on = onset.astimezone(zone_of(cycle.participant.site)).date()
    own = reference_safety.in_force(protocol_of(cycle).document, on)
    if own is not None:
        return own
    approved = ProtocolVersion.objects.filter(
        trial=cycle.protocol.trial_id,
        status=ProtocolVersion.Status.APPROVED,
        approved_at__gt=cycle.protocol.approved_at,
    )
    newest = approved.order_by("approved_at").last()
    return newest and reference_safety.in_force(newest.document, on)


def listing_of(
    episode: Episode, row: EpisodeRow, edition: Edition | None
) -> dict[str, Any]:
    """The edition, the highest grade listed, and what follows; `lacks`: what to do

    where no edition is in force.
    """
    protocol = protocol_of(episode.cycle)
    grades = row.step.state.get("max_grades") or {}
    grade = grades.get(f"ctcae_{protocol.ctcae}")
    term = key_of_topic(row.topic)
    answer = reference_safety.expectedness(edition, term, grade)
    listed = edition.listed.get(term) if edition and term else None
    return {
        "edition": edition,
        "listed": listed,
        "answer": answer,
        "lacks": "" if edition else lacks(),
    }


def lacks() -> str:
    """Who adds the reference safety information, and where."""
    return _(
        "No reference safety information is in force on the day of onset, so the "
        "program cannot compare. An administrator of the trial adds it to the protocol "
        "document, under reference_safety, in a new version."
    )
