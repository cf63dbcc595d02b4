"""What holds at a site for everybody: its laboratories' limits, its units.

A table of models beside models.py, which holds what was seen of a participant.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import Record
from monitor.trials.models import Participant, Site


class LaboratoryRange(Record):
    """One laboratory's limits of one item from a time on, in the item's own unit.

    `sex` blank: of everybody. A set that names the laboratory takes them over into the
    participant's record (`ReferenceRange`): a newer table never grades a past value.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="laboratory_ranges")
    laboratory = models.CharField(_("laboratory"), max_length=80)
    item = models.CharField(max_length=40)
    sex = models.CharField(
        max_length=1,
        blank=True,
        choices=[
            (Participant.Sex.FEMALE, _("women")),
            (Participant.Sex.MALE, _("men")),
        ],
    )
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    typed = models.CharField(max_length=64)
    typed_unit = models.CharField(max_length=24, blank=True)
    since = models.DateTimeField()
    key = models.UUIDField(unique=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["site", "laboratory", "item"])]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(laboratory=""), name="laboratory_range_names_it"
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True)
                | Q(high__isnull=True)
                | Q(high__gte=F("low")),
                name="laboratory_low_is_not_over_high",
            ),
        ]

    def __str__(self):
        return f"{self.laboratory} {self.item} {self.typed}"


class SiteUnit(Record):
    """In which unit a site reads an item: what its fields begin with.

    The one chosen last holds.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="units")
    item = models.CharField(max_length=40)
    unit = models.CharField(max_length=24)
    key = models.UUIDField(unique=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["site", "item"])]

    def __str__(self):
        return f"{self.item} {self.unit}"
