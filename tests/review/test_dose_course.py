"""A course of doses, a line each: what became of it, weight, creatinine and fluids."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from monitor import flow
from monitor.bedside.entry import read_reading
from monitor.review.dose_course import course_of, infused
from monitor.treatments.models import Treatment

HOUR = timedelta(hours=1)


def measure(cast, at, item, value, unit):
    told = {"observed_at": at, "readings": [read_reading(item, value, unit)]}
    flow.record_set(cycle=cast.cycle, by=cast.reyes, key=uuid4(), **told)


def give(cast, at, **line):
    bolus = {"code": "fluid_bolus", "form": "amount", "amount": 500, "unit": "mL"}
    line = bolus | line
    flow.log_treatment(cycle=cast.cycle, by=cast.reyes, key=uuid4(), at=at, **line)


def course(cast, now):
    return course_of(cast.cycle, cast.next_dose, now)


@pytest.fixture
def started(cast, now):
    """Weighed and bled before the first dose."""
    at = cast.dose.given_at - HOUR
    measure(cast, at, "WEIGHT", "70", "kg")
    measure(cast, at, "CREAT", "1.0", "mg/dL")


def test_each_dose_has_its_line_and_the_one_to_come_is_the_last(cast, now, started):
    found = course(cast, now)
    assert [one.dose.number for one in found] == [1, 2]
    assert [one.is_next for one in found] == [False, True]


def test_weight_and_creatinine_are_said_as_typed_and_against_day_one(
    cast, now, started
):
    measure(cast, now - HOUR, "WEIGHT", "72.4", "kg")
    measure(cast, now - HOUR, "CREAT", "1.6", "mg/dL")
    first, last = course(cast, now)
    assert (first.weight.text, first.weight.change) == ("70 kg", 0)
    assert (last.weight.text, last.weight.change) == ("72.4 kg", 2.4)
    assert last.creatinine.text == "1.6 mg/dL"
    assert last.creatinine.change == pytest.approx(1.6, abs=1e-4)


def test_a_value_from_before_the_last_dose_is_not_a_new_one(cast, now, started):
    first, last = course(cast, now)
    assert (first.weight.new, last.weight.new) == (True, False)


def test_what_nobody_measured_or_logged_is_unknown_and_not_nought(cast, now):
    found = course(cast, now)
    said = [(one.weight, one.creatinine, one.fluid, one.per_kg) for one in found]
    assert said == [(None, None, None, None)] * 2


def test_fluid_adds_up_from_dose_to_dose(cast, now, started):
    start = cast.dose.given_at
    give(cast, start - HOUR / 2)
    give(cast, start + HOUR / 4, amount=1, unit="L")
    give(cast, start + HOUR / 2)
    first, last = course(cast, now)
    assert (first.fluid, first.per_kg) == (None, None)
    assert (last.fluid, last.per_kg) == (1500, 21.428571)


@pytest.mark.parametrize(
    ("rates", "volume"),
    [
        ([(0, 100, None)], 400),
        ([(-2, 100, None)], 400),
        ([(0, 100, 1.5)], 150),
        ([(0, 100, None), (2, 50, None)], 300),
        ([(0, 100, None), (1, 0, None)], 100),
        ([(5, 100, None)], None),
    ],
)
def test_an_infusion_counts_for_as_long_as_it_ran(now, rates, volume):
    lines = [
        Treatment(
            pk=pk,
            code="maintenance_fluid",
            form="rate",
            amount=amount,
            unit="mL/h",
            at=now + at * HOUR,
            until=None if until is None else now + until * HOUR,
        )
        for pk, (at, amount, until) in enumerate(rates)
    ]
    assert infused(lines, now, now + 4 * HOUR) == volume


def test_the_check_before_a_dose_shows_the_course(cast, now, started):
    measure(cast, now - HOUR, "WEIGHT", "72.4", "kg")
    client = Client()
    client.force_login(cast.okafor)
    page = client.get(f"/participants/02-014/dose/{cast.next_dose.pk}/check/")
    text = page.content.decode()
    assert "Dose by dose" in text
    assert "+2.4 kg" in text
    assert "no new value" in text


def test_of_several_doses_to_come_only_the_one_that_is_checked_is_this_one(
    cast, now, started
):
    later = flow.plan_dose(
        cycle=cast.cycle,
        by=cast.chen,
        number=3,
        agent=cast.next_dose.agent,
        planned_at=cast.next_dose.planned_at + 24 * HOUR,
        amount=cast.next_dose.amount,
        unit=cast.next_dose.unit,
    ).row
    client = Client()
    client.force_login(cast.okafor)
    text = client.get(f"/participants/02-014/dose/{later.pk}/check/").content.decode()
    assert ("2, this one" in text, "3, this one" in text) == (False, True)
