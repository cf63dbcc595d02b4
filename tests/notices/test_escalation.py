"""Who is told next, and when, until somebody answers: to the second."""

from datetime import timedelta

import pytest

from monitor import clock, flow
from monitor.clinical.study.escalation import Policy, PolicyStep
from monitor.notices import actions, queries
from monitor.notices.actions.firing import claim
from monitor.notices.models import Acknowledgement, Notice
from monitor.notices.replacing import replaced
from monitor.refusal import Refused
from monitor.trials.models import Role
from tests.acts import LOW, WELL, baseline, enter
from tests.cast import hire
from tests.notices.told import (
    MINUTE,
    SECOND,
    agreed,
    deliver,
    logged,
    paged,
    policy,
    put,
    telling,
    told_to,
)


@pytest.fixture
def rota(cast):
    """Boston's rota for a day: each duty with a person of its own."""
    hire(cast, "ito", "K. Ito, MD", Role.INVESTIGATOR, cast.boston)
    hire(cast, "haas", "P. Haas, MD", Role.INVESTIGATOR, cast.boston)
    for duty, name in (
        ("nurse_in_charge", "reyes"),
        ("investigator_on_call", "okafor"),
        ("backup", "ito"),
        ("principal_investigator", "haas"),
    ):
        on_call(cast, duty, name)
    return cast


def on_call(cast, duty, name, hours=24):
    now = clock.now()
    return agreed(
        actions.plan_shift,
        site=cast.boston,
        duty=duty,
        user=getattr(cast, name),
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=hours),
        by=cast.chen,
    )[0]


def run(now, minutes):
    """The sweep at these minutes, each a second early and then on time."""
    for minute in minutes:
        deliver(now + minute * MINUTE - SECOND)
        deliver(now + minute * MINUTE)


@pytest.mark.requirement("I6.2")
def test_a_warning_climbs_over_three_steps_to_the_second(rota, now):
    notice = put(rota, now, policy=policy("warning"))
    deliver(now)
    run(now, (15, 30, 45))
    assert paged(notice) == [
        (0, "okafor"),
        (15, "okafor"),
        (30, "ito"),
        (30, "okafor"),
        (45, "haas"),
    ]
    assert told_to(notice) == ["haas", "ito", "okafor", "reyes"]


def test_a_critical_level_climbs_faster_and_tells_the_safety_physician(rota, now):
    notice = put(rota, now, level="critical", policy=policy("critical"))
    deliver(now)
    run(now, (5, 10, 15))
    assert paged(notice) == [
        (0, "iyer"),
        (0, "okafor"),
        (0, "reyes"),
        (5, "okafor"),
        (5, "reyes"),
        (10, "haas"),
        (10, "ito"),
        (10, "okafor"),
        (15, "haas"),
        (15, "ito"),
    ]


def test_the_last_step_is_repeated_until_the_policy_ends(rota, now):
    notice = put(rota, now, policy=policy("warning"))
    for minute in range(200):
        deliver(now + minute * MINUTE)
    haas = [minute for minute, name in paged(notice) if name == "haas"]
    assert haas == [45, 60, 75, 90, 105]


def test_after_a_pause_each_gets_one_message_and_the_last_step_is_repeated(rota, now):
    notice = put(rota, now, policy=policy("warning"))
    deliver(now)
    deliver(now + 50 * MINUTE)
    deliver(now + 65 * MINUTE)
    assert paged(notice) == [
        (0, "okafor"),
        (50, "haas"),
        (50, "ito"),
        (50, "okafor"),
        (65, "haas"),
    ]
    assert logged(notice, "merged") == [("merged", "")]


def test_an_answer_ends_the_climb(rota, now):
    notice = put(rota, now, policy=policy("warning"))
    deliver(now)
    with clock.freeze(now + 14 * MINUTE):
        actions.acknowledge(notice=notice, by=rota.okafor)
    run(now, (15, 30, 43))
    assert paged(notice) == [(0, "okafor")]


