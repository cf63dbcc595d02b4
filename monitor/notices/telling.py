"""Who is told what (reference 11, B5): the one place that decides it.

Watch interrupts nobody: it stands on the board. A warning, a critical level, any rise
of level or grade and any new danger sign go out by the policy of the protocol. Whoever
typed it has the screen. What is over interrupts nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from monitor import clock
from monitor.clinical.study.escalation import Policy
from monitor.clinical.thresholds import THRESHOLDS
from monitor.episodes import wording
from monitor.episodes.actions import Change
from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import Step
from monitor.episodes.rows import scale_in, why_words
from monitor.episodes.shapes import rank
from monitor.episodes.standing import UNSUPPORTED, digest, moment
from monitor.notices import actions
from monitor.notices.models import Notice
from monitor.trials.models import Cycle, User

Summary = dict[str, Any]
Topic = tuple[str, str]


@dataclass(frozen=True)
class News:
    """What is told of one topic: the line that speaks, its level and its highest grade.

    `mark` is the same however often the same rows are assessed.
    """

    line: Summary
    level: str
    at: datetime
    grade: int
    mark: str


def what_changed(
    cycle: Cycle,
    changes: Sequence[Change],
    summary: Summary,
    cause: str,
    by: User | str,
    before: Iterable[Summary] = (),
) -> Notice | None:
    """One notice for everything that rose in one assessment; None when nothing did.

    `summary` is the cycle's new answer: its lines and last values. `before` are the
    lines of the answer that stood until now.
    """
    news = [of_change(one) for one in changes if rises(one)]
    news += new_signs(cycle, summary, before, {topic_of(one.line) for one in news})
    risen = [one for one in news if not over(one, summary, cause)]
    if not risen:
        return None
    risen.sort(key=lambda one: -rank(one.level))
    worst, scale = risen[0], protocol_of(cycle).scale
    return actions.queue(
        participant=cycle.participant,
        kind=Notice.Kind.LEVEL,
        level=worst.level,
        policy=policy_of(cycle, policy_key(risen)),
        patterns=patterns_of(risen),
        signs=sorted({sign for one in risen for sign in signs_of(one.line)}),
        grade=max(one.grade for one in risen),
        topics=sorted({"/".join(topic_of(one.line)) for one in risen}),
        lines=[sentence(one.line, scale) for one in risen],
        path=path_of(cycle),
        happened_at=worst.at,
        key=f"{level_key(cycle.pk)}{fingerprint(risen)}",
        spare=by if isinstance(by, User) else None,
    )


def of_change(change: Change) -> News:
    """The step that speaks after the change."""
    step = change.after
    assert step is not None
    grade = max(step.grade or 0, step.max_grade or 0)
    return News(step.state, step.level, step.at, grade, step.digest)


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


def new_signs(
    cycle: Cycle, summary: Summary, before: Iterable[Summary], risen: set[Topic]
) -> list[News]:
    """A danger sign that is new is told like a rise, whatever was acknowledged (B5).

    One that went and came back within the time in which such a sign clears is not new.
    """
    stood = {topic_of(line): signs_of(line) for line in before}
    found = [
        (line, signs_of(line) - stood.get(topic_of(line), set()))
        for line in summary["lines"]
        if topic_of(line) not in risen and rank(line["level"]) >= rank("warning")
    ]
    if not any(signs for _line, signs in found):
        return []
    known = told_lately(cycle)
    return [of_sign(cycle, line) for line, signs in found if signs - known]


def told_lately(cycle: Cycle) -> set[str]:
    """The danger signs that stood in notices of the time in which they clear."""
    since = clock.now() - timedelta(hours=THRESHOLDS["danger_clear_hours"].value)
    told = Notice.objects.filter(
        participant=cycle.participant_id, kind=Notice.Kind.LEVEL, created_at__gt=since
    )
    return {sign for signs in told.values_list("signs", flat=True) for sign in signs}


def of_sign(cycle: Cycle, line: Summary) -> News:
    scale = scale_in(line, protocol_of(cycle).scale)
    every = (line.get(name) or {} for name in ("grades", "max_grades"))
    grade = max(one.get(scale) or 0 for one in every)
    return News(line, line["level"], moment(line["at"]), grade, digest(line))


def topic_of(line: Summary) -> Topic:
    return line["family"], line["topic"]


def signs_of(line: Summary) -> set[str]:
    return set(line.get("danger") or ())


def over(news: News, summary: Summary, cause: str) -> bool:
    """Whether it tells of a past that nothing current speaks of, or of no present.

    A loaded chart may lie in a year to come: that interrupts nobody either.
    """
    if news.at > clock.now():
        return True
    return cause == Step.Cause.LATE and (
        is_held(news, summary) or is_outdated(news.line, summary)
    )


def is_held(news: News, summary: Summary) -> bool:
    """Whether the topic's level stands only because nothing current lowers it."""
    held = {topic_of(one): one.get("held_since") for one in summary["lines"]}
    return bool(held.get(topic_of(news.line)))


def is_outdated(line: Summary, summary: Summary) -> bool:
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


def policy_key(risen: Sequence[News]) -> str:
    """By the worst level, and whether the sponsor hears of it the same day."""
    if any(one.level == "critical" for one in risen):
        return "critical"
    return "warning_reported" if any(map(is_reported, risen)) else "warning"


def is_reported(news: News) -> bool:
    """CRS of grade 2 or more, or a capillary leak of any grade (B5)."""
    family = news.line["family"]
    return (family == "crs" and news.grade > 1) or (family == "cls" and news.grade > 0)


def patterns_of(risen: Iterable[News]) -> list[str]:
    """What was met, as the alarm burden counts it."""
    met = {
        key
        for one in risen
        for key, answer in (one.line.get("patterns") or {}).items()
        if answer is True
    }
    return sorted(met)


def sentence(line: Summary, scale: str) -> str:
    """What was met, and why, in one line."""
    why = why_words(line)
    head = wording.heading(line, scale_in(line, scale))
    return ": ".join(filter(None, (head, why)))


def fingerprint(news: Iterable[News]) -> str:
    """The same steps make the same notice, however often they are assessed."""
    digests = "".join(sorted(one.mark for one in news))
    return hashlib.sha256(digests.encode()).hexdigest()[:32]


def level_key(cycle: int) -> str:
    """What the keys of the notices of a level begin with, in one cycle."""
    return f"level:{cycle}:"


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
