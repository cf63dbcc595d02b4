"""How much waits for a decision: the number that stands on every page.

The queue makes rows and sections; this asks the database the same question for the
episodes alone, in one query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
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
    Subquery,
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
from monitor.review.seconds import asked_of_decision
from monitor.trials.models import User
from monitor.trials.queries import participants_for


@dataclass(frozen=True)
class Waiting:
    """Episode id -> its level: what waits for this person, and what on somebody else,

    who was asked to decide, has a question to answer, or signed what is `disputed`.
    Of what is `asked`, the person is to give a second opinion.
    """

    own: dict[int, str] = field(default_factory=dict)
    theirs: dict[int, str] = field(default_factory=dict)
    disputed: set[int] = field(default_factory=set)
    asked: set[int] = field(default_factory=set)


def waiting(user: User) -> Waiting:
    """The episodes by which nobody stands now (a state of `states.OPEN`), with whose

    signature a second reviewer disagrees, or on which this person is asked as one.
    """
    people = participants_for(user).order_by().values("pk")
    spoken = last_steps().filter(episode__cycle__participant__in=people)
    agreed = signed().filter(~disputed(), ~asked_of_decision(user))
    others = referrals.standing().filter(episode=OuterRef("episode"))
    asked_of = asked.open_about_episodes().filter(episode=OuterRef("episode"))
    elsewhere = Exists(others.exclude(to=user.pk)) | Exists(asked_of)
    found = spoken.filter(~stands(agreed)).annotate(
        elsewhere=ExpressionWrapper(elsewhere, BooleanField()),
        decision=Subquery(signed().filter(AS_HIGH).values("pk")[:1]),
    )
    rows = list(found.values_list("episode", "level", "elsewhere", "decision"))
    decisions = [decision for *_told, decision in rows if decision]
    by, mine = signers(decisions), asked_about(decisions, user)
    made = Waiting()
    for episode, level, at_others, decision in rows:
        is_asked = decision in mine
        at_others = at_others or by.get(decision, user.pk) != user.pk
        own = is_asked or not at_others
        (made.own if own else made.theirs)[episode] = level
        if is_asked:
            made.asked.add(episode)
        elif decision:
            made.disputed.add(episode)
    return made


def signers(decisions: Sequence[int]) -> dict[int | None, int]:
    """Decision -> who signed it."""
    if not decisions:
        return {}
    found = Review.objects.filter(pk__in=decisions)
    return dict(found.values_list("pk", "signature__signed_by"))


def asked_about(decisions: Sequence[int], user: User) -> set[int | None]:
    """Those on which a second opinion of this person is still to come."""
    if not decisions:
        return set()
    found = Review.objects.filter(asked_of_decision(user), pk__in=decisions)
    return set(found.values_list("pk", flat=True))


def stands(decisions: QuerySet[Review]) -> Exists:
    """A condition on last steps: one of these was made of it, or of one as high."""
    return Exists(decisions.filter(AS_HIGH))


def in_sight(user: User, since: datetime) -> QuerySet[Step]:
    """The last step of what the queue may show: all but what is over and done.

    That is: closed, signed before `since`, not gone on, not serious, no second reviewer
    disagrees, and none is asked. One condition of the query that looks for the rows,
    however many were done before.
    """
    people = participants_for(user).order_by().values("pk")
    spoken = last_steps().filter(episode__cycle__participant__in=people)
    agreed = signed().filter(~disputed(), ~asked_of_decision())
    old = agreed.filter(signature__signed_at__lt=since, serious=[])
    return spoken.filter(~(Q(closed=True) & stands(old)))


def last_steps() -> QuerySet[Step]:
    """The standing step that speaks for each episode: the last of it."""
    later = standing_steps().filter(
        Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")),
        episode=OuterRef("episode"),
    )
    lost = When(state__has_key=UNSUPPORTED, then=Value(ABOVE_ALL))
    return standing_steps().filter(~Exists(later)).annotate(**height_of("", lost))


def signed() -> QuerySet[Review]:
    """The decision that stands of an episode, where its signature does."""
    rows = Review.objects.current().filter(
        episode=OuterRef("episode"),
        signature__isnull=False,
        signature__withdrawal__isnull=True,
    )
    return rows.annotate(**height_of("step__"))


def disputed() -> Q:
    """A condition on decisions: a second reviewer disagrees with what was signed."""
    said = SecondOpinion.objects.filter(agrees=False)
    return Q(pk__in=said.values("signature__review"))


def height_of(step: str, *first: When) -> dict[str, Any]:
    """How high a step stands: its level, its highest grade, whether it is closed.

    `first`: what places it before its level does.
    """
    ranks = [When(**{f"{step}level": one, "then": Value(n)}) for one, n in RANK.items()]
    return {
        "height": Case(*first, *ranks, default=Value(-1), output_field=IntegerField()),
        "top": Coalesce(f"{step}max_grade", Value(0)),
        "shut": F(f"{step}closed"),
    }


#: What lost its ground has gone on, whatever its level: no decision is as high.
ABOVE_ALL = max(RANK.values()) + 1
#: The episode has not gone on since it was reviewed (`line.went_on`).
NO_HIGHER = {f"{one}__gte": OuterRef(one) for one in ("height", "top", "shut")}
AS_HIGH = Q(step=OuterRef("pk")) | Q(**NO_HIGHER)
