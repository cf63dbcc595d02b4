"""The case files themselves: complete, and in the words of reference and house."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from . import expectations as words
from .casefile import Variant, all_variants, cases, moment, readings

CASE = {"id", "title", "constructed", "data", "trap", "note", "variant", "signature"}
VARIANT = {"name", "chart", "chart_of", "expect", "told"}
WHOLE = {"max_grades", "review", "queries", "no_queries", "episodes", "at"}
INSTANT = {"time", "on", "off", "unknown", "not_on", "level", "level_at_least"}
INSTANT |= {"status", "status_not", "danger", "missing", "topic_grades", "terms"}
INSTANT |= {"why", "values"}
INSTANT |= {*words.GRADES, *words.BESIDE, *words.CHECKED}
PLAYED = Path(__file__).parent.parent / "test_case_words.py"
WHY = {"never", "stale", "not_done", "unrecordable", "no_baseline"}

KINDS = {"reading", "dose", "treatment", "range", "fact", "decision"}
CODES = {
    "reading": "TEMP HR SYSBP DIABP RESP OXYSAT OXYGEN_DEVICE OXYGEN_FLOW FIO2 ACVPU "
    "WEIGHT ALB HCT CRP INTLK6 NEUT WBC PLAT CREAT SODIUM ALT URINE_OUTPUT CHILLS "
    "EDEMA_LIMBS",
    "dose": "aldesleukin",
    "treatment": "paracetamol indomethacin pethidine tocilizumab fluid_bolus red_cells "
    "norepinephrine phenylephrine vasopressin",
    "range": "ALB ALT CREAT OXYSAT SODIUM",
    "fact": "USUAL_SBP BASELINE_OXYGEN CENTRAL_LINE CULTURE",
    "decision": "hypotension_confirmed resolved",
}

VARIANTS = all_variants()


def blocks(variant: Variant) -> list[dict[str, Any]]:
    return variant.expect.get("at", [])


def test_all_36_cases_stand_under_their_names() -> None:
    expected = [f"D{number:02}" for number in range(1, 37)]
    assert [case["id"] for case in cases().values()] == expected
    assert [file[:3].upper() for file in cases()] == expected


def test_every_variant_expects_something() -> None:
    for variant in VARIANTS:
        assert variant.expect, variant.title


def test_what_is_told_is_played_by_a_test_of_that_name() -> None:
    played = {node.name for node in named_in(PLAYED)}
    told = {test for variant in VARIANTS for test in variant.told.values()}
    assert told
    assert told == played


def named_in(file: Path) -> Iterator[ast.FunctionDef]:
    """The tests of a file."""
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node


@pytest.mark.parametrize("file", cases())
def test_a_case_uses_no_unknown_word(file: str) -> None:
    case = cases()[file]
    assert set(case) <= CASE
    assert {"id", "title", "constructed", "data", "trap", "variant"} <= set(case)
    for variant in case["variant"]:
        assert set(variant) <= VARIANT
        assert set(variant["expect"]) <= WHOLE
        assert all(set(block) <= INSTANT for block in variant["expect"].get("at", []))


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.title)
def test_a_chart_uses_known_kinds_and_codes_and_ends_after_it_starts(
    variant: Variant,
) -> None:
    for row in variant.rows:
        assert row.kind in KINDS, row
        assert row.code in CODES[row.kind].split(), row
        assert row.until is None or row.until > row.at, row
    assert any(row.kind == "dose" and row.value for row in variant.rows)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.title)
def test_an_expectation_names_known_patterns_topics_and_scales(
    variant: Variant,
) -> None:
    assert set(variant.expect.get("review", [])) <= set(words.SCALES)
    assert set(variant.expect.get("episodes", {})) <= set(words.TOPICS)
    legal_grades(variant.expect)
    for block in blocks(variant):
        assert moment(block["time"]) <= variant.last
        legal_answers(block)
        legal_grades(block)
        legal_states(block)


def legal_answers(block: dict[str, Any]) -> None:
    named = [
        name for word in (*words.ANSWERS, "not_on") for name in block.get(word, [])
    ]
    assert len(named) == len(set(named)), f"answered twice: {named}"
    for name in named:
        topic, key = words.pattern(name)
        assert topic in words.TOPICS
        assert key in words.TOPIC_OF or key == "immune_organ"


def legal_grades(block: dict[str, Any]) -> None:
    for word in words.GRADES:
        for scale, grade in block.get(word, {}).items():
            assert scale in words.SCALES
            assert grade in (0, 1, 2, 3, 4, "null")


def legal_states(block: dict[str, Any]) -> None:
    values = {"level": words.LEVELS, "level_at_least": words.LEVELS}
    values |= {"status": words.STATUSES, "status_not": words.STATUSES}
    for word, legal in values.items():
        assert set(block.get(word, {})) <= set(words.TOPICS)
        assert set(block.get(word, {}).values()) <= set(legal)
    gaps = [gap.split() for one in block.get("missing", {}).values() for gap in one]
    assert {gap[1] for gap in gaps} <= WHY


def test_a_set_reads_like_a_bedside_note() -> None:
    assert readings("T 100.4F BP 90/54 SpO2 93 nasal_cannula 5L A") == [
        ("TEMP", "100.4", "[degF]"),
        ("SYSBP", "90", "mm[Hg]"),
        ("DIABP", "54", "mm[Hg]"),
        ("OXYSAT", "93", "%"),
        ("OXYGEN_DEVICE", "nasal_cannula", ""),
        ("OXYGEN_FLOW", "5", "L/min"),
        ("ACVPU", "A", ""),
    ]


@pytest.mark.parametrize("text", ["", "T 38,6", "BP 90", "SpO2 97", "HR 90 T 38.0"])
def test_a_set_with_anything_unreadable_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a set"):
        readings(text)
