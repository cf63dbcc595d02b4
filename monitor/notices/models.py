"""The outbox: what is to be told, to whom by when, and everything that came of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import VOID_KEEPS_WHAT_IT_VOIDS, AppendOnly, Record
from monitor.trials.models import Participant, Site

PERSON = settings.AUTH_USER_MODEL
#: Outcomes of an attempt that say whether a channel works.
ANSWERED = ("sent", "again", "retry", "failed")


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


class OnCall(Record):
    """Who has a duty at a site from when to when. An override goes before the plan."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="rota")
    duty = models.CharField(_("duty"), max_length=32)
    user = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    overrides = models.BooleanField(default=False)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["site", "duty", "ends_at"])]
        constraints = [
            # A shift that is cut short by a hand-over is no correction of a mistake.
            VOID_KEEPS_WHAT_IT_VOIDS,
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="shift_ends_after_it_begins",
                violation_error_message=_("A shift ends after it begins."),
            ),
        ]

    def __str__(self):
        return f"{self.site} {self.duty} {self.starts_at:%Y-%m-%d %H:%M}"


class Heartbeat(models.Model):
    """When the sweep last ran: if it stops, the board says so.

    And how far it has read the times that others wrote, to find one that lies ahead:
    by primary key, 0 before the first.
    """

    name = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()
    notice = models.PositiveBigIntegerField(default=0)
    attempt = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
