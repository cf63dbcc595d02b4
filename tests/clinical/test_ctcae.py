"""The CTCAE grader: every bound of every term, and what it does when it cannot say."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from monitor.clinical.ctcae import TERMS, continuity, loading
from monitor.clinical.ctcae.continuity import World, samples, worlds
from monitor.clinical.ctcae.grader import grade
from monitor.clinical.ctcae.model import Line, Term
from monitor.clinical.items.loading import KNOWLEDGE, KnowledgeError

STEP = Fraction(1, 10_000)


def graded(term: str, version: str = "v5", unit: str = "", **values: Any) -> Any:
    """The row that the grader makes of one value, limits in the canonical unit."""
    made = TERMS[term]
    worst = values.pop("worst", False)
    row = {
        "term": term,
        "version": version,
        "of": made.of,
        "unit": unit or (made.unit if made.needs_unit(version) else ""),
        **values,
    }
    return grade(pl.DataFrame([row]), worst=worst).row(0, named=True)


def worked() -> Iterator[tuple[Term, str, str, str, list[Line]]]:
    for term in TERMS.values():
        for version, every in term.lines.items():
            for of in sorted({line.of for line in every}):
                lines = [one for one in every if one.bounds and one.of == of]
                for unit in term.units if term.needs_unit(version) else ("",):
                    yield term, version, of, unit, lines


def test_every_bound_of_every_term_is_graded_as_its_lines_say() -> None:
    """Just below, at and just above each bound, against the lines read one by one."""
    rows, expected, named = [], [], []
    for term, version, of, unit, lines in worked():
        if not lines:
            continue
        for world in worlds(lines, unit):
            for edge in samples(lines, world, unit):
                for value in (edge - STEP, edge, edge + STEP):
                    rows.append(row_of(term, version, of, unit, world, value))
                    expected.append(oracle(lines, world, value, unit))
                    named.append(f"{term.key} {version} {unit} {float(value):g}")
    found = grade(pl.DataFrame(rows))["grade"].to_list()
    wrong = [
        f"{name}: {got}, not {want}"
        for name, got, want in zip(named, found, expected, strict=True)
        if got != want
    ]
    assert wrong == []
    assert len(rows) > 5_000


def row_of(
    term: Term, version: str, of: str, unit: str, world: World, value: Fraction
) -> dict[str, Any]:
    return {
        "term": term.key,
        "version": version,
        "of": of,
        "unit": unit,
        "value": round(float(value), 6),
        "low": round(float(world.low), 6),
        "high": round(float(world.high), 6),
        "base": round(float(world.base), 6),
        "answered": True,
        "beside": True,
    }


def oracle(lines: list[Line], world: World, value: Fraction, unit: str) -> int:
    """The grade by the lines alone, every question answered with yes."""
    return max((one.grade for one in lines if world.meets(value, one, unit)), default=0)


# Both of what follows stand in the reference: unknown is an answer of its own.


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"value": None, "high": 40.0, "base": 30.0}, "cannot be graded: no value"),
        ({"value": 100.0, "base": 30.0}, "cannot be graded: no ULN"),
        ({"value": 100.0, "high": 40.0}, "cannot be graded: no baseline"),
    ],
)
def test_what_is_missing_is_named(values: dict[str, Any], why: str) -> None:
    found = graded("ALT_INCREASED", **values)
    assert (found["grade"], found["at_least"], found["why"]) == (None, False, why)


def test_a_normal_value_needs_no_baseline() -> None:
    assert graded("ALT_INCREASED", value=40.0, high=40.0)["grade"] == 0


def test_a_grade_that_something_unknown_could_raise_is_a_floor() -> None:
    found = graded("CREATININE_INCREASED", value=110.0, high=100.0)
    assert (found["grade"], found["at_least"]) == (1, True)
    assert found["why"] == (
        "above normal, up to 1.5 times the limit; may be higher: no baseline"
    )


def test_a_number_of_its_own_needs_no_range() -> None:
    assert graded("PLATELETS_DECREASED", value=20.0)["grade"] == 4
    assert graded("PLATELETS_DECREASED", value=80.0)["grade"] is None


@pytest.mark.parametrize(
    ("answered", "worst", "grade_", "at_least"),
    [
        (None, False, 2, True),
        (True, False, 3, False),
        (False, False, 2, False),
        (None, True, 3, False),
    ],
)
def test_symptoms_are_asked_for_and_never_guessed(
    answered: bool | None, worst: bool, grade_: int, at_least: bool
) -> None:
    found = graded(
        "HYPONATREMIA", "v6", value=128.0, low=135.0, answered=answered, worst=worst
    )
    assert (found["grade"], found["at_least"]) == (grade_, at_least)


def test_the_worst_case_is_said_to_be_assumed() -> None:
    found = graded("HYPERURICEMIA", value=500.0, high=400.0, worst=True)
    assert found["why"].endswith("(worst case assumed)")


@pytest.mark.parametrize("key", [k for k, t in TERMS.items() if t.of != "NOTHING"])
def test_a_grade_that_is_a_persons_is_never_given_by_a_number(key: str) -> None:
    for version, lines in TERMS[key].lines.items():
        persons = {one.grade for one in lines if one.person}
        by_number = {one.grade for one in lines if one.bounds}
        extremes = [0.000001, 1e9]
        found = {
            graded(key, version, value=value, low=5.0, high=6.0, base=5.5)["grade"]
            for value in extremes
        }
        assert not found & (persons - by_number)
        assert 5 not in by_number


# The baseline is never graded against itself


def test_the_baseline_itself_is_not_graded_by_a_baseline() -> None:
    raised = graded(
        "ALT_INCREASED",
        "v6",
        value=80.0,
        high=40.0,
        base_high=True,
        own_baseline=True,
    )
    assert (raised["grade"], raised["why"]) == (
        None,
        "cannot be graded: the value is the baseline itself",
    )
    normal = graded("CREATININE_INCREASED", value=80.0, high=100.0, own_baseline=True)
    assert normal["grade"] == 0


# Two systems of units


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [
        ("mmol/L", 2.9, 1),
        ("mmol/L", 2.900001, 2),
        ("mg/dL", 11.5 * 0.2495, 1),
        ("mg/dL", 11.6 * 0.2495, 2),  # 2.8942 mmol/L, which would be grade 1
    ],
)
def test_a_value_is_compared_in_the_system_it_was_typed_in(
    unit: str, value: float, expected: int
) -> None:
    found = graded("HYPERCALCEMIA", unit=unit, value=round(value, 6), high=2.6)
    assert found["grade"] == expected


def test_a_unit_that_no_line_reads_gives_no_grade() -> None:
    found = graded("HYPERKALEMIA", unit="kPa", value=7.1, high=5.0)
    assert (found["grade"], found["why"]) == (
        None,
        "cannot be graded: the unit is missing or not one of this term",
    )


def test_a_ratio_is_exact() -> None:
    """41.4 / 27.6 is 1.5 and not above it, whatever a float makes of it."""
    found = graded("CREATININE_INCREASED", value=41.4, high=50.0, base=27.6)
    assert found["grade"] == 0


# What the loader refuses


def altered(key: str, version: str, **changes: Any) -> Term:
    """A term whose line of the given grade has other bounds."""
    term, grade_ = TERMS[key], changes.pop("grade")
    lines = tuple(
        replace(one, **changes) if one.grade == grade_ else one
        for one in term.lines[version]
    )
    return replace(term, lines={version: lines})


def test_the_limits_have_no_gap_and_no_overlap() -> None:
    assert continuity.faults(TERMS.values()) == []


def test_a_planted_gap_is_found() -> None:
    lines = TERMS["HYPERKALEMIA"].lines["v5"]
    shorter = (lines[1].bounds[0], replace(lines[1].bounds[1], numbers=NUMBERS))
    gap = altered("HYPERKALEMIA", "v5", grade=2, bounds=shorter)
    assert continuity.faults([gap])[0] == (
        "HYPERKALEMIA v5 (mmol/L): at 5.95 the grade falls to 0."
    )


NUMBERS = (("mmol/L", Fraction("5.9")),)


def test_a_planted_overlap_is_found() -> None:
    first, last = TERMS["HYPERKALEMIA"].lines["v5"][1].bounds
    both = altered(
        "HYPERKALEMIA", "v5", grade=2, bounds=(replace(first, sign=">="), last)
    )
    assert continuity.faults([both]) == [
        "HYPERKALEMIA v5 (mmol/L): 5.5 is of the grades 1 and 2.",
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{grade = 1, over = "5.5", says = "x"}', "is no number with its unit"),
        ('{grade = 1, over = "5.5 kPa", says = "x"}', "does not accept the unit"),
        ('{grade = 1, over = "ULN * 3", says = "x"}', "is no number with its unit"),
        ('{grade = 1, over = "ULN"}', "has no says"),
        ('{grade = 6, over = "ULN", says = "x"}', "has a grade 6"),
        ('{grade = 1, says = "x"}', "has bounds, or is a person's"),
        ('{grade = 1, over = "ULN", says = "x", odd = 1}', "nothing reads: odd"),
        ('{grade = 1, over = "ULN", when = "noon", says = "x"}', "which is unknown"),
        ('{grade = 1, over = "ULN", asks = "sick", says = "x"}', "without a question"),
    ],
)
def test_a_line_that_cannot_be_trusted_is_refused(
    line: str, why: str, tmp_path: Path
) -> None:
    head = 'name = "N"\nitem = "K"\nsource = "S2"\nsource_v6 = "S3"\nverified = true\n'
    text = f"[PLANTED]\n{head}v5 = [{line}]\n"
    assert tomllib.loads(text)
    (tmp_path / "ctcae_planted.toml").write_text(text)
    (tmp_path / "units.toml").write_bytes((KNOWLEDGE / "units.toml").read_bytes())
    with pytest.raises(KnowledgeError, match=why):
        loading.terms(tmp_path)
