"""The reviewer's word: verdict, attribution, signature; and what is asked."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import VOID_KEEPS_WHAT_IT_VOIDS, AppendOnly, Record
from monitor.bedside.models import Reading
from monitor.episodes.models import Episode, Step
from monitor.trials.models import Cycle, Dose, ProtocolVersion, Site


class Review(Record):
    """A verdict on an episode as it stood at ``step``. A new one supersedes."""

    class Verdict(models.TextChoices):
        AGREE = "agree", _("Agree")
        REGRADE = "regrade", _("Regrade")
        PART_OF = "part_of", _("Part of another event")
        NOT_THIS_EVENT = "not_this_event", _("Not this event")
        NOT_SIGNIFICANT = "not_significant", _("Not clinically significant")

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="reviews")
    step = models.ForeignKey(Step, models.PROTECT, related_name="+")
    verdict = models.CharField(_("decision"), max_length=24, choices=Verdict.choices)
    scale = models.CharField(_("scale"), max_length=16)
    grade = models.PositiveSmallIntegerField(_("grade"), null=True)
    attribution = models.JSONField(default=dict)
    # Suspect -> why it is judged as it is.
    suspect_notes = models.JSONField(_("notes on suspects"), default=dict)
    # The criteria met; of two events, by either.
    serious = models.JSONField(default=list)
    # Of two events: "first", "second" -> its criteria; {}: each meets all of them.
    serious_parts = models.JSONField(_("seriousness of each event"), default=dict)
    action = models.JSONField(default=dict)
    outcome = models.CharField(max_length=40, blank=True)
    # The event that this one is a part of: not counted twice.
    part_of = models.ForeignKey(
        Episode, models.PROTECT, null=True, related_name="parts"
    )
    # From here on it is a second event.
    split_at = models.DateTimeField(_("second event from"), null=True)
    rechallenge = models.CharField(_("rechallenge"), max_length=24, blank=True)
    dlt = models.JSONField(_("dose-limiting"), default=dict)
    # The CTCAE grade of an event that was regraded on another scale, if another.
    ctcae_grade = models.PositiveSmallIntegerField(_("CTCAE grade"), null=True)
    # The CTCAE term that names the event, where its topic is none; "": the topic's own.
    ctcae_term = models.CharField(_("CTCAE term"), max_length=200, blank=True)
    expected = models.CharField(_("expectedness"), max_length=16, blank=True)
    # What came of the search for an infection, of a cytokine release; "": not said.
    work_up = models.CharField(_("infection work-up"), max_length=16, blank=True)
    # Since when the site knows that the event is serious; None: since the decision.
    aware_at = models.DateTimeField(_("aware since"), null=True)
    died_at = models.DateTimeField(_("time of death"), null=True)
    note = models.CharField(_("assessor's note"), max_length=2000, blank=True)
    # What the record was when this was decided: `content.shown_of`.
    shown = models.CharField(max_length=64, blank=True)

    class Meta(Record.Meta):
        # A draft is finished without a reason: see `review.again`.
        constraints = [
            VOID_KEEPS_WHAT_IT_VOIDS,
            models.CheckConstraint(
                condition=Q(verdict="agree") | ~Q(reason=""),
                name="review_that_differs_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(grade__isnull=True) | Q(grade__lte=5),
                name="review_grade_is_at_most_5",
            ),
            models.CheckConstraint(
                condition=Q(verdict="part_of", part_of__isnull=False)
                | (~Q(verdict="part_of") & Q(part_of__isnull=True)),
                name="review_part_names_its_whole",
            ),
            models.CheckConstraint(
                condition=Q(ctcae_grade__isnull=True) | Q(ctcae_grade__range=(1, 5)),
                name="review_ctcae_grade_is_1_to_5",
            ),
        ]

    def __str__(self):
        return f"{self.episode_id} {self.verdict}"


class Signature(AppendOnly):
    """A printed name, a time and a meaning, bound to the digest of what was signed."""

    review = models.OneToOneField(Review, models.PROTECT, related_name="signature")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="signatures"
    )
    printed_name = models.CharField(max_length=200)
    role = models.CharField(max_length=24)
    meaning = models.CharField(max_length=300)
    signed_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    # How it was made: what a later version holds besides undoes no older signature.
    digest_version = models.PositiveSmallIntegerField(default=1)

    def __str__(self):
        return f"{self.printed_name} {self.signed_at:%Y-%m-%d %H:%M}"


class Withdrawal(AppendOnly):
    """A signature that a change to its content has withdrawn, and why."""

    signature = models.OneToOneField(
        Signature, models.PROTECT, related_name="withdrawal"
    )
    at = models.DateTimeField()
    cause = models.CharField(max_length=300)

    def __str__(self):
        return f"{self.signature_id} withdrawn"


class SecondOpinion(AppendOnly):
    """What a second reviewer says of what was signed. It changes nothing of it.

    Printed name, role, time and zone are kept as with a signature.
    """

    signature = models.ForeignKey(Signature, models.PROTECT, related_name="opinions")
    agrees = models.BooleanField(_("agrees"))
    text = models.CharField(_("why"), max_length=500, blank=True)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    printed_name = models.CharField(max_length=200)
    role = models.CharField(max_length=24)
    time_zone = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["signature", "given_by"], name="one_second_opinion_each"
            ),
            models.CheckConstraint(
                condition=Q(agrees=True) | ~Q(text=""),
                name="second_opinion_that_differs_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.signature_id} {self.printed_name}"


class Look(models.Model):
    """When a person last looked at an episode: the dot in the queue."""

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="looks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "user"], name="one_look_each")
        ]

    def __str__(self):
        return f"{self.user_id} at {self.episode_id}"


class Question(AppendOnly):
    """Asked of the site about one value or one episode; its replies say how it stands.

    ``key`` makes a repetition harmless.
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="questions")
    episode = models.ForeignKey(
        Episode, models.PROTECT, null=True, related_name="questions"
    )
    reading = models.ForeignKey(
        Reading, models.PROTECT, null=True, related_name="questions"
    )
    text = models.CharField(_("question"), max_length=500)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(episode__isnull=True) ^ Q(reading__isnull=True),
                name="question_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(text=""), name="question_asks_something"
            ),
        ]

    def __str__(self):
        return f"{self.cycle_id} {self.text}"


