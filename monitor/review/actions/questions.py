"""Asking about a value or an episode, answering, asking again, closing."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import actions as audit
from monitor.bedside.models import Reading
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.review import asked
from monitor.review.models import Question, Reply
from monitor.trials.models import Cycle, User
from monitor.trials.permissions import Permission, check

Kind = Reply.Kind
#: What each reply needs, and what the trail calls it.
NEEDS = {
    Kind.ANSWER: Permission.ANSWER,
    Kind.REOPEN: Permission.ASK,
    Kind.CLOSE: Permission.ASK,
}
CALLED = {
    Kind.ANSWER: "question.answered",
    Kind.REOPEN: "question.reopened",
    Kind.CLOSE: "question.closed",
}


@transaction.atomic
def ask(
    *,
    cycle: Cycle,
    text: str,
    by: User,
    key: UUID,
    episode: Episode | None = None,
    reading: Reading | None = None,
) -> tuple[Question, bool]:
    """A question about one value or one episode of the cycle; the same `key` again is

    the same question. Raises Refused, with the field.
    """
    check(by, Permission.ASK, cycle.participant.site)
    said = text.strip()
    if not said:
        raise Refused(_("Type the question."), "text")
    if (episode is None) == (reading is None):
        raise Refused(_("Choose what the question is about."), "about")
    own = episode.cycle if episode else reading.observation.cycle  # type: ignore[union-attr]
    if own.pk != cycle.pk:
        raise Refused(_("Choose what the question is about."), "about")
    question, created = Question.objects.get_or_create(
        key=key,
        defaults={
            "cycle": cycle,
            "episode": episode,
            "reading": reading,
            "text": said,
            "asked_at": clock.now(),
            "asked_by": by,
        },
    )
    if created:
        _audit("question.asked", question, question, ("text",), by)
    return question, created


@transaction.atomic
def say(
    *,
    question: Question,
    kind: str,
    by: User,
    key: UUID,
    text: str = "",
    correction: Reading | None = None,
) -> tuple[Reply, bool]:
    """An answer, the question again, or its end; the same `key` again is the same.

    Raises Refused when the question does not stand where this can be said.
    """
    told = Kind(kind)
    check(by, NEEDS[told], question.cycle.participant.site)
    Question.objects.select_for_update().get(pk=question.pk)
    if (known := Reply.objects.filter(key=key).first()) is not None:
        return known, False
    if asked.MOVES[asked.state_of(question), told] is None:
        raise Refused(_("Somebody has replied since. Look at it again."))
    if told != Kind.CLOSE and not text.strip():
        raise Refused(_("Type what you have to say."), "text")
    reply = Reply.objects.create(
        question=question,
        kind=told,
        text=text.strip(),
        said_at=clock.now(),
        said_by=by,
        correction=correction,
        key=key,
    )
    _audit(CALLED[told], question, reply, ("text", "correction_id"), by)
    return reply, True


def _audit(
    action: str,
    question: Question,
    row: Question | Reply,
    fields: tuple[str, ...],
    by: User,
) -> None:
    participant = question.cycle.participant
    audit.record(
        action=action,
        by=by,
        of=question,
        site=participant.site,
        participant=participant.code,
        changes=audit.changes_of(row, *fields),
    )
