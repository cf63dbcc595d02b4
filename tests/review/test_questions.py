"""A question to the bedside: asked of one thing, answered, corrected, settled."""

import itertools
import re
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from monitor import flow
from monitor.audit.models import Event
from monitor.bedside.entry import read_reading
from monitor.bedside.models import Reading
from monitor.episodes.models import Episode
from monitor.notices.models import Delivery, Notice
from monitor.refusal import Refused
from monitor.review import asked
from monitor.review.asked import MOVES, State
from monitor.review.models import Question, Reply
from tests.acts import LOW, baseline, enter

Kind = Reply.Kind


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def value(cast, now) -> Reading:
    """Reyes typed 86, for 124 perhaps."""
    baseline(cast)
    saved = enter(cast, now, LOW)
    return Reading.objects.get(observation=saved.row, item="SYSBP")


@pytest.fixture
def question(cast, value) -> Question:
    return flow.ask(
        cycle=cast.cycle,
        by=cast.okafor,
        text="Was the cuff on?",
        reading=value,
        key=uuid4(),
    )


def answered(cast, question, **more) -> Reply:
    told = {"question": question, "by": cast.reyes, "key": uuid4(), **more}
    return flow.answer(**{"text": "It had slipped.", **told})


# The table


def test_every_state_answers_everything_that_can_be_said():
    assert set(MOVES) == set(itertools.product(State, Kind))


def test_every_state_can_be_reached_and_left():
    assert {after for after in MOVES.values() if after} == set(State)
    for state in State:
        assert [after for (here, _k), after in MOVES.items() if here == state and after]


@pytest.mark.parametrize(("state", "kind"), list(MOVES))
def test_the_verb_keeps_to_the_table(cast, question, state, kind):
    if state != State.OPEN:
        answered(cast, question)
    if state == State.CLOSED:
        flow.close_question(question=question, by=cast.okafor, key=uuid4())
    said = {
        Kind.ANSWER: lambda: answered(cast, question),
        Kind.CLOSE: lambda: flow.close_question(
            question=question, by=cast.okafor, key=uuid4()
        ),
        Kind.REOPEN: lambda: flow.ask_again(
            question=question, by=cast.okafor, key=uuid4(), text="And the other arm?"
        ),
    }[kind]
    assert asked.state_of(question) is state
    if MOVES[state, kind] is None:
        with pytest.raises(Refused, match="Somebody has replied since"):
            said()
        assert asked.state_of(question) is state
    else:
        said()
        assert asked.state_of(question) is MOVES[state, kind]


# Asking


def test_a_question_is_about_one_thing(cast, value):
    told = {"cycle": cast.cycle, "by": cast.okafor, "text": "Why?", "key": uuid4()}
    episode = Episode.objects.get(topic="crs")
    for about in ({}, {"reading": value, "episode": episode}):
        with pytest.raises(Refused, match="Choose what the question is about"):
            flow.ask(**told, **about)
    assert Question.objects.count() == 0


def test_a_question_says_something(cast, value):
    told = {"cycle": cast.cycle, "by": cast.okafor, "reading": value, "key": uuid4()}
    with pytest.raises(Refused, match="Type the question") as refused:
        flow.ask(**told, text="  ")
    assert refused.value.field == "text"


def test_the_same_question_sent_twice_is_one(cast, value):
    told = {"cycle": cast.cycle, "by": cast.okafor, "reading": value, "key": uuid4()}
    assert flow.ask(**told, text="Why?") == flow.ask(**told, text="Why?")
    assert Question.objects.count() == 1
    assert Notice.objects.filter(kind="question").count() == 1


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("okafor", True),
        ("chen", True),
        ("moreau", True),
        ("iyer", True),
        ("reyes", False),
        ("haddad", False),
        ("berg", False),
        ("vance", False),
    ],
)
def test_who_may_ask(cast, value, name, may):
    told = {"cycle": cast.cycle, "reading": value, "text": "Why?", "key": uuid4()}
    if may:
        flow.ask(by=cast.people[name], **told)
    else:
        with pytest.raises(PermissionDenied):
            flow.ask(by=cast.people[name], **told)
    assert Question.objects.count() == may


