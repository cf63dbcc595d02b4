"""How much waits for a decision: the number that stands on every page.

The queue makes rows and sections; this asks the database the same question for the
episodes alone, in one query.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from monitor.episodes.models import Step
from monitor.episodes.queries import standing_steps
from monitor.episodes.shapes import RANK
from monitor.episodes.standing import UNSUPPORTED
from monitor.review import asked, referrals
from monitor.review.models import Review, SecondOpinion
from monitor.trials.models import User
from monitor.trials.queries import participants_for


def waiting(user: User) -> tuple[dict[int, str], dict[int, str]]:
    """The episodes by which nobody stands now (a state of `states.OPEN`), with their

    level: those that wait for this person, and those that wait on somebody else, who
    was asked to decide, or has a question to answer.
    """
    people = participants_for(user).order_by().values("pk")
    spoken = last_steps().filter(episode__cycle__participant__in=people)
    same = Exists(signed().filter(step=OuterRef("pk")))
    no_higher = Exists(signed().filter(**NO_HIGHER)) & ~Q(state__has_key=UNSUPPORTED)
    others = referrals.standing().filter(episode=OuterRef("episode"))
    asked_of = asked.open_about_episodes().filter(episode=OuterRef("episode"))
    elsewhere = ExpressionWrapper(
        Exists(others.exclude(to=user.pk)) | Exists(asked_of), BooleanField()
    )
    found = spoken.filter(~(same | no_higher)).annotate(elsewhere=elsewhere)
    own: dict[int, str] = {}
    theirs: dict[int, str] = {}
    for episode, level, at_others in found.values_list("episode", "level", "elsewhere"):
        (theirs if at_others else own)[episode] = level
    return own, theirs


def in_sight(user: User, since: datetime) -> QuerySet[Step]:
    """Episodes (`episode`) that the queue may show: all but what is over and done.

    That is: closed, signed before `since`, not gone on, not serious, and no second
    reviewer disagrees. One condition of the query that looks for the rows, however
    many were done before.
    """
    people = participants_for(user).order_by().values("pk")
    spoken = last_steps().filter(episode__cycle__participant__in=people)
    old = signed().filter(~disputed(), signature__signed_at__lt=since, serious=[])
    same = Exists(old.filter(step=OuterRef("pk")))
    no_higher = Exists(old.filter(**NO_HIGHER)) & ~Q(state__has_key=UNSUPPORTED)
    return spoken.filter(~(Q(closed=True) & (same | no_higher))).values("episode")


def last_steps() -> QuerySet[Step]:
    """The standing step that speaks for each episode: the last of it."""
    later = standing_steps().filter(
        Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")),
        episode=OuterRef("episode"),
    )
    return standing_steps().filter(~Exists(later)).annotate(**height_of(""))


def signed() -> QuerySet[Review]:
    """The decision that stands of an episode, where its signature does."""
    rows = Review.objects.current().filter(
        episode=OuterRef("episode"),
        signature__isnull=False,
        signature__withdrawal__isnull=True,
    )
    return rows.annotate(**height_of("step__"))


def disputed() -> Exists:
    """A condition on decisions: a second reviewer disagrees with what was signed."""
    said = SecondOpinion.objects.filter(signature__review=OuterRef("pk"))
    return Exists(said.filter(agrees=False))


def height_of(step: str) -> dict[str, Any]:
    """How high a step stands: its level, its highest grade, whether it is closed."""
    ranks = [When(**{f"{step}level": one, "then": Value(n)}) for one, n in RANK.items()]
    return {
        "height": Case(*ranks, default=Value(-1), output_field=IntegerField()),
        "top": Coalesce(f"{step}max_grade", Value(0)),
        "shut": F(f"{step}closed"),
    }


#: The episode has not gone on since it was reviewed (`line.went_on`).
NO_HIGHER = {f"{one}__gte": OuterRef(one) for one in ("height", "top", "shut")}
