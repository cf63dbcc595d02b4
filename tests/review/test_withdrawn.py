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
from monitor.review.models import Review, Signature
from monitor.review.states import State
from monitor.treatments.actions import FIELDS
from monitor.treatments.models import Treatment
from tests.acts import FEVER, LOW, baseline, enter
from tests.review.test_signing import decision, sign

MINUTE = timedelta(minutes=1)
FILE = """\
participant,cycle,at,kind,code,value,unit,until
02-014,1,2026-11-19T14:10:00-05:00,reading,TEMP,38.9,Cel,
02-014,1,2026-11-19T14:10:00-05:00,reading,SYSBP,88,mm[Hg],
02-014,1,2026-11-19T14:10:00-05:00,reading,OXYGEN_DEVICE,room_air,,
"""


@pytest.fixture
def episode(cast, now):
    """CRS of grade 2."""
    baseline(cast)
    enter(cast, now - 10 * MINUTE, LOW)
    return Episode.objects.get()


@pytest.fixture
def signed(cast, now, episode):
    """The same with a bolus given for it, signed by Okafor."""
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
}
#: Field of a line of the log -> what a correction makes of it.
FIELD_CHANGES = {
    "amount": {"amount": 250.0},
    "at": {"at": lambda now: now - 9 * MINUTE},
    "until": {"until": lambda now: now - 2 * MINUTE},
    "unit": {"amount": 0.5, "unit": "L"},
    "form": {"form": "rate", "unit": "mL/h"},
    "code": {"code": "maintenance_fluid"},
    "weight": {"weight": 80.0},
    "fluid": {"fluid": "balanced"},
    "deviation": {"deviation": "yes", "note": "500"},
    "route": {"route": "iv"},
    "as_needed": {"as_needed": False},
    "indication": {"indication": "hypotension"},
    "ordered_by": {"ordered_by": "Dr. Lindqvist"},
    "given_by": {"given_by": "A. Reyes, RN"},
    "order": {"order": "read_back", "ordered_by": "Dr. Lindqvist"},
    "countersigned_at": {
        "order": "verbal",
        "ordered_by": "Dr. Lindqvist",
        "countersigned_at": lambda now: now - MINUTE,
    },
    "target": {"target": "SBP over 90"},
    "source": {"source": "protocol 8.2"},
    "read_from": {"read_from": "pump"},
    "response": {"response": "no"},
    "note": {"note": "slowly"},
}
#: A call has these, and no bolus.
OF_A_CALL = {
    "called": {"called": "ICU"},
    "answered_at": {"answered_at": lambda now: now - 5 * MINUTE},
    "arrived_at": {"arrived_at": lambda now: now - 4 * MINUTE},
}
#: A line on the study drug has this.
OF_THE_STUDY_DRUG = {"agent"}
CHANGES |= {
    f"its {name} is corrected": treatment_corrected(**new)
    for name, new in FIELD_CHANGES.items()
}


def test_each_field_of_a_line_is_among_what_withdraws():
    every = {*FIELD_CHANGES, *OF_A_CALL, *OF_THE_STUDY_DRUG}
    assert every == set(FIELDS)
    assert {*content.GIVEN, *content.GIVEN_ALSO[content.NEWEST]} == set(FIELDS)


@pytest.mark.parametrize("name", OF_A_CALL)
def test_a_call_that_is_corrected_withdraws_it_too(cast, now, episode, name):
    told = {"code": "call", "form": "action", "key": uuid4(), "called": "Dr. Okafor"}
    saved = flow.log_treatment(
        cycle=cast.cycle, at=now - 8 * MINUTE, by=cast.reyes, episodes=[episode], **told
    )
    sign(cast, episode)
    new = {
        field: value(now) if callable(value) else value
        for field, value in OF_A_CALL[name].items()
    }
    with clock.freeze(now + 10 * MINUTE):
        flow.correct_treatment(
            treatment=saved.row, by=cast.reyes, reason="misread", **new
        )
    assert_withdrawn(cast, episode)


