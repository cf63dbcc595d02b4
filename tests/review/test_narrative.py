"""The narrative as a person puts it: versions, reasons, and what changed beneath."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from monitor import flow
from monitor.audit.models import Event
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.review import dossier, narrative
from monitor.review.actions.narratives import write_narrative
from monitor.review.dossier.source import source_of
from monitor.review.narratives import Narrative, versions_of
from tests.acts import LOW, baseline, enter, enter_at
from tests.review.test_dossier import read

MINUTE = timedelta(minutes=1)
TEXT = "Four hours after the first dose she had fever and a low pressure."


@pytest.fixture
def episode(cast, now) -> Episode:
    baseline(cast)
    enter_at(cast, now - 20 * MINUTE, LOW)
    return Episode.objects.get(cycle=cast.cycle, topic="crs")


def write(cast, episode, text=TEXT, by=None, **more):
    told = {"reason": "In the sponsor's wording.", "key": uuid4(), **more}
    return write_narrative(episode=episode, text=text, by=by or cast.okafor, **told)


def moved(cast, episode):
    sentences = narrative.draft(source_of(episode, cast.okafor))
    return narrative.moved(versions_of(episode)[0].basis, sentences)


def test_each_version_is_kept_with_who_when_and_why(cast, episode, now):
    first = write(cast, episode)
    second = write(cast, episode, text="Shorter.", seen=first.pk, reason="Too long.")
    told = [
        (one.text, one.recorded_by.username, one.recorded_at, one.reason)
        for one in versions_of(episode)
    ]
    assert told == [
        ("Shorter.", "okafor", now, "Too long."),
        (TEXT, "okafor", now, "In the sponsor's wording."),
    ]
    assert second.supersedes == first
    changes = Event.objects.filter(action="narrative.written").last().changes
    assert changes == [{"field": "text", "old": TEXT, "new": "Shorter."}]


def test_the_same_key_writes_one_version(cast, episode):
    key = uuid4()
    assert write(cast, episode, key=key) == write(cast, episode, key=key)
    assert Narrative.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"text": "  "}, "Type the narrative."),
        ({"text": "a" * 8001}, "Shorten it to 8000 characters at most."),
        ({"reason": " "}, "Say why this is changed."),
        ({"seen": 7}, "Somebody has written another version since."),
    ],
)
def test_what_is_refused_and_how(cast, episode, told, sentence):
    with pytest.raises(Refused) as refused:
        write(cast, episode, **told)
    assert sentence in refused.value.sentence
    assert not Narrative.objects.exists()


def test_only_who_reviews_writes_it(cast, episode):
    for name in ("reyes", "chen", "moreau", "berg"):
        with pytest.raises(PermissionDenied):
            write(cast, episode, by=cast.people[name])


def test_nothing_has_changed_beneath_it_at_first(cast, episode):
    write(cast, episode)
    assert not moved(cast, episode)


def test_a_reading_after_it_is_said_to_have_changed_the_record(cast, episode, now):
    write(cast, episode)
    enter(cast, now, {**LOW, "OXYGEN_DEVICE": "nasal_cannula", "OXYGEN_FLOW": "8"})
    found = moved(cast, episode)
    assert any("ASTCT" in one and "grade 3" in one for one in found.fresh)
    text = read(dossier.make(episode, cast.okafor).content)
    assert "The record has changed since this was written." in text
    assert found.fresh[0].split(":")[0] in text


def test_a_vasopressor_that_nobody_linked_is_told_and_a_paracetamol_is_not(
    cast, episode, now
):
    for code, form, amount, unit in (
        ("norepinephrine", "rate", 8.0, "ug/min"),
        ("paracetamol", "amount", 1000.0, "mg"),
    ):
        told = {"code": code, "form": form, "amount": amount, "unit": unit}
        more = {"cycle": cast.cycle, "by": cast.reyes, "key": uuid4(), "at": now}
        flow.log_treatment(**told, **more)
    sentences = narrative.draft(source_of(episode, cast.okafor))
    assert [
        one.text.partition(": ")[2]
        for one in sentences
        if one.refs and one.refs[0].kind == "treatment"
    ] == ["Norepinephrine 8 µg/min, not linked to this event."]


def test_the_dossier_prints_the_text_as_edited_with_the_draft_beneath(cast, episode):
    write(cast, episode)
    text = read(dossier.make(episode, cast.okafor).content)
    assert TEXT in text
    edited = "Edited by C. Okafor, MD on 19 Nov 2026, 14:30 −05:00, version 1: In the"
    assert edited in text
    assert "Participant 02-014 is a 58-year-old woman" in text


def test_the_page_keeps_what_was_typed_when_it_is_refused(cast, episode):
    client = Client()
    client.force_login(cast.okafor)
    address = f"/episodes/{episode.pk}/narrative/"
    typed = {"text": TEXT, "reason": "", "key": str(uuid4()), "seen": ""}
    refused = client.post(address, typed)
    assert refused.status_code == 422
    assert TEXT in refused.content.decode()
    assert "Say why." in refused.content.decode()
    kept = client.post(address, typed | {"reason": "Plainer."})
    assert kept["Location"] == f"/episodes/{episode.pk}/dossier/"
    page = client.get(kept["Location"]).content.decode()
    assert "Edited by C. Okafor, MD" in page
    assert "“Plainer.”" in page
