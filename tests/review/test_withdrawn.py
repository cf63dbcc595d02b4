"""Every change to what was signed withdraws the signature, whichever way it comes."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client

from monitor import clock, flow
from monitor.audit.models import Event
from monitor.bedside.entry import read_reading
from monitor.bedside.models import Reading
from monitor.episodes.models import Episode
from monitor.review import content, queries
from monitor.review.content import ALSO, DECIDED
from monitor.review.models import Review
from monitor.review.states import State
from monitor.treatments.models import Treatment
from tests.acts import FEVER, LOW, baseline, enter
from tests.review.test_signing import sign

MINUTE = timedelta(minutes=1)
FILE = """\
participant,cycle,at,kind,code,value,unit,until
02-014,1,2026-11-19T14:10:00-05:00,reading,TEMP,38.9,Cel,
02-014,1,2026-11-19T14:10:00-05:00,reading,SYSBP,88,mm[Hg],
02-014,1,2026-11-19T14:10:00-05:00,reading,OXYGEN_DEVICE,room_air,,
"""


@pytest.fixture
def signed(cast, now):
    """CRS of grade 2 with a bolus given for it, signed by Okafor."""
    baseline(cast)
    enter(cast, now - 10 * MINUTE, LOW)
    episode = Episode.objects.get()
    bolus(cast, now - 8 * MINUTE, [episode])
    sign(cast, episode)
    return episode


def bolus(cast, at, episodes, key=None):
    told = {"code": "fluid_bolus", "form": "amount", "amount": 500, "unit": "mL"}
    return flow.log_treatment(
        cycle=cast.cycle,
        at=at,
        until=at + 5 * MINUTE,
        by=cast.reyes,
        key=key or uuid4(),
        episodes=episodes,
        **told,
    )


def reading():
    return Reading.objects.current().get(item="SYSBP", number=86)


def corrected(cast, now, episode):
    new = read_reading("SYSBP", "84")
    told = {"new": new, "reason": "misread"}
    flow.replace_reading(reading=reading(), by=cast.reyes, **told)


def struck_out(cast, now, episode):
    flow.void_reading(reading=reading(), by=cast.reyes, reason="another bed")


def set_struck_out(cast, now, episode):
    told = {"observation": reading().observation, "reason": "another bed"}
    flow.void_set(by=cast.reyes, **told)


def late_set(cast, now, episode):
    enter(cast, now - 20 * MINUTE, FEVER)


def by_the_form(cast, now, episode):
    client = Client()
    client.force_login(cast.reyes)
    page = f"/participants/02-014/readings/{reading().pk}/correct/"
    words = {"why": "wrong_device", "words": "another cuff"}
    sent = client.post(page, {"what": "value", "typed": "84", **words})
    assert sent.status_code == 302, sent.content.decode()


def from_a_file(cast, now, episode, path):
    path.write_text(FILE)
    told = {"trial": "NARA-2", "site": "02", "by": "okafor"}
    call_command("load_chart", str(path), stdout=StringIO(), **told)


def late_treatment(cast, now, episode):
    bolus(cast, now - 9 * MINUTE, [episode])


def late_treatment_by_the_form(cast, now, episode):
    client = Client()
    client.force_login(cast.reyes)
    page = "/participants/02-014/treat/?code=paracetamol"
    line = {"key": str(uuid4()), "form": "amount", "amount": "1", "unit": "g"}
    told = line | {"at": "14:22", "episodes": [str(episode.pk)]}
    sent = client.post(page, told)
    assert sent.status_code == 302, sent.content.decode()


def treatment_corrected_by_the_form(cast, now, episode):
    client = Client()
    client.force_login(cast.reyes)
    given = Treatment.objects.current().get()
    page = f"/participants/02-014/log/{given.pk}/correct/"
    line = {"key": str(uuid4()), "form": "amount", "amount": "250", "unit": "mL"}
    told = line | {"at": "14:22", "until": "14:27", "response": "not_assessed"}
    sent = client.post(page, told | {"why": "typing"})
    assert sent.status_code == 302, sent.content.decode()


def treatment_struck_out(cast, now, episode):
    treatment = Treatment.objects.current().get()
    flow.void_treatment(treatment=treatment, by=cast.reyes, reason="not given")


def treatment_corrected(**new):
    def change(cast, now, episode):
        treatment = Treatment.objects.current().get()
        told = {
            name: value(now) if callable(value) else value
            for name, value in new.items()
        }
        flow.correct_treatment(
            treatment=treatment, by=cast.reyes, reason="misread", **told
        )

    return change


CHANGES = {
    "a value is corrected": corrected,
    "a value is corrected by the form": by_the_form,
    "a value is struck out": struck_out,
    "a set is struck out": set_struck_out,
    "a set comes late": late_set,
    "a treatment comes late": late_treatment,
    "a treatment comes late by the form": late_treatment_by_the_form,
    "a treatment is corrected by the form": treatment_corrected_by_the_form,
    "a treatment is struck out": treatment_struck_out,
    "its amount is corrected": treatment_corrected(amount=250.0),
    "its time is corrected": treatment_corrected(at=lambda now: now - 9 * MINUTE),
    "its end is corrected": treatment_corrected(until=lambda now: now - 2 * MINUTE),
    "its unit is corrected": treatment_corrected(amount=0.5, unit="L"),
    "its form is corrected": treatment_corrected(form="rate", unit="mL/h"),
    "its agent is corrected": treatment_corrected(code="maintenance_fluid"),
    "its weight is said": treatment_corrected(weight=80.0),
    "its fluid is named": treatment_corrected(fluid="balanced"),
    "it is said to be a deviation": treatment_corrected(deviation="yes", note="500"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changes_what_was_signed_withdraws_the_signature(
    cast, now, signed, change
):
    with clock.freeze(now + 10 * MINUTE):
        change(cast, now, signed)
    assert_withdrawn(cast, signed)


def test_a_file_that_is_loaded_withdraws_it_too(cast, now, signed, tmp_path):
    with clock.freeze(now + 10 * MINUTE):
        from_a_file(cast, now, signed, tmp_path / "chart.csv")
    assert_withdrawn(cast, signed)


def assert_withdrawn(cast, episode):
    latest = queries.latest(episode)
    assert latest.state is State.WITHDRAWN
    assert latest.withdrawal.cause == "What was signed has changed."
    assert latest.signature.printed_name == "C. Okafor, MD"
    assert Event.objects.filter(action="review.signature_withdrawn").count() == 1
    assert queries.waiting(cast.okafor) == 1


# What it is bound to

OTHER = {
    "verdict": "regrade",
    "scale": "ctcae_v5",
    "grade": 3,
    "attribution": {"infection": "probable"},
    "serious": ["AESHOSP"],
    "action": {"study_drug": "DRUG INTERRUPTED"},
    "outcome": "UNKNOWN",
    "note": "another word",
    "reason": "another",
    "part_of_id": 7,
    "split_at": "now",
    "rechallenge": "came_back",
    "dlt": {"verdict": "no"},
    "ctcae_grade": 4,
    "expected": "unexpected",
    "aware_at": "now",
    "died_at": "now",
    "suspect_notes": {"infection": "the culture grew"},
    "work_up": "pending",
}


def test_another_word_in_any_field_is_not_what_was_signed(now, signed):
    review = Review.objects.get()
    assert set(OTHER) == {*DECIDED, *ALSO}
    was = content.digest_of(review)
    for name, value in OTHER.items():
        other = Review.objects.get()
        assert getattr(other, name) != value
        setattr(other, name, now if value == "now" else value)
        assert (name, content.digest_of(other) == was) == (name, False)


@pytest.mark.parametrize("minutes", [1, 30])
def test_what_comes_after_the_signature_leaves_it(cast, now, signed, minutes):
    with clock.freeze(now + 31 * MINUTE):
        enter(cast, now + minutes * MINUTE, LOW)
    assert queries.latest(signed).withdrawal is None
