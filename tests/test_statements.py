"""What a save asks of the database: the same, however much came before."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitor import clock, flow
from monitor.audit.models import Event
from monitor.bedside import actions as bedside
from monitor.bedside.models import Observation
from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import Episode
from monitor.notices import actions as notices
from monitor.notices.models import Notice
from tests.acts import FEVER, LOW, WELL, baseline, enter_at, readings
from tests.bedside.test_observe_page import PAGE, a_set
from tests.cast import CYCLE_OPENED, open_cycle

#: BEGIN and COMMIT are among them, and so is who is signed in and what they may.
AT_MOST = 20
#: An episode, its step, a notice and its timers are written and looked for.
TO_TELL = 6
#: The cycle before is read on and answered too, while an episode of it is open.
TO_GO_ON = 16
#: All that stood before is heeded at once.
TO_HEED = 1
HOUR = timedelta(hours=1)


@pytest.fixture
def nurse(client, cast):
    """At work already, in a cycle that has its answer: that is made once."""
    flow.assess_cycle(cycle=cast.cycle)
    client.force_login(cast.reyes)
    client.get(PAGE)  # That the person is at work is noted once a minute at most.
    return client


def statements(nurse, **typed) -> int:
    with CaptureQueriesContext(connection) as asked:
        answer = nurse.post(PAGE, a_set(**typed))
    assert answer.status_code == 302
    return len(asked)


def earlier_cycles(cast, sets: int, typed=WELL) -> None:
    """02-014 was in a cycle before; now comes the second, on the same day."""
    for at in range(sets):
        moment = CYCLE_OPENED + at * HOUR / 4
        with clock.freeze(max(moment, CYCLE_OPENED) + HOUR):
            bedside.record_observation(
                cycle=cast.cycle,
                observed_at=moment,
                readings=readings(typed),
                by=cast.reyes,
                key=uuid4(),
            )
    flow.assess_cycle(cycle=cast.cycle)
    cast.cycle = open_cycle(cast, "02-014", 2)
    flow.assess_cycle(cycle=cast.cycle)


def same_cycle(cast, sets: int) -> None:
    for at in range(sets):
        enter_at(cast, CYCLE_OPENED + at * HOUR, WELL)


def treated(cast) -> None:
    for code, amount, unit in (
        ("norepinephrine", 0.05, "ug/kg/min"),
        ("vasopressin", 0.02, "[U]/min"),
    ):
        flow.log_treatment(
            cycle=cast.cycle,
            code=code,
            form="rate",
            amount=amount,
            unit=unit,
            at=clock.now() - HOUR,
            by=cast.reyes,
            key=uuid4(),
        )


HISTORIES = {
    "none": lambda cast: None,
    "a baseline": baseline,
    "one set": lambda cast: same_cycle(cast, 1),
    "twenty sets": lambda cast: same_cycle(cast, 20),
    "five sets in an earlier cycle": lambda cast: earlier_cycles(cast, 5),
    "sixty sets in an earlier cycle": lambda cast: earlier_cycles(cast, 60),
}


@pytest.mark.requirement("I4.3")
@pytest.mark.parametrize("history", HISTORIES)
def test_a_save_takes_twenty_statements_whatever_came_before(nurse, cast, history):
    HISTORIES[history](cast)
    statements(nurse, at="19 Nov 14:10")
    assert statements(nurse) == AT_MOST


@pytest.mark.parametrize("sets", [5, 60])
def test_an_open_episode_of_the_cycle_before_takes_the_same_however_long(
    nurse, cast, sets
):
    earlier_cycles(cast, sets, FEVER)
    statements(nurse, at="19 Nov 14:10")
    assert statements(nurse) == AT_MOST + TO_GO_ON


def test_a_save_beside_running_vasopressors_takes_no_more(nurse, cast):
    treated(cast)
    statements(nurse, at="19 Nov 14:10")
    assert statements(nurse) == AT_MOST


@pytest.mark.parametrize("history", ["none", "twenty sets"])
def test_what_opens_an_episode_is_told_in_a_few_more(nurse, cast, history):
    HISTORIES[history](cast)
    before = Episode.objects.count(), Notice.objects.count()
    assert statements(nurse, BP="84/40", TEMP="39.1") == AT_MOST + TO_TELL
    assert Episode.objects.count() > before[0]
    assert Notice.objects.count() == before[1] + 1


def test_a_recheck_is_noted_once_for_each_notice_that_it_heeds(nurse, cast):
    enter_at(cast, clock.now() - HOUR, LOW)
    assert statements(nurse, at="19 Nov 14:10") == AT_MOST + TO_HEED
    assert statements(nurse, at="19 Nov 14:22") == AT_MOST


@pytest.mark.parametrize("before", [1, 4])
def test_a_new_notice_takes_over_from_those_before_it_at_one_price(nurse, cast, before):
    with clock.freeze(clock.now() - 3 * HOUR):
        for number in range(before):
            notices.queue(
                participant=cast.cycle.participant,
                kind=Notice.Kind.LEVEL,
                level="warning",
                policy=protocol_of(cast.cycle).policies["warning"],
                lines=["Low pressure"],
                path="/",
                happened_at=clock.now(),
                key=f"before {number}",
            )
    assert statements(nurse, BP="84/40", TEMP="39.1") == AT_MOST + TO_TELL + TO_HEED


def test_the_trail_tells_of_a_save_in_the_order_in_which_it_went(nurse, cast):
    statements(nurse, BP="84/40", TEMP="39.1")
    last = [event.action for event in Event.objects.order_by("-sequence")[:2]]
    assert last == ["episode.opened", "observation.recorded"]


def test_a_set_sent_twice_is_one_set_though_nobody_looked_for_it(nurse, cast):
    sent = a_set()
    nurse.post(PAGE, sent)
    events = Event.objects.count()
    assert nurse.post(PAGE, sent).status_code == 302
    assert Observation.objects.count() == 1
    assert Event.objects.count() == events
