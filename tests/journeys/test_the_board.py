"""The board on the wall: it stays true by itself, and never moves under the hand."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from monitor.episodes.models import CycleState
from tests.acts import LOW, enter
from tests.cast import NOW
from tests.crowd import crowd
from tests.journeys.ward import Ward

Check = Callable[..., None]


def test_the_board_refreshes_and_leaves_a_person_where_they_were(
    ward: Ward, page: Page
):
    """A set arrives elsewhere: focus, scroll and filter stay, and the row moves."""
    rows = crowd([ward.cast.cycle], 30)
    level = CycleState.objects.get(cycle=ward.cast.cycle).level
    page.clock.install()
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(f"/?level={level}")
    far = page.locator(f"#open-{rows[18].participant.code}")
    far.focus()
    expect(page.locator("#row-02-014")).to_have_count(1)
    scrolled = page.evaluate("window.scrollY")
    assert scrolled > 0

    enter(ward.cast, NOW, LOW)
    page.clock.fast_forward("00:31")
    expect(page.locator("#row-02-014")).to_have_count(0)
    expect(far).to_be_focused()
    assert page.evaluate("window.scrollY") == scrolled
    assert page.url.endswith(f"?level={level}")
    expect(page.locator(f"#filter-{level}")).to_have_attribute("aria-current", "true")
    expect(page.locator("#filter-warning")).to_contain_text("1")


def test_larger_type_is_for_the_board_on_the_wall_and_stays_on_its_device(
    ward: Ward, page: Page, sound: Check
):
    crowd([ward.cast.cycle], 2)
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to("/")
    code = page.locator("#open-02-014")
    small = code.bounding_box()["height"]
    page.get_by_role("button", name="Larger type").click()
    assert code.bounding_box()["height"] == pytest.approx(1.5 * small, rel=0.05)
    sound(page)
    page.reload()
    button = page.get_by_role("button", name="Larger type")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    assert code.bounding_box()["height"] == small
