"""What a person proves who they are with, and where they are signed in.

These rows change: a code is used up, a session ends. What happened stands in the audit
trail.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SecondFactor(models.Model):
    """A clock in the person's own device (TOTP). `secret` is encrypted: see `sealed`.

    It counts once `confirmed_at` is set. `last_step` is the clock's last step that was
    accepted, so that a code seen over a shoulder is worth nothing.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_factor"
    )
    secret = models.CharField(max_length=255)
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    def __str__(self):
        return f"second factor of {self.user_id}"


class RecoveryCode(models.Model):
    """One way in without the device, once. Only its digest is kept."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"recovery code {self.pk} of {self.factor_id}"


class SignedIn(models.Model):
    """One session of a person on one device, from sign-in to its end."""

    class End(models.TextChoices):
        SIGNED_OUT = "signed_out", _("signed out")
        TIMED_OUT = "timed_out", _("timed out")
        ENDED = "ended", _("ended from another session")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="signed_in"
    )
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    device = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=16, choices=End.choices, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "ended_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="")
                | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="session_end_has_its_time",
            )
        ]

    def __str__(self):
        return f"{self.user_id} since {self.began_at:%Y-%m-%d %H:%M}"


class HospitalLink(models.Model):
    """An account of ours and the one that the same person has at the hospital.

    `subject` is the provider's own name for the person, which never goes to another.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="hospital_link"
    )
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"], name="one_account_per_hospital_account"
            )
        ]

    def __str__(self):
        return f"{self.user_id} at {self.issuer}"
