"""An event that is handed to another person to decide, with why and since when."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import AppendOnly
from monitor.episodes.models import Episode
from monitor.review.models import Review
from monitor.trials.models import User
from monitor.trials.permissions import Permission, in_force, roles_with

PERSON = settings.AUTH_USER_MODEL


class Referral(AppendOnly):
    """The decision on an episode is asked of ``to``, who owns it from then on.

    ``after`` is the decision that stood then: a later one ends the referral, and so
    does a later referral. ``key`` makes a repetition harmless.
    """

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="referrals")
    after = models.ForeignKey(Review, models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    reason = models.CharField(_("why"), max_length=300)
    referred_at = models.DateTimeField()
    referred_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="referral_says_why"),
            models.CheckConstraint(
                condition=~Q(to=F("referred_by")), name="referral_is_to_somebody_else"
            ),
        ]

    def __str__(self):
        return f"{self.episode_id} to {self.to_id}"


def standing() -> QuerySet[Referral]:
    """The referrals that nobody has decided on since.

    One to a person who may not review there any more holds nobody up: it is over.
    """
    own = {"episode": OuterRef("episode")}
    later = Referral.objects.filter(**own, pk__gt=OuterRef("pk"))
    decided = Review.objects.filter(**own, pk__gt=Coalesce(OuterRef("after"), Value(0)))
    site = "episode__cycle__participant__site"
    able = in_force().filter(
        Q(site=OuterRef(site)) | Q(site__isnull=True),
        user=OuterRef("to"),
        trial=OuterRef(f"{site}__trial"),
        role__in=roles_with(Permission.REVIEW),
    )
    return Referral.objects.filter(~Exists(later), ~Exists(decided), Exists(able))


def by_episode(ids: Iterable[int]) -> dict[int, Referral]:
    """Episode id -> the referral that stands, with its people."""
    rows = standing().filter(episode__in=list(ids))
    return {row.episode_id: row for row in rows.select_related("to", "referred_by")}


def of(episode: Episode) -> Referral | None:
    return by_episode([episode.pk]).get(episode.pk)


def reviewers(episode: Episode, but: User) -> QuerySet[User]:
    """Whom it can be referred to: everybody else who may review at its site."""
    site = episode.cycle.participant.site
    able = in_force().filter(
        Q(site=site) | Q(site__isnull=True),
        trial=site.trial_id,
        role__in=roles_with(Permission.REVIEW),
    )
    people = User.objects.filter(pk__in=able.values("user")).exclude(pk=but.pk)
    return people.order_by("printed_name", "username")
