"""What happens to one typed value (reference 11, R12; limits: section 8).

Five outcomes, and only the first two feed an assessment:

    accepted    feeds
    questioned  feeds, and stays a query: a soft check asked once (unusual, not rare)
    held        feeds nothing until a person confirms it (rare, or a jump)
    refused     feeds nothing, ever: it cannot be
    error       cannot be read: no number, unknown unit, unknown answer

A value that is real and dangerous is accepted like any other: no clinical line blocks
saving. Where another unit would make sense of a value it is suggested, never taken.
A laboratory's `<5` is a number just past its limit (`censored`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from functools import lru_cache

from monitor.clinical.items import catalogue, censored, limits, sentences, spoken, units
from monitor.clinical.items.limits import Outcome
from monitor.clinical.items.model import Conversion, Item, UnknownOption, UnknownUnit

FEEDING: tuple[Outcome, ...] = ("accepted", "questioned")

THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
DIGITS = re.compile(r"[0-9]+")
TEMPLATES = {
    "confirm_low": sentences.CONFIRM,
    "confirm_high": sentences.CONFIRM,
    "soft_low": sentences.SOFT,
    "soft_high": sentences.SOFT,
    "too_little": sentences.SOFT,
    "not_whole": sentences.NOT_WHOLE,
    "no_such_grade": sentences.NO_SUCH_GRADE,
    "hard_rate": sentences.HARD_RATE,
    "no_period": sentences.NO_PERIOD,
    "zero_period": sentences.ZERO_PERIOD,
}


class CannotConfirm(ValueError):
    """Only a held value waits for a person's yes."""


@dataclass(frozen=True, slots=True)
class Previous:
    """The last value of the same item that fed (canonical), and when it was taken."""

    number: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Entered:
    """One value as understood: `number` in `unit` (canonical), or `choice` if coded.

    `typed` and `typed_unit` are kept as they came; `understood` differs from `typed`
    where a comma or a shorthand was read (391 -> 39.1). `check` names the rule that
    spoke, "" if none. `template` and `gaps` make the sentence, for a page to translate.
    A refused or unreadable value has no number.
    """

    code: str
    outcome: Outcome
    number: float | None
    choice: str
    unit: str
    typed: str
    typed_unit: str
    understood: str = ""
    check: str = ""
    template: str = ""
    gaps: Mapping[str, str] = field(default_factory=dict)
    suggested_unit: str = ""

    @property
    def feeds(self) -> bool:
        return self.outcome in FEEDING

    @property
    def sentence(self) -> str:
        """What to do, in English; "" when there is nothing to say."""
        said = self.template.format(**self.gaps)
        if self.suggested_unit:
            said += " " + sentences.OTHER_UNIT.format(**self.gaps)
        return said

    def confirm(self) -> "Entered":
        """The held value, accepted by a person. Raises CannotConfirm for any other."""
        if self.outcome != "held":
            said = f"{self.code} {self.typed} is {self.outcome}: nothing to confirm."
            raise CannotConfirm(said)
        return replace(self, outcome="accepted")


def read(
    item: Item,
    typed: str,
    unit: str | None = None,
    previous: Previous | None = None,
    at: datetime | None = None,
    hours: float | None = None,
) -> Entered:
    """One value as a person typed it: 38.5, 38,5 and 385 are 38.5 Cel.

    `unit` is UCUM, the item's own if not given; where it was typed behind the value, as
    in 97 %, the value alone is `typed`. A jump needs `previous` and `at`; a
    period item needs the `hours` that it covers. Never raises.
    """
    given = item.unit if unit is None else unit
    entered = judge(item.code, spoken.value_of(typed, item, given), given, True)
    if item.kind == "period":
        return judge_period(entered, hours)
    if previous is None or at is None:
        return entered
    elapsed = (at - previous.at).total_seconds() / 3600
    return judge_jump(entered, previous.number, units.rounded(elapsed))


@lru_cache(maxsize=100_000)
def judge(code: str, typed: str, unit: str, shorthand: bool = False) -> Entered:
    """One value by itself, without what came before or the time that it covers.

    `shorthand` reads 391 as 39.1 where only that can be meant: for people's typing, not
    for files. Raises UnknownItem.
    """
    item = catalogue.item(code)
    if not typed.strip():
        return _error(item, typed, unit, "empty", sentences.EMPTY)
    if item.kind == "coded":
        return _judge_choice(item, typed, unit)
    try:
        conversion = item.conversion(unit)
    except UnknownUnit:
        return _unknown_unit(item, typed, unit)
    return _judge_text(item, typed, unit, conversion, shorthand)


def _judge_choice(item: Item, typed: str, unit: str) -> Entered:
    if unit:
        return _error(item, typed, unit, "unknown_unit", sentences.NO_UNIT_HERE)
    try:
        option = item.option(typed.strip())
    except UnknownOption:
        return _error(item, typed, unit, "unknown_choice", sentences.UNKNOWN_CHOICE)
    return Entered(item.code, "accepted", None, option.code, "", typed, unit, typed)


def _judge_text(
    item: Item, typed: str, unit: str, conversion: Conversion, shorthand: bool
) -> Entered:
    sign, text = censored.split(typed)
    if sign and not censored.takes(item):
        return _error(item, typed, unit, "not_a_number", sentences.NOT_A_NUMBER)
    if THOUSANDS.fullmatch(text):
        return _error(item, typed, unit, "ambiguous_number", sentences.AMBIGUOUS)
    text = text.replace(",", ".", 1)
    try:
        value = Fraction(units.parse(text))
    except units.NotANumber:
        return _error(item, typed, unit, "not_a_number", sentences.NOT_A_NUMBER)
    if shorthand and _is_shorthand(item, conversion, text, value):
        text, value = f"{text[:-1]}.{text[-1]}", value / 10
    number = censored.past(units.rounded(conversion.canonical(value)), sign)
    said = f"{sign}{text}"
    entered = Entered(item.code, "accepted", number, "", item.unit, typed, unit, said)
    check, outcome = limits.first_check(item, censored.judged(number, sign))
    return _describe(entered, check, outcome) if check else entered


