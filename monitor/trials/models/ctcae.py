"""NCI's table of CTCAE terms, as an operator loads it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import AppendOnly


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
