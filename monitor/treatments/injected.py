"""Injections beside a dose: each site by itself, for a dose may have several (B7)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import Record
from monitor.trials.models import Cycle


class Injection(Record):
    """One injection of a dose, which ``agent`` and ``number`` name in the cycle."""

    class Side(models.TextChoices):
        LEFT = "left", _("left")
        RIGHT = "right", _("right")
        MIDDLE = "middle", _("middle")

    class Place(models.TextChoices):
        LEVEL_1 = "level_1", _("neck level I")
        LEVEL_2 = "level_2", _("neck level II")
        LEVEL_3 = "level_3", _("neck level III")
        LEVEL_4 = "level_4", _("neck level IV")
        LEVEL_5 = "level_5", _("neck level V")
        LEVEL_6 = "level_6", _("neck level VI")
        TUMOR = "tumor", _("at the tumor")
        OTHER = "other", _("elsewhere, see the note")

    class Guidance(models.TextChoices):
        PALPATION = "palpation", _("by touch")
        ULTRASOUND = "ultrasound", _("ultrasound")
        ENDOSCOPY = "endoscopy", _("endoscopy")
        CT = "ct", _("computed tomography")

    class Anesthesia(models.TextChoices):
        NONE = "none", _("no anesthesia")
        TOPICAL = "topical", _("topical anesthesia")
        LOCAL = "local", _("local anesthesia")
        SEDATION = "sedation", _("sedation")
        GENERAL = "general", _("general")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="injections")
    agent = models.CharField(_("agent"), max_length=64)
    number = models.PositiveSmallIntegerField(_("dose number"))
    at = models.DateTimeField(_("at"))
    side = models.CharField(_("side"), max_length=8, choices=Side.choices)
    place = models.CharField(_("where"), max_length=12, choices=Place.choices)
    volume = models.FloatField(_("volume, mL"), null=True)
    guidance = models.CharField(
        _("guidance"), max_length=12, choices=Guidance.choices, blank=True
    )
    anesthesia = models.CharField(
        _("anesthesia"), max_length=12, choices=Anesthesia.choices, blank=True
    )
    # Where the photo is kept, as its archive calls it: no picture, no name.
    photo = models.CharField(_("photo, its number"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=400, blank=True)
    key = models.UUIDField(_("idempotency key"), unique=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["cycle", "at"])]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(volume__isnull=True) | Q(volume__gt=0),
                name="injection_volume_is_positive",
            ),
            models.CheckConstraint(
                condition=~Q(place="other") | ~Q(note=""),
                name="injection_elsewhere_is_said",
            ),
        ]

    def __str__(self):
        return f"{self.cycle} {self.agent} {self.number} {self.side} {self.place}"
