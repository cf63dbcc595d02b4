"""The management log: the closed list, a running rate, a dose, and who may."""

import re
from uuid import uuid4

import pytest

from monitor import flow
from monitor.audit.models import Event
from monitor.episodes.models import TreatmentLink
from monitor.episodes.queries import links_of
from monitor.templatetags.log_ui import said_words, treatment_line, unit_words
from monitor.treatments import queries
from monitor.treatments.models import Treatment
from monitor.trials.models import Dose
from monitor.trials.queries import doses_of
from tests.bedside.test_observe_page import PAGE as SET
from tests.bedside.test_observe_page import a_set

PAGE = "/participants/02-014/treat/"
PAGE_OF = PAGE + "?code={}"


def a_line(form="amount", **typed):
    return {"key": str(uuid4()), "at": "14:20", "form": form} | typed


@pytest.fixture
def nurse(client, cast):
    client.force_login(cast.reyes)
    return client


@pytest.fixture
def running(nurse):
    line = a_line("rate", amount="6", unit="ug/min")
    nurse.post(PAGE_OF.format("norepinephrine"), line)
    return Treatment.objects.get()


def test_the_closed_list_is_there_by_class(nurse):
    page = nurse.get(PAGE).content.decode()
    assert "Vasopressor" in page
    assert "?code=norepinephrine" in page
    assert "No action, with a reason" in page


def test_a_treatment_is_logged_as_typed(nurse):
    line = a_line(amount="1", unit="g", as_needed="yes", ordered_by="C. Okafor")
    answer = nurse.post(PAGE_OF.format("paracetamol"), line, follow=True)
    kept = Treatment.objects.get()
    assert (kept.code, kept.amount, kept.unit) == ("paracetamol", 1, "g")
    assert (kept.as_needed, kept.ordered_by) == (True, "C. Okafor")
    assert b"Paracetamol 1 g, as needed" in answer.content


