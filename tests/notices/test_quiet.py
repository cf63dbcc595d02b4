"""Quiet by design: what does not interrupt, and what always does.

Beside these: one interruption in 15 minutes, snoozes and who typed it are in
`test_escalation.py`; what is late in `test_telling.py`, what is not assessed in
`tests/test_flow.py`.
"""

from datetime import timedelta

import pytest

from monitor import clock, flow
from monitor.episodes.models import CycleState, Episode
from monitor.notices import actions, lateness, queries
from monitor.notices.models import Attempt, Notice
from monitor.review import queries as reviews
from monitor.trials import actions as trials
from tests.acts import FEVER, LOW, WELL, baseline, enter, enter_at
from tests.cast import CYCLE_OPENED, GIVEN, PROTOCOL, plan
from tests.notices.told import (
    MINUTE,
    SECOND,
    deliver,
    logged,
    paged,
    policy,
    put,
    telling,
    told_to,
)

DANGER = {**LOW, "SYSBP": "76", "DIABP": "40"}
RACING = {**FEVER, "HR": "152"}
#: Four hours and a half after its dose a fever below 40 is expected.
EXPECTED = {"on": True, "fever": {"from_hours": 1, "to_hours": 8, "below": 40.0}}


def levels():
    found = Notice.objects.filter(kind="level").order_by("pk")
    return [one.level for one in found]


def test_one_notice_per_participant_and_instant_lists_all_that_changed(cast, now):
    baseline(cast)
    enter(cast, now, {**LOW, "ICE": "2"})
    families = Episode.objects.order_by("family").values_list("family", flat=True)
    assert list(families) == ["crs", "organ"]
    notice = Notice.objects.get()
    assert len(notice.lines) == 2


def test_there_is_one_more_for_each_worsening_and_none_between(cast, now):
    baseline(cast)
    start = now - 50 * MINUTE
    for minutes, typed in ((0, FEVER), (10, FEVER), (20, DANGER), (30, DANGER)):
        enter_at(cast, start + minutes * MINUTE, typed)
    assert levels() == ["warning", "critical"]


def test_a_past_that_is_over_waits_in_the_queue_and_wakes_nobody(cast, now):
    baseline(cast)
    enter(cast, now, WELL)
    enter(cast, now - timedelta(hours=3), LOW)
    deliver(now)
    assert levels() == []
    assert Attempt.objects.count() == 0
    assert reviews.waiting(cast.okafor) == 1


def test_a_past_that_still_is_so_is_told(cast, now):
    baseline(cast)
    enter(cast, now - timedelta(hours=1), LOW)
    assert levels() == ["warning"]


# What re-opens, even if it was acknowledged


def taken_then(cast, now, first, *more):
    """Okafor takes what `first` told; then these sets follow, 20 minutes apart."""
    baseline(cast)
    enter(cast, now, first)
    deliver(now)
    actions.acknowledge(notice=Notice.objects.get(), by=cast.okafor)
    assert queries.unread(cast.okafor) == 0
    for number, typed in enumerate(more, start=1):
        at = now + 20 * number * MINUTE
        with clock.freeze(at):
            enter(cast, at, typed)
        deliver(at)


def newest():
    return Notice.objects.filter(kind="level").latest("pk")


@pytest.mark.requirement("I6.2")
@pytest.mark.parametrize(
    ("first", "then", "level"),
    [
        (FEVER, DANGER, "critical"),  # A rise of the level.
        (FEVER, LOW, "warning"),  # Of the grade alone, from 1 to 2.
        (DANGER, {**DANGER, "OXYSAT": "88"}, "critical"),  # A new danger sign alone.
    ],
)
def test_whatever_is_worse_opens_again_what_was_acknowledged(
    cast, now, first, then, level
):
    taken_then(cast, now, first, then)
    assert levels()[1:] == [level]
    assert paged(newest()) != []
    assert newest().answered_at is None
    assert queries.unread(cast.okafor) == 1


