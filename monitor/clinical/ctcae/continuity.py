"""Gaps and overlaps between the grades of a term, looked for when it is loaded.

A term is tried at every bound and between all of them, for a normal, a low and a high
baseline: getting worse must never lower the grade, and no value may belong to two
grades whose lines meet at one bound.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise

from monitor.clinical.ctcae.model import Bound, Line, Term

LOWER = ("<", "<=")


@dataclass(frozen=True, slots=True)
class World:
    """Limits and baseline under which a term is tried, in canonical units."""

    low: Fraction
    high: Fraction
    base: Fraction

    def limit(self, bound: Bound, unit: str) -> Fraction:
        if bound.reference == "number":
            return bound.number(unit)
        limits = {"LLN": self.low, "ULN": self.high, "baseline": self.base}
        return bound.times * limits[bound.reference] + bound.plus

    def keeps(self, value: Fraction, bound: Bound, unit: str) -> bool:
        limit = self.limit(bound, unit)
        return {
            ">": value > limit,
            ">=": value >= limit,
            "<": value < limit,
            "<=": value <= limit,
        }[bound.sign]

    def meets(self, value: Fraction, line: Line, unit: str) -> bool:
        """Whether a line is met, its question answered with yes."""
        if not self.allows(line):
            return False
        return all(self.keeps(value, bound, unit) for bound in line.bounds)

    def allows(self, line: Line) -> bool:
        return {
            "": True,
            "baseline high": self.base > self.high,
            "baseline not high": self.base <= self.high,
            "baseline low": self.base < self.low,
        }[line.when]


def faults(terms: Iterable[Term]) -> list[str]:
    """What is wrong with the limits of these terms, a sentence each.

    Lines that stand for several terms, versions or units are tried once.
    """
    found: list[str] = []
    tried: set[tuple[object, ...]] = set()
    for term in terms:
        for version, every in term.lines.items():
            for of in sorted({line.of for line in every}):
                lines = [one for one in every if one.bounds and one.of == of]
                for unit in term.units or ("",):
                    numbers = tuple(_numbers(lines, unit))
                    seen = (tuple(lines), numbers)
                    if lines and seen not in tried:
                        tried.add(seen)
                        where = f"{term.key} {version} ({unit or 'any unit'})"
                        found += _faults(where, lines, unit)
    return found


def _faults(where: str, lines: list[Line], unit: str) -> Iterator[str]:
    for world in worlds(lines, unit):
        yield from _gaps(where, lines, world, unit)
        yield from _overlaps(where, lines, world, unit)


def _numbers(lines: list[Line], unit: str) -> list[Fraction]:
    bounds = [bound for line in lines for bound in line.bounds]
    return [bound.number(unit) for bound in bounds if bound.reference == "number"]


def worlds(lines: list[Line], unit: str) -> Iterator[World]:
    """A normal range just milder than every printed number, and three baselines."""
    numbers = _numbers(lines, unit)
    used = {bound.reference for line in lines for bound in line.bounds}
    falls = "LLN" in used
    small, large = min(numbers, default=Fraction(4)), max(numbers, default=Fraction(4))
    high = large * 4 if falls else small * Fraction(9, 10)
    low = large * Fraction(11, 10) if falls else high / 2
    bases = ((low + high) / 2, low / 2, high * 2)
    for base in bases if "baseline" in used else bases[:1]:
        yield World(low, high, base)


def samples(lines: list[Line], world: World, unit: str) -> list[Fraction]:
    """Every bound, and a value between each two and beyond the ends."""
    edges = sorted({world.limit(b, unit) for line in lines for b in line.bounds})
    between = [(low + high) / 2 for low, high in pairwise(edges)]
    return sorted([*edges, *between, edges[0] / 2, edges[-1] * 2])


def _gaps(where: str, lines: list[Line], world: World, unit: str) -> Iterator[str]:
    tried = samples(lines, world, unit)
    grades = [
        max((one.grade for one in lines if world.meets(value, one, unit)), default=0)
        for value in tried
    ]
    if _falls(lines):
        tried, grades = tried[::-1], grades[::-1]
    for value, (milder, worse) in zip(tried[1:], pairwise(grades), strict=True):
        if worse < milder:
            yield f"{where}: at {float(value):g} the grade falls to {worse}."


def _falls(lines: list[Line]) -> bool:
    """Whether lower is worse: the highest grade has no lower end."""
    worst = max(lines, key=lambda line: line.grade)
    return all(bound.sign in LOWER for bound in worst.bounds)


def _overlaps(where: str, lines: list[Line], world: World, unit: str) -> Iterator[str]:
    for value in samples(lines, world, unit):
        met = [one for one in lines if world.meets(value, one, unit) and not one.asks]
        for one, other in combinations(met, 2):
            if one.grade != other.grade and _meet(one, other):
                grades = f"{one.grade} and {other.grade}"
                yield f"{where}: {float(value):g} is of the grades {grades}."


def _meet(one: Line, other: Line) -> bool:
    """Whether the two lines share the bound at which one ends and the other begins."""
    ends = {(b.reference, b.times, b.plus, b.numbers, b.sign[0]) for b in one.bounds}
    opposite = {"<": ">", ">": "<"}
    begins = {
        (b.reference, b.times, b.plus, b.numbers, opposite[b.sign[0]])
        for b in other.bounds
    }
    return bool(ends & begins)
