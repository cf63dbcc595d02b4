"""The nurse's entry page: what is typed is kept, what is wrong is said beside it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from monitor import clock, flow
from monitor.bedside.models import Observation, Reading
from monitor.treatments.models import Treatment

PAGE = "/participants/02-014/observe/"


def a_set(**typed):
    """A whole set as the page sends it, with what is typed otherwise."""
    whole = {
        "key": str(uuid4()),
        "at": "19 Nov 14:22",
        "RESP": "22",
        "OXYSAT": "95",
        "OXYGEN_DEVICE": "room_air",
        "BP": "112/64",
        "HR": "104",
        "TEMP": "37.2",
        "TEMP_unit": "Cel",
        "ACVPU": "A",
    }
    return whole | typed


@pytest.fixture
def nurse(client, cast):
    client.force_login(cast.reyes)
    return client


@pytest.fixture
def stored(cast):
    """Item -> the reading that was stored."""

    def found():
        return {row.item: row for row in Reading.objects.select_related("observation")}

    return found


def test_a_saved_set_leads_to_the_participant_with_what_was_found(nurse, stored):
    answer = nurse.post(PAGE, a_set(), follow=True)
    assert answer.redirect_chain[0][0].startswith("/participants/02-014/?saved=")
    assert answer.status_code == 200
    assert b"Saved 14:30:00, assessed." in answer.content
    assert set(stored()) == {
        "RESP",
        "OXYSAT",
        "OXYGEN_DEVICE",
        "SYSBP",
        "DIABP",
        "HR",
        "TEMP",
        "ACVPU",
    }


@pytest.mark.parametrize(
    ("typed", "unit", "number"),
    [
        ("385", "Cel", 38.5),
        ("38,5", "Cel", 38.5),
        ("38.5", "Cel", 38.5),
        ("101.3", "[degF]", 38.5),
    ],
)
def test_a_temperature_is_read_as_it_is_meant(nurse, stored, typed, unit, number):
    nurse.post(PAGE, a_set(TEMP=typed, TEMP_unit=unit))
    kept = stored()["TEMP"]
    assert (kept.number, kept.unit) == (number, "Cel")
    assert (kept.typed, kept.typed_unit) == (typed, unit)


def test_a_unit_behind_its_value_is_kept_as_the_unit(nurse, stored):
    nurse.post(
        PAGE,
        a_set(TEMP="38,5°", OXYSAT="95 %", RESP="22/min", BP="112 / 64 mmHg"),
    )
    kept = {item: (row.number, row.typed) for item, row in stored().items()}
    assert kept["TEMP"] == (38.5, "38,5")
    assert kept["OXYSAT"] == (95, "95")
    assert kept["RESP"] == (22, "22")
    assert (kept["SYSBP"], kept["DIABP"]) == ((112, "112"), (64, "64"))


def test_a_yes_is_for_the_value_however_its_unit_was_typed(nurse, stored):
    nurse.post(PAGE, a_set(OXYSAT="45 %", OXYSAT_kept="45"))
    assert (stored()["OXYSAT"].number, stored()["OXYSAT"].check_state) == (
        45,
        "confirmed",
    )


def test_a_pressure_is_one_entry_and_two_readings(nurse, stored):
    nurse.post(PAGE, a_set(BP="112/64"))
    assert (stored()["SYSBP"].number, stored()["DIABP"].number) == (112, 64)


def test_the_time_is_read_in_the_zone_of_the_site(nurse, stored):
    nurse.post(PAGE, a_set(at="1405"))
    at = stored()["HR"].observation.observed_at
    assert at.isoformat() == "2026-11-19T19:05:00+00:00"


@pytest.mark.requirement("W5")
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"OXYSAT": "105"}, "SpO₂ is 0 to 100 %. Type it again."),
        ({"TEMP": "warm"}, "warm is not a number. Type Temperature in digits."),
        ({"BP": "112/x"}, "Type the pressure as 112/64, or the systolic alone as 80."),
        ({"BP": "64/112"}, "cannot be. Type both again."),
        ({"at": "19 Nov 15:10"}, "This lies in the future: it is 19 Nov 14:30."),
        ({"at": "half past two"}, "Type the time as 14:22 or 19 Nov 14:22."),
        ({"OXYGEN_FLOW": "4"}, "An oxygen flow does not go with room air."),
        ({"OXYGEN_DEVICE": "blanket"}, "blanket is no answer for Oxygen."),
    ],
)
def test_what_cannot_be_is_said_and_everything_typed_is_kept(nurse, typed, sentence):
    answer = nurse.post(PAGE, a_set(**typed, note="sleepy"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'role="alert"' in page
    assert all(f'value="{value}"' in page for value in typed.values() if value[0] < "a")
    assert 'value="22"' in page
    assert 'value="sleepy"' in page
    assert not Observation.objects.exists()


def test_the_same_set_sent_twice_is_one_set(nurse):
    sent = a_set()
    nurse.post(PAGE, sent)
    again = nurse.post(PAGE, sent, follow=True)
    assert b"This set was already saved. Nothing was added." in again.content
    assert Observation.objects.count() == 1


def test_two_sets_of_one_moment_are_two_sets(nurse):
    nurse.post(PAGE, a_set())
    nurse.post(PAGE, a_set())
    assert Observation.objects.count() == 2


def test_a_set_can_be_saved_while_parts_are_missing(nurse, stored):
    nurse.post(PAGE, {"key": str(uuid4()), "at": "14:22", "TEMP": "37.2"})
    assert set(stored()) == {"TEMP"}


def test_an_empty_set_is_not_saved(nurse):
    answer = nurse.post(PAGE, {"key": str(uuid4()), "at": "14:22"})
    assert answer.status_code == 422
    assert b"Nothing is typed yet." in answer.content


# Soft checks


STARTED = {"start_code": "norepinephrine", "start_unit": "ug/kg/min"}


def test_a_vasopressor_without_any_value_says_where_it_goes(nurse, cast):
    only = {
        "key": str(uuid4()),
        "at": "19 Nov 14:22",
        **STARTED,
        "start_amount": "0,05",
    }
    answer = nurse.post(PAGE, only)
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "A treatment beside a set needs a value of the set" in said
    assert "Nothing is typed yet." not in said
    assert not Treatment.objects.exists()


@pytest.mark.parametrize("typed", ["0.05", "0,05", "0,05 µg/kg/min", "0.05 ug/kg/min"])
def test_a_rate_may_be_typed_with_its_unit(nurse, typed):
    answer = nurse.post(PAGE, a_set(**STARTED, start_amount=typed))
    assert answer.status_code == 302
    line = Treatment.objects.get()
    assert (line.amount, line.unit) == (0.05, "ug/kg/min")


@pytest.mark.parametrize("typed", ["0,05 µg/min", "0,05 mg", "much"])
def test_a_rate_in_another_unit_is_no_number(nurse, typed):
    answer = nurse.post(PAGE, a_set(**STARTED, start_amount=typed))
    assert answer.status_code == 422
    assert b"Type the amount in digits." in answer.content
    assert not Treatment.objects.exists()


def test_a_rare_value_is_asked_about_once_and_then_counts(nurse, stored):
    sent = a_set(TEMP="43.5")
    asked = nurse.post(PAGE, sent)
    assert asked.status_code == 422
    assert b"Temperature 43.5 \xc2\xb0C is rare." in asked.content
    assert b"Yes, keep 43.5" in asked.content
    assert stored() == {}
    kept = nurse.post(PAGE, sent | {"TEMP_kept": "43.5"})
    assert kept.status_code == 302
    assert stored()["TEMP"].check_state == Reading.Check.CONFIRMED


def test_a_yes_is_for_the_value_that_it_was_given_to(nurse, stored):
    answer = nurse.post(PAGE, a_set(TEMP="43.6", TEMP_kept="43.5"))
    assert answer.status_code == 422
    assert stored() == {}


def test_a_jump_is_asked_about_beside_the_last_value(nurse, stored):
    nurse.post(PAGE, a_set(at="13:35", TEMP="37.0"))
    sent = a_set(TEMP="39.1")
    asked = nurse.post(PAGE, sent)
    assert b"39.1 is 2.1 \xc2\xb0C above 37.0." in asked.content
    nurse.post(PAGE, sent | {"TEMP_kept": "39.1"})
    assert stored()["TEMP"].number == 39.1


def test_a_dangerous_value_is_never_held_up(nurse, stored):
    answer = nurse.post(PAGE, a_set(BP="86/48", OXYSAT="88", RESP="32"))
    assert answer.status_code == 302
    assert stored()["SYSBP"].check_state == Reading.Check.ACCEPTED


def test_an_unusual_flow_is_asked_about_and_stays_a_query(nurse, stored):
    sent = a_set(OXYGEN_DEVICE="nasal_cannula", OXYGEN_FLOW="8")
    asked = nurse.post(PAGE, sent)
    assert b"Is it a high-flow cannula?" in asked.content
    nurse.post(PAGE, sent | {"OXYGEN_FLOW_kept": "8"})
    assert stored()["OXYGEN_FLOW"].check_state == Reading.Check.QUESTIONED


# Blanks


def test_a_blank_can_say_why(nurse, stored):
    nurse.post(PAGE, a_set(HR="", HR_answer="refused"))
    kept = stored()["HR"]
    assert (kept.state, kept.not_done_reason) == ("not_done", "refused")


def test_a_pressure_not_done_is_both_of_its_readings(nurse, stored):
    nurse.post(PAGE, a_set(BP="", BP_answer="asleep"))
    states = {stored()[item].not_done_reason for item in ("SYSBP", "DIABP")}
    assert states == {"asleep"}


def test_tried_and_unrecordable_is_critical(nurse, stored):
    answer = nurse.post(PAGE, a_set(BP="", BP_answer="unrecordable"), follow=True)
    assert stored()["SYSBP"].state == "unrecordable"
    assert b"banner-critical" in answer.content
    assert b"2222" in answer.content


def test_a_temperature_cannot_be_unrecordable(nurse):
    answer = nurse.post(PAGE, a_set(TEMP="", TEMP_answer="unrecordable"))
    assert answer.status_code == 422


def test_one_reason_answers_all_that_is_left(nurse, stored):
    nurse.post(PAGE, a_set(HR="", ACVPU="", blanks="away"))
    assert stored()["HR"].not_done_reason == "away"
    assert stored()["ACVPU"].not_done_reason == "away"
    assert "ICE" not in stored()


def test_the_oxygen_device_is_never_chosen_beforehand(nurse):
    nurse.post(PAGE, a_set())
    page = nurse.get(PAGE).content.decode()
    assert "was room air" in page
    assert (
        "checked" not in page.split('id="row-OXYGEN_DEVICE"')[1].split("</details>")[0]
    )


@pytest.mark.parametrize("typed", ["80", "80/", "80/p"])
def test_a_pressure_that_was_felt_has_no_diastolic(nurse, stored, typed):
    nurse.post(PAGE, a_set(BP=typed))
    kept = stored()
    assert (kept["SYSBP"].number, kept["SYSBP"].typed) == (80, "80")
    assert "DIABP" not in kept


# Symptoms


def test_none_since_last_answers_what_it_names_and_nothing_else(nurse, stored):
    page = nurse.get(PAGE).content.decode()
    named = page.split('name="named" value="')[1].split('"')[0]
    nurse.post(PAGE, a_set(none_since="1", named=named, NAUSEA="2"))
    kept = {item: row.number for item, row in stored().items() if item in named}
    assert kept == dict.fromkeys(named.split(","), 0) | {"NAUSEA": 2}
    assert "CHILLS" not in stored()


def test_a_symptom_that_was_there_stands_open_with_its_grades(nurse):
    nurse.post(PAGE, a_set(NAUSEA="2"))
    page = nurse.get(PAGE).content.decode()
    assert "NAUSEA" not in page.split('name="named" value="')[1].split('"')[0]
    assert "was grade 2, 14:22" in page


def test_a_form_sent_back_shows_every_symptom_once(nurse):
    """A chip that was opened is open; what was open stays; nothing is there twice."""
    nurse.post(PAGE, a_set(NAUSEA="1"))
    served = nurse.get(PAGE).content.decode()
    sent = {
        name: served.split(f'name="{name}" value="')[1].split('"')[0]
        for name in ("named", "opened")
    }
    assert "NAUSEA" in sent["opened"].split(",")
    late = {"HEADACHE": "1", "HEADACHE_began": "14:29"}
    answer = nurse.post(PAGE, a_set(**sent, **late))
    assert answer.status_code == 422
    page = answer.content.decode()
    for name in [*sent["named"].split(","), *sent["opened"].split(",")]:
        assert page.count(f'id="row-{name}"') == 1, name
    assert page.count('name="HEADACHE_began"') == 1
    assert 'href="#id_HEADACHE_began">Headache: ' in page


def test_none_since_answers_what_it_named_though_it_stands_open_now(nurse, stored):
    sent = {"none_since": "1", "opened": "CHILLS", "named": "NAUSEA,VOMITING"}
    nurse.post(PAGE, a_set(**sent, VOMITING="2"))
    kept = {item: row.number for item, row in stored().items() if item in sent["named"]}
    assert kept == {"NAUSEA": 0, "VOMITING": 2}


# Other panels


def test_the_last_five_sets_are_sets(nurse):
    """Blood is none, however new; the breaths are among what is shown."""
    nurse.post(PAGE, a_set(RESP="23"))
    sent = {"key": str(uuid4()), "at": "14:25", "ALB": "36", "ALB_unit": "g/L"}
    nurse.post(f"{PAGE}?panel=labs", sent)
    page = nurse.get(PAGE).content.decode()
    rail = page.split("Last five sets")[1].split("</table>")[0]
    assert rail.count("<tr>") == 2
    assert ">RR</th>" in rail
    assert "23" in rail.split("<tbody>")[1]


def fluids(start: str, end: str, **typed: str) -> dict[str, str]:
    units = {"URINE_OUTPUT_unit": "mL", "FLUID_INTAKE_unit": "mL"}
    return {"key": str(uuid4()), "at": start, "until": end} | units | typed


@pytest.mark.parametrize(
    ("start", "end", "item", "said"),
    [
        ("09:00", "11:00", "URINE_OUTPUT", True),
        ("06:00", "08:01", "URINE_OUTPUT", True),
        ("06:00", "08:00", "URINE_OUTPUT", False),
        ("10:00", "12:00", "URINE_OUTPUT", False),
        ("09:00", "11:00", "FLUID_INTAKE", False),
    ],
)
def test_an_overlap_of_amounts_is_said_and_blocks_nothing(
    nurse, start, end, item, said
):
    page = f"{PAGE}?panel=fluids"
    nurse.post(page, fluids("08:00", "10:00", URINE_OUTPUT="300"))
    answer = nurse.post(page, fluids(start, end, **{item: "200"}), follow=True)
    words = "Urine output 19 Nov 08:00 to 19 Nov 10:00"
    assert (words in answer.content.decode()) is said
    assert Reading.objects.filter(number=200).exists()
    assert words not in nurse.get("/participants/02-014/").content.decode()


def test_liters_typed_as_milliliters_are_asked_about_once(nurse, stored):
    page, set_ = f"{PAGE}?panel=fluids", fluids("06:00", "14:00", URINE_OUTPUT="0,6")
    answer = nurse.post(page, set_)
    assert answer.status_code == 422
    assert "Was it L? Then choose that unit." in answer.content.decode()
    nurse.post(page, set_ | {"URINE_OUTPUT_unit": "L"})
    assert stored()["URINE_OUTPUT"].number == 600


def test_a_panel_says_no_unit_twice(nurse):
    page = nurse.get(f"{PAGE}?panel=labs").content.decode()
    row = page.split('id="row-INR"')[1].split('id="row-APTT"')[0]
    assert 'data-words="INR"' not in row
    assert 'aria-hidden="true">INR</span>' not in row


def test_the_sentence_of_a_limit_is_of_the_limit(nurse):
    page = nurse.get(f"{PAGE}?panel=labs").content.decode()
    row = page.split('id="row-FERRITIN"')[1].split('class="field-label"')[0]
    assert "1e+06" not in row
    assert "Ferritin is 0 to 1000000" in row


def test_a_result_beyond_the_laboratorys_limit_is_shown_as_it_was_typed(nurse, stored):
    sent = {"key": str(uuid4()), "at": "14:22", "CRP": "<5", "CRP_unit": "mg/L"}
    nurse.post(f"{PAGE}?panel=labs", sent | {"NEUT": "<0.4", "NEUT_kept": "<0.4"})
    kept = stored()
    assert (kept["CRP"].number, kept["CRP"].typed) == (4.999999, "<5")
    page = nurse.get("/participants/02-014/").content.decode()
    assert "&lt;5" in page
    assert "&lt;0.4" in page
    assert "5.0 mg/L" not in page
    assert "At least grade 4" in page
    assert "&lt;5 mg/L" in nurse.get(f"{PAGE}?panel=labs").content.decode()


def test_a_laboratory_value_keeps_its_unit(nurse, stored):
    sent = {"key": str(uuid4()), "at": "07:05", "ALB": "3.7", "ALB_unit": "g/dL"}
    nurse.post(f"{PAGE}?panel=labs", sent)
    kept = stored()["ALB"]
    assert (kept.number, kept.typed, kept.typed_unit) == (37, "3.7", "g/dL")
    assert kept.observation.source == "laboratory"


def test_a_value_in_the_wrong_unit_is_refused_and_another_suggested(nurse, stored):
    sent = {"key": str(uuid4()), "at": "07:05", "ALB": "3.7", "ALB_unit": "g/L"}
    answer = nurse.post(f"{PAGE}?panel=labs", sent)
    assert b"Was it g/dL? Then choose that unit." in answer.content
    assert stored() == {}


def test_fluids_cover_a_period(nurse, stored):
    sent = {"key": str(uuid4()), "at": "06:00", "until": "14:00", "URINE_OUTPUT": "300"}
    nurse.post(f"{PAGE}?panel=fluids", sent)
    kept = stored()["URINE_OUTPUT"]
    covered = kept.until - kept.observation.observed_at
    assert covered.total_seconds() == 8 * 3600


def test_a_report_by_telephone_says_so(nurse):
    nurse.post(PAGE, a_set(reported="1"))
    assert Observation.objects.get().source == "reported"


# Who may


@pytest.mark.parametrize("panel", ["", "?panel=symptoms", "?panel=fluids"])
def test_a_set_can_be_entered_for_somebody_who_had_two_agents(nurse, cast, panel):
    given_at = clock.now() - timedelta(hours=5)
    antibody = flow.plan_dose(
        cycle=cast.cycle,
        agent="pembrolizumab",
        number=1,
        planned_at=given_at,
        by=cast.okafor,
    ).row
    flow.record_dose(dose=antibody, status="given", by=cast.reyes, given_at=given_at)
    page = nurse.get(PAGE + panel)
    assert page.status_code == 200
    facts = [fact for fact in page.context["identity"].facts if "Since" in fact[0]]
    assert facts == [("Since pembrolizumab 1", "5 h 00"), ("Since NARA 1", "4 h 25")]
    assert page.context["identity"].facts[-1] == ("BP line", "SBP 90")


def test_whoever_is_not_signed_in_signs_in_first(client, cast):
    answer = client.get(PAGE)
    assert answer.status_code == 302
    assert answer["location"].startswith("/login/")


def test_a_participant_of_another_site_is_not_there(client, cast):
    client.force_login(cast.lindqvist)
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, a_set()).status_code == 404
    assert not Observation.objects.exists()


@pytest.mark.requirement("A3")
def test_the_sponsors_side_enters_nothing(client, cast):
    client.force_login(cast.moreau)
    answer = client.post(PAGE, a_set())
    assert answer.status_code == 403
    assert not Observation.objects.exists()


# Injections on both sides ------------------------------------------------------------
def test_each_side_of_an_injection_is_kept_and_its_fold_opens_again(nurse, stored):
    page = f"{PAGE}?panel=examination"
    fold = '<details class="entry-extra"{}>'
    before = nurse.get(page).content.decode()
    assert fold.format("") in before
    assert "Injections on both sides" in before
    assert "Glasgow" not in before
    sent = {"key": str(uuid4()), "at": "14:22", "SITE_SIZE_LEFT": "30"}
    sent |= {"SITE_SIZE_RIGHT": "1,5", "SITE_SIZE_RIGHT_unit": "cm"}
    nurse.post(page, sent)
    kept = {item: row.number for item, row in stored().items()}
    assert kept == {"SITE_SIZE_LEFT": 30, "SITE_SIZE_RIGHT": 15}
    assert fold.format(" open") in nurse.get(page).content.decode()
