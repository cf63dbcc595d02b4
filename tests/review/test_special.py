"""Events of special interest through the verbs: which they are, told, reported."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from monitor import clock, flow, reported
from monitor.clinical.study.protocol import Protocol
from monitor.episodes.models import Episode
from monitor.notices.models import Notice
from monitor.review import special
from monitor.review.clocks import INTEREST, SERIOUS, Kind
from monitor.review.reporting import clocks_of
from tests.acts import FEVER, LOW, baseline, enter, enter_at
from tests.review.test_signing import sign

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LINES = Protocol.default().lines


@pytest.fixture
def episode(cast, now):
    """A CRS of grade 2, known ten minutes ago."""
    baseline(cast)
    enter_at(cast, now - 11 * MINUTE, LOW)
    return Episode.objects.get()


def running(episode):
    found = clocks_of([episode]).get(episode.pk, [])
    return [(one.kind, one.rank) for one in found if one.runs]


def report(cast, episode, rank):
    told = {"kind": "site", "rank": rank, "sent_at": clock.now(), "note": "by fax"}
    return flow.report_event(episode=episode, by=cast.chen, key=uuid4(), **told)


@pytest.mark.requirement("S6")
@pytest.mark.parametrize(
    ("topic", "counts"),
    [
        (("crs", "crs"), [2, 3, 4, 5]),
        (("cls", "cls"), [1, 2, 3, 4, 5]),
        (("organ", "neurotoxicity"), [1, 2, 3, 4, 5]),
        (("organ", "liver"), []),
        (("other_cause", "infection"), []),
    ],
)
def test_from_which_grade_on_a_confirmed_event_counts(topic, counts):
    least = special.least_of(*topic, LINES)
    found = [grade for grade in range(6) if special.confirms("agree", grade, least)]
    assert found == counts
    assert special.confirms("regrade", None, least) is bool(counts)


@pytest.mark.parametrize("verdict", ["not_this_event", "not_significant", "part_of"])
def test_what_is_not_confirmed_is_of_no_special_interest(verdict):
    assert special.confirms(verdict, 4, 1) is False


@pytest.mark.parametrize(("line", "least"), [(3, 3), (5, 5), (6, None)])
def test_a_protocol_sets_the_grade_or_takes_the_topic_out(line, least):
    lines = {**LINES, "special_interest_crs": line}
    assert special.least_of("crs", "crs", lines) == least


@pytest.mark.requirement("S6")
def test_it_is_due_a_day_after_it_was_known(cast, now, episode):
    sign(cast, episode)
    (one,) = clocks_of([episode])[episode.pk]
    assert (one.kind, one.rank) == (Kind.SITE, INTEREST)
    assert one.aware_at == now - 10 * MINUTE
    assert one.due_at == now - 10 * MINUTE + 24 * HOUR


def test_a_milder_one_has_no_clock(cast, now):
    baseline(cast)
    enter(cast, now - 5 * MINUTE, FEVER)
    found = Episode.objects.get()
    sign(cast, found)
    assert clocks_of([found]) == {}


def test_a_grade_that_only_a_person_gives_counts_from_the_decision(cast, now):
    baseline(cast)
    enter_at(cast, now - 11 * MINUTE, FEVER)
    found = Episode.objects.get()
    told = {"grade": 2, "ctcae_grade": 2, "reason": "a bolus was hung elsewhere"}
    sign(cast, found, verdict="regrade", **told)
    (one,) = clocks_of([found])[found.pk]
    assert one.aware_at == now


def test_a_decision_against_it_ends_its_clock(cast, episode):
    sign(cast, episode)
    told = {"reason": "the cuff had slipped", "grade": None}
    sign(cast, episode, verdict="not_significant", **told)
    assert clocks_of([episode]) == {}


def test_a_report_stops_it_and_seriousness_starts_the_others(cast, episode):
    sign(cast, episode)
    report(cast, episode, INTEREST)
    assert running(episode) == []
    sign(cast, episode, serious=["AESHOSP"])
    assert running(episode) == [(Kind.SITE, SERIOUS), (Kind.SPONSOR, SERIOUS)]


def test_the_report_of_the_serious_event_stops_both(cast, episode):
    sign(cast, episode)
    sign(cast, episode, serious=["AESHOSP"])
    assert (Kind.SITE, INTEREST) in running(episode)
    report(cast, episode, SERIOUS)
    assert running(episode) == [(Kind.SPONSOR, SERIOUS)]


def swept(at):
    with clock.freeze(at):
        return [one.lines[0] for one in reported.coming(at)]


def test_it_is_told_before_it_is_late_and_no_further_once_it_is_out(cast, now, episode):
    sign(cast, episode)
    told_at = now - 10 * MINUTE + 18 * HOUR
    assert swept(told_at - MINUTE) == []
    (line,) = swept(told_at)
    assert line == (
        "CRS, of special interest. Site to sponsor, special interest: "
        "due Fri 20 Nov 14:20 EST."
    )
    with clock.freeze(told_at + HOUR):
        report(cast, episode, INTEREST)
    assert Notice.objects.get(kind="report").ended_at == told_at + HOUR
    assert swept(told_at + 2 * HOUR) == []


def test_the_pages_say_that_it_is_of_special_interest(cast, episode):
    client = Client()
    client.force_login(cast.okafor)
    address = f"/episodes/{episode.pk}/"
    assert "Of special interest from grade 2 on" in client.get(address).content.decode()
    sign(cast, episode)
    page = client.get(address).content.decode()
    assert "Site to sponsor, special interest" in page
    queue = client.get("/queue/").content.decode()
    assert "special interest, report" in queue
    listed = client.get("/participants/02-014/adverse-events/").content.decode()
    assert "Site to sponsor, special interest: 23 h 50 left" in listed
