"""What a line of the log is asked about once: below, at and above each limit."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.clinical.care.given import Doubt, Gift, doubts

AT = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def tocilizumab(amount, unit="mg", weight=72.0, hours=()) -> list[Doubt]:
    """`hours`: other doses, so many hours before this one."""
    others = [AT - one * HOUR for one in hours]
    return doubts("tocilizumab", Gift(AT, amount, unit, weight), others)


@pytest.mark.parametrize(
    ("amount", "unit", "weight", "found"),
    [
        (799.9, "mg", 100.0, []),
        (800, "mg", 100.0, []),
        (800.1, "mg", 100.0, [Doubt("tocilizumab_most", 800.1)]),
        (8, "mg/kg", 100.0, []),
        (8, "mg/kg", 100.1, [Doubt("tocilizumab_most", 800.8)]),
        (8, "mg/kg", None, []),  # Without a weight nobody knows how much it was.
        (800, "mg", None, []),
    ],
)
def test_one_dose_is_at_most_800_mg(amount, unit, weight, found):
    assert tocilizumab(amount, unit, weight) == found


ADULT, CHILD = "tocilizumab_most_per_kg_adult", "tocilizumab_most_per_kg"
TYPED, LEAST = "tocilizumab_typed_per_kg", "tocilizumab_least_per_kg"


@pytest.mark.parametrize(
    ("amount", "weight", "found"),
    [
        (7.9, 30.0, []),
        (8, 30.0, []),
        (8.1, 30.0, [Doubt(TYPED, 8.1)]),
        (11.9, 29.9, []),
        (12, 29.9, []),
        (12.1, 29.9, [Doubt(CHILD, 12.1)]),
        (12, None, [Doubt(TYPED, 12)]),
        (3.9, 72.0, [Doubt(LEAST, 3.9)]),
        (4, 72.0, []),
        (4.1, 72.0, []),
    ],
)
def test_the_dose_per_kg_has_a_range(amount, weight, found):
    assert tocilizumab(amount, "mg/kg", weight) == found


def test_milligrams_are_judged_by_the_weight():
    assert tocilizumab(283, "mg", 71.0) == [Doubt(LEAST, 3.985915)]
    assert tocilizumab(284, "mg", 71.0) == []


@pytest.mark.parametrize(
    ("milligrams", "found"),
    [
        (495, []),
        (500, []),  # 400 mg and one vial more.
        (505, [Doubt(ADULT, 10.1)]),
    ],
)
def test_milligrams_may_be_rounded_up_to_whole_vials(milligrams, found):
    assert tocilizumab(milligrams, "mg", 50.0) == found


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        (7.99, [Doubt("tocilizumab_apart_hours", 7.99)]),
        (8, []),
        (8.01, []),
        (-7.99, [Doubt("tocilizumab_apart_hours", 7.99)]),  # Typed late.
        (-8, []),
    ],
)
def test_doses_lie_8_hours_apart(hours, found):
    assert tocilizumab(576, hours=[hours]) == found


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        ([8, 16], []),
        ([8, 16, 23.99], [Doubt("tocilizumab_in_a_day", 4)]),
        ([8, 16, 24], []),
        ([8, 16, 24.01], []),
        ([8, -8, -15.99], [Doubt("tocilizumab_in_a_day", 4)]),  # Typed late.
    ],
)
def test_at_most_three_in_24_hours(hours, found):
    said = tocilizumab(576, hours=hours)
    assert [one for one in said if one.key == "tocilizumab_in_a_day"] == found


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        ([30, 60], []),
        ([30, 60, 90], []),
        ([30, 60, 90, 120], [Doubt("tocilizumab_in_all", 5)]),
    ],
)
def test_at_most_four_in_all(hours, found):
    assert tocilizumab(576, hours=hours) == found


@pytest.mark.parametrize("code", ["norepinephrine", "epinephrine"])
@pytest.mark.parametrize(
    ("amount", "unit", "found"),
    [
        (0.9, "ug/kg/min", []),
        (1, "ug/kg/min", []),
        (1.1, "ug/kg/min", [Doubt("catecholamine_most_per_kg", 1.1)]),
        (5, "ug/kg/min", [Doubt("catecholamine_most_per_kg", 5)]),
        (0.4, "ug/min", [Doubt("catecholamine_least", 0.4)]),
        (0.5, "ug/min", []),
        (0.6, "ug/min", []),
        (0, "ug/min", []),  # It was stopped.
    ],
)
def test_a_rate_per_kg_is_not_one_per_minute(code, amount, unit, found):
    assert doubts(code, Gift(AT, amount, unit)) == found


def test_what_no_limit_is_known_of_is_not_asked_about():
    assert doubts("paracetamol", Gift(AT, 100_000, "mg")) == []