@pytest.mark.parametrize(("name", "may"), [("reyes", True), ("moreau", False)])
def test_who_may_answer(cast, question, name, may):
    told = {"question": question, "text": "Yes.", "key": uuid4()}
    if may:
        flow.answer(by=cast.people[name], **told)
    else:
        with pytest.raises(PermissionDenied):
            flow.answer(by=cast.people[name], **told)
    assert Reply.objects.count() == may


def test_the_trail_says_what_was_asked_and_said(cast, question):
    answered(cast, question)
    flow.close_question(question=question, by=cast.okafor, key=uuid4())
    said = Event.objects.filter(action__startswith="question.").order_by("sequence")
    assert [(one.actor, one.action) for one in said] == [
        ("okafor", "question.asked"),
        ("reyes", "question.answered"),
        ("okafor", "question.closed"),
    ]
    assert said[0].changes == [
        {"field": "text", "old": None, "new": "Was the cuff on?"}
    ]


# A reply and a correction in one step


def test_an_answer_corrects_the_value_in_the_same_step(cast, question, value):
    reply = answered(
        cast,
        question,
        reading=value,
        new=read_reading("SYSBP", "124"),
        reason="misread",
    )
    standing = asked.standing(value)
    assert (standing.number, standing.supersedes_id) == (124, value.pk)
    assert reply.correction == standing
    assert Event.objects.filter(action="reading.corrected").count() == 1


def test_a_correction_that_is_refused_leaves_the_question_open(cast, question, value):
    flow.void_reading(reading=value, by=cast.reyes, reason="another arm")
    told = {"reading": value, "new": read_reading("SYSBP", "124"), "reason": "misread"}
    with pytest.raises(Refused):
        answered(cast, question, **told)
    assert asked.state_of(question) is State.OPEN
    assert Reply.objects.count() == 0


def test_the_same_answer_sent_twice_corrects_once(cast, question, value):
    told = {"reading": value, "new": read_reading("SYSBP", "124"), "reason": "misread"}
    key = uuid4()
    first = answered(cast, question, **told, key=key)
    assert answered(cast, question, **told, key=key) == first
    assert Reading.objects.filter(item="SYSBP", supersedes=value).count() == 1


# Who is told


def told_to(kind: str = "question") -> list[tuple[str, bool]]:
    """(who, whether it is still so), oldest first."""
    rows = Delivery.objects.filter(notice__kind=kind).order_by("pk")
    return [
        (one.user.username, one.notice.ended_at is None)
        for one in rows.select_related("user", "notice")
    ]


def test_the_bedside_is_told_and_then_who_asked(cast, question, now):
    flow.deliver(now)
    assert sorted(told_to()) == [("chen", True), ("reyes", True)]
    answered(cast, question)
    flow.deliver(now)
    assert sorted(told_to()) == [("chen", False), ("okafor", True), ("reyes", False)]
    flow.close_question(question=question, by=cast.okafor, key=uuid4())
    assert not any(still for _who, still in told_to())


def test_the_link_of_the_notice_opens_exactly_that_question(cast, question, now):
    flow.deliver(now)
    notice = Notice.objects.get(kind="question")
    page = as_(cast.reyes).get(f"/notices/{notice.pk}/").content.decode()
    assert f'href="/questions/{question.pk}/"' in page


# The pages


def test_the_list_says_state_owner_and_age(cast, question):
    page = as_(cast.reyes).get("/questions/").content.decode()
    assert "Was the cuff on?" in page
    assert "next: nurses of the site" in page
    answered(cast, question)
    page = as_(cast.reyes).get("/questions/").content.decode()
    assert "next: C. Okafor, MD" in page


def test_a_question_of_another_site_does_not_exist(cast, question):
    for name in ("berg", "novak"):
        client = as_(cast.people[name])
        assert client.get(f"/questions/{question.pk}/").status_code == 404
        assert "Was the cuff on?" not in client.get("/questions/").content.decode()


def test_a_question_is_asked_from_a_value(cast, value):
    client = as_(cast.moreau)
    address = f"/participants/02-014/ask/?about=reading:{value.pk}"
    page = client.get(address).content.decode()
    assert re.search(rf'value="reading:{value.pk}" selected', page)
    sent = {"about": f"reading:{value.pk}", "text": "Right arm?", "key": str(uuid4())}
    answer = client.post(address, sent)
    made = Question.objects.get()
    assert answer["Location"] == f"/questions/{made.pk}/"
    assert (made.reading, made.asked_by) == (value, cast.moreau)


