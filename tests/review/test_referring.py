"""An event is referred to another person: whose it is then, and who learns it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from monitor import clock, flow
from monitor.audit.models import Event
from monitor.clinical.study.escalation import Policy
from monitor.episodes.models import Episode
from monitor.notices.models import Notice
from monitor.refusal import Refused
from monitor.review import queries
from monitor.review.referrals import Referral
from monitor.review.states import State
from monitor.trials import actions
from monitor.trials.models import Role
from tests.acts import LOW, baseline, enter_at
from tests.cast import hire
from tests.review.test_signing import decision, sign

MINUTE = timedelta(minutes=1)
WHY = "I treated her; please decide"


@pytest.fixture
def episode(cast, now):
    baseline(cast)
    enter_at(cast, now - 10 * MINUTE, LOW)
    return Episode.objects.get()


@pytest.fixture
def weber(cast):
    """A second investigator at Boston."""
    return hire(cast, "weber", "H. Weber, MD", Role.INVESTIGATOR, cast.boston)


def refer(episode, by, to, **more):
    told = {"reason": WHY, "key": uuid4(), **more}
    return flow.refer(episode=episode, by=by, to=to, **told)


def placed(user):
    """Section of the queue -> its rows, where there are any."""
    return {one.key: one.rows for one in queries.queue(user).sections if one.rows}


def as_(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.requirement("I5.1")
def test_it_waits_in_the_queue_of_who_was_asked_and_on_others_in_every_other(
    cast, episode, weber
):
    refer(episode, cast.okafor, weber)
    (hers,) = placed(cast.okafor)["waiting"]
    (his,) = placed(weber)["due"]
    assert hers.state is his.state is State.REFERRED
    assert hers.assigned == his.assigned == "H. Weber, MD"
    assert his.state_note == f"by C. Okafor, MD: {WHY}"
    assert hers.late is False


def test_the_number_on_every_page_is_that_of_the_queue(cast, episode, weber):
    assert (queries.waiting(cast.okafor), queries.waiting(weber)) == (1, 1)
    refer(episode, cast.okafor, weber)
    assert (queries.waiting(cast.okafor), queries.waiting(weber)) == (0, 1)
    assert queries.queue(cast.okafor).total == 0
    assert queries.queue(weber).total == 1


@pytest.mark.parametrize(
    ("minutes", "theirs", "own"),
    [(-1, "waiting", "due"), (0, "waiting", "due"), (1, "overdue", "overdue")],
)
def test_when_it_is_late_it_is_overdue_for_everybody_who_could_decide_it(
    cast, now, episode, weber, minutes, theirs, own
):
    refer(episode, cast.okafor, weber)
    due = placed(weber)["due"][0].due_at
    with clock.freeze(due + minutes * MINUTE):
        assert (list(placed(cast.okafor)), list(placed(weber))) == ([theirs], [own])
        for person in (cast.okafor, weber):
            assert queries.waiting(person) == queries.queue(person).total
    assert due == now - 9 * MINUTE + timedelta(hours=24)


def test_a_late_one_says_still_whose_it_is(cast, now, episode, weber):
    refer(episode, cast.okafor, weber)
    with clock.freeze(now + timedelta(hours=25)):
        (row,) = placed(cast.okafor)["overdue"]
    assert (row.assigned, row.state, row.late) == (
        "H. Weber, MD",
        State.REFERRED,
        True,
    )


def test_another_sites_late_referral_is_nobody_elses(cast, now, episode, weber):
    refer(episode, cast.okafor, weber)
    with clock.freeze(now + timedelta(hours=25)):
        assert (placed(cast.berg), queries.waiting(cast.berg)) == ({}, 0)


def test_the_person_learns_it_and_nobody_else(cast, episode, weber):
    refer(episode, cast.okafor, weber)
    notice = Notice.objects.get(kind="referred")
    assert notice.lines == [f"CRS: referred to you by C. Okafor, MD. {WHY}"]
    assert notice.path == f"/episodes/{episode.pk}/"
    told = [one.tell for one in Policy.thawed(notice.policy).steps]
    assert told == [("person:weber",)]


def test_the_trail_keeps_to_whom_and_why(cast, episode, weber):
    refer(episode, cast.okafor, weber)
    event = Event.objects.get(action="review.referred")
    assert (event.actor, event.reason) == ("okafor", WHY)
    assert [one["new"] for one in event.changes] == ["H. Weber, MD"]


def test_a_decision_ends_it_whoever_decides(cast, now, episode, weber):
    refer(episode, cast.okafor, weber)
    sign(cast, episode, by=weber)
    assert queries.state_of(episode) is State.SIGNED
    assert Notice.objects.get(kind="referred").ended_at == now
    assert list(placed(cast.okafor)) == ["done"]


def test_a_draft_that_was_referred_is_not_signed_without_a_new_decision(
    cast, episode, weber
):
    draft = flow.save_review(episode=episode, by=cast.okafor, **decision(episode))
    refer(episode, cast.okafor, weber)
    assert queries.latest(episode).state is State.REFERRED
    made = flow.sign_drafts(
        drafts=[draft], by=cast.okafor, password="four lamps on the quay", meaning="."
    )
    assert made.signed == []
    sign(cast, episode)
    assert queries.latest(episode).state is State.SIGNED


def test_it_can_be_referred_on_and_the_last_person_owns_it(cast, now, episode, weber):
    other = hire(cast, "ito", "R. Ito, MD", Role.INVESTIGATOR, cast.boston)
    refer(episode, cast.okafor, weber)
    with clock.freeze(now + MINUTE):
        refer(episode, weber, other, reason="I am away from noon")
    assert [row.assigned for row in placed(weber)["waiting"]] == ["R. Ito, MD"]
    assert Notice.objects.filter(kind="referred", ended_at=None).count() == 1


def test_one_press_sent_twice_refers_once(cast, episode, weber):
    key = uuid4()
    first = refer(episode, cast.okafor, weber, key=key)
    assert refer(episode, cast.okafor, weber, key=key) == first
    assert Referral.objects.count() == 1


@pytest.mark.parametrize(
    ("to", "more", "field"),
    [
        ("weber", {"reason": "  "}, "referral_reason"),
        ("okafor", {}, "to"),
        ("reyes", {}, "to"),
        ("berg", {}, "to"),
    ],
)
def test_it_goes_with_a_reason_to_somebody_else_who_reviews_here(
    cast, episode, weber, to, more, field
):
    with pytest.raises(Refused) as refused:
        refer(episode, cast.okafor, cast.people[to], **more)
    assert refused.value.field == field
    assert not Referral.objects.exists()


def test_what_is_signed_is_decided_again_before_it_is_referred(cast, episode, weber):
    sign(cast, episode)
    with pytest.raises(Refused):
        refer(episode, cast.okafor, weber)


def test_a_nurse_refers_nothing(cast, episode, weber):
    with pytest.raises(PermissionDenied):
        refer(episode, cast.reyes, weber)


def test_one_to_somebody_who_is_gone_holds_nobody_up(cast, episode, weber):
    refer(episode, cast.okafor, weber)
    actions.lock_account(user=weber, by=cast.vance, reason="left")
    assert list(placed(cast.okafor)) == ["due"]
    assert queries.waiting(cast.okafor) == 1


def test_the_page_refers_it_and_says_whose_it_is(cast, episode, weber):
    address = f"/episodes/{episode.pk}/"
    okafor = as_(cast.okafor)
    assert "Refer to another person" in okafor.get(address).content.decode()
    told = {"to": weber.pk, "referral_reason": WHY, "key": uuid4()}
    said = okafor.post(f"{address}refer/", told, follow=True).content.decode()
    assert "Referred to H. Weber, MD, who is told now." in said
    assert "referred" in said
    page = as_(weber).get(address).content.decode()
    assert "Referred to H. Weber, MD" in page
    assert WHY in page


def test_the_page_says_what_a_referral_lacks(cast, episode, weber):
    told = {"to": "", "referral_reason": "", "key": uuid4()}
    address = f"/episodes/{episode.pk}/refer/"
    said = as_(cast.okafor).post(address, told, follow=True).content.decode()
    assert "Choose another person who reviews at this site." in said
    assert "Say why you refer it." in said


def test_what_was_typed_for_a_referral_is_kept_when_it_is_refused(cast, episode, weber):
    told = {"to": "", "referral_reason": WHY, "key": uuid4()}
    answer = as_(cast.okafor).post(f"/episodes/{episode.pk}/refer/", told)
    assert answer.status_code == 422
    assert f'value="{WHY}"' in answer.content.decode()
