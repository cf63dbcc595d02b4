"""Every page in every state it can be found in, scanned by axe, in light and dark.

Each scan is followed by a look at 320 px, which is 1280 px enlarged to 400 %: nothing
but a data table or a chart may need scrolling sideways.
"""

from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Page, TimeoutError

from monitor.episodes.models import Episode
from tests.acts import LOW, WELL, enter
from tests.cast import NOW, PASSWORD
from tests.journeys.ward import Person, Ward

Check = Callable[..., None]
PARTICIPANT = "/participants/02-014/"
ENTRY = f"{PARTICIPANT}observe/"
CRITICAL = {**LOW, "OXYGEN_DEVICE": "non_rebreather", "ACVPU": "P"}


@pytest.fixture
def sound(accessible: Check) -> Check:
    """`sound(page)`: axe finds nothing, in light and dark, and nothing sticks out."""

    def looked_at(page: Page) -> None:
        page.emulate_media(color_scheme="light")
        accessible(page)
        page.emulate_media(color_scheme="dark")
        accessible(page, "color-contrast")  # Colors are all that night changes.
        sticks_out(page)

    return looked_at


def sticks_out(page: Page) -> None:
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    with suppress(TimeoutError):  # The chart draws itself anew a moment later.
        page.wait_for_function(f"() => ({WIDE})().length === 0", timeout=3_000)
    wide = page.evaluate(WIDE)
    assert not wide, "\n".join([page.url, *wide])
    page.set_viewport_size(size)


#: What is wider than the window and does not lie in a box that scrolls by itself.
WIDE = """() => {
  if (document.scrollingElement.scrollWidth <= 320) return [];
  const scrolls = (e) => e && e !== document.body
    && (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(e).overflowX)
        || scrolls(e.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter((e) => e.getBoundingClientRect().right > 321 && !scrolls(e.parentElement))
    .map((e) => `${e.tagName} ${e.getAttribute("class")} ${e.id}`).slice(0, 8);
}"""


def test_the_pages_before_and_beside_the_job(ward: Ward, page: Page, sound: Check):
    nurse = ward.somebody("reyes", page)
    for path in ("/login/", "/login/?next=/queue/"):
        nurse.goes_to(path)
        sound(page)
    nurse.signs_in(password="not this one")
    nurse.reads("Name or password is wrong.")
    sound(page)


@pytest.mark.parametrize(
    "path", ["/knowledge/", "/permissions/", "/notices/", "/queue/", "/nowhere/"]
)
def test_a_page_about_nobody(ward: Ward, page: Page, sound: Check, path: str):
    somebody = ward.somebody("okafor", page).is_signed_in()
    somebody.goes_to(path)
    sound(page)


def test_the_board(ward: Ward, page: Page, sound: Check):
    enter(ward.cast, NOW, LOW)
    ward.admits("02-015")
    ward.sweeps()
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to("/")
    nurse.reads("02-014", "02-015", "No set has ever arrived")
    sound(page)


@pytest.mark.parametrize(
    ("typed", "level"),
    [(WELL, "Unknown"), (LOW, "Warning"), (CRITICAL, "Critical")],
)
def test_a_participant(ward: Ward, page: Page, sound: Check, typed, level):
    enter(ward.cast, NOW, typed)
    ward.sweeps()
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(PARTICIPANT)
    nurse.reads_in("What was found", level)
    sound(page)
    nurse.presses("Table")
    sound(page)


@pytest.mark.parametrize("panel", ["set", "symptoms", "labs", "fluids", "examination"])
def test_an_empty_entry(ward: Ward, page: Page, sound: Check, panel: str):
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(f"{ENTRY}?panel={panel}")
    sound(page)


def test_an_entry_that_asks_and_one_that_was_refused(
    ward: Ward, page: Page, sound: Check
):
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(ENTRY)
    nurse.fills(Temperature="43.5")
    nurse.keys("Tab")
    nurse.reads("Yes, keep 43.5")
    sound(page)
    nurse.sends_unchecked(TEMP="43.5", OXYSAT="198", HR="abc")
    nurse.reads("Not saved yet")
    sound(page)


@pytest.mark.parametrize(
    "path",
    ["treat/", "treat/?code=fluid_bolus", "treat/?code=call", "facts/", "ranges/"],
)
def test_the_other_forms(ward: Ward, page: Page, sound: Check, path: str):
    enter(ward.cast, NOW, LOW)
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(PARTICIPANT + path)
    sound(page)


def test_forms_sent_back(ward: Ward, page: Page, sound: Check):
    enter(ward.cast, NOW, LOW)
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(f"{PARTICIPANT}treat/?code=norepinephrine")
    nurse.fills(Amount_or_rate="much")
    nurse.presses("Save the entry")
    nurse.reads("Type the amount in digits.")
    sound(page)
    dose = ward.cast.next_dose
    nurse.goes_to(f"{PARTICIPANT}dose/{dose.pk}/")
    sound(page)
    nurse.corrects("39.1")
    sound(page)
    nurse.presses("Save the correction")
    nurse.reads("Choose why.")
    sound(page)


def test_an_episode_before_and_after_it_is_signed(ward: Ward, page: Page, sound: Check):
    enter(ward.cast, NOW, LOW)
    ward.sweeps()
    investigator = ward.somebody("okafor", page).is_signed_in()
    investigator.goes_to("/queue/")
    sound(page)
    path = f"/episodes/{Episode.objects.get().pk}/"
    investigator.goes_to(path)
    sound(page)
    investigator.presses("Sign and next")
    investigator.reads("Not signed, nothing is lost.")
    sound(page)
    investigator.fills(**{"Password, again": PASSWORD})
    investigator.presses("Sign and next")
    investigator.is_on("/queue/")
    sound(page)
    investigator.goes_to(path)
    investigator.reads("Signed by")
    sound(page)


@pytest.mark.parametrize("path", [f"{PARTICIPANT}audit/", "/notices/", "/handover/"])
def test_what_is_left_behind(ward: Ward, page: Page, sound: Check, path: str):
    enter(ward.cast, NOW, LOW)
    ward.sweeps()
    ward.waits(minutes=1)
    ward.somebody("okafor", page).is_signed_in().goes_to(path)
    sound(page)


def test_the_list_of_keys(ward: Ward, page: Page, sound: Check):
    nurse: Person = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(PARTICIPANT)
    nurse.keys("?")
    nurse.reads("Enter a set")
    sound(page)
