"""A free text that looks as if it told who somebody is, is spoken of."""

import json
import re
from uuid import uuid4

import pytest

from monitor.audit.models import Event
from monitor.bedside.models import Reading
from monitor.trials.identifying import FREE_TEXT, for_the_browser, resembles
from tests.acts import baseline

pytestmark = pytest.mark.requirement("P2")


@pytest.mark.parametrize(
    ("text", "likeness"),
    [
        ("Mrs. Miller feels better", "a name"),
        ("spoke with Herr Weber", "a name"),
        ("J. Miller was dizzy", "a name"),
        ("daughter: +49 171 2345678", "a telephone number"),
        ("call 0049 30 1234567", "a telephone number"),
        ("ring 0171 2345678", "a telephone number"),
        ("home (617) 555-0123", "a telephone number"),
        ("home 617-555-0123", "a telephone number"),
        ("MRN 48213", "a record number"),
        ("see hospital no. 48213", "a record number"),
        ("transferred as 4821377", "a record number"),
        ("write to anna@example.org", "an e-mail address"),
        ("born 12.03.1961", "a date of birth"),
        ("DOB: 1961-03-12", "a date of birth"),
    ],
)
def test_a_text_that_looks_like_it_is_spoken_of(text: str, likeness: str):
    assert resembles(text) == [likeness]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "calls for water",
        "02-014 seen at 14:30, BP 112/64, T 38.5, HR 118",
        "0830 500 mL saline, 0915 SpO2 94 % on 2 L",
        "albumin 20 % 100 mL over 60 min at 10:00",
        "E. coli in 2 of 4 bottles, sensitive to ceftriaxone",
        "platelets 145000, ferritin 12000",
        "dose 3 of 14 given 2026-11-02 22:10, 600000 IU/kg",
        "Dr. Berg told, she will come",
        "chart 1430 again",
        "first born child has a cold",
    ],
)
def test_other_texts_are_left_alone(text: str):
    assert resembles(text) == []


def test_several_likenesses_are_all_named():
    text = "Mr Miller, 0171 2345678"
    assert resembles(text) == ["a name", "a telephone number"]


@pytest.mark.parametrize(
    ("field", "free"),
    [
        ("note", True),
        ("note_aldesleukin", True),
        ("reason", True),
        ("words", True),
        ("refusal-reason", True),
        ("rate12-note", True),
        ("refusal-name", False),
        ("username", False),
        ("printed_name", False),
        ("TEMP", False),
        ("q", False),
    ],
)
def test_only_fields_for_sentences_are_looked_at(field: str, free: bool):
    assert bool(re.search(FREE_TEXT, field)) is free


def test_the_browser_gets_the_same_patterns():
    told = for_the_browser()
    again = [
        one["words"]
        for one in told["likenesses"]
        if re.search(one["pattern"], "Mr Miller, MRN 48213, born 1961")
    ]
    assert again == ["a name", "a record number", "a date of birth"]


# What was sent all the same is in the trail


def remarks() -> list[tuple[str, str, list[str | None]]]:
    events = Event.objects.filter(action="text.remarked").order_by("sequence")
    return [
        (one.actor, one.participant, [told["new"] for told in one.changes])
        for one in events
    ]


def test_that_such_a_text_was_sent_is_in_the_trail_and_the_text_is_not(cast, client):
    client.force_login(cast.vance)
    row = cast.reyes.memberships.get()
    path = f"/people/roles/{row.pk}/end/"
    assert client.post(path, {"reason": "Mrs. Miller complained"}).status_code == 302
    assert remarks() == [("vance", "", ["a name"])]
    (event,) = Event.objects.filter(action="text.remarked")
    assert "Miller" not in json.dumps(event.changes) + event.reason


def test_of_a_participant_it_is_in_the_participants_trail(cast, client, now):
    client.force_login(cast.okafor)
    value = Reading.objects.get(observation=baseline(cast).row, item="SYSBP")
    asked = {"text": "Call 0171 2345678 about it", "key": uuid4()}
    asked["about"] = f"reading:{value.pk}"
    assert client.post("/participants/02-014/ask/", asked).status_code == 302
    assert remarks() == [("okafor", "02-014", ["a telephone number"])]


def test_the_reason_of_a_refused_erasure_is_looked_at_too(cast, client):
    client.force_login(cast.chen)
    sent = {"act": "refuse", "refusal-reason": "Mrs. Miller asked, MRN 48213377"}
    assert client.post("/participants/02-014/identity/", sent).status_code == 302
    assert remarks() == [("chen", "02-014", ["a name, a record number"])]


def test_a_text_that_was_refused_or_tells_nothing_is_not(cast, client):
    client.force_login(cast.okafor)
    path = "/participants/02-014/unblind/"
    sent = {"reason": "Mrs. Miller bleeds", "password": "wrong", "key": uuid4()}
    assert client.post(path, sent).status_code == 422
    client.post("/participants/02-014/ask/", {"text": "Which cuff?", "key": uuid4()})
    assert remarks() == []
