"""How fast laboratory values are graded: `python -m tests.benchmarks.labs [ROWS]`.

A file of made-up values of every term, in both versions and every unit, is graded
whole (`labfile.grade_table`, as `grade_labs` does) and, for comparison in the same run,
line by line in plain Python by the oracle of the tests; both must agree.
"""

from __future__ import annotations

import random
import sys
import time
from fractions import Fraction

import polars as pl

from monitor.clinical.ctcae import TERMS
from monitor.clinical.ctcae.continuity import World
from monitor.clinical.ctcae.model import Term
from monitor.clinical.scores.labfile import CRITERIA, grade_table

ROWS = 100_000
PLAIN_ROWS = 5_000
CRITERION = {version: name for name, version in CRITERIA.items() if "_" not in name}
Row = dict[str, str]


def made_up(count: int) -> list[tuple[Term, str, str, Row]]:
    """Values about the limits, with a range and a baseline in the value's own unit."""
    rng = random.Random(20261125)
    kinds = [
        (term, version, unit)
        for term in TERMS.values()
        for version in term.versions
        if term.answered is None and term.beside is None and not term.unless
        if any(line.bounds for line in term.lines[version])
        for unit in (term.units if term.needs_unit(version) else ("",))
    ]
    made = []
    for _ in range(count):
        term, version, unit = rng.choice(kinds)
        low, high, base, value = (f"{rng.uniform(0.1, 400):.4g}" for _ in range(4))
        if Fraction(low) > Fraction(high):
            low, high = high, low
        row = {
            "criteria": CRITERION[version],
            "term": term.name,
            "aval": value,
            "unit": unit,
            "anrlo": low,
            "anrhi": high,
            "base": base,
        }
        made.append((term, version, unit, row))
    return made


def plain(term: Term, version: str, unit: str, row: Row) -> str:
    """One row by the lines themselves, exact, the questions answered for the worst."""
    convert = term.units[unit].canonical if unit in term.units else Fraction
    value, low, high, base = (
        convert(Fraction(row[name])) for name in ("aval", "anrlo", "anrhi", "base")
    )
    world = World(low, high, base)
    met = [
        line.grade
        for line in term.lines[version]
        if line.bounds
        and line.of == term.of
        and (not line.asks or line.worst)
        and world.meets(value, line, unit)
        and not (line.when == "baseline high" and value <= high)
    ]
    return str(max(met, default=0))


def main(count: int = ROWS) -> None:
    rows = made_up(count)
    table = pl.DataFrame([row for *_, row in rows])
    grade_table(table.head(10))
    began = time.perf_counter()
    graded = grade_table(table).rows
    whole = time.perf_counter() - began
    few = rows[: min(PLAIN_ROWS, count)]
    began = time.perf_counter()
    expected = [plain(*one) for one in few]
    slow = time.perf_counter() - began
    got = graded["grade"].head(len(few)).to_list()
    asked = graded["why"].head(len(few)).to_list()
    differ = [
        (row, want, have, why)
        for (*_, row), want, have, why in zip(few, expected, got, asked, strict=True)
        if want != have and not why.endswith("?")
    ]
    print(f"{count} values in {whole:.2f} s: {count / whole:,.0f} values/s")
    print(f"plain Python: {len(few) / slow:,.0f} values/s, {len(differ)} differ")
    for one in differ[:5]:
        print(*one)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