@pytest.mark.requirement("I6.2")
def test_an_acknowledgement_without_action_lapses_to_the_second(rota, now):
    notice = put(rota, now, policy=policy("warning"))
    deliver(now)
    with clock.freeze(now + 10 * MINUTE):
        actions.acknowledge(notice=notice, by=rota.okafor)
    assert queries.unread(rota.reyes) == 0
    deliver(now + 40 * MINUTE - SECOND)
    assert queries.unread(rota.reyes) == 0
    deliver(now + 40 * MINUTE)
    assert queries.unread(rota.reyes) == 1
    run(now, (55,))
    assert paged(notice) == [(0, "okafor"), (40, "okafor"), (55, "okafor")]
    assert logged(notice, "lapsed") == [("lapsed", "")]
    with clock.freeze(now + 56 * MINUTE):  # Once more, and now it is followed up.
        actions.acknowledge(notice=notice, by=rota.okafor)
    assert queries.unread(rota.reyes) == 0


@pytest.mark.parametrize("what", ["recheck", "treatment", "dose", "review"])
def test_an_acknowledgement_that_something_followed_stands(rota, now, what):
    notice = put(rota, now, policy=policy("warning"))
    deliver(now)
    with clock.freeze(now + MINUTE):
        actions.acknowledge(notice=notice, by=rota.okafor)
    with clock.freeze(now + 20 * MINUTE):
        actions.acted(
            participant=notice.participant, what=what, at=clock.now(), by=rota.reyes
        )
    run(now, (31, 60, 120))
    assert paged(notice) == [(0, "okafor")]
    notice.refresh_from_db()
    assert (notice.acted_at is None) is (what == "recheck")


def test_a_set_a_treatment_and_a_review_are_what_follows(rota, now):
    baseline(rota)
    enter(rota, now, LOW)
    notice = Notice.objects.get()
    with clock.freeze(now + MINUTE):
        enter(rota, now + MINUTE, LOW)
        flow.log_treatment(
            cycle=rota.cycle,
            code="fluid_bolus",
            form="amount",
            at=now + MINUTE,
            by=rota.reyes,
            key="6f0c9a4e-2f3b-4a6f-9c11-0e5f5a6e7d5d",
            amount=500.0,
            unit="mL",
        )
    acted = Acknowledgement.objects.filter(notice=notice, kind="acted")
    assert sorted(one.what for one in acted) == ["recheck", "treatment"]


def test_several_must_acknowledge_where_the_protocol_says_so(rota, now):
    both = Policy(
        "warning",
        (PolicyStep(0, ("investigator_on_call", "nurse_in_charge"), "page"),),
        acknowledgements=2,
    )
    notice = put(rota, now, policy=both)
    deliver(now)
    actions.acknowledge(notice=notice, by=rota.okafor)
    actions.acknowledge(notice=notice, by=rota.okafor)
    (row,) = queries.inbox(rota.reyes)
    assert (row.open, row.taken_by) == (True, ["C. Okafor, MD"])
    actions.acknowledge(notice=notice, by=rota.reyes)
    (row,) = queries.inbox(rota.reyes)
    assert not row.open


def test_where_and_from_which_address_is_kept(rota, now):
    notice = put(rota, now, policy=policy("warning"))
    actions.acknowledge(
        notice=notice, by=rota.okafor, via="notice", address="192.0.2.7"
    )
    answer = Acknowledgement.objects.get()
    assert (answer.via, answer.address, answer.at) == ("notice", "192.0.2.7", now)


# Nobody on call


def test_with_nobody_on_call_the_next_step_comes_at_once_and_says_so(rota, now):
    later = now + timedelta(hours=30)  # Every shift is over.
    with clock.freeze(later):
        on_call(rota, "backup", "ito")
        notice = put(rota, later, policy=policy("warning"))
        actions.deliver_due(later)
    assert paged(notice) == [(0, "ito")]
    said = notice.attempts.filter(outcome="nobody").order_by("pk")
    assert [one.answer for one in said] == [
        "Nobody is on call as investigator on call.",
        "Nobody is on call as nurse in charge.",
        "Nobody is on call as investigator on call.",
        "Nobody is on call as investigator on call.",
    ]


