"""A decision, its signature, and the end of a signature."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import actions as audit
from monitor.audit.models import Event as AuditEvent
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.review import again, content, news, queries, referrals, states
from monitor.review.actions.events import keep_events
from monitor.review.complete import lacking
from monitor.review.consistency import Decision, problems
from monitor.review.models import Look, Review, Signature, Withdrawal
from monitor.review.states import Event
from monitor.trials.models import Role, User
from monitor.trials.permissions import TABLE, Permission, at_place, check, held_by

GUESSES = 5
GUESSING = timedelta(minutes=15)
REFUSED, UNBLINDING = "signature.refused", "unblinding.refused"
#: Wrong passwords of who is signed in, as the door counts them too.
GUESSED = (REFUSED, UNBLINDING, "door.password_refused")
TOLD = ("verdict", "scale", "grade", "serious", "outcome", "attribution", "action")


class WrongPassword(Refused):
    """The signer's password did not match."""


@transaction.atomic
def review(
    *,
    episode: Episode,
    scale: str,
    by: User,
    step: int | None = None,
    last_review: int | None = None,
    shown: str | None = None,
    **told: Any,
) -> Review:
    """A decision on the episode as it stands; it supersedes the one before.

    `told` are the parts of a `consistency.Decision`. `step` is the last step that the
    reviewer saw: Refused when the episode has moved on. `last_review` is the decision
    that stood before them, 0 where there was none: Refused when somebody has decided
    since. What was signed is decided anew only with a reason: Refused without one. The
    same decision by the same person, where nothing came between, writes nothing.
    `shown` is what the record was before their eyes (`content.shown_of`): Refused when
    it differs now, for nobody signs what they did not see. Raises Refused for a
    decision that contradicts itself, with the field.
    """
    check(by, Permission.REVIEW, episode.cycle.participant.site)
    Episode.objects.select_for_update().get(pk=episode.pk)
    decision = Decision.of(**told)
    for field, sentence in problems(decision, queries.standing_of(episode)).items():
        raise Refused(sentence, field)
    last = queries.latest(episode)
    stands = content.shown_of(episode, clock.now())
    if last is not None and _same(last.review, decision, scale, by, stands):
        again.refuse_silence(last, decision)
        return last.review
    _nobody_else_decided(last, last_review)
    if shown is not None and shown != stands:
        raise Refused(_what_changed(episode))
    decision_on = seen(episode, step)
    again.refuse_without_reason(last, decision)
    made = _kept(episode, decision, scale, by, last, decision_on, stands)
    _audit(made, "review.recorded", by, old=last.review if last else None)
    return made


def _nobody_else_decided(last: queries.ReviewRow | None, shown: int | None) -> None:
    """Raises Refused when another decision stands than the one that was shown."""
    if shown is None or last is None or last.review.pk == shown:
        return
    said = _(
        "%(name)s decided on this while you did. Read that decision above; "
        "what you chose is kept here, and you can sign it as another decision."
    )
    raise Refused(said % {"name": last.by})


def _what_changed(episode: Episode) -> str:
    """The last change to the record, of which the person cannot have known."""
    last = news.last_change(episode, clock.now(), since=episode.opened_at)
    said = _(
        "%(what)s while you decided. Read it above; what you chose is kept here, and "
        "you can sign it now."
    )
    return said % {"what": last or _("The record has changed")}


def seen(episode: Episode, step: int | None) -> Any:
    """The step that speaks. Raises Refused when it is not the one that was shown."""
    standing = queries.last_step(episode)
    if step is not None and standing.pk != step:
        said = _("The episode has changed since you opened it. Look at it again.")
        raise Refused(said)
    return standing


def _same(last: Review, decision: Decision, scale: str, by: User, stands: str) -> bool:
    """Whether one person sent one decision twice, and nothing came between."""
    if last.recorded_by_id != by.pk or last.scale != scale:
        return False
    if last.step_id != queries.last_step(last.episode).pk:
        return False
    if Withdrawal.objects.filter(signature__review=last).exists():
        return False
    if last.shown != stands or referrals.of(last.episode) is not None:
        return False
    told = {name: getattr(last, name) for name in vars(decision)}
    if not decision.reason:
        told["reason"] = ""
    return told == vars(decision)


def _kept(
    episode: Episode,
    decision: Decision,
    scale: str,
    by: User,
    last: queries.ReviewRow | None,
    step: Any,
    stands: str,
) -> Review:
    return Review.objects.create(
        **vars(decision),
        episode=episode,
        step=step,
        shown=stands,
        scale=scale,
        supersedes=last.review if last else None,
        recorded_at=clock.now(),
        recorded_by=by,
    )


