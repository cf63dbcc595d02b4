"""Parts, second events and what else a decision says, through the verbs."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client

from monitor import clock, flow, localtime
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.review import queries
from monitor.review.adverse_rows import of_episode
from monitor.review.attributed import called
from monitor.review.clocks import LIFE_THREATENING, SERIOUS
from monitor.review.events import AdverseEvent
from monitor.review.reporting import clocks_of
from tests.acts import FEVER, LOW, WELL, baseline, enter, enter_at
from tests.cast import CYCLE_OPENED, open_cycle
from tests.review.test_pages import as_, send
from tests.review.test_signing import sign

MINUTE = timedelta(minutes=1)


@pytest.fixture
def episode(cast, now):
    """CRS of grade 1 from 13:30 and grade 2 from 14:00."""
    baseline(cast)
    enter_at(cast, now - 60 * MINUTE, FEVER)
    enter_at(cast, now - 30 * MINUTE, LOW)
    return Episode.objects.get(topic="crs")


@pytest.fixture
def other(cast, now, episode):
    """Another episode of 02-014."""
    with clock.freeze(CYCLE_OPENED):
        cycle = open_cycle(cast, "02-014", number=2)
    enter(cast, now, LOW, cycle=cycle)
    return Episode.objects.get(cycle=cycle, topic="fever")


def test_a_part_of_another_event_makes_no_event_of_its_own(cast, episode, other):
    sign(cast, episode)
    told = {"verdict": "part_of", "grade": None, "reason": "the fever of the CRS"}
    sign(cast, other, **told, part_of_id=episode.pk)
    assert AdverseEvent.objects.get().episode == episode
    assert queries.parts_of(episode) == [other]


def test_a_part_is_not_offered_as_a_whole(cast, episode, other):
    told = {"verdict": "part_of", "grade": None, "reason": "the fever of the CRS"}
    sign(cast, other, **told, part_of_id=episode.pk)
    assert other not in queries.wholes_of(episode)
    with pytest.raises(Refused) as refused:
        sign(cast, episode, **told, part_of_id=other.pk)
    assert refused.value.field == "part_of_id"


def test_nothing_is_a_part_of_itself(cast, episode):
    told = {"verdict": "part_of", "grade": None, "reason": "itself"}
    with pytest.raises(Refused) as refused:
        sign(cast, episode, **told, part_of_id=episode.pk)
    assert refused.value.field == "part_of_id"


def test_an_event_that_is_split_is_two_with_their_own_grades(cast, now, episode):
    sign(cast, episode, split_at=now - 30 * MINUTE)
    first, second = of_episode(episode)
    assert (first.event.number, second.event.number) == (1, 2)
    assert [one.grade for one in first.intervals] == [1]
    assert [one.grade for one in second.intervals] == [2]
    assert first.event.ends_at == second.event.starts_at == now - 30 * MINUTE
    assert (first.outcome, second.outcome) == (
        "RECOVERED/RESOLVED",
        second.review.outcome,
    )


def test_a_decision_says_that_it_makes_two_events_of_one(client, cast, now, episode):
    sign(cast, episode, split_at=now - 30 * MINUTE)
    client.force_login(cast.okafor)
    page = client.get(f"/episodes/{episode.pk}/").content.decode()
    assert "Two events, the second from 19 Nov 14:00" in page


def test_the_first_of_two_ends_when_its_last_grade_did(cast, now):
    """And not when the second began: what lies between was no event."""
    baseline(cast)
    for minutes, typed in ((60, FEVER), (40, WELL), (10, FEVER)):
        enter_at(cast, now - minutes * MINUTE, typed)
    episode = Episode.objects.get(topic="crs")
    sign(cast, episode, split_at=now - 10 * MINUTE)
    first, second = of_episode(episode)
    assert first.event.ends_at == now - 40 * MINUTE
    assert second.event.starts_at == now - 10 * MINUTE


def test_what_was_said_of_dose_limit_and_rechallenge_is_kept(cast, episode):
    said = {"verdict": "no", "exception": "G3 fever < 48 h"}
    sign(cast, episode, rechallenge="came_back")
    last = queries.latest(episode).review
    assert (last.rechallenge, last.dlt) == ("came_back", {})
    sign(cast, episode, dlt=said)
    assert queries.latest(episode).review.dlt == said


def test_a_protocol_without_a_window_limits_no_dose(cast, episode):
    with pytest.raises(Refused) as refused:
        sign(cast, episode, dlt={"verdict": "yes", "criterion": "4.1"})
    assert refused.value.field == "dlt"


def test_the_work_up_for_an_infection_is_asked_kept_and_said(cast, episode):
    client = Client()
    client.force_login(cast.okafor)
    address = f"/episodes/{episode.pk}/"
    assert "Infection work-up" in client.get(address).content.decode()
    sign(cast, episode, work_up="pending")
    assert queries.latest(episode).review.work_up == "pending"
    said = "Infection work-up: not back yet"
    assert said in client.get(address).content.decode()


def test_the_work_up_is_asked_of_a_cytokine_release_alone(cast, other):
    client = Client()
    client.force_login(cast.okafor)
    page = client.get(f"/episodes/{other.pk}/").content.decode()
    assert "Infection work-up" not in page


# A release that nothing given has caused

NO_AGENT = {"attribution": {"study_drug": "unrelated"}}


def test_a_release_that_no_study_agent_caused_is_asked_for_its_cause(cast, episode):
    with pytest.raises(Refused) as refused:
        sign(cast, episode, **NO_AGENT)
    assert refused.value.field == "attribution"
    assert "by definition a reaction to what was given" in refused.value.sentence
    assert not AdverseEvent.objects.exists()


def test_with_its_cause_in_the_note_it_is_signed(cast, episode):
    sign(cast, episode, **NO_AGENT, note="Blinatumomab was given elsewhere.")
    assert AdverseEvent.objects.get().signature.review.note


# Two events, each with a seriousness of its own


def test_the_first_of_two_events_has_a_seriousness_of_its_own(cast, now, episode):
    sign(
        cast,
        episode,
        split_at=now - 30 * MINUTE,
        serious=["AESHOSP"],
        serious_parts={"first": [], "second": ["AESHOSP"]},
        expected="unexpected",
    )
    first, second = of_episode(episode)
    assert (first.serious, second.serious) == ([], ["Admission or stay prolonged"])
    assert {one.rank for one in second.clocks} == {SERIOUS}
    assert first.clocks == []
    assert (first.expected, second.expected) == ("", "unexpected")
    rows = csv.DictReader(io.StringIO(flow.export_events(by=cast.okafor)))
    told = [(row["AESPID"], row["AESER"], row["AEEXPECT"]) for row in rows]
    assert told == [("AE1", "N", ""), ("AE2", "Y", "UNEXPECTED")]


def test_the_clocks_are_of_the_worse_of_two_events(cast, now, episode):
    sign(
        cast,
        episode,
        split_at=now - 30 * MINUTE,
        serious=["AESLIFE"],
        serious_parts={"first": ["AESLIFE"], "second": []},
        expected="unexpected",
    )
    found = clocks_of([episode])[episode.pk]
    assert {one.rank for one in found} >= {LIFE_THREATENING}


def test_where_nobody_told_them_apart_both_events_meet_what_was_said(
    cast, now, episode
):
    told = {"serious": ["AESHOSP"], "expected": "unexpected"}
    sign(cast, episode, split_at=now - 30 * MINUTE, **told)
    first, second = of_episode(episode)
    assert first.serious == second.serious == ["Admission or stay prolonged"]


def test_the_form_sends_what_each_of_two_events_met(cast, now, episode):
    at = {"split_at": localtime.say(now - 30 * MINUTE, "America/New_York")}
    told = {"serious_first": ["AESMIE"], "serious": ["AESHOSP"]}
    answer = send(cast.okafor, episode, **at, **told, expected="unexpected")
    assert answer.status_code == 302
    review = AdverseEvent.objects.first().signature.review
    assert review.serious == ["AESHOSP", "AESMIE"]
    assert review.serious_parts == {"first": ["AESMIE"], "second": ["AESHOSP"]}
    page = as_(cast.okafor).get(f"/episodes/{episode.pk}/").content.decode()
    assert "First event: Medically important" in page
    assert "Second event: Admission or stay prolonged" in page


def test_a_first_event_without_a_second_is_refused_at_its_field(cast, episode):
    told = {"serious_first": ["AESMIE"]}
    answer = send(cast.okafor, episode, **told)
    assert answer.status_code == 422
    assert "This is for two events." in answer.content.decode()


# What it is called, once it is another event


@pytest.mark.parametrize(
    ("infection", "disease", "said"),
    [
        ("probable", "possible", "CRS: none, infection"),
        ("possible", "unlikely", "CRS: none, infection"),
        ("possible", "possible", "CRS: none"),
        ("possible", "probable", "CRS: none"),
        ("unlikely", "possible", "CRS: none"),
    ],
)
def test_another_event_is_called_infection_where_nothing_is_as_likely(
    cast, episode, infection, disease, said
):
    cause = {"study_drug": "unrelated", "infection": infection, "disease": disease}
    told = {"verdict": "not_this_event", "grade": None, "reason": "looked at again"}
    signed = sign(cast, episode, **told, attribution=cause)
    assert called(signed.review) == [said]
