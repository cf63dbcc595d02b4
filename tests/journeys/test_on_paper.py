"""An episode, and the lists of a shift, on paper: what a printer makes of them."""

import re
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from monitor.episodes.models import Episode
from tests.acts import LOW, WELL, enter
from tests.cast import NOW
from tests.crowd import crowd
from tests.journeys.ward import Ward

UPRIGHT, LANDSCAPE = (595, 842), (842, 595)


def printed(page: Page, size: tuple[int, int]) -> list[str]:
    """The text of each page, all of one size in points."""
    made = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert {tuple(map(round, one.mediabox[2:])) for one in made.pages} == {size}
    return [" ".join(one.extract_text().split()) for one in made.pages]


@pytest.fixture
def pages(ward: Ward, page: Page) -> list[str]:
    """The text of each page that Chromium prints of the CRS of 02-014."""
    enter(ward.cast, NOW, LOW)
    ward.somebody("okafor", page).is_signed_in()
    episode = Episode.objects.get(topic="crs")
    page.goto(f"/episodes/{episode.pk}/")
    page.wait_for_timeout(500)
    return printed(page, UPRIGHT)


def test_the_first_page_holds_the_evidence_and_nothing_to_press(pages: list[str]):
    assert "What would clear it" in pages[0]
    pressed = r"\bCorrect\b|Sign and next|Decide again|Say that it is over"
    assert re.findall(pressed, " ".join(pages)) == []


def test_the_chart_is_whole_on_a_page_of_its_own(pages: list[str]):
    (chart,) = [page for page in pages if "CRS grade" in page]
    # The ₂ may come from another face, and is then text of its own.
    words = chart.replace("SpO ₂", "SpO₂")
    assert [one for one in ("Temp", "HR", "BP", "SpO₂", "RR") if one not in words] == []
    assert "What would clear it" not in chart


def test_after_printing_the_chart_is_where_it_was(pages: list[str], page: Page):
    first = page.locator(".review-evidence > :first-child")
    expect(first).to_have_id("chart")
    page.get_by_role("button", name="Print").focus()
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    expect(first).not_to_have_id("chart")
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    expect(first).to_have_id("chart")
    expect(page.get_by_role("button", name="Print")).to_be_focused()


def test_the_due_list_begins_on_its_first_page_with_its_nurses(ward: Ward, page: Page):
    enter(ward.cast, NOW, WELL)
    crowd([ward.cast.cycle], 20)
    ward.waits(hours=3)
    ward.somebody("reyes", page).is_signed_in()
    page.goto("/due/")
    on_paper = printed(page, LANDSCAPE)
    assert "02-014" in on_paper[0]
    assert "nobody named" in on_paper[0]
    assert re.findall("Enter|Take over|Not now", " ".join(on_paper)) == []


def test_the_handover_sheet_of_ten_is_no_more_than_two_pages(ward: Ward, page: Page):
    enter(ward.cast, NOW, LOW)
    crowd([ward.cast.cycle], 9)
    ward.somebody("reyes", page).is_signed_in()
    page.goto("/handover/?site=02")
    on_paper = printed(page, LANDSCAPE)
    assert len(on_paper) <= 2
    assert "Handed over by" in on_paper[-1]
