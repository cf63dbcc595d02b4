"""Two people saved a set of one time: both are kept, and a person says which counts."""

from datetime import timedelta
from uuid import uuid4

import pytest

from monitor import flow
from monitor.audit.models import Event
from monitor.bedside.models import Reading, Settlement
from monitor.bedside.slots import twins, twins_of, unsettled
from monitor.refusal import Refused
from tests.acts import FEVER, LOW, enter

MINUTE = timedelta(minutes=1)
SLOT = 10


@pytest.fixture
def pair(cast, now):
    """Reyes saw 86/48 at 14:28; Okafor saw 38.6 °C and no low pressure at 14:26."""
    first = enter(cast, now - 2 * MINUTE, LOW).row
    second = enter(cast, now - 4 * MINUTE, FEVER, by=cast.okafor).row
    return first, second


def told(cast, pair, **given):
    first, second = pair
    whole = {"first": first, "second": second, "strike": [], "by": cast.okafor}
    return whole | {"reason": "Measured twice", "key": uuid4()} | given


def path(pair):
    return f"/participants/02-014/sets/{pair[0].pk}/{pair[1].pk}/"


def test_what_differs_is_told_with_the_value_that_is_current(cast, pair):
    (found,) = unsettled(cast.cycle, SLOT)
    assert [one.item for one in found.differences] == ["TEMP", "HR", "SYSBP", "DIABP"]
    assert {one.counts.observation for one in found.differences} == {pair[0]}


@pytest.mark.parametrize(("minutes", "found"), [(9, 1), (10, 1), (11, 0)])
def test_a_slot_is_ten_minutes_wide(cast, now, minutes, found):
    enter(cast, now, LOW)
    enter(cast, now - minutes * MINUTE, FEVER, by=cast.okafor)
    assert len(unsettled(cast.cycle, SLOT)) == found


def test_of_one_moment_the_one_saved_last_is_current(cast, now):
    enter(cast, now, LOW)
    second = enter(cast, now, FEVER, by=cast.okafor).row
    (found,) = unsettled(cast.cycle, SLOT)
    assert {one.counts.observation for one in found.differences} == {second}


def test_two_sets_of_one_person_are_a_recheck(cast, now):
    enter(cast, now, LOW)
    enter(cast, now - 2 * MINUTE, FEVER)
    assert unsettled(cast.cycle, SLOT) == []


def test_sets_that_agree_or_add_to_one_another_are_no_matter(cast, now):
    enter(cast, now, {"TEMP": "38.6", "HR": "104"})
    enter(cast, now - MINUTE, {"TEMP": "38.6", "RESP": "20"}, by=cast.okafor)
    assert unsettled(cast.cycle, SLOT) == []


def test_both_are_right_and_nobody_is_asked_again(cast, pair):
    saved = flow.settle_sets(**told(cast, pair))
    assert (saved.created, unsettled(cast.cycle, SLOT)) == (True, [])
    assert not Reading.objects.filter(voided=True).exists()
    event = Event.objects.filter(action="sets.settled").get()
    assert (event.actor, event.reason) == ("okafor", "Measured twice")


def test_what_does_not_count_is_struck_out_and_stays_readable(cast, pair):
    wrong = pair[0].readings.get(item="SYSBP")
    flow.settle_sets(**told(cast, pair, strike=[wrong], reason="Wrong device"))
    gone = Reading.objects.get(supersedes=wrong)
    assert (gone.voided, gone.reason, gone.number) == (True, "Wrong device", 86)


def test_the_same_settlement_sent_twice_is_one(cast, pair):
    given = told(cast, pair, strike=[pair[0].readings.get(item="SYSBP")])
    first = flow.settle_sets(**given)
    again = flow.settle_sets(**given)
    assert (again.row, again.created) == (first.row, False)
    assert Settlement.objects.count() == 1


def test_of_two_who_settle_the_second_must_look_again(cast, pair):
    flow.settle_sets(**told(cast, pair))
    with pytest.raises(Refused) as refused:
        flow.settle_sets(**told(cast, pair))
    assert refused.value.sentence == "Somebody has settled this in the meantime."


def test_a_value_of_a_third_set_is_refused(cast, pair, now):
    third = enter(cast, now, FEVER).row.readings.get(item="TEMP")
    with pytest.raises(Refused) as refused:
        flow.settle_sets(**told(cast, pair, strike=[third]))
    assert refused.value.field == "TEMP"
    assert not Settlement.objects.exists()


def test_a_settlement_says_why(cast, pair):
    with pytest.raises(Refused) as refused:
        flow.settle_sets(**told(cast, pair, reason=" "))
    assert refused.value.field == "reason"


@pytest.mark.parametrize("sets", [1, 4])
def test_looking_for_pairs_costs_three_queries(
    cast, now, django_assert_num_queries, sets
):
    for n in range(sets):
        enter(cast, now - 30 * n * MINUTE, LOW)
        enter(cast, now - 30 * n * MINUTE, FEVER, by=cast.okafor)
    with django_assert_num_queries(3):
        assert len(unsettled(cast.cycle, SLOT)) == sets


def test_no_sets_are_no_pair():
    assert twins_of([], SLOT) == []


def test_two_sets_of_another_participant_are_not_here(cast, pair):
    assert twins(cast.cycle, pair[0].pk, pair[0].pk) is None
    assert twins(cast.cycle, pair[0].pk, 0) is None


# The page


@pytest.fixture
def nurse(client, cast, pair):
    client.force_login(cast.reyes)
    return client


def sent(**given):
    whole = {"key": str(uuid4()), "why": "both", "words": ""}
    return whole | dict.fromkeys(("TEMP", "HR", "SYSBP", "DIABP"), "both") | given


def test_the_participants_page_leads_to_the_comparison(nurse, pair):
    page = nurse.get("/participants/02-014/").content.decode()
    assert "4 values differ; both are kept." in page
    assert path(pair) in page
    nurse.post(path(pair), sent())
    assert "both are kept." not in nurse.get("/participants/02-014/").content.decode()


def test_field_by_field_the_page_keeps_one_value(nurse, pair):
    answer = nurse.post(path(pair), sent(SYSBP="second", why="wrong_device"))
    assert answer.status_code == 302
    standing = Reading.objects.current().filter(item="SYSBP")
    assert [one.observation for one in standing] == [pair[1]]
    page = nurse.get(path(pair)).content.decode()
    assert "by A. Reyes, RN: Read from the wrong device" in page


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"why": ""}, "Choose why."),
        ({"why": "other"}, "Say why in your own words."),
        ({"SYSBP": "first"}, "A value is left out: choose why it is wrong."),
        ({"why": "typing"}, "Both values stand: say that both are right."),
        ({"SYSBP": ""}, "Choose which value counts."),
    ],
)
def test_a_settlement_that_lacks_something_says_what(nurse, pair, given, sentence):
    answer = nurse.post(path(pair), sent(**given))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Settlement.objects.exists()


@pytest.mark.parametrize(
    ("name", "status"), [("lindqvist", 404), ("moreau", 403), ("okafor", 200)]
)
def test_who_may_compare(client, cast, pair, name, status):
    client.force_login(cast.people[name])
    assert client.get(path(pair)).status_code == status
