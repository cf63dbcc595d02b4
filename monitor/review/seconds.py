"""A colleague who is asked for a second opinion on what was signed.

It hands nothing on, as a referral does: the decision stands, and so does its signature.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import AppendOnly
from monitor.review import referrals
from monitor.review.models import SecondOpinion, Signature
from monitor.trials.models import User
from monitor.trials.permissions import Permission, in_force, roles_with

PERSON = settings.AUTH_USER_MODEL
CHOOSE = _("Choose a colleague who reviews at this site and was not asked yet.")
SAY = _("Say what you ask.")


class OpinionAsked(AppendOnly):
    """``to`` is asked what they say of a signed decision. Their word on it answers.

    ``key`` makes a repetition harmless.
    """

    signature = models.ForeignKey(Signature, models.PROTECT, related_name="asked")
    to = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    text = models.CharField(_("what is asked"), max_length=300)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="opinion_asked_says_what"
            ),
            models.UniqueConstraint(
                fields=["signature", "to"], name="opinion_is_asked_once_of_each"
            ),
        ]

    def __str__(self):
        return f"{self.signature_id} of {self.to_id}"


def standing() -> QuerySet[OpinionAsked]:
    """What is asked of a signature in force, and has not been answered.

    Nothing waits on a person who may not review there any more.
    """
    said = SecondOpinion.objects.filter(
        signature=OuterRef("signature"), given_by=OuterRef("to")
    )
    site = "signature__review__episode__cycle__participant__site"
    able = in_force().filter(
        Q(site=OuterRef(site)) | Q(site__isnull=True),
        user=OuterRef("to"),
        trial=OuterRef(f"{site}__trial"),
        role__in=roles_with(Permission.REVIEW),
    )
    return OpinionAsked.objects.filter(
        ~Exists(said),
        Exists(able),
        signature__review__superseded_by__isnull=True,
        signature__withdrawal__isnull=True,
    )


def by_episode(ids: Iterable[int], reader: User) -> dict[int, OpinionAsked]:
    """Episode id -> what is asked of the reader, else the last of somebody else."""
    rows = standing().filter(signature__review__episode__in=list(ids))
    loaded = rows.select_related("signature__review", "to", "asked_by").order_by("pk")
    ordered = sorted(loaded, key=lambda row: row.to_id == reader.pk)
    return {row.signature.review.episode_id: row for row in ordered}


def asked_of_decision(to: User | None = None) -> Q:
    """A condition on decisions: a second opinion on them, `to`'s, is still to come."""
    rows = standing() if to is None else standing().filter(to=to)
    return Q(pk__in=rows.values("signature__review"))


def colleagues(signature: Signature) -> QuerySet[User]:
    """Who can be asked: reviewers of the site who neither signed nor spoke of it,

    and were not asked yet.
    """
    people = referrals.reviewers(signature.review.episode, signature.signed_by)
    return people.exclude(
        pk__in=SecondOpinion.objects.filter(signature=signature).values("given_by")
    ).exclude(pk__in=OpinionAsked.objects.filter(signature=signature).values("to"))
