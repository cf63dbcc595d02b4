"""What was decided to be no such event is kept, and found by what was said of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from monitor import clock
from monitor.episodes.models import Episode
from monitor.review.decided import decided
from tests.acts import LOW, baseline, enter, enter_at
from tests.cast import CYCLE_OPENED, open_cycle
from tests.review.test_signing import sign

MINUTE = timedelta(minutes=1)
INFECTION = {
    "verdict": "not_this_event",
    "grade": None,
    "reason": "urosepsis",
    "attribution": {"infection": "probable"},
}


@pytest.fixture
def both(cast, now):
    """02-014 had an infection, 02-015 a slipped cuff."""
    baseline(cast)
    enter_at(cast, now - 10 * MINUTE, LOW)
    first = Episode.objects.get()
    sign(cast, first, **INFECTION)
    with clock.freeze(CYCLE_OPENED):
        cycle = open_cycle(cast, "02-015")
    enter(cast, now, LOW, cycle=cycle)
    second = Episode.objects.filter(cycle=cycle).first()
    told = {"verdict": "not_significant", "grade": None, "reason": "a slipped cuff"}
    sign(cast, second, **told, note="seen at the bedside")
    return first, second


def found(user, **asked):
    return [row.participant.code for row in decided(user, **asked)]


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({}, ["02-015", "02-014"]),
        ({"q": "urosepsis"}, ["02-014"]),
        ({"q": "Infection"}, ["02-014"]),
        ({"q": "bedside CUFF"}, ["02-015"]),
        ({"q": "cuff urosepsis"}, []),
        ({"q": "02-014"}, ["02-014"]),
        ({"q": "okafor"}, ["02-015", "02-014"]),
        ({"verdict": "not_this_event"}, ["02-014"]),
        ({"verdict": "agree"}, ["02-015", "02-014"]),
        ({"site": "03"}, []),
    ],
)
def test_it_is_found_by_reason_note_cause_participant_and_person(
    cast, both, asked, codes
):
    assert found(cast.okafor, **asked) == codes


def test_an_event_that_was_confirmed_is_not_among_them(cast, now, both):
    with clock.freeze(now + MINUTE):
        sign(cast, both[0])
    assert found(cast.okafor) == ["02-015"]


def test_nobody_finds_what_they_may_not_read(cast, both):
    assert found(cast.berg) == []


def test_as_many_queries_for_one_as_for_two(cast, both):
    with CaptureQueriesContext(connection) as one:
        decided(cast.okafor, "urosepsis")
    with CaptureQueriesContext(connection) as two:
        decided(cast.okafor, "okafor")
    assert len(one) == len(two)


def test_the_page_searches_and_says_why(cast, both):
    client = Client()
    client.force_login(cast.okafor)
    assert "/queue/decided/" in client.get("/queue/").content.decode()
    page = client.get("/queue/decided/?q=infection").content.decode()
    for said in ("02-014", "CRS", "Not this event", "Infection probable", "urosepsis"):
        assert said in page
    assert "02-015" not in page
    assert "Nothing was found." in client.get("/queue/decided/?q=x9").content.decode()
