"""What a report of a case must say at the least (ICH E2B), and what it still lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from monitor.clinical.ctcae import TERMS, VERSION_NAMES
from monitor.episodes import wording
from monitor.review import choices
from monitor.review.dossier.source import Source
from monitor.templatetags.review_ui import role_word
from monitor.templatetags.times import say_span
from monitor.trials.models import Dose
from monitor.trials.wording import key_of_topic


@dataclass(frozen=True)
class Element:
    """One thing that must be said. `value` empty: it is not known yet, and why."""

    key: str
    label: str
    value: str
    lacks: str = ""

    @property
    def words(self) -> str:
        return self.value or _("Not yet: %(why)s") % {"why": self.lacks}


def minimum(source: Source) -> list[Element]:
    """Patient, reporter, suspects, event, dates, and what a person judged of it."""
    return [
        patient(source),
        reporter(source),
        suspects(source),
        event(source),
        Element("onset", _("Onset"), source.say(source.row.since)),
        ended(source),
        *judged(source),
    ]


def patient(source: Source) -> Element:
    person = source.participant
    age = _("%(n)d years at consent") % {"n": person.age} if person.age else ""
    parts = [person.code, str(person.get_sex_display()), age]
    return Element("patient", _("Patient (code)"), ", ".join(filter(None, parts)))


def reporter(source: Source) -> Element:
    """Who signed; before that who decided, and before that nobody has reported it."""
    site, found = source.site, source.latest
    place = f"{site.trial.code}, {_('site')} {site.code} {site.name}"
    label = _("Reporter")
    if found is None:
        return Element("reporter", label, "", _("no investigator has decided"))
    if found.signature is None:
        return Element("reporter", label, f"{found.by} ({_('not signed')}), {place}")
    signed = found.signature
    who = f"{signed.printed_name}, {role_word(signed)}, {place}"
    return Element("reporter", label, who)


def suspects(source: Source) -> Element:
    """Each study agent: first and last dose before the onset, and those after it."""
    said = []
    for agent in dict.fromkeys(one.agent for one in source.doses):
        doses = [one for one in source.given(agent) if before(source, one)]
        if doses:
            later = [one for one in source.given(agent) if source.in_course(one)]
            said.append(agent_words(source, agent, doses) + later_words(source, later))
    lacks = _("no dose of a study drug was given before the onset")
    return Element("suspect", _("Suspect drug"), "; ".join(said), lacks)


def before(source: Source, dose: Dose) -> bool:
    return dose.given_at is not None and dose.given_at <= source.row.since


def later_words(source: Source, doses: list[Dose]) -> str:
    told = [
        _("dose %(n)d on %(at)s") % {"n": one.number, "at": source.say(one.given_at)}
        for one in doses
    ]
    if not told:
        return ""
    return _(", and while it went on %(doses)s") % {"doses": ", ".join(told)}


def agent_words(source: Source, agent: str, doses: list[Dose]) -> str:
    first, last = doses[0], doses[-1]
    amount = wording.amount_text(last.amount, last.unit) if source.unblinded else ""
    told = {
        "agent": " ".join(filter(None, (source.agent_word(agent), amount, last.route))),
        "n": last.number,
        "at": source.say(last.given_at),
        "span": say_span(source.row.since - (last.given_at or source.row.since)),
        "first": source.say(first.given_at),
        "count": len(doses),
    }
    said = _("%(agent)s, dose %(n)d on %(at)s, %(span)s before the onset") % told
    if len(doses) > 1:
        said += _(" (%(count)d doses in this cycle by then, from %(first)s)") % told
    return said


def event(source: Source) -> Element:
    """By the CTCAE term that a person named, or the topic's own."""
    row, found = source.row, source.latest
    key, version = key_of_topic(row.topic), VERSION_NAMES[source.protocol.ctcae]
    named = found.review.ctcae_term if found else ""
    term = named or (TERMS[key].name if key else "")
    parts = [term or row.label, version if term else "", highest(source)]
    return Element("event", _("Event"), ", ".join(filter(None, parts)))


def highest(source: Source) -> str:
    """A person's word for the highest grade stands before what was computed."""
    row, found = source.row, source.latest
    shown = wording.grade_words(row.scale, row.max_grade, False)
    review = found.review if found else None
    if review is None or review.grade in (None, row.max_grade):
        return _("maximum %(g)s") % {"g": shown} if shown else ""
    told = {
        "g": wording.grade_words(review.scale, review.grade, False),
        "by": found.by if found else "",
        "shown": shown or _("none"),
    }
    return _("maximum %(g)s as decided by %(by)s (by the values: %(shown)s)") % told


def ended(source: Source) -> Element:
    row, at = source.row, source.died_at
    if at is None and row.closed:
        at = row.resolved_at or row.at
    over = source.say(at) if at else ""
    return Element("end", _("End"), over, _("the episode is open"))


def judged(source: Source) -> Iterator[Element]:
    """What only a person can say."""
    found = source.latest
    nobody = _("no investigator has decided")
    labels = {
        "serious": _("Seriousness"),
        "cause": _("Causality"),
        "action": _("Action taken"),
        "outcome": _("Outcome"),
    }
    if found is None:
        yield from (Element(key, one, "", nobody) for key, one in labels.items())
        return
    review, names = found.review, source.suspects
    serious = [str(choices.SERIOUS.get(one, one)) for one in review.serious]
    values = {
        "serious": ", ".join(serious) or _("not serious"),
        "cause": pairs(review.attribution, names, choices.CAUSALITY),
        "action": pairs(review.action, names, choices.ACTIONS),
        "outcome": str(choices.OUTCOMES.get(review.outcome, review.outcome)),
    }
    lacks = _("the decision does not say")
    yield from (Element(key, one, values[key], lacks) for key, one in labels.items())


def pairs(
    said: Mapping[str, str], names: Mapping[str, Any], words: Mapping[str, Any]
) -> str:
    """`IL-2 mutein: probable; Infection: unlikely`."""
    return "; ".join(
        f"{names.get(who, who)}: {str(words.get(how, how)).lower()}"
        for who, how in choices.in_order(said, names)
    )