@pytest.mark.parametrize(
    ("first", "then"), [(FEVER, LOW), (DANGER, {**DANGER, "OXYSAT": "88"})]
)
def test_a_snooze_ends_at_once_when_the_grade_rises_or_a_danger_sign_is_new(
    cast, now, first, then
):
    baseline(cast)
    enter(cast, now, first)
    deliver(now)
    asleep = Notice.objects.get()
    until = now + 15 * MINUTE
    actions.snooze(notice=asleep, by=cast.okafor, until=until, reason="at the bedside")
    assert list(queries.snoozed([asleep])) == [asleep.pk]
    at = now + MINUTE
    with clock.freeze(at):
        enter(cast, at, then)
        assert queries.snoozed([asleep]) == {}
    deliver(at)
    assert newest().pk != asleep.pk
    assert (0, "okafor") in paged(newest())
    assert queries.unread(cast.okafor) == 2
    deliver(until)
    assert logged(asleep, "resumed") == []


def test_the_same_again_opens_nothing(cast, now):
    taken_then(cast, now, DANGER, DANGER)
    assert levels() == ["critical"]
    assert queries.unread(cast.okafor) == 0


def test_a_new_danger_sign_says_by_which_value(cast, now):
    taken_then(cast, now, DANGER, {**DANGER, "OXYSAT": "88"})
    assert "88" in newest().lines[0]
    assert set(newest().signs) - set(Notice.objects.earliest("pk").signs) == {
        "spo2_below_92_on_air",
        "spo2_below_90_on_air",
    }


@pytest.mark.parametrize(("minutes", "told"), [(119, 0), (121, 1)])
def test_a_sign_that_comes_and_goes_is_news_once_in_the_time_it_clears(
    cast, now, minutes, told
):
    bad = {**RACING, "OXYSAT": "88"}
    taken_then(cast, now, bad, RACING)
    at = now + minutes * MINUTE
    with clock.freeze(at):
        enter(cast, at, bad)
    assert len(levels()) - 1 == told


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (DANGER, {**DANGER, "OXYSAT": "88"}),  # A new danger sign at the same level.
        (FEVER, LOW),  # A higher grade at the same level.
    ],
)
def test_what_is_worse_at_the_same_level_interrupts_at_once_though_told_just_now(
    cast, now, first, then
):
    """B5: a rise of the grade, or a new danger sign, as the new level."""
    baseline(cast)
    enter(cast, now, first)
    deliver(now)
    actions.acknowledge(notice=newest(), by=cast.okafor)
    told, at = newest(), now + 5 * MINUTE
    with clock.freeze(at):
        enter(cast, at, then)
    deliver(at)
    assert newest().pk != told.pk
    assert (0, "okafor") in paged(newest())
    assert logged(newest(), "quiet") == []


def test_the_grade_and_the_topics_stand_on_the_notice(cast, now):
    baseline(cast)
    enter(cast, now, LOW)
    assert (newest().grade, newest().topics) == (2, ["crs/crs"])


# Every kind of notice


def overdue_after(cast, now, minutes):
    """Something is late: its page falls so long after the page of a warning."""
    put(cast, now, policy=policy("warning"))
    deliver(now)
    at = now + minutes * MINUTE
    with clock.freeze(at):
        return put(
            cast,
            at,
            "late",
            kind="overdue",
            level="",
            policy=telling("investigator", how="page"),
        )


@pytest.mark.parametrize("kind", ["overdue", "not_assessed", "pre_dose", "report"])
def test_no_kind_of_notice_interrupts_a_person_twice_in_15_minutes(cast, now, kind):
    late = overdue_after(cast, now, 5)
    Notice.objects.filter(pk=late.pk).update(kind=kind)
    deliver(now + 5 * MINUTE)
    assert (paged(late), logged(late, "quiet")) == ([], [("quiet", "okafor")])
    assert told_to(late) == ["okafor"]


def test_who_was_held_back_is_paged_when_the_quiet_time_is_over(cast, now):
    late = overdue_after(cast, now, 5)
    deliver(now + 5 * MINUTE)
    actions.acknowledge(notice=Notice.objects.get(key="one"), by=cast.okafor)
    deliver(now + 15 * MINUTE - SECOND)
    assert paged(late) == []
    deliver(now + 15 * MINUTE)
    assert paged(late) == [(10, "okafor")]


