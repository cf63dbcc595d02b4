"""Who is told what (reference 11, B5): the one place that decides it.

Watch interrupts nobody: it stands on the board. A warning, a critical level, and any
rise of level or grade go out by the policy of the protocol. Whoever typed it has the
screen. What is over interrupts nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from monitor import clock
from monitor.clinical.escalation import Policy
from monitor.episodes import wording
from monitor.episodes.actions import Change
from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import Step
from monitor.episodes.rows import scale_in, why_words
from monitor.episodes.shapes import rank
from monitor.episodes.standing import UNSUPPORTED, moment
from monitor.notices import actions
from monitor.notices.models import Notice
from monitor.trials.models import Cycle, User

Summary = dict[str, Any]


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
        policy=policy_of(cycle, policy_key(risen)),
        patterns=patterns_of(risen),
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


def policy_of(cycle: Cycle, key: str) -> Policy:
    """The policy of the protocol that the cycle runs under."""
    return protocol_of(cycle).policies[key]


def policy_key(risen: Sequence[Change]) -> str:
    """By the worst level, and whether the sponsor hears of it the same day."""
    if any(last(one).level == "critical" for one in risen):
        return "critical"
    return "warning_reported" if any(map(is_reported, risen)) else "warning"


def is_reported(change: Change) -> bool:
    """CRS of grade 2 or more, or a capillary leak of any grade (B5)."""
    step, family = last(change), change.episode.family
    grade = max(step.grade or 0, step.max_grade or 0)
    return (family == "crs" and grade > 1) or (family == "cls" and grade > 0)


def patterns_of(risen: Iterable[Change]) -> list[str]:
    """What was met, as the alarm burden counts it."""
    met = {
        key
        for one in risen
        for key, answer in (last(one).state.get("patterns") or {}).items()
        if answer is True
    }
    return sorted(met)


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
        policy=policy_of(cycle, "signature"),
        lines=[f"{said} {cause}"],
        path=f"/episodes/{signature.review.episode_id}/",
        happened_at=clock.now(),
        key=f"signature:{signature.pk}",
    )
