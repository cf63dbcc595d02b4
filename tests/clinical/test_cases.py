"""The worked cases of the clinical reference, run through the public entry.

What they say of pages, notices and the audit is played in `tests/test_case_words.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from .casefile import Variant, all_variants, relative
from .expectations import Replay, count, course, course_of, differences, scales

# Only the absence of the core skips: a fault inside it must fail.
if find_spec("monitor.clinical.assess") is None:
    pytest.skip("The clinical core is not written yet.", allow_module_level=True)
chartfile = import_module("monitor.clinical.facts.chartfile")
charted = import_module("monitor.clinical.scores.charted")
assess = import_module("monitor.clinical.assess").assess
present = import_module("monitor.clinical.due.present")
Protocol = import_module("monitor.clinical.study.protocol").Protocol

VARIANTS = all_variants()


def name(variant: Variant) -> str:
    return variant.title


def facts(variant: Variant) -> Any:
    """The facts of a variant; every row of its chart must be readable."""
    chart = chartfile.read_chart(variant.chart())
    assert not chart.errors, f"{variant.title}: {chart.errors}"
    return chart.facts


def run(variant: Variant, scale: str | None = None) -> Any:
    return assess(facts(variant), scale=scale)


def beside(variant: Variant, at: datetime) -> dict[str, Any]:
    """What stands beside the patterns at an instant, and when a re-check is due."""
    found = assess(facts(variant), now=at)
    (said,) = found.scores.values()
    low = present.low_reading([*found.lines, *found.latest])
    wait = timedelta(minutes=Protocol.default().lines["recheck_minutes"])
    return {**said, "recheck": low and relative(low[0] + wait)}


def mismatches(variant: Variant, expected: dict[str, Any]) -> Iterator[str]:
    """Everything in which the assessment differs from what is expected of it."""
    assessment = run(variant)
    chart = facts(variant)
    terms = charted.terms(chart)
    replay = Replay(
        assessment.lines,
        lambda at: beside(variant, at),
        partial(charted.standing, terms),
        facts=chart,
        why=partial(charted.reasons, terms),
    )
    end = replay.state("crs", variant.last).get("max_grades", {})
    yield from scales("last  crs: max_grades", expected.get("max_grades", {}), end)
    for block in expected.get("at", []):
        yield from differences(replay, block)
    for scale in expected.get("review", []):
        state = Replay(run(variant, scale).lines).state("crs", variant.last)
        if state.get("status") != "needs_review":
            yield f"last  status on {scale}: needs_review, came {state.get('status')}"
    yield from queried(assessment.queries, expected)
    yield from courses(assessment.episodes, expected.get("episodes", {}))


def courses(found: list[Any], wanted: dict[str, list[str]]) -> Iterator[str]:
    """The episodes of a topic: when each opened, was resolved and closed."""
    for topic, spans in wanted.items():
        own = [one for one in found if one.topic == topic]
        got = [course(one.opened_at, one.steps[-1], one.closed_at) for one in own]
        if got != [course_of(span) for span in spans]:
            yield f"{topic}: episodes expected {spans}, came {got}"


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


@pytest.mark.requirement("V3", "I3.1")
@pytest.mark.parametrize("variant", VARIANTS, ids=name)
def test_the_case_is_assessed_as_the_reference_says(variant: Variant) -> None:
    differing = list(mismatches(variant, variant.expect))
    if differing:
        pytest.fail(told(variant, differing), pytrace=False)


def test_the_expectations_are_counted(say: Callable[[str], None]) -> None:
    made = sum(count(variant.expect) for variant in VARIANTS)
    told = sum(len(variant.told) for variant in VARIANTS)
    say(f"{made} expectations of worked cases are in force, {told} are played.")
    assert len({variant.case["id"] for variant in VARIANTS}) == 36
    assert made
    assert told
