"""A trial with its sites, its protocol in versions and its dose levels."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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