@pytest.mark.parametrize(
    ("code", "line", "sentence"),
    [
        ("paracetamol", {"unit": "g"}, "How much, or how fast?"),
        ("paracetamol", {"amount": "one", "unit": "g"}, "Type the amount in digits."),
        ("fluid_bolus", {"amount": "1,000", "unit": "mL"}, "can be read two ways"),
        ("paracetamol", {"amount": "1", "unit": "g", "at": "16:00"}, "in the future"),
        ("paracetamol", {"form": "scheduled"}, "Say until when"),
        ("no_action", {"form": "action"}, "Reason: Write why."),
        ("other_action", {"form": "action"}, "What: Write what it was."),
    ],
)
def test_what_cannot_be_is_said_and_kept(nurse, code, line, sentence):
    answer = nurse.post(PAGE_OF.format(code), a_line(**line, ordered_by="C. Okafor"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="C. Okafor"' in page
    assert not Treatment.objects.exists()


def test_the_same_line_sent_twice_is_one(nurse):
    line = a_line(amount="500", unit="mL")
    nurse.post(PAGE_OF.format("fluid_bolus"), line)
    nurse.post(PAGE_OF.format("fluid_bolus"), line)
    assert Treatment.objects.count() == 1


def test_a_line_is_linked_to_the_episode_that_it_was_given_for(nurse):
    nurse.post(SET, a_set(TEMP="39.1"))
    page = nurse.get(PAGE_OF.format("paracetamol")).content.decode()
    episode = page.split('name="episodes"')[1].split('value="')[1].split('"')[0]
    line = a_line(amount="1", unit="g", at="14:25", episodes=[episode])
    nurse.post(PAGE_OF.format("paracetamol"), line)
    assert str(TreatmentLink.objects.get().episode_id) == episode


def test_a_corrected_line_stays_with_its_episode(nurse, cast):
    nurse.post(SET, a_set(TEMP="39.1"))
    page = nurse.get(PAGE_OF.format("paracetamol")).content.decode()
    episode = page.split('name="episodes"')[1].split('value="')[1].split('"')[0]
    line = a_line(amount="1", unit="g", at="14:25", episodes=[episode])
    nurse.post(PAGE_OF.format("paracetamol"), line)
    for amount in ("0.5", "0.65"):
        kept = Treatment.objects.current().get()
        typed = a_line(amount=amount, unit="g", at="14:25", response="partly")
        page = f"/participants/02-014/log/{kept.pk}/correct/"
        assert nurse.post(page, typed | {"why": "typing"}).status_code == 302
    right = Treatment.objects.current().get()
    assert right.amount == 0.65
    linked = links_of(cast.cycle)
    assert {pk: [one.id for one in own] for pk, own in linked.items()} == {
        right.pk: [int(episode)]
    }


def test_a_ticked_option_leads_to_its_form_prefilled(nurse):
    nurse.post(SET, a_set(TEMP="39.1"))
    page = nurse.get("/participants/02-014/").content.decode()
    option = page.split('name="done"')[1].split('value="')[1].split('"')[0]
    answer = nurse.get(PAGE, {"done": option}, follow=True)
    assert "code=" in answer.request["QUERY_STRING"]
    assert f'value="{option}"' in answer.content.decode()


@pytest.mark.parametrize(
    ("code", "label"),
    [("antibiotic", "Which one, and a note"), ("paracetamol", "Note")],
)
def test_of_a_group_of_drugs_the_one_is_asked_for(nurse, code, label):
    page = nurse.get(PAGE_OF.format(code)).content.decode()
    assert re.findall(r'for="id_note"[^>]*>\s*([^<]*?)\s*<', page) == [label]


def test_what_was_ticked_beside_it_is_asked_for_when_the_first_is_logged(nurse):
    nurse.post(SET, a_set(TEMP="39.1"))
    page = nurse.get("/participants/02-014/").content.decode()
    found = re.findall(r'name="done"\s+value="([^"]*)"', page)
    first, second = "Antipyretic", "Blood and urine cultures"
    assert {first, second} < set(found)
    chosen = nurse.get(PAGE, {"done": [first, second]}).content.decode()
    address = re.search(rf'href="([^"]*)">{first}<', chosen)[1].replace("&amp;", "&")
    line = a_line(amount="1", unit="g", at="14:25")
    answer = nurse.post(address, line, follow=True)
    assert "Logged: Paracetamol." in answer.content.decode()
    assert f'value="{second}"' in answer.content.decode()


# A running rate


def test_a_running_rate_is_changed_in_place(nurse, running, cast):
    name = f"rate{running.pk}"
    typed = {"key": str(uuid4()), "at": "14:28", "amount": "8"}
    nurse.post(PAGE, {f"{name}-{key}": value for key, value in typed.items()})
    (line,) = queries.running_now(cast.cycle)
    assert (line.amount, line.unit) == (8, "ug/min")


def test_a_running_rate_is_stopped_in_place(nurse, running, cast):
    name = f"rate{running.pk}"
    typed = {"key": str(uuid4()), "at": "14:28", "stop": "1"}
    nurse.post(PAGE, {f"{name}-{key}": value for key, value in typed.items()})
    assert queries.running_now(cast.cycle) == []


def test_a_new_rate_needs_its_number(nurse, running):
    name = f"rate{running.pk}"
    answer = nurse.post(PAGE, {f"{name}-key": str(uuid4()), f"{name}-at": "14:28"})
    assert answer.status_code == 422
    assert b"Type the new rate, or press Stop." in answer.content


# A line, mended


def test_a_line_is_corrected_with_a_reason(nurse, running):
    page = f"/participants/02-014/log/{running.pk}/correct/"
    typed = a_line("rate", amount="5", unit="ug/min", response="partly")
    refused = nurse.post(page, typed)
    assert refused.status_code == 422
    nurse.post(page, typed | {"why": "typing"})
    right = Treatment.objects.current().get()
    assert (right.amount, right.response) == (5, "partly")
    assert (right.supersedes, right.reason) == (running, "Typing error")


def test_a_line_is_struck_out(nurse, running):
    page = f"/participants/02-014/log/{running.pk}/correct/"
    nurse.post(page, {"void": "1", "why": "wrong_participant", "response": "no"})
    assert not Treatment.objects.current().exists()


# Doses


def test_a_dose_is_given(nurse, cast):
    page = f"/participants/02-014/dose/{cast.next_dose.pk}/"
    nurse.post(page, {"key": str(uuid4()), "status": "given", "at": "14:25"})
    given = doses_of(cast.cycle).get(number=2)
    assert (given.status, given.amount) == (Dose.Status.GIVEN, 1200)


def test_a_dose_sent_twice_is_recorded_once(nurse, cast):
    page = f"/participants/02-014/dose/{cast.next_dose.pk}/"
    given = {"key": str(uuid4()), "status": "given", "at": "14:25"}
    nurse.post(page, given)
    again = nurse.post(page, given, follow=True)
    assert b"This dose was recorded already. Nothing was added." in again.content
    assert Dose.objects.filter(number=2, status="given").count() == 1
    assert nurse.get("/participants/02-015/dose/999/").status_code == 404


def test_a_dose_is_held_with_a_reason(nurse, cast):
    page = f"/participants/02-014/dose/{cast.next_dose.pk}/"
    held = {"key": str(uuid4()), "status": "held", "at": ""}
    refused = nurse.post(page, held)
    assert refused.status_code == 422
    nurse.post(page, held | {"reason": "fever since dose 1"})
    assert doses_of(cast.cycle).get(number=2).status == Dose.Status.HELD


def test_a_reduced_dose_says_how_much(nurse, cast):
    page = f"/participants/02-014/dose/{cast.next_dose.pk}/"
    reduced = {"key": str(uuid4()), "status": "reduced", "at": "14:25"}
    reduced["reason"] = "platelets"
    assert nurse.post(page, reduced).status_code == 422
    nurse.post(page, reduced | {"amount": "900"})
    assert doses_of(cast.cycle).get(number=2).amount == 900


def test_a_dose_on_record_says_what_it_is_and_is_corrected_with_a_reason(nurse, cast):
    """Given at 10:05 by the record; the pump says 10:12."""
    page = f"/participants/02-014/dose/{cast.dose.pk}/"
    answer = nurse.get(page)
    assert b"On record" in answer.content
    assert b"Nobody has decided" not in answer.content
    shown = answer.context["form"].initial
    assert (shown["status"], shown["at"]) == ("given", "19 Nov 10:05")
    told = {"key": str(uuid4()), "status": "given", "at": "10:12"}
    assert nurse.post(page, told).status_code == 422
    nurse.post(page, told | {"reason": "read from the pump"})
    now = doses_of(cast.cycle).get(number=1)
    assert f"{now.given_at:%H:%M}" == "15:12"  # In UTC.
    answer = nurse.get(f"/participants/02-014/dose/{now.pk}/")
    assert answer.content.count(b"<del>Given") == 1


def test_a_reduced_dose_that_was_whole_after_all_is_what_was_planned(nurse, cast):
    page = f"/participants/02-014/dose/{cast.next_dose.pk}/"
    told = {"key": str(uuid4()), "at": "14:25", "reason": "platelets"}
    nurse.post(page, told | {"status": "reduced", "amount": "900"})
    reduced = doses_of(cast.cycle).get(number=2)
    page = f"/participants/02-014/dose/{reduced.pk}/"
    assert nurse.get(page).context["form"].initial["amount"] == "900"
    nurse.post(page, told | {"status": "given", "key": str(uuid4())})
    assert doses_of(cast.cycle).get(number=2).amount == 1200


# Who may


def test_another_site_has_no_such_page(client, cast):
    client.force_login(cast.lindqvist)
    assert client.get(PAGE).status_code == 404
    assert client.get(f"/participants/02-014/dose/{cast.dose.pk}/").status_code == 404


def test_the_data_monitor_logs_nothing(client, cast):
    client.force_login(cast.moreau)
    answer = client.post(PAGE_OF.format("no_action"), a_line("action", note="none"))
    assert answer.status_code == 403
    assert not Treatment.objects.exists()


# What is asked once

TOCILIZUMAB = PAGE_OF.format("tocilizumab")


def test_a_dose_over_its_limit_is_asked_about_once_and_kept(nurse):
    line = a_line(amount="880", unit="mg")
    asked = nurse.post(TOCILIZUMAB, line)
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "880 mg is more than 800 mg." in page
    assert 'value="880"' in page
    assert not Treatment.objects.exists()
    kept = nurse.post(TOCILIZUMAB, line | {"keep": "1"}, follow=True).content.decode()
    assert Treatment.objects.get().check_reason == "880 mg is more than 800 mg."
    assert "Asked, and kept: 880 mg is more than 800 mg." in kept


def test_a_dose_within_its_limits_is_not_asked_about(nurse):
    assert nurse.post(TOCILIZUMAB, a_line(amount="560", unit="mg")).status_code == 302
    assert Treatment.objects.get().check_reason == ""


def test_the_second_dose_too_soon_is_asked_about(nurse):
    nurse.post(TOCILIZUMAB, a_line(amount="560", unit="mg", at="06:21"))
    line = a_line(amount="560", unit="mg", at="14:20")
    page = nurse.post(TOCILIZUMAB, line).content.decode()
    assert "Another dose lies 7 h 59 away, less than 8 h." in page


@pytest.mark.parametrize(
    ("code", "line", "said"),
    [
        (
            "fluid_bolus",
            {"amount": "500", "unit": "L"},
            "500 L of fluid bolus is very much: more than 2 L.",
        ),
        (
            "paracetamol",
            {"amount": "100", "unit": "g"},
            "100 g of paracetamol is very much: more than 1.5 g.",
        ),
        (
            "norepinephrine",
            {"form": "rate", "amount": "800", "unit": "ug/min"},
            "800 µg/min of norepinephrine is very much: more than 200 µg/min.",
        ),
    ],
)
def test_so_much_is_asked_about_once_and_kept(nurse, code, line, said):
    sent = a_line() | line
    page = nurse.post(PAGE_OF.format(code), sent).content.decode()
    assert f"{said} Are amount and unit right?" in page
    assert not Treatment.objects.exists()
    nurse.post(PAGE_OF.format(code), sent | {"keep": "1"})
    assert Treatment.objects.get().check_reason == f"{said} Are amount and unit right?"


@pytest.mark.parametrize(
    ("code", "line", "said"),
    [
        (
            "fluid_bolus",
            {"amount": "0.5", "unit": "mL"},
            "0.5 mL of fluid bolus is very little. Was L meant?",
        ),
        (
            "fluid_bolus",
            {"amount": "5", "unit": "mL"},
            "5 mL of fluid bolus is very little: less than 100 mL. Are amount and "
            "unit right?",
        ),
        (
            "paracetamol",
            {"amount": "1", "unit": "mg"},
            "1 mg of paracetamol is very little. Was g meant?",
        ),
        (
            "norepinephrine",
            {"form": "rate", "amount": "5", "unit": "ug/kg/min"},
            "5 µg/kg/min is very much. Was µg/min meant?",
        ),
    ],
)
def test_a_slip_of_the_unit_is_asked_about_once_and_kept(nurse, code, line, said):
    sent = a_line() | line
    assert said in nurse.post(PAGE_OF.format(code), sent).content.decode()
    assert not Treatment.objects.exists()
    nurse.post(PAGE_OF.format(code), sent | {"keep": "1"})
    assert Treatment.objects.get().check_reason == said


def test_a_rate_that_is_changed_to_so_much_is_asked_about_once_and_kept(nurse, cast):
    line = a_line() | {"form": "rate", "amount": "8", "unit": "ug/min"}
    nurse.post(PAGE_OF.format("norepinephrine"), line)
    runs = Treatment.objects.get()
    change = {"amount": "800", "at": "14:28", "key": str(uuid4())}
    sent = {f"rate{runs.pk}-{name}": one for name, one in change.items()}
    page = nurse.post(PAGE, sent).content.decode()
    assert "800 µg/min of norepinephrine is very much" in page
    assert Treatment.objects.count() == 1
    assert nurse.post(PAGE, sent | {"keep": "1"}).status_code == 302
    assert Treatment.objects.latest("pk").amount == 800


def test_beside_a_set_so_much_is_asked_about_once_and_kept(nurse):
    start = {"start_code": "norepinephrine", "start_unit": "ug/min"}
    sent = a_set() | start | {"start_amount": "800"}
    answer = nurse.post(SET, sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "800 µg/min of norepinephrine is very much" in page
    assert 'name="start_keep"' in page
    assert not Treatment.objects.exists()
    assert nurse.post(SET, sent | {"start_keep": "1"}).status_code == 302
    assert "800 µg/min" in Treatment.objects.get().check_reason


def test_what_cannot_be_is_refused_and_not_asked_about_first(nurse):
    line = a_line(amount="880", unit="mg", at="23:10")
    page = nurse.post(TOCILIZUMAB, line).content.decode()
    assert "880 mg is more than 800 mg." not in page
    assert "Yes, it was so" not in page
    assert 'class="field-error"' in page


def test_a_correction_is_judged_by_what_it_says_then(nurse, cast):
    nurse.post(TOCILIZUMAB, a_line(amount="880", unit="mg") | {"keep": "1"})
    wrong = Treatment.objects.get()
    told = {"treatment": wrong, "by": cast.reyes, "reason": "typed wrong"}
    mended = flow.correct_treatment(**told, amount=560.0).row
    assert (mended.amount, mended.check_reason) == (560.0, "")


@pytest.mark.parametrize(("amount", "times"), [("799", 0), ("800", 0), ("801", 1)])
def test_a_correction_to_so_much_is_asked_about_once_and_kept(nurse, amount, times):
    nurse.post(TOCILIZUMAB, a_line(amount="560", unit="mg"))
    line = Treatment.objects.get()
    page = f"/participants/02-014/log/{line.pk}/correct/"
    sent = a_line(amount=amount, unit="mg", response="not_assessed", why="typing")
    answer = nurse.post(page, sent)
    said = f"{amount} mg is more than 800 mg."
    assert answer.content.decode().count(said) == times
    assert Treatment.objects.count() == (1 if times else 2)
    nurse.post(page, sent | {"keep": "1"}, follow=True)
    kept = Treatment.objects.current().get()
    assert (kept.amount, kept.check_reason) == (float(amount), said if times else "")


def test_what_was_asked_before_is_not_asked_again_with_the_response(nurse):
    nurse.post(TOCILIZUMAB, a_line(amount="880", unit="mg") | {"keep": "1"})
    line = Treatment.objects.get()
    page = f"/participants/02-014/log/{line.pk}/correct/"
    sent = a_line(amount="880", unit="mg", response="partly", why="response")
    assert nurse.post(page, sent).status_code == 302
    kept = Treatment.objects.current().get()
    assert (kept.response, kept.check_reason) == ("partly", line.check_reason)


def test_a_correction_that_cannot_be_is_refused_and_not_asked_about_first(nurse):
    nurse.post(TOCILIZUMAB, a_line(amount="560", unit="mg"))
    page = f"/participants/02-014/log/{Treatment.objects.get().pk}/correct/"
    odd = {"amount": "880", "unit": "mg", "response": "not_assessed"}
    for sent in (a_line(**odd), a_line(**odd, at="23:10", why="typing")):
        answer = nurse.post(page, sent)
        assert answer.status_code == 422
        assert "Yes, it was so" not in answer.content.decode()


def test_the_trail_tells_what_was_asked(nurse):
    nurse.post(TOCILIZUMAB, a_line(amount="880", unit="mg") | {"keep": "1"})
    told = Event.objects.get(action="treatment.logged").changes
    said = {one["field"]: one["new"] for one in told}
    assert said["check_reason"] == "880 mg is more than 800 mg."


# The same once more


def test_a_line_is_logged_again_with_one_press_and_its_own_time(nurse, cast):
    line = a_line(amount="1", unit="g", route="oral", at="10:00", indication="fever")
    nurse.post(PAGE_OF.format("paracetamol"), line)
    given = Treatment.objects.get()
    address = f"{PAGE}?code=paracetamol&again={given.pk}"
    shown = nurse.get("/participants/02-014/").content.decode()
    assert address.replace("&", "&amp;") in shown
    form = nurse.get(address).context["form"]
    said = {name: form[name].value() for name in ("amount", "unit", "route", "at")}
    assert said == {"amount": "1", "unit": "g", "route": "oral", "at": "19 Nov 14:30"}


def test_what_is_repeated_is_of_the_same_agent_and_participant(nurse, cast):
    nurse.post(PAGE_OF.format("paracetamol"), a_line(amount="1", unit="g"))
    given = Treatment.objects.get()
    page = nurse.get(f"{PAGE}?code=fluid_bolus&again={given.pk}")
    assert not page.context["form"]["amount"].value()
    assert nurse.get(f"{PAGE}?code=paracetamol&again=99999").status_code == 404


# What is seldom said


def test_the_log_says_fluid_target_source_and_deviation(nurse):
    page = nurse.get(PAGE_OF.format("fluid_bolus")).content.decode()
    assert '<details class="plain-more">' in page
    line = a_line(amount="500", unit="mL", fluid="balanced", target="SBP over 90")
    typed = line | {"read_from": "pump", "deviation": "yes"}
    refused = nurse.post(PAGE_OF.format("fluid_bolus"), typed)
    assert "How did it depart from the protocol? Say it here." in (
        refused.content.decode()
    )
    assert '<details class="plain-more" open>' in refused.content.decode()
    nurse.post(PAGE_OF.format("fluid_bolus"), typed | {"note": "In 5 min, not 15."})
    log = nurse.get("/participants/02-014/").content.decode()
    assert "Fluid bolus 500 mL, balanced crystalloid" in log
    said = "target SBP over 90, written down from pump, protocol deviation"
    assert said in log


def test_each_is_asked_only_where_it_can_be(nurse):
    asked = {
        code: set(nurse.get(PAGE_OF.format(code)).context["form"].fields)
        for code in ("fluid_bolus", "norepinephrine", "study_drug_hold")
    }
    seldom = {"fluid", "agent", "target", "read_from", "deviation"}
    assert {code: names & seldom for code, names in asked.items()} == {
        "fluid_bolus": {"fluid", "target", "read_from", "deviation"},
        "norepinephrine": {"target", "read_from", "deviation"},
        "study_drug_hold": {"target", "deviation"},
    }


def test_a_new_rate_keeps_the_target(nurse, cast):
    line = a_line("rate", amount="6", unit="ug/min", target="MAP over 65")
    nurse.post(PAGE_OF.format("norepinephrine"), line)
    name = f"rate{Treatment.objects.get().pk}"
    typed = {"key": str(uuid4()), "at": "14:28", "amount": "8"}
    nurse.post(PAGE, {f"{name}-{key}": value for key, value in typed.items()})
    (running,) = queries.running_now(cast.cycle)
    assert (running.amount, running.target) == (8, "MAP over 65")


# Orders and calls


def test_a_call_asks_who_was_called_and_the_log_says_when_they_came(nurse):
    page = nurse.get(PAGE_OF.format("call")).content.decode()
    assert "Who was called" in page
    assert "Ordered by" not in page
    line = a_line("action", called="ICU, Dr Lang", answered_at="14:22")
    answer = nurse.post(PAGE_OF.format("call"), line | {"arrived_at": "14:28"})
    assert answer.status_code == 302
    log = nurse.get("/participants/02-014/").content.decode()
    for said in ("ICU, Dr Lang", "answered", "14:22", "arrived", "14:28"):
        assert said in log


def test_the_log_says_how_it_was_ordered(nurse):
    line = a_line(amount="500", unit="mL", ordered_by="C. Okafor", order="read_back")
    nurse.post(PAGE_OF.format("fluid_bolus"), line)
    log = nurse.get("/participants/02-014/").content.decode()
    assert "ordered by C. Okafor: verbal, read back" in log
    (kept,) = queries.log_of(Treatment.objects.get().cycle)
    page = nurse.get(f"/participants/02-014/log/{kept.pk}/correct/").content.decode()
    assert '<option value="read_back" selected>' in page


# How a rate counts


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"unit": "ug/kg/min", "weight": "80"}, "for 80 kg: 8 µg/min"),
        ({"unit": "ug/kg/min"}, "by the cycle's first weight"),
        ({"unit": "ug/min", "weight": "80"}, "for 80 kg"),
        ({"unit": "ug/min"}, ""),
    ],
)
def test_the_log_says_a_rate_as_it_was_set_and_as_it_counts(nurse, typed, said):
    line = a_line("rate", amount="0.1", keep="1", **typed)
    nurse.post(PAGE_OF.format("norepinephrine"), line)
    kept = Treatment.objects.get()
    assert treatment_line(kept) == f"Norepinephrine 0.1 {unit_words(kept.unit)}"
    assert said_words(kept) == said
