"""At the review desk: decide, sign, give a second opinion, report, export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from monitor import clock, story
from monitor.episodes.models import CycleState, Episode
from monitor.flow.notices import heeded
from monitor.notices import actions as notices
from monitor.notices import reviewing
from monitor.notices.models import Notice
from monitor.refusal import Refused
from monitor.review import actions as reviews
from monitor.review import deaths
from monitor.review.clocks import stopped_by
from monitor.review.events import SafetyReport
from monitor.review.models import Review, SecondOpinion, Signature
from monitor.review.referrals import Referral
from monitor.review.seconds import OpinionAsked
from monitor.story import Cause
from monitor.trials import actions as trials
from monitor.trials.models import Cycle, User

#: What is told of a participant for somebody to go to them.
AT_THE_BEDSIDE = (Notice.Kind.LEVEL, Notice.Kind.OVERDUE, Notice.Kind.HELD)


def save_review(*, episode: Episode, by: User, **decision: Any) -> Review:
    """Keep a decision without signing it. See review.actions.review."""
    with transaction.atomic():
        cycle = story.lock(episode.cycle)
        made = reviews.review(episode=episode, by=by, **decision)
        reviewing.taken_over(episode)
        if made.supersedes_id and not hasattr(made, "signature"):
            reviewing.opinion_over(episode)
        heeded(cycle, notices.REVIEW, clock.now(), by)
        return made


def refer(*, episode: Episode, by: User, **told: Any) -> Referral:
    """Another person is asked to decide, and learns it. See review.actions.refer."""
    with transaction.atomic():
        story.lock(episode.cycle)
        made, created = reviews.refer(episode=episode, by=by, **told)
        if created:
            reviewing.referred(made)
            transaction.on_commit(story.nudge)
        return made


@dataclass(frozen=True)
class Signed:
    """A decision and its signature; `stood`: both did before, nothing was written."""

    review: Review
    signature: Signature
    stood: bool = False


def review_and_sign(
    *, episode: Episode, by: User, password: str, meaning: str, **decision: Any
) -> Signed:
    """Decide and sign in one step; with a wrong password nothing but that is kept.

    The cycle is assessed first where time alone has changed it, so that nobody signs
    what is no longer so. Raises Refused, with the field, and WrongPassword.
    """
    try:
        with transaction.atomic():
            cycle = story.lock(episode.cycle)
            _up_to_date(cycle, by)
            review = reviews.review(episode=episode, by=by, **decision)
            stood = hasattr(review, "signature")
            signature = reviews.sign(
                review=review, by=by, password=password, meaning=meaning
            )
            follow_death(signature, by)
            reviewing.taken_over(episode)
            if review.supersedes_id and not stood:
                reviewing.opinion_over(episode)
                reviewing.signed_again(episode)
            heeded(cycle, notices.REVIEW, clock.now(), by)
    except reviews.WrongPassword:
        reviews.refused(episode=episode, by=by)
        raise
    return Signed(review, signature, stood)


@dataclass(frozen=True)
class Batch:
    """What became of several drafts: signatures, and what was refused with why."""

    signed: list[Signature]
    refused: list[tuple[Review, str]]


def sign_drafts(
    *, drafts: Sequence[Review], by: User, password: str, meaning: str
) -> Batch:
    """One signature for each draft, each in its own transaction.

    A draft that cannot be signed as it stands is named and holds up no other. Raises
    WrongPassword before anything is signed.
    """
    made = Batch([], [])
    told = {"password": password, "meaning": meaning}
    for draft in drafts:
        try:
            made.signed.append(_signed(draft, by, **told))
        except reviews.WrongPassword:
            reviews.refused(episode=draft.episode, by=by)
            raise
        except Refused as refused:
            made.refused.append((draft, refused.sentence))
    return made


def _signed(draft: Review, by: User, **told: Any) -> Signature:
    with transaction.atomic():
        cycle = story.lock(draft.episode.cycle)
        _up_to_date(cycle, by)
        signature = reviews.sign_draft(review=draft, by=by, **told)
        follow_death(signature, by)
        if draft.supersedes_id:
            reviewing.signed_again(draft.episode)
        heeded(cycle, notices.REVIEW, clock.now(), by)
        return signature


def follow_death(signature: Signature, by: User) -> None:
    """A signed death asks nothing more of the bedside: what was told of it is over."""
    participant = signature.review.episode.cycle.participant
    at = deaths.died_at(participant)
    if at == participant.died_at:
        return
    trials.follow_death(participant=participant, at=at, by=by)
    if at is not None:
        for kind in AT_THE_BEDSIDE:
            why = "an investigator has signed the participant's death"
            notices.call_off(participant=participant, kind=kind, why=why)


def second_opinion(*, signature: Signature, by: User, **said: Any) -> SecondOpinion:
    """A second reviewer's word. See review.actions.second_opinion."""
    try:
        with transaction.atomic():
            story.lock(signature.review.episode.cycle)
            made = reviews.second_opinion(signature=signature, by=by, **said)
            reviewing.opinion_given(signature.review.episode, by)
            if not made.agrees:
                reviewing.disputed(made)
                transaction.on_commit(story.nudge)
            return made
    except reviews.WrongPassword:
        reviews.refused(episode=signature.review.episode, by=by)
        raise


def ask_opinion(*, signature: Signature, by: User, **told: Any) -> OpinionAsked:
    """Who signed asks a colleague. See review.actions.ask_opinion."""
    with transaction.atomic():
        story.lock(signature.review.episode.cycle)
        made, created = reviews.ask_opinion(signature=signature, by=by, **told)
        if created:
            reviewing.opinion_asked(made)
            transaction.on_commit(story.nudge)
        return made


def _up_to_date(cycle: Cycle, by: User) -> None:
    due = CycleState.objects.filter(cycle=cycle, due_at__lte=clock.now())
    if due.exists():
        story.assess(cycle, Cause.TIME, by)


def look(*, episode: Episode, by: User) -> None:
    """The person has the episode before them."""
    reviews.look(episode=episode, by=by)


def report_event(*, episode: Episode, by: User, **told: Any) -> SafetyReport:
    """An event was reported. See review.actions.report."""
    with transaction.atomic():
        made = reviews.report(episode=episode, by=by, **told)[0]
        ranks = stopped_by(made.kind, made.rank)
        reviewing.reported(episode, made.kind, ranks)
        return made


def export_events(*, by: User, **which: Any) -> str:
    """The adverse events as CSV. See review.actions.export_events."""
    return reviews.export_events(by=by, **which)
