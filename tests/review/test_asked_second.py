"""Who signed asks a colleague for a second opinion; the signature stands meanwhile."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from monitor import clock, flow
from monitor.audit.models import Event
from monitor.bedside.entry import read_reading
from monitor.bedside.models import Reading
from monitor.clinical.study.escalation import Policy
from monitor.episodes.models import Episode
from monitor.notices.models import Notice
from monitor.refusal import Refused
from monitor.review import dossier, queries
from monitor.review.models import Signature
from monitor.review.seconds import OpinionAsked, standing
from monitor.review.states import State
from monitor.trials import actions
from monitor.trials.models import Role
from tests.acts import LOW, baseline, enter_at
from tests.cast import PASSWORD, hire
from tests.review.test_dossier import read
from tests.review.test_signing import sign

MINUTE = timedelta(minutes=1)
WHAT = "Is this not sepsis?"


@pytest.fixture
def signature(cast, now):
    """Okafor's, on the CRS of 02-014."""
    baseline(cast)
    enter_at(cast, now - 10 * MINUTE, LOW)
    return sign(cast, Episode.objects.get()).signature


@pytest.fixture
def episode(signature):
    return signature.review.episode


@pytest.fixture
def weber(cast):
    """A second investigator at Boston."""
    return hire(cast, "weber", "H. Weber, MD", Role.INVESTIGATOR, cast.boston)


def ask(signature, by, to, **more):
    told = {"text": WHAT, "key": uuid4(), **more}
    return flow.ask_opinion(signature=signature, by=by, to=to, **told)


def opine(signature, by, **more):
    told = {"agrees": True, "text": "", "password": PASSWORD, **more}
    return flow.second_opinion(signature=signature, by=by, **told)


def placed(user):
    """Section of the queue -> its rows, where there are any."""
    return {one.key: one.rows for one in queries.queue(user).sections if one.rows}


