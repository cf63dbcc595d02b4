"""Each decision on an event, as an investigator makes it in front of the page."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from monitor.episodes.models import Episode
from monitor.flow import log_treatment
from monitor.trials.models import Role
from tests.acts import LOW, enter
from tests.cast import NOW, PASSWORD, hire, open_cycle
from tests.journeys.ward import Person, Ward

Check = Callable[..., None]


@pytest.fixture
def investigator(ward: Ward, page: Page) -> Person:
    """Okafor in front of the CRS of 02-014."""
    enter(ward.cast, NOW, LOW)
    person = ward.somebody("okafor", page).is_signed_in()
    episode = Episode.objects.get(topic="crs")
    person.goes_to(f"/episodes/{episode.pk}/")
    return person


def lists(person: Person, *words: str) -> None:
    person.goes_to("/participants/02-014/adverse-events/")
    person.reads(*words)


def test_agree_attribute_sign_and_it_is_an_adverse_event(investigator: Person):
    investigator.chooses("Study drug", "Probable")
    investigator.signs()
    investigator.is_on("/queue/")
    lists(investigator, "02-014 AE1", "Cytokine release syndrome", "grade 2", "Signed")


def test_two_columns_scroll_and_nothing_lies_below_them(investigator: Person):
    page = investigator.page
    expect(page.locator(".review-evidence table").first).to_be_attached()
    tall = "document.documentElement.scrollHeight - window.innerHeight"
    assert page.evaluate(tall) == 0
    scrolled = "e => e.scrollHeight > e.clientHeight"
    assert page.locator(".review-evidence").evaluate(scrolled)


def test_a_regrade_asks_for_its_reason(investigator: Person):
    expect(investigator.page.locator("#part-reason")).to_be_hidden()
    investigator.chooses("Decision", "Regrade")
    investigator.chooses("Grade", "3")
    investigator.fills(Reason="a pressor was hung")
    investigator.signs()
    investigator.reads("Choose the grade in CTCAE too")
    investigator.chooses("Grade in CTCAE", "3")
    investigator.signs()
    investigator.is_on("/queue/")
    lists(investigator, "grade 3")


def test_what_was_chosen_outlives_the_page_until_it_is_sent(
    investigator: Person, sound: Check
):
    page = investigator.page
    probable = page.locator("#part-attribution input[value=probable]").first
    investigator.chooses("Study drug", "Probable")
    investigator.fills(**{"Assessor's note": "four hours after the dose"})
    page.get_by_label("Password, again").fill("half a pass")
    page.reload()
    expect(probable).to_be_checked()
    expect(page.get_by_label("Assessor's note", exact=True)).to_have_value(
        "four hours after the dose"
    )
    expect(page.get_by_label("Password, again")).to_have_value("")
    investigator.reads("Nothing of it is signed.")
    sound(page)
    investigator.presses("Leave it out")
    expect(probable).not_to_be_checked()
    investigator.chooses("Study drug", "Probable")
    investigator.presses("Save draft")
    expect(probable).to_be_checked()
    expect(page.locator("[data-draft-said]")).to_be_hidden()


def test_a_serious_event_starts_its_clocks_and_a_report_stops_one(
    investigator: Person, sound: Check
):
    page = investigator.page
    expect(page.locator("#part-aware_at")).to_be_hidden()
    page.locator("#part-serious").get_by_label("Life-threatening").check()
    expect(page.locator("#part-aware_at")).to_be_visible()
    investigator.chooses("Expectedness", "Unexpected")
    investigator.signs()
    investigator.is_on("/queue/")
    investigator.reads_in_row("02-014", "24 h 00 left", "serious, report")
    investigator.follows("02-014")
    investigator.reads("Reports due", "Site to sponsor")
    sound(page)
    page.locator(".report summary").first.click()
    page.get_by_label("To whom, and how").first.fill("e-mail to the safety desk")
    page.get_by_role("button", name="Keep", exact=True).first.click()
    investigator.reads("the report is out", "reported in time")


def test_another_event_names_the_other_cause(investigator: Person):
    investigator.chooses("Decision", "Not this event")
    investigator.chooses("Infection", "Probable")
    investigator.fills(Reason="the culture grew")
    investigator.signs()
    investigator.is_on("/queue/")
    lists(investigator, "No event is confirmed here.")


def test_what_is_not_significant_says_why(investigator: Person):
    investigator.chooses("Decision", "Not clinically significant")
    investigator.fills(Reason="the cuff had slipped")
    investigator.signs()
    investigator.is_on("/queue/")


def test_a_wrong_word_keeps_what_was_typed(investigator: Person, sound: Check):
    investigator.chooses("Decision", "Regrade")
    investigator.fills(**{"Password, again": PASSWORD})
    investigator.presses("Sign and next")
    investigator.reads("Not signed, nothing is lost.", "Say why you decide otherwise")
    sound(investigator.page)


def test_the_rest_of_a_decision_opens_when_it_is_needed(
    investigator: Person, sound: Check
):
    page = investigator.page
    page.locator(".decision-more summary").click()
    page.get_by_label("Rechallenge").select_option("Not given again")
    sound(page)
    investigator.signs()
    investigator.is_on("/queue/")


def test_an_event_is_referred_and_waits_in_the_other_persons_queue(
    ward: Ward, investigator: Person, sound: Check
):
    cast = ward.cast
    weber = hire(cast, "weber", "H. Weber, MD", Role.INVESTIGATOR, cast.boston)
    investigator.goes_to(f"/episodes/{Episode.objects.get(topic='crs').pk}/")
    page = investigator.page
    page.locator(".refer summary").click()
    page.get_by_label("Refer to", exact=True).select_option("H. Weber, MD")
    page.locator("#id_referral_reason").fill("I treated her")
    sound(page)
    investigator.presses("Refer")
    investigator.is_on("/queue/")
    investigator.reads("Referred to H. Weber, MD", "Waiting on others")
    investigator.reads_in_row("02-014", "referred", "I treated her", "Weber")
    sound(page)
    page.context.clear_cookies()
    other = ward.somebody(weber.username, page).is_signed_in()
    other.goes_to("/queue/")
    other.follows("02-014")
    other.reads("Referred to H. Weber, MD", "I treated her")
    sound(page)


def test_a_referral_that_lacks_its_reason_keeps_the_person(
    ward: Ward, investigator: Person, sound: Check
):
    cast = ward.cast
    hire(cast, "weber", "H. Weber, MD", Role.INVESTIGATOR, cast.boston)
    page = investigator.page
    page.reload()
    page.locator(".refer summary").click()
    page.get_by_label("Refer to", exact=True).select_option("H. Weber, MD")
    investigator.presses("Refer")
    investigator.reads("Say why you refer it.")
    chosen = page.get_by_label("Refer to", exact=True).locator("option:checked")
    expect(chosen).to_have_text("H. Weber, MD")
    sound(page)


def test_a_second_reviewer_disagrees_and_both_words_stand(
    ward: Ward, investigator: Person, sound: Check
):
    cast = ward.cast
    weber = hire(cast, "weber", "H. Weber, MD", Role.INVESTIGATOR, cast.boston)
    investigator.signs()
    investigator.is_on("/queue/")
    page = investigator.page
    page.context.clear_cookies()
    other = ward.somebody(weber.username, page).is_signed_in()
    other.goes_to(f"/episodes/{Episode.objects.get(topic='crs').pk}/")
    page.locator(".opinion summary").click()
    page.get_by_label("I disagree").check()
    sound(page)
    other.fills(**{"Password, again": PASSWORD})
    other.presses("Keep my opinion")
    other.reads("Say in what you disagree.")
    sound(page)
    expect(page.get_by_label("I disagree")).to_be_checked()
    other.fills(**{"In what you disagree": "sepsis", "Password, again": PASSWORD})
    other.presses("Keep my opinion")
    other.reads("Signed by", "Second reviewer disagrees:", "sepsis", "H. Weber, MD")
    expect(page.locator(".opinion")).to_have_count(0)
    sound(page)


def test_who_signed_asks_a_colleague_who_finds_it_in_their_queue(
    ward: Ward, investigator: Person, open_page: Callable[..., Page], sound: Check
):
    cast = ward.cast
    weber = hire(cast, "weber", "H. Weber, MD", Role.INVESTIGATOR, cast.boston)
    address = f"/episodes/{Episode.objects.get(topic='crs').pk}/"
    investigator.signs()
    investigator.is_on("/queue/")
    investigator.goes_to(address)
    page = investigator.page
    page.locator(".ask-second summary").click()
    page.get_by_label("Ask", exact=True).select_option(label="H. Weber, MD")
    sound(page)
    investigator.presses("Ask this colleague")
    investigator.reads("Say what you ask.")
    investigator.fills(What_you_ask="Is this not sepsis?")
    investigator.presses("Ask this colleague")
    investigator.reads("H. Weber, MD is asked for a second opinion.")
    investigator.reads("Your signature stands.", "Signed by", "Second opinion asked of")
    sound(page)
    investigator.goes_to("/queue/")
    investigator.reads_in_row("02-014", "Weber", "Is this not sepsis?", "signed")

    ward.sweeps()
    other = ward.somebody(weber.username, open_page()).is_signed_in()
    other.goes_to("/notices/")
    other.reads("second opinion asked of you", "asks for your second opinion.")
    other.goes_to("/queue/")
    other.reads_in_row("02-014", "second opinion", "Is this not sepsis?")
    sound(other.page)
    other.follows("02-014")
    other.page.locator(".opinion summary").click()
    other.page.get_by_label("I agree").check()
    other.fills(**{"Password, again": PASSWORD})
    other.presses("Keep my opinion")
    other.reads("Second reviewer agrees:")
    investigator.goes_to("/queue/")
    investigator.reads_in_row("02-014", "signed", "Okafor")


def test_two_findings_become_one_event(ward: Ward, investigator: Person, sound: Check):
    enter(ward.cast, NOW, {**LOW, "ALB": "24"})
    leak = Episode.objects.exclude(topic="crs").first()
    assert leak is not None
    investigator.goes_to(f"/episodes/{leak.pk}/")
    page = investigator.page
    expect(page.locator("#part-part_of_id")).to_be_hidden()
    investigator.chooses("Decision", "Part of another event")
    whole = f"CRS, episode {Episode.objects.get(topic='crs').pk}"
    page.get_by_label("Part of", exact=True).select_option(whole)
    investigator.fills(Reason="one cytokine release with leak")
    sound(page)
    investigator.signs()
    investigator.goes_to(f"/episodes/{leak.pk}/")
    investigator.reads("Part of episode", "one cytokine release with leak")
    lists(investigator, "No event is confirmed here.")


def test_one_finding_becomes_two_events(ward: Ward, investigator: Person, sound: Check):
    page = investigator.page
    page.locator(".decision-more summary").click()
    first = page.get_by_role("group", name="Serious, the first")
    expect(first).to_be_hidden()
    page.locator("#id_split_at").fill("19 Nov 14:10")
    expect(first).to_be_visible()
    sound(page)
    investigator.signs()
    investigator.reads("Not signed, nothing is lost.")
    ward.waits(hours=2)
    person = ward.somebody("okafor", page).is_signed_in()
    person.goes_to(f"/episodes/{Episode.objects.get(topic='crs').pk}/")
    page.locator(".decision-more summary").click()
    page.locator("#id_split_at").fill("19 Nov 15:30")
    first.get_by_label("Medically important").check()
    person.chooses("Expectedness", "Unexpected")
    person.signs()
    lists(person, "02-014 AE1", "02-014 AE2")
    serious = page.get_by_role("row").filter(has_text="AE1")
    expect(serious).to_contain_text("Medically important")
    other = page.get_by_role("row").filter(has_text="AE2")
    expect(other).not_to_contain_text("Medically important")


def test_what_was_decided_to_be_another_event_is_found_again(
    investigator: Person, sound: Check
):
    investigator.chooses("Decision", "Not this event")
    investigator.chooses("Infection", "Probable")
    page = investigator.page
    page.get_by_label("Assessor's note on Infection").fill("the line was red")
    investigator.fills(Reason="the culture grew")
    investigator.signs()
    investigator.follows("Decided otherwise")
    page.get_by_role("searchbox").fill("culture")
    investigator.presses("Search")
    investigator.reads("Not this event", "Infection probable (the line was red)")
    sound(page)
    page.get_by_role("searchbox").fill("cuff")
    investigator.presses("Search")
    investigator.reads("Nothing was found.")


def test_the_chart_opens_at_the_episode_and_comes_back_to_it(
    ward: Ward, investigator: Person
):
    """Two days later the last hours show no dose; the episode shows the one before."""
    ward.waits(days=2)
    page = ward.somebody("okafor", investigator.page).is_signed_in().page
    page.reload()
    episode = page.get_by_role("button", name="Episode", exact=True)
    expect(episode).to_have_attribute("aria-pressed", "true")
    given = page.locator(".chart-dosemark-given")
    expect(given).to_have_count(1)
    investigator.presses("6 h")
    expect(given).to_have_count(0)
    expect(episode).to_have_attribute("aria-pressed", "false")
    investigator.presses("Episode")
    expect(given).to_have_count(1)


APART = """() => {
  const boxes = [...document.querySelectorAll("g:has(> .chart-moment) > text")]
    .map((words) => words.getBoundingClientRect());
  const meet = (a, b) => a.left < b.right && b.left < a.right
    && a.top < b.bottom && b.top < a.bottom;
  return boxes.length > 0
    && boxes.every((a, i) => boxes.slice(i + 1).every((b) => !meet(a, b)));
}"""


def test_the_names_of_what_was_done_together_stand_apart_on_the_chart(
    ward: Ward, investigator: Person
):
    acts = ("call", "transfer", "study_drug_hold", "test_ordered", "cultures_drawn")
    for minutes, code in enumerate((*acts, *acts)):
        log_treatment(
            cycle=ward.cast.cycle,
            code=code,
            form="action",
            at=NOW - timedelta(minutes=9 - minutes),
            by=ward.cast.reyes,
            key=uuid4(),
            called="ICU" if code == "call" else "",
        )
    page = investigator.page
    page.reload()
    marks = page.locator("g:has(> .chart-moment) > title")
    expect(marks).to_have_count(len(acts) * 2)
    for name in ("Episode", "6 h", "Cycle"):
        investigator.presses(name)
        assert page.evaluate(APART)


def test_drafts_are_signed_together(investigator: Person, sound: Check):
    investigator.answers_the_rest()
    investigator.presses("Save draft")
    investigator.goes_to("/queue/")
    investigator.follows("Sign drafts (1)")
    investigator.reads("02-014 · CRS", "Each that is chosen gets a signature")
    sound(investigator.page)
    investigator.fills(**{"Password, again": PASSWORD})
    investigator.presses("Sign what is chosen")
    investigator.is_on("/queue/")
    investigator.reads("1 signed.")


def judges_by_keys(investigator: Person) -> None:
    """Each suspect by Tab and the space bar, each list by its first letter.

    The first, a study agent, by the arrows too: a release has a cause.
    """
    page, judged = investigator.page, False
    for _step in range(60):
        investigator.keys("Tab")
        name = page.evaluate("document.activeElement.name || ''")
        if name.startswith("attribution_"):
            investigator.keys("Space", *([] if judged else ["ArrowRight"] * 3))
            judged = True
        elif name.startswith("action_") or name == "outcome":
            page.keyboard.type("u")
        if name == "outcome":
            return


@pytest.mark.requirement("W2")
def test_from_the_queue_to_the_signature_and_on_to_the_next_by_keys(
    ward: Ward, page: Page
):
    enter(ward.cast, NOW, LOW)
    enter(ward.cast, NOW, LOW, cycle=open_cycle(ward.cast, "02-015"))
    investigator = ward.somebody("okafor", page).is_signed_in()
    investigator.goes_to("/queue/")
    row = page.locator("[data-row-link]").filter(has_text="02-014")
    for _step in range(page.locator("[data-row-link]").count()):
        investigator.keys("j")
        if row.evaluate("row => row === document.activeElement"):
            break
    investigator.keys("Enter")
    investigator.is_on("/episodes/<id>/")
    investigator.keys("g")
    expect(page.locator("#part-grade input:focus")).to_have_count(1)
    judges_by_keys(investigator)
    investigator.keys("Alt+s")
    expect(page.locator("#id_password")).to_be_focused()
    before = page.url
    page.keyboard.type(PASSWORD)
    investigator.keys("Enter")
    investigator.is_on("/episodes/<id>/")
    expect(page).not_to_have_url(before)


def test_the_signature_is_in_reach_on_a_low_screen(
    ward: Ward, open_page: Callable[..., Page]
):
    enter(ward.cast, NOW, LOW)
    page = open_page(viewport={"width": 1280, "height": 560})
    person = ward.somebody("okafor", page).is_signed_in()
    person.goes_to(f"/episodes/{Episode.objects.get(topic='crs').pk}/")
    expect(page.locator("#id_password")).to_be_in_viewport(ratio=1)
    page.locator("#id_outcome").focus()
    outcome = page.locator("#id_outcome").bounding_box()
    signature = page.locator(".signature").bounding_box()
    assert outcome["y"] + outcome["height"] <= signature["y"] + 1


@pytest.mark.parametrize("path", ["/adverse-events/", "/queue/sign/"])
def test_the_lists_are_sound(investigator: Person, sound: Check, path: str):
    investigator.chooses("Study drug", "Probable")
    investigator.signs()
    investigator.is_on("/queue/")
    investigator.goes_to(path)
    sound(investigator.page)
