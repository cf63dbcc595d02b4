"""What a CTCAE term is made of: grades as lines, lines as bounds. Plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from monitor.clinical.items.model import Conversion

Version = Literal["v5", "v6"]
Reference = Literal["number", "ULN", "LLN", "baseline"]
Sign = Literal[">", ">=", "<", "<="]
When = Literal["", "baseline high", "baseline not high", "baseline low"]
VERSIONS: tuple[Version, ...] = ("v5", "v6")
VERSION_NAMES: Mapping[str, str] = {"v5": "CTCAE v5.0", "v6": "CTCAE v6.0"}


@dataclass(frozen=True, slots=True)
class Bound:
    """`value SIGN times x reference + plus`.

    `numbers`: for a plain number, what is printed for each unit, in the canonical unit;
    the first stands for every unit that has none of its own. `text` as in the file.
    """

    sign: Sign
    reference: Reference
    text: str
    times: Fraction = Fraction(1)
    plus: Fraction = Fraction(0)
    numbers: tuple[tuple[str, Fraction], ...] = ()

    def number(self, unit: str) -> Fraction:
        """The printed number for a value typed in `unit`, canonical."""
        return dict(self.numbers).get(unit, self.numbers[0][1])


@dataclass(frozen=True, slots=True)
class Line:
    """One way to reach a grade: every bound kept, the baseline so, the question so."""

    grade: int
    bounds: tuple[Bound, ...]
    says: str
    of: str
    when: When = ""
    asks: str = ""
    worst: bool = False
    person: bool = False
    culture: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """Another item's value of the same moment that a term also needs under a number."""

    item: str
    bound: Bound


@dataclass(frozen=True, slots=True)
class Term:
    """A CTCAE term with its lines by version. `item`: the catalogue's, "" if none.

    `units`: how each accepted unit becomes the canonical one; empty where no line holds
    a number, so that value, range and baseline only need to be in one unit.
    `family`: the part of the knowledge it stands in. `answered`: how `question` is
    answered for a file that names this very term.
    """

    key: str
    name: str
    item: str
    of: str
    unit: str
    units: Mapping[str, Conversion]
    lines: Mapping[str, tuple[Line, ...]]
    sources: Mapping[str, str]
    verified: bool
    note: str = ""
    question: str = ""
    answered: bool | None = None
    beside: Beside | None = None
    unless: str = ""
    topic: str = ""
    family: str = ""

    @property
    def versions(self) -> tuple[Version, ...]:
        return tuple(version for version in VERSIONS if version in self.lines)

    def uses(self, version: str, reference: Reference) -> bool:
        return any(
            bound.reference == reference
            for line in self.lines[version]
            for bound in line.bounds
        )

    def needs_unit(self, version: str) -> bool:
        """Whether a line holds a number, which only means something in a unit."""
        return any(
            bound.reference == "number" or bound.plus
            for line in self.lines[version]
            for bound in line.bounds
        )

    def by_culture(self, answer: str, version: str) -> int | None:
        """The lowest grade that a blood culture's answer means; None for none."""
        lines = self.lines.get(version, ())
        own = [one.grade for one in lines if answer and one.culture == answer]
        return min(own, default=None)

    def says(self, grade: int, version: str) -> str:
        """Our paraphrase of a grade; "" where the term lacks it in this version."""
        own = [line.says for line in self.lines[version] if line.grade == grade]
        return "; or ".join(own)
