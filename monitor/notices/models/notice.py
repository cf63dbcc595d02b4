"""What is to be told of a participant."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitor.trials.models import Participant

PERSON = settings.AUTH_USER_MODEL


class Notice(models.Model):
    """What changed for a participant at one instant, told by one policy.

    ``key`` makes writing it twice harmless. ``policy`` is the one in force when it was
    written. A ``turn`` is one run of its steps, counted from ``counted_from``: a lapsed
    acknowledgement or a snooze that ended begins the next.
    """

    class Kind(models.TextChoices):
        LEVEL = "level", _("level or grade")
        NOT_ASSESSED = "not_assessed", _("not assessed")
        OVERDUE = "overdue", _("overdue")
        HELD = "held", _("held without readings")
        SIGNATURE = "signature", _("signature withdrawn")
        QUESTION = "question", _("question")
        PRE_DOSE = "pre_dose", _("before a dose")
        DOSE_AGAINST = "dose_against", _("dose given against a criterion")
        UNBLINDED = "unblinded", _("unblinded")
        REFERRED = "referred", _("referred to you")
        OPINION = "opinion", _("second opinion asked of you")
        DISPUTED = "disputed", _("signature disputed")
        REPORT = "report", _("report due")
        UNDELIVERABLE = "undeliverable", _("undeliverable")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("undeliverable")

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    level = models.CharField(max_length=16, blank=True)
    patterns = models.JSONField(default=list)
    # Danger signs that stood when it was told: for a while they are no news again.
    signs = models.JSONField(default=list)
    lines = models.JSONField(default=list)
    # The highest grade, and `family/topic` of each line: what the next is measured by,
    # and what must come down before it is over.
    grade = models.PositiveSmallIntegerField(default=0)
    topics = models.JSONField(default=list)
    path = models.CharField(max_length=200)
    happened_at = models.DateTimeField()
    created_at = models.DateTimeField()
    key = models.CharField(max_length=128, unique=True)
    policy = models.JSONField()
    turn = models.PositiveSmallIntegerField(default=1)
    counted_from = models.DateTimeField()
    # Who saw it on the screen when it was saved, and is not told again at once.
    spared = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        max_length=16, choices=State.choices, default=State.WAITING
    )
    settled_at = models.DateTimeField(null=True)
    # Enough people took it; something was done or measured; it need not be told on.
    answered_at = models.DateTimeField(null=True)
    acted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["participant", "kind", "created_at"]),
            models.Index(
                fields=["participant"],
                condition=Q(answered_at__isnull=True),
                name="notice_unanswered",
            ),
            models.Index(fields=["created_at"]),
            models.Index(
                fields=["kind"],
                condition=Q(ended_at__isnull=True),
                name="notice_not_over",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True)
                | (~Q(state="waiting") & Q(settled_at__isnull=False)),
                name="notice_settled_has_its_time",
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.participant_id} {self.happened_at:%Y-%m-%d %H:%M}"
