"""A complete copy of a participant's record: a page to read, a file to compute on."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from monitor import clock, flow
from monitor.audit.models import Event
from monitor.bedside.models import Reading
from monitor.episodes.models import Episode
from monitor.review.models import Signature
from tests.acts import FEVER, LOW, baseline, enter, enter_at
from tests.review.test_signing import sign

MINUTE = timedelta(minutes=1)
PAGE, FILE = "/participants/02-014/record/", "/participants/02-014/record.json"


@pytest.fixture
def signed(cast, now):
    """Signed, then withdrawn by a correction."""
    baseline(cast)
    enter_at(cast, now - 60 * MINUTE, FEVER)
    enter(cast, now - 5 * MINUTE, LOW)
    sign(cast, Episode.objects.get(topic="crs"))
    low = Reading.objects.get(item="SYSBP", number=86)
    with clock.freeze(now + MINUTE):
        flow.correct_reading(
            reading=low, typed="84", unit=None, by=cast.reyes, reason="misread"
        )
    return Signature.objects.get()


def take(user, path):
    client = Client()
    client.force_login(user)
    return client.get(path)


@pytest.mark.requirement("R6", "R3")
def test_the_file_holds_values_signatures_and_all_that_happened(cast, signed):
    answer = take(cast.okafor, FILE)
    assert answer["Content-Disposition"] == (
        'attachment; filename="record-02-014.json"'
    )
    told = json.loads(answer.content)
    values = {row["value"] for row in told["chart"] if row["code"] == "SYSBP"}
    assert "84" in values
    assert "86" not in values
    (one,) = told["signatures"]
    assert (one["printed_name"], one["digest"], one["grade"]) == (
        signed.printed_name,
        signed.digest,
        2,
    )
    assert one["meaning"] == signed.meaning
    assert one["withdrawn_because"] == signed.withdrawal.cause
    assert one["signed_at"].endswith(("-05:00", "-04:00"))
    taken = Event.objects.get(action="record.exported").sequence
    about = Event.objects.filter(participant="02-014", sequence__lt=taken)
    kept = list(about.order_by("sequence").values_list("sequence", "digest"))
    assert [(row["sequence"], row["digest"]) for row in told["trail"]] == kept
    corrected = next(
        row for row in told["trail"] if row["action"] == "reading.corrected"
    )
    assert (corrected["printed_name"], corrected["reason"]) == (
        "A. Reyes, RN",
        "misread",
    )


@pytest.mark.requirement("R6", "S1")
def test_the_page_says_the_same_to_people(cast, signed):
    page = take(cast.okafor, PAGE).content.decode()
    for said in (
        "Systolic blood pressure",
        "84 mmHg",
        signed.printed_name,
        signed.meaning,
        signed.digest,
        "Signature withdrawn",
        "“misread”",
    ):
        assert said in page


@pytest.mark.requirement("R1", "R6")
def test_that_a_copy_was_taken_is_kept(cast, signed):
    take(cast.okafor, PAGE)
    event = Event.objects.get(action="record.exported")
    told = (event.action, event.actor, event.participant, event.site)
    assert told == ("record.exported", "okafor", "02-014", str(cast.boston))


@pytest.mark.requirement("R7", "A4", "A2")
def test_a_blinded_copy_holds_nothing_that_tells_the_level(cast, signed):
    hidden = {"roles": ["pharmacist"], "amounts": True}
    flow.set_blinding(
        trial=cast.trial, blinding=hidden, by=cast.vance, reason="As in protocol 1.0"
    )
    for path in (PAGE, FILE):
        answer = take(cast.moreau, path)
        assert answer.status_code == 200
        said = answer.content.decode()
        assert "1200" not in said
        assert "IU/kg" not in said
    told = json.loads(take(cast.moreau, FILE).content)
    # A digest could be tried against each of a few possible doses.
    assert not any("digest" in row for row in told["trail"])


@pytest.mark.requirement("A1", "P1")
def test_a_copy_is_for_who_may_export_at_the_site(cast, signed):
    for path in (PAGE, FILE):
        assert take(cast.reyes, path).status_code == 403
        assert take(cast.lindqvist, path).status_code == 404
    assert not Event.objects.filter(action="record.exported").exists()
