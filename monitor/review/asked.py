"""Questions: how one stands, and whose turn it is. One table, and its queries.

open       the site has not answered
answered   who asked has not closed it
closed     settled
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from monitor.bedside.models import Reading
from monitor.bedside.queries import nurses_of
from monitor.episodes import wording
from monitor.episodes.models import Episode
from monitor.review.models import Question, Reply
from monitor.trials.models import Cycle, Participant, User
from monitor.trials.queries import participants_for

SETTLED_SHOWN = 30


class State(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


Kind = Reply.Kind
WORDS = {
    State.OPEN: lazy("open"),
    State.ANSWERED: lazy("answered"),
    State.CLOSED: lazy("closed"),
}
#: (state, what is said) -> the state after it; None: it cannot be said there.
MOVES: dict[tuple[State, Kind], State | None] = {
    (State.OPEN, Kind.ANSWER): State.ANSWERED,
    (State.OPEN, Kind.CLOSE): State.CLOSED,
    (State.OPEN, Kind.REOPEN): None,
    (State.ANSWERED, Kind.ANSWER): State.ANSWERED,
    (State.ANSWERED, Kind.CLOSE): State.CLOSED,
    (State.ANSWERED, Kind.REOPEN): State.OPEN,
    (State.CLOSED, Kind.ANSWER): None,
    (State.CLOSED, Kind.CLOSE): None,
    (State.CLOSED, Kind.REOPEN): State.OPEN,
}
#: The last thing said -> how the question stands.
AFTER = {
    None: State.OPEN,
    Kind.ANSWER: State.ANSWERED,
    Kind.REOPEN: State.OPEN,
    Kind.CLOSE: State.CLOSED,
}


@dataclass(frozen=True)
class QuestionRow:
    """A question as the list shows it. `owner`: whose turn it is; "" for nobody's.

    `since`: when it became that person's turn.
    """

    question: Question
    participant: Participant
    about: str
    state: State
    owner: str
    since: datetime
    replies: list[Reply]

    @property
    def site_id(self) -> int:
        return self.participant.site_id

    @property
    def state_word(self) -> str:
        return str(WORDS[self.state])


def state_of(question: Question) -> State:
    """How the question stands now."""
    said = question.replies.order_by("-pk").values_list("kind", flat=True).first()
    return AFTER[Kind(said) if said else None]


def within_reach(user: User) -> QuerySet[Question]:
    """Questions about participants whom the person may read, with their last reply."""
    people = participants_for(user).order_by().values("pk")
    last = Reply.objects.filter(question=OuterRef("pk")).order_by("-pk")
    return Question.objects.filter(cycle__participant__in=people).annotate(
        last_kind=Subquery(last.values("kind")[:1]),
        turn_at=Coalesce(Subquery(last.values("said_at")[:1]), "asked_at"),
    )


def not_settled(user: User) -> QuerySet[Question]:
    """Open and answered ones."""
    unsettled = Q(last_kind__isnull=True) | ~Q(last_kind=Kind.CLOSE)
    return within_reach(user).filter(unsettled)


def open_about_episodes() -> QuerySet[Question]:
    """Questions about an episode that the site has not answered."""
    last = Reply.objects.filter(question=OuterRef("pk")).order_by("-pk")
    about_one = Question.objects.filter(episode__isnull=False)
    asked = about_one.annotate(last_kind=Subquery(last.values("kind")[:1]))
    return asked.filter(Q(last_kind__isnull=True) | Q(last_kind=Kind.REOPEN))


def open_by_episode(ids: Iterable[int]) -> dict[int, Question]:
    """Episode id -> the oldest question about it that nobody has answered."""
    rows = open_about_episodes().filter(episode__in=list(ids)).order_by("-pk")
    return {row.episode_id: row for row in rows.select_related("asked_by")}


def waiting(user: User) -> int:
    """How many are not settled."""
    return not_settled(user).count()


def unsettled_rows(user: User, cycle: Cycle | None = None) -> list[QuestionRow]:
    """Those not settled, of one cycle or of all within reach; longest turn first."""
    if cycle is not None and not cycle.questions.exists():
        return []
    found = not_settled(user)
    if cycle is not None:
        found = found.filter(cycle=cycle)
    return rows_of(found.order_by("turn_at", "pk"))


def settled_rows(user: User) -> list[QuestionRow]:
    """The last ones that were closed."""
    closed = within_reach(user).filter(last_kind=Kind.CLOSE)
    return rows_of(closed.order_by("-turn_at", "-pk")[:SETTLED_SHOWN])


def question_for(user: User, pk: int) -> Question:
    """A question within reach. Raises Http404."""
    found = within_reach(user).filter(pk=pk).select_related(*LOADED).first()
    if found is None:
        raise Http404(_("There is no such question."))
    return found


LOADED = (
    "cycle__participant__site__trial",
    "cycle__protocol",
    "episode",
    "reading__observation",
    "asked_by",
)


def rows_of(questions: QuerySet[Question]) -> list[QuestionRow]:
    every = list(questions.select_related(*LOADED).prefetch_related("replies__said_by"))
    nurses = nurses_of({one.cycle for one in every})
    names = {pk: row.nurse.get_full_name() for pk, row in nurses.items()}
    return [row_of(one, names.get(one.cycle_id, "")) for one in every]


def row_of(question: Question, nurse: str) -> QuestionRow:
    """`nurse`: the name of who is responsible for the participant, if anybody is."""
    replies = sorted(question.replies.all(), key=lambda one: one.pk)
    last = replies[-1] if replies else None
    state = AFTER[Kind(last.kind) if last else None]
    owners = {
        State.OPEN: nurse or _("nurses of the site"),
        State.ANSWERED: question.asked_by.get_full_name(),
        State.CLOSED: "",
    }
    return QuestionRow(
        question=question,
        participant=question.cycle.participant,
        about=about(question),
        state=state,
        owner=owners[state],
        since=last.said_at if last else question.asked_at,
        replies=replies,
    )


def about(question: Question) -> str:
    """What is asked about, by its name: `Temperature`, `CRS`."""
    if question.reading is not None:
        return wording.item_label(question.reading.item)
    episode = question.episode
    assert episode is not None
    return wording.label_of(episode.family, episode.topic)


def standing(reading: Reading) -> Reading:
    """The row that stands for the value now: corrections of it supersede."""
    rows = Reading.objects.filter(
        observation_id=reading.observation_id, item=reading.item
    )
    return rows.select_related("observation", "recorded_by").order_by("pk").last()


def episodes_of(cycle: Cycle) -> QuerySet[Episode]:
    """The cycle's episodes, newest first: what may be asked about."""
    return Episode.objects.filter(cycle=cycle).order_by("-opened_at", "-pk")


def recent_values(cycle: Cycle, limit: int = 60) -> Iterable[Reading]:
    """The newest values that stand, newest first: what may be asked about."""
    rows = Reading.objects.current().filter(
        observation__cycle=cycle, state=Reading.State.VALUE
    )
    return rows.select_related("observation").order_by(
        "-observation__observed_at", "item"
    )[:limit]