def as_(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.requirement("I5.1")
def test_asking_leaves_the_signature_as_it_is(cast, signature, episode, weber):
    digest = signature.digest
    ask(signature, cast.okafor, weber)
    latest = queries.latest(episode)
    assert (latest.state, latest.signature, latest.withdrawal) == (
        State.SIGNED,
        signature,
        None,
    )
    assert Signature.objects.get().digest == digest


def test_it_is_due_of_who_was_asked_and_waits_on_others_for_who_signed(
    cast, signature, weber
):
    assert (list(placed(cast.okafor)), list(placed(weber))) == (["done"], ["done"])
    ask(signature, cast.okafor, weber)
    (hers,) = placed(cast.okafor)["waiting"]
    (his,) = placed(weber)["due"]
    assert hers.state is his.state is State.SIGNED
    assert hers.assigned == his.assigned == "H. Weber, MD"
    assert (his.due_note, hers.due_at) == ("second opinion", None)
    assert his.state_note == f"C. Okafor, MD asks for a second opinion: “{WHAT}”"


def test_the_number_on_every_page_is_that_of_the_queue(cast, signature, weber):
    ask(signature, cast.okafor, weber)
    for person, number in ((cast.okafor, 0), (weber, 1)):
        assert queries.waiting(person) == queries.queue(person).total == number
    assert queries.to_do(weber) == [signature.review.episode_id]


@pytest.mark.parametrize(
    ("minutes", "section"), [(-1, "due"), (0, "due"), (1, "overdue")]
)
def test_it_becomes_late_for_who_was_asked_alone(
    cast, now, signature, weber, minutes, section
):
    ask(signature, cast.okafor, weber)
    due = placed(weber)["due"][0].due_at
    assert due == now + timedelta(hours=24)
    with clock.freeze(due + minutes * MINUTE):
        assert (list(placed(cast.okafor)), list(placed(weber))) == (
            ["waiting"],
            [section],
        )
        for person in (cast.okafor, weber):
            assert queries.waiting(person) == queries.queue(person).total


def test_the_colleague_learns_it_and_nobody_else(signature, cast, weber):
    ask(signature, cast.okafor, weber)
    notice = Notice.objects.get(kind="opinion")
    said = f"CRS: C. Okafor, MD asks for your second opinion. {WHAT}"
    assert notice.lines == [said]
    assert notice.path == f"/episodes/{signature.review.episode_id}/"
    told = [one.tell for one in Policy.thawed(notice.policy).steps]
    assert told == [("person:weber",)]


def test_the_trail_keeps_of_whom_and_what(cast, signature, weber):
    ask(signature, cast.okafor, weber)
    event = Event.objects.get(action="review.opinion_asked")
    assert (event.actor, event.reason) == ("okafor", WHAT)
    assert [one["new"] for one in event.changes] == ["H. Weber, MD"]


def test_the_opinion_answers_it(cast, now, signature, weber):
    ask(signature, cast.okafor, weber)
    opine(signature, weber)
    assert not standing().exists()
    assert Notice.objects.get(kind="opinion").ended_at == now
    assert (list(placed(cast.okafor)), list(placed(weber))) == (["done"], ["done"])


def test_a_disagreement_comes_back_to_who_signed(cast, signature, weber):
    ask(signature, cast.okafor, weber)
    opine(signature, weber, agrees=False, text="sepsis")
    assert list(placed(cast.okafor)) == ["due"]
    assert list(placed(weber)) == ["waiting"]


def corrected(cast):
    pulse = Reading.objects.current().get(item="HR", number=int(LOW["HR"]))
    told = {"new": read_reading("HR", str(int(LOW["HR"]) - 1)), "reason": "typing"}
    flow.replace_reading(reading=pulse, by=cast.reyes, **told)


def decided_again(cast):
    sign(cast, Episode.objects.get(), note="cultures are back")


@pytest.mark.parametrize("change", [corrected, decided_again])
def test_what_is_not_signed_any_more_waits_for_no_opinion(
    cast, now, signature, weber, change
):
    ask(signature, cast.okafor, weber)
    with clock.freeze(now + MINUTE):
        change(cast)
        assert not standing().exists()
        ended = Notice.objects.get(kind="opinion").ended_at
        assert ended == now + MINUTE


def test_the_same_decision_again_leaves_it_asked(cast, signature, episode, weber):
    ask(signature, cast.okafor, weber)
    sign(cast, episode, reason="")
    assert standing().count() == 1
    assert Notice.objects.get(kind="opinion").ended_at is None


def test_one_press_sent_twice_asks_once(cast, signature, weber):
    key = uuid4()
    first = ask(signature, cast.okafor, weber, key=key)
    assert ask(signature, cast.okafor, weber, key=key) == first
    assert OpinionAsked.objects.count() == 1


def test_several_colleagues_are_asked_each_once(cast, signature, weber):
    ito = hire(cast, "ito", "R. Ito, MD", Role.INVESTIGATOR, cast.boston)
    ask(signature, cast.okafor, weber)
    with pytest.raises(Refused) as refused:
        ask(signature, cast.okafor, weber)
    assert refused.value.field == "colleague"
    ask(signature, cast.okafor, ito)
    opine(signature, ito)
    assert placed(cast.okafor)["waiting"][0].assigned == "H. Weber, MD"
    assert list(placed(ito)) == ["waiting"]


@pytest.mark.parametrize(
    ("to", "more", "field"),
    [
        ("weber", {"text": "  "}, "asked_text"),
        ("okafor", {}, "colleague"),
        ("reyes", {}, "colleague"),
        ("berg", {}, "colleague"),
    ],
)
def test_it_asks_something_of_somebody_else_who_reviews_here(
    cast, signature, weber, to, more, field
):
    with pytest.raises(Refused) as refused:
        ask(signature, cast.okafor, cast.people[to], **more)
    assert refused.value.field == field
    assert not OpinionAsked.objects.exists()


def test_who_did_not_sign_gives_their_own(cast, signature, weber):
    ito = hire(cast, "ito", "R. Ito, MD", Role.INVESTIGATOR, cast.boston)
    with pytest.raises(Refused) as refused:
        ask(signature, weber, ito)
    assert "Who signed asks for a second opinion." in refused.value.sentence


def test_a_nurse_asks_for_none(cast, signature, weber):
    with pytest.raises(PermissionDenied):
        ask(signature, cast.reyes, weber)


def test_nothing_waits_on_somebody_who_is_gone(cast, signature, weber):
    ask(signature, cast.okafor, weber)
    actions.lock_account(user=weber, by=cast.vance, reason="left")
    assert list(placed(cast.okafor)) == ["done"]


def test_the_page_asks_and_says_who_was_asked(cast, signature, episode, weber):
    address = f"/episodes/{episode.pk}/"
    okafor = as_(cast.okafor)
    assert "Ask for a second opinion" in okafor.get(address).content.decode()
    told = {"colleague": weber.pk, "asked_text": WHAT, "key": uuid4()}
    said = okafor.post(f"{address}second/", told, follow=True).content.decode()
    assert "H. Weber, MD is asked for a second opinion. Your signature stands." in said
    assert "Second opinion asked of H. Weber, MD" in said
    theirs = as_(weber).get(address).content.decode()
    assert "Second opinion asked of H. Weber, MD" in theirs
    assert "Ask for a second opinion" not in theirs


def test_the_same_press_twice_on_the_page_asks_once(cast, episode, weber):
    told = {"colleague": weber.pk, "asked_text": WHAT, "key": uuid4()}
    okafor = as_(cast.okafor)
    answers = [okafor.post(f"/episodes/{episode.pk}/second/", told) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert OpinionAsked.objects.count() == 1


def test_the_dossier_says_who_was_asked_what(cast, signature, episode, weber):
    ask(signature, cast.okafor, weber)
    text = read(dossier.make(episode, cast.okafor).content)
    assert f"Second opinion asked of H. Weber, MD: {WHAT}" in text
    assert f"is asked: {WHAT}" in text
    opine(signature, weber)
    text = read(dossier.make(episode, cast.okafor).content)
    assert f"is asked: {WHAT}" in text
    assert "Second reviewer agrees with what C. Okafor, MD signed" in text


def test_what_it_lacks_is_said_and_what_was_typed_is_kept(cast, episode, weber):
    told = {"colleague": "", "asked_text": WHAT, "key": uuid4()}
    address = f"/episodes/{episode.pk}/second/"
    answer = as_(cast.okafor).post(address, told)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose a colleague who reviews at this site and was not asked yet." in text
    assert f'value="{WHAT}"' in text
    answer = as_(cast.okafor).post(address, told | {"asked_text": ""})
    assert "Say what you ask." in answer.content.decode()


def test_where_nobody_else_reviews_the_page_says_so(cast, episode):
    page = as_(cast.okafor).get(f"/episodes/{episode.pk}/").content.decode()
    assert "There is nobody left to ask: nobody else reviews at this site" in page
