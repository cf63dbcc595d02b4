"""The adverse event record in a dossier, and what a second reviewer said of it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from monitor.review.adverse_rows import AdverseRow, of_episode
from monitor.review.dossier.shapes import Facts, Grid, Part, Words
from monitor.review.dossier.source import Source
from monitor.templatetags.events_ui import ctcae_name, highest
from monitor.templatetags.review_ui import role_word


def records(source: Source) -> Iterator[Part]:
    """Each record that a signature made: term and version, start and stop per grade."""
    found = of_episode(source.episode)
    if not found:
        yield Words(_("No signed decision confirms an adverse event yet."))
    for one in found:
        yield Facts(facts(source, one))
        rows = [
            (str(span.grade), source.say(span.begins), until(source, span.ends))
            for span in one.intervals
        ]
        head = (_("Grade"), _("Start"), _("Stop"))
        yield Grid(head, rows, (0.2, 0.4, 0.4), _("Its grades are not known."))


def facts(source: Source, one: AdverseRow) -> list[tuple[str, str]]:
    event = one.event
    code = _("MedDRA %(code)s") % {"code": event.code} if event.code else ""
    state = (
        one.state if one.stands else _("does not stand: %(why)s") % {"why": one.state}
    )
    return [
        (_("Record"), f"{event.name}, {_('version')} {event.version}, {state}"),
        (_("Term"), ", ".join(filter(None, (event.term, ctcae_name(event), code)))),
        (_("Highest grade"), highest(event)),
        (_("Start"), source.say(event.starts_at)),
        (_("Stop"), until(source, event.ends_at)),
    ]


def until(source: Source, at: object) -> str:
    return source.say(at) if at else _("stands")


def opinions(source: Source) -> Grid:
    """What other reviewers were asked and said of a signature, which stays as it is."""
    rows = [
        (
            asked.to.get_full_name(),
            source.say(asked.asked_at),
            _("is asked: %(what)s") % {"what": asked.text},
        )
        for one in source.reviews
        if one.signature is not None
        for asked in one.signature.asked.all()
    ]
    rows += [
        (
            f"{second.printed_name}, {role_word(second)}",
            source.say(second.given_at),
            _("agrees")
            if second.agrees
            else _("disagrees: %(why)s") % {"why": second.text},
        )
        for one in source.reviews
        if one.signature is not None
        for second in one.signature.opinions.all()
    ]
    head = (_("Second reviewer"), _("At"), _("Says of what was signed"))
    return Grid(
        head, rows, (0.3, 0.28, 0.42), _("No second reviewer has said anything.")
    )
