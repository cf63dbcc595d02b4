"""What was signed is decided again: with whose reason, and when nothing is written."""

from datetime import timedelta

import pytest
from django.test import Client

from monitor import clock, flow
from monitor.bedside.entry import read_reading
from monitor.bedside.models import Reading
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.review import queries
from monitor.review.models import Review, Signature
from monitor.review.states import State
from monitor.trials.models import Role
from tests.acts import LOW, baseline, enter
from tests.cast import PASSWORD, hire
from tests.review.test_signing import decision, sign
from tests.review.whole import typed

MINUTE = timedelta(minutes=1)


@pytest.fixture
def episode(cast, now):
    """A CRS of grade 2, which nobody has decided on."""
    baseline(cast)
    enter(cast, now - 5 * MINUTE, LOW)
    return Episode.objects.get()


@pytest.fixture
def signed(cast, now, episode):
    """The same, signed by Okafor a minute ago."""
    with clock.freeze(now - MINUTE):
        return sign(cast, episode).signature


@pytest.fixture
def okafor(cast):
    client = Client()
    client.force_login(cast.okafor)
    return client


def refusal(cast, episode, **more):
    with pytest.raises(Refused) as refused:
        sign(cast, episode, reason="", **more)
    assert refused.value.field == "reason"
    return refused.value.sentence


def test_what_was_signed_is_changed_with_a_reason_only(cast, signed, episode):
    said = refusal(cast, episode, note="the cultures stayed empty")
    assert said == (
        "C. Okafor, MD signed a decision here. Say in Reason why you decide again."
    )
    assert Review.objects.count() == 1


def test_the_reason_is_the_persons_own(cast, signed, episode):
    told = {"note": "the cultures stayed empty", "reason": "cultures are back"}
    review = sign(cast, episode, **told).review
    assert (review.reason, review.supersedes) == ("cultures are back", signed.review)


def test_where_nothing_changed_nothing_is_written(cast, signed, episode):
    again = sign(cast, episode, reason="")
    assert (again.stood, again.signature) == (True, signed)
    assert (Review.objects.count(), Signature.objects.count()) == (1, 1)


def test_a_first_signature_is_written(cast, episode):
    assert sign(cast, episode).stood is False


def test_what_changed_beneath_the_signature_is_answered_in_words(cast, signed, episode):
    pulse = Reading.objects.current().get(item="HR", number=int(LOW["HR"]))
    told = {"new": read_reading("HR", str(int(LOW["HR"]) - 1)), "reason": "typing"}
    flow.replace_reading(reading=pulse, by=cast.reyes, **told)
    assert queries.state_of(episode) is State.WITHDRAWN
    assert refusal(cast, episode) == (
        "What was signed has changed since. Say in Reason what you make of the change, "
        "and sign again."
    )
    sign(cast, episode, reason="the pulse changes no grade")
    assert queries.state_of(episode) is State.SIGNED


def test_who_disagrees_is_answered_in_words_also_by_the_same_decision(
    cast, signed, episode
):
    weber = hire(cast, "weber", "H. Weber, MD", Role.INVESTIGATOR, cast.boston)
    told = {"agrees": False, "text": "sepsis", "password": PASSWORD}
    flow.second_opinion(signature=signed, by=weber, **told)
    assert refusal(cast, episode) == (
        "H. Weber, MD disagrees with what was signed. Say in Reason why you decide "
        "the same, or otherwise."
    )
    assert not sign(cast, episode, reason="no germ in three cultures").stood


def test_a_draft_is_finished_without_a_reason(cast, episode):
    flow.save_review(episode=episode, by=cast.okafor, **decision(episode))
    review = sign(cast, episode, note="and a note").review
    assert (review.reason, review.note) == ("", "and a note")
    assert review.supersedes is not None


def test_the_page_asks_why_and_keeps_what_was_typed(signed, episode, okafor):
    address = f"/episodes/{episode.pk}/"
    page = okafor.get(address).content.decode()
    assert "A signed decision stands above. Say in Reason why you decide again." in page
    told = {"verdict": "agree", "grade": "2", "note": "kept, I hope", "sign": "1"}
    answer = okafor.post(address, typed(episode) | told | secret(reason=""))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Say in Reason why you decide again." in text
    assert "kept, I hope" in text
    assert Review.objects.count() == 1


def test_the_reason_of_what_is_signed_is_not_offered_for_another(
    cast, signed, episode, okafor
):
    sign(cast, episode, reason="cultures are back", note="empty")
    page = okafor.get(f"/episodes/{episode.pk}/").content.decode()
    field = page[page.index('id="id_reason"') :].partition(">")[0]
    assert 'value=""' in field


def secret(**more):
    return {"password": PASSWORD, **more}


@pytest.mark.parametrize("press", ["sign", "draft"])
def test_the_page_says_that_nothing_was_written(signed, episode, okafor, press):
    told = {"verdict": "agree", "grade": "2", "last_review": signed.review_id}
    given = typed(episode) | told | secret(reason="", **{press: "1"})
    address = f"/episodes/{episode.pk}/"
    answer = okafor.post(address, given, follow=True)
    assert answer.redirect_chain == [(address, 302)]
    assert (
        "02-014: nothing differs from what is kept. That stands, and nothing more was "
        "written."
    ) in answer.content.decode()
    assert Review.objects.count() == 1
