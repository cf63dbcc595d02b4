"""What the desk leaves on record: the dossier, its narrative, the events, the trail."""

from collections.abc import Callable
from io import BytesIO

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from monitor.episodes.models import Episode
from tests.acts import LOW, enter
from tests.cast import NOW
from tests.journeys.ward import Person, Ward

Check = Callable[..., None]


@pytest.fixture
def signer(ward: Ward, page: Page) -> Person:
    """Okafor, who has signed the CRS of 02-014."""
    enter(ward.cast, NOW, LOW)
    person = ward.somebody("okafor", page).is_signed_in()
    person.goes_to(f"/episodes/{Episode.objects.get(topic='crs').pk}/")
    person.signs()
    person.is_on("/queue/")
    return person


def test_a_dossier_is_read_its_narrative_mended_and_the_file_taken(
    signer: Person, sound: Check
):
    page = signer.page
    signer.goes_to(f"/episodes/{Episode.objects.get(topic='crs').pk}/")
    signer.follows("Dossier")
    signer.is_on("/episodes/<id>/dossier/")
    signer.reads("What a report must say", "Signed.")
    sound(page)
    signer.follows("Edit the narrative")
    sound(page)
    page.get_by_label("Narrative", exact=True).fill("Fever and low pressure.")
    signer.presses("Keep this version")
    signer.reads("Say why.")
    sound(page)
    page.get_by_label("Why it is put so").fill("The draft names what was planned.")
    signer.presses("Keep this version")
    signer.reads("Fever and low pressure.")
    sound(page)
    with page.expect_download() as taken:
        signer.presses("Take the PDF")
    with open(taken.value.path(), "rb") as file:
        text = PdfReader(BytesIO(file.read())).pages[0].extract_text()
    assert "Fever and low pressure." in " ".join(text.split())


@pytest.mark.parametrize(
    "path",
    [
        "/participants/02-014/adverse-events/",
        "/queue/decided/",
        "/audit/reviews/",
        "/questions/",
    ],
)
def test_each_list_of_the_desk_is_sound(signer: Person, sound: Check, path: str):
    assert signer.goes_to(path) == 200
    sound(signer.page)


def test_who_looks_through_what_was_changed_says_so(
    ward: Ward, signer: Person, sound: Check
):
    signer.goes_to(f"/audit/reviews/{ward.cast.boston.pk}/")
    sound(signer.page)


def test_no_treatment_lies_over_another_in_the_chart(signer: Person):
    """Of eight at once the seventh was drawn beneath the sixth, whatever it was."""
    laid = signer.page.evaluate(
        """async () => {
          const { lanes } = await import("/static/js/chart-svg.js");
          const once = Array.from({ length: 8 }, () => ({ from: 0, to: null }));
          const later = { from: 3600, to: 7200 };
          return lanes([...once, later]).map((one) => one.lane);
        }"""
    )
    assert laid == [0, 1, 2, 3, 4, 5, 6, 7, 0]