def test_with_nobody_on_call_at_all_others_are_raised(rota, now):
    later = now + timedelta(hours=30)
    with clock.freeze(later):
        notice = put(rota, later, policy=policy("warning"))
        actions.deliver_due(later)
    notice.refresh_from_db()
    assert notice.state == "failed"
    raised = Notice.objects.get(kind="undeliverable")
    assert told_to(raised) == ["chen", "haas", "ito", "okafor", "reyes", "vance"]


def test_a_site_without_a_rota_tells_everybody_in_the_role(cast, now):
    hire(cast, "ito", "K. Ito, MD", Role.INVESTIGATOR, cast.boston)
    notice = put(cast, now, policy=policy("warning"))
    deliver(now)
    assert paged(notice) == [(0, "ito"), (0, "okafor")]


def test_an_override_goes_before_the_plan_while_it_lasts(rota, now):
    actions.override(
        site=rota.boston,
        duty="investigator_on_call",
        user=rota.ito,
        starts_at=now,
        ends_at=now + 10 * MINUTE,
        by=rota.okafor,
        reason="in theater",
    )
    notice = put(rota, now, policy=policy("warning"))
    deliver(now)
    run(now, (15,))
    assert paged(notice) == [(0, "ito"), (15, "okafor")]


def test_who_takes_over_is_told_from_then_on(rota, now):
    notice = put(rota, now, policy=policy("warning"))
    deliver(now)
    with clock.freeze(now + 10 * MINUTE):
        actions.hand_over(
            site=rota.boston,
            duty="investigator_on_call",
            to=rota.haas,
            until=now + timedelta(hours=12),
            by=rota.okafor,
            reason="end of shift",
        )
    run(now, (15,))
    assert paged(notice) == [(0, "okafor"), (15, "haas")]


def test_a_named_person_is_told_only_with_a_role_at_the_site(rota, now):
    steps = (PolicyStep(0, ("person:chen", "person:berg", "person:none"), "screen"),)
    notice = put(rota, now, policy=Policy("warning", steps))
    deliver(now)
    assert told_to(notice) == ["chen"]
    assert logged(notice, "nobody") == [("nobody", ""), ("nobody", "")]


# Quiet


def test_more_of_the_same_level_interrupts_nobody_again_within_15_minutes(rota, now):
    first = put(rota, now, policy=policy("warning"))
    deliver(now)
    actions.acknowledge(notice=first, by=rota.okafor)
    at = now + 15 * MINUTE - SECOND
    with clock.freeze(at):
        second = put(rota, at, key="two", policy=policy("warning"))
        actions.deliver_due(at)
    assert paged(second) == []
    assert logged(second, "quiet") == [("quiet", "okafor")]
    assert told_to(second) == ["okafor", "reyes"]


def test_after_15_minutes_it_does(rota, now):
    first = put(rota, now, policy=policy("warning"))
    deliver(now)
    actions.acknowledge(notice=first, by=rota.okafor)
    at = now + 15 * MINUTE
    with clock.freeze(at):
        second = put(rota, at, key="two", policy=policy("warning"))
        actions.deliver_due(at)
    assert paged(second) == [(0, "okafor")]


def test_a_level_that_rises_interrupts_at_once(rota, now):
    first = put(rota, now, policy=policy("warning"))
    deliver(now)
    actions.acknowledge(notice=first, by=rota.okafor)
    with clock.freeze(now + MINUTE):
        at = clock.now()
        second = put(rota, at, key="two", level="critical", policy=policy("critical"))
        actions.deliver_due(at)
    assert [name for _minute, name in paged(second)] == ["iyer", "okafor", "reyes"]


def test_the_clock_of_an_unanswered_warning_goes_on_with_more_news(rota, now):
    first = put(rota, now, policy=policy("warning"))
    deliver(now)
    with clock.freeze(now + 10 * MINUTE):
        second = put(rota, clock.now(), key="two", policy=policy("warning"))
        actions.deliver_due(clock.now())
    run(now, (15, 30, 45))
    assert paged(first) == [(0, "okafor")]
    assert paged(second) == [(5, "okafor"), (20, "ito"), (20, "okafor"), (35, "haas")]


