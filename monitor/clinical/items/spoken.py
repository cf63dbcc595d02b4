"""A unit that a person typed behind its value: `97 %`, `38,5°`, `16/min`, `2 L`.

Read only where it is the unit that is chosen for the value: `101.3 F` beside °C stays
unreadable here, and another unit is suggested, never taken.
"""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType

from monitor.clinical.items.model import Conversion, Item

#: Behind the last digit, perhaps with a point, something that is no number.
BEHIND = re.compile(r"(.*?[0-9][.,]?)\s*([^0-9.,\s].*)", re.DOTALL)

MICRO = str.maketrans({"\N{GREEK SMALL LETTER MU}": "u", "\N{MICRO SIGN}": "u"})

#: Unit -> what people write for it beside its label and its code.
ALSO: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Cel": ("°", "c"),
        "[degF]": ("°", "f"),
        "/min": ("bpm",),
        "{beats}/min": ("/min", "bpm"),
        "{breaths}/min": ("/min",),
        "L/min": ("l", "lpm"),
        "[lb_av]": ("lbs",),
        "mm[Hg]": ("mmhg",),
    }
)


def without_unit(typed: str, unit: Conversion) -> str:
    """The value alone, if what stands behind it is this unit; else as it was typed."""
    return without(typed, spellings(unit))


def without(typed: str, said: Collection[str]) -> str:
    """The same for a unit by its spellings, squeezed."""
    parts = BEHIND.fullmatch(typed.strip())
    return parts[1] if parts and squeezed(parts[2]) in said else typed


def value_of(typed: str, item: Item, unit: str) -> str:
    """The same for an item and the code of a unit; an unknown unit has no spelling."""
    known = item.units.get(unit or item.unit)
    return without_unit(typed, known) if known else typed


def spellings(unit: Conversion) -> tuple[str, ...]:
    """How the unit may be typed, squeezed: its label, its code, and what people say."""
    said = (unit.label, unit.unit, *ALSO.get(unit.unit, ()))
    return tuple(dict.fromkeys(filter(None, map(squeezed, said))))


def squeezed(text: str) -> str:
    """Without blanks, in small letters, a micro of either kind as u."""
    return "".join(text.split()).lower().translate(MICRO)
