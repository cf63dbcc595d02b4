"""Questions from the review desk to the bedside, until one is settled."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from monitor import story
from monitor.bedside import actions as bedside
from monitor.bedside.entry import NewReading
from monitor.bedside.models import Reading
from monitor.notices import asking
from monitor.review import actions as reviews
from monitor.review.models import Question, Reply
from monitor.story import Cause
from monitor.trials.models import Cycle, User


def ask(*, cycle: Cycle, by: User, **told: Any) -> Question:
    """A question to the site's bedside. See review.actions.ask."""
    with transaction.atomic():
        locked = story.lock(cycle)
        question, created = reviews.ask(cycle=locked, by=by, **told)
        if created:
            asking.asked(question)
            transaction.on_commit(story.nudge)
        return question


def answer(
    *,
    question: Question,
    by: User,
    text: str,
    key: UUID,
    reading: Reading | None = None,
    new: NewReading | None = None,
    reason: str = "",
) -> Reply:
    """A reply to who asked; with `reading`, that value is corrected in the same step.

    `new` takes its place; None strikes it out. Raises Refused, with the field.
    """

    def act(_locked: Cycle) -> tuple[Reply, bool]:
        known = Reply.objects.filter(key=key).first()
        if known is not None:
            return known, False
        row = None
        if reading is not None and new is not None:
            row = bedside.replace_reading(
                reading=reading, new=new, by=by, reason=reason
            )
        elif reading is not None:
            row = bedside.void_reading(reading=reading, by=by, reason=reason)
        reply, created = reviews.say(
            question=question,
            kind=Reply.Kind.ANSWER,
            by=by,
            key=key,
            text=text,
            correction=row,
        )
        asking.answered(question, reply)
        return reply, created

    if reading is not None:
        cause = Cause.CORRECTION
        return story.tell(question.cycle, act, by=by, cause=cause).row
    with transaction.atomic():
        reply, _created = act(story.lock(question.cycle))
        transaction.on_commit(story.nudge)
        return reply


def close_question(*, question: Question, by: User, key: UUID, text: str = "") -> Reply:
    """It is settled: nobody is told of it any more."""
    with transaction.atomic():
        story.lock(question.cycle)
        kind = Reply.Kind.CLOSE
        reply, _created = reviews.say(
            question=question, kind=kind, by=by, key=key, text=text
        )
        asking.settled(question)
        return reply


def ask_again(*, question: Question, by: User, key: UUID, text: str) -> Reply:
    """The answer did not settle it, or what was settled is open again."""
    with transaction.atomic():
        story.lock(question.cycle)
        kind = Reply.Kind.REOPEN
        reply, created = reviews.say(
            question=question, kind=kind, by=by, key=key, text=text
        )
        if created:
            asking.asked(question, reply)
            transaction.on_commit(story.nudge)
        return reply