def test_who_takes_the_newest_takes_what_went_before_it(rota, now):
    first = put(rota, now, policy=policy("warning"))
    deliver(now)
    with clock.freeze(now + MINUTE):
        second = put(rota, now, key="two", policy=policy("warning"))
        actions.deliver_due(clock.now())
        actions.acknowledge(notice=second, by=rota.okafor)
    first.refresh_from_db()
    assert first.answered_at == now + MINUTE
    assert queries.unread(rota.okafor) == 0


def test_a_notice_that_was_replaced_leads_to_the_one_that_settles_both(
    rota, now, client
):
    first = put(rota, now, policy=policy("warning"))
    deliver(now)
    with clock.freeze(now + MINUTE):
        second = put(rota, now, key="two", policy=policy("warning"))
        actions.deliver_due(clock.now())
    found = {one.id: one.replaced_by for one in queries.inbox(rota.okafor)}
    assert found == {first.pk: second.pk, second.pk: None}
    client.force_login(rota.okafor)
    page = client.get(f"/notices/{first.pk}/").content.decode()
    assert f"notice {second.pk} has replaced it, and is told on." in page
    assert f'href="/notices/{second.pk}/"' in page
    assert "acknowledge/" not in page
    listed = client.get("/notices/").content.decode()
    assert f"Replaced by notice {second.pk}, which settles it too" in listed
    assert listed.count("/acknowledge/") == 1
    client.post(f"/notices/{second.pk}/acknowledge/", {})
    assert [one.open for one in queries.inbox(rota.okafor)] == [False, False]


def test_who_may_not_read_the_participant_is_led_to_no_other_notice(rota, now):
    for key in ("one", "two"):
        put(rota, now, key=key, policy=telling("administrator"))
    deliver(now)
    assert [one.replaced_by for one in queries.inbox(rota.vance)] == [None, None]


def test_what_was_replaced_is_not_snoozed_but_what_replaced_it(rota, now):
    first = put(rota, now, policy=policy("warning"))
    second = put(rota, now, key="two", policy=policy("warning"))
    told = {"by": rota.okafor, "until": now + MINUTE, "reason": "seen"}
    with pytest.raises(Refused) as refused:
        actions.snooze(notice=first, **told)
    assert refused.value.sentence == (
        f"Notice {second.pk} has replaced this one and is told on: snooze that one."
    )
    assert actions.snooze(notice=second, **told).until == now + MINUTE


def test_a_milder_or_answered_notice_replaces_nothing(rota, now):
    worse = put(rota, now, level="critical", policy=policy("critical"))
    milder = put(rota, now, key="two", policy=policy("warning"))
    assert replaced([worse, milder]) == {}
    third = put(rota, now, key="three", level="critical", policy=policy("critical"))
    assert replaced([worse, milder, third]) == dict.fromkeys(
        (worse.pk, milder.pk), third.pk
    )
    actions.acknowledge(notice=third, by=rota.okafor)
    assert replaced(Notice.objects.all()) == {}


def test_a_milder_notice_takes_nothing_worse_along(rota, now):
    worse = put(rota, now, level="critical", policy=policy("critical"))
    milder = put(rota, now, key="two", policy=policy("warning"))
    deliver(now)
    actions.acknowledge(notice=milder, by=rota.okafor)
    worse.refresh_from_db()
    assert worse.answered_at is None


def test_whoever_typed_it_is_paged_only_if_nobody_answers(rota, now):
    notice = put(rota, now, policy=policy("warning"), spare=rota.okafor)
    deliver(now)
    assert (paged(notice), told_to(notice)) == ([], ["reyes"])
    run(now, (15,))
    assert paged(notice) == [(15, "okafor")]


def test_two_rooms_of_one_instant_are_one_notice(rota, now):
    baseline(rota)
    enter(rota, now, {**LOW, "OXYSAT": "86"})
    notice = Notice.objects.get()
    assert (notice.level, len(notice.lines)) == ("critical", 1)


def test_an_expected_window_hides_no_danger_sign(rota, now):
    baseline(rota)
    enter(rota, now, {**WELL, "TEMP": "40.2", "SYSBP": "76", "DIABP": "40"})
    assert Notice.objects.get().level == "critical"


# Snooze


