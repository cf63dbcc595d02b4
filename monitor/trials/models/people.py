"""Who works in a trial: personal accounts, and what each person is where."""

from functools import lru_cache

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitor.trials.models.trial import Site, Trial


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
