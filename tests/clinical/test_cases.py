"""The worked cases of the clinical reference, run through the public entry.

`RUN_LATER=1` also runs what waits under `later`: what already holds passes, the rest
is reported as an expected failure with its differences.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from .casefile import Variant, all_variants
from .expectations import Replay, count, differences, scales

# Only the absence of the core skips: a fault inside it must fail.
if find_spec("monitor.clinical.assess") is None:
    pytest.skip("The clinical core is not written yet.", allow_module_level=True)
chartfile = import_module("monitor.clinical.chartfile")
assess = import_module("monitor.clinical.assess").assess

VARIANTS = all_variants()
NOW = [variant for variant in VARIANTS if variant.expect]
LATER = [variant for variant in VARIANTS if variant.later]
WAITING = sum(count(variant.later) for variant in LATER)
SAID = (
    f"{WAITING} expectations of {len(LATER)} worked cases and variants wait under "
    "`later`; RUN_LATER=1 runs them."
)
NOT_RUN = [pytest.param(None, id="not run", marks=pytest.mark.skip(reason=SAID))]


def name(variant: Variant) -> str:
    return variant.title


def run(variant: Variant, scale: str | None = None) -> Any:
    """The assessment of a variant; every row of its chart must be readable."""
    chart = chartfile.read_chart(variant.chart())
    assert not chart.errors, f"{variant.title}: {chart.errors}"
    return assess(chart.facts, scale=scale)


def mismatches(variant: Variant, expected: dict[str, Any]) -> Iterator[str]:
    """Everything in which the assessment differs from what is expected of it."""
    assessment = run(variant)
    replay = Replay(assessment.lines)
    end = replay.state("crs", variant.last).get("max_grades", {})
    yield from scales("last  crs: max_grades", expected.get("max_grades", {}), end)
    for block in expected.get("at", []):
        yield from differences(replay, block)
    for scale in expected.get("review", []):
        state = Replay(run(variant, scale).lines).state("crs", variant.last)
        if state.get("status") != "needs_review":
            yield f"last  status on {scale}: needs_review, came {state.get('status')}"
    yield from queried(assessment.queries, expected)


def queried(queries: list[dict[str, Any]], expected: dict[str, Any]) -> Iterator[str]:
    """Rows that must be questioned, and rows that must not."""
    rows = [query.get("query", query) for query in queries]
    got = [f"{row['code']} {str(row['typed']).split()[0]}" for row in rows]
    for row in expected.get("queries", []):
        if row not in got:
            yield f"a query on {row} expected, came {got}"
    for row in expected.get("no_queries", []):
        if row in got:
            yield f"no query on {row} expected"


def told(variant: Variant, differing: list[str]) -> str:
    return "\n".join([variant.title, *(f"  {line}" for line in differing)])


@pytest.mark.parametrize("variant", NOW, ids=name)
def test_the_case_is_assessed_as_the_reference_says(variant: Variant) -> None:
    differing = list(mismatches(variant, variant.expect))
    if differing:
        pytest.fail(told(variant, differing), pytrace=False)


@pytest.mark.parametrize(
    "variant", LATER if os.environ.get("RUN_LATER") else NOT_RUN, ids=name
)
def test_what_waits_for_later_patterns_and_scales(variant: Variant) -> None:
    differing = list(mismatches(variant, variant.later))
    differing += [f"words: {words}" for words in variant.later.get("words", [])]
    if differing:
        pytest.xfail(told(variant, differing))


def test_what_waits_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    now = sum(count(variant.expect) for variant in NOW)
    with capsys.disabled():
        print(f"\n{now} expectations of worked cases are in force. {SAID}")
    assert len({variant.case["id"] for variant in VARIANTS}) == 36
    assert now
    assert WAITING
