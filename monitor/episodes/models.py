"""What the clinical core found: episodes, their steps, and each cycle's last answer."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import AppendOnly, Record
from monitor.treatments.models import Treatment
from monitor.trials.models import Cycle


class Level(models.TextChoices):
    CLEAR = "clear", _("Clear")
    UNKNOWN = "unknown", _("Unknown")
    WATCH = "watch", _("Watch")
    WARNING = "warning", _("Warning")
    CRITICAL = "critical", _("Critical")


class Episode(AppendOnly):
    """One open finding per participant, family and topic. Its state is its last step.

    It stays on the knowledge and protocol version it opened under.
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="episodes")
    family = models.CharField(max_length=24)
    topic = models.CharField(max_length=24)
    opened_at = models.DateTimeField(_("opened at"))
    recorded_at = models.DateTimeField()
    knowledge = models.CharField(_("knowledge version"), max_length=64)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="returned_as"
    )

    class Meta:
        indexes = [models.Index(fields=["cycle", "family", "topic"])]

    def __str__(self):
        return f"{self.cycle} {self.topic} {self.opened_at:%Y-%m-%d %H:%M}"


class Step(AppendOnly):
    """A change of level, grade or status, as it was shown. Never rewritten.

    ``state`` is the line of ``assess`` (contracts.md) at ``at``. A step that a later
    correction no longer supports is withdrawn by a new row, and stays readable.
    """

    class Cause(models.TextChoices):
        ENTRY = "entry", _("entered")
        LATE = "late", _("entered late")
        CORRECTION = "correction", _("corrected")
        TIME = "time", _("time passed")
        REVIEW = "review", _("reviewed")

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="steps")
    at = models.DateTimeField(_("at"))
    recorded_at = models.DateTimeField()
    cause = models.CharField(max_length=16, choices=Cause.choices)
    level = models.CharField(max_length=16, choices=Level.choices)
    status = models.CharField(max_length=16)
    grade = models.PositiveSmallIntegerField(_("grade, scale in force"), null=True)
    max_grade = models.PositiveSmallIntegerField(null=True)
    closed = models.BooleanField(default=False)
    state = models.JSONField()
    digest = models.CharField(max_length=64)
    withdraws = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="withdrawn_by"
    )

    class Meta:
        indexes = [models.Index(fields=["episode", "at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(grade__isnull=True) | Q(grade__lte=5),
                name="grade_is_at_most_5",
            )
        ]

    def __str__(self):
        return f"{self.episode_id} {self.at:%Y-%m-%d %H:%M} {self.level}"


class TreatmentLink(Record):
    """This treatment was given for that episode."""

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="links")
    treatment = models.ForeignKey(Treatment, models.PROTECT, related_name="links")

    class Meta(Record.Meta):
        pass

    def __str__(self):
        return f"{self.treatment_id} for {self.episode_id}"


class CycleState(models.Model):
    """The last answer for a cycle, for the board. All of it can be computed again.

    ``due_at`` is the next moment at which time alone changes an answer; ``failed_at``
    is set while the saved data are *not assessed*. ``brief`` is what the board reads of
    ``summary`` (brief.py); ``hold`` is the check before the next dose (holds.py).
    """

    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="state")
    entered = models.PositiveIntegerField(default=0)
    assessed = models.PositiveIntegerField(default=0)
    assessed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)
    level = models.CharField(
        max_length=16, choices=Level.choices, default=Level.UNKNOWN
    )
    summary = models.JSONField(default=dict)
    brief = models.JSONField(default=dict)
    hold = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(assessed__lte=F("entered")),
                name="assessed_is_not_ahead_of_entered",
            )
        ]

    def __str__(self):
        return f"{self.cycle} {self.level}"

    @property
    def is_current(self):
        return self.assessed == self.entered and self.failed_at is None
