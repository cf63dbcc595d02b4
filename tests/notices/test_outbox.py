"""The outbox: written once, claimed once, shown once, tried again, given up."""

from concurrent.futures import Future

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from monitor import clock
from monitor.audit.models import Event
from monitor.clinical.study import escalation
from monitor.notices import actions, queries
from monitor.notices.actions import firing, sending
from monitor.notices.history import log_of
from monitor.notices.models import (
    Acknowledgement,
    Delivery,
    Escalation,
    Notice,
    Sending,
)
from monitor.trials.models import Participant
from tests.notices.told import (
    MINUTE,
    SECOND,
    deliver,
    logged,
    policy,
    put,
    telling,
    told_to,
)


def test_the_same_key_writes_one_notice(cast, now):
    assert put(cast, now) == put(cast, now)
    assert Notice.objects.count() == 1


def test_it_is_shown_to_everyone_with_the_roles_at_the_site(cast, now):
    notice = put(cast, now, policy=telling("nurse", "investigator", "safety_physician"))
    assert actions.deliver_due(now) == 1
    assert told_to(notice) == ["iyer", "okafor", "reyes"]


def test_whoever_saw_it_on_the_screen_is_spared(cast, now):
    notice = put(cast, now, spare=cast.reyes)
    actions.deliver_due(now)
    assert told_to(notice) == ["okafor"]


def test_the_same_key_again_is_logged_as_a_duplicate(cast, now):
    notice = put(cast, now)
    put(cast, now)
    assert logged(notice) == [("duplicate", "")]


def test_it_is_shown_once_however_many_steps_tell_it(cast, now):
    twice = escalation.Policy(
        "test",
        (
            escalation.PolicyStep(0, ("nurse",), "screen"),
            escalation.PolicyStep(5, ("nurse",), "screen"),
        ),
    )
    notice = put(cast, now, policy=twice)
    deliver(now)
    deliver(now + 5 * MINUTE)
    assert logged(notice) == [("shown", "reyes"), ("duplicate", "reyes")]
    assert Delivery.objects.count() == 1


def test_it_waits_until_it_is_due(cast, now):
    put(cast, now, policy=policy("not_assessed"), kind="not_assessed")
    assert deliver(now + 2 * MINUTE - SECOND) == 0
    assert deliver(now + 2 * MINUTE) == 1


def test_one_claim_wins(cast, now):
    put(cast, now)
    timer = Escalation.objects.get()
    assert actions.claim(timer.pk, now)
    assert not actions.claim(timer.pk, now)
    assert deliver(now) == 0


def test_the_claim_of_a_worker_that_died_lapses(cast, now):
    put(cast, now)
    actions.claim(Escalation.objects.get().pk, now)
    assert deliver(now + MINUTE - SECOND) == 0
    assert deliver(now + MINUTE) == 1


def test_what_fails_is_tried_again_after_longer_and_longer(cast, now, monkeypatch):
    put(cast, now)
    with monkeypatch.context() as patch:
        patch.setattr(firing, "fire", fail)
        waits, at = [], now
        for _attempt in range(3):
            deliver(at)
            timer = Escalation.objects.get()
            waits.append(timer.due_at - at)
            at = timer.due_at
    assert waits == [MINUTE / 2, MINUTE, 2 * MINUTE]
    assert deliver(at) == 1


def fail(*_told):
    raise OSError("no way through")


def test_what_fails_each_time_is_given_up_and_raises_others(cast, now, monkeypatch):
    notice = put(cast, now, policy=telling("coordinator"))
    with monkeypatch.context() as patch:
        patch.setattr(firing, "fire", fail)
        at = now
        for _attempt in range(firing.ATTEMPTS):
            deliver(at)
            at = Escalation.objects.earliest("pk").due_at
        at = Notice.objects.get(kind="undeliverable").created_at
    notice.refresh_from_db()
    assert notice.state == "failed"
    raised = Notice.objects.get(kind="undeliverable")
    deliver(max(at, Escalation.objects.latest("pk").due_at))
    assert told_to(raised) == ["chen", "okafor", "reyes", "vance"]


