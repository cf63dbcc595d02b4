"""What was seen at the bedside: sets, their readings, and states that last."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import Record
from monitor.trials.models import Cycle


class Observation(Record):
    """A set of readings taken at one time. ``key`` makes a second send harmless."""

    class Source(models.TextChoices):
        BEDSIDE = "bedside", _("at the bedside")
        REPORTED = "reported", _("reported by telephone")
        LABORATORY = "laboratory", _("laboratory")
        IMPORT = "import", _("loaded from a file")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="observations")
    observed_at = models.DateTimeField(_("observed at"))
    source = models.CharField(
        max_length=16, choices=Source.choices, default=Source.BEDSIDE
    )
    panel = models.CharField(max_length=24, default="set")
    laboratory = models.CharField(_("laboratory"), max_length=80, blank=True)
    reported_at = models.DateTimeField(_("reported at"), null=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    key = models.UUIDField(_("idempotency key"), unique=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["cycle", "observed_at"])]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(reported_at__isnull=True)
                | Q(reported_at__gte=F("observed_at")),
                name="observation_is_reported_after_it",
            ),
        ]

    def __str__(self):
        return f"{self.cycle} {self.observed_at:%Y-%m-%d %H:%M}"


class Reading(Record):
    """One value of one item: as typed, and as the rules compare it.

    ``number`` is in ``unit``, the item's canonical UCUM unit, rounded once to six
    decimals. Missing, not done, unrecordable and zero are four different rows.
    """

    class State(models.TextChoices):
        VALUE = "value", _("value")
        NOT_DONE = "not_done", _("not done")
        UNRECORDABLE = "unrecordable", _("tried, unrecordable")

    class Check(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        QUESTIONED = "questioned", _("questioned by a soft check")
        HELD = "held", _("held until confirmed")
        CONFIRMED = "confirmed", _("confirmed by a person")

    observation = models.ForeignKey(
        Observation, models.PROTECT, related_name="readings"
    )
    item = models.CharField(_("item"), max_length=40)
    state = models.CharField(max_length=16, choices=State.choices, default=State.VALUE)
    number = models.FloatField(null=True)
    choice = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=24, blank=True)
    typed = models.CharField(_("as typed"), max_length=64, blank=True)
    typed_unit = models.CharField(max_length=24, blank=True)
    until = models.DateTimeField(_("end of the period"), null=True)
    began_at = models.DateTimeField(_("onset of the symptom"), null=True)
    not_done_reason = models.CharField(max_length=40, blank=True)
    check_state = models.CharField(
        max_length=16, choices=Check.choices, default=Check.ACCEPTED
    )
    check_reason = models.CharField(max_length=200, blank=True)
    # Under which CTCAE a person graded a symptom; empty for everything else.
    ctcae = models.CharField(_("CTCAE version"), max_length=4, blank=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ctcae="") | Q(ctcae__in=("v5", "v6"), number__isnull=False),
                name="ctcae_version_is_of_a_grade",
            ),
            models.CheckConstraint(
                condition=Q(state="value", number__isnull=False, choice="")
                | (Q(state="value", number__isnull=True) & ~Q(choice=""))
                | Q(state="unrecordable", number__isnull=True, choice="")
                | Q(state="not_done", number__isnull=True, choice=""),
                name="reading_has_one_value_or_says_why_not",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_done") | ~Q(not_done_reason=""),
                name="reading_not_done_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(began_at__isnull=True) | Q(state="value", number__gt=0),
                name="onset_is_of_a_symptom_that_is_there",
            ),
            models.UniqueConstraint(
                fields=["observation", "item"],
                condition=Q(supersedes__isnull=True),
                name="one_first_reading_per_item",
            ),
        ]

    def __str__(self):
        return f"{self.item} {self.typed or self.state}"


class HiddenReading(Record):
    """A value that would tell a blinded person the dose level (see trials.blinding).

    It has a table of its own, so that no page, count, order, notice or file that is
    made of readings can hold it. ``number`` is in ``unit``, as in Reading.
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="hidden_readings")
    observed_at = models.DateTimeField(_("collected at"))
    item = models.CharField(_("item"), max_length=40)
    number = models.FloatField()
    unit = models.CharField(max_length=24)
    typed = models.CharField(_("as typed"), max_length=64)
    typed_unit = models.CharField(max_length=24, blank=True)
    key = models.UUIDField(unique=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["cycle", "observed_at"])]

    def __str__(self):
        return f"{self.item} {self.typed}"


