"""What followed a finding: how long it took, what helped, what was corrected since."""

from datetime import timedelta
from uuid import uuid4

import pytest

from monitor import clock, flow
from monitor.bedside.models import Reading
from monitor.clinical.thresholds import THRESHOLDS
from monitor.episodes import queries as episodes
from monitor.episodes.fluids import day_one_weights
from monitor.episodes.models import Episode
from monitor.episodes.shapes import SetValues, Value
from monitor.review.case import case_of
from monitor.review.done import given
from monitor.review.followed import followed
from monitor.review.intervals import first_fever, intervals
from monitor.review.responses import boluses, weights_of
from monitor.treatments.models import Treatment
from tests.acts import FEVER, LOW, WELL, baseline, enter, enter_at
from tests.cast import open_cycle, plan

MINUTE = timedelta(minutes=1)
LINES = {key: one.value for key, one in THRESHOLDS.items()}


def line(code, at, amount=1.0, unit="mL") -> Treatment:
    form = "action" if amount is None else "amount"
    told = {"code": code, "form": form, "at": at, "amount": amount, "unit": unit}
    return Treatment(cycle_id=1, **told)


def words(found) -> dict[str, object]:
    return {one.key: None if one.span is None else one.span / MINUTE for one in found}


@pytest.fixture
def episode(cast, now) -> Episode:
    baseline(cast)
    enter_at(cast, now - 60 * MINUTE, LOW)
    return Episode.objects.get(cycle=cast.cycle, topic="crs")


def log(cast, episode, code, at, **more):
    told = {"form": "amount", "by": cast.reyes, "key": uuid4(), **more}
    with clock.freeze(at):
        return flow.log_treatment(
            cycle=cast.cycle, code=code, at=at, episodes=[episode], **told
        ).row


def after(episode):
    case = case_of(episode)
    return followed(case, *given(case))


# How long it took


def test_the_spans_run_from_when_the_finding_became_known(now):
    found = intervals(
        found_at=now,
        acknowledged_at=now + 4 * MINUTE,
        treatments=[
            line("fluid_bolus", now + 11 * MINUTE, 500),
            line("cultures_drawn", now + 20 * MINUTE, None, ""),
            line("antibiotic", now + 35 * MINUTE, 2, "g"),
            line("norepinephrine", now + 38 * MINUTE, 4, "ug/min"),
            line("tocilizumab", now + 50 * MINUTE, 8, "mg/kg"),
        ],
        resolved_at=now + 300 * MINUTE,
    )
    assert words(found) == {
        "acknowledged": 4,
        "action": 11,
        "cultures": 20,
        "antibiotic": 35,
        "pressor": 38,
        "anticytokine": 50,
        "resolved": 300,
    }


def test_what_ran_before_and_no_action_are_no_answer(now):
    found = intervals(
        found_at=now,
        acknowledged_at=None,
        treatments=[
            line("paracetamol", now - MINUTE, 1, "g"),
            line("no_action", now + MINUTE, None, ""),
            line("offered_not_done", now + MINUTE, None, ""),
            line("ceiling_of_care", now + MINUTE, None, ""),
            line("icu_declined", now + MINUTE, None, ""),
        ],
        resolved_at=None,
    )
    assert words(found) == dict.fromkeys(
        [
            *("acknowledged", "action", "cultures", "antibiotic"),
            *("pressor", "anticytokine", "resolved"),
        ]
    )


def test_a_call_is_the_first_action(now):
    found = intervals(
        found_at=now,
        acknowledged_at=None,
        treatments=[line("call", now, None, "")],
        resolved_at=None,
    )
    assert words(found)["action"] == 0


