"""Who has a duty when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import VOID_KEEPS_WHAT_IT_VOIDS, Record
from monitor.trials.models import Site

PERSON = settings.AUTH_USER_MODEL


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