def test_a_question_without_words_keeps_what_was_chosen(cast, value):
    sent = {"about": f"reading:{value.pk}", "text": "", "key": str(uuid4())}
    answer = as_(cast.okafor).post("/participants/02-014/ask/", sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Type the question." in page
    assert re.search(rf'value="reading:{value.pk}" selected', page)


def test_a_value_of_another_site_cannot_be_asked_about(cast, value):
    sent = {"about": f"reading:{value.pk}", "text": "Why?", "key": str(uuid4())}
    with_other_cycle = as_(cast.iyer).post("/participants/03-001/ask/", sent)
    assert with_other_cycle.status_code == 404  # No cycle was opened there.
    assert Question.objects.count() == 0


def test_the_answer_with_a_correction_from_the_page(cast, question, value):
    sent = {"text": "It was 124.", "key": str(uuid4()), "answer": "1", "correct": "1"}
    sent |= {"what": "value", "typed": "124", "unit": "mm[Hg]", "why": "typing"}
    answer = as_(cast.reyes).post(f"/questions/{question.pk}/", sent)
    assert answer.status_code == 302
    assert asked.standing(value).number == 124
    page = as_(cast.okafor).get(f"/questions/{question.pk}/").content.decode()
    assert "The value was corrected: 124 mmHg" in page


TYPED = {"what": "value", "typed": "124", "unit": "mm[Hg]", "why": "typing"}


def test_a_correction_typed_without_its_tick_is_asked_about_and_not_left_out(
    cast, question, value
):
    sent = {"text": "It was 124.", "key": str(uuid4()), "answer": "1", **TYPED}
    answer = as_(cast.reyes).post(f"/questions/{question.pk}/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Tick it, or empty what you typed under it." in page
    assert 'value="124"' in page
    assert 'class="asked-mend" open' in page
    assert not Reply.objects.exists()


def test_a_correction_is_not_left_out_by_closing(cast, question, value):
    sent = {"text": "", "key": str(uuid4()), "close": "1", "correct": "1", **TYPED}
    answer = as_(cast.okafor).post(f"/questions/{question.pk}/", sent)
    assert "A correction goes with Answer. Choose that." in answer.content.decode()
    assert asked.state_of(question) is State.OPEN
    assert asked.standing(value).number == 86


def test_an_answer_corrects_one_value_and_offers_no_whole_set(cast, question):
    page = as_(cast.reyes).get(f"/questions/{question.pk}/").content.decode()
    assert "Nothing: it was entered in error" in page
    assert "Nothing of this set" not in page


def test_an_answer_without_words_is_refused_and_said(cast, question):
    sent = {"text": "", "key": str(uuid4()), "answer": "1"}
    answer = as_(cast.reyes).post(f"/questions/{question.pk}/", sent)
    assert answer.status_code == 422
    assert "Type what you have to say." in answer.content.decode()


def test_closing_needs_no_words(cast, question):
    sent = {"text": "", "key": str(uuid4()), "close": "1"}
    as_(cast.okafor).post(f"/questions/{question.pk}/", sent)
    assert asked.state_of(question) is State.CLOSED


def test_a_nurse_sees_no_button_to_close(cast, question):
    page = as_(cast.reyes).get(f"/questions/{question.pk}/").content.decode()
    assert 'name="answer"' in page
    assert 'name="close"' not in page


def test_what_is_not_settled_stands_on_the_pages_about_it(cast, question):
    episode = Episode.objects.get(topic="crs")
    pages = ("/participants/02-014/", f"/episodes/{episode.pk}/")
    for page in pages:
        assert "Was the cuff on?" in as_(cast.okafor).get(page).content.decode()
    flow.close_question(question=question, by=cast.okafor, key=uuid4())
    for page in pages:
        assert "Was the cuff on?" not in as_(cast.okafor).get(page).content.decode()


def test_a_data_monitor_comes_from_a_value_to_the_question(cast, value):
    page = as_(cast.moreau).get("/participants/02-014/").content.decode()
    assert f'href="/participants/02-014/ask/?about=reading:{value.pk}"' in page
