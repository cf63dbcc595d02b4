"""The rota's page: who is on call, who is not, and what its forms do."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor import clock
from monitor.notices import actions, rota
from monitor.notices.models import OnCall
from monitor.trials.models import Role
from tests.cast import hire
from tests.notices.told import MINUTE, agreed, deliver, paged, policy, put

HOUR = timedelta(hours=1)
INVESTIGATOR = "investigator_on_call"


@pytest.fixture
def ward(cast):
    hire(cast, "ito", "K. Ito, MD", Role.INVESTIGATOR, cast.boston)
    return cast


def shift(cast, who, start, hours, duty=INVESTIGATOR):
    (made,) = agreed(
        actions.plan_shift,
        site=cast.boston,
        duty=duty,
        user=who,
        starts_at=start,
        ends_at=start + hours * HOUR,
        by=cast.chen,
    )
    return made


def duty_row(cast, name=INVESTIGATOR):
    (found,) = rota.rotas([cast.boston], clock.now())
    return next(row for row in found.duties if row.duty == name)


def address(cast):
    return f"/rota/{cast.boston.pk}/"


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# Who is on call


def test_where_no_rota_is_kept_everybody_in_the_role_has_the_duty(ward):
    row = duty_row(ward)
    assert (row.kept, row.people) == (False, ["K. Ito, MD", "C. Okafor, MD"])
    assert row.gaps == []


def test_a_shift_begins_and_ends_to_the_second(ward, now):
    start, second = now + HOUR, timedelta(seconds=1)
    shift(ward, ward.okafor, start, 12)
    found = []
    for at in (start - second, start, start + 12 * HOUR - second, start + 12 * HOUR):
        with clock.freeze(at):
            found.append(duty_row(ward).people)
    everybody = ["K. Ito, MD", "C. Okafor, MD"]
    assert found == [everybody, ["C. Okafor, MD"], ["C. Okafor, MD"], []]


def test_an_override_stands_before_the_plan(ward, now):
    shift(ward, ward.okafor, now, 12)
    actions.override(
        site=ward.boston,
        duty=INVESTIGATOR,
        user=ward.ito,
        starts_at=now,
        ends_at=now + HOUR,
        by=ward.okafor,
        reason="in theater",
    )
    assert duty_row(ward).people == ["K. Ito, MD"]
    with clock.freeze(now + HOUR):
        assert duty_row(ward).people == ["C. Okafor, MD"]


def test_the_times_without_anybody_are_found(ward, now):
    shift(ward, ward.okafor, now - 5 * HOUR, 6)
    shift(ward, ward.okafor, now + 2 * HOUR, 5)
    shift(ward, ward.ito, now + 4 * HOUR, 4)
    shift(ward, ward.okafor, now + 10 * HOUR, 200)
    assert duty_row(ward).gaps == [
        (now + HOUR, now + 2 * HOUR),
        (now + 8 * HOUR, now + 10 * HOUR),
    ]


def test_who_lost_the_role_is_nobody_on_call(ward, now):
    shift(ward, ward.okafor, now, 12)
    ward.okafor.is_active = False
    ward.okafor.save()
    row = duty_row(ward)
    assert (row.people, row.gaps) == ([], [(now, now + rota.AHEAD)])


def test_a_shift_sent_twice_is_one(ward, now):
    assert shift(ward, ward.okafor, now, 12) == shift(ward, ward.okafor, now, 12)
    assert OnCall.objects.count() == 1


@pytest.mark.parametrize("sites", [1, 3])
def test_three_queries_for_however_many_sites(
    ward, now, sites, django_assert_num_queries
):
    shift(ward, ward.okafor, now, 12)
    every = [ward.boston, ward.uppsala, ward.elsewhere][:sites]
    with django_assert_num_queries(3):
        assert len(rota.rotas(every, now)) == sites


# The pages


def test_the_page_says_who_is_on_call_and_where_nobody_is(ward, now, client):
    shift(ward, ward.okafor, now, 12)
    with clock.freeze(now - 5 * HOUR):
        shift(ward, ward.okafor, now - 5 * HOUR, 4, "backup")
    client.force_login(ward.reyes)
    said = text(client.get(address(ward)))
    assert "Investigator on call C. Okafor, MD until Fri 02:30" in said
    assert "Backup Nobody. A notice goes to the next step at once, and says so." in said
    assert "Nurse in charge A. Reyes, RN No rota is kept" in said


def test_the_only_site_of_a_person_is_the_page(ward, client):
    client.force_login(ward.reyes)
    assert client.get("/rota/").headers["Location"] == address(ward)


def test_who_reads_several_sites_sees_each(ward, client):
    client.force_login(ward.iyer)
    said = text(client.get("/rota/"))
    assert "NARA-2 · 02 Boston" in said
    assert "NARA-2 · 03 Uppsala" in said


def test_who_may_only_read_sees_no_form_and_sends_none(ward, client):
    client.force_login(ward.moreau)
    assert "<h2>Hand over now</h2>" not in client.get(address(ward)).content.decode()
    assert client.post(address(ward), {"form": "plan"}).status_code == 403


def test_another_sites_rota_is_not_there(ward, now, client):
    made = shift(ward, ward.okafor, now, 12)
    client.force_login(ward.berg)
    assert client.get(address(ward)).status_code == 404
    strike = client.post(f"/rota/shifts/{made.pk}/strike/", {"reason": "mine now"})
    assert strike.status_code == 404
    assert OnCall.objects.current().count() == 1


def sent(client, ward, **told):
    key = "6f0c9a4e-2f3b-4a6f-9c11-0e5f5a6e7d5d"
    prefix = told.pop("form")
    duty, user = told.pop("duty"), told.pop("user")
    told["who"] = f"{duty}:{user}" if duty else ""
    fields = {f"{prefix}-{name}": value for name, value in told.items()}
    body = {"form": prefix, f"{prefix}-key": key, **fields}
    return client.post(address(ward), body)


def sent_and_agreed(client, ward, **told):
    """Sent, the question read, and sent again with the button that says yes to it."""
    asked = sent(client, ward, **told)
    assert asked.status_code == 422
    name = f"{told['form']}-agreed"
    (question,) = re.findall(
        rf'name="{name}"\s+value="([^"]+)"', asked.content.decode()
    )
    return sent(client, ward, **told, agreed=question).status_code


def test_a_duty_handed_over_on_the_page_pages_the_other_one(ward, now, client):
    shift(ward, ward.okafor, now, 12)
    client.force_login(ward.okafor)
    told = {
        "form": "hand_over",
        "duty": INVESTIGATOR,
        "user": ward.ito.pk,
        "ends_at": "19 Nov 19:00",
        "reason": "end of shift",
    }
    assert [sent(client, ward, **told).status_code for _twice in (1, 2)] == [302, 302]
    notice = put(ward, now, policy=policy("warning"))
    deliver(now)
    assert paged(notice) == [(0, "ito")]
    assert OnCall.objects.filter(overrides=True).count() == 1


@pytest.mark.parametrize("prefix", ["hand_over", "override", "plan"])
def test_each_duty_is_offered_to_those_who_may_have_it_and_to_nobody_else(
    ward, client, prefix
):
    client.force_login(ward.okafor)
    page = client.get(address(ward)).content.decode()
    (select,) = re.findall(rf'name="{prefix}-who">(.+?)</select>', page, re.DOTALL)
    groups = re.findall(r'<optgroup label="(.+?)">(.+?)</optgroup>', select, re.DOTALL)
    offered = {
        duty: re.findall(rf"<option[^>]*>{duty}: ([^<]+)<", people)
        for duty, people in groups
    }
    investigators = ["K. Ito, MD", "C. Okafor, MD"]
    assert offered == {
        "Nurse in charge": ["A. Reyes, RN"],
        "Investigator on call": investigators,
        "Backup": investigators,
        "Principal investigator": investigators,
        "Safety physician": ["N. Iyer, MD"],
    }


def test_a_shift_planned_for_weeks_stands_in_each(ward, now, client):
    client.force_login(ward.chen)
    told = {"duty": "backup", "user": ward.ito.pk, "weeks": "3"}
    times = {"starts_at": "20 Nov 07:00", "ends_at": "20 Nov 19:00"}
    assert sent_and_agreed(client, ward, form="plan", **told, **times) == 302
    first, *others = OnCall.objects.order_by("starts_at")
    assert first.starts_at == now + 16.5 * HOUR  # 07:00 in Boston.
    assert [one.starts_at - first.starts_at for one in others] == [
        timedelta(weeks=1),
        timedelta(weeks=2),
    ]


def test_a_weekly_shift_begins_at_the_same_hour_when_the_clocks_change(ward):
    boston = ZoneInfo("America/New_York")
    agreed(
        actions.plan_shift,
        site=ward.boston,
        duty="backup",
        user=ward.ito,
        starts_at=datetime(2027, 3, 4, 19, tzinfo=boston),
        ends_at=datetime(2027, 3, 5, 7, tzinfo=boston),
        by=ward.chen,
        weeks=3,
    )
    kept = OnCall.objects.order_by("starts_at")
    times = [(one.starts_at, one.ends_at) for one in kept]
    hours = [[at.astimezone(boston).strftime("%d %H") for at in one] for one in times]
    assert hours == [["04 19", "05 07"], ["11 19", "12 07"], ["18 19", "19 07"]]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"user": "reyes"}, "Choose one of those that are offered."),
        ({"ends_at": "19 Nov 15:00"}, "The end comes before the start."),
        (
            {"starts_at": "17 Nov 19:00", "ends_at": "18 Nov 07:00"},
            "This shift is over already. If it is to come, type the year too.",
        ),
        ({"duty": ""}, "Choose a duty and who has it."),
        ({"reason": " "}, "Fill this in."),
        ({"starts_at": "soon"}, "soon"),
    ],
)
def test_what_is_refused_stays_in_the_form(ward, client, changed, says):
    client.force_login(ward.chen)
    told = {
        "duty": INVESTIGATOR,
        "user": "ito",
        "starts_at": "19 Nov 16:00",
        "ends_at": "19 Nov 18:00",
        "reason": "in theater",
    } | changed
    told["user"] = getattr(ward, told["user"]).pk
    answer = sent(client, ward, form="override", **told)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert f'value="{told["ends_at"]}"' in answer.content.decode()
    assert OnCall.objects.count() == 0


def test_a_shift_is_struck_with_a_reason_only(ward, now, client):
    made = shift(ward, ward.okafor, now, 12)
    client.force_login(ward.reyes)
    client.post(f"/rota/shifts/{made.pk}/strike/", {"reason": ""})
    assert OnCall.objects.current().count() == 1
    client.post(f"/rota/shifts/{made.pk}/strike/", {"reason": "ill"})
    assert OnCall.objects.current().count() == 0


def test_the_next_step_comes_at_once_and_the_notice_says_why(ward, now, client):
    with clock.freeze(now - 5 * HOUR):
        shift(ward, ward.okafor, now - 5 * HOUR, 4)
    shift(ward, ward.okafor, now + 10 * MINUTE, 12)
    notice = put(ward, now, policy=policy("warning"))
    deliver(now)
    assert paged(notice) == [(0, "ito"), (0, "okafor")]  # As backup, in the role.
    client.force_login(ward.ito)
    said = text(client.get(f"/notices/{notice.pk}/"))
    assert "“Nobody is on call as investigator on call.”" in said


def test_a_shift_over_the_new_year_needs_no_year(ward, client):
    client.force_login(ward.chen)
    told = {"duty": "backup", "user": ward.ito.pk, "weeks": "1"}
    times = {"starts_at": "31 Dec 19:00", "ends_at": "1 Jan 07:00"}
    assert sent_and_agreed(client, ward, form="plan", **told, **times) == 302
    made = OnCall.objects.get()
    assert (made.starts_at.year, made.ends_at - made.starts_at) == (2027, 12 * HOUR)


def test_an_end_without_its_day_is_the_first_after_the_start(ward, now, client):
    client.force_login(ward.chen)
    told = {"duty": "backup", "user": ward.ito.pk, "weeks": "1"}
    times = {"starts_at": "20 Nov 19:00", "ends_at": "07:00"}
    assert sent_and_agreed(client, ward, form="plan", **told, **times) == 302
    assert OnCall.objects.get().ends_at == now + 40.5 * HOUR


def test_nobody_is_chosen_beforehand_and_each_choice_names_its_duty(ward, client):
    client.force_login(ward.chen)
    page = client.get(f"/rota/{ward.boston.pk}/").content.decode()
    assert " selected>" not in page
    assert page.count('<option value="">Choose</option>') == 3
    assert page.count(">Backup: K. Ito, MD</option>") == 3
