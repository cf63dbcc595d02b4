"""What people say to a notice."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import AppendOnly
from monitor.notices.models.notice import Notice

PERSON = settings.AUTH_USER_MODEL


class Acknowledgement(AppendOnly):
    """A person says: I have seen this (read), I take it (acknowledged); or the record

    says that something followed (acted): what was done or measured, by whom.
    """

    class Kind(models.TextChoices):
        READ = "read", _("read")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        ACTED = "acted", _("acted")

    class Via(models.TextChoices):
        BOARD = "board", _("board")
        LIST = "list", _("list of notices")
        PAGE = "page", _("participant's page")
        NOTICE = "notice", _("the notice's own page")
        RECORD = "record", _("record")

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="answers")
    user = models.ForeignKey(PERSON, models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    turn = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()
    via = models.CharField(max_length=16, choices=Via.choices, default=Via.LIST)
    address = models.GenericIPAddressField(null=True)
    what = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "user", "kind", "turn", "what"],
                name="one_answer_of_a_kind",
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.notice_id} by {self.user_id}"


class Snooze(AppendOnly):
    """A person puts a notice off, with a reason and an end."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="snoozes")
    user = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("at")), name="snooze_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="snooze_has_reason"),
        ]

    def __str__(self):
        return f"{self.notice_id} until {self.until:%Y-%m-%d %H:%M}"


class Usefulness(AppendOnly):
    """One click: was this useful? The last answer of a person counts."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="opinions")
    user = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    useful = models.BooleanField()
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.notice_id} {self.useful}"
