"""The board on the wall: it stays true by itself, and never moves under the hand."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from monitor.episodes.models import CycleState
from tests.acts import LOW, enter
from tests.cast import NOW
from tests.crowd import crowd
from tests.journeys.ward import Ward

Check = Callable[..., None]


def fulfilled(answer: dict[str, Any], route: Route) -> None:
    route.fulfill(**answer)


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


@pytest.mark.parametrize("path", ["/", "/due/"])
def test_a_list_says_when_its_rows_came_and_when_none_come_any_more(
    ward: Ward, page: Page, path: str
):
    """An error, another's page and silence are one thing to who looks: rows are old."""
    page.clock.install()
    ward.somebody("reyes", page).is_signed_in().goes_to(path)
    updated, lost = page.locator("#board-updated"), page.locator("#board-lost")
    expect(updated).to_have_text("Updated 14:30:00 · every 30 s")
    expect(lost).to_be_hidden()

    ward.waits(minutes=1)
    page.clock.fast_forward("00:31")
    expect(updated).to_have_text("Updated 14:31:00 · every 30 s")

    for answer in ({"status": 404}, {"status": 200, "body": "Welcome to the hotel"}):
        page.route(f"**{path}", partial(fulfilled, answer))
        page.clock.fast_forward("00:31")
        expect(lost).to_have_text(
            "Not updated since Thu 19 Nov 14:31: no answer from the server. "
            "What is shown below is old."
        )
        expect(updated).to_be_hidden()
        page.unroute(f"**{path}")
        page.clock.fast_forward("00:31")
        expect(lost).to_be_hidden()
        expect(updated).to_be_visible()

    page.route(f"**{path}", lambda route: None)  # Taken, and never answered.
    page.clock.fast_forward("01:20")
    expect(lost).to_be_visible()


def test_the_clock_in_the_head_goes_on_and_keeps_to_the_site(ward: Ward, page: Page):
    page.clock.install()
    ward.somebody("reyes", page).is_signed_in().goes_to("/permissions/")
    shown = page.locator("#clock")
    expect(shown).to_have_text("Thu 19 Nov 2026, 14:30 −05:00")
    page.clock.fast_forward("09:30:01")
    expect(shown).to_have_text("Fri 20 Nov 2026, 00:00 −05:00")
