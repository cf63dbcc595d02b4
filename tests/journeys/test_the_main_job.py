"""Enter, be warned, act, decide, sign: the whole job, as two people do it."""

import pytest
from playwright.sync_api import Page

from monitor.clinical.items.catalogue import TREATMENTS
from tests.journeys.ward import FEVER_AND_LOW_PRESSURE, Person, Ward

CHART = "/participants/02-014/"


@pytest.fixture(params=["desk", "tablet"])
def screen(request: pytest.FixtureRequest) -> Page:
    """1280 px with a keyboard, then 768 px under a finger."""
    return request.getfixturevalue("page" if request.param == "desk" else "tablet")


def test_the_main_job(ward: Ward, screen: Page):
    nurse = ward.somebody("reyes", screen)
    nurse.signs_in()
    nurse.finds_on_the_board("02-014")
    enters_a_set_and_is_warned(nurse)
    ward.waits(minutes=5)
    logs_a_bolus_and_the_level_stays(nurse)
    ward.waits(minutes=10)
    logs_norepinephrine_and_the_grade_changes(nurse)
    ward.sweeps()
    nurse.signs_out()

    ward.waits(minutes=20)
    investigator = ward.somebody("okafor", screen)
    investigator.signs_in()
    finds_the_event_in_the_queue(investigator)
    sees_evidence_and_chart(investigator)
    decides_and_signs(investigator)
    finds_all_of_it_in_the_audit_trail(investigator)


def enters_a_set_and_is_warned(nurse: Person) -> None:
    nurse.follows("Enter a set")
    nurse.types(FEVER_AND_LOW_PRESSURE)
    nurse.saves()
    nurse.is_on(CHART)
    nurse.reads_in("What was found", "Warning", "possible CRS, ASTCT at least grade 2")
    nurse.reads_in("What was found", "39.1 °C", "≥ 38", "86 mmHg", "< 90", "assessed")
    nurse.reads_in("What was found", "Re-check due", "Fluid bolus")
    nurse.sees_the_result_above_the_chart()


def logs_a_bolus_and_the_level_stays(nurse: Person) -> None:
    nurse.logs("fluid_bolus", Amount_or_rate="500", Note="over 15 min")
    nurse.is_on(CHART)
    nurse.reads("Logged: Fluid bolus.")
    nurse.reads_in("What was found", "Warning", "ASTCT grade 2")
    nurse.reads_in("Management log", "Fluid bolus", "500 mL", "over 15 min")


def logs_norepinephrine_and_the_grade_changes(nurse: Person) -> None:
    nurse.logs("norepinephrine", Amount_or_rate="0,05")
    nurse.is_on(CHART)
    nurse.reads_in("What was found", "Critical", "ASTCT grade 3")
    nurse.reads_in("Management log", "Norepinephrine", "0.05")


def finds_the_event_in_the_queue(investigator: Person) -> None:
    investigator.follows("Queue")
    investigator.reads_in_row("02-014", "Critical", "CRS", "grade 3")
    investigator.follows("02-014")
    investigator.is_on("/episodes/<id>/")


def sees_evidence_and_chart(investigator: Person) -> None:
    investigator.reads("ASTCT · study scale", "CTCAE v5.0", "Penn")
    investigator.reads_in("Chart", "39.1", "SBP 90", "38.0 fever")
    investigator.reads_in("Chart", "Fluid bolus 500 mL", "Norepinephrine", "grade 3")
    investigator.reads_in("Evidence", "39.1 °C", "86 mmHg", "ASTCT 2019")
    investigator.reads_in("What was done", "Fluid bolus 500 mL", "Norepinephrine 0.05")


def decides_and_signs(investigator: Person) -> None:
    investigator.chooses("Decision", "Agree")
    investigator.chooses("Grade", "3")
    investigator.chooses("Study drug", "Probable")
    investigator.chooses("Infection", "Unlikely")
    investigator.signs()
    investigator.is_on("/queue/")
    investigator.reads("Signed: 02-014, CRS, episode")


def finds_all_of_it_in_the_audit_trail(investigator: Person) -> None:
    investigator.goes_to(f"{CHART}audit/")
    investigator.reads("A. Reyes, RN recorded a set.", "Temperature: 39.1 °C")
    for code in ("fluid_bolus", "norepinephrine"):
        investigator.reads(TREATMENTS[code].label)
    investigator.reads("episode opened", "grade: 2 → 3", "C. Okafor, MD signed")
