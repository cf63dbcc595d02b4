"""The queue and the review as pages: who may, what is refused, and what comes next."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from monitor import clock
from monitor.bedside.models import Fact
from monitor.episodes.models import Episode
from monitor.review.models import Review, Signature
from monitor.trials.models import Role, User
from tests.acts import LOW, WELL, baseline, enter, enter_at
from tests.cast import CYCLE_OPENED, PASSWORD, Cast, enroll, hire, open_cycle
from tests.review.whole import typed

MINUTE = timedelta(minutes=1)


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def another(cast: Cast, code: str, now) -> None:
    if code not in cast.participants:
        enroll(cast, code, cast.boston, cast.cohort, cast.okafor)
    with clock.freeze(CYCLE_OPENED):
        cycle = open_cycle(cast, code)
    enter(cast, now, LOW, cycle=cycle)


@pytest.fixture
def episode(cast, now) -> Episode:
    baseline(cast)
    enter_at(cast, now - 8 * MINUTE, LOW)
    return Episode.objects.get(cycle=cast.cycle, topic="crs")


def decision(episode: Episode, **changes: object) -> dict[str, object]:
    suggested = episode.steps.order_by("pk").last().max_grade
    usual = {"verdict": "agree", "grade": suggested, "sign": "1", "password": PASSWORD}
    usual |= typed(episode)
    return {key: value for key, value in (usual | changes).items() if value is not None}


def send(user: User, episode: Episode, **changes: object):
    return as_(user).post(f"/episodes/{episode.pk}/", decision(episode, **changes))


def test_an_event_that_has_resolved_is_said_to_be_not_closed_yet(cast, now):
    """`open 3 h` and `resolved` stood side by side, and it took no end."""
    baseline(cast)
    enter_at(cast, now - 8 * MINUTE, {**WELL, "TEMP": "38.4"})
    enter_at(cast, now - 2 * MINUTE, WELL)
    found = Episode.objects.get(cycle=cast.cycle, topic="crs")
    page = as_(cast.okafor).get(f"/episodes/{found.pk}/").content.decode()
    head = " ".join(re.sub("<[^>]+>", "", page).split())
    assert "resolved Thu 19 Nov 14:28, not closed yet" in head


# Who may


@pytest.mark.parametrize(
    ("name", "status"),
    [("okafor", 200), ("chen", 200), ("moreau", 200), ("iyer", 200), ("reyes", 403)],
)
def test_who_sees_the_queue(cast, episode, name, status):
    assert as_(cast.people[name]).get("/queue/").status_code == status


@pytest.mark.parametrize("name", ["berg", "lindqvist", "silva", "novak"])
def test_another_sites_episode_is_not_there(cast, episode, name):
    assert as_(cast.people[name]).get(f"/episodes/{episode.pk}/").status_code == 404


@pytest.mark.parametrize("name", ["reyes", "chen", "moreau", "iyer", "haddad"])
def test_who_may_not_decide_reads_and_cannot_send(cast, episode, name):
    text = as_(cast.people[name]).get(f"/episodes/{episode.pk}/").content.decode()
    assert 'name="verdict"' not in text
    assert send(cast.people[name], episode).status_code == 403
    assert not Review.objects.exists()


# What the page says


@pytest.mark.requirement("D2")
def test_the_evidence_names_value_line_source_and_end(cast, episode):
    text = as_(cast.okafor).get(f"/episodes/{episode.pk}/").content.decode()
    for said in (
        "02-014",
        "study scale",
        "39.1 °C",
        "ASTCT 2019",
        "for 24 h, 3 sets",
        "+4 h 17",
        "Grade history",
        "Consider",
        "Nothing is logged for this episode",
        "C. Okafor, MD",
        "Thu 19 Nov 2026, 14:30 −05:00",
    ):
        assert said in text


def test_every_value_of_the_evidence_names_who_typed_it(cast, episode):
    """Also one that nobody typed: a shock index has the author of its parts."""
    rows = as_(cast.okafor).get(f"/episodes/{episode.pk}/").context["evidence"]
    named = {row.reason.item: row.reason.by for row in rows if row.reason.at}
    assert named["SHOCK_INDEX"] == "AR"
    assert set(named.values()) == {"AR"}


def test_the_first_look_takes_the_dot_away(cast, episode):
    def dotted() -> bool:
        rows = as_(cast.okafor).get("/queue/").context["queue"].rows
        return next(row.changed for row in rows)

    assert dotted()
    as_(cast.okafor).get(f"/episodes/{episode.pk}/")
    assert not dotted()


def test_counts_equal_the_rows(cast, episode, now):
    another(cast, "02-015", now)
    response = as_(cast.okafor).get("/queue/")
    queue = response.context["queue"]
    rows = response.content.decode().count("data-row-link")
    assert queue.total == rows > 1
    assert response.context["chrome"].waiting == rows


# Deciding


def test_signing_goes_on_to_the_next_of_the_queue(cast, episode, now):
    another(cast, "02-015", now)
    waiting = as_(cast.okafor).get("/queue/").context["queue"].rows
    first, second = (row.episode.episode for row in waiting[:2])
    response = send(cast.okafor, first)
    assert response["Location"] == f"/episodes/{second.pk}/"
    assert Signature.objects.get().printed_name == "C. Okafor, MD"


def test_after_the_last_one_comes_the_queue(cast, episode):
    assert send(cast.okafor, episode)["Location"] == "/queue/"


def test_a_signature_is_shown_with_the_event(cast, episode):
    send(cast.okafor, episode, note="Fever four hours after the dose.")
    text = as_(cast.reyes).get(f"/episodes/{episode.pk}/").content.decode()
    assert "Signed by" in text
    assert "C. Okafor, MD" in text
    assert "I reviewed the evidence, graded and attributed this event." in text
    assert "Fever four hours after the dose." in text


def test_a_wrong_password_gets_a_sentence_and_keeps_the_form(cast, episode):
    response = send(
        cast.okafor,
        episode,
        password="not mine",
        note="Kept on the page.",
        attribution_infection="unlikely",
    )
    text = response.content.decode()
    assert response.status_code == 422
    assert "This is not your password. Type it again." in text
    assert "Kept on the page." in text
    assert 'value="unlikely" checked' in text
    assert "not mine" not in text
    assert not Review.objects.exists()


def test_no_password_is_asked_for_in_words(cast, episode):
    response = send(cast.okafor, episode, password="")
    assert "Type your password again to sign." in response.content.decode()


def test_regrading_without_a_reason_is_refused_with_a_sentence(cast, episode):
    response = send(cast.okafor, episode, verdict="regrade", grade="3")
    text = response.content.decode()
    assert response.status_code == 422
    assert "Say why you decide otherwise than the program." in text
    assert not Review.objects.exists()


def test_another_event_without_another_cause_is_refused(cast, episode):
    response = send(
        cast.okafor, episode, verdict="not_this_event", grade=None, reason="urosepsis"
    )
    assert "Name the other cause" in response.content.decode()


def test_another_event_with_its_cause_is_kept(cast, episode):
    send(
        cast.okafor,
        episode,
        verdict="not_this_event",
        grade=None,
        reason="urosepsis",
        attribution_infection="probable",
    )
    review = Review.objects.get()
    assert review.verdict == "not_this_event"
    assert review.attribution["infection"] == "probable"


@pytest.mark.parametrize("verdict", ["not_this_event", "not_significant"])
def test_what_is_no_event_keeps_no_grade_that_the_page_hides(cast, episode, verdict):
    """The suggested grade stays chosen beneath: it was signed as a person's own."""
    told = {"verdict": verdict, "reason": "urosepsis", "serious": []}
    send(cast.okafor, episode, grade=2, **told, attribution_infection="probable")
    review = Review.objects.get()
    assert (review.verdict, review.grade) == (verdict, None)


