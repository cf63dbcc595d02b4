"""Who did what, when and why: rows that are written once and never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AppendOnlyError(RuntimeError):
    """A row that is written once was about to be changed or deleted."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed.")

    def delete(self):
        raise AppendOnlyError(f"{self.model.__name__} rows are never deleted.")

    def bulk_update(self, objs, fields, batch_size=None):
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed.")


class AppendOnly(models.Model):
    """A table whose rows stay as they were written.

    Python refuses here so that a mistake is seen in a test; the triggers of
    ``audit.triggers`` refuse in the database, where nothing goes round them.
    """

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} rows are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError(f"{type(self).__name__} rows are never deleted.")


class RecordQuerySet(AppendOnlyQuerySet):
    def current(self):
        """Rows that stand: not superseded by a correction and not voided."""
        return self.filter(superseded_by__isnull=True, voided=False)


CORRECTION_HAS_REASON = models.CheckConstraint(
    condition=Q(supersedes__isnull=True) | ~Q(reason=""),
    name="%(class)s_correction_has_reason",
    violation_error_message=_("Say why this is corrected."),
)
VOID_KEEPS_WHAT_IT_VOIDS = models.CheckConstraint(
    condition=Q(voided=False) | Q(supersedes__isnull=False),
    name="%(class)s_void_keeps_what_it_voids",
)


class Record(AppendOnly):
    """A fact that a person recorded. A correction is a new row that supersedes."""

    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    voided = models.BooleanField(_("entered in error"), default=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [CORRECTION_HAS_REASON, VOID_KEEPS_WHAT_IT_VOIDS]


class Event(AppendOnly):
    """One line of the audit trail. It stands alone: no foreign key leaves it.

    ``previous`` and ``digest`` chain the rows: see ``audit.chain``.
    """

    sequence = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    time_zone = models.CharField(max_length=64, default="UTC")
    actor = models.CharField(max_length=150)
    actor_name = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64, blank=True)
    site = models.CharField(max_length=32, blank=True)
    participant = models.CharField(max_length=32, blank=True)
    changes = models.JSONField(default=list)
    reason = models.CharField(max_length=500, blank=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["sequence"]
        indexes = [models.Index(fields=["participant", "sequence"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(actor=""), name="event_actor_is_never_anonymous"
            )
        ]

    def __str__(self):
        return f"{self.sequence} {self.actor} {self.action} {self.object_type}"


class ChainHead(models.Model):
    """The last link of the chain: one row, locked while an event is added."""

    singleton = models.BooleanField(primary_key=True, default=True)
    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(singleton=True), name="one_chain_head")
        ]

    def __str__(self):
        return f"{self.sequence} {self.digest[:12]}"
