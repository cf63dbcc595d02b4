"""An investigator names an event that no scale grades, by its CTCAE term."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from monitor.episodes.models import Episode
from tests.acts import WELL, enter
from tests.cast import NOW
from tests.journeys.ward import Ward

CANNULA = {"OXYGEN_DEVICE": "nasal_cannula", "OXYGEN_FLOW": "2", "OXYSAT": "91"}


def test_an_event_of_heart_and_lung_is_named_and_graded_with_agree(
    ward: Ward, page: Page, sound: Callable[..., None]
):
    enter(ward.cast, NOW, {**WELL, **CANNULA})
    person = ward.somebody("okafor", page).is_signed_in()
    episode = Episode.objects.get(topic="heart_lung")
    person.goes_to(f"/episodes/{episode.pk}/")
    person.signs()
    person.reads("Name the event by its CTCAE term.")
    sound(page)
    page.get_by_label("CTCAE term").fill("hypoxia")
    person.chooses("Grade", "1")
    person.signs()
    person.reads("Hypoxia has these grades in CTCAE: 2, 3, 4, 5.")
    expect(page.get_by_label("CTCAE term")).to_have_value("hypoxia")
    person.chooses("Grade", "3")
    person.signs()
    person.is_on("/queue/")
    person.goes_to("/participants/02-014/adverse-events/")
    person.reads("02-014 AE1", "Hypoxia", "grade 3", "Signed")
