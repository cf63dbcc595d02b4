"""Saved reviews of what was changed: four questions, and who has looked."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from monitor import clock, flow
from monitor.audit.models import Event
from monitor.bedside.models import Reading
from monitor.episodes import queries as episodes
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.review import actions, trail
from monitor.review.models import TrailReview
from tests.acts import LOW, baseline, enter
from tests.cast import PASSWORD
from tests.review.whole import whole

DAY = timedelta(hours=24)
SECOND = timedelta(seconds=1)


@pytest.fixture
def ward(cast, now):
    baseline(cast)
    enter(cast, now, LOW)
    return cast


def mend(by, at, typed="118", item="HR"):
    with clock.freeze(at):
        seen = Reading.objects.current().filter(item=item).latest("pk")
        flow.correct_reading(
            reading=seen, typed=typed, unit=None, by=by, reason="misread"
        )


def found(cast, key):
    return [
        (row.what, row.old.strip(), row.new.strip(), row.by)
        for row in trail.lines(cast.boston, trail.QUESTIONS[key])
    ]


def test_a_change_within_a_day_by_its_author_answers_no_question(ward, now):
    mend(ward.reyes, now + timedelta(minutes=1))
    assert {key: found(ward, key) for key in trail.QUESTIONS} == {
        key: [] for key in trail.QUESTIONS
    }


@pytest.mark.requirement("R8")
@pytest.mark.parametrize(
    ("after", "late"), [(DAY - SECOND, 0), (DAY, 0), (DAY + SECOND, 1)]
)
def test_late_is_more_than_a_day_after_it_happened(ward, now, after, late):
    mend(ward.reyes, now + after)
    assert len(found(ward, "late")) == late


@pytest.mark.requirement("R8")
def test_a_change_by_somebody_else_names_both(ward, now):
    mend(ward.chen, now + timedelta(minutes=1))
    assert found(ward, "by_others") == [("HR", "124 /min", "118 /min", "L. Chen")]
    (row,) = trail.lines(ward.boston, trail.QUESTIONS["by_others"])
    assert (row.first_by, row.reason) == ("A. Reyes, RN", "misread")


@pytest.mark.requirement("R8")
def test_what_is_changed_again_is_repeated(ward, now):
    mend(ward.reyes, now + timedelta(minutes=1), "118")
    mend(ward.reyes, now + timedelta(minutes=2), "119")
    assert found(ward, "repeated") == [("HR", "118 /min", "119 /min", "A. Reyes, RN")]


@pytest.mark.requirement("R8")
def test_a_change_after_a_signature_is_found_and_one_before_is_not(ward, now):
    mend(ward.reyes, now + timedelta(minutes=1))
    episode = Episode.objects.get(topic="crs")
    row = episodes.episode_row(episode)
    with clock.freeze(now + timedelta(minutes=2)):
        flow.review_and_sign(
            episode=episode,
            by=ward.okafor,
            password=PASSWORD,
            meaning="I reviewed, graded and attributed this event.",
            **whole(episode, scale=row.scale, grade=row.max_grade),
        )
    assert found(ward, "after_signature") == []
    mend(ward.reyes, now + timedelta(minutes=3), "119")
    assert found(ward, "after_signature") == [
        ("HR", "118 /min", "119 /min", "A. Reyes, RN")
    ]


def look(cast, by, seen=1, question="by_others", **more):
    told = {"note": "", "key": uuid4()} | more
    return actions.review_trail(
        site=cast.boston, question=question, seen=seen, by=by, **told
    )


@pytest.mark.requirement("R8")
def test_who_looked_and_when_is_kept_and_what_comes_after_is_new(ward, now):
    mend(ward.chen, now + timedelta(minutes=1))
    with clock.freeze(now + timedelta(minutes=5)):
        made = look(ward, ward.moreau, note="Source agrees")
    assert (made.printed_name, made.found) == ("J. Moreau", 1)
    counted = trail.count(ward.boston, trail.QUESTIONS["by_others"])
    assert (counted.total, counted.new, counted.last) == (1, 0, made)
    mend(ward.chen, now + timedelta(minutes=6), "20", "RESP")
    counted = trail.count(ward.boston, trail.QUESTIONS["by_others"])
    assert (counted.total, counted.new) == (2, 1)
    assert Event.objects.filter(action="trail.reviewed").count() == 1


def test_nobody_reviews_what_came_unseen(ward, now):
    mend(ward.chen, now + timedelta(minutes=1))
    with pytest.raises(Refused, match="more changes by now"):
        look(ward, ward.moreau, seen=0)


def test_the_same_look_sent_twice_is_one(ward, now):
    mend(ward.chen, now + timedelta(minutes=1))
    key = uuid4()
    assert look(ward, ward.moreau, key=key) == look(ward, ward.moreau, key=key)
    assert TrailReview.objects.count() == 1


def test_a_nurse_reviews_no_trail(ward):
    with pytest.raises(PermissionDenied):
        look(ward, ward.reyes, seen=0)


@pytest.mark.requirement("R8")
def test_the_page_lists_the_changes_and_keeps_the_look(ward, now, client):
    mend(ward.chen, now + timedelta(minutes=1))
    client.force_login(ward.moreau)
    page = f"/audit/reviews/{ward.boston.pk}/?question=by_others"
    shown = client.get(page).content.decode()
    assert "first by A. Reyes, RN" in shown
    sent = {"note": "Source agrees", "seen": 1, "key": uuid4()}
    assert client.post(page, sent).status_code == 302
    listed = client.get("/audit/reviews/").content.decode()
    assert "J. Moreau" in listed
    assert client.post(page, sent | {"seen": 5, "key": uuid4()}).status_code == 422


def test_the_list_costs_the_same_however_many_changes(
    ward, now, django_assert_num_queries
):
    question = trail.QUESTIONS["by_others"]
    mend(ward.chen, now + timedelta(minutes=1))
    with django_assert_num_queries(2):
        trail.lines(ward.boston, question)
    mend(ward.chen, now + timedelta(minutes=2), "20", "RESP")
    with django_assert_num_queries(2):
        trail.lines(ward.boston, question)
