"""A participant by code, with cycles and doses; and who looked behind the label."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import VOID_KEEPS_WHAT_IT_VOIDS, AppendOnly, Record
from monitor.trials.models.trial import Cohort, ProtocolVersion, Site


class Participant(models.Model):
    """A trial code, never a name. Identity is kept elsewhere, if at all."""

    class Sex(models.TextChoices):
        FEMALE = "F", _("female")
        MALE = "M", _("male")
        UNKNOWN = "U", _("unknown")

    site = models.ForeignKey(Site, models.PROTECT, related_name="participants")
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="participants")
    code = models.CharField(_("participant code"), max_length=32, unique=True)
    sex = models.CharField(max_length=1, choices=Sex.choices, default=Sex.UNKNOWN)
    age = models.PositiveSmallIntegerField(_("age at consent"), null=True)
    bed = models.CharField(_("bed"), max_length=16, blank=True)
    enrolled_at = models.DateTimeField()
    off_study_at = models.DateTimeField(null=True)
    # The time of a death that an investigator has signed: see `follow_death`.
    died_at = models.DateTimeField(null=True)

    def __str__(self):
        return self.code

    @property
    def trial(self):
        return self.site.trial


class Cycle(models.Model):
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="cycles")
    number = models.PositiveSmallIntegerField(_("cycle"))
    protocol = models.ForeignKey(ProtocolVersion, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    #: Whether an earlier cycle's episode goes on, and whether there is a later cycle:
    #: known of a cycle that is locked for a save.
    goes_on = (False, False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "number"], name="one_cycle_per_number"
            )
        ]

    def __str__(self):
        return f"{self.participant.code} C{self.number}"


class Dose(Record):
    """A planned dose and what became of it; the row that supersedes is in force."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        GIVEN = "given", _("given")
        REDUCED = "reduced", _("given, reduced")
        HELD = "held", _("held")
        OMITTED = "omitted", _("omitted")

    GIVEN_STATES = (Status.GIVEN, Status.REDUCED)

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="doses")
    agent = models.CharField(_("agent"), max_length=64)
    number = models.PositiveSmallIntegerField(_("dose number"))
    status = models.CharField(
        max_length=16, choices=Status.choices, default=Status.PLANNED
    )
    planned_at = models.DateTimeField(_("planned at"))
    given_at = models.DateTimeField(_("given at"), null=True)
    until = models.DateTimeField(_("end of infusion"), null=True)
    amount = models.FloatField(_("amount"), null=True)
    unit = models.CharField(_("unit"), max_length=24, blank=True)
    route = models.CharField(_("route"), max_length=40, blank=True)
    body_site = models.CharField(_("site of injection"), max_length=80, blank=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["cycle", "agent", "number"])]
        # Giving a planned dose supersedes the plan without being a correction.
        constraints = [
            VOID_KEEPS_WHAT_IT_VOIDS,
            models.CheckConstraint(
                condition=(
                    Q(status__in=("given", "reduced"), given_at__isnull=False)
                    | Q(
                        status__in=("planned", "held", "omitted"),
                        given_at__isnull=True,
                    )
                ),
                name="dose_given_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("held", "omitted", "reduced")) | ~Q(reason=""),
                name="dose_not_given_as_planned_has_reason",
            ),
            models.UniqueConstraint(
                fields=["cycle", "agent", "number"],
                condition=Q(supersedes__isnull=True),
                name="one_plan_per_dose",
            ),
        ]

    def __str__(self):
        return f"{self.cycle} {self.agent} {self.number} {self.status}"


class Unblinding(AppendOnly):
    """Somebody looked behind the neutral label in an emergency: for good."""

    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="unblindings"
    )
    unblinded_at = models.DateTimeField(_("unblinded at"))
    unblinded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    printed_name = models.CharField(max_length=200)
    reason = models.CharField(_("reason"), max_length=500)
    key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="unblinding_has_reason"
            ),
            models.UniqueConstraint(
                fields=["participant", "unblinded_by"], name="unblinded_once_by_one"
            ),
        ]

    def __str__(self):
        return f"{self.participant_id} by {self.unblinded_by_id}"