def test_what_nobody_linked_answers_where_nothing_else_does_and_says_so(now):
    found = intervals(
        found_at=now,
        acknowledged_at=None,
        treatments=[line("fluid_bolus", now + 30 * MINUTE, 500)],
        others=[
            line("norepinephrine", now + 20 * MINUTE, 4, "ug/min"),
            line("tocilizumab", now - MINUTE, 8, "mg/kg"),
        ],
        resolved_at=None,
    )
    said = {one.key: (one.words, one.span) for one in found if one.at}
    assert said == {
        "action": ("Fluid bolus", 30 * MINUTE),
        "pressor": ("Norepinephrine, not linked to this event", 20 * MINUTE),
    }


def test_a_vasopressor_that_nobody_linked_is_on_the_page_and_a_regimen_is_not(
    cast, now, episode
):
    told = {"amount": 8.0, "unit": "ug/min", "by": cast.reyes, "key": uuid4()}
    regimen = {"amount": 650.0, "unit": "mg", "by": cast.reyes, "key": uuid4()}
    at = now - 30 * MINUTE
    with clock.freeze(at):
        for code, form, more in (
            ("paracetamol", "scheduled", regimen | {"until": now + 600 * MINUTE}),
            ("norepinephrine", "rate", told),
        ):
            flow.log_treatment(cycle=cast.cycle, code=code, form=form, at=at, **more)
    found = {one.key: one.words for one in after(episode)["intervals"]}
    assert found["pressor"] == "Norepinephrine, not linked to this event"
    assert found["action"] == "Norepinephrine, not linked to this event"


# The antibiotic of somebody with few neutrophils


def a_set(at, temp=None, neut=None, held=False) -> SetValues:
    found = {"TEMP": temp, "NEUT": neut}
    values = {
        item: Value(item, number=number)
        for item, number in found.items()
        if number is not None and not held
    }
    return SetValues(at, "AR", values, {})


@pytest.mark.parametrize(
    ("neut", "temp", "starts"),
    [
        (0.9, 38.0, True),
        (0.9, 37.9, False),
        (0.9, 39.0, True),
        (1.0, 39.0, False),
        (1.1, 39.0, False),
        (0, 38.0, True),
        (None, 39.0, False),
    ],
)
def test_a_fever_with_few_neutrophils_starts_a_clock(now, neut, temp, starts):
    taken = [a_set(now - 60 * MINUTE, neut=neut), a_set(now, temp=temp)]
    found = first_fever(taken, now - 5 * MINUTE, LINES)
    assert found == (now if starts else None)


def test_a_fever_that_stands_starts_it_when_the_count_is_low(now):
    taken = [
        a_set(now - 90 * MINUTE, neut=0.4),
        a_set(now - 80 * MINUTE, temp=39.0),
        a_set(now, temp=38.5, neut=2.0),
        a_set(now + 10 * MINUTE, neut=0.5),
        a_set(now + 20 * MINUTE, temp=38.4),
    ]
    assert first_fever(taken, now, LINES) == now + 10 * MINUTE


def test_a_fever_that_began_before_the_event_counts_from_its_beginning(now):
    """The event is flagged when the count comes, and the fever is an hour old."""
    taken = [
        a_set(now - 90 * MINUTE, temp=39.0, neut=0.9),
        a_set(now - 80 * MINUTE, temp=37.2),
        a_set(now - 60 * MINUTE, temp=38.4),
        a_set(now - 4 * MINUTE, temp=38.9),
        a_set(now, neut=0.3),
        a_set(now + 50 * MINUTE, temp=38.8),
    ]
    assert first_fever(taken, now, LINES) == now - 60 * MINUTE


def test_a_fever_that_was_over_before_the_event_starts_no_clock(now):
    taken = [
        a_set(now - 60 * MINUTE, temp=38.4, neut=0.3),
        a_set(now - 4 * MINUTE, temp=37.9),
        a_set(now, neut=0.3),
    ]
    assert first_fever(taken, now, LINES) is None


def test_a_count_that_is_held_as_a_question_starts_no_clock(now):
    taken = [a_set(now - MINUTE, neut=0.1, held=True), a_set(now, temp=39.0)]
    assert first_fever(taken, now, LINES) is None


