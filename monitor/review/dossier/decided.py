"""The decisions on an event in a dossier, and their signatures."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from monitor.episodes import wording
from monitor.review.dossier.shapes import Facts, Grid, Part, Words
from monitor.review.dossier.source import Source
from monitor.review.shapes import ReviewRow
from monitor.templatetags.events_ui import also_said
from monitor.templatetags.review_ui import decision_facts, role_word


def decisions(source: Source) -> Iterator[Part]:
    """The one that stands first; those that it replaced stay readable."""
    if not source.reviews:
        yield Words(_("Nobody has decided on this event yet."))
    for one in source.reviews:
        yield Words(decision_head(source, one), "strong")
        facts = decision_facts(one.review, source.suspects)
        rows = [
            (_("Stated"), "; ".join(facts)),
            (_("Stated too"), "; ".join(also_said(one.review))),
            (_("Reason"), one.review.reason),
            (_("Assessor's note"), one.review.note),
        ]
        yield Facts([pair for pair in rows if pair[1]])


def decision_head(source: Source, one: ReviewRow) -> str:
    review = one.review
    grade = wording.grade_words(review.scale, review.grade, False)
    parts = [
        source.say(review.recorded_at),
        str(review.get_verdict_display()),
        grade,
        one.by,
        "" if one.current else _("replaced by a later decision"),
    ]
    return " · ".join(filter(None, parts))


def signatures(source: Source) -> Grid:
    rows = []
    for one in source.reviews:
        if one.signature is None:
            continue
        signed = one.signature
        state = _("holds")
        if one.withdrawal:
            told = {"at": source.say(one.withdrawal.at), "why": one.withdrawal.cause}
            state = _("withdrawn by change on %(at)s: %(why)s") % told
        name = f"{signed.printed_name}, {role_word(signed)}"
        rows.append(
            (name, source.say(signed.signed_at), signed.meaning, state, signed.digest)
        )
    head = (_("Printed name"), _("Signed at"), _("Meaning"), _("State"), _("SHA-256"))
    empty = _("No signature. This is a draft.")
    return Grid(head, rows, (0.19, 0.18, 0.25, 0.17, 0.21), empty)
