"""A notice's own page: where its link leads, its log, taking it, putting it off."""

import re
from urllib.parse import urlsplit

import pytest

from monitor import clock
from monitor.notices import actions, channels, history
from monitor.notices.actions import sending
from monitor.notices.actions.sending import message_of
from monitor.notices.channels.base import Undelivered
from monitor.notices.models import Acknowledgement, Notice, Sending, Snooze
from tests.cast import PASSWORD
from tests.notices.told import MINUTE, deliver, policy, put


@pytest.fixture
def told(cast, now, settings):
    """A warning that the investigator was paged with, by the pager too."""
    settings.MONITOR_WEBHOOK_URL = "http://127.0.0.1:9/pager"
    notice = put(cast, now, policy=policy("warning"))
    deliver(now)
    return notice


def words(notice):
    return [row.words for row in history.log_of(notice)]


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_link_in_a_message_asks_for_sign_in_and_opens_exactly_that(
    told, client, settings
):
    settings.MONITOR_URL = "https://monitor.example"
    link = urlsplit(message_of(Sending.objects.first()).link).path
    asked = client.get(link)
    assert asked.headers["Location"] == f"/login/?next={link}"
    answer = client.post(
        asked.headers["Location"],
        {"username": "okafor", "password": PASSWORD, "next": link},
    )
    assert answer.headers["Location"] == link
    assert client.get(link).status_code == 200


def test_to_open_it_is_not_to_take_it(cast, told, client):
    client.force_login(cast.okafor)
    client.get(f"/notices/{told.pk}/")
    assert Acknowledgement.objects.count() == 0


def test_another_sites_notice_has_no_page(cast, told, client):
    client.force_login(cast.berg)
    assert client.get(f"/notices/{told.pk}/").status_code == 404
    assert client.post(f"/notices/{told.pk}/snooze/").status_code == 404


@pytest.mark.parametrize("final", [True, False])
def test_an_attempt_that_fails_after_another_arrived_is_not_tried_again(
    told, now, monkeypatch, final
):
    claim = sending._claim_batch

    def overtaken(moment):
        ours = claim(moment)
        Sending.objects.update(state="sent", settled_at=moment)
        return ours

    def fails(channel, message):
        raise Undelivered("no answer", final=final)

    monkeypatch.setattr(sending, "_claim_batch", overtaken)
    monkeypatch.setattr(sending.channels, "send", fails)
    assert sending.send_due(now) == 0
    assert Sending.objects.get().state == "sent"
    assert Notice.objects.filter(kind="undeliverable").count() == 0
    assert words(told)[-1] == (
        "Attempt 1 to reach C. Okafor, MD by the hospital's pager or chat failed. "
        "Another attempt had arrived."
    )


def test_the_log_says_each_attempt_in_words(told):
    assert words(told) == [
        "Shown to C. Okafor, MD on the screen.",
        "C. Okafor, MD was interrupted, as the policy says.",
        "Message to C. Okafor, MD by the hospital's pager or chat, "
        "handed to the outbox.",
        "Shown to A. Reyes, RN on the screen.",
    ]


def test_the_log_says_what_was_held_back(cast, now, told):
    put(cast, now, policy=policy("warning"))
    assert words(told)[-1] == "Held back: the same notice a second time."


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("503", "Attempt 1 to reach C. Okafor, MD by the hospital's pager or chat"),
        ("410", "Undeliverable to C. Okafor, MD by the hospital's pager or chat"),
    ],
)
def test_the_log_says_what_the_other_side_answered(now, told, monkeypatch, code, said):
    def refuse(*_told):
        raise channels.base.Undelivered(code, final=code == "410")

    monkeypatch.setattr(channels, "send", refuse)
    with clock.freeze(now):
        actions.send_due(now)
    row = history.log_of(told)[-1]
    assert (row.words.startswith(said), row.answer) == (True, code)


def test_it_is_acknowledged_from_its_page(cast, told, client):
    client.force_login(cast.okafor)
    address = f"/notices/{told.pk}/"
    answer = client.post(f"{address}acknowledge/", {"via": "notice", "next": address})
    assert answer.headers["Location"] == address
    taken = Acknowledgement.objects.get(kind="acknowledged")
    assert (taken.via, taken.address) == ("notice", "127.0.0.1")
    assert "Acknowledged by C. Okafor, MD" in text(client.get(address))


def test_a_place_that_is_not_one_counts_as_the_list(cast, told, client):
    client.force_login(cast.okafor)
    client.post(f"/notices/{told.pk}/acknowledge/", {"via": "the moon"})
    assert Acknowledgement.objects.get(kind="acknowledged").via == "list"


@pytest.mark.parametrize(
    ("verb", "says"),
    [
        ("acknowledge", "Not acknowledged yet. Press Acknowledge again."),
        ("snooze", "Not snoozed yet. Do it again."),
        ("useful", "Not kept yet. Choose again."),
    ],
)
def test_who_was_signed_out_before_a_form_arrived_comes_back_to_the_notice(
    cast, told, client, verb, says
):
    client.force_login(cast.okafor)
    answer = client.get(f"/notices/{told.pk}/{verb}/")
    assert answer.headers["Location"] == f"/notices/{told.pk}/"
    assert says in text(client.get(f"/notices/{told.pk}/"))
    assert Acknowledgement.objects.count() + Snooze.objects.count() == 0


