"""A protocol may move a danger sign, and never switch one off (reference 11.1)."""

from math import inf, nan

import pytest

from monitor.clinical.patterns.danger import DANGERS
from monitor.clinical.signs import SIGNS
from monitor.clinical.study.protocol import Protocol, problems_of
from monitor.clinical.thresholds import THRESHOLDS, Threshold

BOUNDED = [one for one in THRESHOLDS.values() if one.bounded]
REFUSED = "a danger sign may be moved, and never switched off."


class Asked(dict):
    """Lines that remember which of them a rule asked for."""

    def __init__(self) -> None:
        super().__init__(Protocol.default().lines)
        self.names = set[str]()

    def __getitem__(self, name: str) -> float:
        self.names.add(name)
        return super().__getitem__(name)


def rests_on(sign: str) -> set[str]:
    """The thresholds that a sign compares with, through the signs that it rests on."""
    if sign not in SIGNS:
        return set()
    asked = Asked()
    rule = SIGNS[sign].rule(asked)
    others = {
        name.removeprefix("sign:")
        for name in rule.meta.root_names()
        if name.startswith("sign:")
    }
    return asked.names.union(*(rests_on(other) for other in others - {sign}))


def told(key: str, value: object, why: object = "the safety group") -> list[str]:
    unit = THRESHOLDS[key].unit
    given = {key: {"value": value, "unit": unit, "why": why}}
    return problems_of({"name": "T", "version": "1", "thresholds": given})


@pytest.mark.parametrize("danger", DANGERS, ids=lambda one: one.key)
def test_every_number_that_a_danger_sign_compares_with_has_bounds(danger):
    # A fall in percent only says whether a low usual pressure counts as low.
    numbers = rests_on(danger.sign) - {"sbp_fall_percent"}
    assert [key for key in numbers if not THRESHOLDS[key].bounded] == []


@pytest.mark.parametrize("one", BOUNDED, ids=lambda one: one.key)
def test_a_line_moves_up_to_its_bounds_and_no_further(one: Threshold):
    assert told(one.key, one.least) == []
    assert told(one.key, one.most) == []
    for beyond in (one.least - 0.001, one.most + 0.001, -5, inf, nan):
        (sentence,) = told(one.key, beyond)
        assert sentence.startswith(f"thresholds, {one.key}: ")
        assert sentence.endswith((REFUSED, "a danger sign rests on it."))


def test_the_line_of_high_dose_centres_is_within_the_bounds():
    assert told("map_low", 55) == []


def test_other_numbers_are_finite_and_not_below_0():
    sentence = "thresholds, crs_window_hours: give a number that can be: finite, and "
    for value in (-1, inf, nan):
        assert told("crs_window_hours", value) == [sentence + "not below 0."]
    assert told("crs_window_hours", 72) == []


@pytest.mark.parametrize("why", ["", " ", None, 3])
def test_a_moved_line_needs_a_reason(why: object):
    assert told("map_low", 55, why) == ["thresholds, map_low: why is said."]


@pytest.mark.parametrize("value", ["55", True, None])
def test_a_line_is_a_number(value: object):
    assert told("map_low", value) == ["thresholds, map_low: value is a number."]


@pytest.mark.parametrize("family", ["crs", "cls", "albumin"])
def test_a_window_of_no_time_is_refused(family):
    key = f"{family}_window_hours"
    assert told(key, 0) == [f"thresholds, {key}: in 0 h nothing is looked for."]
    assert told(key, 0.5) == []


@pytest.mark.parametrize("unit", ["bananas", "U", "/kg", "mg/min", 5])
def test_a_unit_that_counts_no_dose_is_refused(unit):
    agents = [{"code": "mutein", "label": "Mutein", "unit": unit}]
    assert problems_of({"name": "T", "version": "1", "agents": agents}) == [
        f"agents, entry 1: unit {unit} counts no dose: give one of g, mg, ug, ng, "
        "[iU], k[iU], M[iU], [U], mL, {dose}, alone or with /kg or /m2."
    ]


@pytest.mark.parametrize("unit", ["", "[iU]/kg", "mg/m2", "ug", "[U]", "{dose}"])
def test_a_unit_that_counts_doses_is_taken(unit):
    agents = [{"code": "mutein", "label": "Mutein", "unit": unit}]
    assert problems_of({"name": "T", "version": "1", "agents": agents}) == []
