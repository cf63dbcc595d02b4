"""From the value as typed to the canonical number, exactly, and back for display.

Decimal text goes through fractions and is rounded once, to six decimals: 100.4 [degF]
is 38.0 and 100.3 [degF] is 37.944444, so no comparison meets a binary remainder.
"""

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from monitor.clinical.items.model import Item, UnknownUnit

__all__ = ["NotANumber", "UnknownUnit", "convert", "display", "parse", "rounded"]

PLACES = 6
# Digits, one point, perhaps an exponent as programs write it: nothing else is a number.
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
# No quantity takes more characters; hundreds of digits are a slip, and no float.
LONGEST = 60


class NotANumber(ValueError):
    """The text is not a finite number."""


def parse(text: str) -> Decimal:
    """The number that this text is. Raises NotANumber (also for nan and inf)."""
    if len(text) > LONGEST or not NUMBER.fullmatch(text):
        raise NotANumber(f"{text or 'An empty value'} is not a number.")
    return Decimal(text)


def convert(value: Decimal | str, unit: str, item: Item) -> float:
    """`value` in `unit` as a number in the item's own unit, rounded once, six decimals.

    Raises UnknownUnit when the item is not read in that unit, NotANumber when `value`
    is no finite number. Factors: reference 8.
    """
    number = parse(value) if isinstance(value, str) else value
    if not number.is_finite():
        raise NotANumber(f"{number} is not a number.")
    return rounded(item.conversion(unit).canonical(Fraction(number)))


def rounded(value: Fraction | float) -> float:
    """`value` to six decimals; of an exact half, the one away from zero.

    A float is the sum or quotient of numbers already rounded and never lies on a half.
    """
    if isinstance(value, float):
        return round(value, PLACES) + 0.0
    scaled = abs(value) * 10**PLACES
    whole = math.floor(scaled + Fraction(1, 2))
    return math.copysign(whole / 10**PLACES, value) if whole else 0.0


def display(item: Item, number: float, unit: str = "") -> str:
    """`number` (canonical) as text in `unit`, with the decimals of that unit: "38.5".

    Without `unit`, in the item's own. Raises UnknownUnit.
    """
    conversion = item.conversion(unit or item.unit)
    typed = conversion.typed(Fraction(repr(float(number))))
    step = Decimal(1).scaleb(-conversion.decimals)
    exact = Decimal(typed.numerator) / Decimal(typed.denominator)
    text = exact.quantize(step, rounding=ROUND_HALF_UP)
    return str(abs(text) if text == 0 else text)
