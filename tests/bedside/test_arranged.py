"""What is agreed about coming sets, and whose they are."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from monitor import arranging, clock, flow
from monitor.bedside import queries
from monitor.bedside.models import Arrangement
from monitor.episodes import queries as episodes
from monitor.episodes.due import due_of, dues_of
from monitor.refusal import Refused
from tests.acts import LOW, WELL, enter
from tests.cast import GIVEN

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def due(cast, now=None):
    state = episodes.state_of(type(cast.cycle).objects.get(pk=cast.cycle.pk))
    return due_of(state.cycle, state.summary, now or clock.now())


def refuse(cast, again, why="refused", **more):
    told = {"cycle": cast.cycle, "by": cast.reyes, "key": uuid4(), **more}
    return arranging.not_taken(why=why, again=again, **told)


def go_home(cast, at):
    told = {"cycle": cast.cycle, "by": cast.reyes, "key": uuid4()}
    return flow.record_fact(code="AT_HOME", at=at, **told)


def plan_call(cast, at, **more):
    told = {"cycle": cast.cycle, "by": cast.reyes, "key": uuid4(), **more}
    return arranging.plan_contact(how="telephone", at=at, **told)


def test_the_set_is_due_from_the_dose_as_given(cast, now):
    enter(cast, now, WELL)  # 4 h 25 after the dose: the slot at 4 h is answered
    assert (due(cast).what, due(cast).at) == ("set", GIVEN + 5 * HOUR)


def test_a_partial_set_stays_due_and_names_what_it_lacks(cast, now):
    enter(cast, now, {item: value for item, value in WELL.items() if item != "ACVPU"})
    assert (due(cast).what, due(cast).at) == ("partial set", GIVEN + 4 * HOUR)
    assert due(cast).why == "lacks ACVPU"


def test_a_refused_set_is_due_again_when_it_was_agreed(cast, now):
    enter(cast, now - HOUR, WELL)
    with clock.freeze(GIVEN + 5 * HOUR + MINUTE):
        refuse(cast, clock.now() + 50 * MINUTE)
        assert due(cast).at == clock.now() + 50 * MINUTE
        assert due(cast).why == "refused, asked again"


def test_a_refusal_cannot_put_a_set_off_for_the_night(cast, now):
    enter(cast, now, WELL)
    with pytest.raises(Refused, match="at most 2 h 00 from now"):
        refuse(cast, now + 121 * MINUTE)
    assert refuse(cast, now + 120 * MINUTE).created


def test_after_a_low_pressure_the_cap_is_half_an_hour(cast, now):
    enter(cast, now, LOW)
    with pytest.raises(Refused, match="at most 30 min from now"):
        refuse(cast, now + 31 * MINUTE)


def test_another_reason_says_what_it_is(cast, now):
    with pytest.raises(Refused, match="Say what the other reason is"):
        refuse(cast, now + 20 * MINUTE, why="other")


def test_a_pause_ends_by_itself_and_no_later_than_the_protocol_says(cast, now):
    told = {"cycle": cast.cycle, "why": "procedure", "by": cast.reyes}
    with pytest.raises(Refused, match="at most 8 h 00 from now"):
        arranging.pause(until=now + 8 * HOUR + MINUTE, key=uuid4(), **told)
    enter(cast, now, WELL)
    arranging.pause(until=now + 8 * HOUR, key=uuid4(), **told)
    assert (due(cast).at, due(cast).why) == (now + 8 * HOUR, "after a pause")


def test_a_pause_that_is_ended_early_holds_nothing_back_after_that(cast, now):
    enter(cast, now, WELL)
    told = {"cycle": cast.cycle, "why": "procedure", "by": cast.reyes}
    paused = arranging.pause(until=now + 8 * HOUR, key=uuid4(), **told).row
    with clock.freeze(now + HOUR):
        arranging.end(arrangement=paused, by=cast.reyes, reason="back from CT")
        assert due(cast).at == now + HOUR  # What the pause held back is due now.


def test_at_home_nothing_is_late_but_the_planned_contact(cast, now):
    enter(cast, now - HOUR, WELL)
    go_home(cast, now)
    with clock.freeze(now + 20 * HOUR):
        assert [one.what for one in dues_of_now(cast)] == ["visit"]
    plan_call(cast, now + 5 * HOUR)
    with clock.freeze(now + 6 * HOUR):
        late = due(cast)
        assert (late.what, late.late) == ("contact", True)


def dues_of_now(cast):
    state = episodes.state_of(type(cast.cycle).objects.get(pk=cast.cycle.pk))
    return dues_of(state.cycle, state.summary, clock.now())


def test_a_telephone_contact_answers_the_planned_one(cast, now):
    go_home(cast, now - HOUR)
    plan_call(cast, now + 2 * HOUR)
    enter(cast, now, {"TEMP": "36.9"}, source="reported")
    assert [one.what for one in dues_of_now(cast)] == ["visit"]


def test_a_contact_that_is_called_off_is_due_no_more(cast, now):
    go_home(cast, now - HOUR)
    planned = plan_call(cast, now + 2 * HOUR).row
    arranging.end(arrangement=planned, by=cast.reyes, reason="comes tomorrow")
    assert [one.what for one in dues_of_now(cast)] == ["visit"]
    assert list(queries.arrangements_of(cast.cycle)) == []


def test_the_same_plan_sent_twice_is_one(cast, now):
    key = uuid4()
    first = plan_call(cast, now + HOUR, key=key)
    again = plan_call(cast, now + HOUR, key=key)
    assert (first.created, again.created) == (True, False)
    assert Arrangement.objects.count() == 1


def test_what_was_arranged_is_never_changed(cast, now):
    row = plan_call(cast, now + HOUR).row
    with pytest.raises(DatabaseError), transaction.atomic():
        Arrangement.objects.filter(pk=row.pk)._raw_delete("default")


@pytest.mark.parametrize("name", ["moreau", "iyer", "novak"])
def test_who_enters_no_sets_arranges_nothing(cast, now, name):
    with pytest.raises(PermissionDenied):
        plan_call(cast, now + HOUR, by=cast.people[name])


# Whose it is


def take(cast, nurse, until, by=None):
    told = {"cycle": cast.cycle, "by": by or nurse, "key": uuid4()}
    return arranging.assign(nurse=nurse, until=until, **told)


def nurse(cast):
    row = queries.nurses_of([cast.cycle]).get(cast.cycle.pk)
    return row and row.nurse


def test_the_nurse_who_was_named_last_is_responsible_until_the_shift_ends(cast, now):
    assert nurse(cast) is None
    take(cast, cast.reyes, now + 5 * HOUR)
    with clock.freeze(now + HOUR):
        take(cast, cast.chen, now + 4 * HOUR, by=cast.reyes)
        assert nurse(cast) == cast.chen
    with clock.freeze(now + 4 * HOUR):
        assert nurse(cast) == cast.reyes
    with clock.freeze(now + 5 * HOUR):
        assert nurse(cast) is None


def test_only_who_enters_sets_at_the_site_can_be_named(cast, now):
    with pytest.raises(Refused, match="does not enter sets"):
        take(cast, cast.lindqvist, now + HOUR, by=cast.reyes)


def test_a_shift_is_no_longer_than_a_day(cast, now):
    with pytest.raises(Refused, match="at most 24 h 00 from now"):
        take(cast, cast.reyes, now + 25 * HOUR)


# The end of study


def test_who_has_left_the_study_has_nothing_due_and_is_on_no_list(cast, now):
    told = {"participant": cast.cycle.participant, "by": cast.okafor, "at": now}
    with pytest.raises(Refused, match="Say why"):
        arranging.leave_study(reason=" ", **told)
    arranging.leave_study(reason="consent withdrawn", **told)
    assert episodes.current_cycles(cast.reyes) == []
    with pytest.raises(Refused, match="has left the study"):
        arranging.leave_study(reason="consent withdrawn", **told)
