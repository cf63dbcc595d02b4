"""What was decided: on each episode, and of events that are none, found again.

A constant number of queries, however many there are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from monitor.episodes.models import Episode
from monitor.episodes.queries import episodes_for
from monitor.episodes.wording import label_of
from monitor.review import choices
from monitor.review.models import Review
from monitor.review.queries import review_row, standing_reviews
from monitor.review.shapes import ReviewRow
from monitor.trials.models import Participant, User

Verdict = Review.Verdict
OTHERWISE = (Verdict.NOT_THIS_EVENT, Verdict.NOT_SIGNIFICANT, Verdict.PART_OF)
#: So many are shown at once; who looks for older ones names what they look for.
SHOWN = 100


@dataclass(frozen=True)
class DecidedRow:
    """One decision that stands. `signed`: somebody stands by it."""

    review: Review
    label: str
    signed: bool
    by: str

    @property
    def episode(self) -> Episode:
        return self.review.episode

    @property
    def participant(self) -> Participant:
        return self.review.episode.cycle.participant


def decided(
    user: User, q: str = "", verdict: str = "", site: str = ""
) -> list[DecidedRow]:
    """The standing decisions that an event is none, newest first.

    `q` is looked for in the reason, the notes, the participant's code, who decided, and
    the causes that were named.
    """
    wanted = [verdict] if verdict in OTHERWISE else OTHERWISE
    within = episodes_for(user).order_by().values("pk")
    rows = Review.objects.current().filter(verdict__in=wanted, episode__in=within)
    if site:
        rows = rows.filter(episode__cycle__participant__site__code=site)
    found = matching(rows, q).select_related(
        "recorded_by",
        "signature__withdrawal",
        "episode__cycle__participant__site__trial",
        "episode__cycle__protocol",
    )
    return [_row(one) for one in found.order_by("-recorded_at", "-pk")[:SHOWN]]


def matching(rows: QuerySet[Review], q: str) -> QuerySet[Review]:
    """Every word of `q` stands somewhere in it."""
    for word in q.split():
        causes = Q()
        for code, label in choices.OTHER_SUSPECTS.items():
            if word.casefold() in str(label).casefold():
                causes |= Q(**{f"attribution__{code}__in": choices.RELATED})
        rows = rows.filter(
            Q(reason__icontains=word)
            | Q(note__icontains=word)
            | Q(episode__cycle__participant__code__icontains=word)
            | Q(recorded_by__printed_name__icontains=word)
            | causes
        )
    return rows


def _row(review: Review) -> DecidedRow:
    signature = getattr(review, "signature", None)
    return DecidedRow(
        review=review,
        label=label_of(review.episode.family, review.episode.topic),
        signed=signature is not None and not hasattr(signature, "withdrawal"),
        by=review.recorded_by.get_full_name(),
    )


def decisions_on(ids: Collection[int]) -> dict[int, ReviewRow]:
    """Episode id -> the decision that stands on it; none where nobody has decided."""
    found = standing_reviews(ids) if ids else {}
    return {pk: review_row(review, None) for pk, review in found.items()}