def test_a_snooze_holds_back_until_its_end_and_then_tells_again(rota, now):
    notice = put(rota, now, policy=policy("warning"))
    deliver(now)
    until = now + 20 * MINUTE
    actions.snooze(notice=notice, by=rota.okafor, until=until, reason="at the bedside")
    (row,) = queries.inbox(rota.okafor)
    assert (row.snooze.until, row.snooze.reason) == (until, "at the bedside")
    run(now, (15, 20, 35))
    assert paged(notice) == [(0, "okafor"), (20, "okafor"), (35, "okafor")]
    with clock.freeze(until):
        assert queries.inbox(rota.okafor)[0].snooze is None


def test_a_rise_is_told_at_once_whatever_is_snoozed(rota, now):
    first = put(rota, now, policy=policy("warning"))
    deliver(now)
    actions.snooze(notice=first, by=rota.okafor, until=now + 30 * MINUTE, reason="seen")
    with clock.freeze(now + 2 * MINUTE):
        at = clock.now()
        second = put(rota, at, key="two", level="critical", policy=policy("critical"))
        actions.deliver_due(at)
    assert [name for _minute, name in paged(second)] == ["iyer", "okafor", "reyes"]
    run(now, (30,))
    assert paged(first) == [(0, "okafor")]  # The newer one has taken over.
    with clock.freeze(now + 3 * MINUTE):
        assert queries.snoozed([first]) == {}


@pytest.mark.parametrize(
    ("minutes", "reason", "field"),
    [(30, " ", "reason"), (0, "seen", "until"), (61, "seen", "until")],
)
def test_a_snooze_needs_a_reason_and_an_end_that_is_near(
    rota, now, minutes, reason, field
):
    notice = put(rota, now, policy=policy("warning"))
    with pytest.raises(Refused) as refused:
        actions.snooze(
            notice=notice,
            by=rota.okafor,
            until=now + minutes * MINUTE,
            reason=reason,
        )
    assert refused.value.field == field


# The clock


def test_timers_follow_a_clock_that_steps_back(rota, now):
    baseline(rota)
    with clock.freeze(now):
        notice = put(rota, now, policy=policy("warning"))
        flow.sweep(now)
    back = now - timedelta(hours=1)
    for seconds in (20, 900, 920):
        with clock.freeze(back + seconds * SECOND):
            flow.sweep(clock.now())
    interrupted = notice.attempts.filter(interrupts=True).order_by("pk")
    # The first sweep after the step came 20 s after it: so much is not known.
    assert [one.at for one in interrupted] == [now, back + 920 * SECOND]
    assert logged(notice, "clock") == [("clock", "")]


def test_a_few_seconds_between_two_machines_are_no_step_back(rota, now):
    put(rota, now, policy=policy("warning"))
    flow.sweep(now)
    assert actions.mind_the_clock(name="sweep", now=now - 59 * SECOND) is None


def test_what_is_written_while_the_clock_is_ahead_follows_it_back(rota, now):
    """No sweep ran meanwhile, so that no heartbeat tells."""
    baseline(rota)
    flow.sweep(now)
    with clock.freeze(now + timedelta(hours=2)):
        notice = put(rota, clock.now(), policy=policy("warning"))
    back = now + 20 * SECOND
    for seconds in (0, 899, 900):
        with clock.freeze(back + seconds * SECOND):
            flow.sweep(clock.now())
    interrupted = notice.attempts.filter(interrupts=True).order_by("pk")
    assert [one.at for one in interrupted] == [back, back + 900 * SECOND]
    assert logged(notice, "clock") == [("clock", "")]


def claim_what_is_due(notice, now, when):
    due = notice.escalations.filter(due_at=now).values_list("pk", flat=True)
    return [claim(one, when) for one in due]


def test_who_claims_while_the_clock_is_ahead_and_dies_holds_nothing_up(rota, now):
    notice = put(rota, now, policy=policy("warning"))
    assert claim_what_is_due(notice, now, now + timedelta(hours=2)) == [True, True]
    assert deliver(now + SECOND) == 2


def test_a_claim_by_a_machine_whose_clock_is_a_little_ahead_holds(rota, now):
    notice = put(rota, now, policy=policy("warning"))
    assert claim_what_is_due(notice, now, now + 59 * SECOND) == [True, True]
    assert deliver(now) == 0
