"""A symptom has an onset and one history, whatever its grade becomes."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError

from monitor import clock, flow
from monitor.audit.superseding import succeed
from monitor.bedside.checks import check_set
from monitor.bedside.courses import courses_of
from monitor.bedside.entry import not_done, read_reading
from monitor.bedside.forms.symptoms import due
from monitor.bedside.lasts import Last
from monitor.bedside.models import Observation, Reading
from monitor.clinical.study.protocol import Protocol
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.trials import actions as trials
from tests.acts import WELL, enter
from tests.bedside.test_observe_page import PAGE, a_set
from tests.cast import open_cycle

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def nurse(client, cast):
    client.force_login(cast.reyes)
    return client


@pytest.fixture
def version_six(cast):
    """The cycle is under a protocol that fixes CTCAE v6.0."""
    document = {"name": "NARA-2", "version": "2.0", "ctcae": "v6"}
    draft = trials.draft_protocol(
        trial=cast.trial, number="2.0", document=document, by=cast.vance
    )
    cast.protocol = trials.approve_protocol(protocol=draft, by=cast.vance)
    cast.cycle = open_cycle(cast, "02-015")


def the(item):
    return Reading.objects.current().get(item=item)


def test_when_a_symptom_began_is_kept_with_its_grade(nurse, now):
    nurse.post(PAGE, a_set(CHILLS="2", CHILLS_began="14:05"))
    kept = the("CHILLS")
    assert (kept.number, kept.began_at) == (2, now - 25 * MINUTE)


def test_an_onset_that_nobody_knows_is_left_blank(nurse):
    nurse.post(PAGE, a_set(CHILLS="2", CHILLS_began=""))
    assert the("CHILLS").began_at is None


def test_what_is_not_there_has_not_begun(nurse):
    nurse.post(PAGE, a_set(CHILLS="0", CHILLS_began="14:05"))
    assert (the("CHILLS").number, the("CHILLS").began_at) == (0, None)


@pytest.mark.parametrize(("typed", "taken"), [("14:22", True), ("14:23", False)])
def test_it_began_before_it_was_seen_or_just_then(nurse, typed, taken):
    answer = nurse.post(PAGE, a_set(CHILLS="2", CHILLS_began=typed))
    assert (answer.status_code == 302) == taken
    assert taken or "It began after it was seen." in answer.content.decode()


def test_an_onset_that_cannot_be_read_is_said_beside_the_symptom(nurse):
    answer = nurse.post(PAGE, a_set(CHILLS="2", CHILLS_began="soon"))
    assert answer.status_code == 422
    assert "Type the time as 14:22 or 19 Nov 14:22." in answer.content.decode()
    assert not Observation.objects.exists()


def test_the_verb_refuses_an_onset_of_what_is_no_symptom(cast, now):
    pulse = replace(read_reading("HR", "80"), began_at=now)
    with pytest.raises(Refused) as refused:
        check_set([pulse], now)
    assert refused.value.field == "HR"


def test_of_a_symptom_that_goes_on_the_onset_is_not_asked_again(nurse):
    nurse.post(PAGE, a_set(CHILLS="2", CHILLS_began="14:05"))
    page = nurse.get(PAGE).content.decode()
    assert 'name="CHILLS_began"' not in page
    assert 'name="NAUSEA_began"' in page


def test_later_grades_are_one_history_and_a_return_is_another(cast, now):
    told = [(5, "1"), (4, "1"), (3, "3"), (2, "0"), (1, "2")]
    for hours, grade in told:
        enter(cast, now - hours * HOUR, {"NAUSEA": grade})
    again, first = courses_of(cast.cycle)
    assert [(one.number, one.at) for one in first.grades] == [
        (1, now - 5 * HOUR),
        (3, now - 3 * HOUR),
    ]
    assert (first.highest, first.ended_at) == (3, now - 2 * HOUR)
    assert (again.grade, again.ended_at, again.first_at) == (2, None, now - HOUR)


def test_what_was_not_asked_ends_nothing(cast, now):
    enter(cast, now - 2 * HOUR, {"NAUSEA": "1"})
    enter(cast, now - HOUR, {"HR": "80"})
    (course,) = courses_of(cast.cycle)
    assert (course.ended_at, course.asked_at) == (None, now - 2 * HOUR)


def test_a_symptom_that_was_never_there_has_no_history(cast, now):
    enter(cast, now, {"NAUSEA": "0"})
    assert courses_of(cast.cycle) == []


def test_a_corrected_grade_is_the_one_that_counts(cast, now):
    enter(cast, now - HOUR, {"NAUSEA": "3"})
    told = {"typed": "1", "unit": None, "by": cast.okafor, "reason": "misread"}
    flow.correct_reading(reading=the("NAUSEA"), **told)
    (course,) = courses_of(cast.cycle)
    assert course.highest == 1


@pytest.mark.parametrize("sets", [1, 4])
def test_the_histories_cost_one_query(cast, now, django_assert_num_queries, sets):
    for n in range(sets):
        enter(cast, now - (n + 1) * HOUR, {"NAUSEA": "1", "FATIGUE": "2"})
    with django_assert_num_queries(1):
        courses_of(cast.cycle)


def test_the_page_of_the_participant_tells_the_history(nurse, now):
    nurse.post(PAGE, a_set(CHILLS="2", CHILLS_began="14:05"))
    with clock.freeze(now + 10 * MINUTE):
        nurse.post(PAGE, a_set(at="14:38", CHILLS="1"))
        page = nurse.get("/participants/02-014/").content.decode()
    assert "grade 1, asked 14:38, began 14:05" in page


def test_the_trail_tells_the_onset_in_the_sites_time(nurse, client, cast):
    nurse.post(PAGE, a_set(CHILLS="2", CHILLS_began="14:05"))
    client.force_login(cast.okafor)
    trail = client.get("/participants/02-014/audit/").content.decode()
    assert "Chills, rigors: grade 2 (CTCAE v5.0), began Thu 19 Nov 2026, 14:05" in trail


# Under which CTCAE


def test_a_grade_is_kept_with_the_version_of_the_protocol(cast, now):
    enter(cast, now, {**WELL, "NAUSEA": "2", "CHILLS": "0"})
    kept = dict(Reading.objects.values_list("item", "ctcae"))
    assert {item: one for item, one in kept.items() if one} == {
        "NAUSEA": "v5",
        "CHILLS": "v5",
    }


def test_another_protocol_fixes_another_version(cast, now, version_six):
    enter(cast, now, {"NAUSEA": "2"})
    assert the("NAUSEA").ctcae == "v6"


def test_a_correction_is_graded_under_it_too(cast, now, version_six):
    enter(cast, now, {"NAUSEA": "3"})
    told = {"typed": "1", "unit": None, "by": cast.okafor, "reason": "misread"}
    flow.correct_reading(reading=the("NAUSEA"), **told)
    assert (the("NAUSEA").number, the("NAUSEA").ctcae) == (1, "v6")


def test_what_was_not_asked_has_no_version(cast, now):
    readings = [not_done("NAUSEA", "asleep")]
    told = {"cycle": cast.cycle, "by": cast.reyes, "key": uuid4()}
    flow.record_set(observed_at=now, readings=readings, **told)
    assert the("NAUSEA").ctcae == ""


def test_the_database_refuses_a_version_without_a_grade(cast, now):
    enter(cast, now, {"OXYGEN_DEVICE": "room_air"})
    told = {"by": cast.reyes, "recorded_at": now, "reason": "typed twice"}
    with pytest.raises(IntegrityError):
        succeed(Reading.objects.get(), **told, ctcae="v5")


@pytest.mark.parametrize(
    ("minutes", "again"), [(24 * 60 - 1, False), (24 * 60, True), (24 * 60 + 1, True)]
)
def test_an_examination_is_due_after_a_day(now, minutes, again):
    at = now - timedelta(minutes=minutes)
    seen = {"EDEMA_LIMBS": Last("EDEMA_LIMBS", 0.0, "", at, "{CTCAE}", None)}
    lines = Protocol.default().lines
    assert due("EDEMA_LIMBS", seen, lines, now) is again
    assert due("GENERALIZED_EDEMA", seen, lines, now) is True


@pytest.mark.parametrize(
    ("form", "typed", "topic"),
    [
        ("set", {"CHEST_PAIN": "not_yet_known"}, "heart_lung"),
        ("symptoms", {"CHEST_PAIN": "not_yet_known"}, "heart_lung"),
        ("symptoms", {"NECK_EDEMA": "1", "VOICE_ALTERATION": "1"}, "injection_site"),
        ("symptoms", {"NECK_EDEMA": "3"}, "injection_site"),
    ],
)
def test_what_endangers_heart_or_airway_is_charted_and_alarms(
    nurse, form, typed, topic
):
    """R13, P18: typed on either form, critical at once."""
    answer = nurse.post(f"{PAGE}?panel={form}", a_set(**typed))
    assert answer.status_code == 302
    (episode,) = Episode.objects.filter(topic=topic)
    assert [step.level for step in episode.steps.all()] == ["critical"]


@pytest.mark.parametrize(
    ("grade", "levels"), [("1", []), ("2", ["warning"]), ("3", ["warning"])]
)
def test_a_pneumonitis_is_typed_by_its_grade_and_warns_from_two(nurse, grade, levels):
    """B3, P14: one that only imaging shows is watched, and opens no event."""
    page = nurse.get(f"{PAGE}?panel=symptoms").content.decode()
    assert "Pneumonitis (by physician)" in page
    assert "symptoms, treated; daily tasks limited" in page
    answer = nurse.post(f"{PAGE}?panel=symptoms", a_set(PNEUMONITIS=grade))
    assert answer.status_code == 302
    opened = Episode.objects.filter(topic="heart_lung")
    assert [step.level for one in opened for step in one.steps.all()] == levels


def test_no_press_of_none_answers_a_chest_pain_that_nobody_asked_about(nurse):
    page = nurse.get(PAGE).content.decode()
    named = re.search(r'name="named" value="([^"]*)"', page)
    assert "CHEST_PAIN" not in named[1].split(",")
    nurse.post(PAGE, a_set(none_since="1", named=named[1]))
    assert not Reading.objects.filter(item="CHEST_PAIN").exists()