def test_what_reaches_nobody_is_given_up_at_once_and_raises_others(cast, now):
    notice = put(cast, now, policy=telling("pharmacist"))
    notice.participant.site = cast.uppsala  # It has no pharmacist.
    notice.participant.save()
    deliver(now)
    notice.refresh_from_db()
    assert (notice.state, notice.settled_at) == ("failed", now)
    assert logged(notice) == [("nobody", ""), ("failed", "")]
    assert queries.undelivered(cast.lindqvist) == 1
    assert Event.objects.filter(action="notice.failed").count() == 1
    assert told_to(Notice.objects.get(kind="undeliverable")) == [
        "berg",
        "lindqvist",
        "vance",
    ]


def test_a_notice_about_a_notice_raises_no_third_one(cast, now):
    put(cast, now, kind="undeliverable", policy=telling("pharmacist"))
    Participant.objects.update(site=cast.uppsala)
    deliver(now)
    assert Notice.objects.count() == 1


def test_the_first_who_takes_it_counts(cast, now):
    notice = put(cast, now)
    actions.deliver_due(now)
    actions.acknowledge(notice=notice, by=cast.okafor)
    with clock.freeze(now + MINUTE):
        actions.acknowledge(notice=notice, by=cast.reyes)
        actions.acknowledge(notice=notice, by=cast.okafor)
    assert Acknowledgement.objects.count() == 2
    (row,) = queries.inbox(cast.reyes)
    assert (row.acknowledged.by, row.acknowledged.at) == ("C. Okafor, MD", now)
    assert row.taken_by == ["C. Okafor, MD", "A. Reyes, RN"]


def test_who_may_not_acknowledge_is_told_so(cast, now):
    notice = put(cast, now)
    with pytest.raises(PermissionDenied):
        actions.acknowledge(notice=notice, by=cast.moreau)


def test_unread_is_what_nobody_has_taken(cast, now):
    notice = put(cast, now, level="warning")
    put(cast, now, key="two", level="critical")
    actions.deliver_due(now)
    assert queries.unread(cast.reyes) == queries.unread(cast.okafor) == 2
    actions.acknowledge(notice=notice, by=cast.okafor)
    assert queries.unread(cast.reyes) == queries.unread(cast.okafor) == 1
    assert queries.unread(cast.berg) == 0


def test_to_have_read_it_is_not_to_have_taken_it(cast, now):
    notice = put(cast, now)
    actions.deliver_due(now)
    actions.mark_read(notice=notice, by=cast.reyes)
    assert queries.unread(cast.reyes) == 1


def test_who_was_told_and_who_answered(cast, now):
    notice = put(cast, now)
    actions.deliver_due(now)
    actions.acknowledge(notice=notice, by=cast.okafor)
    told = {row.name: row for row in queries.told(notice.participant, now).rows}
    assert told["C. Okafor, MD"].acknowledged_at == now
    assert told["A. Reyes, RN"].acknowledged_at is None
    assert told["A. Reyes, RN"].role == "nurse"


def test_who_was_told_of_an_earlier_event_does_not_stand_under_this_one(cast, now):
    """Until somebody was told of this one it says that it is on its way."""
    old = put(cast, now - 30_000 * MINUTE)
    actions.deliver_due(now)
    assert queries.told(old.participant, now) == queries.Told([], False)
    put(cast, now, key="two", policy=telling("investigator"))
    assert queries.told(old.participant, now) == queries.Told([], True)
    actions.deliver_due(now)
    told = queries.told(old.participant, now)
    assert ([row.name for row in told.rows], told.waiting) == (["C. Okafor, MD"], False)
    assert queries.told(old.participant, None) == queries.Told([], False)


