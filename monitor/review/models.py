"""The investigator's word on an episode: verdict, attribution, signature."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import AppendOnly, Record
from monitor.episodes.models import Episode, Step


class Review(Record):
    """A verdict on an episode as it stood at ``step``. A new one supersedes."""

    class Verdict(models.TextChoices):
        AGREE = "agree", _("Agree")
        REGRADE = "regrade", _("Regrade")
        NOT_THIS_EVENT = "not_this_event", _("Not this event")
        NOT_SIGNIFICANT = "not_significant", _("Not clinically significant")

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="reviews")
    step = models.ForeignKey(Step, models.PROTECT, related_name="+")
    verdict = models.CharField(_("decision"), max_length=24, choices=Verdict.choices)
    scale = models.CharField(_("scale"), max_length=16)
    grade = models.PositiveSmallIntegerField(_("grade"), null=True)
    attribution = models.JSONField(default=dict)
    serious = models.JSONField(default=list)
    action = models.JSONField(default=dict)
    outcome = models.CharField(max_length=40, blank=True)
    note = models.CharField(_("assessor's note"), max_length=2000, blank=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(verdict="agree") | ~Q(reason=""),
                name="review_that_differs_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(grade__isnull=True) | Q(grade__lte=5),
                name="review_grade_is_at_most_5",
            ),
        ]

    def __str__(self):
        return f"{self.episode_id} {self.verdict}"


class Signature(AppendOnly):
    """A printed name, a time and a meaning, bound to the digest of what was signed."""

    review = models.OneToOneField(Review, models.PROTECT, related_name="signature")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="signatures"
    )
    printed_name = models.CharField(max_length=200)
    role = models.CharField(max_length=24)
    meaning = models.CharField(max_length=300)
    signed_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    def __str__(self):
        return f"{self.printed_name} {self.signed_at:%Y-%m-%d %H:%M}"


class Withdrawal(AppendOnly):
    """A signature that a change to its content has withdrawn, and why."""

    signature = models.OneToOneField(
        Signature, models.PROTECT, related_name="withdrawal"
    )
    at = models.DateTimeField()
    cause = models.CharField(max_length=300)

    def __str__(self):
        return f"{self.signature_id} withdrawn"


class Look(models.Model):
    """When a person last looked at an episode: the dot in the queue."""

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="looks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "user"], name="one_look_each")
        ]

    def __str__(self):
        return f"{self.user_id} at {self.episode_id}"
