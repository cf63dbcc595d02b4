"""A result beyond what the laboratory can measure: `<5`, `>10`.

The text is kept and shown as it was typed. What is compared is a number just past the
limit on the side that was said, one step of the six decimals that every number has:
`<0.5` lies below a line of 0.5 and is not 0.5, `>10` lies above a line of 10. `<=5`
may be 5, so that it is read as 5. How far past the limit the truth lies nobody knows:
a grade that grows that way (`<0.1` of an item that is worse low) is a floor.
Decision 0015.
"""

from fractions import Fraction

from monitor.clinical.items import units
from monitor.clinical.items.model import Item

STEP = Fraction(1, 10**units.PLACES)
PAST = {"<": -STEP, ">": STEP, "≤": Fraction(0), "≥": Fraction(0)}
SPELLINGS = {"<=": "≤", ">=": "≥"}


def takes(item: Item) -> bool:
    """Laboratories report beyond a limit; a bedside device shows a number."""
    return item.group == "labs" and item.kind == "number"


def split(text: str) -> tuple[str, str]:
    """`<`, `5` of `< 5`; no sign before what is a number by itself."""
    said = text.strip()
    for spelling, sign in SPELLINGS.items():
        if said.startswith(spelling):
            return sign, said[2:].lstrip()
    return (said[0], said[1:].lstrip()) if said[:1] in PAST else ("", said)


def past(number: float, sign: str) -> float:
    """The number that stands for everything beyond a limit."""
    return units.rounded(Fraction(repr(number)) + PAST[sign]) if sign else number


def judged(number: float, typed: str) -> float:
    """What the limits of the item judge: the laboratory's own limit.

    A potassium of `>10` is what it reports where no number can be above 10.
    """
    sign = split(typed)[0]
    if not sign or number < 0:
        return number
    return units.rounded(Fraction(repr(number)) - PAST[sign])


def is_floor(item: Item, typed: str) -> bool:
    """Whether the truth may be worse than the number that is compared."""
    worse = {"low": "<", "high": ">"}.get(item.worse, "")
    return bool(worse) and split(typed)[0] == worse


def shown(item: Item, number: float, typed: str, wanted: str = "") -> str:
    """`<5` as it was typed; in another unit than that, the limit converted.

    `typed` may end with its unit: `<0.5 mg/dL`; `wanted` is the item's own unless
    given. "" for a value within the limits.
    """
    wanted = wanted or item.unit
    sign, rest = split(typed)
    if not sign:
        return ""
    digits, _space, unit = rest.partition(" ")
    if (unit or item.unit) == wanted:
        return f"{sign}{digits}"
    limit = units.rounded(Fraction(repr(number)) - PAST[sign])
    text = units.display(item, limit, wanted)
    exact = float(item.conversion(wanted).typed(Fraction(repr(limit))))
    return f"{sign}{text if float(text) else f'{exact:.2g}'}"
