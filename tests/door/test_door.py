"""The door: signing in and out, being turned away, and what the trail says of it."""

import pytest
from django.contrib import messages
from django.db import DatabaseError

from monitor import clock
from monitor.audit.models import Event
from monitor.notices.models import Heartbeat
from tests.cast import NOW, PASSWORD


@pytest.fixture
def door_events(cast):
    """What the door recorded, as (action, actor), beside the cast's own making."""
    return lambda: list(
        Event.objects.filter(action__startswith="door.").values_list("action", "actor")
    )


def attempt(client, username, password, **more):
    return client.post("/login/", {"username": username, "password": password, **more})


def test_a_nurse_signs_in_and_out(client, door_events):
    arrived = attempt(client, "reyes", PASSWORD)
    assert (arrived.status_code, arrived.url) == (302, "/")
    left = client.post("/logout/")
    assert (left.status_code, left.url) == (302, "/login/")
    assert door_events() == [("door.signed_in", "reyes"), ("door.signed_out", "reyes")]


def test_after_signing_in_the_page_that_was_asked_for_opens(client, cast):
    asked = client.get("/permissions/")
    assert asked.url == "/login/?next=/permissions/"
    assert b"the page you asked for" in client.get(asked.url).content
    arrived = attempt(client, "reyes", PASSWORD, next="/permissions/")
    assert arrived.url == "/permissions/"


def test_nobody_is_sent_to_another_host(client, cast):
    arrived = attempt(client, "reyes", PASSWORD, next="https://elsewhere.example/")
    assert arrived.url == "/"


@pytest.mark.requirement("R1")
def test_a_wrong_password_keeps_the_name_and_says_what_to_do(client, door_events):
    refused = attempt(client, "reyes", "not this one")
    page = refused.content.decode()
    assert refused.status_code == 200
    assert "Name or password is wrong. Type the password again." in page
    assert 'value="reyes"' in page
    assert "not this one" not in page
    assert door_events() == [("door.refused", "reyes")]


def test_an_unknown_name_is_answered_alike_and_not_written_down(client, door_events):
    refused = attempt(client, "my secret password", "x")
    assert "Name or password is wrong." in refused.content.decode()
    assert door_events() == [("door.refused", "unknown account")]
    assert not Event.objects.filter(object_id="my secret password").exists()


def test_an_empty_form_asks_for_both(client, cast):
    page = attempt(client, "", "").content.decode()
    assert "Type your name." in page
    assert "Type your password." in page


@pytest.mark.requirement("S4")
def test_after_five_failures_even_the_right_password_waits(client, door_events):
    for _ in range(5):
        attempt(client, "reyes", "not this one")
    locked = attempt(client, "reyes", PASSWORD)
    page = locked.content.decode()
    assert locked.status_code == 429
    assert "Wait 15 minutes" in page
    assert 'value="reyes"' in page
    assert door_events()[-1] == ("door.locked", "reyes")
    assert attempt(client, "okafor", PASSWORD).status_code == 302


def test_a_closed_account_stays_outside(client, cast):
    cast.reyes.is_active = False
    cast.reyes.save()
    refused = attempt(client, "reyes", PASSWORD)
    assert "Name or password is wrong." in refused.content.decode()


def test_signing_out_is_no_link(client, cast):
    client.force_login(cast.reyes)
    assert client.get("/logout/").status_code == 405
    assert client.get("/permissions/").status_code == 200


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/people/7/lock/", "/people/7/"),
        ("/people/roles/7/end/", "/people/"),
        ("/episodes/7/over/", "/episodes/7/"),
        ("/logout/", "/"),
    ],
)
def test_a_browser_at_an_address_of_a_form_is_led_to_its_page(
    client, cast, address, page
):
    client.force_login(cast.reyes)
    answer = client.get(address, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    told = [str(one) for one in messages.get_messages(answer.wsgi_request)]
    assert told == ["Nothing was sent. Do it again from this page."]


# The permission table, for people


def test_the_table_shows_every_role_and_ones_own(client, cast):
    client.force_login(cast.reyes)
    page = client.get("/permissions/").content.decode()
    assert "nurse: NARA-2 02 Boston" in page
    assert "Review episodes, grade, attribute and sign." in page
    assert page.count("<td>") == 27 * 7


# Whether the program is well


def test_the_program_is_well_while_the_sweep_runs(client, db, now):
    Heartbeat.objects.create(name="sweep", at=NOW)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "database": "ok",
        "sweep": "2026-11-19T19:30:00Z",
        "late": False,
        "failing": [],
    }


def test_a_sweep_that_stopped_makes_it_unwell(client, db, now):
    Heartbeat.objects.create(name="sweep", at=NOW)
    with clock.freeze(NOW.replace(hour=20)):
        assert client.get("/healthz").status_code == 503


def test_a_sweep_that_never_ran_makes_it_unwell(client, db):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["sweep"]) == (503, None)


def test_a_database_that_does_not_answer_makes_it_unwell(client, monkeypatch):
    def unreachable():
        raise DatabaseError

    monkeypatch.setattr("monitor.trials.views.pages.heartbeat", unreachable)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "unreachable", "sweep": None}
