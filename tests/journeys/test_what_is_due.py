"""What is due at the bedside: when, why, who, and what is agreed instead."""

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from monitor import flow
from tests.acts import WELL, enter
from tests.cast import NOW
from tests.journeys.ward import FEVER_AND_LOW_PRESSURE, Person, Ward

PARTICIPANT = "/participants/02-014/"
ENTRY, ARRANGED = f"{PARTICIPANT}observe/", f"{PARTICIPANT}arrange/"
PLACE = f"{PARTICIPANT}facts/"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def nurse(ward: Ward, page: Page) -> Person:
    return ward.somebody("reyes", page).is_signed_in()


def panel(nurse: Person, title: str) -> Locator:
    """The form that stands under this heading."""
    return nurse.page.locator("form").filter(
        has=nurse.page.get_by_role("heading", name=title, exact=True)
    )


def arranges(nurse: Person, title: str, button: str, **fields: str) -> None:
    nurse.goes_to(ARRANGED)
    form = panel(nurse, title)
    for label, value in fields.items():
        field = form.get_by_label(label.replace("_", " "), exact=True)
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    with nurse.page.expect_navigation():
        nurse.hand(form.get_by_role("button", name=button))


def is_moved_to(nurse: Person, place: str) -> None:
    nurse.goes_to(PLACE)
    form = panel(nurse, "Where the participant is")
    form.get_by_text(place, exact=True).click()
    with nurse.page.expect_navigation():
        nurse.hand(form.get_by_role("button", name="Save the place"))


def test_a_dose_that_came_late_moves_what_is_due(ward: Ward, nurse: Person):
    """Planned for 10:00 and given at 10:05, then put right: it was 14:20."""
    enter(ward.cast, NOW - MINUTE, WELL)
    nurse.goes_to(ARRANGED)
    nurse.reads_in("Due, and arranged", "15:05")
    nurse.goes_to(f"{PARTICIPANT}dose/{ward.cast.dose.pk}/")
    nurse.page.get_by_label("Given at", exact=True).fill("14:20")
    nurse.fills(Why_it_is_corrected="read from the pump")
    nurse.presses("Save the correction")
    nurse.is_on(PARTICIPANT)
    nurse.goes_to(ARRANGED)
    nurse.reads_in("Due, and arranged", "14:50")


def test_a_first_low_pressure_is_measured_again_in_ten_minutes(
    ward: Ward, nurse: Person
):
    nurse.goes_to(ENTRY)
    nurse.types(FEVER_AND_LOW_PRESSURE)
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    nurse.goes_to("/due/")
    nurse.reads_in_row("02-014", "Re-check", "in 10 min", "14:40")
    ward.waits(minutes=12)
    nurse.goes_to("/due/")
    nurse.reads_in_row("02-014", "Re-check", "2 min late")
    nurse.goes_to(ENTRY)
    nurse.types(FEVER_AND_LOW_PRESSURE)
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    nurse.goes_to("/due/")
    expect(nurse.page.get_by_text("2 min late")).to_have_count(0)


def test_a_partial_set_stays_due_and_says_what_it_lacks(ward: Ward, nurse: Person):
    ward.waits(hours=1)
    nurse.goes_to(ENTRY)
    nurse.is_ready()
    nurse.page.locator("#id_TEMP").fill("37.0")
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    nurse.goes_to("/due/")
    nurse.reads_in_row("02-014", "Partial set", "lacks", "BP", "SpO₂")


def test_a_refusal_has_a_reason_and_a_next_time_that_is_not_far(
    ward: Ward, nurse: Person
):
    enter(ward.cast, NOW - 5 * MINUTE, WELL)
    arranges(
        nurse, "Set not taken", "Save why not", Why_not="refused", Ask_again_at="23:30"
    )
    nurse.reads("This is too long: at most")
    expect(panel(nurse, "Set not taken").get_by_label("Ask again at")).to_have_value(
        "23:30"
    )
    arranges(
        nurse, "Set not taken", "Save why not", Why_not="refused", Ask_again_at="14:50"
    )
    nurse.reads_in("Due, and arranged", "Set not taken refused, ask again at 14:50")


def test_a_pause_is_asked_how_long_and_ends_by_itself(ward: Ward, nurse: Person):
    enter(ward.cast, NOW - 5 * MINUTE, WELL)
    arranges(nurse, "Pause monitoring", "Pause", Why="procedure or examination")
    nurse.reads("It ends by itself, at the latest 19 Nov 22:30")
    arranges(
        nurse,
        "Pause monitoring",
        "Pause",
        Why="procedure or examination",
        Until="15:30",
    )
    nurse.reads_in(
        "Due, and arranged", "Monitoring paused until 15:30, procedure or examination"
    )
    ward.waits(minutes=20)
    nurse.goes_to("/")
    nurse.reads_in_row("02-014", "paused until 15:30")
    ward.waits(minutes=25)
    nurse.goes_to("/")
    nurse.reads_in_row("02-014", "paused until 15:30")
    ward.waits(minutes=20)
    nurse.goes_to("/due/")
    nurse.reads_in_row("02-014", "Set", "late")


def test_at_home_only_the_contact_that_was_planned_can_be_late(
    ward: Ward, nurse: Person
):
    enter(ward.cast, NOW - 5 * MINUTE, WELL)
    is_moved_to(nurse, "At home")
    arranges(nurse, "Plan a contact", "Plan it", How="telephone", When="18:00")
    ward.waits(hours=3)
    nurse.is_signed_in().goes_to("/")
    nurse.reads_in_row("02-014", "At home since 14:30", "last set 14:25", "18:00")
    ward.waits(hours=1)
    nurse.is_signed_in().goes_to("/due/")
    nurse.reads_in_row("02-014", "Contact", "30 min late")
    expect(nurse.page.get_by_role("row").filter(has_text="Set")).to_have_count(0)


def test_what_is_told_by_telephone_is_marked_reported(ward: Ward, nurse: Person):
    enter(ward.cast, NOW - 5 * MINUTE, WELL)
    is_moved_to(nurse, "At home")
    ward.waits(hours=3)
    nurse.is_signed_in().goes_to(ENTRY)
    nurse.is_ready()
    nurse.page.locator("#id_TEMP").fill("38.6")
    nurse.page.get_by_label("Reported by telephone, not measured here").check()
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    nurse.reads_in("Sets", "38.6", "reported")
    nurse.reads_in("What was found", "38.6 °C", "reported")


def test_who_has_the_participant_is_named_until_the_shift_ends(
    ward: Ward, nurse: Person
):
    enter(ward.cast, NOW - 5 * MINUTE, WELL)
    flow.assess_cycle(cycle=ward.cast.cycle, by=ward.cast.reyes)
    nurse.goes_to("/due/")
    nurse.reads_in_row("02-014", "nobody named")
    nurse.presses("Take over")
    nurse.is_on("/due/")
    nurse.reads_in_row("02-014", "A. Reyes, RN (mine)")
    nurse.follows("Mine")
    nurse.reads_in_row("02-014", "A. Reyes, RN (mine)")
