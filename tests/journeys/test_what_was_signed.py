"""What becomes of a signature: a correction; an objection."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from monitor import flow
from monitor.episodes.models import Episode
from monitor.review.models import Signature
from monitor.trials.models import Role
from tests.acts import LOW, enter
from tests.cast import NOW, PASSWORD, hire
from tests.journeys.ward import Person, Ward

Check = Callable[..., None]


@pytest.fixture
def signer(ward: Ward, open_page: Callable[..., Page]) -> Person:
    """Okafor, who has signed the CRS of 02-014, in front of the queue."""
    enter(ward.cast, NOW, LOW)
    okafor = ward.somebody("okafor", open_page()).is_signed_in()
    okafor.goes_to(address())
    okafor.chooses("Study drug", "Probable")
    okafor.signs()
    okafor.is_on("/queue/")
    okafor.reads_in_row("02-014", "signed")
    return okafor


def address() -> str:
    return f"/episodes/{Episode.objects.get(topic='crs').pk}/"


def test_a_value_is_corrected_after_the_signature_and_the_event_is_signed_again(
    ward: Ward, signer: Person, open_page: Callable[..., Page], sound: Check
):
    ward.waits(minutes=5)
    nurse = ward.somebody("reyes", open_page()).is_signed_in()
    nurse.corrects("86")
    nurse.page.locator("#id_typed").fill("96")
    nurse.page.get_by_label("Why").select_option(label="Read from the wrong device")
    nurse.presses("Save the correction")
    nurse.reads("Corrected. The value before stays readable.")

    ward.sweeps()
    signer.goes_to("/notices/")
    told = "the signature of C. Okafor, MD is withdrawn. What was signed has changed."
    signer.reads("Signature withdrawn", told)
    signer.goes_to("/queue/")
    signer.reads_in_row("02-014", "signature withdrawn", "sign again", "was 86 mmHg")
    sound(signer.page)

    signer.follows("02-014")
    signer.reads("Changed since your last look", "Signature withdrawn")
    signer.reads("A. Reyes, RN corrected Systolic blood pressure")
    expect(signer.page.locator(".signed del")).to_contain_text("C. Okafor, MD")
    signer.page.locator("#corrected").scroll_into_view_if_needed()
    signer.reads("86 mmHg", "96 mmHg", "Read from the wrong device")
    sound(signer.page)
    signer.signs()
    signer.reads("Grade 2 is not the 1 shown. Choose 1, or Regrade and say why.")
    signer.chooses("Grade", "1")
    signer.signs()
    signer.reads("What was signed has changed since. Say in Reason what you make of")
    signer.fills(Reason="96 mmHg is no hypotension")
    signer.signs()
    signer.is_on("/queue/")
    signer.reads_in_row("02-014", "signed")
    assert [hasattr(one, "withdrawal") for one in Signature.objects.order_by("pk")] == [
        True,
        False,
    ]


def test_who_signed_answers_a_second_reviewer_by_deciding_again(
    ward: Ward, signer: Person, sound: Check
):
    cast = ward.cast
    weber = hire(cast, "weber", "H. Weber, MD", Role.INVESTIGATOR, cast.boston)
    told = {"agrees": False, "text": "sepsis, not CRS", "password": PASSWORD}
    flow.second_opinion(signature=Signature.objects.get(), by=weber, **told)

    signer.goes_to("/queue/")
    signer.reads_in_row("02-014", "answer, decide again", "sepsis, not CRS")
    sound(signer.page)
    signer.follows("02-014")
    signer.reads("Second reviewer disagrees:", "Answer it: decide again")
    sound(signer.page)
    signer.page.locator(".again > summary").click()
    signer.fills(**{"Assessor's note": "The cultures stayed empty."})
    signer.signs()
    signer.reads("H. Weber, MD disagrees with what was signed. Say in Reason why")
    signer.fills(Reason="No germ in three cultures")
    signer.signs()
    signer.is_on("/queue/")
    signer.reads_in_row("02-014", "signed")
    signer.goes_to(address())
    signer.reads("The cultures stayed empty.", "Second reviewer disagrees:")
