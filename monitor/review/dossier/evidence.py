"""The evidence of each step that stands, as it was when the step was written."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from monitor.episodes import wording
from monitor.episodes.findings import Finder
from monitor.episodes.shapes import StepRow
from monitor.review.dossier.shapes import Grid, Part, Words
from monitor.review.dossier.source import Source
from monitor.review.evidence import Evidence, evidence_of

HEAD = (
    lazy("Sign"),
    lazy("Value"),
    lazy("As typed"),
    lazy("Observed at, by"),
    lazy("Line"),
    lazy("Source"),
)
WIDTHS = (0.2, 0.14, 0.13, 0.24, 0.13, 0.16)


def evidence(source: Source) -> Iterator[Part]:
    """One table for each change of grade or level; what was missing under it."""
    finder = Finder(source.cycle, [source.row])
    last = None
    for step in source.standing:
        stands = (step.grade, step.level, step.closed)
        if stands == last:
            continue
        last = stands
        finding = finder.finding(step.state)
        yield Words(heading(source, step), "strong")
        found = evidence_of(finding, source.protocol.lines)
        rows = [row_of(source, one) for one in found]
        yield Grid(
            tuple(map(str, HEAD)), rows, WIDTHS, _("No sign stood at this step.")
        )
        missing = "; ".join(one.text for one in finding.missing)
        if missing:
            yield Words(_("Missing: %(items)s") % {"items": missing}, "caption")


def heading(source: Source, step: StepRow) -> str:
    grade = wording.grade_words(source.row.scale, step.grade, step.at_least)
    head = _("Closed") if step.closed else grade or _("No grade")
    return f"{source.say(step.at)}: {head}"


def row_of(source: Source, one: Evidence) -> tuple[str, ...]:
    reason = one.reason
    seen = ", ".join(filter(None, (source.brief(reason.at), reason.by)))
    short = one.source.short if one.source else reason.source
    value = reason.named or reason.value
    return (one.says, value, reason.typed, seen, reason.text, str(short))
