"""A set that comes late, and a set that fires: what the nurse has before her then."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from monitor.episodes.models import Step
from monitor.notices.models import Notice
from tests.acts import WELL, enter
from tests.cast import NOW
from tests.journeys.ward import FEVER_AND_LOW_PRESSURE, Ward

PARTICIPANT = "/participants/02-014/"
ENTRY = f"{PARTICIPANT}observe/"


def test_a_late_set_is_marked_judged_at_its_own_moment_and_wakes_nobody(
    ward: Ward, page: Page
):
    """At 11:20 the pressure was low; at 14:28 it is well, and only then it is typed."""
    enter(ward.cast, NOW - timedelta(minutes=2), WELL)
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(ENTRY)
    nurse.is_ready()
    nurse.page.locator("#id_at").fill("11:20")
    nurse.types(FEVER_AND_LOW_PRESSURE)
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    nurse.reads_in("Sets", "11:20", "late, +3 h 10: entered 14:30", "86")
    step = Step.objects.get()
    assert (step.cause, f"{step.at:%H:%M}") == ("late", "16:20")  # In UTC.
    ward.sweeps()
    assert Notice.objects.filter(kind=Notice.Kind.LEVEL).count() == 0
    investigator = ward.somebody("okafor", page).is_signed_in()
    investigator.goes_to("/notices/")
    expect(page.get_by_text("86")).to_have_count(0)


def test_a_set_that_fired_offers_the_recheck_and_shows_who_was_told(
    ward: Ward, page: Page
):
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(ENTRY)
    nurse.types(FEVER_AND_LOW_PRESSURE)
    nurse.saves()
    nurse.is_on(PARTICIPANT)
    nurse.reads_in("What was found", "Re-check due", "due 14:40", "Fluid bolus")
    nurse.reads_in("What was found", "Who was told", "Nobody yet: being sent…")
    ward.sweeps()  # And the page says it by itself.
    nurse.reads_in("What was found", "C. Okafor, MD", "sent")
    nurse.logs("fluid_bolus", Amount_or_rate="500")
    nurse.is_on(PARTICIPANT)
    nurse.reads_in("Management log", "Fluid bolus", "500 mL")
    nurse.follows("Enter the re-check")
    nurse.is_on(ENTRY)


def test_a_long_word_in_a_note_hides_no_value(ward: Ward, page: Page):
    """A link that somebody pasted: the table stays as wide as its place."""
    enter(ward.cast, NOW, WELL, note="see_" + 150 * "x")
    nurse = ward.somebody("reyes", page).is_signed_in()
    nurse.goes_to(PARTICIPANT)
    table = page.get_by_role("region", name="Sets as a table")
    expect(table).to_contain_text("see_")
    assert table.evaluate("(e) => e.scrollWidth - e.clientWidth") == 0