def test_who_was_held_back_and_answers_is_not_paged_any_more(cast, now):
    late = overdue_after(cast, now, 5)
    deliver(now + 5 * MINUTE)
    actions.acknowledge(notice=late, by=cast.okafor)
    deliver(now + 15 * MINUTE)
    assert paged(late) == []


def test_who_is_interrupted_again_meanwhile_waits_for_the_end_of_that(cast, now):
    late = overdue_after(cast, now, 5)
    deliver(now + 5 * MINUTE)
    actions.acknowledge(notice=Notice.objects.get(key="one"), by=cast.okafor)
    with clock.freeze(now + 10 * MINUTE):
        graver = {"level": "critical", "policy": telling("investigator", how="page")}
        put(cast, now, "worse", **graver)
    deliver(now + 10 * MINUTE)
    deliver(now + 15 * MINUTE)
    assert paged(late) == []
    deliver(now + 25 * MINUTE)
    assert paged(late) == [(20, "okafor")]


def test_a_later_step_is_held_back_from_who_was_told_of_something_else(cast, now):
    """The investigator's step falls ten minutes after the page of a warning."""
    with clock.freeze(now):
        late = put(
            cast,
            now,
            "late",
            kind="overdue",
            level="warning",
            policy=policy("overdue_after_dose"),
        )
    deliver(now + 10 * MINUTE)
    with clock.freeze(now + 12 * MINUTE):
        put(cast, clock.now(), policy=policy("warning"))
    deliver(now + 12 * MINUTE)
    deliver(now + 20 * MINUTE)
    assert paged(late) == [(10, "reyes")]
    assert logged(late, "quiet") == [("quiet", "okafor")]


# After a pause


def test_steps_that_came_due_during_a_pause_are_one_message_to_each(cast, now):
    notice = put(cast, now, policy=policy("warning"))
    deliver(now + 50 * MINUTE)
    assert paged(notice) == [(50, "okafor")]
    assert logged(notice, "merged") == [("merged", "")]
    deliver(now + 65 * MINUTE)  # The last step is repeated from there.
    assert paged(notice) == [(50, "okafor"), (65, "okafor")]


# What is over


def resolved(cast, now):
    """Okafor was paged of a low pressure; every set since was well, for five hours."""
    baseline(cast)
    enter(cast, now, LOW)
    deliver(now)
    for hours in range(1, 6):
        at = now + timedelta(hours=hours)
        with clock.freeze(at):
            enter(cast, at, WELL)
            flow.sweep(at)
    return at


def test_a_notice_of_what_has_resolved_is_over_and_says_why(cast, now):
    at = resolved(cast, now)
    assert newest().ended_at == at
    (line,) = newest().attempts.filter(outcome="ended")
    assert line.answer == "what it told of is below a warning, or resolved"
    interruptions = paged(newest())
    deliver(at + timedelta(hours=5))
    assert paged(newest()) == interruptions
    assert queries.unread(cast.okafor) == 0


def test_what_comes_back_after_that_is_told_anew(cast, now):
    at = resolved(cast, now) + 20 * MINUTE
    with clock.freeze(at):
        enter(cast, at, LOW)
    deliver(at)
    assert levels() == ["warning", "warning"]
    assert (0, "okafor") in paged(newest())


def test_a_notice_of_a_level_that_stands_goes_on(cast, now):
    baseline(cast)
    enter(cast, now, LOW)
    flow.sweep(now)
    assert newest().ended_at is None


def test_what_is_not_assessed_as_it_stands_ends_no_notice(cast, now):
    baseline(cast)
    enter(cast, now, LOW)
    state = CycleState.objects.get(cycle=cast.cycle)
    for line in state.brief["lines"]:
        line["level"] = "clear"
    cast.cycle.state = state
    state.failed_at = now
    assert lateness.level_over([cast.cycle], now) == 0
    state.failed_at = None
    assert lateness.level_over([cast.cycle], now) == 1


