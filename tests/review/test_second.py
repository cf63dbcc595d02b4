"""Several drafts signed at once, each by itself; and a second reviewer's word."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from monitor import clock, flow
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.review import queries
from monitor.review.actions import WrongPassword
from monitor.review.models import SecondOpinion, Signature
from monitor.trials.models import Role
from tests.acts import LOW, baseline, enter, enter_at
from tests.cast import CYCLE_OPENED, PASSWORD, hire, open_cycle
from tests.review.test_signing import MEANING, decision, sign

MINUTE = timedelta(minutes=1)


@pytest.fixture
def episode(cast, now):
    baseline(cast)
    enter_at(cast, now - 10 * MINUTE, LOW)
    return Episode.objects.get()


@pytest.fixture
def two_drafts(cast, now, episode):
    """02-014 and 02-015, each decided and not signed."""
    with clock.freeze(CYCLE_OPENED):
        cycle = open_cycle(cast, "02-015")
    enter(cast, now, LOW, cycle=cycle)
    other = Episode.objects.filter(cycle=cycle).first()
    flow.save_review(episode=episode, by=cast.okafor, **decision(episode))
    told = {"verdict": "not_significant", "grade": None, "reason": "a slipped cuff"}
    flow.save_review(episode=other, by=cast.okafor, **decision(other, **told))
    return queries.drafts_of(cast.okafor)


def sign_all(cast, drafts, by=None, password=PASSWORD):
    told = {"password": password, "meaning": MEANING}
    return flow.sign_drafts(drafts=drafts, by=by or cast.okafor, **told)


@pytest.mark.requirement("S5")
def test_each_draft_gets_a_signature_of_its_own(cast, two_drafts):
    made = sign_all(cast, two_drafts)
    assert {one.review for one in made.signed} == set(two_drafts)
    assert len({one.digest for one in Signature.objects.all()}) == 2
    assert queries.drafts_of(cast.okafor) == []


def test_a_wrong_password_signs_none_of_them(cast, two_drafts):
    with pytest.raises(WrongPassword):
        sign_all(cast, two_drafts, password="guess")
    assert not Signature.objects.exists()


def test_a_draft_whose_episode_moved_on_is_named_and_holds_up_no_other(
    cast, now, two_drafts
):
    with clock.freeze(now + MINUTE):
        enter(cast, now + MINUTE, {**LOW, "SYSBP": "76", "DIABP": "40"})
        made = sign_all(cast, two_drafts)
    ((draft, sentence),) = made.refused
    assert draft.episode.cycle == cast.cycle
    assert "has changed since this draft" in sentence
    assert [one.review for one in made.signed] == [two_drafts[1]]


def test_nobody_signs_anothers_draft(cast, two_drafts):
    made = sign_all(cast, two_drafts[:1], by=cast.people["okafor"])
    assert len(made.signed) == 1
    with pytest.raises(PermissionDenied):
        sign_all(cast, two_drafts[1:], by=cast.berg)


def as_(user):
    client = Client()
    client.force_login(user)
    return client


def test_the_page_lists_what_is_signed_and_signs_what_is_chosen(cast, two_drafts):
    okafor = as_(cast.okafor)
    page = okafor.get("/queue/sign/").content.decode()
    assert "02-014 · CRS" in page
    assert "a slipped cuff" in page
    assert "Sign drafts (2)" in okafor.get("/queue/").content.decode()
    none = okafor.post("/queue/sign/", {"password": PASSWORD})
    assert "Choose what you sign." in none.content.decode()
    told = {"drafts": [two_drafts[0].pk], "password": PASSWORD}
    okafor.post("/queue/sign/", told)
    assert Signature.objects.get().review == two_drafts[0]


# A second reviewer


@pytest.fixture
def weber(cast):
    """A second investigator at Boston."""
    return hire(cast, "weber", "H. Weber, MD", Role.INVESTIGATOR, cast.boston)


def opine(signature, by, **more):
    told = {"agrees": False, "text": "sepsis, not CRS", "password": PASSWORD, **more}
    return flow.second_opinion(signature=signature, by=by, **told)


def test_a_disagreement_is_kept_beside_the_signature(cast, episode, weber):
    signature = sign(cast, episode).signature
    opine(signature, weber)
    latest = queries.latest(episode)
    assert latest.signature == signature
    assert latest.withdrawal is None
    page = as_(cast.reyes).get(f"/episodes/{episode.pk}/").content.decode()
    assert "Second reviewer disagrees:" in page
    assert "sepsis, not CRS" in page
    assert "H. Weber, MD" in page


def test_an_opinion_is_given_once(cast, episode, weber):
    signature = sign(cast, episode).signature
    first = opine(signature, weber)
    assert opine(signature, weber, agrees=True) == first
    assert SecondOpinion.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "field"), [({"text": " "}, "text"), ({"password": "guess"}, "password")]
)
def test_an_opinion_needs_its_words_and_the_password(cast, episode, weber, told, field):
    signature = sign(cast, episode).signature
    with pytest.raises(Refused) as refused:
        opine(signature, weber, **told)
    assert refused.value.field == field
    assert not SecondOpinion.objects.exists()


def test_who_signed_is_no_second_reviewer(cast, episode):
    signature = sign(cast, episode).signature
    with pytest.raises(Refused):
        opine(signature, cast.okafor)


def test_a_signature_that_fell_gets_no_opinion(cast, now, episode, weber):
    signature = sign(cast, episode).signature
    with clock.freeze(now + MINUTE):
        sign(cast, episode, note="looked again")
    with pytest.raises(Refused):
        opine(signature, weber)


def test_the_page_takes_the_second_opinion(cast, episode, weber):
    sign(cast, episode)
    told = {"agrees": "1", "text": "", "password": PASSWORD}
    address = f"/episodes/{episode.pk}/opinion/"
    answer = as_(weber).post(address, told, follow=True).content.decode()
    assert "Your opinion is kept beside the signature." in answer
    assert "Second reviewer agrees:" in answer


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"text": ""}, "Say in what you disagree."),
        ({"password": "guess"}, "This is not your password. Type it again."),
        ({"password": ""}, "Type your password again to sign."),
    ],
)
def test_what_an_opinion_lacks_is_said_beside_it_and_the_words_are_kept(
    cast, episode, weber, told, said
):
    sign(cast, episode)
    typed = {"agrees": "", "text": "sepsis, not CRS", "password": PASSWORD} | told
    answer = as_(weber).post(f"/episodes/{episode.pk}/opinion/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert f'value="{typed["text"]}"' in page or not typed["text"]
    assert not SecondOpinion.objects.exists()


def test_nobody_agrees_or_disagrees_by_leaving_it(cast, episode, weber):
    """To agree was chosen beforehand: a password alone was an opinion."""
    sign(cast, episode)
    page = as_(weber).get(f"/episodes/{episode.pk}/").content.decode()
    choice = page[page.index('class="opinion-choice"') :].partition("</fieldset>")[0]
    assert "checked" not in choice
    typed = {"text": "", "password": PASSWORD}
    answer = as_(weber).post(f"/episodes/{episode.pk}/opinion/", typed)
    assert "Choose whether you agree." in answer.content.decode()
    assert not SecondOpinion.objects.exists()
