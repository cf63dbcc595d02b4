"""A serious event through the verbs: its clocks run, are shown, and are stopped."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from monitor import clock, flow
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.review import queries
from monitor.review.clocks import INTEREST, Kind
from monitor.review.events import SafetyReport
from monitor.review.reporting import clocks_of
from tests.acts import LOW, baseline, enter
from tests.review.test_signing import decision, sign

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def episode(cast, now):
    baseline(cast)
    enter(cast, now - 5 * MINUTE, LOW)
    return Episode.objects.get()


def running(episode):
    return [one.kind for one in clocks_of([episode]).get(episode.pk, []) if one.runs]


def report(cast, episode, by=None, **told):
    given = {"kind": "site", "rank": 1, "sent_at": clock.now(), "note": "by fax"}
    given |= {"key": uuid4(), **told}
    return flow.report_event(episode=episode, by=by or cast.okafor, **given)


def test_a_draft_that_says_serious_starts_the_clocks(cast, episode):
    told = decision(episode, serious=["AESHOSP"])
    flow.save_review(episode=episode, by=cast.okafor, **told)
    assert running(episode) == [Kind.SITE, Kind.SPONSOR]


def test_what_is_not_serious_owes_the_authority_no_report(cast, episode):
    sign(cast, episode)
    found = clocks_of([episode])[episode.pk]
    assert [(one.kind, one.rank) for one in found] == [(Kind.SITE, INTEREST)]


@pytest.mark.parametrize(
    ("told", "kinds"),
    [
        ({}, [Kind.SITE, Kind.SPONSOR]),
        ({"expected": "unexpected"}, [Kind.SITE, Kind.SPONSOR]),
        ({"expected": "expected"}, [Kind.SITE]),
        (
            {"attribution": {"study_drug": "unlikely"}, "note": "another antibody"},
            [Kind.SITE],
        ),
        ({"attribution": {"study_drug": "possible"}}, [Kind.SITE, Kind.SPONSOR]),
        ({"attribution": {"infection": "probable"}}, [Kind.SITE, Kind.SPONSOR]),
    ],
)
def test_what_is_expected_or_unrelated_owes_no_expedited_report(
    cast, episode, told, kinds
):
    sign(cast, episode, serious=["AESHOSP"], **told)
    assert running(episode) == kinds


def test_a_report_stops_its_clock_and_twice_is_once(cast, now, episode):
    sign(cast, episode, serious=["AESHOSP"])
    key = uuid4()
    first = report(cast, episode, key=key)
    assert report(cast, episode, key=key) == first
    assert running(episode) == [Kind.SPONSOR]
    assert SafetyReport.objects.get().recorded_by == cast.okafor


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"sent_at": timedelta(minutes=1)}, "sent_at"),
        ({"sent_at": timedelta(minutes=-1)}, "sent_at"),
        ({"note": " "}, "note"),
        ({"rank": 2}, ""),
    ],
)
def test_a_report_that_cannot_be_is_refused(cast, now, episode, told, field):
    sign(cast, episode, serious=["AESHOSP"])
    if "sent_at" in told:
        told = {"sent_at": now + told["sent_at"]}
    with pytest.raises(Refused) as refused:
        report(cast, episode, **told)
    assert refused.value.field == field
    assert not SafetyReport.objects.exists()


@pytest.mark.parametrize("who", ["reyes", "moreau", "berg", "haddad"])
@pytest.mark.parametrize("kind", [Kind.SITE, Kind.SPONSOR])
def test_who_may_not_report_does_not(cast, episode, who, kind):
    sign(cast, episode, serious=["AESHOSP"])
    with pytest.raises(PermissionDenied):
        report(cast, episode, by=cast.people[who], kind=kind)


@pytest.mark.requirement("A3")
@pytest.mark.parametrize(
    ("who", "kind"),
    [("okafor", Kind.SPONSOR), ("chen", Kind.SPONSOR), ("iyer", Kind.SITE)],
)
def test_neither_the_site_nor_the_sponsor_reports_for_the_other(
    cast, episode, who, kind
):
    sign(cast, episode, serious=["AESHOSP"])
    with pytest.raises(PermissionDenied):
        report(cast, episode, by=cast.people[who], kind=kind)
    assert not SafetyReport.objects.exists()


def test_the_sponsors_report_is_the_safety_physicians(cast, episode):
    sign(cast, episode, serious=["AESHOSP"])
    report(cast, episode, by=cast.iyer, kind=Kind.SPONSOR)
    assert running(episode) == [Kind.SITE]


def test_the_page_offers_each_their_own_reports_and_says_whose_the_others_are(
    cast, episode
):
    sign(cast, episode, serious=["AESHOSP"])
    address = f"/episodes/{episode.pk}/"
    site = as_(cast.okafor).get(address).content.decode()
    assert site.count("Enter the report") == 1
    assert "The sponsor&#x27;s safety physician enters this report." in site
    sponsor = as_(cast.iyer).get(address).content.decode()
    assert sponsor.count("Enter the report") == 1
    assert "The site enters this report." in sponsor


def test_the_queue_shows_the_clock_that_runs_out_first(cast, now, episode):
    sign(cast, episode, serious=["AESLIFE"], aware_at=now - 5 * MINUTE)
    (row,) = queries.queue(cast.okafor).rows
    assert row.report.kind is Kind.SITE
    assert row.report.due_at == now - 5 * MINUTE + 24 * HOUR
    report(cast, episode, rank=2)
    (row,) = queries.queue(cast.okafor).rows
    assert row.report.kind is Kind.SPONSOR_FATAL


def test_a_report_of_a_clock_that_does_not_run_is_refused(cast, episode):
    sign(cast, episode, serious=["AESHOSP"])
    with pytest.raises(Refused) as refused:
        report(cast, episode, by=cast.iyer, kind=Kind.SPONSOR_FATAL)
    assert refused.value.field == ""


def test_awareness_before_the_event_began_is_refused(cast, now, episode):
    with pytest.raises(Refused) as refused:
        sign(cast, episode, serious=["AESHOSP"], aware_at=now - HOUR)
    assert refused.value.field == "aware_at"


def as_(user):
    client = Client()
    client.force_login(user)
    return client


def test_the_pages_say_what_is_left_and_what_is_late(cast, now, episode):
    sign(cast, episode, serious=["AESHOSP"])
    chen = as_(cast.chen)
    page = chen.get(f"/episodes/{episode.pk}/").content.decode()
    assert "24 h 00 left" in page
    assert "Fri 20 Nov 2026, 14:30 −05:00" in page
    assert "Fri 4 Dec 2026, 23:59 +00:00" in page
    listed = chen.get("/participants/02-014/adverse-events/").content.decode()
    assert "Site to sponsor: 24 h 00 left" in listed
    with clock.freeze(now + 25 * HOUR):
        late = as_(cast.chen).get("/adverse-events/").content.decode()
    assert "Site to sponsor: 1 h 00 late" in late


def test_the_coordinator_says_on_the_page_that_it_was_reported(cast, episode):
    sign(cast, episode, serious=["AESHOSP"])
    told = {"kind": "site", "rank": "1", "note": "e-mail to safety desk"}
    told |= {"sent_at": "14:30", "key": str(uuid4())}
    address = f"/episodes/{episode.pk}/report/"
    answer = as_(cast.chen).post(address, told, follow=True).content.decode()
    assert "the report is out" in answer
    assert "reported in time" in answer


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"note": ""}, "Say to whom it went, and how."),
        ({"sent_at": "25:70"}, "There is no such day or time."),
        ({"sent_at": "23:10"}, "This is still to come."),
        ({"rank": "3"}, "This clock does not run any more."),
    ],
)
def test_what_a_report_lacks_is_said_beside_it_and_the_words_are_kept(
    cast, episode, typed, said
):
    sign(cast, episode, serious=["AESHOSP"])
    told = {"kind": "site", "rank": "1", "note": "e-mail to safety desk"}
    told |= {"sent_at": "14:29", "key": str(uuid4())} | typed
    answer = as_(cast.chen).post(f"/episodes/{episode.pk}/report/", told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    if "rank" not in typed:
        kept = [one for one in (told["note"], told["sent_at"]) if one]
        assert [one for one in kept if f'value="{one}"' not in page] == []
    assert not SafetyReport.objects.exists()
