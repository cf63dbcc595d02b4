"""What an emergency unblinding did to the trial, as a person wrote it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import AppendOnly
from monitor.trials.models import Unblinding


class UnblindingImpact(AppendOnly):
    """Who learned what, and which data are no longer blind. The last one counts.

    It may say the dose level: only who sees that reads it, here and in the trail.
    """

    unblinding = models.ForeignKey(
        Unblinding, models.PROTECT, related_name="assessments"
    )
    text = models.CharField(_("impact"), max_length=500)
    assessed_at = models.DateTimeField(_("assessed at"))
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    printed_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="unblinding_impact_is_said"
            )
        ]

    def __str__(self):
        return f"impact of unblinding {self.unblinding_id}"
