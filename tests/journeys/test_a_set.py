"""A set that a nurse would rather type than write: few keys, and all of it in place."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from monitor.bedside.models import Reading
from monitor.treatments.models import Treatment
from tests.acts import WELL, enter
from tests.cast import NOW
from tests.journeys.ward import Person, Ward

PARTICIPANT = "/participants/02-014/"
ENTRY = f"{PARTICIPANT}observe/"
MOST_KEYS = 25

#: Counts what is pressed on this page and the pages after it; a chord is one key.
COUNT = """() => addEventListener("keydown", (event) => {
  if (["Control", "Alt", "Shift"].includes(event.key)) return;
  const keys = JSON.parse(sessionStorage.keys ?? "[]");
  sessionStorage.keys = JSON.stringify([...keys, event.key]);
}, true)"""


@pytest.fixture
def nurse(ward: Ward, page: Page) -> Person:
    return ward.somebody("reyes", page).is_signed_in()


def opens(nurse: Person, panel: str = "") -> None:
    nurse.goes_to(ENTRY + panel)
    nurse.is_ready()


def stored() -> dict[str, Reading]:
    """Item -> its last reading."""
    return {row.item: row for row in Reading.objects.order_by("pk")}


def test_a_complete_normal_set_takes_few_keys_beyond_its_digits(nurse: Person):
    """With what cannot be typed otherwise: the device, the brain, every symptom."""
    opens(nurse)
    nurse.page.evaluate(COUNT)
    board = nurse.page.keyboard
    for keys in ("16", "98", "r", "122/76", "78", "368", "n", "a"):
        board.type(keys)
        nurse.keys("Enter")
    nurse.has_focus_in("ICE")
    board.type("10")
    nurse.keys("Enter")
    nurse.has_focus_in("CHILLS")
    nurse.keys("0", "Enter", "0", "Enter")
    nurse.has_focus_in("CHEST_PAIN")
    nurse.keys("n", "Enter")
    nurse.has_focus_in("NURSE_CONCERN")
    nurse.keys("n", "Control+Enter")
    nurse.is_on(PARTICIPANT)
    nurse.reads("assessed.")
    pressed = nurse.page.evaluate("() => JSON.parse(sessionStorage.keys)")
    beyond = [key for key in pressed if not key.isdecimal()]
    assert len(beyond) <= MOST_KEYS, beyond
    found = stored()
    assert found["TEMP"].number == 36.8
    assert (found["SYSBP"].number, found["DIABP"].number) == (122, 76)
    assert found["MASKING_GIVEN"].choice == "none"
    assert found["CHEST_PAIN"].choice == "none"
    asked = ("CHILLS", "NAUSEA", "CONFUSION", "EDEMA_LIMBS", "INJECTION_SITE_REACTION")
    assert [found[item].number for item in asked] == [0] * 5


def test_a_pad_of_digits_has_no_stroke(nurse: Person):
    opens(nurse)
    pressure = nurse.page.locator("#id_BP")
    expect(pressure).to_have_attribute("inputmode", "decimal")
    pressure.fill("8648")
    nurse.keys("Tab")
    expect(pressure).to_have_value("86/48")
    nurse.reads("MAP 61")


def test_one_key_explains_all_that_is_left(nurse: Person):
    opens(nurse)
    nurse.page.keyboard.type("16")
    nurse.keys("Alt+s")
    nurse.keys("Control+Enter")
    nurse.is_on(PARTICIPANT)
    found = stored()
    assert found["RESP"].number == 16
    reasons = {row.not_done_reason for row in found.values() if not row.number}
    assert "asleep" in reasons


def test_the_unit_is_switched_beside_the_value_and_both_are_shown(nurse: Person):
    opens(nurse)
    row = nurse.row("TEMP")
    row.locator("select.field-unit").select_option("[degF]")
    row.locator("#id_TEMP").fill("101.3")
    row.locator("#id_TEMP").blur()
    expect(row).to_contain_text("38.5 °C")


def test_oxygen_is_asked_for_where_the_device_has_it(nurse: Person):
    opens(nurse)
    for device, flow, fraction in (
        ("Room air", False, False),
        ("Nasal cannula", True, False),
        ("Venturi", True, True),
    ):
        nurse.chooses("Oxygen", device)
        expect(nurse.row("OXYGEN_FLOW")).to_be_visible(visible=flow)
        expect(nurse.row("FIO2")).to_be_visible(visible=fraction)


def test_a_vasopressor_is_changed_in_the_set_and_saved_with_it(nurse: Person):
    nurse.goes_to(PARTICIPANT)
    nurse.logs("norepinephrine", Amount_or_rate="0.05")
    opens(nurse)
    running = nurse.page.get_by_role("group", name="Norepinephrine 0.05 µg/kg/min")
    running.get_by_label("New rate").fill("0,1")
    nurse.page.locator("#id_HR").fill("96")
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    nurse.reads_in("Management log", "Norepinephrine 0.1 µg/kg/min")
    opens(nurse)
    nurse.page.get_by_label("Stopped").check()
    nurse.page.locator("#id_HR").fill("92")
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    amounts = Treatment.objects.order_by("pk").values_list("amount", flat=True)
    assert list(amounts) == [0.05, 0.1, 0.0]


def test_what_was_given_since_the_last_set_goes_into_the_log(nurse: Person):
    opens(nurse)
    nurse.chooses("Antipyretic, steroid", "Given")
    row = nurse.row("GIVEN")
    row.get_by_label("Given: what", exact=True).select_option("paracetamol")
    row.get_by_label("Given: what: Amount").fill("1000")
    nurse.page.locator("#id_TEMP").fill("37.4")
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    nurse.reads_in("Management log", "Paracetamol 1000 mg")
    assert stored()["MASKING_GIVEN"].choice == "given"


def test_a_line_that_cannot_be_is_said_and_nothing_is_saved(nurse: Person):
    opens(nurse)
    nurse.chooses("Antipyretic, steroid", "Given")
    row = nurse.row("GIVEN")
    row.get_by_label("Given: what", exact=True).select_option("paracetamol")
    nurse.page.locator("#id_TEMP").fill("37.4")
    nurse.saves()
    nurse.reads("Not saved yet. Everything typed is kept.")
    nurse.reads("How much, or how fast? Type the amount.")
    assert "MASKING_GIVEN" not in stored()
    assert not Treatment.objects.exists()


def test_how_it_was_measured_is_kept_with_the_value(ward: Ward, nurse: Person):
    opens(nurse)
    nurse.page.get_by_label("Temperature site").select_option("tympanic")
    nurse.page.locator("#id_TEMP").fill("37.4")
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    ward.waits(minutes=20)
    opens(nurse)
    site = nurse.page.get_by_label("Temperature site")
    expect(site).to_have_value("tympanic")
    nurse.page.locator("#id_HR").fill("80")
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    assert Reading.objects.filter(item="TEMP_SITE").count() == 1  # No value, no site.
    opens(nurse)
    nurse.page.get_by_label("Temperature site").select_option("axillary")
    nurse.reads("was tympanic")


def test_edema_is_asked_for_when_the_interval_is_over(ward: Ward, nurse: Person):
    enter(ward.cast, NOW - timedelta(hours=1), WELL | {"EDEMA_LIMBS": "0"})
    opens(nurse)
    nurse.reads("Examined and not due again yet:")
    ward.waits(hours=23)
    nurse.is_signed_in()
    opens(nurse)
    named = nurse.page.locator("input[name=named]")
    assert "EDEMA_LIMBS" in named.get_attribute("value").split(",")
