"""What goes wrong is said beside the field, and nothing that was typed is lost."""

import pytest
from playwright.sync_api import Page, expect

from monitor.bedside.models import Observation
from monitor.treatments.models import Treatment
from tests.acts import LOW, enter
from tests.cast import NOW
from tests.journeys.ward import FEVER_AND_LOW_PRESSURE, Person, Ward

PARTICIPANT = "/participants/02-014/"
ENTRY = f"{PARTICIPANT}observe/"
BOLUS = f"{PARTICIPANT}treat/?code=fluid_bolus"

#: Sends a form as it stands, and forgets the answer.
LOST = """(form) => fetch(form.action, {
  method: "POST", body: new URLSearchParams(new FormData(form)),
}).then((answer) => answer.ok)"""


@pytest.fixture
def nurse(ward: Ward, page: Page) -> Person:
    return ward.somebody("reyes", page).is_signed_in()


def holds(nurse: Person, **typed: str) -> None:
    """The fields hold what was typed into them."""
    for name, value in typed.items():
        expect(nurse.page.locator(f"#id_{name}")).to_have_value(value)


# A sentence beside the field


def test_a_value_that_cannot_be_is_said_while_typing(nurse: Person):
    nurse.goes_to(ENTRY)
    nurse.page.get_by_label("SpO₂", exact=True).fill("198")
    nurse.keys("Tab")
    nurse.reads_beside("OXYSAT", "SpO₂ is 0 to 100 %. Type it again.")
    nurse.saves()
    nurse.is_on(ENTRY)
    nurse.has_focus_in("OXYSAT")
    assert Observation.objects.count() == 1


def test_the_server_says_the_same_and_gives_everything_back(nurse: Person):
    nurse.goes_to(ENTRY)
    nurse.page.get_by_label("Note", exact=True).fill("calls for water")
    nurse.sends_unchecked(OXYSAT="198", HR="fast", TEMP="37.2", BP="76/122")
    nurse.reads("Not saved yet. Everything typed is kept.")
    nurse.reads_beside("OXYSAT", "Type it again")
    nurse.reads_beside("HR", "")
    nurse.reads_beside("BP", "")
    holds(nurse, OXYSAT="198", HR="fast", TEMP="37.2", BP="76/122")
    holds(nurse, note="calls for water")
    assert Observation.objects.count() == 1


@pytest.mark.requirement("W5")
def test_a_sentence_of_the_summary_leads_to_its_field(nurse: Person):
    nurse.goes_to(ENTRY)
    nurse.sends_unchecked(OXYSAT="198")
    summary = nurse.page.locator("#complaints")
    expect(summary).to_be_visible()
    summary.get_by_role("link").first.click()
    expect(nurse.row("OXYSAT")).to_be_in_viewport()


def test_an_unusual_value_is_asked_about_once(nurse: Person):
    nurse.goes_to(ENTRY)
    nurse.sends_unchecked(TEMP="43.5")
    nurse.reads("one question")
    nurse.presses("Yes, keep 43.5")
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    nurse.reads_in("Sets", "43.5")


def test_a_time_that_cannot_be(nurse: Person):
    nurse.goes_to(ENTRY)
    nurse.sends_unchecked(at="tomorrow", TEMP="37.2")
    nurse.reads("Type the time as 14:22 or 19 Nov 14:22.")
    nurse.sends_unchecked(at="20 Nov 14:22")
    nurse.reads("This lies in the future: it is 19 Nov 14:30.")
    holds(nurse, at="20 Nov 14:22", TEMP="37.2")


def test_a_treatment_that_cannot_be(nurse: Person):
    nurse.goes_to(BOLUS)
    nurse.fills(Amount_or_rate="a lot", Note="left arm")
    nurse.presses("Save the entry")
    nurse.reads_beside("amount", "Type the amount in digits.")
    nurse.fills(Amount_or_rate="-500", At="25:70")
    nurse.presses("Save the entry")
    nurse.reads_beside("at", "There is no such day or time.")
    holds(nurse, amount="-500", at="25:70", note="left arm")
    assert not Treatment.objects.exists()


def test_a_decision_that_contradicts_itself(ward: Ward, page: Page):
    enter(ward.cast, NOW, LOW)
    investigator = ward.somebody("okafor", page).is_signed_in()
    investigator.goes_to("/queue/")
    investigator.follows("02-014")
    investigator.chooses("Decision", "Regrade")
    investigator.chooses("Grade", "4")
    note = page.get_by_label("Assessor's note", exact=True)
    note.fill("seen with the family")
    investigator.fills(**{"Password, again": "not this one"})
    investigator.presses("Sign and next")
    investigator.reads("Not signed, nothing is lost.")
    expect(note).to_have_value("seen with the family")
    investigator.chooses("Grade in CTCAE", "4")
    investigator.answers_the_rest()
    investigator.fills(Reason="two pressors", **{"Password, again": "nor this"})
    investigator.presses("Sign and next")
    expect(page.locator("#error-password")).to_contain_text("assword")


