"""What a change of the rota asks first, and who has a duty before it begins."""

import re
from datetime import timedelta

import pytest

from monitor import clock
from monitor.audit.models import Event
from monitor.notices import actions, duty, rota
from monitor.notices.models import OnCall
from monitor.refusal import Refused
from monitor.trials.models import Role
from tests.cast import hire
from tests.notices.told import SECOND, agreed, deliver, paged, policy, put

HOUR = timedelta(hours=1)
INVESTIGATOR = "investigator_on_call"
BOTH = ["K. Ito, MD", "C. Okafor, MD"]
KEY = "6f0c9a4e-2f3b-4a6f-9c11-0e5f5a6e7d5d"


@pytest.fixture
def ward(cast):
    hire(cast, "ito", "K. Ito, MD", Role.INVESTIGATOR, cast.boston)
    return cast


def times(start, hours):
    return {"starts_at": start, "ends_at": start + hours * HOUR}


def plan(cast, who, start, hours, **more):
    told = {"site": cast.boston, "duty": INVESTIGATOR, "user": who, "by": cast.chen}
    return actions.plan_shift(**told, **times(start, hours), **more)


def planned(cast, who, start, hours, **more):
    """As `plan`, with every question answered with yes."""
    told = {"site": cast.boston, "duty": INVESTIGATOR, "user": who, "by": cast.chen}
    return agreed(actions.plan_shift, **told, **times(start, hours), **more)


def override(cast, who, start, hours, **more):
    told = {"site": cast.boston, "duty": INVESTIGATOR, "user": who, "by": cast.chen}
    return actions.override(**told, **times(start, hours), **{"reason": "ill"} | more)


def hand_over(cast, to, hours, **more):
    told = {"site": cast.boston, "duty": INVESTIGATOR, "to": to, "by": cast.chen}
    return actions.hand_over(
        **told, until=clock.now() + hours * HOUR, reason="end of shift", **more
    )


def row_of(cast):
    (found,) = rota.rotas([cast.boston], clock.now())
    return next(one for one in found.duties if one.duty == INVESTIGATOR)


def on_call(cast, at):
    """By the page and by the notices, which say the same."""
    with clock.freeze(at):
        people = row_of(cast).people
        told = duty.holders(cast.boston, INVESTIGATOR, at)
    assert people == [one.get_full_name() for one in told]
    return people


def asked(verb, *told, **more):
    with pytest.raises(Refused) as refused:
        verb(*told, **more)
    return refused.value.field, refused.value.sentence


# Before the rota begins


def test_a_shift_planned_for_later_takes_the_duty_from_nobody_until_it_begins(
    ward, now
):
    planned(ward, ward.ito, now + 10 * HOUR, 12)
    begins = now + 10 * HOUR
    ends = begins + 12 * HOUR
    found = [on_call(ward, at) for at in (now, begins - SECOND, begins)]
    assert found == [BOTH, BOTH, ["K. Ito, MD"]]
    assert [on_call(ward, at) for at in (ends - SECOND, ends)] == [["K. Ito, MD"], []]


def test_a_notice_before_the_first_shift_pages_everybody_in_the_role(ward, now):
    planned(ward, ward.ito, now + SECOND, 12)
    notice = put(ward, now, policy=policy("warning"))
    deliver(now)
    assert paged(notice) == [(0, "ito"), (0, "okafor")]


def test_a_notice_as_the_first_shift_begins_pages_who_has_it(ward, now):
    planned(ward, ward.ito, now, 12)
    notice = put(ward, now, policy=policy("warning"))
    deliver(now)
    assert paged(notice) == [(0, "ito")]


def test_the_times_without_anybody_begin_with_the_rota(ward, now):
    planned(ward, ward.ito, now + 2 * HOUR, 3)
    start = now + 2 * HOUR
    assert row_of(ward).gaps == [(start + 3 * HOUR, start + rota.AHEAD)]


def test_the_first_shift_struck_everybody_has_the_duty_again(ward, now):
    (first,) = planned(ward, ward.ito, now - HOUR, 12)
    assert on_call(ward, now) == ["K. Ito, MD"]
    actions.strike_shift(shift=first, by=ward.chen, reason="wrong month")
    assert on_call(ward, now) == BOTH


def test_an_override_where_no_rota_is_kept_names_one_while_it_lasts(ward, now):
    override(ward, ward.ito, now, 2)
    ends = now + 2 * HOUR
    assert [on_call(ward, at) for at in (now, ends - SECOND, ends)] == [
        ["K. Ito, MD"],
        ["K. Ito, MD"],
        BOTH,
    ]


def test_an_override_by_who_has_lost_the_role_is_passed_over(ward, now):
    planned(ward, ward.okafor, now, 12)
    override(ward, ward.ito, now, 12)
    assert on_call(ward, now) == ["K. Ito, MD"]
    ward.ito.is_active = False
    ward.ito.save()
    assert on_call(ward, now) == ["C. Okafor, MD"]


# What is asked


