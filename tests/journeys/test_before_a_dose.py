"""The check before a dose in a browser: read, answered, decided by keyboard."""

from playwright.sync_api import Page

from monitor.bedside.models import Fact
from monitor.review.models import DoseDecision
from tests.acts import LOW, enter
from tests.cast import NOW, PASSWORD
from tests.journeys.test_accessible import Check
from tests.journeys.ward import Ward

PARTICIPANT = "/participants/02-014/"


def test_the_check_in_every_state_it_can_be_found_in(
    ward: Ward, page: Page, sound: Check
):
    enter(ward.cast, NOW, LOW)
    investigator = ward.somebody("okafor", page).is_signed_in()
    investigator.goes_to(f"{PARTICIPANT}dose/")
    investigator.reads("Speaks against a dose")
    sound(page)
    investigator.presses("Decide")
    investigator.reads("Choose what is decided.")
    sound(page)
    investigator.chooses("Decision", "Hold")
    investigator.fills(Reason="Low pressure.", **{"Password, again": PASSWORD})
    investigator.presses("Decide")
    investigator.reads("Decided: Hold")
    sound(page)
    investigator.follows("Record what became of the dose")
    investigator.reads("given otherwise than was decided")
    sound(page)


def test_a_question_is_answered_and_a_dose_held_by_keyboard(ward: Ward, page: Page):
    enter(ward.cast, NOW, LOW)
    investigator = ward.somebody("okafor", page).is_signed_in()
    investigator.goes_to(f"{PARTICIPANT}dose/")
    page.locator("[name=STEROID]").first.focus()
    investigator.keys("ArrowRight")
    page.get_by_role("button", name="Save the answers").focus()
    investigator.keys("Enter")
    investigator.reads("Answered. The check is made anew.")
    assert Fact.objects.get(code="STEROID").value == "yes"
    page.locator("[name=choice]").first.focus()
    investigator.keys("ArrowRight", "ArrowRight", "Tab")
    page.keyboard.type("Low pressure.")
    investigator.keys("Tab")
    page.keyboard.type(PASSWORD)
    investigator.keys("Enter")
    investigator.reads("Decided: Hold")
    assert DoseDecision.objects.get().choice == DoseDecision.Choice.HOLD