def test_a_draft_is_kept_without_a_password_and_found_again(cast, episode):
    response = send(
        cast.okafor, episode, sign=None, draft="1", password=None, note="To look at."
    )
    assert response["Location"] == f"/episodes/{episode.pk}/"
    assert not Signature.objects.exists()
    text = as_(cast.okafor).get(f"/episodes/{episode.pk}/").content.decode()
    assert "Draft by" in text
    assert "To look at." in text


def test_an_episode_that_moved_on_is_not_signed_unseen(cast, episode, now):
    seen = episode.steps.order_by("pk").last().pk
    worse = {**LOW, "OXYSAT": "91", "OXYGEN_DEVICE": "nasal_cannula"}
    enter_at(cast, now - MINUTE, {**worse, "OXYGEN_FLOW": "2"})
    response = send(cast.okafor, episode, step=seen)
    assert response.status_code == 422
    assert not Signature.objects.exists()


def test_who_decides_while_another_signs_reads_that_decision_first(cast, episode):
    hire(cast, "abara", "D. Abara, MD", Role.INVESTIGATOR, cast.boston)
    assert send(cast.okafor, episode, last_review=0).status_code == 302
    response = send(cast.abara, episode, last_review=0, note="Seen at the bedside.")
    assert response.status_code == 422
    text = response.content.decode()
    assert "C. Okafor, MD decided on this while you did." in text
    assert "Seen at the bedside." in text
    assert Signature.objects.count() == 1
    standing = Signature.objects.get().review
    assert f'name="last_review" value="{standing.pk}"' in text
    again = send(cast.abara, episode, last_review=standing.pk, reason="Other grade.")
    assert again.status_code == 302
    assert Signature.objects.count() == 2


def test_the_queue_costs_the_same_for_one_and_for_three(cast, episode, now):
    def asked() -> int:
        client = as_(cast.okafor)
        with CaptureQueriesContext(connection) as captured:
            client.get("/queue/")
        return len(captured)

    asked()
    one = asked()
    another(cast, "02-015", now)
    another(cast, "02-016", now)
    assert asked() == one


def test_the_review_costs_the_same_however_many_sets_there_are(cast, episode, now):
    def asked() -> int:
        client = as_(cast.okafor)
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/episodes/{episode.pk}/")
        return len(captured)

    asked()
    one = asked()
    for minutes in (30, 20, 10):
        enter_at(cast, now - minutes * MINUTE, LOW)
    assert asked() == one


# Over, says a person


def test_who_says_that_it_is_over_while_it_stands_leaves_it_open(cast, episode):
    answer = as_(cast.okafor).post(f"/episodes/{episode.pk}/over/", follow=True)
    assert "It stays open: what made it is still there" in answer.content.decode()
    said = Fact.objects.get(kind="decision", code="resolved")
    assert (said.value, said.recorded_by) == ("crs", cast.okafor)


def test_who_only_reads_cannot_say_that_it_is_over(cast, episode):
    assert as_(cast.moreau).post(f"/episodes/{episode.pk}/over/").status_code == 403
    assert "Say that it is over" not in (
        as_(cast.moreau).get(f"/episodes/{episode.pk}/").content.decode()
    )
    assert not Fact.objects.exists()
