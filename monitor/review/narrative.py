"""A draft of the event's story: every sentence says from which rows it is made.

Pure: it is handed what was loaded. It names no amount of a study drug and no dose
level, so that it may be read by who is blinded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from monitor.episodes import wording
from monitor.episodes.models import Level
from monitor.episodes.rows import why_words
from monitor.episodes.shapes import StepRow
from monitor.review.intervals import looked_for
from monitor.review.models import Review
from monitor.review.shapes import ReviewRow
from monitor.templatetags.events_ui import also_said
from monitor.templatetags.log_ui import treatment_line
from monitor.templatetags.review_ui import decision_facts, role_word
from monitor.templatetags.times import say_span
from monitor.treatments.models import Treatment
from monitor.trials.models import Dose

if TYPE_CHECKING:
    from monitor.review.dossier.source import Source

SEX = {"F": lazy("woman"), "M": lazy("man")}


@dataclass(frozen=True)
class Ref:
    """A row that a sentence rests on; `path` leads to where it is shown."""

    kind: str
    pk: int
    words: str
    path: str


@dataclass(frozen=True)
class Sentence:
    text: str
    refs: tuple[Ref, ...]


#: When it was, and what is said of it.
Told = tuple[datetime, Sentence]


def draft(source: Source) -> list[Sentence]:
    """Who, what was given before, then its course with what was given and done while

    it went on, in order of time, its highest grade and its end.
    """
    told = [*course(source), *during(source), *management(source)]
    return [
        who(source),
        *before(source),
        *(one for _at, one in sorted(told, key=lambda pair: pair[0])),
        *highest(source),
        *nothing_done(source),
        end(source),
        *decided(source),
    ]


def basis(sentences: Sequence[Sentence]) -> list[list[str]]:
    """What is kept with an edited text, to say later what has changed beneath it."""
    return [
        [one.text, *(f"{ref.kind} {ref.pk}" for ref in one.refs)] for one in sentences
    ]


def digest(sentences: Sequence[Sentence]) -> str:
    """SHA-256 over the sentences and the rows that they name."""
    text = json.dumps(basis(sentences), ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Moved:
    """What the record says now that it did not say then, and the other way round."""

    fresh: list[str]
    gone: list[str]

    def __bool__(self) -> bool:
        return bool(self.fresh or self.gone)


def moved(then: Sequence[Sequence[str]], sentences: Sequence[Sentence]) -> Moved:
    """How the record has changed since `then`, the `basis` of an edited text."""
    before = [one[0] for one in then]
    now = [one.text for one in sentences]
    return Moved(
        fresh=[one for one in now if one not in before],
        gone=[one for one in before if one not in now],
    )


# Its sentences


def who(source: Source) -> Sentence:
    person = source.participant
    told = {
        "code": person.code,
        "age": _("%(n)d-year-old") % {"n": person.age} if person.age else "",
        "sex": SEX.get(person.sex, _("person")),
        "trial": source.site.trial.code,
        "site": source.site.code,
        "cycle": source.cycle.number,
    }
    said = _("Participant %(code)s is a %(age)s %(sex)s in %(trial)s at site %(site)s.")
    text = " ".join((said % told).split())
    path = f"/participants/{person.code}/"
    words = _("enrolled %(at)s") % {"at": source.say(person.enrolled_at)}
    return Sentence(text, (Ref("participant", person.pk, words, path),))


def before(source: Source) -> Iterator[Sentence]:
    """The last dose of each agent before the onset, and what was not given."""
    onset = source.row.since
    for agent in dict.fromkeys(one.agent for one in source.doses):
        given = [one for one in source.given(agent) if given_by(one, onset)]
        if not given:
            continue
        last = max(given, key=lambda one: one.given_at or onset)
        told = {
            "n": last.number,
            "agent": source.agent_word(agent),
            "cycle": last.cycle.number,
            "at": source.say(last.given_at),
            "span": say_span(onset - (last.given_at or onset)),
        }
        said = _(
            "Dose %(n)d of %(agent)s (cycle %(cycle)d) was given on %(at)s, "
            "%(span)s before the onset."
        )
        yield Sentence(said % told, (dose_ref(source, last),))
    for dose in source.doses:
        if dose.status in (Dose.Status.HELD, Dose.Status.OMITTED):
            yield withheld(source, dose)


def given_by(dose: Dose, at: datetime) -> bool:
    return dose.given_at is not None and dose.given_at <= at


def withheld(source: Source, dose: Dose) -> Sentence:
    told = {
        "n": dose.number,
        "agent": source.agent_word(dose.agent),
        "cycle": source.of_cycle(dose),
        "how": str(dose.get_status_display()),
        "at": source.say(dose.planned_at),
        "why": dose.reason,
    }
    said = _("Dose %(n)d of %(agent)s, planned for %(at)s, was %(how)s: %(why)s.")
    if source.later:
        said = _(
            "Dose %(n)d of %(agent)s (%(cycle)s), planned for %(at)s, was %(how)s: "
            "%(why)s."
        )
    return Sentence((said % told).replace("..", "."), (dose_ref(source, dose),))


def during(source: Source) -> Iterator[Told]:
    """Each dose that was given after the onset, until the event was over."""
    for dose in source.given():
        at = dose.given_at
        if at is None or not source.in_course(dose):
            continue
        told = {"n": dose.number, "agent": source.agent_word(dose.agent)}
        told["at"] = source.say(at)
        said = _("Dose %(n)d of %(agent)s was given on %(at)s, while it went on.")
        yield at, Sentence(said % told, (dose_ref(source, dose),))


def course(source: Source) -> Iterator[Told]:
    """The onset, then every change of grade or level that stands."""
    last: StepRow | None = None
    for step in source.standing:
        if last is None:
            yield step.at, onset(source, step)
        elif step.closed:
            break
        elif (step.grade, step.level) != (last.grade, last.level):
            yield step.at, changed(source, step, last)
        last = step


def highest(source: Source) -> Iterator[Sentence]:
    most = source.row.max_grade
    if most:
        told = {"grade": wording.grade_words(source.row.scale, most, False)}
        peaks = [one for one in source.standing if one.max_grade == most]
        said = _("The highest grade by the values and treatments was %(grade)s.")
        yield Sentence(said % told, (step_ref(source, peaks[0]),) if peaks else ())


def onset(source: Source, step: StepRow) -> Sentence:
    told = {
        "at": source.say(step.at),
        "label": source.row.label,
        "why": why(step),
        "grade": graded(source, step),
    }
    said = _("On %(at)s criteria of %(label)s were met%(grade)s: %(why)s.")
    return Sentence(said % told, (step_ref(source, step),))


def changed(source: Source, step: StepRow, last: StepRow) -> Sentence:
    grade = (last.grade or 0, step.grade or 0)
    if grade[1] > grade[0]:
        said = _("On %(at)s it rose%(grade)s: %(why)s.")
    elif grade[1] < grade[0]:
        said = _("On %(at)s it fell%(grade)s: %(why)s.")
    else:
        said = _("On %(at)s its level was %(level)s%(grade)s: %(why)s.")
    told = {
        "at": source.say(step.at),
        "grade": graded(source, step),
        "level": str(Level(step.level).label).lower(),
        "why": why(step),
    }
    return Sentence(said % told, (step_ref(source, step),))


def graded(source: Source, step: StepRow) -> str:
    words = wording.grade_words(source.row.scale, step.grade, step.at_least)
    return f" ({words})" if words else ""


def why(step: StepRow) -> str:
    words = why_words(step.state) or step.explanation or _("no sign stands")
    return words.rstrip(".")


def lines_of(source: Source) -> list[Treatment]:
    """What was given or done for the episode.

    What its clocks look for is told too where nobody linked it to the event.
    """
    return [one for one in source.treatments if one in source.own or looked_for(one)]


def management(source: Source) -> Iterator[Told]:
    for line in lines_of(source):
        yield line.at, done(source, line)


def nothing_done(source: Source) -> Iterator[Sentence]:
    if not lines_of(source):
        ref = step_ref(source, source.standing[0])
        said = _("The management log holds nothing for this event.")
        yield Sentence(said, (ref,))


def done(source: Source, line: Treatment) -> Sentence:
    told = {"at": source.say(line.at), "what": treatment_line(line)}
    said = _("On %(at)s: %(what)s") % told
    said = ", ".join(filter(None, (said, source.of_cycle(line))))
    if line.response != Treatment.Response.NOT_ASSESSED:
        said = f"{said} ({line.get_response_display()})"
    if line in source.loose:
        said = _("%s, not linked to this event") % said
    return Sentence(f"{said}.", (treatment_ref(source, line),))


def end(source: Source) -> Sentence:
    row = source.row
    if source.latest and source.died_at:
        told = {"at": source.say(source.died_at)}
        told["span"] = say_span(source.died_at - row.since)
        said = _("The participant died on %(at)s, %(span)s after the onset.")
        return Sentence(said % told, (decision_ref(source, source.latest),))
    ref = (step_ref(source, source.standing[-1]),)
    if row.unsupported:
        return Sentence(_("After a correction the data no longer support it."), ref)
    if not row.closed:
        return Sentence(_("It had not ended when this was written."), ref)
    resolved = row.resolved_at or row.at
    told = {"at": source.say(resolved), "span": say_span(resolved - row.since)}
    said = _("It resolved on %(at)s, %(span)s after the onset.")
    return Sentence(said % told, ref)


def with_grade(review: Review) -> str:
    """`Regrade, ASTCT grade 3`; the word alone where nobody gave a grade."""
    grade = wording.grade_words(review.scale, review.grade, False)
    return ", ".join(filter(None, (str(review.get_verdict_display()), grade)))


def decided(source: Source) -> Iterator[Sentence]:
    """The decision that stands, signed or not."""
    found = source.latest
    if found is None:
        return
    review = found.review
    facts = [*decision_facts(review, source.suspects), *also_said(review)]
    words = "; ".join([with_grade(review), *facts])
    told = {"what": words, "at": source.say(review.recorded_at), "by": found.by}
    if found.signature and not found.withdrawal:
        signed = found.signature
        told |= {"by": signed.printed_name, "role": role_word(signed)}
        told["at"] = source.say(signed.signed_at)
        said = _("%(by)s, %(role)s, signed on %(at)s: %(what)s.")
    else:
        said = _("A decision by %(by)s of %(at)s is not signed: %(what)s.")
    yield Sentence(said % told, (decision_ref(source, found),))


# What they rest on


def decision_ref(source: Source, found: ReviewRow) -> Ref:
    words = _("decision by %(name)s") % {"name": found.by}
    path = f"/episodes/{source.episode.pk}/#decisions"
    return Ref("decision", found.review.pk, words, path)


def dose_ref(source: Source, dose: Dose) -> Ref:
    told = {"n": dose.number, "agent": source.agent_word(dose.agent)}
    told["at"] = source.say(dose.given_at or dose.planned_at)
    words = _("dose %(n)d of %(agent)s, %(at)s") % told
    path = f"/participants/{source.participant.code}/#log-title"
    return Ref("dose", dose.pk, words, path)


def treatment_ref(source: Source, line: Treatment) -> Ref:
    told = {"what": treatment_line(line), "by": line.recorded_by.get_full_name()}
    words = _("log: %(what)s, by %(by)s") % told
    path = f"/participants/{source.participant.code}/#log-title"
    return Ref("treatment", line.pk, words, path)


def step_ref(source: Source, step: StepRow) -> Ref:
    told = {"at": source.say(step.at), "why": why(step)}
    words = _("step of %(at)s: %(why)s") % told
    return Ref("step", step.id, words, f"/episodes/{source.episode.pk}/#step-{step.id}")
