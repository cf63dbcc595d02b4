"""Passwords tried for many names from one address: it waits, no ward is shut out."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client

from monitor.audit.models import Event
from monitor.door.slowing import COOKIE
from tests.cast import NOW, PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("S4")]


@pytest.fixture
def later(monkeypatch):
    """Who keeps failures has a clock of its own; it stands still but for this."""
    at = [NOW]
    for asked in ("django.utils.timezone.now", "axes.handlers.proxy.now"):
        monkeypatch.setattr(asked, lambda: at[0])

    def go_on(seconds: int) -> None:
        at[0] += timedelta(seconds=seconds)

    return go_on


@pytest.fixture
def guess(later, cast):
    """Somebody tries a password for so many names, from the address of everybody."""

    def go(names: int) -> None:
        for number in range(names):
            later(30)
            attempt(Client(), f"name{number}", "spring 2026")

    return go


def attempt(client, username, password=PASSWORD):
    return client.post("/login/", {"username": username, "password": password})


def answers(client, *usernames):
    """What each is answered, with the seconds to wait."""
    found = (attempt(client, username) for username in usernames)
    return [(one.status_code, one.headers.get("Retry-After")) for one in found]


def test_who_is_new_there_waits_a_little_and_comes_in(guess, later, client):
    guess(8)
    waiting = attempt(client, "reyes")
    page = waiting.content.decode()
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (429, "6")
    assert "Wait 6 seconds and type yours again. This locks no name." in page
    assert 'value="reyes"' in page
    later(6)
    assert answers(client, "reyes") == [(302, None)]


def test_five_names_may_fail_before_anybody_waits(guess, client):
    guess(5)
    assert answers(client, "reyes") == [(302, None)]


@pytest.mark.parametrize("names", [20, 25])
def test_the_wait_ends_at_half_a_minute(guess, client, names):
    guess(names)
    assert answers(client, "reyes") == [(429, "30")]


def test_trying_again_makes_the_wait_no_longer_and_locks_no_name(guess, later, client):
    guess(8)
    failed = AccessAttempt.objects.count()
    assert answers(client, *["reyes"] * 6) == [(429, "6")] * 6
    later(4)
    assert answers(client, "reyes") == [(429, "2")]
    assert AccessAttempt.objects.count() == failed
    assert not Event.objects.filter(action="door.locked").exists()


def test_who_came_in_before_never_waits_in_that_browser(guess, later, client):
    """A ward behind a proxy: one address for everybody, who guesses among them."""
    attempt(client, "reyes")
    client.post("/logout/")
    guess(25)
    assert answers(client, "okafor", "reyes") == [(429, "30"), (302, None)]
    assert answers(Client(), "reyes") == [(429, "30")]


def test_a_slip_before_one_comes_in_is_not_counted(later, cast, client):
    for name in ("reyes", "moss", "okafor", "chen", "vance", "iyer"):
        attempt(Client(), name, "a slip")
        attempt(Client(), name)
    attempt(Client(), "nobody", "a slip")
    assert answers(client, "haddad") == [(302, None)]


def test_what_a_browser_keeps_of_it_is_sealed_and_for_the_door_alone(cast, client):
    attempt(client, "reyes")
    kept = client.cookies[COOKIE]
    told = (kept["path"], kept["httponly"], kept["samesite"])
    assert told == ("/login/", True, "Lax")
    client.cookies[COOKIE] = "WzEsMl0:forged"
    assert answers(client, "reyes") == [(302, None)]
