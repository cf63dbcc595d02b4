"""Everything that happened round an event, in one list by time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from monitor.episodes import wording
from monitor.review import asked as questions
from monitor.review.dossier.source import Source
from monitor.review.narrative import why
from monitor.templatetags.events_ui import report_word
from monitor.templatetags.log_ui import treatment_line
from monitor.templatetags.times import say_span


@dataclass(frozen=True)
class Moment:
    """`source`: the row it comes from, as `step 14`; `after`: since the last dose."""

    at: datetime
    what: str
    by: str
    source: str
    after: str = ""


def chronology(source: Source) -> list[Moment]:
    """Doses, steps, what was given, who took notices, questions, decisions, reports."""
    found = [
        *doses(source),
        *steps(source),
        *given(source),
        *taken(source),
        *asked(source),
        *decided(source),
        *died(source),
        *second(source),
        *reported(source),
    ]
    return sorted(found, key=lambda one: (one.at, one.source))


def since_dose(source: Source, at: datetime) -> str:
    """`4 h 17 after dose 3`, of the last dose given before."""
    before = [one for one in source.given() if one.given_at and one.given_at <= at]
    if not before:
        return ""
    last = max(before, key=lambda one: one.given_at or at)
    told = {"span": say_span(at - (last.given_at or at)), "n": last.number}
    said = _("%(span)s after dose %(n)d") % told
    return ", ".join(filter(None, (said, source.of_cycle(last))))


def doses(source: Source) -> Iterator[Moment]:
    for dose in source.doses:
        at = dose.given_at or dose.planned_at
        if at > (source.ended_at or source.now):
            continue
        amount = wording.amount_text(dose.amount, dose.unit)
        parts = [
            _("Dose %(n)d of %(agent)s")
            % {"n": dose.number, "agent": source.agent_word(dose.agent)},
            source.of_cycle(dose),
            amount if source.unblinded else "",
            dose.route,
            str(dose.get_status_display()),
            dose.reason,
        ]
        by = dose.recorded_by.get_full_name()
        yield Moment(at, ", ".join(filter(None, parts)), by, f"dose {dose.pk}")


def steps(source: Source) -> Iterator[Moment]:
    for step in source.steps:
        grade = wording.grade_words(source.row.scale, step.grade, step.at_least)
        head = _("Closed") if step.closed else grade or _("No grade")
        said = f"{head}: {why(step)}"
        if step.withdrawn_at:
            told = {"said": said, "at": source.say(step.withdrawn_at)}
            said = _("%(said)s (withdrawn on %(at)s by a later entry)") % told
        cause = str(step.cause_word)
        after = since_dose(source, step.at)
        yield Moment(step.at, said, cause, f"step {step.id}", after)


def given(source: Source) -> Iterator[Moment]:
    for line in source.treatments:
        parts = [treatment_line(line), source.of_cycle(line), line.note]
        if line.pk not in source.linked:
            parts.append(_("not linked to this event"))
        after = since_dose(source, line.at)
        by = line.recorded_by.get_full_name()
        words = "; ".join(filter(None, parts))
        yield Moment(line.at, words, by, f"treatment {line.pk}", after)


def taken(source: Source) -> Iterator[Moment]:
    for one in source.answers:
        told = {"at": source.say(one.notice.happened_at)}
        words = _("Notice of %(at)s acknowledged") % told
        by = one.user.get_full_name()
        yield Moment(one.at, words, by, f"notice {one.notice_id}")


def asked(source: Source) -> Iterator[Moment]:
    for question in source.questions:
        by = question.asked_by.get_full_name()
        told = {"about": questions.about(question), "text": question.text}
        words = _("Asked about %(about)s: %(text)s") % told
        yield Moment(question.asked_at, words, by, f"question {question.pk}")
        for reply in question.replies.all():
            parts = (str(reply.get_kind_display()).capitalize(), reply.text)
            said = ": ".join(filter(None, parts))
            who = reply.said_by.get_full_name()
            yield Moment(reply.said_at, said, who, f"question {question.pk}")


def decided(source: Source) -> Iterator[Moment]:
    for one in source.reviews:
        review, key = one.review, f"decision {one.review.pk}"
        grade = "" if review.grade is None else _("grade %(n)d") % {"n": review.grade}
        words = ", ".join(filter(None, (str(review.get_verdict_display()), grade)))
        yield Moment(review.recorded_at, words, one.by, key)
        if one.signature:
            name = one.signature.printed_name
            yield Moment(one.signature.signed_at, _("Signed"), name, key)
        if one.withdrawal:
            cause = _("Signature withdrawn: %(why)s") % {"why": one.withdrawal.cause}
            yield Moment(one.withdrawal.at, cause, "", key)


def died(source: Source) -> Iterator[Moment]:
    """The death as the decision that stands tells it."""
    if source.latest and source.died_at:
        key, at = f"decision {source.latest.review.pk}", source.died_at
        after = since_dose(source, at)
        yield Moment(at, _("The participant died"), source.latest.by, key, after)


def second(source: Source) -> Iterator[Moment]:
    """What other reviewers were asked and said of a signature."""
    for one in source.reviews:
        if one.signature is None:
            continue
        for asked in one.signature.asked.all():
            words = _("Second opinion asked of %(name)s: %(what)s") % {
                "name": asked.to.get_full_name(),
                "what": asked.text,
            }
            key = f"decision {one.review.pk}"
            yield Moment(asked.asked_at, words, one.signature.printed_name, key)
        for opinion in one.signature.opinions.all():
            told = {"signer": one.signature.printed_name, "why": opinion.text}
            said = _("Second reviewer agrees with what %(signer)s signed")
            if not opinion.agrees:
                said = _(
                    "Second reviewer disagrees with what %(signer)s signed: %(why)s"
                )
            name, key = opinion.printed_name, f"decision {one.review.pk}"
            yield Moment(opinion.given_at, said % told, name, key)


def reported(source: Source) -> Iterator[Moment]:
    for one in source.reports:
        told = {"report": report_word(one), "note": one.note}
        words = _("Reported, %(report)s: %(note)s") % told
        by = one.recorded_by.get_full_name()
        yield Moment(one.sent_at, words, by, f"report {one.pk}")
