"""The adverse event records as lists show them: a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from monitor.episodes.models import Episode
from monitor.review import choices
from monitor.review.adverse import CONFIRMING
from monitor.review.clocks import INTEREST, Clock
from monitor.review.events import AdverseEvent
from monitor.review.models import Review, Signature
from monitor.review.reporting import clocks_of
from monitor.review.toxicity import Interval
from monitor.trials.models import Participant, User
from monitor.trials.queries import participants_for

FIRST = 1
LOADED = (
    "participant__site__trial",
    "episode__cycle__protocol",
    "episode__cycle__participant__site",
    "signature__withdrawal",
    "signature__review",
)


@dataclass(frozen=True)
class AdverseRow:
    """The last version of one event. `stands`: its signature does, and nobody has

    decided otherwise since; `state` says why not.
    """

    event: AdverseEvent
    review: Review
    signature: Signature
    intervals: list[Interval]
    stands: bool
    state: str
    running: list[Clock]

    @property
    def participant(self) -> Participant:
        return self.event.participant

    @property
    def clocks(self) -> list[Clock]:
        """Of its episode; of two events, what is not serious has none of the other."""
        if not self.review.serious_parts or self.criteria:
            return self.running
        return [one for one in self.running if one.rank == INTEREST]

    @property
    def outcome(self) -> str:
        """What the first of two events came to: it was over when the second began."""
        split = self.review.split_at is not None and self.event.part == FIRST
        return choices.RECOVERED[0] if split else self.review.outcome

    @property
    def criteria(self) -> list[str]:
        """The criteria that this event meets: of two, its own."""
        part = choices.FIRST if self.event.part == FIRST else choices.SECOND
        parts = self.review.serious_parts
        return parts.get(part, []) if parts else self.review.serious

    @property
    def serious(self) -> list[str]:
        return [str(choices.SERIOUS[code]) for code in self.criteria]

    @property
    def expected(self) -> str:
        """Asked of what is serious alone."""
        return self.review.expected if self.criteria else ""


def newest() -> QuerySet[AdverseEvent]:
    """The last version of each event."""
    later = AdverseEvent.objects.filter(
        participant=OuterRef("participant"),
        number=OuterRef("number"),
        version__gt=OuterRef("version"),
    )
    return AdverseEvent.objects.filter(~Exists(later)).select_related(*LOADED)


def rows_for(user: User, code: str = "", site: str = "") -> list[AdverseRow]:
    """Of all whom the person may read, of one participant, or of one site."""
    people = participants_for(user).order_by()
    if code:
        people = people.filter(code=code)
    if site:
        people = people.filter(site__code=site)
    return rows_of(newest().filter(participant__in=people.values("pk")))


def rows_of(events: QuerySet[AdverseEvent]) -> list[AdverseRow]:
    found = list(events.order_by("participant__code", "number"))
    standing = standing_reviews(found)
    running = clocks_of([one.episode for one in found])
    return [
        _row(one, standing[one.episode_id], running.get(one.episode_id, []))
        for one in found
    ]


def standing_reviews(events: Iterable[AdverseEvent]) -> dict[int, Review]:
    """Episode id -> the decision that stands, signed or not."""
    own = Review.objects.current().filter(episode__in=[e.episode_id for e in events])
    return {row.episode_id: row for row in own.select_related("signature")}


def of_episode(episode: Episode) -> list[AdverseRow]:
    """The records of one episode: none before a signature, two of one that is split."""
    return rows_of(newest().filter(episode=episode))


def _row(event: AdverseEvent, standing: Review, running: list[Clock]) -> AdverseRow:
    signature = event.signature
    state = state_of(signature, standing)
    return AdverseRow(
        event=event,
        review=signature.review,
        signature=signature,
        intervals=[Interval.of(one) for one in event.intervals],
        stands=not state,
        state=state or _("signed"),
        running=running,
    )


def state_of(signature: Signature, standing: Review) -> str:
    """Why a record does not stand; "" where it does."""
    if standing.pk == signature.review_id:
        withdrawn = hasattr(signature, "withdrawal")
        return _("signature withdrawn") if withdrawn else ""
    if not hasattr(standing, "signature") or standing.verdict in CONFIRMING:
        return _("being decided again")
    return str(standing.get_verdict_display()).lower()
