"""The adverse event record: what a signed decision says of an event."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import AppendOnly
from monitor.episodes.models import Episode
from monitor.review.clocks import WORDS, Kind
from monitor.review.models import Signature
from monitor.trials.models import Participant


class AdverseEvent(AppendOnly):
    """One event of a participant as one signature confirms it.

    ``number`` stays with the episode, and with the ``part`` of one that a decision has
    split in two; a later signature on it makes a new ``version``.
    ``grade`` is the highest of CTCAE ``ctcae``, None where nobody can say it, and
    ``intervals`` the grades with their start and stop: {grade, from, until}. What was
    decided (seriousness, attribution, action, outcome) stands in the review.
    """

    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="adverse_events"
    )
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="adverse_events")
    signature = models.ForeignKey(
        Signature, models.PROTECT, related_name="adverse_events"
    )
    part = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveSmallIntegerField(_("event"))
    version = models.PositiveSmallIntegerField(_("version"))
    term = models.CharField(_("reported term"), max_length=200)
    decoded = models.CharField(_("CTCAE term"), max_length=200, blank=True)
    code = models.CharField(_("MedDRA code"), max_length=16, blank=True)
    ctcae = models.CharField(_("CTCAE version"), max_length=4)
    grade = models.PositiveSmallIntegerField(_("highest grade"), null=True)
    intervals = models.JSONField(default=list)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"), null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "number", "version"],
                name="one_adverse_event_version",
            ),
            models.UniqueConstraint(
                fields=["signature", "part"], name="one_adverse_event_per_part"
            ),
            models.CheckConstraint(
                condition=Q(grade__isnull=True) | Q(grade__range=(1, 5)),
                name="adverse_event_grade_is_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True)
                | Q(ends_at__gte=models.F("starts_at")),
                name="adverse_event_ends_after_it_starts",
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.term}"

    @property
    def name(self):
        """`02-014 AE1`: as the safety database calls it (AESPID)."""
        return f"{self.participant.code} AE{self.number}"


class SafetyReport(AppendOnly):
    """An event was reported: it stops a clock. See ``clocks``.

    ``rank`` is how serious the report says that it is.
    """

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="reports")
    kind = models.CharField(
        max_length=16, choices=[(one.value, WORDS[one]) for one in Kind]
    )
    rank = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(_("sent at"))
    note = models.CharField(_("to whom, and how"), max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "kind", "rank"], name="one_report_stops_a_clock"
            ),
            models.CheckConstraint(
                condition=~Q(note=""), name="safety_report_says_to_whom"
            ),
        ]

    def __str__(self):
        return f"{self.episode_id} {self.kind}"
