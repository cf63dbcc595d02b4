"""What came of a notice: whom it was shown to, and every attempt to reach them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import AppendOnly
from monitor.notices.models.notice import Notice

PERSON = settings.AUTH_USER_MODEL
#: Outcomes of an attempt that say whether a channel works.
ANSWERED = ("sent", "again", "retry", "failed")


class Delivery(AppendOnly):
    """A notice in a person's in-app list: shown once, however often it is sent."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="deliveries")
    user = models.ForeignKey(PERSON, models.PROTECT, related_name="deliveries")
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


class Attempt(AppendOnly):
    """The delivery log: every attempt, every answer, everything that was held back."""

    class Outcome(models.TextChoices):
        SHOWN = "shown", _("shown on the screen")
        QUEUED = "queued", _("handed to the outbox")
        BEGUN = "begun", _("begun")
        SENT = "sent", _("sent")
        AGAIN = "again", _("sent once more")
        RETRY = "retry", _("not sent; tried again later")
        NEEDLESS = "needless", _("not sent; another attempt had arrived")
        FAILED = "failed", _("undeliverable")
        DUPLICATE = "duplicate", _("duplicate, held back")
        QUIET = "quiet", _("no interruption: told just now")
        SPARED = "spared", _("saw it on the screen when saving")
        NOBODY = "nobody", _("nobody to tell")
        CALLED_OFF = "called_off", _("called off")
        MERGED = "merged", _("several steps as one")
        ENDED = "ended", _("over")
        LAPSED = "lapsed", _("acknowledged, but nothing followed")
        RESUMED = "resumed", _("snooze ended")
        CLOCK = "clock", _("the clock went back")

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="attempts")
    user = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    channel = models.CharField(max_length=16, blank=True)
    number = models.PositiveSmallIntegerField(default=1)
    interrupts = models.BooleanField(default=False)
    key = models.CharField(max_length=160, blank=True)
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["notice", "at"]),
            models.Index(
                fields=["user", "at"],
                condition=Q(interrupts=True),
                name="attempt_interruptions",
            ),
            models.Index(
                fields=["channel", "at"],
                condition=Q(outcome__in=ANSWERED),
                name="attempt_answers",
            ),
        ]

    def __str__(self):
        return f"{self.notice_id} {self.outcome} {self.at:%Y-%m-%d %H:%M:%S}"
