"""What must be in a decision before somebody signs it, and what need not."""

import pytest

from monitor import flow
from monitor.episodes import queries as episodes
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.review import desk
from monitor.review.complete import lacking
from monitor.review.consistency import Decision, Standing, problems
from monitor.review.listing import edition_of, listing_of
from monitor.review.models import Review, Signature
from monitor.trials import actions
from tests.acts import LOW, baseline, enter
from tests.cast import PASSWORD
from tests.review.test_pages import as_, send
from tests.review.whole import whole

SUSPECTS = {"study_drug": "Study drug", "infection": "Infection"}
OPEN = Standing(suggested=2, closed=False, agents=["study_drug"], suspects=SUSPECTS)
FULL = {
    "grade": 2,
    "attribution": {"study_drug": "possible", "infection": "unlikely"},
    "action": {"study_drug": "DOSE NOT CHANGED"},
    "outcome": "UNKNOWN",
}
MEANING = "I reviewed the evidence."


@pytest.fixture
def episode(cast, now):
    baseline(cast)
    enter(cast, now, LOW)
    return Episode.objects.get()


def told(**changes):
    return Decision.of(**{"verdict": "agree"} | FULL | changes)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, {}),
        (
            {"attribution": {"study_drug": "possible"}},
            {"attribution": "Judge each suspect. Not judged yet: Infection."},
        ),
        (
            {"attribution": {}},
            {
                "attribution": (
                    "Judge each suspect. Not judged yet: Study drug, Infection."
                )
            },
        ),
        (
            {"action": {}},
            {
                "action_study_drug": (
                    "What was done with Study drug? Choose it, also where nothing was."
                )
            },
        ),
        (
            {"outcome": ""},
            {"outcome": "Choose the outcome as it is now, also where it is unknown."},
        ),
        (
            {"serious": ["AESHOSP"]},
            {
                "expected": (
                    "Expected or unexpected? A serious event is reported by it. "
                    "Choose one."
                )
            },
        ),
        ({"serious": ["AESHOSP"], "expected": "expected"}, {}),
    ],
)
@pytest.mark.parametrize("verdict", ["agree", "regrade"])
def test_what_a_confirmed_event_lacks_is_said(verdict, changes, found):
    assert lacking(told(verdict=verdict, **changes), OPEN) == found


@pytest.mark.parametrize("verdict", ["not_this_event", "not_significant", "part_of"])
def test_what_is_no_event_of_its_own_asks_for_none_of_it(verdict):
    assert lacking(Decision(verdict, None, "a reason"), OPEN) == {}


def test_a_draft_may_lack_it_and_cannot_be_signed(cast, episode):
    row = episodes.episode_row(episode)
    plain = {"verdict": "agree", "scale": row.scale, "grade": row.max_grade}
    draft = flow.save_review(episode=episode, by=cast.okafor, **plain)
    made = flow.sign_drafts(
        drafts=[draft], by=cast.okafor, password=PASSWORD, meaning=MEANING
    )
    said = "Judge each suspect. Not judged yet: "
    assert [why.startswith(said) for _draft, why in made.refused] == [True]
    with pytest.raises(Refused) as refused:
        flow.review_and_sign(
            episode=episode,
            by=cast.okafor,
            password=PASSWORD,
            meaning=MEANING,
            **whole(episode, **plain) | {"outcome": ""},
        )
    assert refused.value.field == "outcome"
    assert not Signature.objects.exists()


def test_the_page_says_beside_each_field_what_is_missing(cast, episode):
    answer = send(cast.okafor, episode, outcome=None, attribution_infection=None)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Judge each suspect. Not judged yet: Infection." in page
    assert "Choose the outcome as it is now" in page
    assert not Review.objects.exists()


def test_expectedness_is_chosen_by_the_person_and_by_nothing_else(cast, episode):
    page = as_(cast.okafor).get(f"/episodes/{episode.pk}/").context["form"]
    assert not page["expected"].value()
    send(cast.okafor, episode, expected="expected")
    assert Review.objects.get().expected == ""


