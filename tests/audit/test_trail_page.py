"""The audit trail as a page: who may read it, and what it says."""

from datetime import timedelta

import pytest
from django.test import Client

from monitor import flow
from monitor.bedside.models import Reading
from tests.acts import LOW, enter_at

ADDRESS = "/participants/02-014/audit/"


def seen_by(user, address: str = ADDRESS):
    client = Client()
    client.force_login(user)
    return client.get(address)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("reyes", 200),
        ("okafor", 200),
        ("moreau", 200),
        ("lindqvist", 404),
        ("novak", 404),
        ("vance", 404),
    ],
)
def test_who_reads_the_trail(cast, name, status):
    assert seen_by(cast.people[name]).status_code == status


def test_a_correction_keeps_what_it_was(cast, now):
    enter_at(cast, now - timedelta(minutes=10), LOW)
    reading = Reading.objects.get(item="TEMP")
    flow.correct_reading(
        reading=reading, typed="38.1", unit="Cel", by=cast.reyes, reason="typing slip"
    )
    text = seen_by(cast.okafor).content.decode()
    assert "A. Reyes, RN corrected a value." in text
    assert "<del>39.1 °C</del> → 38.1 °C" in text
    assert "typing slip" in text
    assert "−05:00" in text
    assert "UTC" in text


@pytest.mark.requirement("R3")
def test_the_trail_is_narrowed_to_an_action_and_a_person(cast, now):
    enter_at(cast, now - timedelta(minutes=10), LOW)
    sets = seen_by(cast.okafor, f"{ADDRESS}?action=observation").context["page"]
    assert {event.action for event in sets} == {"observation.recorded"}
    mine = seen_by(cast.okafor, f"{ADDRESS}?actor=okafor").context["page"]
    assert {event.actor for event in mine} == {"okafor"}


def test_a_page_of_the_trail_that_does_not_exist_is_the_last_one(cast):
    assert seen_by(cast.okafor, f"{ADDRESS}?page=99").status_code == 200