def test_the_first_shift_asks_for_the_times_after_it(ward, now):
    field, said = asked(plan, ward, ward.ito, now + HOUR, 3)
    assert (field, said) == (
        "agreed",
        "Nobody would be investigator on call from 19 Nov 18:30 on. "
        "A notice then goes to its next step at once.",
    )
    assert OnCall.objects.count() == 0
    (made,) = plan(ward, ward.ito, now + HOUR, 3, agreed=said)
    assert made.starts_at == now + HOUR


def test_the_trail_keeps_the_question_to_which_somebody_said_yes(ward, now):
    _field, said = asked(plan, ward, ward.ito, now + HOUR, 3)
    plan(ward, ward.ito, now + HOUR, 3, agreed=said)
    plan(ward, ward.ito, now + 6 * HOUR, 3, agreed="whatever one likes")
    first, second = Event.objects.filter(action="rota.planned").order_by("sequence")
    assert [one for one in first.changes if one["field"] == "agreed"] == [
        {"field": "agreed", "old": None, "new": said}
    ]
    assert [one["field"] for one in second.changes] == [
        "duty",
        "user",
        "starts_at",
        "ends_at",
    ]


def test_weekly_shifts_ask_for_the_first_three_times_between_them(ward, now):
    _field, said = asked(plan, ward, ward.ito, now + HOUR, 3, weeks=5)
    assert said.startswith(
        "Nobody would be investigator on call 19 Nov 18:30 to 26 Nov 15:30, "
        "26 Nov 18:30 to 3 Dec 15:30, 3 Dec 18:30 to 10 Dec 15:30, 2 times more."
    )


def test_the_shifts_that_follow_the_first_ask_nothing(ward, now):
    planned(ward, ward.ito, now + HOUR, 3)
    (made,) = plan(ward, ward.okafor, now + 6 * HOUR, 3)
    assert made.starts_at == now + 6 * HOUR


def test_a_yes_to_another_question_is_none(ward, now):
    _field, said = asked(plan, ward, ward.ito, now + HOUR, 3)
    field, other = asked(plan, ward, ward.ito, now + HOUR, 4, agreed=said)
    assert (field, other == said) == ("agreed", False)


def test_a_shift_struck_asks_for_what_it_leaves_open(ward, now):
    planned(ward, ward.ito, now - HOUR, 3)
    (later,) = plan(ward, ward.okafor, now + 2 * HOUR, 3)
    told = {"shift": later, "by": ward.chen, "reason": "ill"}
    field, said = asked(actions.strike_shift, **told)
    assert (field, said) == (
        "agreed",
        "Nobody would be investigator on call 19 Nov 16:30 to 19 Nov 19:30. "
        "A notice then goes to its next step at once.",
    )
    actions.strike_shift(**told, agreed=said)
    assert OnCall.objects.current().count() == 1


def test_the_question_about_now_is_the_same_a_minute_later(ward, now):
    with clock.freeze(now - 5 * HOUR):
        planned(ward, ward.okafor, now - 5 * HOUR, 4)
    (running,) = plan(ward, ward.ito, now - HOUR, 3)
    told = {"shift": running, "by": ward.chen, "reason": "ill"}
    _field, said = asked(actions.strike_shift, **told)
    assert said.startswith(
        "Nobody would be investigator on call from now to 19 Nov 16:30."
    )
    with clock.freeze(now + timedelta(minutes=1)):
        actions.strike_shift(**told, agreed=said)
    assert on_call(ward, now) == []


def test_an_override_that_begins_in_the_past_asks(ward, now):
    minute = timedelta(minutes=1)
    planned(ward, ward.okafor, now - HOUR, 12)
    override(ward, ward.ito, now, 1)  # In this very minute it is none.
    field, said = asked(override, ward, ward.ito, now - minute, 2)
    assert (field, said) == (
        "agreed",
        "This begins in the past, 19 Nov 14:29. Who was told since stays as it is. "
        "K. Ito, MD is to have it instead of the plan, 19 Nov 14:30 to 19 Nov 15:30. "
        "What is entered last goes before.",
    )


def test_an_override_over_another_asks_and_the_last_goes_before(ward, now):
    planned(ward, ward.okafor, now - HOUR, 12)
    override(ward, ward.ito, now + HOUR, 2)
    field, said = asked(override, ward, ward.okafor, now + 2 * HOUR, 2)
    assert (field, said) == (
        "agreed",
        "K. Ito, MD is to have it instead of the plan, 19 Nov 15:30 to 19 Nov 17:30. "
        "What is entered last goes before.",
    )
    override(ward, ward.okafor, now + 2 * HOUR, 2, agreed=said)
    assert on_call(ward, now + 2 * HOUR) == ["C. Okafor, MD"]


def test_an_override_beside_another_asks_nothing(ward, now):
    planned(ward, ward.okafor, now - HOUR, 12)
    override(ward, ward.ito, now + HOUR, 2)
    override(ward, ward.okafor, now + 3 * HOUR, 2)
    assert OnCall.objects.filter(overrides=True).count() == 2


