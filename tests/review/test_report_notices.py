"""A serious event's report is told before it is late, and no further once it is out."""

from datetime import timedelta
from uuid import uuid4

import pytest

from monitor import clock, flow, reported
from monitor.clinical.study.escalation import Policy
from monitor.episodes.models import Episode
from monitor.notices.models import Notice
from monitor.review.reporting import clocks_of
from tests.acts import LOW, baseline, enter
from tests.review.test_second import opine, weber  # noqa: F401
from tests.review.test_signing import sign

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def episode(cast, now):
    """A CRS that Okafor has signed as life-threatening and unexpected, at `now`."""
    baseline(cast)
    enter(cast, now - 5 * MINUTE, LOW)
    found = Episode.objects.get()
    sign(cast, found, serious=["AESLIFE"], expected="unexpected")
    return found


def swept(at):
    with clock.freeze(at):
        return [one.lines[0] for one in reported.coming(at)]


def due(episode, kind):
    return next(one for one in clocks_of([episode])[episode.pk] if one.kind == kind)


@pytest.mark.requirement("S6")
def test_the_sites_report_is_told_six_hours_before_it_is_due(cast, now, episode):
    assert swept(now + 18 * HOUR - MINUTE) == []
    (line,) = swept(now + 18 * HOUR)
    assert (
        line
        == "CRS, serious. Site to sponsor, life-threatening: due Fri 20 Nov 14:30 EST."
    )
    assert swept(now + 18 * HOUR) == []
    notice = Notice.objects.get(kind="report")
    assert notice.path == f"/episodes/{episode.pk}/"
    told = [one.tell for one in Policy.thawed(notice.policy).steps]
    assert told == [("investigator", "coordinator"), ("principal_investigator",)]


@pytest.mark.requirement("S6")
def test_the_sponsors_report_is_told_two_days_before_it_is_due(cast, now, episode):
    fatal = due(episode, "sponsor_fatal").due_at
    assert len(swept(fatal - 48 * HOUR - MINUTE)) == 1
    (line,) = swept(fatal - 48 * HOUR)
    assert line.startswith(
        "CRS, serious. Sponsor to authority, first report, life-threatening: due "
    )
    full = due(episode, "sponsor").due_at
    assert len(swept(full - 48 * HOUR)) == 1
    assert Notice.objects.filter(kind="report").count() == 3


def test_one_that_is_late_already_is_told_at_once(cast, now, episode):
    assert len(swept(now + 30 * HOUR)) == 1
    notice = Notice.objects.get(kind="report")
    assert notice.counted_from == now + 18 * HOUR


def test_a_report_that_is_out_is_told_no_further(cast, now, episode):
    later = now + 19 * HOUR
    swept(later)
    with clock.freeze(later):
        flow.report_event(
            episode=episode,
            kind="site",
            rank=2,
            sent_at=later,
            note="e-mail to the safety desk",
            by=cast.okafor,
            key=uuid4(),
        )
    assert Notice.objects.get(kind="report").ended_at == later
    assert swept(now + 20 * HOUR) == []


def test_the_sweep_tells_it(cast, now, episode):
    with clock.freeze(now + 19 * HOUR):
        flow.sweep(now + 19 * HOUR)
    assert Notice.objects.filter(kind="report").count() == 1


def test_who_signed_learns_that_a_second_reviewer_disagrees(cast, episode, weber):  # noqa: F811
    signature = episode.reviews.get().signature
    opine(signature, weber)
    notice = Notice.objects.get(kind="disputed")
    assert notice.lines == [
        "CRS: H. Weber, MD disagrees with what C. Okafor, MD signed. sepsis, not CRS"
    ]
    assert notice.path == f"/episodes/{episode.pk}/"


def test_a_second_reviewer_who_agrees_disturbs_nobody(cast, episode, weber):  # noqa: F811
    opine(episode.reviews.get().signature, weber, agrees=True, text="")
    assert not Notice.objects.filter(kind="disputed").exists()
