"""The sections of a dossier, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from monitor.audit.sentences import line_of
from monitor.episodes import findings, panels, wording
from monitor.episodes.findings import Finder
from monitor.episodes.shapes import SetRow
from monitor.review import followed, narrative
from monitor.review.corrected import standing_words
from monitor.review.dossier import chronology, minimum, records
from monitor.review.dossier.evidence import evidence
from monitor.review.dossier.shapes import Facts, Grid, Part, Picture, Section, Words
from monitor.review.dossier.source import Source
from monitor.review.narrative import Sentence
from monitor.review.responses import Response, boluses
from monitor.review.shapes import ReviewRow
from monitor.templatetags.log_ui import asked_words, order_words, treatment_line
from monitor.templatetags.review_ui import decision_facts, role_word
from monitor.templatetags.times import say_span
from monitor.treatments.models import Treatment
from monitor.trials.models import User

#: Its values stand in a table of their own.
SET = "observation.recorded"
#: So much of the time before and after the event is drawn.
ROUND = timedelta(hours=24)


def sections(source: Source) -> list[Section]:
    return [
        Section(_("The event in short"), list(short(source))),
        Section(_("Narrative"), list(story(source))),
        Section(_("Chronology"), [course(source)]),
        Section(_("Evidence, as it was at each step"), list(evidence(source))),
        Section(_("Corrected since"), list(changed(source))),
        Section(_("Chart"), [picture(source)], own_page=True),
        Section(_("Values recorded while it was open"), [values(source)]),
        Section(_("Management"), list(management(source))),
        Section(_("Decisions and attribution"), list(decisions(source))),
        Section(_("Adverse event record"), list(records.records(source))),
        Section(_("Signatures"), [signatures(source), records.opinions(source)]),
        Section(_("Extract of the audit trail"), list(trail(source))),
        Section(_("People, versions and limits"), list(about(source))),
    ]


# The event in short


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
    rows = followed.measured(source.row, source.found_at, source.answers, source.own)
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


# Narrative


def story(source: Source) -> Iterator[Part]:
    """The draft, each sentence with the numbers of the rows it rests on."""
    sentences = narrative.draft(source)
    if source.written:
        yield from edited(source, sentences)
        yield Words(_("The draft from the record, with its sources"), "strong")
    else:
        yield Words(_("Drafted from the record; nobody has edited it."), "caption")
    yield Words(numbered(sentences))
    yield Words(noted(sentences), "caption")


def edited(source: Source, sentences: Sequence[Sentence]) -> Iterator[Part]:
    """The text that a person has put, and what has changed beneath it since."""
    last = source.written[0]
    told = {
        "n": len(source.written),
        "by": last.recorded_by.get_full_name(),
        "at": source.say(last.recorded_at),
        "why": last.reason,
    }
    said = _("Edited by %(by)s on %(at)s, version %(n)d: %(why)s")
    yield Words(said % told, "caption")
    yield Words(last.text)
    changed = narrative.moved(last.basis, sentences)
    if changed:
        yield Words(_("The record has changed since this was written."), "strong")
        yield Facts(
            [(_("It says now"), one) for one in changed.fresh]
            + [(_("It no longer says"), one) for one in changed.gone]
        )


def numbered(sentences: Sequence[Sentence]) -> str:
    """`It rose on ... [2]`: each sentence with the numbers of its sources."""
    notes = {ref: n for n, ref in enumerate(notes_of(sentences), start=1)}
    said = []
    for one in sentences:
        marks = "".join(f" [{notes[ref]}]" for ref in one.refs)
        said.append(one.text + marks)
    return " ".join(said)


def notes_of(sentences: Sequence[Sentence]) -> list[narrative.Ref]:
    return list(dict.fromkeys(ref for one in sentences for ref in one.refs))


def noted(sentences: Sequence[Sentence]) -> str:
    return "\n".join(
        f"[{n}] {ref.kind} {ref.pk}: {ref.words}"
        for n, ref in enumerate(notes_of(sentences), start=1)
    )


# Chronology, chart


def course(source: Source) -> Grid:
    rows = [
        (source.brief(one.at), one.after, one.what, one.by, one.source)
        for one in chronology.chronology(source)
    ]
    head = (_("At"), _("Since dose"), _("What happened"), _("By"), _("Row"))
    return Grid(head, rows, (0.18, 0.14, 0.41, 0.15, 0.12))


def changed(source: Source) -> Iterator[Part]:
    """Field by field what was corrected since the finding became known."""
    if not source.corrections:
        yield Words(_("Nothing was corrected since the finding became known."))
        return
    yield Words(standing_words(source.row, source.steps))
    rows = [
        (
            source.brief(one.at),
            one.what,
            one.was,
            one.now or _("struck out"),
            f"{one.by}, {source.brief(one.corrected_at)}: {one.reason}",
        )
        for one in source.corrections
    ]
    head = (_("Of"), _("What"), _("Was"), _("Is"), _("By, when, why"))
    yield Grid(head, rows, (0.18, 0.18, 0.16, 0.16, 0.32))


def picture(source: Source) -> Picture:
    chart = dict(source.chart)
    ends = source.ended_at or source.now
    chart["window"] = [
        one.astimezone(source.zone).isoformat()
        for one in (source.row.since - ROUND, ends + ROUND)
    ]
    if not source.unblinded:
        chart["doses"] = [
            one | {"label": one["label"].split(" · ")[0]} for one in chart["doses"]
        ]
    return Picture(chart, str(chart["summary"]))


def values(source: Source) -> Grid:
    """Every set from the onset on, as it stands; what was not done says why."""
    since, until = source.row.since, source.ended_at or source.now
    rows = []
    for one in source.sets:
        if not since <= one.at <= until:
            continue
        row = panels.table_row_of(one)
        said = (row.get(key, "") for key, _label in panels.COLUMNS)
        rows.append((source.brief(one.at), *said, others(one), one.by))
    head = (_("At"), *(label for _key, label in panels.COLUMNS), _("Others"), _("By"))
    widths = (0.18, 0.07, 0.06, 0.09, 0.08, 0.11, 0.05, 0.08, 0.22, 0.06)
    return Grid(head, rows, widths, _("No set was recorded while it was open."))


def others(one: SetRow) -> str:
    """What the columns do not show: `WEIGHT 73.4 kg`, and what was not done."""
    shown = {"TEMP", "HR", "SYSBP", "DIABP", "OXYSAT", "OXYGEN_DEVICE", "RESP", "ACVPU"}
    said = [
        f"{wording.item_short(item)} {value.text} {value.unit}".strip()
        for item, value in one.values.items()
        if item not in shown and value.text not in ("", "0")
    ]
    said += [f"{wording.item_short(item)}: {why}" for item, why in one.not_done.items()]
    return ", ".join(said)


# Management


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
    given = boluses(source.own, source.weight)
    if given:
        told = {"n": given.count, "ml": f"{given.volume:g}"}
        said = _("Boluses for this event: %(n)d, %(ml)s mL in all") % told
        if given.per_kg is not None:
            each = {"kg": f"{given.per_kg:.1f}", "weight": f"{source.weight:g}"}
            said += _(", %(kg)s mL/kg (weight of cycle day 1: %(weight)s kg)") % each
        yield Words(f"{said}.")
    yield Words(_("* not linked to this event, given while it was open"), "caption")


def response_row(
    source: Source, line: Treatment, found: Sequence[Response]
) -> tuple[str, ...]:
    def said(one: Response) -> str:
        values = ", ".join(f"{label} {value}" for label, value in one.values)
        return f"{source.brief(one.at)}: {values}" if values else _("no set")

    what = f"{treatment_line(line)}, {source.brief(line.at)}"
    return (what, *(said(one) for one in found))


def line_row(source: Source, line: Treatment) -> tuple[str, ...]:
    until = _("until %(at)s") % {"at": source.say(line.until)} if line.until else ""
    what = [treatment_line(line), line.route, until, *call_words(source, line)]
    what += [line.note, asked_words(line)]
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


# Decisions and signatures


def decisions(source: Source) -> Iterator[Part]:
    """The one that stands first; those that it replaced stay readable."""
    if not source.reviews:
        yield Words(_("Nobody has decided on this event yet."))
    for one in source.reviews:
        yield Words(decision_head(source, one), "strong")
        facts = decision_facts(one.review, source.suspects)
        rows = [
            (_("Stated"), "; ".join(facts)),
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


# Audit trail, people


def trail(source: Source) -> Iterator[Part]:
    said = _(
        "While the event was open, and of its decisions. The values of the sets "
        "stand in the table above; the whole trail stays in Monitor."
    )
    yield Words(said, "caption")
    rows = []
    for event in source.events:
        line = line_of(event, unblinded=source.unblinded)
        changes = "; ".join(map(str, line.changes))
        if event.action == SET:
            changes = _("%(n)d entries") % {"n": len(line.changes)}
        reason = _("Reason: %(why)s") % {"why": line.reason} if line.reason else ""
        said = " ".join(filter(None, (line.sentence, reason)))
        rows.append((str(event.sequence), line.when, said, changes, event.digest[:12]))
    head = (_("No."), _("At"), _("What happened"), _("Changed"), _("Digest"))
    yield Grid(head, rows, (0.07, 0.21, 0.29, 0.3, 0.13))


def about(source: Source) -> Iterator[Part]:
    people = {one.initials: one.get_full_name() for one in recorders(source)}
    yield Facts(sorted(people.items()))
    knowledge = source.episode.knowledge
    protocol = source.cycle.protocol
    yield Facts(
        [
            (_("Dose level"), source.cohort),
            (_("Protocol version"), f"{protocol.trial.code} {protocol.number}"),
            (_("Knowledge version"), knowledge),
            (_("Scale in force"), wording.scale_label(source.protocol.scale)),
        ]
    )
    yield Words(
        _(
            "Grades and criteria are what the program computed from the rows above; "
            "the decision is a person's. Supports clinical monitoring. Not an alarm "
            "system."
        ),
        "caption",
    )


def recorders(source: Source) -> list[User]:
    """Everyone whose initials stand in the tables."""
    people = {one.recorded_by for one in (*source.treatments, *source.doses)}
    people |= {
        reading.recorded_by for one in source.sets for reading in one.readings.values()
    }
    return sorted(people, key=lambda one: str(one.get_full_name()))
