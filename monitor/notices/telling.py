"""Who is told what (reference 11, B5): the one place that decides it.

Watch interrupts nobody: it stands on the board. A warning, a critical level, and any
rise of level or grade go to the nurse and the investigator, a critical one also to the
safety physician. Whoever typed it has the screen. What is over interrupts nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from monitor import clock
from monitor.episodes import wording
from monitor.episodes.actions import Change
from monitor.episodes.assessing import protocol_of
from monitor.episodes.due import due_of
from monitor.episodes.models import CycleState, Step
from monitor.episodes.rows import scale_in, why_words
from monitor.episodes.shapes import DueRow, rank
from monitor.episodes.standing import UNSUPPORTED, moment
from monitor.notices import actions
from monitor.notices.models import Notice
from monitor.trials.models import Cycle, Role, User

#: What is late is told to each role once it is late for so long.
OVERDUE = (
    (Role.NURSE, timedelta(minutes=10)),
    (Role.INVESTIGATOR, timedelta(minutes=30)),
)
Summary = dict[str, Any]

BEDSIDE = (Role.NURSE, Role.INVESTIGATOR)
#: *Not assessed* is told only if it lasts: who, and how long after it began.
UNASSESSED = (
    (Role.NURSE, timedelta(minutes=2)),
    (Role.INVESTIGATOR, timedelta(minutes=10)),
)


def what_changed(
    cycle: Cycle,
    changes: Sequence[Change],
    summary: Summary,
    cause: str,
    by: User | str,
) -> Notice | None:
    """One notice for everything that rose in one assessment; None when nothing did.

    `summary` is the cycle's new answer: its lines and last values.
    """
    risen = [one for one in changes if rises(one) and not over(one, summary, cause)]
    if not risen:
        return None
    risen.sort(key=lambda one: -rank(last(one).level))
    worst = last(risen[0])
    return actions.queue(
        participant=cycle.participant,
        kind=Notice.Kind.LEVEL,
        level=worst.level,
        roles=roles_for(worst.level),
        lines=[sentence(one) for one in risen],
        path=path_of(cycle),
        happened_at=worst.at,
        key=f"level:{cycle.pk}:{fingerprint(risen)}",
        spare=by if isinstance(by, User) else None,
    )


def last(change: Change) -> Step:
    """The step that speaks after the change."""
    assert change.after is not None
    return change.after


def rises(change: Change) -> bool:
    """Whether the episode is at warning or worse, and stands higher than before."""
    before, after = change.before, change.after
    if after is None or after.closed or after.state.get(UNSUPPORTED):
        return False
    if rank(after.level) < rank("warning"):
        return False
    if before is None or before.closed:
        return True
    return (
        rank(after.level) > rank(before.level)
        or (after.grade or 0) > (before.grade or 0)
        or (after.max_grade or 0) > (before.max_grade or 0)
    )


def over(change: Change, summary: Summary, cause: str) -> bool:
    """Whether it tells of a past that nothing current speaks of, or of no present.

    A loaded chart may lie in a year to come: that interrupts nobody either.
    """
    if last(change).at > clock.now():
        return True
    return cause == Step.Cause.LATE and (
        is_held(change, summary) or is_outdated(last(change).state, summary)
    )


def is_held(change: Change, summary: Summary) -> bool:
    """Whether the topic's level stands only because nothing current lowers it."""
    topic = (change.episode.family, change.episode.topic)
    lines = summary["lines"]
    held = {(one["family"], one["topic"]): one.get("held_since") for one in lines}
    return bool(held.get(topic))


def is_outdated(line: dict[str, Any], summary: Summary) -> bool:
    """Whether a newer value of every deciding item came, and was told by itself."""
    current = summary["current"]
    true = [one for one in line.get("evidence") or () if one["answer"] is True]
    # A derived value, such as a shock index, is as old as what it was derived from.
    deciding = [one for one in true if one["item"] in current]
    return bool(deciding) and all(
        one["at"] and moment(current[one["item"]]["at"]) > moment(one["at"])
        for one in deciding
    )


