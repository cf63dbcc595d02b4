"""A decision and its signature: whose, on what, and what undoes it."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from monitor import clock, flow
from monitor.audit.models import Event
from monitor.bedside.entry import read_reading
from monitor.bedside.models import Reading
from monitor.episodes import queries as episodes
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.review import actions, content, queries
from monitor.review.actions import WrongPassword, decisions
from monitor.review.models import Look, Review, Signature
from monitor.review.states import State
from tests.acts import FEVER, LOW, baseline, enter
from tests.cast import PASSWORD
from tests.review.whole import whole

MINUTE = timedelta(minutes=1)
BOSTON = ZoneInfo("America/New_York")
MEANING = "I reviewed the evidence, graded and attributed this event."


@pytest.fixture
def episode(cast, now):
    """A CRS of grade 2 that Reyes has entered."""
    baseline(cast)
    enter(cast, now - 5 * MINUTE, LOW)
    return Episode.objects.get()


def decision(episode, **more):
    row = episodes.episode_row(episode)
    told = {"verdict": "agree", "scale": row.scale, "grade": row.max_grade, **more}
    return whole(episode, **told)


def sign(cast, episode, by=None, password=PASSWORD, **more):
    return flow.review_and_sign(
        episode=episode,
        by=by or cast.okafor,
        password=password,
        meaning=MEANING,
        **decision(episode, **more),
    )


@pytest.mark.requirement("S1")
def test_the_participants_page_shows_the_event_with_its_signature(
    client, cast, now, episode
):
    def page():
        client.force_login(cast.reyes)
        answer = client.get("/participants/02-014/").content.decode()
        return " ".join(re.sub("<[^>]*>", " ", answer).split())

    assert "signed:" not in page()
    sign(cast, episode)
    said = f"C. Okafor, MD, {now.astimezone(BOSTON):%H:%M}"
    assert f"Agree, grade 2, signed: {said}" in page()
    low = Reading.objects.get(item="SYSBP", number=86)
    flow.void_reading(reading=low, by=cast.reyes, reason="another bed")
    assert f"Agree, grade 2, signature withdrawn: {said}" in page()


def test_earlier_decisions_stand_below_the_one_that_is_made(client, cast, episode):
    sign(cast, episode)
    sign(cast, episode, reason="once more", note="the second")
    client.force_login(cast.okafor)
    page = client.get(f"/episodes/{episode.pk}/").content.decode()
    before, form = page.index("the second"), page.index('id="decision"')
    assert before < form < page.index("replaced by a later decision")
    assert page.count("Signed by") == 2


@pytest.mark.requirement("S1")
def test_a_signature_prints_name_role_time_zone_and_meaning(cast, now, episode):
    signature = sign(cast, episode).signature
    assert signature.printed_name == "C. Okafor, MD"
    assert signature.role == "investigator"
    assert signature.signed_at == now
    assert signature.time_zone == "America/New_York"
    assert signature.meaning == MEANING
    assert queries.latest(episode).state is State.SIGNED


@pytest.mark.requirement("S3")
def test_it_is_bound_to_what_was_signed(cast, now, episode):
    signed = sign(cast, episode)
    assert signed.signature.digest == content.digest_of(signed.review)
    other = Review.objects.get(pk=signed.review.pk)
    other.note = "written later"
    assert content.digest_of(other) != signed.signature.digest


@pytest.mark.requirement("S2")
def test_a_wrong_password_signs_nothing(cast, now, episode):
    with pytest.raises(WrongPassword):
        sign(cast, episode, password="guess")
    assert Signature.objects.count() == 0


def test_guessing_is_stopped_and_kept(cast, now, episode):
    for _time in range(decisions.GUESSES):
        with pytest.raises(WrongPassword):
            sign(cast, episode, password="guess")
    with pytest.raises(Refused) as refused:
        sign(cast, episode)
    assert "Too many wrong passwords" in refused.value.sentence
    assert Event.objects.filter(action="signature.refused").count() == decisions.GUESSES
    with clock.freeze(now + 16 * MINUTE):
        assert sign(cast, episode).signature


@pytest.mark.parametrize("who", ["reyes", "chen", "moreau", "iyer", "berg", "novak"])
def test_only_an_investigator_of_the_site_signs(cast, episode, who):
    with pytest.raises(PermissionDenied):
        sign(cast, episode, by=getattr(cast, who))


def test_two_submits_are_one_decision_and_one_signature(cast, now, episode):
    first, second = sign(cast, episode), sign(cast, episode, reason="")
    assert (first.review, first.signature) == (second.review, second.signature)
    assert Review.objects.count() == 1


def test_another_decision_supersedes_and_keeps_the_first(cast, now, episode):
    sign(cast, episode)
    with clock.freeze(now + MINUTE):
        worse = {"grade": 3, "ctcae_grade": 3, "reason": "worse than it looks"}
        sign(cast, episode, verdict="regrade", **worse)
    newest, first = queries.reviews_of(episode)
    assert (newest.current, first.current) == (True, False)
    assert (newest.review.grade, first.review.grade) == (3, 2)
    assert first.signature is not None


def test_a_draft_waits_without_a_signature(cast, now, episode):
    flow.save_review(episode=episode, by=cast.okafor, **decision(episode))
    assert queries.latest(episode).state is State.UNDER_REVIEW


def test_a_decision_that_differs_says_why(cast, now, episode):
    with pytest.raises(Refused) as refused:
        sign(cast, episode, verdict="regrade", grade=3)
    assert refused.value.field == "reason"
    assert Review.objects.count() == 0


def test_nobody_signs_what_has_moved_on_meanwhile(cast, now, episode):
    shown = queries.last_step(episode).pk
    danger = {**LOW, "SYSBP": "76", "DIABP": "40"}
    enter(cast, now, danger)
    with pytest.raises(Refused) as refused:
        sign(cast, episode, step=shown)
    assert "has changed since you opened it" in refused.value.sentence


def test_nobody_signs_a_value_that_was_corrected_before_their_eyes(cast, now, episode):
    shown = content.shown_of(episode, now)
    pulse = Reading.objects.current().get(item="HR", number=int(LOW["HR"]))
    with clock.freeze(now + MINUTE):
        told = {"new": read_reading("HR", str(int(LOW["HR"]) - 1)), "reason": "typing"}
        flow.replace_reading(reading=pulse, by=cast.reyes, **told)
    step = queries.last_step(episode).pk
    with clock.freeze(now + 2 * MINUTE):
        with pytest.raises(Refused) as refused:
            sign(cast, episode, shown=shown, step=step)
        said = (
            "A. Reyes, RN corrected Heart rate of 19 Nov 14:25: 123 /min, was 124 /min"
        )
        assert refused.value.sentence.startswith(f"{said} while you decided.")
        assert Review.objects.count() == 0
        sign(cast, episode, shown=content.shown_of(episode, clock.now()), step=step)
    assert Review.objects.count() == 1


def test_a_rise_after_the_signature_asks_again_and_withdraws_nothing(
    cast, now, episode
):
    signed = sign(cast, episode)
    with clock.freeze(now + 10 * MINUTE):
        enter(cast, now + 10 * MINUTE, {**LOW, "SYSBP": "76", "DIABP": "40"})
    latest = queries.latest(episode)
    assert latest.state is State.CHANGED
    assert latest.withdrawal is None
    assert not hasattr(signed.signature, "withdrawal")


@pytest.mark.requirement("S3")
def test_a_late_set_from_before_the_signature_withdraws_it(cast, now, episode):
    sign(cast, episode)
    with clock.freeze(now + 10 * MINUTE):
        enter(cast, now - 15 * MINUTE, FEVER)
    assert queries.latest(episode).state is State.WITHDRAWN


def test_withdrawing_twice_is_once(cast, now, episode):
    signature = sign(cast, episode).signature
    first = actions.withdraw(signature=signature, cause="corrected", at=now)
    again = actions.withdraw(signature=signature, cause="again", at=now)
    assert first == again
    assert again.cause == "corrected"


def since_look(cast, episode):
    seen = queries.looked_at(cast.okafor, episode)
    return queries.changes_since(seen, episodes.history(episode))


def test_a_look_marks_what_comes_later(cast, now, episode):
    assert since_look(cast, episode) == []
    flow.look(episode=episode, by=cast.okafor)
    with clock.freeze(now + 10 * MINUTE):
        enter(cast, now + 10 * MINUTE, {**LOW, "SYSBP": "76", "DIABP": "40"})
    changes = since_look(cast, episode)
    assert [one.level for one in changes] == ["critical"]
    flow.look(episode=episode, by=cast.okafor)
    assert Look.objects.count() == 1


def test_every_step_of_it_is_in_the_audit_trail(cast, now, episode):
    sign(cast, episode)
    told = Event.objects.filter(participant="02-014").values_list("action", flat=True)
    assert {"episode.opened", "review.recorded", "review.signed"} <= set(told)


def test_a_draft_is_looked_at_again_where_a_value_was_corrected_since(
    cast, now, episode
):
    """It is not signed among the drafts, and the same decision is a new one."""
    draft = flow.save_review(episode=episode, by=cast.okafor, **decision(episode))
    reading = Reading.objects.current().filter(item="OXYSAT").latest("pk")
    told = {"unit": reading.typed_unit, "by": cast.reyes, "reason": "misread"}
    with clock.freeze(now + MINUTE):
        flow.correct_reading(reading=reading, typed="97", **told)
    with clock.freeze(now + 2 * MINUTE):
        found = flow.sign_drafts(
            drafts=[draft], by=cast.okafor, password=PASSWORD, meaning=MEANING
        )
        assert found.signed == []
        assert "corrected or added after this draft" in found.refused[0][1]
        signed = sign(cast, episode)
    assert signed.review.pk != draft.pk
