"""By what people are reached, and who learns when a way out does not work."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.html import strip_tags

from monitor import clock, outside
from monitor.audit.models import Event
from monitor.notices import actions, reach
from monitor.notices.models import Attempt, Sending
from monitor.refusal import Refused
from tests.notices.told import MINUTE, deliver, policy, put

MAIL = "okafor@example.org"


@pytest.fixture
def mailing(cast, settings):
    settings.MONITOR_EMAIL = outside.email("smtp://127.0.0.1:9", "monitor@example.org")
    return cast


def audited():
    found = Event.objects.filter(action="user.reached_at").order_by("pk")
    return [(one.actor, one.changes) for one in found]


def test_everybody_sets_their_own_address_and_the_trail_says_so(mailing, client):
    client.force_login(mailing.okafor)
    assert "On the screen alone: nothing wakes you." in text(client.get("/account/"))
    assert client.post("/account/reach/", {"email": f" {MAIL} "}).status_code == 302
    mailing.okafor.refresh_from_db()
    assert mailing.okafor.email == MAIL
    said = text(client.get("/account/"))
    assert "On the screen, and by e-mail." in said
    assert f"Mails go to {MAIL}." in said
    client.post("/account/reach/", {"email": MAIL})  # The same again adds nothing.
    assert audited() == [("okafor", [{"field": "email", "old": None, "new": MAIL}])]


def test_what_is_no_address_stays_in_the_form(mailing, client):
    client.force_login(mailing.okafor)
    answer = client.post("/account/reach/", {"email": "okafor at example"})
    assert answer.status_code == 422
    assert "Type an e-mail address, as name@hospital.example." in text(answer)
    assert 'value="okafor at example"' in answer.content.decode()
    mailing.okafor.refresh_from_db()
    assert mailing.okafor.email == ""


def test_who_manages_people_sets_it_for_those_they_look_after(mailing, client):
    client.force_login(mailing.vance)
    address = f"/people/{mailing.okafor.pk}/reach/"
    assert "nothing wakes this person" in text(client.get(address))
    client.post(address, {"email": MAIL})
    mailing.okafor.refresh_from_db()
    assert mailing.okafor.email == MAIL
    assert [actor for actor, _changes in audited()] == ["vance"]


def test_nobody_else_sets_it(mailing):
    with pytest.raises(PermissionDenied):
        actions.set_email(user=mailing.okafor, email=MAIL, by=mailing.reyes)
    with pytest.raises(Refused):
        actions.set_email(user=mailing.okafor, email="x", by=mailing.vance)


def test_the_list_of_notices_says_that_nothing_wakes_a_person(mailing, client):
    client.force_login(mailing.okafor)
    assert "nothing wakes you" in text(client.get("/notices/"))
    actions.set_email(user=mailing.okafor, email=MAIL, by=mailing.okafor)
    assert "nothing wakes you" not in text(client.get("/notices/"))


# A way out that does not work


def answers(notice, user, start, *outcomes):
    """The answers of a mail server, a minute apart."""
    for number, outcome in enumerate(outcomes):
        Attempt.objects.create(
            notice=notice,
            user=user,
            at=start + number * MINUTE,
            outcome=outcome,
            channel="email",
            answer="ConnectionRefusedError" if outcome == "retry" else "accepted",
        )


@pytest.fixture
def refused(mailing, now):
    """One mail arrived; the next two did not, and one waits."""
    notice = put(mailing, now)
    start = now - 10 * MINUTE
    answers(notice, mailing.okafor, start, "sent", "retry", "retry")
    Sending.objects.create(
        notice=notice, user=mailing.okafor, channel="email", key="k", due_at=now
    )
    return mailing


def test_a_channel_that_fails_says_since_when_and_what_was_answered(refused, now):
    (one,) = reach.failing(now)
    assert (one.channel, one.times, one.waiting) == ("email", 2, 1)
    assert (one.since, one.said) == (now - 9 * MINUTE, "ConnectionRefusedError")


def test_one_that_works_again_says_nothing(refused, now):
    answers(put(refused, now, "two"), refused.okafor, now, "sent")
    assert reach.failing(now) == []


def test_what_failed_a_day_ago_is_not_known_to_fail_now(refused, now):
    later = now - 8 * MINUTE + timedelta(hours=24)
    assert len(reach.failing(later)) == 1
    assert reach.failing(later + MINUTE) == []


def test_what_the_program_is_not_set_up_for_does_not_fail(refused, now, settings):
    settings.MONITOR_EMAIL = None
    assert reach.failing(now) == []


@pytest.mark.parametrize(
    ("name", "learns"),
    [("okafor", True), ("reyes", True), ("vance", True), ("moreau", False)],
)
def test_whoever_can_act_learns_of_it_on_the_board_and_among_the_notices(
    refused, client, name, learns
):
    client.force_login(getattr(refused, name))
    for page in ("/", "/notices/"):
        assert ('id="failing-email"' in client.get(page).content.decode()) is learns


def test_healthz_names_it_and_does_not_fail_by_it(refused, now, client):
    actions.beat(name="sweep", at=now)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["failing"]) == (200, ["email"])


# What comes next


def shown(client, notice):
    return text(client.get(f"/notices/{notice.pk}/"))


def test_a_notice_says_who_is_told_next_and_how_long_an_answer_counts(
    cast, now, client
):
    notice = put(cast, now, policy=policy("warning"))
    deliver(now)
    client.force_login(cast.okafor)
    said = shown(client, notice)
    assert "14:45 investigator on call (C. Okafor, MD): page" in said
    assert "15:15 principal investigator (C. Okafor, MD): page" in said
    assert "Then the last of them every 15 min, 4 times." in said
    assert "An acknowledgement counts for 30 min" in said
    actions.acknowledge(notice=notice, by=cast.okafor)
    said = shown(client, notice)
    assert "The acknowledgement counts until 15:00" in said
    assert "Who is told next" not in said


def test_of_a_snooze_it_says_that_everybody_is_told_when_it_ends(cast, now, client):
    notice = put(cast, now, policy=policy("warning"))
    deliver(now)
    until = now + 20 * MINUTE
    actions.snooze(notice=notice, by=cast.okafor, until=until, reason="at the bedside")
    client.force_login(cast.okafor)
    assert "Everybody again, when the snooze ends." in shown(client, notice)


def test_where_the_policy_has_no_further_step_it_says_so(cast, now, client):
    notice = put(cast, now)
    deliver(now)
    client.force_login(cast.okafor)
    assert "Nobody: the policy has no further step." in shown(client, notice)


def test_who_is_held_back_is_among_those_told_next(cast, now, client):
    put(cast, now, policy=policy("warning"))
    deliver(now)
    with clock.freeze(now + 5 * MINUTE):
        late = put(cast, clock.now(), "two", policy=policy("warning"), kind="overdue")
    deliver(now + 5 * MINUTE)
    client.force_login(cast.okafor)
    with clock.freeze(now + 5 * MINUTE):
        assert "14:45 investigator on call (C. Okafor, MD): page" in shown(client, late)


def text(answer):
    """The words of a page without its markup."""
    return " ".join(strip_tags(answer.content.decode()).split())
