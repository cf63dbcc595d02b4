"""Two people at one bed: what each of them saw is kept."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from monitor.bedside.models import Observation, Reading
from monitor.trials.models import Role
from tests.cast import hire
from tests.journeys.ward import FEVER_AND_LOW_PRESSURE, Ward

PARTICIPANT = "/participants/02-014/"
ENTRY = f"{PARTICIPANT}observe/"
SECOND = FEVER_AND_LOW_PRESSURE | {"TEMP": "386", "BP": "104/60", "HR": "110"}


def test_two_nurses_enter_at_the_same_moment(
    ward: Ward, open_page: Callable[..., Page]
):
    hire(ward.cast, "adeyemi", "F. Adeyemi, RN", Role.NURSE, ward.cast.boston)
    reyes = ward.somebody("reyes", open_page()).is_signed_in()
    adeyemi = ward.somebody("adeyemi", open_page()).is_signed_in()

    for nurse, seen in ((reyes, FEVER_AND_LOW_PRESSURE), (adeyemi, SECOND)):
        nurse.goes_to(ENTRY)
        nurse.types(seen)
    for nurse in (reyes, adeyemi):
        nurse.saves()
    for nurse in (reyes, adeyemi):
        nurse.is_on(PARTICIPANT)

    assert Observation.objects.count() == 3  # With the one from before the dose.
    reyes.goes_to(PARTICIPANT)
    reyes.reads_in("Sets", "39.1", "86", "AR", "38.6", "104", "FA")
    reyes.reads_in("What was found", "Warning", "possible CRS")


def test_who_comes_second_sees_what_was_entered_meanwhile(
    ward: Ward, open_page: Callable[..., Page]
):
    """A page that stood open since before still records, and shows the newer set."""
    slow = ward.somebody("reyes", open_page()).is_signed_in()
    slow.goes_to(ENTRY)
    quick = ward.somebody("chen", open_page()).is_signed_in()
    quick.goes_to(ENTRY)
    quick.types(FEVER_AND_LOW_PRESSURE)
    quick.saves()
    quick.is_on(PARTICIPANT)

    slow.types(SECOND)
    slow.saves()
    slow.is_on(PARTICIPANT)
    slow.reads_in("Sets", "39.1", "LC", "38.6", "AR")


def test_of_two_sets_of_one_time_a_person_says_field_by_field_which_counts(
    ward: Ward, open_page: Callable[..., Page], accessible: Callable[..., None]
):
    chen = ward.somebody("chen", open_page()).is_signed_in()
    reyes = ward.somebody("reyes", open_page()).is_signed_in()
    for person, seen in ((chen, FEVER_AND_LOW_PRESSURE), (reyes, SECOND)):
        person.goes_to(ENTRY)
        person.types(seen)
        person.saves()
        person.is_on(PARTICIPANT)

    reyes.reads("both saved a set", "4 values differ; both are kept.")
    reyes.follows("Compare them")
    reyes.reads("Two sets of one time", "86 mmHg", "104 mmHg", "the same")
    accessible(reyes.page)
    choice = "Which Systolic blood pressure counts"
    reyes.page.get_by_label(choice).select_option(label="Only A. Reyes, RN")
    reyes.presses("Save which counts")
    reyes.reads("Choose why.")
    accessible(reyes.page)
    reyes.page.get_by_label("Why").select_option(label="Read from the wrong device")
    reyes.presses("Save which counts")
    reyes.is_on(PARTICIPANT)
    reyes.reads("Settled. What was left out stays readable.")
    expect(reyes.page.get_by_text("both saved a set")).to_have_count(0)
    struck = Reading.objects.get(item="SYSBP", voided=True)
    assert (struck.number, struck.recorded_by) == (86, ward.cast.reyes)


def test_an_investigator_learns_that_the_event_moved_on(
    ward: Ward, open_page: Callable[..., Page]
):
    """What is signed is what was shown: a newer grade asks for another look."""
    nurse = ward.somebody("reyes", open_page()).is_signed_in()
    nurse.goes_to(ENTRY)
    nurse.types(FEVER_AND_LOW_PRESSURE)
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    investigator = ward.somebody("okafor", open_page()).is_signed_in()
    investigator.goes_to("/queue/")
    investigator.follows("02-014")
    investigator.chooses("Study drug", "Probable")

    ward.waits(minutes=5)
    nurse.logs("norepinephrine", Amount_or_rate="0.05")
    nurse.reads_in("What was found", "Critical")
    investigator.signs()
    investigator.reads("Not signed, nothing is lost.")
    expect(investigator.page.get_by_label("Probable").first).to_be_checked()