class Settlement(Record):
    """Two sets of one slot, by two people, were compared: a person said which counts.

    What does not count was struck out with the same reason.
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="settlements")
    first = models.ForeignKey(Observation, models.PROTECT, related_name="+")
    second = models.ForeignKey(Observation, models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=Q(supersedes__isnull=True),
                name="two_sets_are_settled_once",
            ),
            models.CheckConstraint(
                condition=~Q(first=F("second")), name="settled_sets_are_two"
            ),
        ]

    def __str__(self):
        return f"{self.first_id} {self.second_id}"


class ReferenceRange(Record):
    """The laboratory's limits for one item, in the item's canonical unit.

    `laboratory`: taken over from its table. Blank: stated for this participant.
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="ranges")
    item = models.CharField(max_length=40)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    typed = models.CharField(max_length=64)
    typed_unit = models.CharField(max_length=24, blank=True)
    laboratory = models.CharField(_("laboratory"), max_length=80, blank=True)
    since = models.DateTimeField()
    key = models.UUIDField(unique=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(low__isnull=True)
                | Q(high__isnull=True)
                | Q(high__gte=F("low")),
                name="range_low_is_not_over_high",
            ),
        ]

    def __str__(self):
        return f"{self.item} {self.typed}"


class Fact(Record):
    """A state that lasts (presence, usual oxygen) or a decision a person made."""

    class Kind(models.TextChoices):
        FACT = "fact", _("fact")
        DECISION = "decision", _("decision")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.FACT)
    code = models.CharField(max_length=40)
    value = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=24, blank=True)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    key = models.UUIDField(unique=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["cycle", "at"])]

    def __str__(self):
        return f"{self.code} {self.value}"


class Arrangement(Record):
    """What was agreed about coming observations, said at ``at``, over at ``until``.

    A contact is planned for ``until``; a pause of monitoring ends then; a set that was
    not taken is asked for again then. ``why``: how a contact is made, or why not.
    """

    class Kind(models.TextChoices):
        CONTACT = "contact", _("contact planned")
        NOT_TAKEN = "not_taken", _("set not taken")
        PAUSE = "pause", _("monitoring paused")

    class Why(models.TextChoices):
        TELEPHONE = "telephone", _("telephone")
        VISIT = "visit", _("visit")
        REFUSED = "refused", _("refused")
        AWAY = "away", _("away from the ward")
        ASLEEP = "asleep", _("asleep, not woken")
        NOT_REACHED = "not_reached", _("not reached by telephone")
        PROCEDURE = "procedure", _("procedure or examination")
        COMFORT = "comfort", _("comfort care")
        OTHER = "other", _("other, see the note")

    REASONS = {
        Kind.CONTACT: (Why.TELEPHONE, Why.VISIT),
        Kind.NOT_TAKEN: (Why.REFUSED, Why.AWAY, Why.ASLEEP, Why.NOT_REACHED, Why.OTHER),
        Kind.PAUSE: (Why.PROCEDURE, Why.COMFORT, Why.OTHER),
    }

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="arrangements")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    why = models.CharField(max_length=16, choices=Why.choices)
    at = models.DateTimeField(_("at"))
    until = models.DateTimeField(_("until"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    key = models.UUIDField(unique=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["cycle", "until"])]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(until__gte=F("at")),
                name="arrangement_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(why="other") | ~Q(note=""),
                name="arrangement_other_says_what",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.until:%Y-%m-%d %H:%M}"


class Assignment(Record):
    """The nurse who is responsible for a participant, for one shift."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="assignments")
    nurse = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments"
    )
    at = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    key = models.UUIDField(unique=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["nurse", "until"])]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(until__gt=F("at")),
                name="assignment_ends_after_it_starts",
            ),
        ]

    def __str__(self):
        return f"{self.nurse} {self.at:%Y-%m-%d %H:%M}"
