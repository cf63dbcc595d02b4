"""Signatures beside the usual one: several drafts at once, and a second reviewer."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import actions as audit
from monitor.refusal import Refused
from monitor.review import queries, seconds
from monitor.review.actions.decisions import check_password, role_of, sign
from monitor.review.models import Review, SecondOpinion, Signature
from monitor.review.seconds import OpinionAsked
from monitor.trials.models import User
from monitor.trials.permissions import Permission, check

TOLD = ("agrees", "text", "printed_name", "role")


@transaction.atomic
def sign_draft(*, review: Review, by: User, password: str, meaning: str) -> Signature:
    """One of several drafts. Raises Refused also where its episode has moved on."""
    check(by, Permission.REVIEW, review.episode.cycle.participant.site)
    if queries.last_step(review.episode).pk != review.step_id:
        raise Refused(_("The episode has changed since this draft. Decide it again."))
    return sign(review=review, by=by, password=password, meaning=meaning)


@transaction.atomic
def second_opinion(
    *, signature: Signature, agrees: bool, text: str, by: User, password: str
) -> SecondOpinion:
    """Another investigator agrees with what was signed, or says why not.

    The same person's opinion on one signature is given once. Raises WrongPassword, or
    Refused with the field.
    """
    site = signature.review.episode.cycle.participant.site
    check(by, Permission.REVIEW, site)
    known = SecondOpinion.objects.filter(signature=signature, given_by=by).first()
    if known is not None:
        return known
    if signature.signed_by_id == by.pk:
        raise Refused(_("You signed this yourself. A second reviewer is another one."))
    refuse_fallen(signature)
    if not agrees and not text.strip():
        raise Refused(_("Say in what you disagree."), "text")
    check_password(by, password)
    made = SecondOpinion.objects.create(
        signature=signature,
        agrees=agrees,
        text=text.strip(),
        given_at=clock.now(),
        given_by=by,
        printed_name=by.get_full_name(),
        role=role_of(by, site),
        time_zone=site.time_zone,
    )
    participant = signature.review.episode.cycle.participant
    audit.record(
        action="review.second_opinion",
        by=by,
        of=made,
        site=site,
        participant=participant.code,
        changes=audit.changes_of(made, *TOLD),
    )
    return made


@transaction.atomic
def ask_opinion(
    *, signature: Signature, to: User | None, text: str, by: User, key: UUID
) -> tuple[OpinionAsked, bool]:
    """Who signed asks a colleague for a second opinion. Nothing signed changes by it.

    The same `key` again is the same request. Raises Refused, with the field, and
    PermissionDenied.
    """
    participant = signature.review.episode.cycle.participant
    check(by, Permission.REVIEW, participant.site)
    if (known := OpinionAsked.objects.filter(key=key).first()) is not None:
        return known, False
    refuse_fallen(signature)
    if signature.signed_by_id != by.pk:
        raise Refused(_("Who signed asks for a second opinion. Give your own here."))
    if to is None or to not in seconds.colleagues(signature):
        raise Refused(str(seconds.CHOOSE), "colleague")
    if not (said := text.strip()):
        raise Refused(str(seconds.SAY), "asked_text")
    made = OpinionAsked.objects.create(
        signature=signature,
        to=to,
        text=said,
        asked_at=clock.now(),
        asked_by=by,
        key=key,
    )
    audit.record(
        action="review.opinion_asked",
        by=by,
        of=made,
        site=participant.site,
        participant=participant.code,
        changes=[audit.change("to", None, to.get_full_name())],
        reason=said,
    )
    return made, True


def refuse_fallen(signature: Signature) -> None:
    """Raises Refused where the signature is not the one that stands."""
    last = queries.latest(signature.review.episode)
    if last is None or last.signature != signature or last.withdrawal is not None:
        raise Refused(_("This signature does not stand any more. Look at it again."))