@transaction.atomic
def sign(*, review: Review, by: User, password: str, meaning: str) -> Signature:
    """The reviewer's own decision, signed with the password and a meaning.

    Printed name, role, time and zone are kept as they are now, with the digest of what
    was signed. Raises WrongPassword, or Refused when it is not theirs to sign, or when
    something is missing, with the field.
    """
    episode = review.episode
    site = episode.cycle.participant.site
    check(by, Permission.REVIEW, site)
    Episode.objects.select_for_update().get(pk=episode.pk)
    if hasattr(review, "signature"):
        return review.signature
    last = queries.latest(episode)
    if last is None or last.review.pk != review.pk or review.recorded_by_id != by.pk:
        raise Refused(_("Somebody has reviewed this since. Look at it again."))
    if not states.may(last.state, Event.SIGN):
        raise Refused(_("This cannot be signed as it stands."))
    if review.shown != content.shown_of(episode, review.recorded_at):
        said = _(
            "A value or a line of the log was corrected or added after this draft was "
            "kept. Open the event, read what changed, and sign it there."
        )
        raise Refused(said)
    _whole(review)
    check_password(by, password)
    made = Signature.objects.create(
        review=review,
        signed_by=by,
        printed_name=by.get_full_name(),
        role=role_of(by, site),
        meaning=meaning.strip(),
        signed_at=clock.now(),
        time_zone=site.time_zone,
        digest=content.digest_of(review),
        digest_version=content.NEWEST,
    )
    _audit(review, "review.signed", by, signature=made)
    keep_events(made)
    return made


def _whole(review: Review) -> None:
    """Raises Refused for the first thing that the decision lacks to be signed."""
    standing = queries.standing_of(review.episode)
    for field, sentence in lacking(Decision.in_(review), standing).items():
        raise Refused(sentence, field)


def role_of(user: User, site: Any, what: Permission = Permission.REVIEW) -> str:
    """The role in which the person may do it at the site."""
    held = at_place(held_by(user), site).order_by("pk").values_list("role", flat=True)
    return next(role for role in held if what in TABLE[Role(role)])


def check_password(by: User, password: str) -> None:
    """Raises WrongPassword, or Refused after several of them in a short time."""
    refuse_guessing(by)
    if not (by.is_active and by.check_password(password)):
        raise WrongPassword(_("This is not your password. Type it again."), "password")


def refuse_guessing(by: User) -> None:
    """Raises Refused after several wrong passwords in a short time."""
    since = clock.now() - GUESSING
    tried = AuditEvent.objects.filter(
        action__in=GUESSED, actor=by.get_username(), at__gt=since
    )
    if tried.count() >= GUESSES:
        said = _("Too many wrong passwords. Try again in %(n)d minutes.")
        raise Refused(said % {"n": GUESSING.seconds // 60}, "password")


@transaction.atomic
def refused(*, episode: Episode, by: User) -> None:
    """A wrong password was typed: kept although nothing else of it is."""
    participant = episode.cycle.participant
    audit.record(
        action=REFUSED,
        by=by,
        of=episode,
        site=participant.site,
        participant=participant.code,
    )


@transaction.atomic
def withdraw(
    *, signature: Signature, cause: str, at: datetime, by: Any = "monitor"
) -> Withdrawal:
    """What was signed has changed: the signature no longer holds, but is kept."""
    made, created = Withdrawal.objects.get_or_create(
        signature=signature, defaults={"at": at, "cause": cause[:300]}
    )
    if created:
        _audit(signature.review, "review.signature_withdrawn", by, reason=cause[:500])
    return made


@transaction.atomic
def look(*, episode: Episode, by: User) -> None:
    """The person has the episode before them: what comes later is marked as new."""
    told = {"at": clock.now()}
    if not Look.objects.filter(episode=episode, user=by).update(**told):
        Look.objects.update_or_create(episode=episode, user=by, defaults=told)


def _audit(
    made: Review,
    action: str,
    by: Any,
    old: Review | None = None,
    signature: Signature | None = None,
    reason: str = "",
) -> None:
    participant = made.episode.cycle.participant
    changes = audit.changes_of(made, *TOLD, *content.ALSO, old=old)
    if signature is not None:
        told = ("printed_name", "role", "meaning", "digest")
        changes = audit.changes_of(signature, *told)
    audit.record(
        action=action,
        by=by,
        of=made,
        site=participant.site,
        participant=participant.code,
        changes=changes if action != "review.signature_withdrawn" else [],
        reason=reason or made.reason,
    )
