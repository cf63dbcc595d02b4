"""Where a participant is, what is usual for them, and the laboratory's limits."""

from uuid import uuid4

import pytest

from monitor.bedside import queries
from monitor.bedside.models import Fact, ReferenceRange
from tests.acts import LOW, WELL, enter
from tests.cast import NOW

FACTS = "/participants/02-014/facts/"
RANGES = "/participants/02-014/ranges/"


@pytest.fixture
def nurse(client, cast):
    client.force_login(cast.reyes)
    return client


def sent(which, **typed):
    told = {"key": str(uuid4()), "at": "14:00", **typed}
    return {"form": which} | {f"{which}-{name}": one for name, one in told.items()}


def test_a_place_is_kept_with_its_time(nurse, cast):
    nurse.post(FACTS, sent("place", code="AT_HOME"))
    place = queries.presence_of(cast.cycle)
    assert place.code == "AT_HOME"
    assert place.at.isoformat() == "2026-11-19T19:00:00+00:00"


def test_who_leaves_with_something_open_is_asked_about_once(nurse, cast):
    """It names what stands and what ends, and then does what was said."""
    enter(cast, NOW, LOW)
    home = sent("place", code="AT_HOME", at="14:30")
    answer = nurse.post(FACTS, home)
    assert answer.status_code == 422
    asked = answer.context["leaving"]
    assert [one.topic for one in asked.episodes] == ["crs"]
    assert [one.code for one in asked.ending] == ["recheck", "set"]
    assert (
        asked.following.code == "clinic_set"
    )  # What is low at home is seen in clinic.
    page = " ".join(answer.content.decode().split())
    assert "Not saved yet. Leaving now?" in page
    assert queries.presence_of(cast.cycle) is None
    other = nurse.post(FACTS, home | {"place-code": "AWAY", "place-sure": "AT_HOME"})
    assert other.status_code == 422
    assert nurse.post(FACTS, home | {"place-sure": "AT_HOME"}).status_code == 302
    assert queries.presence_of(cast.cycle).code == "AT_HOME"


@pytest.mark.parametrize(
    ("code", "pressure", "asked"),
    [
        ("AT_HOME", "122", False),
        ("AT_HOME", "89", True),
        ("FOLLOW_UP", "89", True),
        ("IN_CLINIC", "89", False),
    ],
)
def test_nobody_is_asked_who_stays_or_has_nothing_open(
    nurse, cast, code, pressure, asked
):
    enter(cast, NOW, WELL | {"SYSBP": pressure})
    answer = nurse.post(FACTS, sent("place", code=code, at="14:30"))
    assert (answer.status_code == 422) is asked


def test_the_same_place_sent_twice_is_one(nurse):
    twice = sent("place", code="AT_HOME")
    nurse.post(FACTS, twice)
    nurse.post(FACTS, twice)
    assert Fact.objects.filter(code="AT_HOME").count() == 1


def test_usual_oxygen_is_its_device_and_amount(nurse):
    usual = sent("usual", code="BASELINE_OXYGEN", device="home_oxygen", value="2")
    nurse.post(FACTS, usual)
    assert Fact.objects.get(code="BASELINE_OXYGEN").value == "home_oxygen 2"
    assert "Home oxygen, unchanged 2" in nurse.get(FACTS).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"code": "BASELINE_OXYGEN"}, "Choose the device that is usual."),
        ({"code": "USUAL_SBP"}, "Type the value."),
        ({"code": "USUAL_SBP", "value": "high"}, "is not a number"),
        ({"code": "CENTRAL_LINE", "value": "picc", "at": "18:00"}, "in the future"),
    ],
)
def test_what_cannot_be_is_said(nurse, typed, sentence):
    answer = nurse.post(FACTS, sent("usual", **typed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Fact.objects.exists()


def test_ranges_are_kept_item_by_item(nurse):
    typed = {"key": str(uuid4()), "at": "07:00", "whose": "own"}
    typed |= {"ALT": "..40", "ALT_unit": "U/L"}
    nurse.post(RANGES, typed | {"ALB": "3.5..5.2", "ALB_unit": "g/dL"})
    kept = {one.item: (one.low, one.high) for one in ReferenceRange.objects.all()}
    assert kept == {"ALT": (None, 40), "ALB": (35, 52)}


def test_a_range_that_cannot_be_is_said_beside_its_row(nurse):
    typed = {"key": str(uuid4()), "at": "07:00", "whose": "own"}
    typed |= {"ALT": "forty", "ALT_unit": "U/L"}
    answer = nurse.post(RANGES, typed)
    assert answer.status_code == 422
    assert b"Type the range as low..high" in answer.content


def test_another_site_has_no_such_pages(client, cast):
    client.force_login(cast.lindqvist)
    assert client.get(FACTS).status_code == 404
    assert client.get(RANGES).status_code == 404


def test_a_culture_is_kept_with_what_grew(nurse):
    nurse.post(FACTS, sent("culture", result="positive", grew="E. coli in 2 bottles"))
    assert Fact.objects.get(code="CULTURE").value == "positive E. coli in 2 bottles"
    assert "Positive, E. coli in 2 bottles" in nurse.get(FACTS).content.decode()


def test_a_positive_culture_says_what_grew(nurse):
    answer = nurse.post(FACTS, sent("culture", result="positive"))
    assert answer.status_code == 422
    assert "Type what grew" in answer.content.decode()
    assert not Fact.objects.exists()
