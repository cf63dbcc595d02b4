"""What holds at a site for everybody: its laboratories' limits, its units.

A table of models beside models.py, which holds what was seen of a participant.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from monitor.audit.models import Record
from monitor.trials.models import Participant, Site


class LaboratoryRange(Record):
    """One laboratory's limits of one item from a time on, in the item's own unit.

    `sex` blank: of everybody; `age_from` and `age_to` in whole years, both included,
    None: without an end on that side. A set that names the laboratory takes them over
    into the participant's record (`ReferenceRange`): a newer table never grades a past
    value.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="laboratory_ranges")
    laboratory = models.CharField(lazy("laboratory"), max_length=80)
    item = models.CharField(max_length=40)
    sex = models.CharField(
        max_length=1,
        blank=True,
        choices=[
            (Participant.Sex.FEMALE, lazy("women")),
            (Participant.Sex.MALE, lazy("men")),
        ],
    )
    age_from = models.PositiveSmallIntegerField(lazy("from age"), null=True)
    age_to = models.PositiveSmallIntegerField(lazy("to age"), null=True)
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
            models.CheckConstraint(
                condition=Q(age_from__isnull=True)
                | Q(age_to__isnull=True)
                | Q(age_to__gte=F("age_from")),
                name="laboratory_ages_are_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.laboratory} {self.item} {self.typed}"

    @property
    def whose(self) -> str:
        """`women, 18 to 64 years`; "" where the limits are for everybody."""
        return ", ".join(filter(None, (self.get_sex_display(), self.ages)))

    @property
    def ages(self) -> str:
        ends = {"low": self.age_from, "high": self.age_to}
        if self.age_from is None and self.age_to is None:
            return ""
        if self.age_to is None:
            return _("from %(low)d years") % ends
        if self.age_from is None:
            return _("to %(high)d years") % ends
        return _("%(low)d to %(high)d years") % ends


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
