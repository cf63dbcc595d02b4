"""Which rule of an item speaks about a number: limits, jumps, another unit.

Numbers are canonical and already rounded; hours are hours. Nothing here knows how a
value was typed or what a person is told.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from monitor.clinical.items import units
from monitor.clinical.items.model import Conversion, Item, Jump

# A unit is suggested for a jump only where it brings the value this much nearer.
NEARER = 4

Outcome = Literal["accepted", "questioned", "held", "refused", "error"]


def first_check(item: Item, number: float) -> tuple[str, Outcome]:
    """The first rule that speaks, sternest first, and what follows; "" if none."""
    if side := item.hard.side(number):
        return f"hard_{side}", "refused"
    if item.whole and number != int(number):
        return "not_whole", "refused"
    if side := item.confirm.side(number):
        return f"confirm_{side}", "held"
    if item.grading and not item.grading.has(int(number)):
        return "no_such_grade", "questioned"
    if side := item.soft.side(number):
        return f"soft_{side}", "questioned"
    least = item.soft.nonzero_low
    if least is not None and 0 < number < least:
        return "too_little", "questioned"
    return "", "accepted"


def period_check(item: Item, amount: float, hours: float | None) -> tuple[str, Outcome]:
    """The rule that speaks about an amount over so many hours.

    A period under an hour is judged as an hour: one void is not a rate.
    """
    if hours is None or hours <= 0:
        return "no_period", "refused"
    per_hour, zero = item.hard.per_hour, item.soft.zero_hours
    if per_hour is not None and amount > per_hour * max(hours, 1):
        return "hard_rate", "refused"
    if zero is not None and amount == 0 and hours >= zero:
        return "zero_period", "questioned"
    return "", "accepted"


def first_jump(item: Item, number: float, before: float, hours: float) -> Jump | None:
    """The jump that this change since `hours` ago is, if it is one."""
    for jump in item.jumps:
        if 0 <= hours <= jump.hours and _is_jump(jump, number, before):
            return jump
    return None


def _is_jump(jump: Jump, number: float, before: float) -> bool:
    change = units.rounded(number - before)
    return (
        (jump.by is not None and abs(change) > jump.by)
        or (jump.fall is not None and -change > jump.fall)
        or _exceeds_percent(jump, change, before)
        or _is_multiple(jump, number, before)
        or _collapsed(jump, number, before)
    )


def _exceeds_percent(jump: Jump, change: float, before: float) -> bool:
    if jump.percent is None or before <= 0:
        return False
    return units.rounded(abs(change) * 100 / before) > jump.percent


def _is_multiple(jump: Jump, number: float, before: float) -> bool:
    small, large = sorted((number, before))
    return jump.times is not None and small > 0 and large / small >= jump.times


def _collapsed(jump: Jump, number: float, before: float) -> bool:
    if jump.below is None or jump.previous_above is None:
        return False
    return number < jump.below and before > jump.previous_above


def other_unit(
    item: Item, conversion: Conversion, value: Fraction
) -> Conversion | None:
    """The first other unit in which these digits would pass every limit."""
    for other, number in _other_readings(item, conversion, value):
        if not first_check(item, number)[0]:
            return other
    return None


def unit_without_jump(
    item: Item, conversion: Conversion, value: Fraction, before: float, jump: Jump
) -> Conversion | None:
    """The other unit in which these digits would lie near the last value.

    A fall that is itself the mark of a mix-up (`below`) asks no nearness.
    """
    marked = jump.below is not None
    distance = abs(units.rounded(conversion.canonical(value)) - before)
    for other, number in _other_readings(item, conversion, value):
        near = abs(number - before) * NEARER <= distance
        if (near or marked) and not first_check(item, number)[0]:
            return other
    return None


def _other_readings(
    item: Item, conversion: Conversion, value: Fraction
) -> Iterator[tuple[Conversion, float]]:
    for other in item.units.values():
        if (other.factor, other.offset) != (conversion.factor, conversion.offset):
            yield other, units.rounded(other.canonical(value))
