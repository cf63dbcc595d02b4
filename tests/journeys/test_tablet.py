"""At the bedside with a finger: upright, on its side, and enlarged to 400 %."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from monitor import flow
from monitor.episodes.models import Episode
from monitor.trials import actions as trials
from tests.acts import LOW, enter
from tests.cast import NOW, open_cycle
from tests.journeys.ward import FEVER_AND_LOW_PRESSURE, Person, Ward

# What is drawn, and where the focus goes, no database changes.
pytestmark = pytest.mark.only_on("sqlite")

HOUR = timedelta(hours=1)
PARTICIPANT = "/participants/02-014/"
ENTRY = f"{PARTICIPANT}observe/"
UPRIGHT = {"width": 768, "height": 1024}
ON_ITS_SIDE = {"width": 1024, "height": 768}
ENLARGED = {"width": 320, "height": 640}
SIZES = [UPRIGHT, ON_ITS_SIDE, ENLARGED]
PANELS = ["set", "symptoms", "labs", "fluids", "examination"]

#: What can be pressed and is lower than a finger is wide. A box to tick counts with
#: its label, a link in a sentence with its line, the code on the board with its row.
TOO_LOW = """() => [...document.querySelectorAll(
    "main a, main button, main input:not([type=hidden]), main select, main summary,"
    + " .actionbar a, .actionbar button, .topbar a, .topbar button, .topbar summary,"
    + " main label.segment, main label.card-choice")]
  .filter((e) => !e.matches(".visually-hidden, [type=checkbox], p a, .skip"))
  .filter((e) => !e.matches("[data-row-link]"))
  .filter((e) => e.checkVisibility({ visibilityProperty: true }))
  .filter((e) => Math.round(e.getBoundingClientRect().height) < 44)
  .map((e) => `${e.tagName} ${e.name ?? ""} ${e.textContent.trim().slice(0, 24)} `
    + Math.round(e.getBoundingClientRect().height))"""


@pytest.fixture
def nurse_with(ward: Ward, open_page: Callable[..., Page]) -> Callable[..., Person]:
    def opened(size: dict[str, int]) -> Person:
        return ward.somebody("reyes", open_page(size, touch=True)).is_signed_in()

    return opened


@pytest.mark.requirement("W3")
@pytest.mark.parametrize("size", SIZES, ids=["upright", "on its side", "enlarged"])
def test_every_target_is_as_high_as_a_finger_is_wide(
    ward: Ward, nurse_with: Callable[..., Person], size: dict[str, int]
):
    nurse = nurse_with(size)
    for panel in PANELS:
        nurse.goes_to(f"{ENTRY}?panel={panel}")
        nurse.is_ready()
        assert nurse.page.evaluate(TOO_LOW) == [], panel


@pytest.mark.parametrize("size", SIZES, ids=["upright", "on its side", "enlarged"])
def test_so_is_every_target_of_what_is_looked_at(
    ward: Ward, nurse_with: Callable[..., Person], size: dict[str, int]
):
    enter(ward.cast, NOW, LOW)
    ward.sweeps()
    nurse = nurse_with(size)
    episode = Episode.objects.get(topic="crs")
    for path in ("/", "/due/", PARTICIPANT, f"/episodes/{episode.pk}/", "/notices/"):
        assert nurse.goes_to(path) == 200
        assert nurse.page.evaluate(TOO_LOW) == [], path


@pytest.mark.parametrize("size", SIZES, ids=["upright", "on its side", "enlarged"])
def test_a_set_is_entered_with_a_finger(
    ward: Ward, nurse_with: Callable[..., Person], size: dict[str, int]
):
    nurse = nurse_with(size)
    nurse.goes_to(ENTRY)
    nurse.types(FEVER_AND_LOW_PRESSURE)
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    nurse.reads_in("What was found", "Warning", "possible CRS")


def test_numbers_call_up_the_pad_of_digits(
    ward: Ward, nurse_with: Callable[..., Person]
):
    nurse = nurse_with(UPRIGHT)
    for panel in PANELS:
        nurse.goes_to(f"{ENTRY}?panel={panel}")
        for field in nurse.page.locator(".field-input").all():
            expect(field).to_have_attribute("inputmode", "decimal")


@pytest.mark.parametrize("size", SIZES, ids=["upright", "on its side", "enlarged"])
def test_who_it_is_about_stays_in_view_with_the_label_written(
    ward: Ward, nurse_with: Callable[..., Person], size: dict[str, int]
):
    """Reyes is blinded: what she reads is the neutral label."""
    enter(ward.cast, NOW, LOW)
    label = ward.cast.cycle.participant.cohort.neutral_label
    nurse = nurse_with(size)
    nurse.goes_to(ENTRY)
    nurse.is_ready()
    nurse.page.locator("#id_note").scroll_into_view_if_needed()
    nurse.page.mouse.wheel(0, 400)
    bar = nurse.page.get_by_role("region", name="Participant", exact=True)
    for words in ("02-014", label, "Warning"):
        said = bar.get_by_text(words, exact=True).locator("visible=true").first
        expect(said).to_be_in_viewport()


@pytest.mark.requirement("W7")
def test_enlarged_the_half_of_the_screen_is_left_for_typing(
    ward: Ward, nurse_with: Callable[..., Person]
):
    nurse = nurse_with(ENLARGED)
    nurse.goes_to(ENTRY)
    nurse.is_ready()
    bars = (".identity-bar", ".actionbar")
    heights = [nurse.page.locator(one).bounding_box()["height"] for one in bars]
    assert sum(heights) < ENLARGED["height"] / 2, heights


def test_a_question_is_answered_with_a_finger_on_the_smallest_screen(
    ward: Ward, nurse_with: Callable[..., Person]
):
    nurse = nurse_with(ENLARGED)
    nurse.goes_to(ENTRY)
    nurse.taps({"TEMP": "43.5"})
    kept = nurse.page.locator("input[name=TEMP_kept]")
    expect(kept).to_have_value("43.5")


def test_the_handover_sheet_is_no_wider_than_an_enlarged_page(
    ward: Ward, nurse_with: Callable[..., Person]
):
    """An agent with a long name, and a dose whose check found much."""
    agents = [{"code": "il2_mutein", "label": "Bempegaldesleukin-conjugate"}]
    document = {"name": "NARA-2", "version": "2.0", "agents": agents}
    cast = ward.cast
    draft = trials.draft_protocol(
        trial=cast.trial, number="2.0", document=document, by=cast.vance
    )
    cast.protocol = trials.approve_protocol(protocol=draft, by=cast.vance)
    cycle = open_cycle(cast, "02-015")
    planned = {"agent": "il2_mutein", "number": 11, "planned_at": NOW + 30 * HOUR}
    flow.plan_dose(cycle=cycle, by=cast.okafor, **planned)
    enter(cast, NOW, LOW)
    ward.sweeps()
    nurse = nurse_with(ENLARGED)
    nurse.goes_to("/handover/")
    nurse.reads("Bempegaldesleukin-conjugate")
    assert nurse.page.evaluate("document.scrollingElement.scrollWidth") == 320


#: Cells of the sheet whose words or level stand out of them.
OVER_ITS_CELL = """() => [...document.querySelectorAll(".sheet-rows :is(td, th)")]
  .filter((e) => e.scrollWidth > e.clientWidth + 1)
  .map((e) => e.textContent.trim())"""


@pytest.mark.parametrize("size", SIZES, ids=["upright", "on its side", "enlarged"])
def test_nothing_on_the_handover_sheet_stands_out_of_its_cell(
    ward: Ward, nurse_with: Callable[..., Person], size: dict[str, int]
):
    open_cycle(ward.cast, "02-015")
    enter(ward.cast, NOW, LOW)
    ward.sweeps()
    nurse = nurse_with(size)
    nurse.goes_to("/handover/")
    assert nurse.page.evaluate(OVER_ITS_CELL) == []