def test_a_sentence_about_a_decision_leads_to_what_is_to_be_mended(
    ward: Ward, page: Page
):
    enter(ward.cast, NOW, LOW)
    investigator = ward.somebody("okafor", page).is_signed_in()
    investigator.goes_to("/queue/")
    investigator.follows("02-014")
    investigator.chooses("Study drug", "Probable")
    investigator.presses("Sign and next")
    sentences = page.locator("#errors a")
    parts = [one.get_attribute("href") for one in sentences.all()]
    wanted = ("attribution", "action_study_drug", "outcome", "password")
    assert parts == [f"#part-{one}" for one in wanted]
    sentences.nth(0).press("Enter")
    expect(page.locator("[name=attribution_infection]").first).to_be_focused()
    sentences.nth(1).press("Enter")
    expect(page.locator("[name=action_study_drug]")).to_be_focused()
    sentences.nth(3).press("Enter")
    expect(page.get_by_label("Password, again")).to_be_focused()


# Nothing is lost


def test_what_was_typed_survives_a_session_that_ran_out(nurse: Person):
    nurse.goes_to(ENTRY)
    nurse.types(FEVER_AND_LOW_PRESSURE)
    nurse.reads("Draft kept on this device")
    nurse.is_signed_out_meanwhile()
    nurse.saves()
    nurse.reads("You were signed out. Nothing typed is lost.")
    holds(nurse, BP="86/48", TEMP="391", HR="124")
    nurse.follows("Sign in and send")
    nurse.signs_in()
    nurse.is_on(PARTICIPANT)
    nurse.reads_in("What was found", "Warning")
    assert Observation.objects.count() == 2


def test_a_draft_waits_while_another_panel_is_saved(nurse: Person):
    nurse.goes_to(ENTRY)
    nurse.page.locator("#id_TEMP").fill("38.2")
    nurse.reads("Draft kept on this device")
    nurse.page.on("dialog", lambda asked: asked.accept())  # Leave the page? Yes.
    nurse.follows("Laboratory")
    nurse.page.locator("#id_ALB").fill("36")
    nurse.page.get_by_role("button", name="Save").last.click()
    nurse.is_on(PARTICIPANT)
    nurse.goes_to(ENTRY)
    holds(nurse, TEMP="38.2")


def test_a_draft_is_gone_once_the_set_is_kept(nurse: Person):
    nurse.goes_to(ENTRY)
    nurse.types(FEVER_AND_LOW_PRESSURE)
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    nurse.goes_to(ENTRY)
    holds(nurse, BP="", TEMP="")


# Once


def test_a_set_that_is_sent_twice_is_one_set(nurse: Person):
    nurse.goes_to(ENTRY)
    nurse.types(FEVER_AND_LOW_PRESSURE)
    nurse.saves()
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    assert Observation.objects.count() == 2


def test_a_set_that_arrived_and_is_sent_again_is_one_set(nurse: Person):
    """The answer was lost on its way, so the same form is sent once more."""
    nurse.goes_to(ENTRY)
    nurse.page.locator("#id_TEMP").fill("38.2")
    nurse.page.locator("form#entry").evaluate(LOST)
    assert Observation.objects.count() == 2
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    nurse.reads("This set was already saved. Nothing was added.")
    assert Observation.objects.count() == 2


def test_a_treatment_that_is_sent_twice_is_one_line(nurse: Person):
    nurse.goes_to(BOLUS)
    nurse.fills(Amount_or_rate="500")
    nurse.page.get_by_role("button", name="Save the entry").dblclick()
    nurse.is_on(PARTICIPANT)
    assert Treatment.objects.count() == 1


# Out of reach


@pytest.mark.parametrize("code", ["03-001", "X1-001", "99-999"])
def test_another_sites_participant_is_not_there(nurse: Person, code: str):
    for path in ("", "observe/", "treat/", "audit/", "facts/", "ranges/"):
        assert nurse.goes_to(f"/participants/{code}/{path}") == 404
        nurse.reads("There is nothing at this address")


@pytest.mark.requirement("P2")
def test_a_note_that_tells_who_somebody_is_is_spoken_of_and_saved(nurse: Person):
    nurse.goes_to(ENTRY)
    note = nurse.page.get_by_label("Note", exact=True)
    note.press_sequentially("Mrs Miller asks for water")
    remark = nurse.page.locator(".identifying")
    expect(remark).to_contain_text("This looks like a name.")
    note.fill("asks for water")
    expect(remark).to_be_hidden()
    note.fill("ring 0171 2345678")
    expect(remark).to_contain_text("This looks like a telephone number.")
    nurse.page.get_by_label("SpO₂", exact=True).fill("97")
    nurse.saves()
    expect(nurse.page.get_by_text("ring 0171 2345678").first).to_be_visible()