class Reply(AppendOnly):
    """What was said to a question, by either side. The last one decides its state.

    ``correction`` is the reading that the answer put in place of the one asked about.
    """

    class Kind(models.TextChoices):
        ANSWER = "answer", _("answer")
        REOPEN = "reopen", _("asked again")
        CLOSE = "close", _("closed")

    question = models.ForeignKey(Question, models.PROTECT, related_name="replies")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.CharField(max_length=500, blank=True)
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    correction = models.OneToOneField(
        Reading, models.PROTECT, null=True, related_name="answers"
    )
    key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="close") | ~Q(text=""),
                name="reply_says_something",
            )
        ]

    def __str__(self):
        return f"{self.question_id} {self.kind}"


class DoseDecision(AppendOnly):
    """What an investigator decided on a dose, with the check as it stood.

    ``check_kept`` holds every criterion with its state, values and ages; ``digest``
    binds the decision to it. The last decision on a dose is the one that stands.
    """

    class Choice(models.TextChoices):
        GIVE = "give", _("Give")
        REDUCE = "give_reduced", _("Give, reduced")
        HOLD = "hold", _("Hold")
        OMIT = "omit", _("Omit")
        DISCONTINUE = "discontinue", _("Discontinue the agent")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="dose_decisions")
    agent = models.CharField(_("agent"), max_length=64)
    number = models.PositiveSmallIntegerField(_("dose number"))
    choice = models.CharField(_("decision"), max_length=16, choices=Choice.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    overrides = models.BooleanField(default=False)
    check_kept = models.JSONField()
    protocol = models.ForeignKey(ProtocolVersion, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    printed_name = models.CharField(max_length=200)
    role = models.CharField(max_length=24)
    time_zone = models.CharField(max_length=64)
    key = models.UUIDField(unique=True)

    class Meta:
        indexes = [models.Index(fields=["cycle", "agent", "number"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(choice="give", overrides=False) | ~Q(reason=""),
                name="dose_decision_has_reason",
            ),
        ]

    def __str__(self):
        return f"{self.cycle_id} {self.agent} {self.number} {self.choice}"


class DoseDeviation(AppendOnly):
    """A dose that was given without a decision, or otherwise than was decided.

    ``check_kept`` is the check at the time of the dose; empty where it failed.
    """

    class Kind(models.TextChoices):
        UNDECIDED = "undecided", _("given without a decision")
        AGAINST = "against", _("given otherwise than was decided")
        LAPSED = "lapsed", _("given when the decision had lapsed")

    dose = models.OneToOneField(Dose, models.PROTECT, related_name="deviation")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    decision = models.ForeignKey(
        DoseDecision, models.PROTECT, null=True, related_name="deviations"
    )
    check_kept = models.JSONField(default=dict)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="undecided", decision__isnull=True)
                | Q(kind__in=("against", "lapsed"), decision__isnull=False),
                name="dose_deviation_names_its_decision",
            ),
        ]

    def __str__(self):
        return f"{self.dose_id} {self.kind}"


class TrailReview(AppendOnly):
    """Somebody looked through what was changed at a site: see `review.trail`."""

    class Question(models.TextChoices):
        AFTER_SIGNATURE = "after_signature", _("after a signature")
        LATE = "late", _("more than 24 hours after it happened")
        BY_OTHERS = "by_others", _("by somebody else than the author")
        REPEATED = "repeated", _("of what had been changed before")

    site = models.ForeignKey(Site, models.PROTECT, related_name="trail_reviews")
    question = models.CharField(max_length=24, choices=Question.choices)
    found = models.PositiveIntegerField(_("changes"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    reviewed_at = models.DateTimeField(_("reviewed at"))
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    printed_name = models.CharField(max_length=200)
    key = models.UUIDField(unique=True)

    def __str__(self):
        return f"{self.site_id} {self.question} {self.reviewed_at:%Y-%m-%d}"