def test_a_signature_is_compared_under_the_version_that_it_was_made_with(
    cast, now, episode
):
    """The first version knew of no response, note or order: it holds through one."""
    signature = signed_as_before(cast, now, episode)
    assert content.holds(signature)
    with clock.freeze(now + 10 * MINUTE):
        treatment_corrected(response="no", note="slowly")(cast, now, episode)
    assert queries.latest(episode).state is State.SIGNED
    with clock.freeze(now + 11 * MINUTE):
        treatment_corrected(amount=250.0)(cast, now, episode)
    assert queries.latest(episode).state is State.WITHDRAWN


def signed_as_before(cast, now, episode):
    """As the program signed when it had one version."""
    bolus(cast, now - 8 * MINUTE, [episode])
    told = {"episode": episode, "by": cast.okafor, **decision(episode)}
    review = flow.save_review(**told)
    return Signature.objects.create(
        review=review,
        signed_by=cast.okafor,
        printed_name="C. Okafor, MD",
        role="investigator",
        meaning="reviewed",
        signed_at=now,
        time_zone="America/New_York",
        digest=content.digest_of(review, 1),
    )


CHANGED = "What was signed has changed."
BOLUS = "Fluid bolus 500 mL, as needed"
LINE = "Management log of 19 Nov 14:22"
CAUSES = {
    "a value is corrected": (
        "corrected Systolic blood pressure of 19 Nov 14:20: 84 mmHg, was 86 mmHg."
    ),
    "a set comes late": "entered a set of 19 Nov 14:10.",
    "a treatment comes late": f"logged {BOLUS} at 19 Nov 14:21.",
    "a treatment is struck out": f"struck out {LINE}: {BOLUS}.",
    "a set is struck out": (
        "struck out ACVPU of 19 Nov 14:20: Alert, and 7 more changes."
    ),
    "its response is corrected": (
        f"corrected {LINE}: {BOLUS}; did not respond, was {BOLUS}; not yet known."
    ),
}


@pytest.mark.parametrize("change", CAUSES)
def test_a_withdrawal_says_what_changed_and_who_did_it(cast, now, signed, change):
    with clock.freeze(now + 10 * MINUTE):
        CHANGES[change](cast, now, signed)
    cause = queries.latest(signed).withdrawal.cause
    assert cause == f"{CHANGED} A. Reyes, RN {CAUSES[change]}"


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


def test_a_value_that_no_step_rests_on_was_shown_too(cast, now, signed):
    steps = list(signed.steps.values_list("pk", "digest"))
    with clock.freeze(now + 10 * MINUTE):
        breaths = Reading.objects.current().filter(item="RESP").latest("pk")
        told = {"new": read_reading("RESP", "17"), "reason": "misread"}
        flow.replace_reading(reading=breaths, by=cast.reyes, **told)
    assert list(signed.steps.values_list("pk", "digest")) == steps
    assert_withdrawn(cast, signed)


def test_a_value_from_before_the_event_that_changes_nothing_leaves_it(
    cast, now, signed
):
    with clock.freeze(now + 10 * MINUTE):
        first = Reading.objects.current().filter(item="RESP").earliest("pk")
        told = {"new": read_reading("RESP", "15"), "reason": "misread"}
        flow.replace_reading(reading=first, by=cast.reyes, **told)
    assert queries.latest(signed).state is State.SIGNED


def assert_withdrawn(cast, episode):
    latest = queries.latest(episode)
    assert latest.state is State.WITHDRAWN
    assert latest.withdrawal.cause.startswith(f"{CHANGED} ")
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
    "outcome": "FATAL",
    "note": "another word",
    "reason": "another",
    "part_of_id": 7,
    "split_at": "now",
    "serious_parts": {"first": []},
    "rechallenge": "came_back",
    "dlt": {"verdict": "no"},
    "ctcae_grade": 4,
    "ctcae_term": "Hypotension",
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
