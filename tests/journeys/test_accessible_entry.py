"""The entry page and those round it, in every state, scanned like the other pages."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from monitor import flow
from tests.acts import FEVER, LOW, enter
from tests.cast import NOW
from tests.journeys.ward import FEVER_AND_LOW_PRESSURE, Person, Ward

# What is drawn, and where the focus goes, no database changes.
pytestmark = pytest.mark.only_on("sqlite")

Check = Callable[..., None]
PARTICIPANT = "/participants/02-014/"
ENTRY = f"{PARTICIPANT}observe/"


@pytest.fixture
def nurse(ward: Ward, page: Page) -> Person:
    return ward.somebody("reyes", page).is_signed_in()


@pytest.fixture
def cut_off(browser: Browser, ward: Ward) -> Iterator[Person]:
    """A nurse whose device is about to lose the server, which the browser reports."""
    context = browser.new_context(base_url=ward.address, locale="en-US")
    context.set_default_timeout(15_000)
    nurse = ward.somebody("reyes", context.new_page()).is_signed_in()
    nurse.goes_to(ENTRY)
    nurse.types(FEVER_AND_LOW_PRESSURE)
    yield nurse
    context.close()


def test_a_set_that_waits_here_and_on_another_page(cut_off: Person, sound: Check):
    page = cut_off.page
    page.context.set_offline(True)
    cut_off.saves()
    cut_off.reads("Waiting.", "It has not been assessed.")
    sound(page)
    page.route("**/observe/*", lambda route: route.abort())
    page.route("**/observe/", lambda route: route.abort())
    page.context.set_offline(False)
    cut_off.goes_to("/due/")
    cut_off.reads("02-014")
    sound(page)


def test_a_set_that_the_server_cannot_take(cut_off: Person, sound: Check):
    cut_off.page.route("**/observe/", lambda route: route.fulfill(status=500))
    cut_off.saves()
    cut_off.reads("Failed.", "Nothing typed is lost")
    sound(cut_off.page)


def test_a_set_of_somebody_who_was_signed_out(cut_off: Person, sound: Check):
    cut_off.is_signed_out_meanwhile()
    cut_off.saves()
    cut_off.reads("Failed.", "You were signed out.")
    sound(cut_off.page)


def test_what_cannot_be_is_said_while_typing(nurse: Person, sound: Check):
    nurse.goes_to(ENTRY)
    nurse.is_ready()
    nurse.page.locator("#id_OXYSAT").fill("198")
    nurse.page.locator("#id_BP").fill("60/90")
    nurse.keys("Tab")
    nurse.reads("SpO₂ is 0 to 100 %. Type it again.", "Systolic stands first")
    sound(nurse.page)


def test_every_blank_with_its_reason(nurse: Person, sound: Check):
    nurse.goes_to(ENTRY)
    nurse.is_ready()
    nurse.keys("Alt+s")
    nurse.reads("not done: asleep")
    sound(nurse.page)


def test_a_symptom_and_its_onset(nurse: Person, sound: Check):
    nurse.goes_to(ENTRY)
    nurse.is_ready()
    nurse.page.locator("#row-CHILLS label.card-choice").nth(2).click()
    onset = nurse.page.get_by_label("Chills, rigors began at")
    onset.fill("soon")
    sound(nurse.page)
    nurse.saves()
    nurse.reads("Not saved yet. Everything typed is kept.", "Type the time as 14:22")
    sound(nurse.page)
    onset.fill("14:05")
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    nurse.reads("grade 2, asked 14:30, began 14:05")
    sound(nurse.page)


def test_a_time_that_came_twice(ward: Ward, nurse: Person, sound: Check):
    nurse.goes_to(ENTRY)
    nurse.sends_unchecked(HR="80", at="1 Nov 01:30")
    nurse.reads("it came twice")
    sound(nurse.page)


def test_the_laboratory_its_ranges_and_the_units(
    ward: Ward, nurse: Person, sound: Check
):
    site, reyes = ward.cast.boston, ward.cast.reyes
    for laboratory, typed in (("Central", "35..52"), ("Night", "32..48")):
        told = {"laboratory": laboratory, "item": "ALB", "typed": typed, "unit": "g/L"}
        since = NOW - timedelta(days=9)
        told |= {"site": site, "since": since, "by": reyes, "key": uuid4()}
        flow.record_laboratory_range(**told)
    nurse.goes_to(f"{ENTRY}?panel=labs")
    nurse.is_ready()
    nurse.page.get_by_label("Laboratory", exact=True).select_option("Central")
    row = nurse.row("ALB")
    expect(row).to_contain_text("range 35 to 52 g/L")
    row.locator("#id_ALB").fill("33")
    nurse.keys("Tab")
    expect(row).to_contain_text("below 35 to 52 g/L")
    sound(nurse.page)
    nurse.page.get_by_label("Laboratory", exact=True).select_option("Night")
    expect(row).to_contain_text("range 32 to 48 g/L")
    expect(row).not_to_contain_text("below")
    nurse.goes_to(f"{PARTICIPANT}ranges/")
    sound(nurse.page)
    nurse.page.get_by_label("Albumin", exact=True).fill("normal")
    nurse.presses("Save the ranges")
    nurse.reads("Type the range as low..high")
    sound(nurse.page)
    nurse.goes_to(f"{PARTICIPANT}units/")
    sound(nurse.page)


def test_a_slip_of_ones_own_and_a_correction_that_is_asked_about(
    ward: Ward, nurse: Person, sound: Check
):
    enter(ward.cast, NOW, LOW)
    nurse.corrects("39.1")
    nurse.reads("a slip needs no reason until 14:35")
    sound(nurse.page)
    nurse.page.get_by_label("Value", exact=True).fill("43.5")
    nurse.presses("Save the correction")
    nurse.reads("Yes, keep 43.5")
    sound(nurse.page)
    nurse.presses("Yes, keep 43.5")
    nurse.is_on(PARTICIPANT)
    nurse.corrects("43.5")
    nurse.reads("mended within 5 min")
    sound(nurse.page)


def test_two_sets_of_one_time(ward: Ward, nurse: Person, sound: Check):
    enter(ward.cast, NOW, LOW)
    enter(ward.cast, NOW - timedelta(minutes=4), FEVER, by=ward.cast.okafor)
    nurse.goes_to(PARTICIPANT)
    nurse.reads("both saved a set")
    sound(nurse.page)
    nurse.follows("Compare them")
    nurse.reads("Which counts")
    sound(nurse.page)


@pytest.mark.parametrize(
    "path", [ENTRY, f"{ENTRY}?panel=labs", PARTICIPANT], ids=["set", "labs", "found"]
)
def test_on_paper_nothing_is_cut_off_and_nothing_is_to_press(
    ward: Ward, nurse: Person, path: str
):
    enter(ward.cast, NOW, LOW)
    nurse.goes_to(path)
    page = nurse.page
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 740, "height": 1000})  # A4 less its margins.
    page.wait_for_timeout(300)
    assert page.evaluate("() => document.scrollingElement.scrollWidth") <= 740
    shown = page.locator(".actionbar, .topbar-nav, main .btn").locator("visible=true")
    expect(shown).to_have_count(0)
