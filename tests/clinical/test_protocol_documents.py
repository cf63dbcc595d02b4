"""A protocol document that says something else than it seems to is refused in words."""

import tomllib
from pathlib import Path

import pytest

from monitor.clinical.study import protocol as protocols
from monitor.clinical.study.protocol import BadProtocol, Protocol, problems_of

LIBRARY = Path(protocols.__file__).parents[1] / "protocols"
FEVER = {"from_hours": 1, "to_hours": 8, "below": 40.0}
AGENT = {"code": "il2", "label": "IL-2"}
ROUTINE = {"what": "weight", "items": ["WEIGHT"]}


def problems(**parts) -> list[str]:
    try:
        Protocol.from_document({"name": "N", "version": "1", **parts})
    except BadProtocol as fault:
        return fault.problems
    return []


@pytest.mark.parametrize("said", ["no", "false", "yes", 0, 1, None])
@pytest.mark.parametrize("key", ["on", "mild_leak"])
def test_what_is_expected_is_switched_by_true_or_false(key, said):
    """A text of any kind would switch it on, `"no"` too."""
    assert problems(expected={"fever": FEVER, "on": True, key: said}) == [
        f"expected.{key} is true or false, without quotation marks."
    ]


@pytest.mark.parametrize("key", ["cytokine", "checkpoint", "injected"])
def test_what_an_agent_is_is_true_or_false(key):
    assert problems(agents=[AGENT | {key: "no"}]) == [
        f"agents, entry 1: {key} is true or false, without quotation marks."
    ]


@pytest.mark.parametrize("code", ["", " ", "il2 ", 2])
def test_an_agent_has_a_code_as_a_chart_writes_it(code):
    assert problems(agents=[AGENT | {"code": code}]) == [
        "agents, entry 1: code is a text, and no space begins or ends it."
    ]


@pytest.mark.parametrize("hour", [-0.5, 24, 25, "eight", True])
def test_a_day_has_24_hours(hour):
    assert problems(routines=[ROUTINE | {"by_hour": hour}]) == [
        "routines, entry 1: by_hour is an hour of the day, 0 to less than 24."
    ]


@pytest.mark.parametrize("hour", [0, 7.5, 23.5])
def test_an_hour_of_the_day_is_taken(hour):
    assert problems(routines=[ROUTINE | {"by_hour": hour}]) == []


@pytest.mark.parametrize("days", [0, -1, "28", True])
def test_a_window_has_days(days):
    assert problems(dlt_window_days=days) == [
        "dlt_window_days: a number of days, more than 0."
    ]


def test_a_contact_at_home_comes_after_some_hours():
    contacts = {"every_hours": 0, "until_days": 7}
    assert problems(contacts=contacts) == [
        "contacts, entry 1: every_hours is more than 0."
    ]


@pytest.mark.parametrize(
    "path", sorted(LIBRARY.glob("*.toml")), ids=lambda one: one.stem
)
def test_the_library_can_be_used(path):
    assert problems_of(tomllib.loads(path.read_text())) == []
