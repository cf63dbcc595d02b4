"""Two at the same moment: the database lets one in, and nothing is lost or doubled."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from monitor import flow
from monitor.bedside.models import Observation
from monitor.episodes.models import CycleState, Episode, Step
from monitor.notices import actions
from monitor.notices.models import Delivery, Notice
from tests.acts import LOW, WELL, enter
from tests.cast import assemble


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
