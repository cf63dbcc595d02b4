"""Reading what was seen: the last values, the sets, and nobody else's."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import Http404

from monitor.bedside import actions, queries
from monitor.bedside.entry import not_done, read_reading
from tests.cast import NOW, open_cycle


def save(cast, minutes_ago: float, **values: str):
    made = [read_reading(item, typed) for item, typed in values.items()]
    observation, _ = actions.record_observation(
        cycle=cast.cycle,
        observed_at=NOW - timedelta(minutes=minutes_ago),
        readings=made,
        by=cast.reyes,
        key=uuid4(),
    )
    return observation


def test_the_last_value_of_each_item_is_the_one_observed_last(cast):
    save(cast, 5, TEMP="39.1")
    save(cast, 47, TEMP="37.0", HR="94")
    last = queries.last_values(cast.cycle)
    assert {item: one.number for item, one in last.items()} == {"TEMP": 39.1, "HR": 94}
    assert NOW - last["HR"].observation.observed_at == timedelta(minutes=47)


def test_of_two_at_one_time_the_one_recorded_last_stands(cast):
    save(cast, 5, TEMP="37.0")
    save(cast, 5, TEMP="37.2")
    assert queries.last_values(cast.cycle)["TEMP"].number == 37.2


def test_what_was_last_at_an_earlier_moment(cast):
    save(cast, 47, TEMP="37.0")
    save(cast, 5, TEMP="39.1")
    earlier = queries.last_values(cast.cycle, NOW - timedelta(minutes=20))
    assert earlier["TEMP"].number == 37.0


def test_the_previous_value_is_a_number_that_feeds_and_is_older(cast):
    save(cast, 60, TEMP="36.8", SYSBP="118")
    save(cast, 30, SYSBP="38")
    actions.record_observation(
        cycle=cast.cycle,
        observed_at=NOW - timedelta(minutes=20),
        readings=[not_done("TEMP", "refused")],
        by=cast.reyes,
        key=uuid4(),
    )
    before = queries.previous_values(cast.cycle, NOW)
    assert {item: one.number for item, one in before.items()} == {
        "TEMP": 36.8,
        "SYSBP": 118,
    }
    assert queries.previous_values(cast.cycle, NOW - timedelta(minutes=60)) == {}


def test_an_earlier_cycle_is_not_looked_at(cast):
    save(cast, 60, TEMP="36.8")
    second = open_cycle(cast, "02-014", number=2)
    assert queries.last_values(second) == {}


@pytest.mark.parametrize("sets", [1, 3])
def test_the_sets_of_a_cycle_cost_two_queries(cast, django_assert_num_queries, sets):
    for number in range(sets):
        save(cast, number, TEMP="37.0", HR="94")
    with django_assert_num_queries(2):
        found = list(queries.sets_of(cast.cycle))
        assert [len(one.current) for one in found] == [2] * sets
        assert {one.recorded_by.username for one in found} == {"reyes"}
    assert found[0].observed_at == NOW


@pytest.mark.parametrize("sets", [1, 3])
def test_the_last_values_cost_one_query(cast, django_assert_num_queries, sets):
    for number in range(sets):
        save(cast, number, TEMP="37.0", HR="94")
    with django_assert_num_queries(1):
        last = queries.last_values(cast.cycle)
        assert {one.recorded_by.username for one in last.values()} == {"reyes"}


def test_a_set_of_one_panel_is_found_alone(cast):
    save(cast, 5, TEMP="37.0")
    assert list(queries.sets_of(cast.cycle, panel="labs")) == []


def test_another_sites_values_are_not_there(cast):
    observation = save(cast, 5, TEMP="37.0")
    reading = observation.readings.get()
    assert queries.reading_for(cast.okafor, reading.pk) == reading
    assert queries.observation_for(cast.okafor, observation.pk) == observation
    for person in (cast.lindqvist, cast.novak, cast.vance):
        with pytest.raises(Http404):
            queries.reading_for(person, reading.pk)
        with pytest.raises(Http404):
            queries.observation_for(person, observation.pk)
