"""A value is corrected with a reason, and what it was stays readable."""

from datetime import timedelta

import pytest

from monitor import clock
from monitor.bedside.models import Reading
from monitor.bedside.slips import mended_until
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


@pytest.mark.requirement("R4")
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


# A slip of one's own

SLIP = {"what": "value", "typed": "96", "why": "", "words": ""}


@pytest.mark.parametrize(("seconds", "status"), [(299, 302), (300, 302), (301, 422)])
def test_a_slip_of_ones_own_needs_no_reason_for_five_minutes(
    nurse, page, wrong, seconds, status
):
    later = wrong.recorded_at + timedelta(seconds=seconds)
    with clock.freeze(later):
        assert nurse.post(page, SLIP).status_code == status


def test_a_mended_slip_stays_readable_and_says_what_it_was(nurse, page, wrong):
    asked = nurse.get(page).content.decode()
    assert "a slip needs no reason until 14:35" in asked
    nurse.post(page, SLIP)
    right = Reading.objects.current().get(item="OXYSAT")
    assert (right.number, right.supersedes) == (96, wrong)
    assert right.reason == "A slip of the author's own, mended within 5 min."
    assert "<del>86 %</del>" in nurse.get(page).content.decode()


def test_a_slip_of_somebody_else_needs_a_reason(client, cast, page):
    client.force_login(cast.okafor)
    answer = client.post(page, SLIP)
    assert answer.status_code == 422
    assert "Choose why." in answer.content.decode()


def test_a_correction_has_no_grace_of_its_own(nurse, page):
    nurse.post(page, SLIP)
    right = Reading.objects.current().get(item="OXYSAT")
    second = f"/participants/02-014/readings/{right.pk}/correct/"
    assert nurse.post(second, SLIP | {"typed": "97"}).status_code == 422


def test_what_is_struck_out_says_why_however_soon(nurse, page):
    assert nurse.post(page, SLIP | {"what": "void"}).status_code == 422
    assert nurse.post(page, SLIP | {"what": "refused"}).status_code == 302


@pytest.mark.parametrize(("minutes", "mended"), [(0, False), (2, True)])
def test_how_long_the_grace_lasts_is_the_protocols(wrong, cast, minutes, mended):
    with clock.freeze(wrong.recorded_at + timedelta(minutes=1)):
        until = mended_until(wrong, cast.reyes, minutes)
    assert (until is not None) == mended


# Somebody was faster


def test_what_was_typed_beside_a_value_that_changed_meanwhile_is_kept(
    nurse, page, wrong
):
    nurse.post(page, RIGHT)
    right = Reading.objects.current().get(item="OXYSAT")
    answer = nurse.post(page, RIGHT | {"typed": "100", "why": "typing"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "This was changed in the meantime." in shown
    assert f'action="/participants/02-014/readings/{right.pk}/correct/"' in shown
    assert 'value="100"' in shown
    again = f"/participants/02-014/readings/{right.pk}/correct/"
    assert nurse.post(again, RIGHT | {"typed": "100"}).status_code == 302
    assert Reading.objects.current().get(item="OXYSAT").number == 100


def test_what_was_typed_beside_a_value_struck_out_meanwhile_is_named(nurse, page):
    nurse.post(page, {"what": "void", "why": "wrong_participant"})
    answer = nurse.post(page, RIGHT | {"typed": "100"})
    assert "Typed here and not saved: 100" in answer.content.decode()


# What was struck out leaves a mark


def test_a_struck_value_stands_in_the_table_and_leads_to_its_history(nurse, page):
    nurse.post(page, {"what": "void", "why": "wrong_participant"})
    gone = Reading.objects.get(item="OXYSAT", voided=True)
    table = nurse.get("/participants/02-014/").content.decode()
    history = f"/participants/02-014/readings/{gone.pk}/correct/"
    assert f'href="{history}"><del>86 %</del></a>' in table
    assert "struck out" in table
    assert "<del>86 %</del>" in nurse.get(history).content.decode()


def test_a_corrected_value_stands_beside_the_old_one(nurse, page):
    nurse.post(page, RIGHT)
    table = nurse.get("/participants/02-014/").content.decode()
    assert '<del class="caption">86</del>' in table


def test_a_whole_set_of_the_wrong_participant_is_struck_out_at_once(nurse, page):
    nurse.post(page, {"what": "void_set", "why": "wrong_participant"})
    assert not Reading.objects.current().exists()
    struck = Reading.objects.filter(voided=True)
    assert {row.reason for row in struck} == {"Belongs to another participant"}
    table = nurse.get("/participants/02-014/").content.decode()
    assert "<del>104 /min</del>" in table


def test_a_whole_set_is_not_struck_out_without_a_reason(nurse, page):
    assert nurse.post(page, {"what": "void_set", "why": ""}).status_code == 422
    assert not Reading.objects.filter(voided=True).exists()
