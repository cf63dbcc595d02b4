"""The delivery log of one notice in plain words: every attempt and every answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from monitor.notices.models import Acknowledgement, Attempt, Notice, Snooze

Outcome = Attempt.Outcome

CHANNELS: dict[str, str | Promise] = {
    "in_app": lazy("the screen"),
    "email": lazy("e-mail"),
    "webhook": lazy("the hospital's pager or chat"),
}
SENTENCES: dict[str, str | Promise] = {
    Outcome.SHOWN: lazy("Shown to %(name)s on the screen."),
    Outcome.QUEUED: lazy("Message to %(name)s by %(channel)s, handed to the outbox."),
    Outcome.BEGUN: lazy(
        "Attempt %(number)s to reach %(name)s by %(channel)s began; no answer came."
    ),
    Outcome.SENT: lazy("Sent to %(name)s by %(channel)s, attempt %(number)s."),
    Outcome.AGAIN: lazy(
        "Sent to %(name)s by %(channel)s once more, attempt %(number)s: the answer to "
        "another attempt came too late. The receiver knows it by its key."
    ),
    Outcome.RETRY: lazy(
        "Attempt %(number)s to reach %(name)s by %(channel)s failed. It is tried again."
    ),
    Outcome.NEEDLESS: lazy(
        "Attempt %(number)s to reach %(name)s by %(channel)s failed. "
        "Another attempt had arrived."
    ),
    Outcome.DUPLICATE: lazy("Held back: the same to %(name)s a second time."),
    Outcome.QUIET: lazy(
        "%(name)s was not interrupted: told of this participant just before. "
        "The page follows unless somebody answers."
    ),
    Outcome.MERGED: lazy("Steps that had come due meanwhile went out as one."),
    Outcome.ENDED: lazy("Over: nobody is told on, and nobody needs to answer."),
    Outcome.SPARED: lazy("%(name)s saw it on the screen when saving: not told again."),
    Outcome.NOBODY: lazy("There was nobody to tell."),
    Outcome.CALLED_OFF: lazy("What was to follow was called off."),
    Outcome.LAPSED: lazy("Acknowledged, but nothing followed: told again."),
    Outcome.RESUMED: lazy("The snooze ended: told again."),
    Outcome.CLOCK: lazy("The clock went back; the timers went back with it."),
}
#: What an attempt comes to.
ENDS = {
    Outcome.SENT,
    Outcome.AGAIN,
    Outcome.RETRY,
    Outcome.NEEDLESS,
    Outcome.FAILED,
}
INTERRUPTED = lazy("%(name)s was interrupted, as the policy says.")
SAME_AGAIN = lazy("Held back: the same notice a second time.")
OVERTAKEN = lazy("Not sent to %(name)s by %(channel)s: a later message arrived.")
NOT_TO_ANYBODY = lazy("Undeliverable. Others are told of that.")
NOT_DELIVERED = lazy(
    "Undeliverable to %(name)s by %(channel)s after attempt %(number)s. "
    "Others are told of that."
)
ANSWERS: dict[str, str | Promise] = {
    Acknowledgement.Kind.READ: lazy("%(name)s read it."),
    Acknowledgement.Kind.ACKNOWLEDGED: lazy("%(name)s acknowledged it (%(via)s)."),
    Acknowledgement.Kind.ACTED: lazy("%(name)s did or recorded something after it."),
}


@dataclass(frozen=True)
class LogRow:
    """One line of the log. `answer` is what the other side or a person said."""

    at: datetime
    words: str
    answer: str = ""


def log_of(notice: Notice) -> list[LogRow]:
    """Everything that came of a notice, oldest first. Three queries.

    The beginning of an attempt is told only while its end is not known: whoever made
    it may have died.
    """
    every = list(notice.attempts.select_related("user").order_by("at", "pk"))
    ended = {(one.key, one.number) for one in every if one.outcome in ENDS}
    attempts = [
        one
        for one in every
        if one.outcome != Outcome.BEGUN or (one.key, one.number) not in ended
    ]
    answers = notice.answers.select_related("user").order_by("at", "pk")
    snoozes = notice.snoozes.select_related("user").order_by("at", "pk")
    rows = [
        *(attempt_row(one) for one in attempts),
        *(answer_row(one) for one in answers),
        *(snooze_row(one) for one in snoozes),
    ]
    return sorted(rows, key=lambda row: row.at)


def attempt_row(one: Attempt) -> LogRow:
    told = {
        "name": one.user.get_full_name() if one.user else "",
        "channel": CHANNELS.get(one.channel, one.channel),
        "number": one.number,
    }
    return LogRow(one.at, str(sentence_of(one)) % told, one.answer)


def sentence_of(one: Attempt) -> str | Promise:
    if one.outcome == Outcome.QUEUED and one.interrupts:
        return INTERRUPTED
    if one.outcome == Outcome.DUPLICATE and one.user is None:
        return SAME_AGAIN
    if one.outcome == Outcome.NEEDLESS and not one.number:
        return OVERTAKEN
    if one.outcome == Outcome.FAILED:
        return NOT_DELIVERED if one.user else NOT_TO_ANYBODY
    return SENTENCES[one.outcome]


def answer_row(one: Acknowledgement) -> LogRow:
    told = {"name": one.user.get_full_name(), "via": one.get_via_display()}
    return LogRow(one.at, str(ANSWERS[one.kind]) % told)


def snooze_row(one: Snooze) -> LogRow:
    minutes = round((one.until - one.at).total_seconds() / 60)
    told = {"name": one.user.get_full_name(), "n": minutes}
    return LogRow(one.at, _("%(name)s snoozed it for %(n)d min.") % told, one.reason)
