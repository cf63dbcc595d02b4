"""The management log: what was given, started, stopped, held, called, moved."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import Record
from monitor.trials.models import Cycle


class Treatment(Record):
    """One line of the log; ``form`` says how ``amount`` is meant.

    A rate runs from ``at`` to ``until`` or to the next row of the same code, and a
    rate of 0 ends it. An amount is given at ``at``. A regimen is on board throughout.
    """

    class Form(models.TextChoices):
        AMOUNT = "amount", _("given once")
        RATE = "rate", _("running at a rate")
        SCHEDULED = "scheduled", _("scheduled regimen")
        ACTION = "action", _("action")

    class Response(models.TextChoices):
        YES = "yes", _("responded")
        PARTLY = "partly", _("partly")
        NO = "no", _("did not respond")
        NOT_ASSESSED = "not_assessed", _("not yet known")

    class Order(models.TextChoices):
        WRITTEN = "written", _("written")
        READ_BACK = "read_back", _("verbal, read back")
        VERBAL = "verbal", _("verbal, not read back")

    class Fluid(models.TextChoices):
        SALINE = "saline", _("saline 0.9 %")
        BALANCED = "balanced", _("balanced crystalloid")
        GLUCOSE = "glucose", _("glucose")
        COLLOID = "colloid", _("colloid")
        OTHER = "other", _("other, see the note")

    class ReadFrom(models.TextChoices):
        PUMP = "pump", _("pump")
        CHART = "chart", _("medication chart")
        MEMORY = "memory", _("memory")

    class Deviation(models.TextChoices):
        NO = "no", _("no")
        YES = "yes", _("yes, see the note")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="treatments")
    code = models.CharField(_("agent or action"), max_length=40)
    form = models.CharField(max_length=16, choices=Form.choices)
    amount = models.FloatField(_("amount or rate"), null=True)
    unit = models.CharField(_("unit"), max_length=24, blank=True)
    # kg, of a dose per kg: what the pump was set with, or the dose was made for.
    weight = models.FloatField(_("weight used"), null=True)
    at = models.DateTimeField(_("at"))
    until = models.DateTimeField(_("until"), null=True)
    route = models.CharField(_("route"), max_length=40, blank=True)
    as_needed = models.BooleanField(_("as needed"), default=True)
    indication = models.CharField(_("for"), max_length=200, blank=True)
    ordered_by = models.CharField(_("ordered by"), max_length=120, blank=True)
    given_by = models.CharField(_("given by"), max_length=120, blank=True)
    order = models.CharField(
        _("order"), max_length=12, choices=Order.choices, blank=True
    )
    countersigned_at = models.DateTimeField(_("countersigned at"), null=True)
    # Of a call: who was called, at ``at``, and when they answered and came.
    called = models.CharField(_("person called"), max_length=120, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    arrived_at = models.DateTimeField(_("arrived at"), null=True)
    # Of a fluid: which. Of an action on the study drug: which agent, as the protocol
    # calls it.
    fluid = models.CharField(
        _("fluid"), max_length=12, choices=Fluid.choices, blank=True
    )
    agent = models.CharField(_("study agent"), max_length=64, blank=True)
    target = models.CharField(_("target set"), max_length=80, blank=True)
    source = models.CharField(_("protocol or label line"), max_length=200, blank=True)
    read_from = models.CharField(
        _("written down from"), max_length=12, choices=ReadFrom.choices, blank=True
    )
    # Whether it departs from the protocol; empty: nobody has said.
    deviation = models.CharField(
        _("protocol deviation"), max_length=4, choices=Deviation.choices, blank=True
    )
    response = models.CharField(
        max_length=16, choices=Response.choices, default=Response.NOT_ASSESSED
    )
    note = models.CharField(_("note"), max_length=1000, blank=True)
    # What was asked about the line when it was kept: a limit that it passes.
    check_reason = models.CharField(max_length=400, blank=True)
    key = models.UUIDField(_("idempotency key"), unique=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["cycle", "at"])]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("at")),
                name="treatment_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | ~Q(unit=""),
                name="treatment_amount_has_unit",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="treatment_amount_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gt=0),
                name="treatment_weight_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("at")),
                name="call_is_answered_after_it",
            ),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=True) | Q(arrived_at__gte=F("at")),
                name="call_is_followed_after_it",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.at:%Y-%m-%d %H:%M}"