def test_the_antibiotic_is_timed_from_that_fever_too(now):
    told = {"found_at": now, "acknowledged_at": None, "resolved_at": None}
    given = [line("antibiotic", now + 35 * MINUTE, 2, "g")]
    fever_at = now - 20 * MINUTE
    found = intervals(**told, treatments=given, neutropenic_at=fever_at)
    assert (words(found)["antibiotic"], words(found)["neutropenic"]) == (35, 55)
    assert "neutropenic" not in words(intervals(**told, treatments=given))
    waiting = intervals(**told, treatments=[], neutropenic_at=fever_at)
    assert words(waiting)["neutropenic"] is None


# What helped


def test_boluses_add_up_in_milliliters_and_per_kilogram(now):
    lines = [
        line("fluid_bolus", now, 500),
        line("fluid_bolus", now, 0.5, "L"),
        line("paracetamol", now, 1, "g"),
    ]
    found = boluses(lines, {1: 80})
    assert (found.count, found.volume, found.per_kg) == (2, 1000, 12.5)
    assert boluses(lines, {1: None}).per_kg is None
    assert boluses(lines[2:], {1: 80}) is None


def test_each_bolus_counts_by_the_weight_of_its_own_cycle(now):
    lines = [line("fluid_bolus", now, 500), line("fluid_bolus", now, 500)]
    lines[1].cycle_id = 2
    found = boluses(lines, {1: 80, 2: 100})
    assert (found.per_kg, found.weights) == (6.25 + 5, (80, 100))
    assert boluses(lines, {1: 80, 2: None}).per_kg is None


def test_the_second_cycles_bolus_counts_by_the_second_cycles_weight(cast, episode, now):
    """Day 1 weighs 80 kg in cycle 1 and 100 kg in cycle 2, where the leak goes on."""
    given = cast.dose.given_at
    enter(cast, given - 30 * MINUTE, {"WEIGHT": "80"})
    first = log(cast, episode, "fluid_bolus", now - 9 * MINUTE, amount=400, unit="mL")
    with clock.freeze(now + MINUTE):
        cycle = open_cycle(cast, "02-014", number=2)
    at = now + 2 * MINUTE
    with clock.freeze(at):
        dose = plan(cycle, 1, at, cast.okafor)
        flow.record_dose(dose=dose, status="given", given_at=at, by=cast.reyes)
        enter(cast, at, {"WEIGHT": "100"}, cycle=cycle)
    assert day_one_weights([cast.cycle.pk, cycle.pk]) == {
        cast.cycle.pk: 80,
        cycle.pk: 100,
    }
    second = Treatment(cycle=cycle, code="fluid_bolus", amount=400, unit="mL", at=at)
    found = boluses([first, second], weights_of([first, second]))
    assert found.per_kg == 5 + 4


def test_the_values_before_and_after_come_from_the_sets(cast, episode, now):
    bolus = log(cast, episode, "fluid_bolus", now - 55 * MINUTE, amount=500, unit="mL")
    enter(cast, now - 41 * MINUTE, {**LOW, "SYSBP": "84"})
    enter(cast, now - 27 * MINUTE, {**FEVER, "SYSBP": "98"})
    found = after(episode)["responses"][bolus.pk]
    assert [(one.minutes, dict(one.values).get("BP mmHg")) for one in found] == [
        (0, "86/48"),
        (30, "98/76"),
        (60, None),
    ]
    assert after(episode)["boluses"].volume == 500


# What was corrected since


def correct(cast, typed):
    reading = Reading.objects.get(item="SYSBP", typed="86")
    told = {"unit": "mm[Hg]", "by": cast.reyes, "reason": "Read from the wrong line."}
    return flow.correct_reading(reading=reading, typed=typed, **told)


def test_nothing_was_corrected_at_first(cast, episode):
    assert (after(episode)["corrections"], after(episode)["still_fires"]) == ([], "")