def _is_shorthand(
    item: Item, conversion: Conversion, text: str, value: Fraction
) -> bool:
    """Whether only a tenth of these digits can be meant."""
    if not item.shorthand or not DIGITS.fullmatch(text):
        return False
    whole = units.rounded(conversion.canonical(value))
    tenth = units.rounded(conversion.canonical(value / 10))
    return bool(item.hard.side(whole)) and not limits.first_check(item, tenth)[0]


def judge_period(entered: Entered, hours: float | None) -> Entered:
    """A period item's amount beside the hours that it covers."""
    if not entered.feeds or entered.number is None:
        return entered
    item = catalogue.item(entered.code)
    check, outcome = limits.period_check(item, entered.number, hours)
    if not check or (outcome == "questioned" and entered.check):
        return entered
    return _describe(entered, check, outcome, hours)


# By whether it goes up, and whether it counts all the same.
JUMPS = {
    (True, False): sentences.JUMP_UP,
    (False, False): sentences.JUMP_DOWN,
    (True, True): sentences.JUMP_UP_COUNTS,
    (False, True): sentences.JUMP_DOWN_COUNTS,
}


def judge_jump(entered: Entered, before: float, hours: float) -> Entered:
    """The value beside the last one that fed, `before`, taken `hours` earlier."""
    if not entered.feeds or entered.number is None:
        return entered
    item = catalogue.item(entered.code)
    jump = limits.first_jump(item, entered.number, before, hours)
    if jump is None or (jump.outcome == "questioned" and entered.check):
        return entered
    conversion = item.conversion(entered.typed_unit)
    value = _digits(entered)
    other = limits.unit_without_jump(item, conversion, value, before, jump)
    up = entered.number > before
    return replace(
        entered,
        outcome=jump.outcome,
        check="unit_mixup" if other else "jump",
        template=JUMPS[up, jump.outcome == "questioned"],
        gaps={
            "shown": _as_shown(item, entered),
            "change": _change(item, abs(entered.number - before)),
            "before": units.display(item, before),
            "other": other.label if other else "",
        },
        suggested_unit=other.unit if other else "",
    )


def _as_shown(item: Item, entered: Entered) -> str:
    number = entered.number or 0.0
    written = f"{entered.understood} {entered.typed_unit}"
    return censored.shown(item, number, written) or units.display(item, number)


def _digits(entered: Entered) -> Fraction:
    return Fraction(units.parse(censored.split(entered.understood)[1]))


def _change(item: Item, number: float) -> str:
    """`2.1 °C`; between two percentages points, for 49 is not 11 % below 60."""
    label = sentences.POINTS if item.unit == "%" else item.unit_label
    return f"{units.display(item, number)} {label}".strip()


def _describe(
    entered: Entered, check: str, outcome: Outcome, hours: float | None = None
) -> Entered:
    item = catalogue.item(entered.code)
    conversion = item.conversion(entered.typed_unit)
    value = _digits(entered)
    odd = outcome in ("refused", "held") or check == "too_little"
    asks_unit = odd and hours is None
    other = limits.other_unit(item, conversion, value) if asks_unit else None
    rate = check == "hard_rate"
    gaps = {
        "label": item.label,
        "typed": entered.typed.strip(),
        "shown": f"{entered.understood} {conversion.label}".strip(),
        "low": _bound(item, conversion, item.hard.low),
        "high": _bound(
            item, conversion, item.hard.per_hour if rate else item.hard.high
        ),
        "unit": f" {conversion.label}" if conversion.label else "",
        "hours": f"{hours:g}" if hours else "",
        "other": other.label if other else "",
    }
    return replace(
        entered,
        outcome=outcome,
        number=None if outcome == "refused" else entered.number,
        check=check,
        template=_template(item, check),
        gaps=gaps,
        suggested_unit=other.unit if other else "",
    )


def _template(item: Item, check: str) -> str:
    if item.kind == "symptom" and check != "no_such_grade":
        return sentences.NOT_A_GRADE
    bounded = item.hard.high is not None
    hard = sentences.HARD_RANGE if bounded else sentences.HARD_FROM
    return TEMPLATES.get(check, hard)


def _bound(item: Item, conversion: Conversion, limit: float | None) -> str:
    if limit is None:
        return ""
    text = units.display(item, limit, conversion.unit)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _error(
    item: Item, typed: str, unit: str, check: str, template: str, **gaps: str
) -> Entered:
    accepted = ", ".join(option.code for option in item.options)
    written = typed.strip()
    if len(written) > units.LONGEST:
        written = f"{written[: units.LONGEST]}…"
    said = {"label": item.label, "typed": written, "given": unit}
    return Entered(
        code=item.code,
        outcome="error",
        number=None,
        choice="",
        unit=item.unit,
        typed=typed,
        typed_unit=unit,
        check=check,
        template=template,
        gaps={**said, "accepted": accepted, **gaps},
    )


def _unknown_unit(item: Item, typed: str, unit: str) -> Entered:
    accepted = ", ".join(item.units)
    template = sentences.UNKNOWN_UNIT if unit else sentences.MISSING_UNIT
    return _error(item, typed, unit, "unknown_unit", template, accepted=accepted)
