"""A value is corrected with a reason, and what it was stays readable."""

import pytest

from monitor.bedside.models import Reading
from tests.bedside.test_observe_page import PAGE, a_set

RIGHT = {"what": "value", "typed": "96", "why": "wrong_device", "words": "cold hand"}


@pytest.fixture
def nurse(client, cast):
    client.force_login(cast.reyes)
    client.post(PAGE, a_set(OXYSAT="86"))
    return client


@pytest.fixture
def wrong(nurse):
    return Reading.objects.get(item="OXYSAT")


@pytest.fixture
def page(wrong):
    return f"/participants/02-014/readings/{wrong.pk}/correct/"


def test_the_table_leads_to_the_correction(nurse, page):
    assert page.encode() in nurse.get("/participants/02-014/").content


def test_a_correction_keeps_both_values(nurse, page, wrong):
    nurse.post(page, RIGHT)
    right = Reading.objects.current().get(item="OXYSAT")
    assert (right.number, right.supersedes) == (96, wrong)
    assert right.reason == "Read from the wrong device: cold hand"
    shown = nurse.get(page).content.decode()
    assert "<del>86 %</del>" in shown
    assert "<b>96 %</b>" in shown


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"why": ""}, "Choose why."),
        ({"why": "other", "words": ""}, "Say why in your own words."),
        ({"typed": ""}, "Type the value as it should have been."),
        ({"typed": "105"}, "SpO₂ is 0 to 100 %. Type it again."),
    ],
)
def test_a_correction_that_lacks_something_says_what(nurse, page, typed, sentence):
    answer = nurse.post(page, RIGHT | typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Reading.objects.filter(item="OXYSAT").count() == 1


def test_a_rare_value_is_asked_about_here_too(nurse, page):
    asked = nurse.post(page, RIGHT | {"typed": "45"})
    assert asked.status_code == 422
    assert b"Yes, keep 45" in asked.content
    nurse.post(page, RIGHT | {"typed": "45", "keep": "45"})
    kept = Reading.objects.current().get(item="OXYSAT")
    assert (kept.number, kept.check_state) == (45, Reading.Check.CONFIRMED)


def test_a_value_can_turn_out_never_to_have_been_measured(nurse, page):
    nurse.post(page, {"what": "refused", "why": "source"})
    right = Reading.objects.current().get(item="OXYSAT")
    assert (right.state, right.not_done_reason) == ("not_done", "refused")


def test_a_value_is_struck_out_and_stays_readable(nurse, page):
    nurse.post(page, {"what": "void", "why": "wrong_participant"})
    assert not Reading.objects.current().filter(item="OXYSAT").exists()
    shown = nurse.get(page).content.decode()
    assert "struck out" in shown
    assert "<del>86 %</del>" in shown


def test_the_same_correction_sent_twice_is_one(nurse, page):
    nurse.post(page, RIGHT)
    nurse.post(page, RIGHT)
    assert Reading.objects.filter(item="OXYSAT").count() == 2


def test_a_value_of_another_participant_is_not_here(nurse, wrong):
    other = f"/participants/02-015/readings/{wrong.pk}/correct/"
    assert nurse.get(other).status_code == 404


def test_a_value_of_another_site_is_not_there(client, cast, page):
    client.force_login(cast.lindqvist)
    assert client.get(page).status_code == 404


def test_the_data_monitor_reads_and_corrects_nothing(client, cast, page):
    client.force_login(cast.moreau)
    assert client.post(page, RIGHT).status_code == 403
    assert page.encode() not in client.get("/participants/02-014/").content
