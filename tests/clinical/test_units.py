"""From what was typed to the canonical number, exactly, and back."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.clinical.items import units
from monitor.clinical.items.catalogue import ITEMS, item

# By hand from reference 8: item, value and unit as typed, canonical number.
WORKED = [
    ("TEMP", "100.4", "[degF]", 38.0),
    ("TEMP", "100.3", "[degF]", 37.944444),
    ("TEMP", "212", "[degF]", 100.0),
    ("SYSBP", "12", "kPa", 90.00744),
    ("WEIGHT", "160", "[lb_av]", 72.574779),
    ("HEIGHT", "70", "[in_i]", 177.8),
    ("ALB", "3.5", "g/dL", 35.0),
    ("CRP", "4.8", "mg/dL", 48.0),
    ("FERRITIN", "33546", "ng/mL", 33546.0),
    ("FERRITIN", "2", "ug/dL", 20.0),
    ("INTLK6", "7", "ng/L", 7.0),
    ("HCT", "0.42", "L/L", 42.0),
    ("HGB", "8.1", "mmol/L", 130.5234),
    ("HGB", "12.5", "g/dL", 125.0),
    ("PLAT", "150000", "/mm3", 150.0),
    ("CREAT", "1", "mg/dL", 88.42),
    ("UREAN", "20", "mg/dL", 7.14),
    ("PHOS", "3.1", "mg/dL", 1.00099),
    ("MG", "2", "mg/dL", 0.8228),
    ("CA", "8", "mg/dL", 1.996),
    ("BILI", "1.2", "mg/dL", 20.5248),
    ("ALT", "2", "ukat/L", 120.0),
    ("FIBRINO", "250", "mg/dL", 2.5),
    ("LACTICAC", "36", "mg/dL", 3.996),
    ("TROPONI", "0.04", "ng/mL", 40.0),
    ("GLUC", "100", "mg/dL", 5.55),
    ("TRIG", "265", "mg/dL", 2.99185),
    ("PROT", "7", "g/dL", 70.0),
    ("FIO2", "0.40", "1", 40.0),
    ("K", "4.1", "meq/L", 4.1),
]
CONVERSIONS = [(i.code, unit) for i in ITEMS.values() for unit in i.units]


@pytest.mark.parametrize(("code", "typed", "unit", "number"), WORKED)
def test_a_value_is_converted_exactly(code, typed, unit, number):
    assert units.convert(typed, unit, item(code)) == number


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity", "", "1 2", "٣٨", "0x10"])
def test_what_is_no_finite_number_is_refused(text):
    with pytest.raises(units.NotANumber):
        units.convert(text, "Cel", item("TEMP"))


@pytest.mark.parametrize("length", [59, 60])
def test_many_digits_are_a_number(length):
    assert units.convert("0" * (length - 2) + "38", "Cel", item("TEMP")) == 38.0


@pytest.mark.parametrize("text", ["0" * 59 + "38", "9" * 309, "38." + "5" * 100])
def test_more_digits_than_any_quantity_has_are_refused(text):
    with pytest.raises(units.NotANumber):
        units.convert(text, "Cel", item("TEMP"))


def test_a_decimal_that_is_not_finite_is_refused():
    with pytest.raises(units.NotANumber):
        units.convert(Decimal("NaN"), "Cel", item("TEMP"))


def test_an_unknown_unit_is_refused_with_those_that_are_known():
    with pytest.raises(units.UnknownUnit, match=r"read in Cel, \[degF\], not K"):
        units.convert("300", "K", item("TEMP"))


def test_a_missing_unit_is_refused_unless_the_item_has_none():
    with pytest.raises(units.UnknownUnit, match="the unit is missing"):
        units.convert("38", "", item("TEMP"))
    assert units.convert("7", "", item("ICE")) == 7.0


@given(
    st.sampled_from(CONVERSIONS),
    st.decimals("-1000", "1000000", places=3, allow_nan=False),
)
def test_there_and_back_is_the_same_number(conversion, value):
    code, unit = conversion
    number = units.convert(value, unit, item(code))
    back = item(code).units[unit].typed(Fraction(repr(number)))
    slack = Fraction(1, 10**6) / item(code).units[unit].factor
    assert abs(back - Fraction(value)) <= slack


@given(st.decimals("-100", "100", places=6), st.decimals("-100", "100", places=6))
def test_a_difference_is_compared_without_a_binary_remainder(one, other):
    difference = units.rounded(float(one) - float(other))
    assert Decimal(repr(difference)) == one - other


def test_the_two_confirmed_binary_failures_do_not_happen():
    assert units.rounded(4.1 - 3.6) >= 0.5
    assert units.rounded(64.1 - 62.6) >= 1.5


@pytest.mark.parametrize(
    ("code", "number", "unit", "text"),
    [
        ("TEMP", 38.5, "", "38.5"),
        ("TEMP", 38.0, "[degF]", "100.4"),
        ("TEMP", 37.944444, "", "37.9"),
        ("HR", 88.0, "", "88"),
        ("ALB", 34.0, "g/dL", "3.4"),
        ("ALB", 34.0, "", "34"),
        ("URINE_OUTPUT", 0.0, "", "0"),
    ],
)
def test_a_number_is_shown_with_the_decimals_of_its_unit(code, number, unit, text):
    assert units.display(item(code), number, unit) == text
