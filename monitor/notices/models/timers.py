"""The work of the outbox: timers, and messages that leave the program."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitor.notices.models.notice import Notice

PERSON = settings.AUTH_USER_MODEL


class Claimed(models.Model):
    """Work of the outbox: due at a time, claimed by a conditional UPDATE."""

    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Escalation(Claimed):
    """A timer of a notice: at ``due_at`` the next people are told, or it is looked

    whether an acknowledgement was followed by anything, or a snooze ends, or people are
    interrupted who had been interrupted too short a time before.
    """

    class Purpose(models.TextChoices):
        TELL = "tell", _("tell")
        CHECK = "check", _("look whether anything was done")
        RESUME = "resume", _("end of the snooze")
        LATER = "later", _("tell once the quiet time is over")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        CALLED_OFF = "called_off", _("called off")

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="escalations")
    turn = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=8, choices=Purpose.choices, default="tell")
    step = models.PositiveSmallIntegerField(default=0)
    tell = models.JSONField(default=list)
    how = models.CharField(max_length=8, default="screen")
    # Whether it interrupts only if nobody was interrupted just now.
    first = models.BooleanField(default=False)
    # Brought forward because the step before it reached nobody.
    pulled = models.BooleanField(default=False)
    state = models.CharField(
        max_length=16, choices=State.choices, default=State.WAITING
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state="waiting"),
                name="escalation_work_queue",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "turn", "purpose", "step"],
                name="one_timer_per_step_and_turn",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True)
                | (~Q(state="waiting") & Q(settled_at__isnull=False)),
                name="escalation_settled_has_its_time",
            ),
        ]

    def __str__(self):
        return f"{self.notice_id} {self.purpose} {self.turn}.{self.step}"


class Sending(Claimed):
    """One message through one channel to one person. The receiver sees ``key``."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("undeliverable")
        CALLED_OFF = "called_off", _("called off")

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="sendings")
    user = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=16)
    key = models.CharField(max_length=160, unique=True)
    state = models.CharField(
        max_length=16, choices=State.choices, default=State.WAITING
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state="waiting"),
                name="sending_work_queue",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True)
                | (~Q(state="waiting") & Q(settled_at__isnull=False)),
                name="sending_settled_has_its_time",
            )
        ]

    def __str__(self):
        return f"{self.channel} {self.key} {self.state}"
