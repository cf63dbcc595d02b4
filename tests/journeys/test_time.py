"""The clock at the bedside: the site's, near midnight, and on the night it changes."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from monitor import clock
from monitor.bedside.models import Observation
from tests.cast import Cast, open_cycle
from tests.journeys.ward import Person, Ward

PARTICIPANT = "/participants/02-015/"
ENTRY = f"{PARTICIPANT}observe/"


@pytest.fixture
def nurse(ward: Ward, cast: Cast, page: Page, settings) -> Person:
    settings.UNUSED_DAYS = 1000  # These nights lie far apart.
    open_cycle(cast, "02-015")
    return ward.somebody("reyes", page)


def it_is(ward: Ward, *utc: int) -> None:
    ward.times.enter_context(clock.freeze(datetime(*utc, tzinfo=UTC)))


def opens_the_set(nurse: Person) -> None:
    nurse.is_signed_in().goes_to(ENTRY)
    nurse.is_ready()


def saved_at() -> datetime:
    return Observation.objects.latest("pk").observed_at


def test_the_night_in_which_an_hour_comes_twice(ward: Ward, nurse: Person):
    it_is(ward, 2027, 11, 7, 6, 10)
    opens_the_set(nurse)
    expect(nurse.page.locator("#id_at")).to_have_value(
        "7 Nov 01:10 \N{MINUS SIGN}05:00"
    )
    nurse.page.locator("#id_at").fill("01:05")
    nurse.page.locator("#id_TEMP").fill("37.2")
    nurse.saves()
    nurse.reads("The clocks went back over 01:05: it came twice.")
    nurse.presses("Before they went back")
    nurse.is_on(PARTICIPANT)
    assert saved_at() == datetime(2027, 11, 7, 5, 5, tzinfo=UTC)


def test_the_night_in_which_an_hour_never_comes(ward: Ward, nurse: Person):
    it_is(ward, 2027, 3, 14, 7, 40)
    opens_the_set(nurse)
    nurse.page.locator("#id_at").fill("02:30")
    nurse.page.locator("#id_TEMP").fill("37.2")
    nurse.saves()
    nurse.reads("it never came. Was it 01:30 or 03:30?")
    nurse.presses("03:30")
    nurse.is_on(PARTICIPANT)
    assert saved_at() == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


def test_a_shift_across_midnight(ward: Ward, nurse: Person):
    """23:50, typed at twenty past, was last night; the page says which day it took."""
    it_is(ward, 2026, 11, 21, 5, 20)
    opens_the_set(nurse)
    nurse.page.locator("#id_at").fill("23:50")
    nurse.page.locator("#id_TEMP").fill("37.2")
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    nurse.reads_in("Sets", "Fri 23:50")
    assert saved_at() == datetime(2026, 11, 21, 4, 50, tzinfo=UTC)


def test_now_is_the_time_of_the_site_and_not_of_the_device(ward: Ward, nurse: Person):
    it_is(ward, 2026, 11, 21, 5, 20)
    opens_the_set(nurse)
    nurse.page.locator("#id_at").fill("")
    nurse.presses("Now")
    expect(nurse.page.locator("#id_at")).to_have_value("21 Nov 00:20")