def test_to_decide_again_begins_with_what_was_signed(cast, episode):
    given = {"attribution_infection": "possible", "note": "the culture is out"}
    send(cast.okafor, episode, serious="AESHOSP", expected="unexpected", **given)
    form = as_(cast.okafor).get(f"/episodes/{episode.pk}/").context["form"]
    assert form["attribution_infection"].value() == "possible"
    assert form["note"].value() == "the culture is out"
    assert form["serious"].value() == ["AESHOSP"]
    assert form["expected"].value() == "unexpected"
    assert form["outcome"].value() == "UNKNOWN"


def test_nothing_of_anothers_draft_is_chosen(cast, episode):
    flow.save_review(episode=episode, by=cast.okafor, **drafted(episode))
    case = desk.case_of(episode)
    first = desk.first_choices(cast.berg, case, desk.subject_of(case))
    assert first == {"verdict": "agree", "grade": 2}


def drafted(episode):
    row = episodes.episode_row(episode)
    return whole(episode, scale=row.scale, grade=row.max_grade)


def test_aware_since_takes_the_word_that_it_shows(cast, episode, now):
    more = {"serious": "AESHOSP", "expected": "unexpected", "aware_at": "now"}
    assert send(cast.okafor, episode, **more).status_code == 302
    assert Review.objects.get().aware_at == now


def test_an_exception_of_the_protocol_is_not_dose_limiting():
    limit = {"verdict": "yes", "criterion": "8.1", "exception": "fever under 24 h"}
    assert problems(told(dlt=limit), OPEN) == {
        "dlt_exception": (
            "An exception of the protocol makes it not dose-limiting. Choose that, or "
            "take the exception out."
        )
    }
    assert problems(told(dlt=limit | {"verdict": "no"}), OPEN) == {}


def test_with_nobody_to_refer_to_the_page_says_so(cast, episode):
    page = as_(cast.okafor).get(f"/episodes/{episode.pk}/").content.decode()
    assert "Nobody else may review at this site." in page
    assert 'id="id_referral_reason"' not in page


# Without reference safety information

WHO = (
    "No reference safety information is in force on the day of onset, so the program "
    "cannot compare. An administrator of the trial adds it to the protocol document, "
    "under reference_safety, in a new version."
)


def later_version(cast, since):
    """A version of the protocol that lists cytokine release, approved by another."""
    edition = {"name": "IB 2", "since": since, "listed": {"CYTOKINE_RELEASE": 2}}
    document = {**cast.protocol.document, "reference_safety": [edition]}
    draft = actions.draft_protocol(
        trial=cast.trial, number="9.0", document=document, by=cast.vance
    )
    return actions.approve_protocol(protocol=draft, by=cast.vance)


def test_the_page_says_who_adds_reference_safety_information_and_where(cast, episode):
    page = as_(cast.okafor).get(f"/episodes/{episode.pk}/").content.decode()
    assert WHO in " ".join(page.split())
    assert '<a href="/knowledge/?q=reference+safety">' in page


def test_a_signature_without_expectedness_says_so_too(cast, episode):
    told = whole(episode, serious=["AESHOSP"]) | {"expected": ""}
    row = episodes.episode_row(episode)
    with pytest.raises(Refused) as refused:
        flow.review_and_sign(
            episode=episode,
            by=cast.okafor,
            password=PASSWORD,
            meaning=MEANING,
            **told | {"scale": row.scale, "grade": row.max_grade},
        )
    assert refused.value.field == "expected"
    assert refused.value.sentence == (
        "Expected or unexpected? A serious event is reported by it. Choose one. "
        f"{WHO} Until then choose by the document that you have."
    )


@pytest.mark.parametrize(
    ("since", "answer", "lacks"),
    [
        ("2026-11-18", "expected", ""),
        ("2026-11-19", "expected", ""),
        ("2026-11-20", "", WHO),
    ],
)
def test_an_edition_that_a_later_version_adds_holds_from_its_day(
    cast, episode, since, answer, lacks
):
    later_version(cast, since)
    row = episodes.episode_row(episode)
    found = listing_of(episode, row, edition_of(episode, row.since))
    assert (found["answer"], found["lacks"]) == (answer, lacks)
