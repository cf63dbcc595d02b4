"""When a dose that was missed may be made up, by the protocol's rule."""

import tomllib
from datetime import date, timedelta

import pytest

from monitor.clinical.study.make_up import MakeUp
from monitor.clinical.study.protocol import Protocol, problems_of
from monitor.demo.trials import PROTOCOLS

DAY_ONE = date(2026, 11, 16)  # A Monday.
RULE = MakeUp(last_day=21, weekdays=("mon", "tue", "wed", "thu", "fri"), why="A run.")


def days(today, taken=(), surgery=None):
    return RULE.days(DAY_ONE, today, set(taken), surgery)


def test_a_run_ends_with_its_last_day_counted_from_one():
    assert RULE.ends(DAY_ONE) == date(2026, 12, 6)


def test_no_day_at_the_weekend_none_with_a_dose_and_none_after_the_last():
    today = date(2026, 11, 27)  # A Friday.
    taken = [date(2026, 11, 30), date(2026, 12, 2)]
    said = [(day.month, day.day) for day in days(today, taken)]
    assert said == [(11, 27), (12, 1), (12, 3), (12, 4)]


@pytest.mark.parametrize(
    ("surgery", "last"), [(1, date(2026, 11, 30)), (2, date(2026, 12, 1))]
)
def test_surgery_ends_it_the_day_before(surgery, last):
    assert (
        days(date(2026, 11, 30), (), date(2026, 11, 30) + timedelta(surgery))[-1]
        == last
    )


def test_after_the_last_day_there_is_none():
    assert days(date(2026, 12, 7)) == []


GOOD = {"last_day": 21, "weekdays": ["mon"], "why": "A run."}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, None),
        ({"last_day": 0}, "last_day is a day of the cycle, counted from 1."),
        ({"last_day": "21"}, "last_day is a day of the cycle, counted from 1."),
        ({"weekdays": []}, "weekdays are some of mon, tue, wed, thu, fri, sat, sun."),
        (
            {"weekdays": ["m"]},
            "weekdays are some of mon, tue, wed, thu, fri, sat, sun.",
        ),
        ({"why": " "}, "why is said."),
        ({"more": 1}, "give last_day, weekdays and why."),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused_in_words(change, problem):
    document = {"name": "A", "version": "1", "agents": [{"code": "a", "label": "A"}]}
    document["make_up"] = {"a": GOOD | change}
    said = [f"make_up, a: {problem}"] if problem else []
    assert list(problems_of(document)) == said


def test_a_rule_is_about_an_agent_of_the_trial():
    document = {"name": "A", "version": "1", "make_up": {"b": GOOD}}
    assert list(problems_of(document)) == ["make_up: there is no agent b."]


def test_the_injections_may_be_made_up():
    document = tomllib.loads((PROTOCOLS / "irx2.toml").read_text("utf-8"))
    rule = Protocol.from_document(document).make_up["irx_2"]
    assert (rule.last_day, rule.skips_weekend) == (21, True)
