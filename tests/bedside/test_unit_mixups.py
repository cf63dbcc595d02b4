"""A value typed in another unit, through the form: asked, offered, never guessed."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from monitor.bedside.entry import read_reading
from monitor.bedside.models import Reading
from monitor.clinical.items import catalogue
from tests.acts import enter
from tests.bedside.test_observe_page import PAGE, a_set

HOUR = timedelta(hours=1)


@pytest.fixture
def nurse(client, cast):
    client.force_login(cast.reyes)
    return client


def sent(item: str, typed: str, unit: str, **more):
    if item == "TEMP":
        return a_set() | {"TEMP": typed, "TEMP_unit": unit} | more
    told = {"key": str(uuid4()), "at": "14:10", item: typed, f"{item}_unit": unit}
    return told | more


def page_of(item: str) -> str:
    if item == "TEMP":
        return PAGE
    return f"{PAGE}?panel={'examination' if item == 'WEIGHT' else 'labs'}"


def send(nurse, item, typed, unit, **more):
    return nurse.post(page_of(item), sent(item, typed, unit, **more))


def offered(answer, item: str) -> str:
    """The unit that one key takes; "" where none is offered."""
    text = answer.content.decode()
    found = re.search(rf'<button[^>]*name="{item}_unit"\s+value="([^"]*)"', text)
    return found[1] if found else ""


def kept(item: str) -> list[Reading]:
    return list(Reading.objects.filter(item=item).order_by("pk"))


def before(cast, now, item: str, value: float | None) -> None:
    if value is not None:
        enter(cast, now - 20 * HOUR, {item: f"{value:g}"})


#: Item, typed, unit, the value before; whether it is saved as it is, what is offered.
CASES = [
    ("TEMP", "97.2", "Cel", None, "[degF]"),
    ("TEMP", "85.9", "Cel", None, ""),
    ("TEMP", "86", "Cel", None, "[degF]"),
    ("TEMP", "109.4", "Cel", None, "[degF]"),
    ("TEMP", "109.5", "Cel", None, ""),
    ("TEMP", "45", "Cel", None, ""),
    ("TEMP", "45.1", "Cel", None, ""),
    ("ALB", "3.4", "g/L", None, "g/dL"),
    ("ALB", "1.4", "g/L", None, ""),
    ("ALB", "1.5", "g/L", None, "g/dL"),
    ("ALB", "4.9", "g/L", None, "g/dL"),
    ("ALB", "5", "g/L", None, ""),
    ("WEIGHT", "162", "kg", 73.4, "[lb_av]"),
    ("WEIGHT", "130.3", "kg", 73.4, ""),
    ("WEIGHT", "130.5", "kg", 73.4, "[lb_av]"),
    ("WEIGHT", "270", "kg", 73.4, "[lb_av]"),
    ("WEIGHT", "271", "kg", 73.4, ""),
    ("CRP", "0.9", "mg/L", 80, "mg/dL"),
    ("CRP", "0.9", "mg/L", 50.1, "mg/dL"),
    ("CRP", "200", "mg/dL", None, "mg/L"),
]


@pytest.mark.parametrize(("item", "typed", "unit", "value", "other"), CASES)
def test_nothing_is_saved_before_a_person_says_which_unit(
    nurse, cast, now, item, typed, unit, value, other
):
    before(cast, now, item, value)
    earlier = len(kept(item))
    answer = send(nurse, item, typed, unit)
    assert (answer.status_code, offered(answer, item)) == (422, other)
    assert len(kept(item)) == earlier
    text = answer.content.decode()
    assert re.search(rf'id="id_{item}"[^>]*value="{re.escape(typed)}"', text)
    label = catalogue.item(item).units[other].label if other else ""
    assert (f"Was it {label}? Then choose that unit." in text) == bool(other)


@pytest.mark.parametrize(
    ("item", "typed", "value"),
    [
        ("CRP", "1", 80),
        ("CRP", "0.9", 50),
        ("WEIGHT", "78.4", 73.4),
    ],
)
def test_what_may_well_be_is_taken_at_once(nurse, cast, now, item, typed, value):
    before(cast, now, item, value)
    unit = catalogue.item(item).unit
    assert send(nurse, item, typed, unit).status_code == 302
    assert kept(item)[-1].check_state == "accepted"


@pytest.mark.parametrize(
    ("item", "typed", "unit", "value", "other", "number"),
    [
        ("TEMP", "97.2", "Cel", None, "[degF]", 36.222222),
        ("ALB", "3.4", "g/L", None, "g/dL", 34),
        ("WEIGHT", "162", "kg", 73.4, "[lb_av]", 73.481964),
        ("CRP", "0.9", "mg/L", 80, "mg/dL", 9),
    ],
)
def test_one_key_takes_the_unit_and_keeps_what_was_typed(
    nurse, cast, now, item, typed, unit, value, other, number
):
    before(cast, now, item, value)
    both = {f"{item}_unit": [unit, other]}  # The field's own, then the button's.
    assert send(nurse, item, typed, unit, **both).status_code == 302
    made = kept(item)[-1]
    assert (made.number, made.typed, made.typed_unit) == (number, typed, other)
    assert made.check_state == "accepted"


@pytest.mark.parametrize(
    ("item", "typed", "unit", "value", "state"),
    [
        ("WEIGHT", "162", "kg", 73.4, "confirmed"),
        ("TEMP", "43.1", "Cel", None, "confirmed"),
        ("ALB", "5", "g/L", None, "questioned"),
        ("CRP", "0.9", "mg/L", 80, "questioned"),
    ],
)
def test_a_true_value_is_never_blocked(
    nurse, cast, now, item, typed, unit, value, state
):
    before(cast, now, item, value)
    yes = {f"{item}_kept": typed}
    assert send(nurse, item, typed, unit, **yes).status_code == 302
    made = kept(item)[-1]
    assert (made.number, made.check_state) == (float(typed), state)


def test_a_value_that_came_unconfirmed_is_held_until_somebody_says_so(nurse, cast, now):
    """From a file or another program nobody was there to ask."""
    held = read_reading("TEMP", "43.1")
    assert (held.check_state, held.feeds) == ("held", False)


@pytest.mark.parametrize(("item", "shown"), [("CRP", "0.0"), ("NEUT", "0.00")])
def test_0_is_a_value_and_is_shown(nurse, item, shown):
    unit = catalogue.item(item).unit
    yes = {f"{item}_kept": "0"}
    assert send(nurse, item, "0", unit, **yes).status_code == 302
    assert (kept(item)[0].state, kept(item)[0].number) == ("value", 0)
    page = nurse.get("/participants/02-014/").content.decode()
    assert f'value">{shown}<' in page.replace(' class="value ', ' class="')
