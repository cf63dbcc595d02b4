"""Where the next dose stands on the board: checked when, for how long, decided."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.utils.html import strip_tags

from monitor import clock, dosed, flow
from monitor.episodes import queries
from monitor.episodes.current import brief_of, current_cycles
from monitor.episodes.due import standing_of
from monitor.episodes.models import CycleState
from monitor.episodes.shapes import Hold
from monitor.review import predose
from monitor.templatetags.hold_ui import found_words, hold_words
from tests.acts import LOW, WELL, baseline, enter, enter_at
from tests.cast import PASSWORD, plan

MINUTE = timedelta(minutes=1)


def hold(cast):
    return queries.board(cast.reyes).rows[0].hold


def said(cast) -> str:
    row = queries.board(cast.reyes).rows[0]
    return strip_tags(hold_words(row, cast.boston))


def test_a_dose_that_nobody_has_checked_says_so(cast, now):
    baseline(cast)
    assert hold(cast).at is None
    assert said(cast) == "Dose 2 Fri 10:05: not checked yet"


def test_the_sweep_checks_a_dose_that_is_near(cast, now):
    enter_at(cast, now - 8 * MINUTE, LOW)
    flow.sweep(now)
    found = hold(cast)
    assert (found.at, found.old) == (now, False)
    assert len(found.met) > 1
    assert f"{len(found.met)} criteria met" in said(cast)
    assert said(cast).endswith("(checked 14:30)")


def test_what_is_recorded_later_makes_the_check_old_until_the_next_sweep(cast, now):
    enter(cast, now - 10 * MINUTE, WELL)
    flow.sweep(now - 10 * MINUTE)
    assert not hold(cast).old
    enter(cast, now, LOW)
    assert hold(cast).old
    assert said(cast).endswith("(checked 14:20, out of date)")
    flow.sweep(now)
    assert (hold(cast).old, hold(cast).at) == (False, now)


def test_a_check_is_old_from_the_moment_at_which_its_first_value_lapses(cast, now):
    enter(cast, now, WELL)
    flow.sweep(now)
    until = CycleState.objects.get(cycle=cast.cycle).hold["until"]
    lapses = datetime.fromisoformat(until)
    for at, old in ((lapses - MINUTE, False), (lapses, True), (lapses + MINUTE, True)):
        row = queries.board(cast.reyes, now=at).rows[0]
        assert row.hold.old is old


def test_a_sweep_checks_nothing_twice(cast, now, monkeypatch):
    enter(cast, now, WELL)
    flow.sweep(now)
    asked = []
    monkeypatch.setattr(dosed, "keep_check", lambda *told: asked.append(told))
    flow.sweep(now + MINUTE)
    assert asked == []


def test_a_check_that_fails_is_no_check_and_is_not_tried_at_every_sweep(
    cast, now, monkeypatch
):
    def broken(*_told, **_more):
        raise RuntimeError("planted")

    enter(cast, now, WELL)
    monkeypatch.setattr("monitor.review.predose.check_of", broken)
    flow.sweep(now)
    assert said(cast).endswith("not checked yet")
    monkeypatch.undo()
    flow.sweep(now + MINUTE)
    assert hold(cast).at is None


def test_what_a_person_decided_stands_before_what_was_found(cast, now):
    enter(cast, now, WELL)
    flow.sweep(now)
    told = predose.kept(predose.check_of(cast.cycle, cast.next_dose.agent))
    flow.decide_dose(
        dose=cast.next_dose,
        by=cast.okafor,
        password=PASSWORD,
        choice="hold",
        reason="Fever overnight.",
        seen=predose.seen(told),
        key=uuid4(),
    )
    assert said(cast) == "Dose 2 Fri 10:05: decided: hold"
    flow.sweep(now + MINUTE)
    assert hold(cast).decision == "hold"


def test_what_a_value_met_that_is_too_old_is_counted_on_the_board():
    told = Hold(met=("Fever hold",), lapsed=2, unknown=8, stale=5)
    assert found_words(told) == (
        "1 criterion met, 2 met by their last value, which is too old; "
        "8 unknown, 5 stale"
    )


def test_the_board_keeps_how_much_was_met_by_a_value_that_is_too_old(cast, now):
    baseline(cast)
    enter(cast, now, LOW)
    later = now + 40 * MINUTE
    with clock.freeze(later):
        flow.sweep(later)
        assert hold(cast).lapsed == 1


def awaited(cast) -> datetime | None:
    """The next dose that the schedule asks a set and a check for."""
    (cycle,) = current_cycles(cast.reyes)
    return standing_of(cycle, brief_of(cycle), clock.now()).next_dose


def discontinue(cast) -> None:
    told = predose.kept(predose.check_of(cast.cycle, cast.next_dose.agent))
    flow.decide_dose(
        dose=cast.next_dose,
        by=cast.okafor,
        password=PASSWORD,
        choice="discontinue",
        reason="Toxicity.",
        seen=predose.seen(told),
        key=uuid4(),
    )


def test_an_agent_that_was_discontinued_asks_for_no_check_and_no_set(cast, now):
    later = plan(cast.cycle, 3, cast.next_dose.planned_at + 24 * 60 * MINUTE, cast.chen)
    enter(cast, now, WELL)
    assert awaited(cast) == cast.next_dose.planned_at
    discontinue(cast)
    assert awaited(cast) is None
    for at in (now, now + MINUTE):
        flow.sweep(at)
        assert said(cast) == "Dose 2 Fri 10:05: decided: discontinue"
    flow.record_dose(
        dose=cast.next_dose, status="omitted", by=cast.reyes, reason="Discontinued."
    )
    assert said(cast) == f"Dose {later.number} Sat 10:05: decided: discontinue"


def test_another_agent_is_checked_beside_one_that_was_discontinued(cast, now):
    enter(cast, now, WELL)
    discontinue(cast)
    with clock.freeze(now):
        flow.plan_dose(
            cycle=cast.cycle,
            number=1,
            agent="OTHER",
            planned_at=cast.next_dose.planned_at + 60 * MINUTE,
            amount=1,
            unit="mg",
            by=cast.chen,
        )
    flow.sweep(now)
    assert said(cast).startswith("Dose 1 Fri 11:05: no criterion met")


def test_an_agent_goes_on_once_somebody_decides_so(cast, now):
    enter(cast, now, WELL)
    discontinue(cast)
    with clock.freeze(now + MINUTE):
        told = predose.kept(predose.check_of(cast.cycle, cast.next_dose.agent))
        flow.decide_dose(
            dose=cast.next_dose,
            by=cast.okafor,
            password=PASSWORD,
            choice="hold",
            reason="Discussed again.",
            seen=predose.seen(told),
            key=uuid4(),
        )
    assert said(cast) == "Dose 2 Fri 10:05: decided: hold"
    assert CycleState.objects.get(cycle=cast.cycle).hold["stopped"] == []
