"""The participant's page: what was found first, then the chart, the sets, the log."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitor import clock, flow
from tests.bedside.test_observe_page import PAGE as SET
from tests.bedside.test_observe_page import a_set

PAGE = "/participants/02-014/"
LOW = {"BP": "86/48", "TEMP": "39.1", "HR": "124"}


@pytest.fixture
def nurse(client, cast):
    client.force_login(cast.reyes)
    return client


def read(client, path=PAGE):
    return client.get(path).content.decode()


def banner(page):
    return re.search(r'class="banner banner-(\w+)"', page)[1]


def test_a_participant_without_a_set_is_unknown_and_says_so(nurse):
    page = read(nurse)
    assert banner(page) == "unknown"
    assert "No set has ever arrived" in page


def test_what_was_found_stands_on_top_with_its_reasons(nurse):
    page = nurse.post(SET, a_set(**LOW), follow=True).content.decode()
    assert banner(page) == "warning"
    assert "Criteria met: possible CRS" in page
    assert "39.1 °C" in page
    assert "Enter the re-check" in page
    assert page.index('class="banner') < page.index('id="chart"')


def test_a_critical_finding_brings_the_number_of_the_site(nurse):
    page = nurse.post(SET, a_set(BP="78/40"), follow=True).content.decode()
    assert banner(page) == "critical"
    assert re.search(r"Local emergency number</span><b>2222</b>", page)


def test_what_fails_is_kept_and_said(nurse, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr("monitor.episodes.assessing.assess", broken)
    page = nurse.post(SET, a_set(**LOW), follow=True).content.decode()
    assert banner(page) == "not_assessed"
    assert "not assessed." in page
    assert "86" in page


def test_the_draft_goes_when_the_set_has_arrived(nurse):
    typed = a_set()
    page = nurse.post(SET, typed, follow=True).content.decode()
    assert f'data-clear-draft="{typed["key"]}"' in page
    assert "data-clear-draft" not in read(nurse)


def test_what_was_left_out_of_the_newest_set_is_named(nurse):
    nurse.post(SET, a_set(ACVPU=""))
    assert ">missing<" in read(nurse)


def test_why_something_was_not_done_stands_in_the_table(nurse):
    nurse.post(SET, a_set(HR="", HR_answer="refused"))
    assert "HR: participant refused" in read(nurse)


def test_nothing_logged_yet_is_said_until_something_is(nurse):
    nurse.post(SET, a_set(**LOW))
    said = "Nothing logged yet for this finding"
    page = read(nurse)
    assert said in page
    form = read(nurse, f"{PAGE}treat/?code=no_action")
    episodes = re.findall(r'name="episodes"\s+value="(\d+)"', form)
    line = {"key": str(uuid4()), "at": "14:25", "form": "action", "note": "resting"}
    nurse.post(f"{PAGE}treat/?code=no_action", line | {"episodes": episodes})
    assert said not in read(nurse)


def test_doses_and_treatments_stand_in_one_log(nurse):
    page = read(nurse)
    assert "Dose 1, 1200 IU/kg subcutaneous" in page
    assert "planned" in page


def test_an_episode_shows_its_course(nurse, cast):
    nurse.post(SET, a_set(at="14:00", TEMP="38.4"))
    nurse.post(SET, a_set(at="14:22", **LOW))
    page = read(nurse)
    course = page.split('id="course-title"')[1]
    assert course.count("<li") >= 2
    assert re.search(r"/episodes/\d+/", course)


def test_a_page_costs_the_same_for_one_set_and_for_three(nurse, cast):
    nurse.post(SET, a_set(at="13:00", **LOW))
    read(nurse)
    with CaptureQueriesContext(connection) as one:
        read(nurse)
    for minutes in (10, 20):
        at = clock.now() - timedelta(minutes=minutes)
        flow.log_treatment(
            cycle=cast.cycle,
            code="fluid_bolus",
            form="amount",
            amount=500,
            unit="mL",
            at=at,
            by=cast.reyes,
            key=uuid4(),
        )
    nurse.post(SET, a_set(at="13:40", **LOW))
    nurse.post(SET, a_set(at="14:10", **LOW))
    with CaptureQueriesContext(connection) as three:
        read(nurse)
    assert len(three) == len(one)


# Who may


def test_whoever_only_reads_is_offered_nothing_to_enter(client, cast, nurse):
    nurse.post(SET, a_set(**LOW))
    client.force_login(cast.moreau)
    page = read(client)
    for offer in ("/observe/", "/treat/", "/correct/"):
        assert offer not in page


def test_another_site_and_nobody(client, cast):
    assert client.get(PAGE)["location"].startswith("/login/")
    client.force_login(cast.lindqvist)
    assert client.get(PAGE).status_code == 404


def test_an_address_that_names_another_persons_set_is_not_found(nurse):
    assert nurse.get(f"{PAGE}?saved=999").status_code == 404
    assert nurse.get(f"{PAGE}?saved=x").status_code == 404


# A page that stays open


def asks(client, page):
    """What the page gets that asks whether it is still as it would be drawn."""
    (address,) = re.findall(r'hx-get="([^"]+/changed/[^"]*)"', page)
    return client.get(address.replace("&amp;", "&"))


def line(answer):
    (said,) = re.findall(r"<span>(.+?)</span>\s*<a", answer.content.decode(), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", said).split())


def test_an_open_page_is_told_nothing_while_nothing_changes(nurse, now):
    nurse.post(SET, a_set(**LOW))
    page = read(nurse)
    with clock.freeze(now + timedelta(minutes=5)):
        assert asks(nurse, page).status_code == 204


def test_an_open_page_says_that_the_level_rose_and_offers_to_be_drawn_again(nurse):
    nurse.post(SET, a_set(**LOW))
    page = read(nurse)
    nurse.post(SET, a_set(BP="78/40"))
    answer = asks(nurse, page)
    assert line(answer) == (
        "The level has changed since this page was drawn: it was Warning, "
        "it is now Critical"
    )
    html = answer.content.decode()
    assert f'href="{PAGE}">Draw it again' in html
    assert "02-014 was Warning and is now Critical. This page is older." in html
    assert asks(nurse, html).status_code == 204  # It is said once.
    assert asks(nurse, read(nurse)).status_code == 204


def test_an_open_page_says_that_something_was_entered(nurse):
    nurse.post(SET, a_set(**LOW))
    page = read(nurse)
    nurse.post(SET, a_set(**LOW))
    assert line(asks(nurse, page)) == (
        "Something was entered or changed since this page was drawn."
    )


def test_a_level_that_no_page_had_is_not_said(nurse):
    answer = nurse.get(f"{PAGE}changed/?mark=none&was=<b>fine</b>")
    assert "fine" not in answer.content.decode()


def test_what_an_open_page_asks_costs_little(nurse, cast):
    nurse.post(SET, a_set(**LOW))
    page = read(nurse)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        asks(nurse, page)
    assert len(asked) <= 8
