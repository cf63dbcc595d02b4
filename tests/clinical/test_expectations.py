"""The comparison itself: it must see each kind of difference and say it in words."""

from __future__ import annotations

from typing import Any

import pytest

from .expectations import Replay, count, differences

AT_SIX = "2026-11-16T14:00:00Z"
LINE = {
    "topic": "crs",
    "at": AT_SIX,
    "level": "watch",
    "status": "graded",
    "grades": {"astct": 1, "ctcae_v5": None},
    "max_grades": {"astct": 2},
    "if_attributed": {},
    "patterns": {"fever_onset": True, "crs": False, "masked_fever": None},
    "danger": ["sbp_below_90"],
    "missing": [{"item": "TEMP", "why": "stale", "since": AT_SIX}],
}


def told(time: str, **expected: Any) -> list[str]:
    return list(differences(Replay([LINE]), {"time": time, **expected}))


def test_what_is_as_expected_says_nothing() -> None:
    assert not told(
        "7:00",
        on=["fever_onset"],
        off=["crs"],
        unknown=["masked_fever"],
        not_on=["crs", "masked_fever"],
        level={"crs": "watch"},
        level_at_least={"crs": "watch"},
        status={"crs": "graded"},
        status_not={"crs": "not_gradable"},
        grades={"astct": 1, "ctcae_v5": "null"},
        max_grades={"astct": 2},
        danger={"crs": ["sbp_below_90"]},
        missing={"crs": ["TEMP stale 6:00", "TEMP stale"]},
    )


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        ({"off": ["fever_onset"]}, "crs: fever_onset expected off, came on"),
        ({"off": ["masked_fever"]}, "crs: masked_fever expected off, came unknown"),
        ({"on": ["crs"]}, "crs: crs expected on, came off"),
        ({"off": ["hypotension"]}, "cls: hypotension expected off, came nothing"),
        ({"not_on": ["fever_onset"]}, "crs: fever_onset expected not on, came on"),
        ({"level": {"crs": "warning"}}, "crs: level expected warning, came watch"),
        (
            {"level_at_least": {"crs": "warning"}},
            "crs: level expected warning or more, came watch",
        ),
        ({"status": {"crs": "clear"}}, "crs: status expected clear, came graded"),
        (
            {"status_not": {"crs": "graded"}},
            "crs: status expected to be known and not graded",
        ),
        ({"grades": {"astct": 0}}, "crs: grades astct expected 0, came 1"),
        ({"grades": {"ctcae_v5": 0}}, "crs: grades ctcae_v5 expected 0, came null"),
        (
            {"if_attributed": {"ctcae_v5": 2}},
            "crs: if_attributed ctcae_v5 expected 2, came nothing",
        ),
        ({"danger": {"crs": []}}, "crs: danger expected [], came ['sbp_below_90']"),
        ({"composite": 2}, "composite expected 2, came None"),
        ({"pre_dose": "go"}, "pre_dose expected go, came nothing"),
    ],
)
def test_a_difference_is_told_with_what_came(
    expected: dict[str, Any], sentence: str
) -> None:
    assert told("6:00", **expected) == [f"6:00  {sentence}"]


def test_a_line_of_a_later_instant_is_not_the_state_before_it() -> None:
    assert told("5:59", on=["fever_onset"]) == [
        "5:59  crs: fever_onset expected on, came nothing"
    ]


def test_each_single_answer_is_counted_once() -> None:
    block = {"time": "6:00", "on": ["crs", "albumin"], "level": {"crs": "watch"}}
    assert count({"max_grades": {"astct": 2}, "at": [block]}) == 4
    assert count({"danger": {"crs": []}}) == 1
