"""What the review page says: decisions about words, not about rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitor.clinical.items import catalogue
from monitor.clinical.thresholds import SOURCES, Source
from monitor.episodes.rows import why_words
from monitor.episodes.shapes import Reason, StepRow
from monitor.episodes.wording import item_short, numbered, unit_words
from monitor.review import choices
from monitor.trials.models import Role

from .marks import icon
from .times import say_span

register = template.Library()

# Evidence


@register.simple_tag
def since_given(at: datetime | None, doses: Iterable[Any], short: bool = False) -> str:
    """`4 h 07 after dose 1`, or `+4 h 07`: from the last dose given before `at`."""
    before = [dose for dose in doses if dose.given_at and at and dose.given_at <= at]
    if not before:
        return ""
    last = max(before, key=lambda dose: dose.given_at)
    span = say_span(at - last.given_at)
    if short:
        return f"+{span}"
    told = {"age": span, "n": last.number}
    if len({dose.cycle_id for dose in doses}) > 1:
        told["cycle"] = last.cycle.number
        return _("%(age)s after dose %(n)d of cycle %(cycle)d") % told
    return _("%(age)s after dose %(n)d") % told


@register.filter
def span_words(span: timedelta) -> str:
    """`1 h 20`."""
    return say_span(span)


@register.filter
def of_line(found: Mapping[int, Any], line: Any) -> Any:
    """What belongs to one line of the log, by its id; nothing for one without."""
    return found.get(line.pk, ()) if found else ()


@register.filter
def answered_after(one: Any) -> str:
    """`after 9 min`, `before it was known`, or that it is not recorded."""
    if one.at is None:
        return _("not recorded")
    if one.span is None:
        return _("before it was known")
    return _("after %(span)s") % {"span": say_span(one.span)}


@register.simple_tag
def since_onset(at: datetime, onset: datetime) -> str:
    """`10 min after onset`: from the start of what was given, not from its entry."""
    if at < onset:
        return ""
    return _("%(age)s after onset") % {"age": say_span(at - onset)}


@register.simple_tag
def typed_beside(reason: Reason) -> str:
    """The value as it was typed, where that is not what is shown."""
    typed = reason.typed.strip()
    if not typed or _plain(typed) == _plain(reason.value):
        return ""
    return _("typed %(value)s") % {"value": shown_typed(reason.item, typed)}


def _plain(text: str) -> str:
    """Number and unit in one spelling, or a coded answer as its label reads."""
    number, _space, unit = text.partition(" ")
    try:
        return f"{float(number):g} {unit_words(unit)}".strip()
    except ValueError:
        return text.replace("_", " ").casefold()


def shown_typed(item: str, typed: str) -> str:
    """`102.4 [degF]` as `102.4 °F`."""
    number, _space, unit = typed.partition(" ")
    known = catalogue.ITEMS.get(item)
    if known and unit in known.units:
        return f"{number} {known.units[unit].label}".strip()
    return typed


def source_of(name: str) -> Source | None:
    """A source by its key or by its short name."""
    if name in SOURCES:
        return SOURCES[name]
    return next((one for one in SOURCES.values() if one.short == name), None)


@register.simple_tag
def source_mark(name: str) -> SafeString:
    """The source of a line, linked to its passage; a default is marked as one."""
    if not name:
        return SafeString("")
    if name.startswith("PROJ"):
        return format_html(
            '<a href="/knowledge/#source-PROJ">{}</a>', _("configurable default")
        )
    found = source_of(name)
    if found is None:
        return format_html('<span class="quiet">{}</span>', name)
    return format_html('<a href="/knowledge/#source-{}">{}</a>', found.key, found.short)


@register.simple_tag
def consider_items(options: Iterable[Any]) -> list[dict[str, Any]]:
    """Options for the part "Consider": text with its source and where that stands."""
    return [
        {
            "text": option.text,
            "source": _source_word(option.source),
            "source_url": f"/knowledge/#source-{option.source}"
            if option.source in SOURCES
            else "",
        }
        for option in options
    ]


def _source_word(name: str) -> str:
    found = source_of(name)
    return found.short if found else name


# Steps


@register.filter
def cause_head(step: StepRow) -> SafeString:
    """`Corrected:` before a step that a correction made; a plain entry says nothing."""
    if step.cause == "entry":
        return SafeString("")
    return format_html("<b>{}:</b>", str(step.cause_word).capitalize())


@register.filter
def step_why(step: StepRow) -> str:
    """The values that decided, and what was missing: the reason in one breath."""
    lacking = [item_short(one["item"]) for one in step.state.get("missing") or ()]
    said = why_words(step.state) or step.explanation
    if not lacking:
        return said
    return _("%(why)s. Missing: %(items)s") % {"why": said, "items": ", ".join(lacking)}


@register.filter
def step_words(step: StepRow) -> str:
    """A step as one sentence."""
    why = step_why(step).rstrip(".")
    if step.withdrawn_at:
        return _("Withdrawn: %(words)s.") % {"words": why}
    if step.grade is None:
        return f"{why}."
    return f"{grade_of(step)}: {why}."


def grade_of(step: StepRow) -> str:
    words = _("at least grade %(n)d") if step.at_least else _("grade %(n)d")
    return (words % {"n": step.grade}).capitalize()


#: So much of what is new is said in words at the head of the page.
NEWS = 6


@register.simple_tag
def news_shown(news: Sequence[Any]) -> dict[str, Any]:
    """The newest of what came since the last look, and how much there is besides."""
    left = len(news) - NEWS
    more = ngettext("And %(n)d more before.", "And %(n)d more before.", left)
    return {"rows": news[-NEWS:][::-1], "more": more % {"n": left} if left > 0 else ""}


# Reviews


register.filter("numbered", numbered)


@register.simple_tag
def decision_facts(review: Any, suspects: Mapping[str, Any]) -> list[str]:
    """What was said: `Study drug probable`, `Medically important`, `Recovering`."""
    said = [
        f"{suspects.get(who, who)} {str(choices.CAUSALITY.get(how, how)).lower()}"
        + noted(review.suspect_notes.get(who, ""))
        for who, how in choices.in_order(review.attribution, suspects)
    ]
    said += [str(choices.SERIOUS.get(code, code)) for code in review.serious]
    said += [
        f"{suspects.get(who, who)}: {str(choices.ACTIONS.get(done, done)).lower()}"
        for who, done in choices.in_order(review.action, suspects)
    ]
    if review.outcome == "UNKNOWN":  # Alone it would not say what is unknown.
        said.append(_("outcome unknown"))
    elif review.outcome:
        said.append(str(choices.OUTCOMES.get(review.outcome, review.outcome)))
    return said


def noted(why: str) -> str:
    """` (line site clean)`: the assessor's note behind what it is about."""
    return f" ({why})" if why else ""