def test_who_has_it_now_hands_it_over_without_a_question(ward, now):
    planned(ward, ward.okafor, now - HOUR, 12)
    hand_over(ward, ward.ito, 3)
    with clock.freeze(now + HOUR):
        hand_over(ward, ward.okafor, 3)
    assert on_call(ward, now + HOUR) == ["C. Okafor, MD"]


def test_a_hand_over_into_an_override_to_come_asks(ward, now):
    planned(ward, ward.okafor, now - HOUR, 12)
    override(ward, ward.okafor, now + HOUR, 2)
    field, said = asked(hand_over, ward, ward.ito, 3)
    assert field == "agreed"
    assert said.startswith("C. Okafor, MD is to have it instead of the plan,")


# What is refused


@pytest.mark.parametrize("hours", [-11, 0, 11])
def test_a_person_is_not_planned_twice_for_the_same_time(ward, now, hours):
    planned(ward, ward.ito, now + 12 * HOUR, 12)
    field, said = asked(plan, ward, ward.ito, now + (12 + hours) * HOUR, 13)
    assert (field, said) == (
        "starts_at",
        "K. Ito, MD has this duty already, 20 Nov 02:30 to 20 Nov 14:30. "
        "Choose other times, or strike that shift first.",
    )
    assert OnCall.objects.count() == 1


def test_a_shift_that_begins_as_the_last_ends_is_no_second(ward, now):
    planned(ward, ward.ito, now, 12)
    (made,) = plan(ward, ward.ito, now + 12 * HOUR, 12)
    assert made.starts_at == now + 12 * HOUR


def test_another_person_may_be_planned_beside(ward, now):
    planned(ward, ward.ito, now, 12)
    plan(ward, ward.okafor, now, 12)
    assert on_call(ward, now) == BOTH


def test_a_shift_longer_than_a_week_is_not_repeated_into_itself(ward, now):
    field, said = asked(plan, ward, ward.ito, now, 24 * 8, weeks=2)
    assert field == "starts_at"
    assert said.startswith("K. Ito, MD has this duty already,")


# On the page


def sent(client, cast, form, **told):
    fields = {f"{form}-{name}": value for name, value in told.items()}
    who = {f"{form}-who": f"{INVESTIGATOR}:{cast.ito.pk}", f"{form}-key": KEY}
    return client.post(f"/rota/{cast.boston.pk}/", {"form": form, **who, **fields})


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


SHIFT = {"starts_at": "19 Nov 19:00", "ends_at": "20 Nov 07:00", "weeks": "1"}


def test_the_page_asks_keeps_what_was_typed_and_says_who_has_it_until_then(
    ward, client
):
    client.force_login(ward.chen)
    question = sent(client, ward, "plan", **SHIFT)
    assert question.status_code == 422
    assert 'value="20 Nov 07:00"' in question.content.decode()
    (said,) = re.findall(
        r'name="plan-agreed"\s+value="([^"]+)"', question.content.decode()
    )
    assert said.startswith("Nobody would be investigator on call from 20 Nov 07:00 on.")
    assert sent(client, ward, "plan", **SHIFT, agreed=said).status_code == 302
    page = text(client.get(f"/rota/{ward.boston.pk}/"))
    assert (
        "Saved: K. Ito, MD, investigator on call, 19 Nov 19:00 to 20 Nov 07:00. "
        "Until the rota begins everybody in the role is told, as now." in page
    )
    assert (
        "Investigator on call K. Ito, MD, C. Okafor, MD "
        "Everybody in the role is told until the rota begins, 19:00." in page
    )


def test_a_strike_that_is_refused_keeps_its_reason(ward, now, client):
    planned(ward, ward.ito, now - HOUR, 3)
    (later,) = plan(ward, ward.okafor, now + 2 * HOUR, 3)
    client.force_login(ward.chen)
    address = f"/rota/shifts/{later.pk}/strike/"
    page = client.post(address, {"reason": "Okafor is ill"})
    assert page.status_code == 422
    html = page.content.decode()
    assert 'value="Okafor is ill"' in html
    (said,) = re.findall(r'name="agreed"\s+value="([^"]+)"', html)
    answer = client.post(address, {"reason": "Okafor is ill", "agreed": said})
    assert answer.status_code == 302
    assert OnCall.objects.current().count() == 1


def test_a_strike_without_a_reason_says_so_at_the_top(ward, now, client):
    (made,) = planned(ward, ward.ito, now, 3)
    client.force_login(ward.chen)
    page = client.post(f"/rota/shifts/{made.pk}/strike/", {"reason": " "})
    assert page.status_code == 422
    assert "Not struck yet. What was typed is kept. Say why this is changed." in text(
        page
    )


def test_who_was_signed_out_before_a_strike_arrived_comes_back_to_the_rota(
    ward, now, client
):
    (made,) = planned(ward, ward.ito, now, 3)
    client.force_login(ward.chen)
    answer = client.get(f"/rota/shifts/{made.pk}/strike/")
    assert answer.headers["Location"] == f"/rota/{ward.boston.pk}/"
    assert OnCall.objects.current().count() == 1
