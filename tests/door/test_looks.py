"""Each look at a dose level is kept, or not given (decision 0023)."""

import sqlite3
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from monitor import patience
from monitor.audit.models import Event
from monitor.trials import actions as trials
from monitor.trials import blinding, middleware
from monitor.trials.models import Participant
from tests.trials.test_the_walk import addresses, ward  # noqa: F401


def page(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def looks(name: str) -> list[tuple[str, list]]:
    found = Event.objects.filter(action="level.seen", actor=name).order_by("sequence")
    return [(one.participant, one.changes) for one in found]


@pytest.mark.requirement("A2", "R1")
def test_each_page_that_shows_a_level_is_a_look_and_is_kept(ward):  # noqa: F811
    client = Client()
    client.force_login(ward.okafor)
    client.get("/participants/02-014/")
    client.get("/participants/02-014/")
    client.get("/permissions/")
    assert looks("okafor") == [("02-014", []), ("02-014", [])]


@pytest.mark.requirement("A2")
def test_a_board_is_one_look_at_all_who_stand_on_it(ward):  # noqa: F811
    client = Client()
    client.force_login(ward.iyer)
    client.get("/")
    client.get("/", headers={"X-Unattended": "1"})
    assert [one[0] for one in looks("iyer")] == ["02-014"]


@pytest.mark.requirement("A2")
def test_no_page_is_a_look_for_who_is_blinded(ward, addresses):  # noqa: F811
    client = Client()
    client.force_login(ward.reyes)
    for name in ("board", "due", "handover", "participant", "audit", "episode"):
        client.get(reverse(name, kwargs=addresses[name]))
    assert looks("reyes") == []


LEFT_OUT = "Dose levels are left out: the database was too busy to keep"


@pytest.fixture
def busy(ward, monkeypatch):  # noqa: F811
    """Haddad, who alone sees levels and amounts, while no look can be kept."""

    def locked(**_told):
        raise OperationalError("database is locked")

    alone = {"roles": ["pharmacist"], "amounts": True}
    told = {"trial": ward.trial, "blinding": alone, "by": ward.vance}
    trials.set_blinding(**told, reason="As in protocol 1.0")
    client = Client()
    client.force_login(ward.haddad)
    monkeypatch.setattr(trials, "look_at_levels", locked)
    return client


@pytest.mark.requirement("A2", "R3")
@pytest.mark.parametrize("path", ["/", "/participants/02-014/"])
def test_a_look_that_cannot_be_kept_is_not_given_but_the_page_is(busy, path):
    answer = busy.get(path)
    assert answer.status_code == 200
    assert "1200 IU/kg" not in answer.content.decode()
    assert "02-014" in answer.content.decode()
    assert LEFT_OUT in answer.content.decode()


def test_a_page_without_levels_says_nothing_of_looks(busy):
    assert LEFT_OUT not in page(busy, "/permissions/")


def test_the_next_page_shows_levels_again(busy, monkeypatch):
    busy.get("/participants/02-014/")
    monkeypatch.undo()
    told = page(busy, "/participants/02-014/")
    assert "1200 IU/kg" in told
    assert LEFT_OUT not in told


def test_what_was_sent_is_not_sent_again_to_leave_levels_out(busy):
    sent = []

    def view(request):
        sent.append(request.method)
        blinding.level_shown(Participant(pk=1, code="02-014"))
        return HttpResponse("1200 IU/kg")

    request = RequestFactory().post("/")
    request.user = AnonymousUser()
    answer = middleware.LevelsSeenMiddleware(view)(request)
    assert (answer.status_code, sent) == (503, ["POST"])


@pytest.mark.requirement("R3")
def test_looks_stand_in_the_trail_of_the_participant_when_asked_for(ward):  # noqa: F811
    client = Client()
    client.force_login(ward.okafor)
    client.get("/participants/02-014/")
    said = "C. Okafor, MD was shown the dose level."
    assert said not in page(client, "/participants/02-014/audit/")
    assert said in page(client, "/participants/02-014/audit/?action=level")


@contextmanager
def somebody_writing():
    """A second writer that does not come to its end."""
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"])
        begin = "BEGIN IMMEDIATE"
    else:
        other = connection.copy().get_new_connection(connection.get_connection_params())
        begin = "LOCK TABLE monitor_event IN EXCLUSIVE MODE"
    try:
        other.execute(begin)
        yield
    finally:
        other.rollback()
        other.close()


@pytest.mark.requirement("A2")
@pytest.mark.django_db(transaction=True)
def test_a_bedside_page_does_not_wait_for_who_writes(ward, monkeypatch):  # noqa: F811
    client = Client()
    client.force_login(ward.okafor)
    client.get("/permissions/")  # The first page notes who is at work.
    monkeypatch.setattr(patience, "SECONDS", 0.1)
    with somebody_writing():
        answer = client.get("/participants/02-014/")
    assert answer.status_code == 200
    assert LEFT_OUT in answer.content.decode()
    assert LEFT_OUT not in page(client, "/participants/02-014/")
