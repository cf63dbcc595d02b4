"""The part of the story that is about what is due: arranged, called off, whose it is.

Each verb is a story of its own (see `flow`): recorded under the cycle's lock, and the
cycle's answer, which the board reads, is brought up to it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from monitor import clock, story
from monitor.bedside import actions as bedside
from monitor.bedside.models import Arrangement, Assignment
from monitor.clinical.due import schedule
from monitor.episodes import queries as episodes
from monitor.episodes.assessing import protocol_of
from monitor.episodes.due import standing_of
from monitor.episodes.models import Step
from monitor.story import Saved
from monitor.trials import actions as trials
from monitor.trials.models import Cycle, Participant, User

Kind = Arrangement.Kind
#: A contact is planned at most so long ahead: the longest safety follow-up.
AHEAD = timedelta(days=120)


def plan_contact(
    *, cycle: Cycle, how: str, at: datetime, by: User, key: UUID, note: str = ""
) -> Saved:
    """A telephone call or a visit. At home nothing else can be late."""
    latest = clock.now() + AHEAD
    told = {"kind": Kind.CONTACT, "why": how, "until": at, "latest": latest}
    return _arrange(cycle, by, key=key, note=note, **told)


def not_taken(
    *, cycle: Cycle, why: str, again: datetime, by: User, key: UUID, note: str = ""
) -> Saved:
    """A set that was refused or could not be taken; asked again at `again`, which the

    protocol caps. Raises Refused, with the field.
    """
    told = {"kind": Kind.NOT_TAKEN, "why": why, "until": again}
    return _arrange(cycle, by, key=key, note=note, latest=absence_cap(cycle), **told)


def pause(
    *, cycle: Cycle, why: str, until: datetime, by: User, key: UUID, note: str = ""
) -> Saved:
    """Monitoring is paused, for a reason and until a time, which the protocol caps.

    A re-check that a newer reading asks for is due all the same.
    """
    told = {"kind": Kind.PAUSE, "why": why, "until": until}
    return _arrange(cycle, by, key=key, note=note, latest=pause_cap(cycle), **told)


def absence_cap(cycle: Cycle) -> datetime:
    """The latest time at which a set not taken now is asked for again."""
    summary = episodes.state_of(cycle).summary
    standing = standing_of(cycle, summary, clock.now())
    return schedule.absence_cap(protocol_of(cycle), standing)


def pause_cap(cycle: Cycle) -> datetime:
    hours = protocol_of(cycle).lines["pause_cap_hours"]
    return clock.now() + timedelta(hours=hours)


def end(*, arrangement: Arrangement, by: User, reason: str) -> Saved:
    """A pause ends now; a planned contact is called off."""
    return story.tell(
        arrangement.cycle,
        lambda _locked: (
            bedside.end_arrangement(arrangement=arrangement, by=by, reason=reason),
            True,
        ),
        by=by,
        cause=Step.Cause.ENTRY,
    )


def _arrange(cycle: Cycle, by: User, **told: Any) -> Saved:
    return story.tell(
        cycle,
        lambda locked: bedside.arrange(cycle=locked, by=by, **told),
        by=by,
        cause=Step.Cause.ENTRY,
    )


def assign(
    *, cycle: Cycle, nurse: User, until: datetime, by: User, key: UUID
) -> Assignment:
    """The participant is that nurse's until the shift ends."""
    made, _created = bedside.assign(
        cycle=cycle, nurse=nurse, until=until, by=by, key=key
    )
    return made


def leave_study(
    *, participant: Participant, at: datetime, reason: str, by: User
) -> Participant:
    """Withdrawn or finished: what was due is due no more, and nothing is told."""
    with transaction.atomic():
        return trials.leave_study(participant=participant, at=at, reason=reason, by=by)
