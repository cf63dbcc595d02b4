"""So much of an agent is asked about: at and above each limit, in every unit."""

import pytest

from monitor.clinical.care import amounts
from monitor.clinical.care.amounts import MOST, passed
from monitor.clinical.care.given import OWN_LIMITS
from monitor.clinical.items.catalogue import TREATMENTS

LIMITS = [
    (code, unit, most) for code, units in MOST.items() for unit, most in units.items()
]
#: Two units of one kind, and how many of the second are one of the first.
SAME = [
    ("g", "mg", 1000),
    ("mg", "ug", 1000),
    ("L", "mL", 1000),
    ("mg/h", "ug/h", 1000),
    ("ug/min", "ug/h", 60),
    ("[U]/min", "[U]/h", 60),
    ("ug/kg/min", "ng/kg/min", 1000),
]


@pytest.mark.parametrize(("code", "unit", "most"), LIMITS)
def test_the_limit_itself_is_not_asked_about_and_more_is(code, unit, most):
    assert passed(code, most, unit) is None
    assert passed(code, most * 1.01, unit) == most


def test_every_agent_has_a_limit_in_every_unit_in_which_it_is_logged():
    for code, kind in TREATMENTS.items():
        own = OWN_LIMITS.get(code, set())
        assert (code, set(MOST.get(code, ())) | own) == (code, set(kind.units))


@pytest.mark.parametrize(("large", "small", "factor"), SAME)
def test_limits_of_one_agent_agree_between_units(large, small, factor):
    for code, limits in MOST.items():
        if code == "pressor_push":  # In ug one agent is meant, in mg another.
            continue
        if large in limits and small in limits:
            ratio = limits[small] / limits[large]
            assert (code, ratio) == (code, pytest.approx(factor))


@pytest.mark.parametrize(
    ("code", "amount", "unit"),
    [
        ("fluid_bolus", 500, "L"),
        ("norepinephrine", 800, "ug/min"),
        ("paracetamol", 100, "g"),
    ],
)
def test_what_nobody_means_is_over_its_limit(code, amount, unit):
    assert passed(code, amount, unit) == amounts.MOST[code][unit]


@pytest.mark.parametrize(
    ("code", "amount", "unit", "least"),
    [
        ("fluid_bolus", 5, "mL", 100),
        ("fluid_bolus", 99, "mL", 100),
        ("fluid_bolus", 100, "mL", None),
        ("fluid_bolus", 101, "mL", None),
        ("fluid_bolus", 0.099, "L", 0.1),
        ("fluid_bolus", 0.1, "L", None),
        ("fluid_bolus", 0, "mL", None),
        ("fluid_bolus", 5, "mL/h", None),
        ("maintenance_fluid", 5, "mL", None),
    ],
)
def test_so_little_is_asked_about_below_its_limit(code, amount, unit, least):
    assert amounts.short_of(code, amount, unit) == least


def test_an_action_has_no_limit():
    assert passed("call", 1, "") is None


@pytest.mark.parametrize(
    ("code", "amount", "unit", "larger"),
    [
        ("fluid_bolus", 2, "mL", "L"),
        ("fluid_bolus", 2.1, "mL", ""),
        ("fluid_bolus", 0.5, "L", ""),
        ("paracetamol", 1.5, "mg", "g"),
        ("paracetamol", 1.6, "mg", ""),
        ("dexamethasone", 0.5, "mg", ""),  # It is logged in no grams.
    ],
)
def test_a_number_that_is_a_dose_in_the_larger_unit_is_a_slip(
    code, amount, unit, larger
):
    assert amounts.meant_larger(code, amount, unit) == larger
