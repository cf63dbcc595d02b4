"""The management log in a dossier, and what the values did after a treatment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from monitor.review import followed
from monitor.review.dossier.shapes import Grid, Part, Words
from monitor.review.dossier.source import Source
from monitor.review.fluid_answers import fluid_answers
from monitor.review.responses import Response, boluses, weights_of
from monitor.templatetags.log_ui import (
    asked_words,
    order_words,
    said_words,
    treatment_line,
)
from monitor.treatments.models import Treatment


def management(source: Source) -> Iterator[Part]:
    head = (
        _("At"),
        _("What, how much"),
        _("For, ordered by"),
        _("Response"),
        _("Recorded by"),
    )
    rows = [line_row(source, one) for one in source.treatments]
    empty = _("The management log holds nothing for the time of this event.")
    yield Grid(head, rows, (0.19, 0.31, 0.22, 0.12, 0.16), empty)
    found = followed.after(source.own, source.sets)
    rows = [
        response_row(source, one, found[one.pk])
        for one in source.own
        if one.pk in found
    ]
    if rows:
        yield Words(_("Values before and after, from the sets"), "strong")
        head = (_("Given"), _("Before"), _("About 30 min"), _("About 60 min"))
        yield Grid(head, rows, (0.28, 0.24, 0.24, 0.24))
    yield from answers(source)
    given = boluses(source.own, weights_of(source.own))
    if given:
        told = {"n": given.count, "ml": f"{given.volume:g}"}
        said = _("Boluses for this event: %(n)d, %(ml)s mL in all") % told
        if given.per_kg is not None:
            weights = ", ".join(f"{one:g}" for one in given.weights)
            each = {"kg": f"{given.per_kg:.1f}", "weight": weights}
            said += _(", %(kg)s mL/kg (weight of cycle day 1: %(weight)s kg)") % each
        yield Words(f"{said}.")
    if source.loose:
        said = _("* not linked to this event, given while it was open")
        yield Words(said, "caption")


def response_row(
    source: Source, line: Treatment, found: Sequence[Response]
) -> tuple[str, ...]:
    def said(one: Response) -> str:
        values = ", ".join(f"{label} {value}" for label, value in one.values)
        return f"{source.brief(one.at)}: {values}" if values else _("no set")

    what = f"{treatment_line(line)}, {source.brief(line.at)}"
    return (what, *(said(one) for one in found))


def answers(source: Source) -> Iterator[Part]:
    """What the rule says of each bolus."""
    cycle = source.episode.cycle
    ruled = fluid_answers(cycle, source.own, source.sets, source.now)
    for line in source.own:
        if (rule := ruled.get(line.pk)) is None:
            continue
        told = {"what": treatment_line(line), "given": source.brief(line.at)}
        if rule.at is not None:
            told["at"] = source.brief(rule.at)
            said = _("%(what)s, %(given)s: by rule answered at %(at)s.")
        elif rule.over:
            said = _("%(what)s, %(given)s: by rule it cannot be said whether answered.")
        else:
            said = _("%(what)s, %(given)s: by rule not yet known whether answered.")
        yield Words(said % told)


def line_row(source: Source, line: Treatment) -> tuple[str, ...]:
    until = _("until %(at)s") % {"at": source.say(line.until)} if line.until else ""
    what = [treatment_line(line), source.of_cycle(line)]
    what += [line.route, until, *call_words(source, line)]
    what += [said_words(line), line.note, asked_words(line)]
    why = [line.indication, order_words(line), line.source]
    mark = "" if line.pk in source.linked else " *"
    return (
        source.brief(line.at) + mark,
        "; ".join(filter(None, what)),
        "; ".join(filter(None, why)) or "–",
        str(line.get_response_display()),
        line.recorded_by.get_full_name(),
    )


def call_words(source: Source, line: Treatment) -> list[str]:
    """Who was called, and when they answered and came."""
    said = [line.called]
    if line.answered_at:
        said.append(_("answered %(at)s") % {"at": source.brief(line.answered_at)})
    if line.arrived_at:
        said.append(_("arrived %(at)s") % {"at": source.brief(line.arrived_at)})
    return said
