"""Notices around a decision: it was referred, disputed, or a report of it is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from monitor import clock
from monitor.clinical.study.escalation import PERSON, Policy, PolicyStep
from monitor.episodes import wording
from monitor.episodes.models import Episode
from monitor.notices import actions
from monitor.notices.models import Notice
from monitor.notices.telling import policy_of
from monitor.trials.models import User


def referred(referral: Any) -> Notice:
    """The person who is asked to decide learns it, and nobody else."""
    taken_over(referral.episode)
    told = {"name": referral.referred_by.get_full_name(), "why": referral.reason}
    said = _("%(episode)s: referred to you by %(name)s. %(why)s")
    policy = policy_of(referral.episode.cycle, "referral")
    return _about(
        referral.episode,
        Notice.Kind.REFERRED,
        only(policy, referral.to),
        said % (told | _named(referral.episode)),
        key=f"referred:{referral.episode_id}:{referral.key}",
    )


def opinion_asked(asked: Any) -> Notice:
    """The colleague whose second opinion is asked learns it, and nobody else."""
    episode = asked.signature.review.episode
    told = {"name": asked.asked_by.get_full_name(), "what": asked.text}
    said = _("%(episode)s: %(name)s asks for your second opinion. %(what)s")
    return _about(
        episode,
        Notice.Kind.OPINION,
        only(policy_of(episode.cycle, "referral"), asked.to),
        said % (told | _named(episode)),
        key=f"opinion:{episode.pk}:{asked.to_id}:{asked.pk}",
    )


def opinion_given(episode: Episode, by: User) -> None:
    """The colleague has said what they think of what was signed."""
    _end(f"opinion:{episode.pk}:{by.pk}:", "the second opinion was given")


def opinion_over(episode: Episode) -> None:
    """Nobody stands by what was signed any more: no opinion on it is waited for."""
    _end(f"opinion:{episode.pk}:", "what was signed does not stand any more")


def taken_over(episode: Episode) -> None:
    """Somebody has decided, or it was referred on: that it was referred is over."""
    _end(f"referred:{episode.pk}:", "somebody has decided, or referred it on")


def signed_again(episode: Episode) -> None:
    """Somebody stands by it anew: that a signature fell, or was disputed, is over."""
    about = Notice.objects.filter(
        participant=episode.cycle.participant_id,
        kind__in=(Notice.Kind.SIGNATURE, Notice.Kind.DISPUTED),
        path=f"/episodes/{episode.pk}/",
        answered_at__isnull=True,
        ended_at__isnull=True,
    )
    actions.end(list(about.values_list("pk", flat=True)), "it was signed again")


def disputed(opinion: Any) -> Notice:
    """A second reviewer disagrees: who signed learns it, and who else may sign."""
    review = opinion.signature.review
    told = {"name": opinion.printed_name, "signer": opinion.signature.printed_name}
    said = _("%(episode)s: %(name)s disagrees with what %(signer)s signed. %(why)s")
    return _about(
        review.episode,
        Notice.Kind.DISPUTED,
        policy_of(review.episode.cycle, "disputed"),
        said % (told | {"why": opinion.text} | _named(review.episode)),
        key=f"disputed:{opinion.pk}",
    )


def report_due(
    episode: Episode,
    running: Any,
    words: str,
    policy: str,
    since: datetime,
    how: str,
) -> Notice:
    """A clock of an event runs out soon: told from `since` on, by its policy.

    `words` say whose report it is, `how` that the event is serious.
    """
    said = _("%(episode)s, %(how)s. %(report)s: due %(at)s.")
    told = {"report": words, "how": how, "at": f"{running.due_at:%a %d %b %H:%M %Z}"}
    return _about(
        episode,
        Notice.Kind.REPORT,
        policy_of(episode.cycle, policy),
        said % (told | _named(episode)),
        key=report_key(episode, running),
        counted_from=since,
    )


def reported(episode: Episode, kind: str, ranks: Iterable[int]) -> None:
    """The report went out: that it was due need not be told any more."""
    for rank in ranks:
        _end(f"report:{episode.pk}:{kind}:{rank}:", "the report went out")


def report_key(episode: Episode, running: Any) -> str:
    """Another awareness, or another time due, is another notice."""
    of = f"{episode.pk}:{running.kind}:{running.rank}"
    return f"report:{of}:{running.due_at.timestamp():.0f}"


def only(policy: Policy, person: User) -> Policy:
    """The same policy, told to one person."""
    who = (PERSON + person.get_username(),)
    steps = (PolicyStep(one.after_minutes, who, one.how) for one in policy.steps)
    return replace(policy, steps=tuple(steps))


def _named(episode: Episode) -> dict[str, str]:
    return {"episode": wording.label_of(episode.family, episode.topic)}


def _about(
    episode: Episode, kind: str, policy: Policy, line: str, key: str, **more: Any
) -> Notice:
    return actions.queue(
        participant=episode.cycle.participant,
        kind=kind,
        level="",
        policy=policy,
        lines=[line],
        path=f"/episodes/{episode.pk}/",
        happened_at=clock.now(),
        key=key,
        **more,
    )


def _end(begins: str, why: str) -> None:
    told = Notice.objects.filter(key__startswith=begins, ended_at__isnull=True)
    if found := list(told.values_list("pk", flat=True)):
        actions.end(found, why)
