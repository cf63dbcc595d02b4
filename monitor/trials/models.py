"""Who is in which trial, at which site, on which dose, and who may do what."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import VOID_KEEPS_WHAT_IT_VOIDS, AppendOnly, Record


class User(AbstractUser):
    """A member of staff. Accounts are personal; the printed name is what signs."""

    printed_name = models.CharField(_("printed name"), max_length=200, blank=True)
    # An account ends with its date, and one that nobody uses is locked until it is
    # opened again: see `door.backend`.
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened again at"), null=True, blank=True)
    # Until its owner changes it, somebody else knows the password: nothing opens.
    password_given_at = models.DateTimeField(null=True, blank=True)

    def get_full_name(self):
        return self.printed_name or super().get_full_name() or self.username

    @property
    def initials(self):
        """Two letters for a chart's margin, as nurses sign: 'A. Reyes' is AR."""
        return initials_of(self.get_full_name())


@lru_cache(maxsize=1024)
def initials_of(name: str) -> str:
    words = [word for word in name.split(",")[0].split() if word[0].isalpha()]
    words = [word for word in words if word.lower().rstrip(".") != "dr"]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


class Trial(models.Model):
    code = models.SlugField(_("code"), max_length=32, unique=True)
    title = models.CharField(_("title"), max_length=200)
    # See `trials.blinding`.
    blinding = models.JSONField(_("blinding"), default=dict, blank=True)

    def __str__(self):
        return self.code


class Site(models.Model):
    trial = models.ForeignKey(Trial, models.PROTECT, related_name="sites")
    code = models.CharField(_("code"), max_length=16)
    name = models.CharField(_("name"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=64)
    emergency_number = models.CharField(max_length=32, blank=True)
    day_start = models.TimeField(_("start of the ward's day"), default="07:00")
    shift_hours = models.PositiveSmallIntegerField(
        _("length of a shift, hours"), default=12
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "code"], name="one_site_per_code"),
            models.CheckConstraint(
                condition=Q(shift_hours__in=(6, 8, 12, 24)),
                name="shifts_fill_the_day",
            ),
        ]

    def __str__(self):
        return f"{self.trial.code} {self.code}"


class ProtocolVersion(models.Model):
    """One validated protocol document. Approved means never changed again."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        APPROVED = "approved", _("approved")

    trial = models.ForeignKey(Trial, models.PROTECT, related_name="protocol_versions")
    number = models.CharField(_("version"), max_length=16)
    status = models.CharField(
        max_length=16, choices=Status.choices, default=Status.DRAFT
    )
    document = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["trial", "number"], name="one_protocol_per_number"
            ),
            models.CheckConstraint(
                condition=Q(
                    status="approved",
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                )
                | Q(status="draft", approved_at__isnull=True, approved_by__isnull=True),
                name="protocol_approved_at_with_by",
            ),
        ]

    #: What the clinical core reads of the document: once for each loaded row.
    parsed: Any = None

    def __str__(self):
        return f"{self.trial.code} protocol {self.number}"


class Cohort(models.Model):
    """A dose level. People who are blinded see only the neutral label."""

    trial = models.ForeignKey(Trial, models.PROTECT, related_name="cohorts")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("dose level"), max_length=80)
    neutral_label = models.CharField(_("neutral label"), max_length=40)
    color = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["trial", "number"], name="one_cohort_per_number"
            )
        ]

    def __str__(self):
        return self.name


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


class Role(models.TextChoices):
    NURSE = "nurse", _("nurse")
    INVESTIGATOR = "investigator", _("investigator")
    COORDINATOR = "coordinator", _("coordinator")
    DATA_MONITOR = "data_monitor", _("data monitor")
    SAFETY_PHYSICIAN = "safety_physician", _("safety physician")
    PHARMACIST = "pharmacist", _("unblinded pharmacist")
    ADMINISTRATOR = "administrator", _("trial administrator")


class Membership(models.Model):
    """What a person is, in which trial, at which site (none = at every site)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships"
    )
    trial = models.ForeignKey(Trial, models.PROTECT, related_name="memberships")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True)
    role = models.CharField(max_length=24, choices=Role.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="membership_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["user", "trial", "site", "role"],
                name="one_membership_per_role_and_site",
            ),
            models.UniqueConstraint(
                fields=["user", "trial", "role"],
                condition=Q(site__isnull=True),
                name="one_membership_per_role_in_trial",
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.role} {self.site or self.trial}"


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


class CtcaeTable(AppendOnly):
    """NCI's table of CTCAE terms, as an operator loaded it. The last one counts."""

    version = models.CharField(_("version"), max_length=4)
    digest = models.CharField(_("SHA-256 of the file"), max_length=64)
    loaded_at = models.DateTimeField(_("loaded at"))
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(version__in=("v5", "v6")), name="ctcae_version_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="ctcae_table_has_reason"
            ),
        ]

    def __str__(self):
        return f"CTCAE {self.version} {self.digest[:12]}"


class CtcaeEntry(AppendOnly):
    """One term of a loaded table. `grades`: five texts, "" for a grade it lacks."""

    table = models.ForeignKey(CtcaeTable, models.PROTECT, related_name="entries")
    term = models.CharField(max_length=200)
    soc = models.CharField(max_length=200, blank=True)
    code = models.CharField(_("MedDRA code"), max_length=16, blank=True)
    grades = models.JSONField()
    definition = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["table", "term"], name="ctcae_term_stands_once"
            )
        ]

    def __str__(self):
        return self.term
