"""The questions round an event in a dossier: what was asked, and what came of it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from monitor.review import asked
from monitor.review.dossier.shapes import Grid
from monitor.review.dossier.source import Source
from monitor.review.models import Question, Reply

WIDTHS = (0.22, 0.15, 0.24, 0.29, 0.1)


def questions(source: Source) -> Grid:
    """Each question with its replies in order, and how it stands."""
    rows = [line(source, one) for one in source.questions]
    head = (_("Asked at, by"), _("About"), _("Question"), _("Replies"), _("State"))
    return Grid(head, rows, WIDTHS, _("Nothing was asked about this event."))


def line(source: Source, one: Question) -> tuple[str, ...]:
    replies = sorted(one.replies.all(), key=lambda reply: reply.pk)
    state = asked.AFTER[Reply.Kind(replies[-1].kind) if replies else None]
    return (
        f"{source.brief(one.asked_at)}, {one.asked_by.get_full_name()}",
        about(source, one),
        one.text,
        "\n".join(said(source, reply) for reply in replies) or "–",
        str(asked.WORDS[state]),
    )


def about(source: Source, one: Question) -> str:
    """`Systolic blood pressure, 19 Nov 14:10 −05:00`; of an episode its name."""
    if one.reading is None:
        return asked.about(one)
    return f"{asked.about(one)}, {source.brief(one.reading.observation.observed_at)}"


def said(source: Source, reply: Reply) -> str:
    parts = [str(reply.get_kind_display()).capitalize(), reply.text]
    words = ": ".join(filter(None, parts))
    if reply.correction is not None:
        words += " " + _("(with a correction, see Corrected since)")
    who = reply.said_by.get_full_name()
    return f"{words} – {who}, {source.brief(reply.said_at)}"
