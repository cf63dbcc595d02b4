"""What others do about an account is told at the next page; a guesser has to wait."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from monitor import clock
from monitor.audit.models import Event
from monitor.door import actions
from monitor.door.news import roles_words
from monitor.refusal import Refused
from monitor.review.actions import check_password
from monitor.templatetags.sent_ui import sent_texts
from monitor.trials import actions as trials
from monitor.trials.models import Membership
from tests.cast import NOW, PASSWORD
from tests.trials.test_the_walk import addresses, ward  # noqa: F401

MINUTE = timedelta(minutes=1)
CHANGED = "Your roles have changed."


def arrive(name: str) -> Client:
    client = Client()
    client.post("/login/", {"username": name, "password": PASSWORD})
    return client


def page(client: Client, path: str = "/permissions/", **headers: str) -> str:
    return client.get(path, headers=headers).content.decode()


def end_role(cast, name: str, at) -> None:
    with clock.freeze(at):
        role = Membership.objects.get(user=cast.people[name])
        trials.end_membership(membership=role, by=cast.vance, reason="Left the ward")


@pytest.mark.requirement("I7.1")
def test_a_role_that_ends_is_told_on_the_next_page_and_once(cast, now):
    client = arrive("reyes")
    assert CHANGED not in page(client)
    end_role(cast, "reyes", now + MINUTE)
    with clock.freeze(now + 2 * MINUTE):
        told = page(client)
        assert "P. Vance ended a role." in told
        assert "(Left the ward)" in told
        assert f"{CHANGED} You have none now: ask an administrator." in told
        assert CHANGED not in page(client)


def test_a_role_that_begins_by_its_date_is_told_though_nobody_did_anything(cast, now):
    told = {"trial": cast.trial, "site": cast.uppsala, "role": "nurse"}
    trials.grant(user=cast.reyes, by=cast.vance, **told, starts_at=now + 5 * MINUTE)
    client = arrive("reyes")
    assert CHANGED not in page(client)
    with clock.freeze(now + 5 * MINUTE):
        said = "Now: nurse, NARA-2 02; nurse, NARA-2 03."
        assert f"{CHANGED} {said}" in page(client)


def test_a_part_that_a_page_asks_for_by_itself_takes_no_news_away(cast, now):
    client = arrive("reyes")
    page(client)
    end_role(cast, "reyes", now + MINUTE)
    with clock.freeze(now + 2 * MINUTE):
        page(client, **{"X-Unattended": "1"})
        page(client, **{"HX-Request": "true"})
        assert CHANGED in page(client)


def test_who_has_no_role_is_told_whom_to_ask():
    assert roles_words([]).endswith("You have none now: ask an administrator.")


# An administrator is told of guessing


@pytest.mark.requirement("S4")
def test_an_administrator_is_told_at_once_of_an_account_that_is_locked_out(cast, now):
    vance, okafor = arrive("vance"), arrive("okafor")
    with clock.freeze(now + MINUTE):
        for _ in range(7):
            Client().post("/login/", {"username": "reyes", "password": "no"})
    with clock.freeze(now + 2 * MINUTE):
        said = "Sign-in locked for reyes after too many failures."
        assert page(vance).count(said) == 1
        assert page(vance).count(said) == 0
        assert page(okafor).count(said) == 0


@pytest.mark.requirement("S4")
def test_an_administrator_is_told_at_sign_in_of_what_was_locked_since(cast, now):
    arrive("vance")
    with clock.freeze(now + MINUTE):
        for _ in range(6):
            Client().post("/login/", {"username": "reyes", "password": "no"})
    with clock.freeze(now + 2 * MINUTE):
        assert "Sign-in locked for reyes" in page(arrive("vance"))


# Wrong passwords of who is signed in


@pytest.mark.requirement("S4")
@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/account/second-factor/change/", {"do": "renew", "password": "no"}),
        ("/account/second-factor/change/", {"do": "remove", "password": "no"}),
        (
            "/account/password/",
            {
                "old_password": "no",
                "new_password1": "nine boats at the pier",
                "new_password2": "nine boats at the pier",
            },
        ),
    ],
)
def test_wrong_passwords_for_the_account_are_kept_and_soon_wait(cast, now, path, sent):
    client = arrive("okafor")
    with_right = {one: PASSWORD if text == "no" else text for one, text in sent.items()}
    for _ in range(5):
        client.post(path, sent)
    refused = client.post(path, with_right, follow=True).content.decode()
    assert "Too many wrong passwords. Try again in 15 minutes." in refused
    kept = Event.objects.filter(action="door.password_refused", actor="okafor")
    assert kept.count() == 5
    with pytest.raises(Refused, match="Too many wrong passwords"):
        check_password(cast.okafor, PASSWORD)
    with clock.freeze(NOW + 15 * MINUTE):
        actions.prove(by=cast.okafor, password=PASSWORD)


# A form whose role ended while it was open


@pytest.mark.requirement("I7.1", "P6")
def test_what_was_typed_stands_on_the_page_that_refuses_it(cast, now):
    client = arrive("reyes")
    end_role(cast, "reyes", now + MINUTE)
    with clock.freeze(now + 2 * MINUTE):
        sent = {"TEMP": "38.9", "note": "Shivers <b>since</b> two", "key": "secret"}
        answer = client.post("/participants/02-014/observe/", sent)
    said = answer.content.decode()
    assert answer.status_code == 404
    assert "A role that you had when you opened the form may have ended" in said
    assert "38.9" in said
    assert "Shivers &lt;b&gt;since&lt;/b&gt; two" in said
    assert "secret" not in said


def test_a_page_that_refuses_a_task_gives_back_what_was_typed(cast, now):
    client = arrive("moreau")
    path = "/participants/02-014/observe/"
    answer = client.post(path, {"note": "Shivers"})
    assert answer.status_code == 403
    assert "Shivers" in answer.content.decode()


def test_no_password_and_nothing_of_a_stranger_is_written_onto_a_page(cast):
    sent = {"password": "x", "note": "y", "empty": " ", "OXYGEN_DEVICE": "room_air"}
    request = RequestFactory().post("/", sent)
    request.user = cast.reyes
    assert sent_texts(request) == [("Note", "y"), ("Oxygen", "Room air")]
    request.user = AnonymousUser()
    assert sent_texts(request) == []
    assert sent_texts(RequestFactory().get("/?note=y")) == []


@pytest.mark.parametrize(("length", "more"), [(2000, False), (2001, True)])
def test_a_very_long_text_is_cut(cast, length, more):
    request = RequestFactory().post("/", {"note": "x" * length})
    request.user = cast.reyes
    ((_label, text),) = sent_texts(request)
    assert text.endswith("(and more)") == more
