"""What the adverse event records say: decisions about words, not about rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitor import clock, localtime
from monitor.clinical.ctcae import VERSION_NAMES
from monitor.episodes.assessing import protocol_of
from monitor.episodes.wording import label_of
from monitor.review import choices
from monitor.review.clocks import INTEREST, Clock, Kind, words_of

from .times import say_span

register = template.Library()


@register.filter
def ctcae_name(event: Any) -> str:
    """`CTCAE v5.0`, after its term where that is another than the reported one; what

    nobody has named yet says so.
    """
    told = {"name": VERSION_NAMES[event.ctcae]}
    if not event.decoded:
        return _("%(name)s, term to be coded") % told
    if event.decoded == event.term:
        return told["name"]
    return f"{event.decoded}, {told['name']}"


@register.filter
def highest(event: Any) -> str:
    """`grade 3`, or that nobody can say it."""
    if event.grade is None:
        return _("not graded in CTCAE")
    return _("grade %(n)d") % {"n": event.grade}


@register.filter
def events_count(rows: Sequence[Any]) -> str:
    return ngettext("%(n)d event", "%(n)d events", len(rows)) % {"n": len(rows)}


@register.filter
def expected_word(row: Any) -> str:
    return str(choices.EXPECTED.get(row.expected, ""))


@register.filter
def outcome_word(review: Any) -> str:
    return str(choices.OUTCOMES.get(review.outcome, review.outcome))


@register.filter
def causes(row: Any) -> str:
    """`IL-2 mutein probable`: who counts as a cause, with how surely."""
    suspects = choices.suspects_of(protocol_of(row.event.episode.cycle))
    return ", ".join(
        f"{suspects.get(who, who)} {str(choices.CAUSALITY[how]).lower()}"
        for who, how in choices.in_order(row.review.attribution, suspects)
        if how in choices.RELATED
    )


# What else was decided


@register.simple_tag
def proposed_terms(subject: Any) -> str:
    """Which terms its topic suggests, and whose list the field holds."""
    told = {"terms": "; ".join(subject.proposal.terms)}
    if not told["terms"]:
        return _("in the trial's version of CTCAE")
    return _("Often one of: %(terms)s") % told


@register.filter
def episode_word(episode: Any) -> str:
    return label_of(episode.family, episode.topic)


@register.simple_tag
def suspects_of(review: Any) -> Mapping[str, Any]:
    return choices.suspects_of(protocol_of(review.episode.cycle))


@register.simple_tag
def also_said(review: Any) -> list[str]:
    """`Expected`, `Dose-limiting: G4 CRS`, `Infection work-up: not back yet`."""
    zone = review.episode.cycle.participant.site.time_zone
    said = [review.ctcae_term] if review.ctcae_term else []
    if review.died_at:
        said.append(_("Died %(at)s") % {"at": localtime.say(review.died_at, zone)})
    said += [str(choices.EXPECTED[review.expected])] if review.expected else []
    if verdict := review.dlt.get("verdict"):
        words = [str(choices.DLT[verdict])]
        words += [
            review.dlt[one] for one in ("criterion", "exception") if one in review.dlt
        ]
        said.append(": ".join(words))
    if review.rechallenge:
        said.append(str(choices.RECHALLENGE[review.rechallenge]))
    if review.work_up:
        what = str(choices.WORK_UP[review.work_up]).lower()
        said.append(_("Infection work-up: %(what)s") % {"what": what})
    if review.split_at:
        at = localtime.say(review.split_at, zone)
        said.append(_("Two events, the second from %(at)s") % {"at": at})
        said += parts_said(review.serious_parts)
    return said


def parts_said(parts: Mapping[str, Sequence[str]]) -> list[str]:
    """`First event: not serious`, where each of two has criteria of its own."""
    words = {choices.FIRST: _("First event"), choices.SECOND: _("Second event")}
    none = _("not serious")
    return [
        f"{words[part]}: "
        + (", ".join(str(choices.SERIOUS[one]) for one in parts[part]) or none)
        for part in words
        if part in parts
    ]


@register.filter
def window_words(window: Any) -> str:
    """Where the onset stands in the window for dose limits."""
    told = {"day": window.day, "days": window.days}
    if window.state == "open":
        return _("began on day %(day)s of %(days)s") % told
    if window.state == "over":
        return _("began after the window of %(days)s days") % told
    return _("began before the window of %(days)s days") % told


@register.filter
def says_more(form: Any) -> bool:
    """Whether something stands in the part that is closed else, or is wrong in it."""
    names = ("dlt", "dlt_criterion", "dlt_exception", "rechallenge", "split_at")
    names += ("serious_first",)
    return any(form[name].value() or form[name].errors for name in names)


# Clocks


@register.filter
def clock_word(one: Clock) -> str:
    return words_of(one.kind, one.rank)


@register.filter
def who_enters(one: Clock) -> str:
    """To who enters the other side's reports."""
    if one.kind is Kind.SITE:
        return _("The site enters this report.")
    return _("The sponsor's safety physician enters this report.")


@register.filter
def report_note(one: Clock) -> str:
    """Why the soonest report of an event is owed, beside its time in the queue."""
    if one.rank == INTEREST:
        return _("special interest, report")
    return _("serious, report")


@register.filter
def report_word(one: Any) -> str:
    """Whose report a kept one is: `Site to sponsor`."""
    return words_of(one.kind, one.rank)


@register.filter
def is_about(form: Any, one: Clock) -> bool:
    """Whether what was typed and refused was typed about this clock."""
    typed = (str(form["kind"].value()), str(form["rank"].value()))
    return bool(form.is_bound) and typed == (one.kind.value, str(one.rank))


@register.filter
def is_late(one: Clock) -> bool:
    return one.late(clock.now())


@register.filter
def clock_left(one: Clock) -> str:
    """`3 h 20 left`, `6 d 4 h left`, `2 h 10 late`, or whether it went in time."""
    late = is_late(one)
    if not one.runs:
        return _("reported late") if late else _("reported in time")
    span = say_span(one.due_at - clock.now())
    return (_("%(age)s late") if late else _("%(age)s left")) % {"age": span}


@register.simple_tag
def new_key() -> str:
    """Makes what is sent twice from one page one thing."""
    return str(uuid4())


@register.simple_tag
def events_file(query: Mapping[str, str], by: str = "") -> str:
    """The address of the file with what the list shows."""
    told = {**query, **({"by": by} if by else {})}
    address = reverse("adverse-events-csv")
    return f"{address}?{urlencode(told)}" if told else address