def test_what_is_no_longer_true_is_called_off(cast, now):
    gone = put(cast, now, kind="not_assessed", policy=policy("not_assessed"))
    put(cast, now, key="two")
    actions.call_off(participant=cast.participants["02-014"], kind="not_assessed")
    assert deliver(now + 20 * MINUTE) == 1
    assert logged(gone) == [("ended", "")]
    assert gone.attempts.get().answer == "no longer so"
    assert told_to(gone) == []


def test_another_sites_notice_is_not_there(cast, now):
    notice = put(cast, now)
    assert queries.notice_for(cast.reyes, notice.pk) == notice
    with pytest.raises(Http404):
        queries.notice_for(cast.berg, notice.pk)


# The pages


def test_the_list_shows_notices_and_a_button(cast, now, client):
    put(cast, now)
    actions.deliver_due(now)
    client.force_login(cast.okafor)
    page = client.get("/notices/")
    assert page.status_code == 200
    assert "Criteria met: possible CRS" in page.content.decode()
    assert "Acknowledge" in page.content.decode()


def test_the_button_acknowledges_and_goes_back(cast, now, client):
    notice = put(cast, now)
    actions.deliver_due(now)
    client.force_login(cast.okafor)
    address = f"/notices/{notice.pk}/acknowledge/"
    answer = client.post(address, {"next": "/participants/02-014/"})
    assert answer.headers["Location"] == "/participants/02-014/"
    assert Acknowledgement.objects.get().user == cast.okafor


def test_the_way_back_leads_nowhere_else(cast, now, client):
    notice = put(cast, now)
    client.force_login(cast.okafor)
    address = f"/notices/{notice.pk}/acknowledge/"
    for elsewhere in ("https://example.org/", "//example.org/"):
        answer = client.post(address, {"next": elsewhere})
        assert answer.headers["Location"] == "/notices/"


def test_acknowledging_another_sites_notice_is_a_404(cast, now, client):
    notice = put(cast, now)
    client.force_login(cast.berg)
    assert client.post(f"/notices/{notice.pk}/acknowledge/").status_code == 404


def test_the_bell_counts(cast, now, client):
    put(cast, now)
    actions.deliver_due(now)
    client.force_login(cast.okafor)
    assert ">1<" in client.get("/notices/bell/").content.decode()


@pytest.mark.parametrize("address", ["/notices/", "/notices/bell/"])
def test_a_stranger_is_asked_to_sign_in(client, db, address):
    assert client.get(address).headers["Location"].startswith("/login/")


def test_what_waits_of_an_earlier_step_does_not_arrive_after_a_later_one(cast, now):
    notice = put(cast, now)
    told = {"notice": notice, "user": cast.okafor, "channel": "webhook", "due_at": now}
    earlier = Sending.objects.create(key="earlier", **told)
    later = Sending.objects.create(key="later", **told)
    arrived: Future[str] = Future()
    arrived.set_result("200")
    assert sending._settle(later, arrived)
    earlier.refresh_from_db()
    assert earlier.state == Sending.State.CALLED_OFF
    assert logged(notice) == [("sent", "okafor"), ("needless", "okafor")]
    (_sent, held) = log_of(notice)
    assert held.words == (
        "Not sent to C. Okafor, MD by the hospital's pager or chat: "
        "a later message arrived."
    )


def test_of_several_messages_that_wait_for_a_person_the_latest_alone_is_sent(
    cast, now, monkeypatch
):
    """What failed is tried with the next: if that arrives, nothing else need."""
    notice = put(cast, now)
    told = {"notice": notice, "user": cast.okafor, "channel": "webhook", "due_at": now}
    for key in ("first", "second", "third"):
        Sending.objects.create(key=key, **told)
    sent = []
    monkeypatch.setattr(sending.channels, "send", lambda _name, one: sent.append(one))
    monkeypatch.setattr(sending.channels, "address", lambda _name, user: user.username)
    monkeypatch.setattr(sending, "_log", lambda *_told: None)
    assert actions.send_due(now) == 1
    assert [one.key for one in sent] == ["third"]
    states = Sending.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["called_off", "called_off", "sent"]
