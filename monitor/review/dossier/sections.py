"""The sections of a dossier, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from monitor.episodes import findings
from monitor.episodes.findings import Finder
from monitor.review import followed
from monitor.review.dossier import (
    asking,
    charted,
    decided,
    managed,
    minimum,
    narrated,
    records,
    reported,
    traced,
)
from monitor.review.dossier.evidence import evidence
from monitor.review.dossier.shapes import Facts, Grid, Part, Section
from monitor.review.dossier.source import Source
from monitor.review.intervals import first_fever
from monitor.templatetags.times import say_span


def sections(source: Source) -> list[Section]:
    return [
        Section(_("The event in short"), list(short(source))),
        Section(_("Narrative"), list(narrated.story(source))),
        Section(_("Chronology"), [charted.course(source)]),
        Section(_("Evidence, as it was at each step"), list(evidence(source))),
        Section(_("Corrected since"), list(charted.changed(source))),
        Section(_("Chart"), [charted.picture(source)], own_page=True),
        Section(_("Values recorded while it was open"), [charted.values(source)]),
        Section(_("Management"), list(managed.management(source))),
        Section(_("Decisions and attribution"), list(decided.decisions(source))),
        Section(_("Adverse event record"), list(records.records(source))),
        Section(
            _("Signatures"), [decided.signatures(source), records.opinions(source)]
        ),
        Section(_("Reports due and made"), list(reported.reports(source))),
        Section(_("Questions and answers"), [asking.questions(source)]),
        Section(_("Extract of the audit trail"), list(traced.trail(source))),
        Section(_("People, versions and limits"), list(traced.about(source))),
    ]


def short(source: Source) -> Iterator[Part]:
    yield Facts([(one.label, one.words) for one in minimum.minimum(source)])
    finder = Finder(source.cycle, [source.row])
    standing = source.standing
    speaking = standing[-2] if source.row.closed and len(standing) > 1 else standing[-1]
    found = finder.finding(speaking.state, findings.lowered(source.steps))
    rows = [
        (
            one.label + (f" ({_('study scale')})" if one.in_force else ""),
            graded(one.grade, one.at_least),
            graded(one.max_grade, False),
        )
        for one in found.scales
    ]
    if rows:
        head = (_("Scale"), _("At the last open step"), _("Maximum"))
        yield Grid(head, rows, (0.4, 0.3, 0.3))
    yield Facts(measured(source))


def graded(grade: int | None, floor: bool) -> str:
    if grade is None:
        return _("not gradable")
    return _("at least %(n)d") % {"n": grade} if floor else str(grade)


def measured(source: Source) -> list[tuple[str, str]]:
    """How long everything took, from when the finding became known."""
    lines = source.protocol.lines
    rows = followed.measured(
        source.row,
        source.found_at,
        source.answers,
        source.own,
        source.loose,
        first_fever(source.sets, source.row.since, lines),
    )
    said = [(_("Finding known"), source.say(source.found_at))]
    for one in rows:
        if one.at is None:
            words = _("not recorded")
        elif one.span is None:
            words = _("%(at)s, before it was known") % {"at": source.say(one.at)}
        else:
            told = {"span": say_span(one.span), "at": source.say(one.at)}
            words = _("after %(span)s, %(at)s") % told
        said.append(
            (one.label.capitalize(), ": ".join(filter(None, (one.words, words))))
        )
    return said
