"""What the catalogue is made of: items, their units and limits, and treatments.

Plain frozen values. They are read from `knowledge/*.toml` by `loading`, and asked for
by code in `catalogue`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

Kind = Literal["number", "coded", "symptom", "period"]
Worse = Literal["low", "high", ""]
Version = Literal["v5", "v6"]


class UnknownItem(KeyError):
    """No item has this code."""

    def __str__(self) -> str:
        return str(self.args[0])


class UnknownTreatment(UnknownItem):
    """No treatment of the closed list has this code."""


class UnknownUnit(ValueError):
    """The item cannot be read in this unit."""


class UnknownOption(ValueError):
    """The coded item has no such answer."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """canonical = (typed - offset) * factor, exact."""

    unit: str
    label: str
    factor: Fraction = Fraction(1)
    offset: Fraction = Fraction(0)
    decimals: int = 0

    def canonical(self, typed: Fraction) -> Fraction:
        return (typed - self.offset) * self.factor

    def typed(self, canonical: Fraction) -> Fraction:
        return canonical / self.factor + self.offset


@dataclass(frozen=True, slots=True)
class Limits:
    """The last values that still pass, in the item's unit; None is no limit.

    `per_hour` bounds a period's amount as a rate; `zero_hours` questions a zero over at
    least so many hours; `nonzero_low` is the least amount but none: less is most likely
    typed in a larger unit.
    """

    low: float | None = None
    high: float | None = None
    per_hour: float | None = None
    zero_hours: float | None = None
    nonzero_low: float | None = None

    def side(self, number: float) -> Literal["low", "high", ""]:
        if self.low is not None and number < self.low:
            return "low"
        if self.high is not None and number > self.high:
            return "high"
        return ""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a coded item; `rank` is its place in the list, from 0.

    `flow`: for an oxygen device, the flows (L/min) that go with it.
    """

    code: str
    label: str
    rank: int
    group: str = ""
    flow: Limits = Limits()

    @property
    def letter(self) -> str:
        return self.label[0].lower()


@dataclass(frozen=True, slots=True)
class Jump:
    """A change since the last accepted value, within `hours`, that asks once.

    Any one of the parts given is enough: more than `by` units or `percent` either way,
    a `fall` of more than so many units, `times` as much or as little, or a value under
    `below` after one above `previous_above`.
    """

    hours: float
    by: float | None = None
    percent: float | None = None
    fall: float | None = None
    times: float | None = None
    below: float | None = None
    previous_above: float | None = None
    outcome: Literal["held", "questioned"] = "held"


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a value counts as current, in hours (reference 11, B1).

    `current` in the ward; `tight` with an episode of grade 2 or more, a vasopressor or
    new oxygen; `tight_low` while SBP < 90. None: does not lapse by hours, and `rule`
    says what ends it ("until_changed", "until_repeated", "until_next_sample",
    "covered"); a rule beside hours is a state that lasts at most so long. `follows`: at
    most as long as that item. `gate`: the oldest value that the pre-dose check accepts
    (`gate_weekly` for weekly dosing); `gate_rule` says it where hours do not.
    """

    current: float | None
    tight: float | None
    tight_low: float | None = None
    gate: float | None = None
    gate_weekly: float | None = None
    rule: str = ""
    gate_rule: str = ""
    follows: str = ""


@dataclass(frozen=True, slots=True)
class Grading:
    """A CTCAE term and its grade texts in our own words; "" is a grade it lacks."""

    term: str
    term_v6: str
    none: str
    grades: tuple[str, ...]
    grades_v6: tuple[str, ...]

    def text(self, grade: int, version: Version = "v5") -> str:
        """The words for a grade, 0 to 5; "" when the term has no such grade."""
        if grade == 0:
            return self.none
        texts = self.grades_v6 if version == "v6" else self.grades
        return texts[grade - 1] if 1 <= grade <= len(texts) else ""

    @property
    def same_in_both(self) -> bool:
        """Whether a grade means the same in both versions."""
        return (self.term, self.grades) == (self.term_v6, self.grades_v6)

    def name(self, version: Version) -> str:
        return self.term_v6 if version == "v6" else self.term

    def has(self, grade: int) -> bool:
        return bool(self.text(grade, "v5") or self.text(grade, "v6"))


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """What can be measured, asked or seen. Numbers are in `unit` (UCUM)."""

    code: str
    label: str
    short: str
    kind: Kind
    group: str
    order: int
    unit: str
    decimals: int
    units: Mapping[str, Conversion]
    worse: Worse
    hard: Limits
    confirm: Limits
    soft: Limits
    jumps: tuple[Jump, ...]
    validity: Validity
    options: tuple[Option, ...]
    grading: Grading | None
    loinc: str
    source: str
    verified: bool
    project: bool
    whole: bool = False
    unrecordable: bool = False
    shorthand: bool = False
    not_above: str = ""
    refuse_both: bool = False

    @property
    def is_numeric(self) -> bool:
        """Whether its readings carry a number (a symptom's number is its grade)."""
        return self.kind != "coded"

    @property
    def unit_label(self) -> str:
        return self.units[self.unit].label if self.unit else ""

    def conversion(self, unit: str) -> Conversion:
        """The conversion from `unit`; an item in a `{...}` unit may leave it out.

        Raises UnknownUnit with a sentence that names what it accepts.
        """
        if unit == "" and self.unit.startswith("{"):
            unit = self.unit
        try:
            return self.units[unit]
        except KeyError:
            accepted = ", ".join(self.units) or "no unit"
            given = f"not {unit}" if unit else "and the unit is missing"
            raise UnknownUnit(f"{self.code} is read in {accepted}, {given}.") from None

    def option(self, code: str) -> Option:
        """The answer with this code, in any case. Raises UnknownOption."""
        for option in self.options:
            if option.code.lower() == code.lower():
                return option
        accepted = ", ".join(option.code for option in self.options)
        raise UnknownOption(f"{self.code} is one of {accepted}, not {code or 'empty'}.")


@dataclass(frozen=True, slots=True)
class Over:
    """An amount from which something counts: at or over `value` (over, if `strictly`).

    `per` is "dose", "24h" (sum) or "rate".
    """

    value: float
    unit: str
    per: Literal["dose", "24h", "rate"]
    strictly: bool = False


@dataclass(frozen=True, slots=True)
class Mask:
    """Items that a treatment blurs, and for how many hours after it (B2).

    `while_running`: from the start to so many hours after the stop. `until`
    ("next_baseline") stands where the table gives no hours. `over`: only from that
    amount.
    """

    items: tuple[str, ...]
    hours: float | None = None
    while_running: bool = False
    until: str = ""
    over: Over | None = None


@dataclass(frozen=True, slots=True)
class TreatmentKind:
    """An agent or action of the closed list of the management log."""

    code: str
    label: str
    klass: str
    class_label: str
    forms: tuple[Literal["amount", "rate", "scheduled", "action"], ...]
    units: tuple[str, ...]
    source: str
    masks: tuple[Mask, ...] = field(default=())
    counts_as_pressor: bool = False
    counts_from: Over | None = None

    def masks_item(self, code: str) -> tuple[Mask, ...]:
        return tuple(mask for mask in self.masks if code in mask.items)
