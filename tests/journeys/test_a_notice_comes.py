"""A notice reaches whoever is at work on another page, and interrupts no typing."""

from playwright.sync_api import Page, expect

from monitor import clock
from monitor.notices import actions
from tests.acts import LOW, enter
from tests.cast import NOW
from tests.journeys.ward import Ward
from tests.notices.told import put

ENTRY = "/participants/02-014/observe/"


def test_the_bell_rings_while_somebody_types_and_takes_no_focus(ward: Ward, page: Page):
    page.clock.install()
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(ENTRY)
    page.locator("#id_HR").fill("12")
    put(ward.cast, NOW)
    actions.deliver_due(clock.now())
    page.clock.fast_forward("00:31")
    expect(page.locator("#status")).to_have_text(
        "New notice, 02-014: Criteria met: possible CRS"
    )
    expect(page.get_by_role("link", name="Notices: 1 unread")).to_be_visible()
    expect(page.locator("#id_HR")).to_be_focused()
    expect(page.locator("#id_HR")).to_have_value("12")


def test_whoever_stands_on_the_bell_stays_there(ward: Ward, page: Page):
    page.clock.install()
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(ENTRY)
    page.locator("#bell-link").focus()
    put(ward.cast, NOW)
    actions.deliver_due(clock.now())
    page.clock.fast_forward("00:31")
    expect(page.get_by_role("link", name="Notices: 1 unread")).to_be_focused()


def test_an_open_page_says_that_the_level_rose_and_takes_no_focus(
    ward: Ward, page: Page
):
    page.clock.install()
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to("/participants/02-014/")
    page.locator("#bell-link").focus()
    enter(ward.cast, NOW, LOW)
    page.clock.fast_forward("00:31")
    expect(page.locator("#changed")).to_contain_text(
        "it was Unknown, it is now Warning"
    )
    expect(page.get_by_role("link", name="Draw it again")).to_be_visible()
    expect(page.locator("#bell-link")).to_be_focused()
    page.get_by_role("link", name="Draw it again").click()
    expect(page.locator(".banner-warning")).to_be_visible()
    expect(page.locator("#changed")).to_have_text("")