def test_what_was_due_when_a_graver_notice_came_is_told_once_more_and_then_with_it(
    cast, now
):
    told = {"level": "critical", "policy": policy("critical")}
    first = put(cast, now, "first", **told)
    for minutes in (0, 5, 10, 15):
        deliver(now + minutes * MINUTE)
    at = now + 20 * MINUTE
    with clock.freeze(at):
        second = put(cast, at, "second", **told)
    for minutes in (20, 25, 30):
        deliver(now + minutes * MINUTE)
    assert (20, "okafor") in paged(first)
    assert [one for one in paged(first) if one[0] > 20] == []
    assert {minutes for minutes, _who in paged(second)} >= {5, 10}


def topics(cast, levels):
    """An answer that stands for the cycle: these topics at these levels."""
    state = CycleState.objects.get(cycle=cast.cycle)
    state.brief["lines"] = [
        {"family": name.split("/")[0], "topic": name.split("/")[1], "level": level}
        for name, level in levels.items()
    ]
    cast.cycle.state = state
    return [cast.cycle]


def test_what_took_over_is_not_over_before_all_that_it_is_told_for(cast, now):
    baseline(cast)
    fever = put(cast, now, "fever", topics=["crs/crs"], policy=policy("warning"))
    deliver(now)
    at = now + 10 * MINUTE
    with clock.freeze(at):
        liver = put(cast, at, "liver", topics=["organ/liver"], policy=policy("warning"))
        stands = topics(cast, {"crs/crs": "warning", "organ/liver": "clear"})
        assert lateness.level_over(stands, at) == 0
    deliver(now + 15 * MINUTE)
    assert (paged(fever), paged(liver)) == ([(0, "okafor")], [(5, "okafor")])
    over = topics(cast, {"crs/crs": "clear", "organ/liver": "clear"})
    assert lateness.level_over(over, at) == 2


@pytest.mark.parametrize(("key", "over"), [("level:{}:a", 1), ("level:0{}:a", 0)])
def test_a_topic_that_a_clear_answer_leaves_out_has_come_down_in_its_own_cycle(
    cast, now, key, over
):
    baseline(cast)
    put(cast, now, key.format(cast.cycle.pk), topics=["organ/liver"])
    assert lateness.level_over(topics(cast, {"crs/crs": "watch"}), now) == over


def test_who_does_not_say_what_it_told_of_stays_until_it_is_answered(cast, now):
    baseline(cast)
    put(cast, now)
    second = put(cast, now, "two", topics=["crs/crs"])
    assert second.topics == []
    assert lateness.level_over(topics(cast, {"crs/crs": "clear"}), now) == 0


# Expected windows


@pytest.fixture
def expecting(cast):
    """02-015 had a dose like 02-014, in a protocol that expects a fever after it."""
    with clock.freeze(CYCLE_OPENED):
        document = PROTOCOL | {"version": "2.0", "expected": EXPECTED}
        draft = trials.draft_protocol(
            trial=cast.trial, number="2.0", document=document, by=cast.vance
        )
        cycle = trials.open_cycle(
            participant=cast.participants["02-015"],
            number=1,
            protocol=trials.approve_protocol(protocol=draft, by=cast.vance),
            by=cast.okafor,
        )
        dose = plan(cycle, 1, GIVEN, cast.okafor)
    with clock.freeze(GIVEN):
        trials.record_dose(dose=dose, status="given", given_at=GIVEN, by=cast.reyes)
    cast.dose = dose
    return cycle


def test_an_expected_fever_is_on_the_board_and_pages_nobody(cast, now, expecting):
    enter_at(cast, GIVEN - 35 * MINUTE, WELL, cycle=expecting)
    enter(cast, now, FEVER, cycle=expecting)
    assert levels() == []
    assert CycleState.objects.get(cycle=expecting).level == "watch"


def test_the_same_fever_where_none_is_expected_is_told(cast, now):
    baseline(cast)
    enter(cast, now, FEVER)
    assert levels() == ["warning"]


def test_no_expected_window_hides_a_danger_sign(cast, now, expecting):
    enter_at(cast, GIVEN - 35 * MINUTE, WELL, cycle=expecting)
    enter_at(cast, now - 20 * MINUTE, FEVER, cycle=expecting)
    enter(cast, now, DANGER, cycle=expecting)
    deliver(now)
    assert levels() == ["critical"]
    paged = Attempt.objects.filter(interrupts=True).order_by("user__username")
    assert [one.user.username for one in paged] == ["iyer", "okafor"]