def roles_for(level: str) -> list[str]:
    told = [*BEDSIDE]
    if level == "critical":
        told.append(Role.SAFETY_PHYSICIAN)
    return [str(role) for role in told]


def sentence(change: Change) -> str:
    """What was met, and why, in one line."""
    line = last(change).state
    scale = scale_in(line, protocol_of(change.episode.cycle).scale)
    why = why_words(line)
    return ": ".join(filter(None, (wording.heading(line, scale), why)))


def fingerprint(changes: Iterable[Change]) -> str:
    """The same steps make the same notice, however often they are assessed."""
    digests = "".join(sorted(last(one).digest for one in changes))
    return hashlib.sha256(digests.encode()).hexdigest()[:32]


def path_of(cycle: Cycle) -> str:
    return f"/participants/{cycle.participant.code}/"


def not_assessed(cycle: Cycle, state: CycleState) -> list[Notice]:
    """What is saved was not assessed: told to each role after its time."""
    since = state.failed_at or clock.now()
    return [
        actions.queue(
            participant=cycle.participant,
            kind=Notice.Kind.NOT_ASSESSED,
            level="",
            roles=[str(role)],
            lines=[_("Saved, but not assessed. Judge from the values.")],
            path=path_of(cycle),
            happened_at=since,
            key=f"not_assessed:{cycle.pk}:{since:%Y%m%dT%H%M%S.%f}:{role}",
            due_at=since + wait,
        )
        for role, wait in UNASSESSED
    ]


def assessed_again(cycle: Cycle) -> None:
    """It has been assessed: what nobody was told of yet need not be told."""
    actions.call_off(participant=cycle.participant, kind=Notice.Kind.NOT_ASSESSED)


def overdue(cycles: Iterable[Cycle], now: datetime) -> list[Notice]:
    """Each role learns once of a set, re-check or contact that is late for so long.

    `cycles` have their `state` loaded.
    """
    late = [
        (cycle, role, due)
        for cycle in cycles
        if hasattr(cycle, "state")
        and (due := due_of(cycle, cycle.state.summary, now)) is not None
        for role, wait in OVERDUE
        if now >= due.at + wait
    ]
    keys = {overdue_key(*one): one for one in late}
    known = Notice.objects.filter(key__in=keys).values_list("key", flat=True)
    fresh = set(keys) - set(known)
    return [tell_overdue(*keys[key], key) for key in sorted(fresh)]


def overdue_key(cycle: Cycle, role: str, due: DueRow) -> str:
    return f"overdue:{cycle.pk}:{due.at:%Y%m%dT%H%M%S}:{role}"


def tell_overdue(cycle: Cycle, role: str, due: DueRow, key: str) -> Notice:
    zone = ZoneInfo(cycle.participant.site.time_zone)
    local = due.at.astimezone(zone)
    told = {"what": due.what.capitalize(), "at": f"{local:%H:%M} {local:%Z}"}
    return actions.queue(
        participant=cycle.participant,
        kind=Notice.Kind.OVERDUE,
        level="",
        roles=[str(role)],
        lines=[_("%(what)s was due at %(at)s.") % told],
        path=path_of(cycle),
        happened_at=due.at,
        key=key,
    )


def signature_withdrawn(cycle: Cycle, signature: Any, cause: str) -> Notice:
    """The investigators learn that a signature no longer holds, the signer too."""
    told = {
        "name": signature.printed_name,
        "episode": wording.label_of(
            signature.review.episode.family, signature.review.episode.topic
        ),
    }
    said = _("%(episode)s: the signature of %(name)s is withdrawn.") % told
    return actions.queue(
        participant=cycle.participant,
        kind=Notice.Kind.SIGNATURE,
        level="",
        roles=[str(Role.INVESTIGATOR)],
        lines=[f"{said} {cause}"],
        path=f"/episodes/{signature.review.episode_id}/",
        happened_at=clock.now(),
        key=f"signature:{signature.pk}",
    )
