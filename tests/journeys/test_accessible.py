"""Every page in every state it can be found in, scanned by axe, in light and dark.

Each scan is followed by a look at 320 px, which is 1280 px enlarged to 400 %: nothing
but a data table or a chart may need scrolling sideways.
"""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from monitor import flow
from monitor.episodes.models import Episode
from monitor.notices.models import Notice
from tests.acts import LOW, WELL, enter
from tests.cast import NOW
from tests.journeys.ward import Person, Ward

# What is drawn, and where the focus goes, no database changes.
pytestmark = pytest.mark.only_on("sqlite")

Check = Callable[..., None]
PARTICIPANT = "/participants/02-014/"
ENTRY = f"{PARTICIPANT}observe/"
CRITICAL = {**LOW, "OXYGEN_DEVICE": "non_rebreather", "ACVPU": "P"}


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


@pytest.mark.parametrize("path", ["/account/reach/", "/burden/"])
def test_a_page_about_notices(ward: Ward, page: Page, sound: Check, path: str):
    somebody = ward.somebody("okafor", page).is_signed_in()
    somebody.goes_to(path)
    sound(page)


def test_the_rota_and_what_is_refused_of_it(ward: Ward, page: Page, sound: Check):
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(f"/rota/{ward.cast.boston.pk}/")
    nurse.reads("Hand over now", "Plan a shift")
    sound(page)
    nurse.presses("Plan it")
    nurse.reads("Choose a duty and who has it.")
    sound(page)
    page.locator("#id_plan-who").select_option(label="Backup: C. Okafor, MD")
    nurse.presses("Plan it")
    nurse.reads("Nobody would be backup from", "Keep it all the same")
    sound(page)
    nurse.presses("Keep it all the same")
    nurse.reads("Until the rota begins everybody in the role is told, as now.")
    page.locator(".rota-strike button").first.click()
    nurse.reads("Not struck yet. What was typed is kept.")
    sound(page)


def test_a_notice_and_its_snooze(ward: Ward, page: Page, sound: Check):
    enter(ward.cast, NOW, LOW)
    ward.sweeps()
    doctor = ward.somebody("okafor", page).is_signed_in()
    doctor.goes_to(f"/notices/{Notice.objects.get(kind='level').pk}/")
    doctor.reads("Who is told next")
    sound(page)
    page.get_by_text("Snooze", exact=True).click()
    sound(page)


@pytest.mark.requirement("W6")
def test_the_board(ward: Ward, page: Page, sound: Check):
    enter(ward.cast, NOW, LOW)
    ward.admits("02-015")
    ward.sweeps()
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to("/")
    nurse.reads("02-014", "02-015", "No set has ever arrived")
    sound(page)


@pytest.mark.requirement("W7")
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
    [
        *("treat/", "treat/?code=fluid_bolus", "treat/?code=call"),
        *("treat/?code=offered_not_done", "facts/", "ranges/"),
    ],
)
def test_the_other_forms(ward: Ward, page: Page, sound: Check, path: str):
    enter(ward.cast, NOW, LOW)
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(PARTICIPANT + path)
    for more in page.locator(".plain-more summary").all():
        more.click()
    sound(page)


def test_where_a_dose_was_injected(ward: Ward, page: Page, sound: Check):
    cast = ward.cast
    site = {"side": "left", "place": "level_2", "volume": 0.5, "key": uuid4()}
    flow.log_injection(dose=cast.dose, at=NOW, by=cast.reyes, **site)
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(f"{PARTICIPANT}dose/{cast.dose.pk}/sites/")
    nurse.reads("left, neck level II")
    sound(page)


def test_what_stands_open_before_surgery(ward: Ward, page: Page, sound: Check):
    enter(ward.cast, NOW, {**LOW, "NAUSEA": "2"})
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(f"{PARTICIPANT}surgery/")
    nurse.reads("What stands open", "Nausea")
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
    ward.waits(minutes=6)  # A slip just now would need no reason.
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
    investigator.signs()
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


def test_a_question_on_its_way(ward: Ward, page: Page, sound: Check):
    """Asked with keys from the episode, answered at the bedside."""
    enter(ward.cast, NOW, LOW)
    episode = Episode.objects.get(topic="crs")
    investigator = ward.somebody("okafor", page).is_signed_in()
    investigator.goes_to(f"/episodes/{episode.pk}/")
    investigator.keys("a")
    investigator.is_on(f"{PARTICIPANT}ask/")
    sound(page)
    page.get_by_label("Question", exact=True).fill("Which arm?")
    investigator.presses("Ask")
    investigator.is_on("/questions/<id>/")
    investigator.reads("Which arm?", "next: nurses of the site")
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to("/questions/")
    sound(page)
    nurse.follows("02-014")
    nurse.is_on("/questions/<id>/")
    nurse.presses("Answer")
    nurse.reads("Type what you have to say.")
    sound(page)
    page.get_by_label("What you have to say").fill("The right one.")
    nurse.presses("Answer")
    nurse.reads("answered", "The right one.")
