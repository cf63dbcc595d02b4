"""What is recorded at the bedside: once, by somebody, at a time that can be."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, connections, transaction

from monitor.audit import keys
from monitor.audit.models import AppendOnlyError, Event
from monitor.bedside import actions, queries
from monitor.bedside.entry import not_done, read_reading, unrecordable
from monitor.bedside.models import Observation, Reading
from monitor.refusal import Refused
from tests.cast import ENROLLED, NOW, open_cycle

SET = (("TEMP", "39.1"), ("HR", "128"), ("SYSBP", "86"), ("DIABP", "48"))


def readings(*pairs):
    return [read_reading(item, typed) for item, typed in pairs or SET]


def save(cast, *pairs, **given):
    told = {
        "cycle": cast.cycle,
        "observed_at": NOW,
        "readings": readings(*pairs),
        "by": cast.reyes,
        "key": uuid4(),
    }
    return actions.record_observation(**told | given)


def refusal(verb, *args, **given) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        verb(*args, **given)
    return refused.value.field, refused.value.sentence


def the(cast, item: str) -> Reading:
    return queries.last_values(cast.cycle)[item]


def last_event() -> Event:
    return Event.objects.order_by("sequence").last()


# A set


def test_a_set_is_kept_as_typed_with_author_and_both_times(cast):
    seen = NOW - timedelta(minutes=8)
    observation, created = save(cast, ("TEMP", "391"), observed_at=seen, note="warm")
    assert created
    assert (observation.observed_at, observation.recorded_at) == (seen, NOW)
    reading = observation.readings.get()
    assert (reading.typed, reading.number, reading.unit) == ("391", 39.1, "Cel")
    assert (reading.recorded_by, reading.recorded_at) == (cast.reyes, NOW)


def test_missing_not_done_unrecordable_and_zero_are_four_different_things(cast):
    save(
        cast,
        readings=[
            not_done("RESP", "refused"),
            unrecordable("OXYSAT"),
            read_reading("HR", "0", confirmed=True),
        ],
    )
    last = queries.last_values(cast.cycle)
    assert "TEMP" not in last
    assert (last["RESP"].state, last["RESP"].not_done_reason) == ("not_done", "refused")
    assert (last["OXYSAT"].state, last["OXYSAT"].number) == ("unrecordable", None)
    assert (last["HR"].state, last["HR"].number) == ("value", 0)


@pytest.mark.requirement("R1")
def test_the_trail_tells_every_value_with_the_participant_and_the_site(cast):
    observation, _ = save(cast, ("TEMP", "39.1"), ("TEMP_SITE", "oral"))
    event = last_event()
    assert (event.action, event.actor) == ("observation.recorded", "reyes")
    assert (event.participant, event.site) == ("02-014", "NARA-2 02")
    assert event.time_zone == "America/New_York"
    assert event.object_id == str(observation.pk)
    assert event.changes == [
        {"field": "observed_at", "old": None, "new": "2026-11-19T19:30:00+00:00"},
        {"field": "source", "old": None, "new": "bedside"},
        {"field": "TEMP", "old": None, "new": "39.1 Cel"},
        {"field": "TEMP_SITE", "old": None, "new": "oral"},
    ]


# Sent twice


def test_the_same_set_sent_twice_is_one_set(cast):
    key = uuid4()
    first, created = save(cast, key=key)
    events = Event.objects.count()
    again, created_again = save(cast, key=key)
    assert (created, created_again) == (True, False)
    assert again == first
    assert Observation.objects.count() == 1
    assert Reading.objects.count() == len(SET)
    assert Event.objects.count() == events


def test_a_key_of_another_participant_is_no_repetition(cast):
    key = uuid4()
    save(cast, key=key)
    other = open_cycle(cast, "02-015")
    field, said = refusal(save, cast, key=key, cycle=other)
    assert (field, said) == ("key", "This form was sent before. Open the page again.")


def test_of_two_at_the_same_moment_the_database_lets_one_in(cast, monkeypatch):
    """The other one came in after this one had looked for the key."""
    key = uuid4()
    first, _ = save(cast, key=key)
    looked = iter([None])
    real = keys.repeated
    monkeypatch.setattr(
        "monitor.bedside.actions.sets.repeated", lambda *args: next(looked)
    )
    monkeypatch.setattr(keys, "repeated", real)
    again, created = save(cast, key=key)
    assert (again, created) == (first, False)
    assert Reading.objects.count() == len(SET)


@pytest.mark.only_on("postgres")
@pytest.mark.django_db(transaction=True)
def test_a_race_of_four_threads_records_one_set(cast):
    key, start, results = uuid4(), threading.Barrier(4), []

    def send() -> None:
        try:
            start.wait()
            results.append(save(cast, key=key))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(created for _, created in results) == [False, False, False, True]
    assert len({observation.pk for observation, _ in results}) == 1
    assert Reading.objects.count() == len(SET)
    recorded = Event.objects.filter(action="observation.recorded")
    assert recorded.count() == 1


# What is refused


@pytest.mark.parametrize(
    ("observed_at", "said"),
    [
        (NOW + timedelta(seconds=1), "This time lies in the future. Type it again."),
        (
            ENROLLED - timedelta(days=30, seconds=1),
            "This is more than 30 days before enrollment. Check the date.",
        ),
        (datetime(2026, 11, 19, 14, 0), "This time has no time zone."),
    ],
)
def test_a_set_is_taken_at_a_time_that_can_be(cast, observed_at, said):
    assert refusal(save, cast, observed_at=observed_at) == ("observed_at", said)
    assert Observation.objects.count() == 0


@pytest.mark.parametrize("observed_at", [NOW, ENROLLED - timedelta(days=30)])
def test_the_ends_of_that_time_are_inside(cast, observed_at):
    assert save(cast, observed_at=observed_at)[1]


def test_a_loaded_chart_keeps_its_own_years(cast):
    moved = datetime(2180, 3, 23, 11, 51, tzinfo=UTC)
    assert save(cast, observed_at=moved, source="import")[1]


def test_an_empty_set_is_refused(cast):
    assert refusal(save, cast, readings=[]) == (
        "",
        "Nothing was entered. Type a value, or say why not done.",
    )


def test_an_item_stands_once_in_a_set(cast):
    twice = readings(("TEMP", "39.1"), ("TEMP", "38.9"))
    assert refusal(save, cast, readings=twice)[0] == "TEMP"


def test_the_pressures_are_compared_in_the_verb_too(cast):
    field, said = refusal(save, cast, ("SYSBP", "80"), ("DIABP", "90"))
    assert field in {"SYSBP", "DIABP"}
    assert said.endswith("which cannot be. Type both again.")


@pytest.mark.parametrize(
    "change",
    [
        {"number": 101.0},
        {"number": -1.0},
        {"number": float("nan")},
        {"number": float("inf")},
        {"number": None},
        {"unit": "1"},
    ],
)
def test_what_went_round_the_form_is_refused_by_the_verb(cast, change):
    forged = replace(read_reading("OXYSAT", "97"), **change)
    assert refusal(save, cast, readings=[forged])[0] == "OXYSAT"
    assert Observation.objects.count() == 0


def test_a_forged_answer_is_refused_by_the_verb(cast):
    forged = replace(read_reading("ACVPU", "A", ""), choice="Z")
    assert refusal(save, cast, readings=[forged])[0] == "ACVPU"
    with_unit = replace(not_done("RESP", "refused"), not_done_reason="")
    assert refusal(save, cast, readings=[with_unit])[0] == "RESP"
    unheard = replace(unrecordable("HR"), item="TEMP")
    assert refusal(save, cast, readings=[unheard])[0] == "TEMP"


def test_a_period_lies_in_the_past_and_ends_after_it_begins(cast):
    start = NOW - timedelta(hours=6)
    urine = read_reading("URINE_OUTPUT", "300", "mL", at=start, until=NOW)
    assert save(cast, observed_at=start, readings=[urine], panel="fluids")[1]
    for until in (None, start, NOW + timedelta(minutes=1)):
        forged = replace(urine, until=until)
        assert refusal(save, cast, observed_at=start, readings=[forged])[0] == (
            "URINE_OUTPUT"
        )


def test_who_may_not_enter_enters_nothing(cast):
    for person in (cast.moreau, cast.iyer, cast.vance, cast.lindqvist, cast.novak):
        with pytest.raises(PermissionDenied):
            save(cast, by=person)
    assert Observation.objects.count() == 0


def test_an_ended_role_enters_nothing_and_repeats_nothing(cast):
    key = uuid4()
    save(cast, key=key)
    cast.reyes.memberships.update(ends_at=NOW)
    with pytest.raises(PermissionDenied):
        save(cast, key=key)


def test_an_event_that_cannot_be_written_keeps_the_set_out(cast, monkeypatch):
    def broken(*args):
        raise RuntimeError("no trail")

    monkeypatch.setattr("monitor.bedside.actions.sets.tell", broken)
    with pytest.raises(RuntimeError):
        save(cast)
    assert Observation.objects.count() == 0


# Corrections


@pytest.mark.requirement("R4")
def test_a_correction_stands_in_place_and_hides_nothing(cast):
    save(cast)
    wrong = the(cast, "TEMP")
    right = actions.correct_reading(
        reading=wrong, typed="38.1", unit=None, by=cast.reyes, reason="misread"
    )
    assert the(cast, "TEMP") == right
    assert (right.number, right.reason, right.supersedes) == (38.1, "misread", wrong)
    assert queries.history_of(right) == [wrong, right]
    assert last_event().changes == [
        {"field": "TEMP", "old": "39.1 Cel", "new": "38.1 Cel"}
    ]
    assert last_event().reason == "misread"


@pytest.mark.requirement("R5")
def test_a_correction_without_a_reason_is_refused(cast):
    save(cast)
    assert refusal(
        actions.correct_reading,
        reading=the(cast, "TEMP"),
        typed="38.1",
        unit=None,
        by=cast.reyes,
        reason="  ",
    ) == ("reason", "Say why this is changed.")


def test_the_same_correction_sent_twice_is_one(cast):
    save(cast)
    given = {"reading": the(cast, "TEMP"), "typed": "38.1", "unit": None}
    given |= {"by": cast.reyes, "reason": "misread"}
    first = actions.correct_reading(**given)
    assert actions.correct_reading(**given) == first
    assert Reading.objects.filter(item="TEMP").count() == 2


def test_of_two_different_corrections_the_second_must_look_again(cast):
    save(cast)
    given = {"reading": the(cast, "TEMP"), "unit": None, "reason": "misread"}
    actions.correct_reading(typed="38.1", by=cast.reyes, **given)
    _, said = refusal(actions.correct_reading, typed="38.2", by=cast.okafor, **given)
    assert said == "This was changed in the meantime. Open the page again to see how."


def test_a_corrected_pressure_is_compared_with_its_pair(cast):
    save(cast)
    field, _ = refusal(
        actions.correct_reading,
        reading=the(cast, "DIABP"),
        typed="95",
        unit=None,
        by=cast.reyes,
        reason="misread",
    )
    assert field == "DIABP"


def test_a_value_becomes_not_done(cast):
    save(cast)
    made = actions.replace_reading(
        reading=the(cast, "HR"),
        new=not_done("HR", "equipment"),
        by=cast.reyes,
        reason="belongs to the neighbor",
    )
    assert (made.state, made.number) == ("not_done", None)
    assert last_event().changes == [
        {"field": "HR", "old": "128 /min", "new": "not done: equipment"}
    ]


def test_a_struck_out_value_feeds_nothing_and_stays_readable(cast):
    save(cast)
    wrong = the(cast, "HR")
    actions.void_reading(reading=wrong, by=cast.reyes, reason="wrong participant")
    assert "HR" not in queries.last_values(cast.cycle)
    assert [row.voided for row in queries.history_of(wrong)] == [False, True]
    _, said = refusal(
        actions.void_reading, reading=wrong, by=cast.reyes, reason="again"
    )
    assert said.startswith("This was changed in the meantime.")


def test_a_whole_set_is_struck_out_value_by_value(cast):
    observation, _ = save(cast)
    gone = actions.void_observation(
        observation=observation, by=cast.reyes, reason="wrong participant"
    )
    assert len(gone) == len(SET)
    assert queries.last_values(cast.cycle) == {}
    assert Event.objects.filter(action="reading.voided").count() == len(SET)


def test_a_held_value_counts_once_a_person_says_so(cast):
    save(cast, ("SYSBP", "38"))
    (held,) = queries.held_readings(cast.cycle)
    assert queries.previous_values(cast.cycle, NOW + timedelta(hours=1)) == {}
    confirmed = actions.confirm_reading(reading=held, by=cast.reyes)
    assert list(queries.held_readings(cast.cycle)) == []
    assert (confirmed.check_state, confirmed.number) == ("confirmed", 38)
    previous = queries.previous_values(cast.cycle, NOW + timedelta(hours=1))
    assert previous["SYSBP"].number == 38
    _, said = refusal(actions.confirm_reading, reading=confirmed, by=cast.reyes)
    assert said == "This value is not held: there is nothing to confirm."


def test_who_may_not_correct_corrects_nothing(cast):
    save(cast)
    given = {"reading": the(cast, "TEMP"), "reason": "x"}
    for person in (cast.moreau, cast.iyer, cast.lindqvist, cast.haddad):
        with pytest.raises(PermissionDenied):
            actions.void_reading(by=person, **given)
        with pytest.raises(PermissionDenied):
            actions.correct_reading(typed="38", unit=None, by=person, **given)


def test_nothing_goes_round_the_verbs(cast):
    save(cast)
    reading = the(cast, "TEMP")
    reading.number = 37.0
    for attempt in (reading.save, reading.delete, Reading.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            attempt()


@pytest.mark.parametrize("table", ["observation", "reading", "dose", "event"])
@pytest.mark.parametrize("sql", ["DELETE FROM {}", "UPDATE {} SET id = id + 1000"])
def test_the_database_refuses_too(cast, table, sql):
    save(cast)
    with (
        pytest.raises(IntegrityError, match="never changed or deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(f"monitor_{table}"))
