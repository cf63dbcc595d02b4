"""Two at the same moment: the database lets one in, and nothing is lost or doubled."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from monitor import clock, flow, sweeping
from monitor.bedside.models import Observation
from monitor.episodes.models import CycleState, Episode, Step
from monitor.notices import actions
from monitor.notices.models import Delivery, Notice
from monitor.review import predose
from tests.acts import LOW, WELL, enter
from tests.cast import CYCLE_OPENED, assemble, open_cycle


@pytest.fixture
def ward(transactional_db, now):
    return assemble()


def at_once(*acts):
    """Run the acts in threads that start together; whatever they raised."""
    gate, raised = threading.Barrier(len(acts)), []

    def run(act):
        try:
            gate.wait()
            act()
        except Exception as fault:
            raised.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


@pytest.mark.requirement("I4.1")
def test_the_same_form_sent_twice_at_once_is_one_set(ward, now):
    key = uuid4()
    send = lambda: enter(ward, now, LOW, key=key)  # noqa: E731
    assert at_once(send, send, send) == []
    assert Observation.objects.count() == 1
    assert Episode.objects.count() == 1
    assert Notice.objects.count() == 1


@pytest.mark.requirement("I7.4")
def test_two_nurses_at_one_bed_lose_nothing(ward, now):
    earlier = now - timedelta(minutes=5)
    raised = at_once(lambda: enter(ward, now, LOW), lambda: enter(ward, earlier, WELL))
    assert raised == []
    assert Observation.objects.count() == 2
    state = CycleState.objects.get()
    assert state.is_current
    shown = Step.objects.filter(withdraws__isnull=True, withdrawn_by__isnull=True)
    assert {step.level for step in shown} == {"warning"}


def test_two_workers_deliver_a_notice_once(ward, now):
    enter(ward, now, LOW)
    deliver = lambda: actions.deliver_due(now)  # noqa: E731
    assert at_once(deliver, deliver, deliver) == []
    assert Notice.objects.get().state == "delivered"
    people = [one.user_id for one in Delivery.objects.all()]
    assert len(people) == len(set(people)) == 2


def test_a_sweep_and_a_save_do_not_lock_each_other_out(ward, now):
    enter(ward, now, WELL)
    raised = at_once(
        lambda: flow.sweep(now + timedelta(days=1)),
        lambda: enter(ward, now, {"TEMP": "38.4"}),
        lambda: flow.sweep(now + timedelta(days=1)),
    )
    assert raised == []
    assert CycleState.objects.get().is_current


def test_a_check_before_a_dose_that_a_sweep_makes_keeps_nobody_from_writing(
    ward, now, monkeypatch
):
    enter(ward, now, WELL)
    held, check = [], predose.check_of

    def watched(*told):
        held.append(connection.in_atomic_block)
        return check(*told)

    monkeypatch.setattr(predose, "check_of", watched)
    flow.sweep(ward.next_dose.planned_at - timedelta(minutes=30))
    assert set(held) == {False}


def test_between_two_cycles_of_a_sweep_somebody_else_may_write(ward, now, monkeypatch):
    enter(ward, now, WELL)
    with clock.freeze(CYCLE_OPENED):
        other = open_cycle(ward, "02-015")
    enter(ward, now, WELL, cycle=other)
    pauses = []
    monkeypatch.setattr(sweeping.time, "sleep", pauses.append)
    swept = flow.sweep(now + timedelta(days=1))
    gap = [sweeping.GIVE_WAY] if connection.vendor == "sqlite" else []
    assert (swept.assessed, pauses) == (2, gap)