def test_a_snooze_shows_who_why_and_how_long(cast, now, told, client):
    client.force_login(cast.okafor)
    with clock.freeze(now + MINUTE):
        answer = client.post(
            f"/notices/{told.pk}/snooze/",
            {"minutes": "30", "reason": "At the bedside already"},
        )
        assert answer.headers["Location"] == f"/notices/{told.pk}/"
        page = client.get(f"/notices/{told.pk}/")
    made = Snooze.objects.get()
    assert (made.until - made.at, made.user) == (30 * MINUTE, cast.okafor)
    assert "C. Okafor, MD snoozed it: “At the bedside already”." in text(page)
    assert f'data-countdown="{made.until.isoformat()}"' in page.content.decode()


@pytest.mark.parametrize(
    ("minutes", "reason", "says"),
    [
        ("61", "seen", "Choose an end within the next 60 minutes."),
        ("9" * 12, "seen", "Choose an end within the next 60 minutes."),
        ("0", "seen", "Type 1 or more."),
        ("30", " ", "Fill this in."),
    ],
)
def test_a_snooze_that_is_refused_keeps_what_was_typed(
    cast, now, told, client, minutes, reason, says
):
    client.force_login(cast.okafor)
    with clock.freeze(now):
        answer = client.post(
            f"/notices/{told.pk}/snooze/", {"minutes": minutes, "reason": reason}
        )
    assert answer.status_code == 422
    assert says in text(answer)
    assert f'value="{minutes}"' in answer.content.decode()
    assert Snooze.objects.count() == 0


def test_the_longest_snooze_is_allowed(cast, now, told, client):
    client.force_login(cast.okafor)
    with clock.freeze(now):
        client.post(f"/notices/{told.pk}/snooze/", {"minutes": "60", "reason": "seen"})
    assert Snooze.objects.count() == 1


# The bell, on every page


def asked_again(client, page):
    """What the bell of a page gets when it asks for itself."""
    (address,) = re.findall(r'hx-get="(/notices/bell/[^"]*)"', page.content.decode())
    return client.get(address.replace("&amp;", "&"))


@pytest.mark.parametrize("address", ["/", "/notices/", "/participants/02-014/observe/"])
def test_the_bell_of_each_page_says_once_what_is_new(cast, now, client, address):
    client.force_login(cast.okafor)
    page = client.get(address)
    assert "New notice" not in text(asked_again(client, page))
    put(cast, now)
    deliver(now)
    first = asked_again(client, page)
    assert 'hx-swap-oob="innerHTML:#status"' in first.content.decode()
    said = "Notices: 1 unread New notice, 02-014: Criteria met: possible CRS"
    assert text(first) == said
    assert text(asked_again(client, first)) == "Notices: 1 unread"


def test_one_taken_and_one_come_is_news_all_the_same(cast, now, client):
    client.force_login(cast.okafor)
    first = put(cast, now)
    deliver(now)
    page = asked_again(client, client.get("/notices/"))
    actions.acknowledge(notice=first, by=cast.reyes)
    put(cast, now, "two", lines=["Set was due at 10:20 EST."])
    deliver(now)
    said = "Notices: 1 unread New notice, 02-014: Set was due at 10:20 EST."
    assert text(asked_again(client, page)) == said


def test_what_was_taken_is_no_news(cast, now, told, client):
    client.force_login(cast.okafor)
    page = client.get("/notices/")
    actions.acknowledge(notice=told, by=cast.okafor)
    assert text(asked_again(client, page)) == "Notices: none unread"


# The board and the list


def test_the_board_says_until_when_a_notice_is_snoozed_and_by_whom(
    cast, now, told, client
):
    until = now + 20 * MINUTE
    actions.snooze(notice=told, by=cast.okafor, until=until, reason="at the bedside")
    client.force_login(cast.reyes)
    row = text(client.get("/?unanswered=on"))
    assert "Snoozed until 14:50 Okafor" in row
    with clock.freeze(until):
        assert "Not acknowledged" in text(client.get("/"))


def test_the_board_asks_nobody_to_take_what_is_over(cast, now, told, client):
    client.force_login(cast.reyes)
    assert "ack-open" in client.get("/").content.decode()
    actions.end([told.pk], "what it told of has resolved")
    assert "ack-open" not in client.get("/").content.decode()


def test_the_list_says_when_it_happened_at_the_site_with_its_offset(cast, told, client):
    client.force_login(cast.okafor)
    said = text(client.get("/notices/"))
    assert "Thu 19 Nov 2026, 14:30 \N{MINUS SIGN}05:00 · 02 Boston" in said


def test_the_list_asks_nobody_to_take_what_is_over(cast, now, told, client):
    actions.end([told.pk], "what it told of has resolved")
    client.force_login(cast.okafor)
    said = text(client.get("/notices/"))
    assert "No longer so, 14:30" in said
    assert ">Acknowledge<" not in client.get("/notices/").content.decode()


def test_the_log_says_why_it_is_over(told):
    actions.end([told.pk], "what it told of has resolved")
    row = history.log_of(told)[-1]
    assert row.words == "Over: nobody is told on, and nobody needs to answer."
    assert row.answer == "what it told of has resolved"