def test_a_correction_is_told_field_by_field(cast, episode, now):
    correct(cast, "88")
    (found,) = after(episode)["corrections"]
    assert (found.what, found.was, found.now) == (
        "Systolic blood pressure",
        "86 mmHg",
        "88 mmHg",
    )
    assert (found.by, found.corrected_at) == ("A. Reyes, RN", now)
    assert found.reason == "Read from the wrong line."
    assert "still fire" in after(episode)["still_fires"]


def test_a_correction_that_takes_the_ground_away_says_so(cast, now):
    baseline(cast)
    enter_at(cast, now - 60 * MINUTE, {**WELL, "TEMP": "38.6"})
    found = Episode.objects.get(cycle=cast.cycle, topic="crs")
    reading = Reading.objects.get(item="TEMP", typed="38.6")
    told = {"unit": "Cel", "by": cast.reyes, "reason": "A slip of the key."}
    flow.correct_reading(reading=reading, typed="36.8", **told)
    assert after(found)["still_fires"] == "The flag would no longer fire."


def test_a_correction_that_ends_a_fever_sooner_leaves_no_course_the_same(cast, now):
    baseline(cast)
    enter_at(cast, now - 60 * MINUTE, {**WELL, "TEMP": "38.6"})
    enter_at(cast, now - 20 * MINUTE, {**WELL, "TEMP": "38.4"})
    found = Episode.objects.get(cycle=cast.cycle, topic="crs")
    reading = Reading.objects.get(item="TEMP", typed="38.4")
    told = {"unit": "Cel", "by": cast.reyes, "reason": "A slip of the key."}
    flow.correct_reading(reading=reading, typed="37.4", **told)
    grades = [(one.grade, one.cause) for one in episodes.history(found)]
    assert grades == [(1, "entry"), (0, "correction")]
    said = "The flag would still fire; its course differs."
    assert after(found)["still_fires"] == said


# Whether a bolus was answered, by rule


def ruled(episode, bolus, at):
    with clock.freeze(at):
        found = after(episode)["answered"][bolus.pk]
    return found.at


def test_a_bolus_is_answered_when_the_pressure_rose_and_no_pressor_ran(
    cast, episode, now
):
    bolus = log(cast, episode, "fluid_bolus", now - 55 * MINUTE, amount=500, unit="mL")
    enter(cast, now - 27 * MINUTE, {**FEVER, "SYSBP": "98"})
    assert ruled(episode, bolus, now) is None
    later = now + 190 * MINUTE
    assert ruled(episode, bolus, later) == now - 27 * MINUTE
    told = {"form": "rate", "amount": 6, "unit": "ug/min"}
    log(cast, episode, "norepinephrine", now + 60 * MINUTE, **told)
    assert ruled(episode, bolus, later) is None


def test_a_pressor_that_was_stopped_before_the_bolus_leaves_it_answered(
    cast, episode, now
):
    told = {"form": "rate", "unit": "ug/min"}
    log(cast, episode, "norepinephrine", now - 58 * MINUTE, amount=6, **told)
    log(cast, episode, "norepinephrine", now - 56 * MINUTE, amount=0, **told)
    bolus = log(cast, episode, "fluid_bolus", now - 55 * MINUTE, amount=500, unit="mL")
    enter(cast, now - 27 * MINUTE, {**FEVER, "SYSBP": "90"})
    assert ruled(episode, bolus, now + 190 * MINUTE) == now - 27 * MINUTE


def test_only_a_bolus_is_judged_by_the_rule(cast, episode, now):
    log(cast, episode, "paracetamol", now - 55 * MINUTE, amount=1, unit="g")
    assert after(episode)["answered"] == {}


def test_the_page_says_what_the_rule_says(cast, episode, now, client):
    log(cast, episode, "fluid_bolus", now - 55 * MINUTE, amount=500, unit="mL")
    client.force_login(cast.okafor)
    page = client.get(f"/episodes/{episode.pk}/").content.decode()
    assert "By rule: not yet known whether it was answered." in page
