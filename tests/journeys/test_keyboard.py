"""The whole job without a mouse, and the focus in view wherever it goes."""

import pytest
from playwright.sync_api import Page, expect

from tests.acts import LOW, enter
from tests.cast import NOW, open_cycle
from tests.journeys.ward import FEVER_AND_LOW_PRESSURE, Ward

# What is drawn, and where the focus goes, no database changes.
pytestmark = pytest.mark.only_on("sqlite")

PARTICIPANT = "/participants/02-014/"
ENTRY = f"{PARTICIPANT}observe/"

#: Whether the focus is drawn, inside the window, and under nothing that is fixed there.
FOCUS = """() => {
  const e = document.activeElement;
  const shown = e.closest("label, summary") ?? e;
  const box = shown.getBoundingClientRect();
  const name = `${e.tagName} ${e.id || e.name || e.textContent.trim().slice(0, 24)}`;
  if (e === document.body) return ["", ""];
  const x = box.left + Math.min(box.width / 2, 12), y = box.top + box.height / 2;
  const top = document.elementFromPoint(x, y);
  const seen = top && (shown.contains(top) || top.contains(shown));
  const drawn = [e, shown, e.nextElementSibling, e.parentElement].some((one) => one &&
    [null, "::after"].map((part) => getComputedStyle(one, part)).some((style) =>
      style.outlineStyle !== "none" || style.boxShadow !== "none"));
  return [name, [seen ? "" : "hidden", drawn ? "" : "not drawn"].join(" ").trim()];
}"""


def walk(page: Page, key: str = "Tab", most: int = 200) -> list[str]:
    """What is wrong with the focus on its way through the page, once round."""
    faults, first = [], None
    for _step in range(most):
        page.keyboard.press(key)
        name, fault = page.evaluate(FOCUS)
        if not name or name == first:
            break
        first = first or name
        faults += [f"{name}: {fault}"] if fault else []
    return faults


@pytest.mark.requirement("W2")
def test_a_set_is_entered_and_saved_without_a_mouse(ward: Ward, page: Page):
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(PARTICIPANT)
    nurse.keys("e")
    nurse.is_on(ENTRY)
    nurse.types(FEVER_AND_LOW_PRESSURE)
    nurse.has_focus_in("ICE")
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    nurse.reads_in("What was found", "Warning")
    nurse.keys("r")
    nurse.is_on(ENTRY)


def test_arrows_letters_and_digits_choose(ward: Ward, page: Page):
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(ENTRY)
    device = nurse.row("OXYGEN_DEVICE")
    device.locator("input").first.focus()
    nurse.keys("n")
    expect(device.locator("input:checked")).to_have_value("nasal_cannula")
    nurse.keys("ArrowRight")
    expect(device.locator("input:checked")).to_have_value("simple_mask")
    nurse.keys("Enter")
    nurse.has_focus_in("OXYGEN_FLOW")


def test_a_question_is_answered_where_it_is_asked(ward: Ward, page: Page):
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(ENTRY)
    page.locator("#id_TEMP").focus()
    page.keyboard.type("435")
    nurse.keys("Enter")
    nurse.reads("Yes, keep 43.5")
    expect(page.locator("[data-keep]:focus")).to_have_count(1)
    nurse.keys("Enter")
    nurse.has_focus_in("MASKING_GIVEN")
    expect(page.locator("#id_TEMP")).to_have_value("43.5")


def test_the_queue_by_j_k_and_enter(ward: Ward, page: Page):
    enter(ward.cast, NOW, LOW)
    enter(ward.cast, NOW, LOW, cycle=open_cycle(ward.cast, "02-015"))
    investigator = ward.somebody("okafor", page).is_signed_in()
    investigator.goes_to("/queue/")
    rows = page.locator("[data-row-link]")
    expect(rows.nth(1)).to_be_visible()
    for keys, where in (("j", 0), ("j", 1), ("k", 0), ("j", 1)):
        investigator.keys(keys)
        expect(rows.nth(where)).to_be_focused()
    investigator.keys("Enter")
    investigator.is_on("/episodes/<id>/")
    investigator.reads("2 of")
    investigator.keys("k")
    investigator.reads("1 of")


@pytest.mark.requirement("W2")
def test_single_keys_can_be_turned_off(ward: Ward, page: Page):
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(PARTICIPANT)
    nurse.keys("?")
    nurse.reads("Keys on this page", "Enter a set")
    page.get_by_label("Use single keys on this device").uncheck()
    nurse.keys("Escape", "e")
    expect(page.locator("#keys")).to_be_hidden()
    nurse.is_on(PARTICIPANT)


def test_the_first_tab_skips_to_the_page(ward: Ward, page: Page):
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(PARTICIPANT)
    nurse.keys("Tab")
    skip = page.get_by_role("link", name="Skip to the page")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    nurse.keys("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.requirement("W2")
def test_the_focus_is_drawn_and_under_no_bar(ward: Ward, page: Page):
    enter(ward.cast, NOW, LOW)
    nurse = ward.somebody("reyes", page).is_signed_in()
    for path in ("/", PARTICIPANT, ENTRY, f"{PARTICIPANT}treat/?code=fluid_bolus"):
        for key in ("Tab", "Shift+Tab"):
            nurse.goes_to(path)
            assert walk(page, key) == [], f"{path} by {key}"


def test_the_focus_stays_in_view_in_the_review(ward: Ward, page: Page):
    enter(ward.cast, NOW, LOW)
    investigator = ward.somebody("okafor", page).is_signed_in()
    investigator.goes_to("/queue/")
    investigator.follows("02-014")
    investigator.is_on("/episodes/<id>/")
    assert walk(page) == []


@pytest.mark.parametrize("width", [768, 1024])
def test_the_focus_is_under_no_bar_in_the_review_on_a_tablet(
    ward: Ward, page: Page, width: int
):
    enter(ward.cast, NOW, LOW)
    investigator = ward.somebody("okafor", page).is_signed_in()
    page.set_viewport_size({"width": width, "height": 1000})
    investigator.goes_to("/queue/")
    investigator.follows("02-014")
    page.get_by_label("Password, again").focus()
    assert walk(page, "Shift+Tab") == []
