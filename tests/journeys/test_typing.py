"""What a hurried hand meets on the entry page: nothing lost, hidden, or in the way."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from monitor.bedside.models import Reading
from tests.acts import enter
from tests.cast import NOW
from tests.journeys.ward import FEVER_AND_LOW_PRESSURE, Person, Ward

# What is drawn, and where the focus goes, no database changes.
pytestmark = pytest.mark.only_on("sqlite")

PARTICIPANT = "/participants/02-014/"
ENTRY = f"{PARTICIPANT}observe/"
MINUTE = timedelta(minutes=1)
#: How far what is written in an element is wider or higher than the element.
CUT_OFF = """(e) => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]
  .some((over) => over > 1)"""
#: How far down the page an element stands, however far it is scrolled.
PLACE = "(e) => e.getBoundingClientRect().top + window.scrollY"


@pytest.fixture
def nurse(ward: Ward, page: Page) -> Person:
    person = ward.somebody("reyes", page).is_signed_in()
    person.goes_to(ENTRY)
    person.is_ready()
    return person


def types(nurse: Person, name: str, value: str) -> None:
    nurse.page.locator(f"#id_{name}").fill(value)
    nurse.keys("Tab")


def test_an_onset_that_was_refused_is_mended_where_it_stands(nurse: Person):
    page = nurse.page
    page.locator("summary", has_text="Headache").click()
    nurse.row("HEADACHE").locator("label.card-choice").nth(1).click()
    page.locator("#id_HEADACHE_began").fill("19 Nov 14:40")
    nurse.saves()
    link = page.locator("#complaints").get_by_role("link", name="Headache: ")
    link.click()
    began = page.locator("[name=HEADACHE_began]")
    expect(began).to_have_count(1)
    expect(began).to_be_focused()
    expect(nurse.row("HEADACHE").locator("input:checked")).to_have_value("1")
    began.fill("14:10")
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    assert Reading.objects.get(item="HEADACHE").began_at is not None


def test_a_question_goes_with_the_value_that_it_was_about(nurse: Person):
    question = nurse.row("TEMP").locator("[data-question]")
    types(nurse, "TEMP", "29")
    expect(question).to_be_visible()
    types(nurse, "TEMP", "")
    expect(question).to_be_hidden()
    types(nurse, "TEMP", "29")
    types(nurse, "TEMP", "999999999999")
    nurse.reads_beside("TEMP", "Type it again.")
    expect(question).to_be_hidden()


def test_tab_goes_from_value_to_value_and_one_key_to_what_stands_beside(nurse: Person):
    nurse.page.locator("#id_RESP").focus()
    nurse.page.keyboard.type("16")
    nurse.keys("Tab")
    nurse.page.keyboard.type("97")
    expect(nurse.page.locator("#id_OXYSAT")).to_have_value("97")
    nurse.reads("unit, site, not done")
    nurse.page.locator("#id_HR").focus()
    nurse.keys("F2")
    expect(nurse.row("HR").locator("[data-answer]")).to_be_focused()
    nurse.keys("Escape")
    expect(nurse.page.locator("#id_HR")).to_be_focused()


def test_the_list_of_devices_closes_behind_the_hand(nurse: Person):
    more = nurse.row("OXYGEN_DEVICE").locator("details")
    nurse.row("OXYGEN_DEVICE").locator("input").first.focus()
    nurse.keys("b")
    expect(more).to_have_attribute("open", "")
    nurse.keys("v")
    expect(more).not_to_have_attribute("open", "")
    nurse.keys("b", "Enter")
    expect(more).not_to_have_attribute("open", "")


def test_nothing_moves_and_nothing_is_cut_off_while_typing(nurse: Person):
    before = nurse.row("ACVPU").evaluate(PLACE)
    types(nurse, "BP", "184/104")
    types(nurse, "HR", "124")
    nurse.row("OXYGEN_DEVICE").locator("input[value=room_air]").check(force=True)
    types(nurse, "TEMP", "37.4")
    assert nurse.row("ACVPU").evaluate(PLACE) == before
    assert not nurse.page.locator("#id_BP").evaluate(CUT_OFF)
    nurse.row("OXYGEN_DEVICE").locator("input[value=venturi]").check(force=True)
    types(nurse, "FIO2", "28")
    assert not nurse.page.locator("#id_FIO2").evaluate(CUT_OFF)
    nurse.row("RESP").locator("[data-answer]").select_option("refused")
    said = nurse.row("RESP").locator("[data-answer-words]")
    expect(said).to_have_text("not done: participant refused")
    assert not said.evaluate(CUT_OFF)


def test_half_a_point_of_a_score_is_refused_beside_it(nurse: Person):
    types(nurse, "ICE", "5.5")
    nurse.reads_beside("ICE", "a whole number, not 5.5.")
    nurse.sends_unchecked(ICE="5.5")
    nurse.is_ready()
    nurse.reads_beside("ICE", "whole")


def test_a_pressure_that_was_felt_is_entered_by_itself(nurse: Person):
    types(nurse, "BP", "80/p")
    expect(nurse.row("BP")).to_contain_text("systolic alone, no MAP")
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    felt = Reading.objects.get(item="SYSBP", number=80)
    assert not Reading.objects.filter(observation=felt.observation, item="DIABP")


def test_a_result_below_the_laboratorys_limit_is_entered_as_it_came(nurse: Person):
    nurse.goes_to(f"{ENTRY}?panel=labs")
    nurse.is_ready()
    types(nurse, "CRP", "<5")
    expect(nurse.row("CRP")).to_contain_text("<0.5 mg/dL")
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    nurse.reads("<5")


def test_a_finger_has_a_key_for_the_limit(ward: Ward, tablet: Page):
    nurse = ward.somebody("reyes", tablet).is_signed_in()
    nurse.goes_to(f"{ENTRY}?panel=labs")
    nurse.is_ready()
    tablet.locator("#id_CRP").fill("5")
    sign = nurse.row("CRP").locator("[data-beyond]")
    for said in ("<5", ">5", "5"):
        sign.tap()
        expect(tablet.locator("#id_CRP")).to_have_value(said)


def test_a_late_entry_says_its_lag_and_is_not_compared_with_what_came_after(
    ward: Ward, nurse: Person
):
    enter(ward.cast, NOW - 10 * MINUTE, {"TEMP": "36.6"})
    nurse.goes_to(ENTRY)
    nurse.is_ready()
    question = nurse.row("TEMP").locator("[data-question]")
    types(nurse, "TEMP", "39.5")
    expect(question).to_be_visible()
    types(nurse, "at", "19 Nov 12:00")
    expect(nurse.page.locator("[data-lag]")).to_have_text("late, +2 h 30 min")
    expect(question).to_be_hidden()
    expect(nurse.row("TEMP").locator("[data-change]")).to_be_empty()


def test_a_set_with_an_open_question_is_not_sent_and_the_foot_bar_says_which(
    ward: Ward, nurse: Person
):
    enter(ward.cast, NOW - 10 * MINUTE, {"TEMP": "36.6"})
    nurse.goes_to(ENTRY)
    nurse.is_ready()
    types(nurse, "TEMP", "39.5")
    told = nurse.page.locator("[data-save-state]")
    said = "Not sent. Answer the question first: Temperature."
    nurse.page.keyboard.press("Control+Enter")
    expect(told).to_have_text(said)
    expect(nurse.row("TEMP").locator("[data-keep]")).to_be_focused()
    nurse.page.wait_for_timeout(600)
    expect(told).to_have_text(said)
    nurse.page.keyboard.press("Enter")
    expect(told).to_contain_text("Not sent yet.")
    nurse.page.keyboard.press("Control+Enter")
    nurse.is_on(PARTICIPANT)


def test_what_is_complete_says_nothing_of_what_is_missing(nurse: Person):
    panel = nurse.page.locator("[data-needed-panel]")
    nurse.types({**FEVER_AND_LOW_PRESSURE, "TEMP": "37.0"})
    nurse.reads("All needed for the CRS check.")
    expect(panel.get_by_text("What is missing stays due")).to_be_hidden()
    expect(nurse.page.locator(".actionbar .icon-unknown")).to_be_hidden()
    nurse.row("OXYGEN_DEVICE").locator("input[value=nasal_cannula]").check(force=True)
    nurse.reads("CRS check: 6 of 7 needed")
    types(nurse, "OXYGEN_FLOW", "3")
    nurse.reads("CRS check: 7 of 7 needed")


def test_a_question_names_the_unit_in_which_the_value_was_typed(
    ward: Ward, nurse: Person
):
    enter(ward.cast, NOW - 10 * MINUTE, {"WEIGHT": "79.9"})
    nurse.goes_to(f"{ENTRY}?panel=examination")
    nurse.is_ready()
    nurse.row("WEIGHT").locator("select.field-unit").select_option(label="lb")
    types(nurse, "WEIGHT", "188")
    expect(nurse.row("WEIGHT").locator("[data-question]")).to_contain_text("188 lb is")


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("OXYSAT", "97%", "97"),
        ("OXYSAT", "97 %", "97"),
        ("TEMP", "38°", "38"),
        ("TEMP", "38,5°", "38.5"),
        ("RESP", "16/min", "16"),
        ("HR", "88.", "88"),
        ("BP", "112 / 64 mmHg", "112/64"),
    ],
)
def test_a_unit_behind_a_value_is_understood(nurse: Person, name, typed, shown):
    types(nurse, name, typed)
    expect(nurse.page.locator(f"#id_{name}")).to_have_value(shown)
    expect(nurse.row(name)).to_contain_text(f"typed {typed}")


def test_a_unit_behind_a_value_is_chosen_where_it_is_another(nurse: Person):
    types(nurse, "TEMP", "100.4 F")
    expect(nurse.page.locator("#id_TEMP")).to_have_value("100.4")
    expect(nurse.row("TEMP").locator("select.field-unit")).to_have_value("[degF]")
    expect(nurse.row("TEMP")).to_contain_text("38.0 °C")
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    kept = Reading.objects.filter(item="TEMP").latest("pk")
    assert (kept.number, kept.typed, kept.typed_unit) == (38, "100.4", "[degF]")


def test_what_was_understood_before_is_not_said_of_what_is_no_number(nurse: Person):
    types(nurse, "TEMP", "38,5")
    expect(nurse.row("TEMP").locator("[data-note]")).to_have_text("typed 38,5")
    types(nurse, "TEMP", "38;5")
    nurse.reads_beside("TEMP", "This is not a number. Type it again.")
    expect(nurse.row("TEMP").locator("[data-note]")).to_be_empty()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("64/112", "Systolic stands first and is the higher one."),
        ("0/0", "0/0 mmHg is rare."),
    ],
)
def test_a_pressure_that_is_hardly_one_is_told_what_is_odd(nurse: Person, typed, said):
    types(nurse, "BP", typed)
    expect(nurse.row("BP")).to_contain_text(said)


def test_two_pressures_that_are_the_same_are_let_be(nurse: Person):
    types(nurse, "BP", "112/112")
    expect(nurse.row("BP")).to_contain_text("MAP 112")
    nurse.saves()
    nurse.is_on(PARTICIPANT)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("19 Nov 14:31", "in the future: it is 19 Nov 14:30"),
        ("19 Nov 23:59", "in the future: it is 19 Nov 14:30"),
        ("20 Nov 10:00", "in the future: it is 19 Nov 14:30"),
        ("14:31", "in the future: it is 19 Nov 14:30"),
        ("19 Nov 14:30", ""),
        ("17 Nov 14:00", "late, +2 d"),
    ],
)
def test_a_time_to_come_is_said_to_be_one(nurse: Person, typed: str, said: str):
    types(nurse, "at", typed)
    expect(nurse.page.locator("[data-lag]")).to_have_text(said)


#: A device that is slow to say which drafts it holds.
SLOW = """const ask = navigator.locks.request.bind(navigator.locks);
  navigator.locks.request = async (...all) => {
    await new Promise((done) => setTimeout(done, 1500));
    return ask(...all);
  };"""


def test_what_is_typed_before_the_drafts_are_found_has_its_field(nurse: Person):
    page = nurse.page
    types(nurse, "HR", "124")
    expect(page.get_by_text("Draft kept on this device")).to_be_visible()
    page.add_init_script(SLOW)
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    nurse.has_focus_in("RESP")
    page.keyboard.type("16")
    nurse.keys("Enter")
    expect(page.locator("form[data-ready]")).to_have_count(0)
    nurse.is_ready()
    expect(page.locator("#id_RESP")).to_have_value("16")
    expect(page.locator("#id_HR")).to_have_value("124")
