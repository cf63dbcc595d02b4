"""What of the queue waits on others, and what it says of itself there."""

from datetime import timedelta
from uuid import uuid4

import pytest

from monitor import clock, flow
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.review import queries
from monitor.review.shapes import QueueFilters
from monitor.templatetags.queue_ui import queue_due
from monitor.trials.models import Role
from tests.acts import LOW, baseline, enter
from tests.cast import PASSWORD, hire
from tests.review.test_pages import as_
from tests.review.test_signing import decision, sign

MINUTE = timedelta(minutes=1)


@pytest.fixture
def episode(cast, now):
    baseline(cast)
    enter(cast, now - 10 * MINUTE, {**LOW, "ALB": "24"})
    return Episode.objects.get(topic="crs")


def places(user, now=None):
    """Episode id -> (section, note)."""
    found = queries.queue(user, now=now)
    assert found.total == queries.waiting(user, now)
    assert queries.to_do(user, now) == [
        row.episode.id
        for section in found.sections
        if section.key in ("overdue", "due")
        for row in section.rows
    ]
    return {
        row.episode.id: (section.key, row.state_note)
        for section in found.sections
        for row in section.rows
    }


def ask(cast, episode):
    told = {"cycle": cast.cycle, "episode": episode, "key": uuid4()}
    return flow.ask(by=cast.okafor, text="Which cuff?", **told)


def test_an_event_that_the_nurse_is_asked_about_waits_on_others(cast, now, episode):
    assert places(cast.okafor)[episode.pk][0] == "due"
    question = ask(cast, episode)
    said = "C. Okafor, MD asked the nurse: “Which cuff?”"
    assert places(cast.okafor)[episode.pk] == ("waiting", said)
    flow.answer(question=question, by=cast.reyes, text="The large.", key=uuid4())
    assert places(cast.okafor)[episode.pk][0] == "due"
    flow.ask_again(question=question, by=cast.okafor, text="On which arm?", key=uuid4())
    assert places(cast.okafor)[episode.pk][0] == "waiting"


def test_a_question_hides_no_event_that_is_late(cast, now, episode):
    ask(cast, episode)
    later = now + timedelta(hours=30)
    assert places(cast.okafor, later)[episode.pk][0] == "overdue"


def disagree(cast, now, episode):
    """Weber, the second investigator of Boston, with what Okafor signed."""
    weber = hire(cast, "weber", "H. Weber, MD", Role.INVESTIGATOR, cast.boston)
    signature = sign(cast, episode).signature
    told = {"agrees": False, "text": "sepsis", "password": PASSWORD}
    flow.second_opinion(signature=signature, by=weber, **told)
    return weber


def test_who_signed_is_to_answer_a_disagreement_and_for_others_it_waits(
    cast, now, episode
):
    weber = disagree(cast, now, episode)
    said = "H. Weber, MD disagrees: “sepsis”"
    assert places(cast.okafor)[episode.pk] == ("due", said)
    assert places(weber)[episode.pk] == ("waiting", said)
    answer = "Answer it: decide again, the same or otherwise, and say why."
    address = f"/episodes/{episode.pk}/"
    assert answer in as_(cast.okafor).get(address).content.decode()
    assert answer not in as_(weber).get(address).content.decode()
    with clock.freeze(now + 2 * MINUTE):
        sign(cast, episode, note="looked again")
        assert places(cast.okafor)[episode.pk][0] == "done"


def test_a_disagreement_that_nobody_answers_is_overdue_for_everybody(
    cast, now, episode
):
    weber = disagree(cast, now, episode)
    later = now + timedelta(hours=30)
    for user in (cast.okafor, weber):
        assert places(user, later)[episode.pk][0] == "overdue"


def test_a_question_about_what_is_disputed_waits_on_the_nurse(cast, now, episode):
    disagree(cast, now, episode)
    ask(cast, episode)
    assert places(cast.okafor)[episode.pk][0] == "waiting"


def test_a_filter_says_its_choice_in_words_and_junk_shows_everything(cast, episode):
    client = as_(cast.okafor)
    page = client.get("/queue/?family=crs").content.decode()
    assert "Family <b>CRS</b>" in page
    for junk in ("family=zebra", "site=zebra", "cohort=zebra"):
        answer = client.get(f"/queue/?{junk}")
        assert "<b>zebra</b>" not in answer.content.decode()
        assert len(answer.context["queue"].rows) == 2
    level = queries.queue(cast.okafor).cohorts[0]
    only = queries.queue(cast.okafor, QueueFilters(cohort=level[0]))
    assert len(only.rows) == 2


def test_who_is_long_late_is_late_by_days(cast, now, episode):
    (row, *_rest) = queries.queue(cast.okafor, now=now + timedelta(days=30)).rows
    with clock.freeze(row.due_at + timedelta(days=23, hours=16)):
        assert queue_due(row) == "23 d late"
    with clock.freeze(row.due_at + timedelta(hours=47)):
        assert queue_due(row) == "47 h 00 late"


def test_an_event_says_what_was_merged_into_it(cast, episode):
    leak = Episode.objects.exclude(pk=episode.pk).get()
    told = {"verdict": "part_of", "part_of_id": episode.pk, "reason": "one release"}
    flow.save_review(
        episode=leak, by=cast.okafor, **decision(leak) | told | {"grade": None}
    )
    page = as_(cast.okafor).get(f"/episodes/{episode.pk}/").content.decode()
    assert "Merged into this event:" in page
    assert f'<a href="/episodes/{leak.pk}/">CLS, episode {leak.pk}</a>' in page


# What is logged


def log(cast, now, **told):
    at = now - 5 * MINUTE
    return flow.log_treatment(
        cycle=cast.cycle, at=at, by=cast.reyes, key=uuid4(), **told
    ).row


def test_a_call_says_who_was_called(cast, now):
    with pytest.raises(Refused) as refused:
        log(cast, now, code="call", form="action")
    assert refused.value.field == "called"
    assert log(cast, now, code="call", form="action", called="ICU").called == "ICU"


def test_a_line_says_who_gave_it(cast, now):
    told = {"code": "paracetamol", "form": "amount", "amount": 1, "unit": "g"}
    log(cast, now, **told, ordered_by="C. Okafor, MD", given_by="L. Chen")
    page = as_(cast.reyes).get("/participants/02-014/").content.decode()
    assert "ordered by C. Okafor, MD, given by L. Chen" in page


@pytest.mark.parametrize(
    ("code", "said", "source"),
    [
        ("tocilizumab", "after IL-2 it is off-label", "general knowledge"),
        (
            "dexamethasone",
            "A steroid may blunt the effect of IL-2",
            "Proleukin older label",
        ),
        ("ketorolac", "worsens kidney injury", "IL-2 and kidney"),
    ],
)
def test_a_caution_is_printed_where_the_agent_is_logged(cast, code, said, source):
    page = as_(cast.reyes).get(f"/participants/02-014/treat/?code={code}")
    assert said in page.content.decode()
    assert f">{source}</a>" in page.content.decode()
    other = as_(cast.reyes).get("/participants/02-014/treat/?code=paracetamol")
    assert said not in other.content.decode()
