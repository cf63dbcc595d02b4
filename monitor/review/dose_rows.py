"""The check before a dose as its page says it: in groups, in words, with counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from monitor.clinical.criteria.library import QUESTIONS, Question
from monitor.clinical.items import catalogue
from monitor.clinical.predose.answers import MET, NOT_MET, STALE, UNKNOWN, Answer, Value
from monitor.clinical.predose.check import Check
from monitor.clinical.predose.inputs import ASK
from monitor.clinical.study.protocol import Lines
from monitor.episodes import wording
from monitor.review import predose
from monitor.review.dose_lines import threshold_words
from monitor.review.predose import Changed
from monitor.templatetags.hold_ui import counted_words
from monitor.templatetags.times import say_span, say_time


@dataclass(frozen=True)
class ValueRow:
    """A value that decides: its name, what it is, how old, and what a dose accepts."""

    name: str
    value: str
    age: str
    by: str


@dataclass(frozen=True)
class CriterionRow:
    """One criterion in words. `state` is met, not_met, unknown or stale."""

    key: str
    says: str
    state: str
    state_words: str
    kind: str
    values: tuple[ValueRow, ...]
    threshold: str
    source: str
    verified: bool
    action: str
    restart: str
    note: str


@dataclass(frozen=True)
class CheckRows:
    """The page's parts, what speaks against a dose first.

    `lapsed`: met by a last value that is too old to decide on; it comes before what is
    only not known.
    """

    headline: str
    follows: str
    counts: tuple[str, ...]
    against: tuple[CriterionRow, ...]
    lapsed: tuple[CriterionRow, ...]
    unsettled: tuple[CriterionRow, ...]
    rest: tuple[CriterionRow, ...]
    open_questions: tuple[Question, ...]
    answered: tuple[Question, ...]


def rows_of(found: Check, lines: Lines, zone: str) -> CheckRows:
    """Everything that the page says of a check, times in the site's zone."""

    def said(answers: Iterable[Answer]) -> tuple[CriterionRow, ...]:
        return tuple(criterion_row(one, zone) for one in answers)

    others = [one for one in found.by_state(STALE) if not one.last_met]
    asked = questions_of(found.answers)
    return CheckRows(
        headline=headline(found),
        follows=follows(found),
        counts=counts(found, lines),
        against=said(found.by_state(MET)),
        lapsed=said(found.lapsed),
        unsettled=said([*found.by_state(UNKNOWN), *others]),
        rest=said(found.by_state(NOT_MET)),
        open_questions=tuple(one for one, fresh in asked if not fresh),
        answered=tuple(one for one, fresh in asked if fresh),
    )


def headline(found: Check) -> str:
    """`1 criterion met, 4 met by their last value, which is too old; 2 unknown`."""
    told = predose.in_numbers(found)
    said = counted_words(**told | {"met": len(found.by_state(MET))})
    return said[:1].upper() + said[1:]


def follows(found: Check) -> str:
    """What the answer asks to consider. Decision support: a person decides."""
    return {
        "stop": _("So many doses of this course were held that it may be at its end."),
        "withhold": _("Consider withholding this dose."),
        "correct": _("Consider correcting what is met before this dose."),
        "unknown": _("What is unknown or stale may speak against this dose."),
        "none": _("What was recorded in time meets no hold criterion."),
    }[found.answer]


def counts(found: Check, lines: Lines) -> tuple[str, ...]:
    needed = f"{lines['hold_relative_needed']:g}"
    stop = f"{lines['hold_doses_stop']:g}"
    return (
        _("Relative criteria met: %(n)d (each: correct first; %(needed)s withhold)")
        % {"n": len(found.relative), "needed": needed},
        _("Absolute criteria met: %(n)d (1 withholds)") % {"n": len(found.absolute)},
        _("Doses held in this course: %(n)d (%(stop)s stop it)")
        % {"n": found.held, "stop": stop},
        _("Doses given: %(n)d of at most %(course)d")
        % {"n": found.given, "course": found.course}
        if found.course
        else _("Doses given: %(n)d") % {"n": found.given},
    )


def ahead_words(planned: datetime, at: datetime, zone: str) -> str:
    """That a dose of a later day is judged by what is known today; "" of today's."""
    site = ZoneInfo(zone)
    if planned.astimezone(site).date() <= at.astimezone(site).date():
        return ""
    return _(
        "This dose is planned for a later day. What is said here is of today's values: "
        "most will be too old by then, and are judged again before the dose."
    )


def state_words(state: str) -> str:
    return {
        MET: _("met"),
        NOT_MET: _("not met"),
        UNKNOWN: _("unknown"),
        STALE: _("stale"),
    }[state]


def kind_words(kind: str) -> str:
    return {
        "hold": _("hold"),
        "absolute": _("absolute"),
        "relative": _("relative"),
        "caution": _("caution"),
        "gate": _("needed before"),
    }[kind]


def criterion_row(one: Answer, zone: str) -> CriterionRow:
    criterion = one.criterion
    return CriterionRow(
        key=criterion.key,
        says=criterion.says,
        state=one.state,
        state_words=state_words(one.state),
        kind=kind_words(criterion.kind),
        values=tuple(value_row(value, zone) for value in one.values),
        threshold=threshold_words(one),
        source=one.source,
        verified=criterion.verified,
        action=criterion.action,
        restart=restart_words(one),
        note=note_words(one),
    )


