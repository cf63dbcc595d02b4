"""Notices of a question: to the bedside when it is asked, to who asked when answered.

Each turn of a question is one notice; the turn before is told no further.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from monitor import clock
from monitor.clinical.study.escalation import PERSON, PolicyStep
from monitor.notices import actions
from monitor.notices.models import Notice
from monitor.notices.telling import policy_of


def asked(question: Any, again: Any = None) -> Notice:
    """The site's bedside learns of the question; `again` is a reply that repeats it."""
    said = again or question
    return _turn(question, said, policy_of(question.cycle, "question"))


def answered(question: Any, reply: Any) -> Notice:
    """Who asked learns of the answer."""
    policy = policy_of(question.cycle, "question")
    asker = PERSON + question.asked_by.get_username()
    to_asker = replace(policy, steps=(PolicyStep(0, (asker,), "screen"),))
    return _turn(question, reply, to_asker)


def settled(question: Any) -> None:
    """Nothing about the question need be told any more."""
    told = Notice.objects.filter(
        key__startswith=f"question:{question.pk}:", ended_at__isnull=True
    )
    found = list(told.values_list("pk", flat=True))
    if found:
        actions.end(found, "the question went on, or is closed")


def _turn(question: Any, said: Any, policy: Any) -> Notice:
    settled(question)
    return actions.queue(
        participant=question.cycle.participant,
        kind=Notice.Kind.QUESTION,
        level="",
        policy=policy,
        lines=[said.text],
        path=f"/questions/{question.pk}/",
        happened_at=clock.now(),
        key=f"question:{question.pk}:{said.key}",
    )
