"""The outbox: a notice is a row, written in the transaction of what it is about."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import AppendOnly
from monitor.trials.models import Participant


class Notice(models.Model):
    """What changed for a participant at one instant, and who is to be told.

    ``key`` makes writing it twice harmless. Claimed by a conditional UPDATE; the
    Celery message is only a hint.
    """

    class Kind(models.TextChoices):
        LEVEL = "level", _("level or grade")
        NOT_ASSESSED = "not_assessed", _("not assessed")
        OVERDUE = "overdue", _("overdue")
        SIGNATURE = "signature", _("signature withdrawn")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("undeliverable")

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    level = models.CharField(max_length=16, blank=True)
    roles = models.JSONField(default=list)
    lines = models.JSONField(default=list)
    path = models.CharField(max_length=200)
    happened_at = models.DateTimeField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    key = models.CharField(max_length=128, unique=True)
    # Who saw it on the screen when it was saved, and is not told again.
    spared = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(
        max_length=16, choices=State.choices, default=State.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state="waiting"),
                name="notice_work_queue",
            )
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


class Delivery(AppendOnly):
    """A notice in a person's in-app list: shown once, however often it is sent."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="deliveries")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="deliveries"
    )
    channel = models.CharField(max_length=16, default="in_app")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "user", "channel"], name="shown_once_to_a_person"
            )
        ]

    def __str__(self):
        return f"{self.notice_id} to {self.user_id}"


class Acknowledgement(AppendOnly):
    """A person says: I have seen this (read), or I take it (acknowledged)."""

    class Kind(models.TextChoices):
        READ = "read", _("read")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="answers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="answers"
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "user", "kind"], name="one_answer_of_a_kind"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.notice_id} by {self.user_id}"


class Heartbeat(models.Model):
    """When the sweep last ran: if it stops, the board says so."""

    name = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