@register.filter
def role_word(signature: Any) -> str:
    """The role in which it was signed."""
    roles: Mapping[str, Any] = dict(Role.choices)
    return str(roles.get(signature.role, signature.role))


@register.simple_tag
def field_error(form: Any, name: str) -> SafeString:
    """What is wrong with a field or a group, as a sentence beside it."""
    if not form.is_bound:
        return SafeString("")
    found: Sequence[str] = form.errors.get(name or "__all__", [])
    if name not in form.fields:
        found = [form.beside[name]] if name in form.beside else []
    if not found:
        return SafeString("")
    return format_html(
        '<p class="field-error" id="error-{}">{} {}</p>', name, icon("cross"), found[0]
    )


@register.simple_tag
def form_errors(form: Any) -> list[tuple[str, str]]:
    """(part of the page, sentence) for the list at the top, in the page's order."""
    named = [
        (name, found[0]) for name, found in form.errors.items() if name in form.fields
    ]
    found = named + list(form.beside.items() - dict(named).items())
    return sorted(found, key=lambda one: place_of(one[0]))


#: The parts of a decision's page from the top down; the rest of it comes between.
TOP = ("verdict", "grade", "ctcae_grade", "ctcae_term", "part_of_id", "reason")
MIDDLE = ("attribution", "work_up", "note", "serious", "expected", "aware_at", "action")
BOTTOM = ("outcome", "died_at", "", "password")


def place_of(part: str) -> tuple[int, str]:
    order = (*TOP, *MIDDLE, *BOTTOM)
    name = next((one for one in order if one and part.startswith(one)), "")
    return order.index(name), part


@register.filter
def agent_label(code: str, agents: Mapping[str, str]) -> str:
    """What the protocol calls an agent; its code where it does not say."""
    return agents.get(code, code)