def restart_words(one: Answer) -> str:
    """The line at which dosing may go on, and whether it is reached."""
    criterion = one.criterion
    said = "; ".join(filter(None, (criterion.restart_says, criterion.also)))
    if not said or not one.restart:
        return said
    reached = {
        MET: _("reached"),
        NOT_MET: _("not reached"),
        UNKNOWN: _("not known whether reached"),
    }[one.restart]
    return f"{said} ({reached})"


def note_words(one: Answer) -> str:
    if one.standing:
        return _("Met before, and its restart line is not reached since.")
    if one.state == STALE and one.last_met is not None:
        last = _("met") if one.last_met else _("not met")
        return _("By the last value, too old for a dose: %(last)s.") % {"last": last}
    return ""


def value_row(value: Value, zone: str) -> ValueRow:
    code = value.item
    name = QUESTIONS[code.removeprefix(ASK)].asks if ASK in code else label(code)
    return ValueRow(
        name=name,
        value=value_words(value),
        age=age_words(value, zone),
        by=value.by,
    )


def label(code: str) -> str:
    if code in catalogue.ITEMS:
        return wording.item_label(code)
    said = {
        "URINE_HOURLY": _("Urine per hour"),
        "URINE_HOURLY_16H": _("Urine per hour over 16 h"),
        "PHENYLEPHRINE": _("Phenylephrine per kg"),
    }.get(code, wording.plain_words(code))
    return said[:1].upper() + said[1:]


def value_words(value: Value) -> str:
    """The value in the canonical unit of its threshold, and as typed where it differs.

    Nothing where there is none: 0 is a value.
    """
    if value.value is None:
        return ""
    if ASK in value.item:
        asked = QUESTIONS[value.item.removeprefix(ASK)]
        return asked.answers.get(str(value.value), str(value.value))
    number = wording.number_text(value.item, value.value, value.typed)
    unit = wording.unit_label(value.item, value.unit)
    if isinstance(value.value, str) or value.unit == "{CTCAE}":
        unit = ""
    said = f"{number} {wording.unit_words(unit)}".strip()
    if value.unit == "{CTCAE}":
        return _("grade %(n)s") % {"n": number}
    typed = wording.typed_text(value.item, value.typed)
    other = value.typed.partition(" ")[2]
    if typed and value.item not in catalogue.ITEMS:
        return _("%(value)s (from %(typed)s)") % {"value": said, "typed": typed}
    if typed and other and other != value.unit:
        return f"{said} ({typed})"
    return said


def age_words(value: Value, zone: str) -> str:
    """`2 h old, 09:30; at most 24 h`: never silent about what is missing."""
    missing = {
        "never": _("never recorded"),
        "not_done": _("not done"),
        "unrecordable": _("could not be measured"),
        "held": _("a newer value waits for a person's confirmation"),
    }.get(value.age)
    if value.at is None or value.hours is None:
        return missing or _("never recorded")
    told = {
        "age": say_span(timedelta(hours=value.hours)),
        "at": say_time(value.at, zone, "day_time"),
    }
    said = [_("%(age)s old, %(at)s") % told, gate_words(value)]
    lacks = {
        "no_baseline": _("no baseline to compare with"),
        "no_range": _("no laboratory range"),
        "beyond": _("past the laboratory's limit, so that nobody knows"),
    }.get(value.age)
    return "; ".join(filter(None, (*said, missing or lacks)))


def gate_words(value: Value) -> str:
    if value.gate is not None:
        span = say_span(timedelta(hours=value.gate))
        return _("at most %(age)s") % {"age": span}
    return {
        "same_day": _("of the same day"),
        "same_morning": _("of the same morning"),
    }.get(value.gate_rule, "")


def questions_of(found: Iterable[Answer]) -> list[tuple[Question, bool]]:
    """Every question that the check asks, and whether its answer is young enough."""
    asked = {
        value.item.removeprefix(ASK): value.age == "fresh"
        for one in found
        for value in one.values
        if value.item.startswith(ASK)
    }
    return [(QUESTIONS[code], fresh) for code, fresh in asked.items()]


@dataclass(frozen=True)
class ChangedRow:
    """A criterion answered otherwise than at the decision, by data that came later."""

    says: str
    states: str
    values: str


def changed_rows(changed: Iterable[Changed], zone: str) -> list[ChangedRow]:
    """`not met → met` or `met, with another value`, and the values as they are now."""
    return [changed_row(one, zone) for one in changed]


def changed_row(one: Changed, zone: str) -> ChangedRow:
    before, after = (state_words(each["state"]) for each in (one.before, one.after))
    told = {"before": before, "after": after}
    said = _("%(after)s, with another value") % told
    if before != after:
        said = f"{before} → {after}"
    was = {value["item"]: _fact(value) for value in one.before["values"]}
    values = [
        value_row(as_value(value), zone)
        for value in one.after["values"]
        if was.get(value["item"]) != _fact(value)
    ]
    words = (" ".join(filter(None, (row.name, row.value, row.age))) for row in values)
    return ChangedRow(one.says, said, "; ".join(words))


def _fact(value: dict[str, Any]) -> tuple[Any, ...]:
    return value["typed"], value["value"], value["at"]


def as_value(told: dict[str, Any]) -> Value:
    """A value of a kept check, read back."""
    at = datetime.fromisoformat(told["at"]) if told["at"] else None
    return Value(**{**told, "at": at})
