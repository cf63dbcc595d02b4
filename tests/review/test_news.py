"""What a person has not seen yet of an episode: on its page, and in the queue."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from monitor import clock, flow
from monitor.bedside.entry import read_reading
from monitor.bedside.models import Reading
from monitor.episodes import onward
from monitor.episodes.models import Episode, Step
from monitor.review import news, queries
from monitor.trials.models import Role
from tests.acts import LOW, baseline, enter
from tests.cast import hire, open_cycle
from tests.review.test_signing import decision, sign

MINUTE = timedelta(minutes=1)


@pytest.fixture
def episode(cast, now):
    """A CRS of grade 2 that Okafor has looked at; Weber reviews there too."""
    hire(cast, "weber", "H. Weber, MD", Role.INVESTIGATOR, cast.boston)
    baseline(cast)
    enter(cast, now - 10 * MINUTE, LOW)
    found = Episode.objects.get()
    flow.look(episode=found, by=cast.okafor)
    return found


def corrected(cast, now, episode):
    pulse = Reading.objects.current().get(item="HR", number=124)
    told = {"new": read_reading("HR", "123"), "reason": "typing"}
    flow.replace_reading(reading=pulse, by=cast.reyes, **told)


def late(cast, now, episode):
    enter(cast, now - 10 * MINUTE - MINUTE, LOW)


def logged(cast, now, episode):
    told = {"code": "paracetamol", "form": "amount", "amount": 1, "unit": "g"}
    at = now - 5 * MINUTE
    flow.log_treatment(cycle=cast.cycle, at=at, by=cast.reyes, key=uuid4(), **told)


def asked(cast, now, episode, by=None):
    told = {"cycle": cast.cycle, "episode": episode, "key": uuid4()}
    return flow.ask(by=by or cast.chen, text="Which cuff?", **told)


def answered(cast, now, episode):
    question = asked(cast, now, episode, by=cast.okafor)
    told = {"text": "The large one.", "key": uuid4()}
    flow.answer(question=question, by=cast.reyes, **told)


def decided(cast, now, episode):
    flow.save_review(episode=episode, by=cast.people["weber"], **decision(episode))


NEWS = {
    corrected: (
        "A. Reyes, RN corrected Heart rate of 19 Nov 14:20: 123 /min, was 124 /min"
    ),
    late: "A. Reyes, RN entered a set of 19 Nov 14:19",
    logged: "A. Reyes, RN logged Paracetamol 1 g, as needed at 19 Nov 14:25",
    asked: "L. Chen asked: “Which cuff?”",
    answered: "A. Reyes, RN answered: “The large one.”",
    decided: "H. Weber, MD decided: Agree",
}


def changed(user):
    return [row.changed for row in queries.queue(user).rows]


@pytest.mark.parametrize("act", NEWS, ids=lambda one: one.__name__)
def test_what_came_to_the_record_is_new_to_who_has_not_seen_it(cast, now, episode, act):
    assert changed(cast.okafor) == [False]
    with clock.freeze(now + 2 * MINUTE):
        act(cast, now, episode)
    with clock.freeze(now + 3 * MINUTE):
        assert changed(cast.okafor) == [True]
        found = [str(one) for one in news.news_of(episode, now, but=cast.okafor)]
        assert found == [NEWS[act]]
        client = Client()
        client.force_login(cast.okafor)
        page = client.get(f"/episodes/{episode.pk}/").content.decode()
        assert f"<span>{NEWS[act]}.</span>" in page
        assert changed(cast.okafor) == [False]
        page = client.get(f"/episodes/{episode.pk}/").content.decode()
        assert "Nothing changed since your last look" in page


def test_what_one_did_oneself_is_no_news(cast, now, episode):
    with clock.freeze(now + 2 * MINUTE):
        sign(cast, episode)
        assert changed(cast.okafor) == [False]
        assert news.news_of(episode, now, but=cast.okafor) == []


# An event that goes on into the next cycle


@pytest.fixture
def second(cast, now, episode):
    """Cycle 2 begins while the CRS of cycle 1 is open."""
    with clock.freeze(now + MINUTE):
        return open_cycle(cast, "02-014", number=2)


def new_at(cast, episode, at):
    with clock.freeze(at):
        rows = queries.queue(cast.okafor).rows
    return next(one for one in rows if one.episode.id == episode.pk).changed


def look(cast, episode, at):
    with clock.freeze(at):
        flow.look(episode=episode, by=cast.okafor)


def logs(cast, cycle, at, amount=1, code="paracetamol", unit="g"):
    told = {"code": code, "form": "amount", "amount": amount, "unit": unit}
    with clock.freeze(at):
        flow.log_treatment(cycle=cycle, at=at, by=cast.reyes, key=uuid4(), **told)


def test_what_comes_in_the_second_cycle_of_an_event_is_new_in_the_queue(
    cast, now, episode, second
):
    look(cast, episode, now + 2 * MINUTE)
    assert not new_at(cast, episode, now + 3 * MINUTE)
    logs(cast, second, now + 4 * MINUTE)
    assert new_at(cast, episode, now + 5 * MINUTE)


def test_cycles_after_the_end_of_an_event_are_none_of_its_own(
    cast, now, episode, second
):
    later = now + timedelta(days=3)
    last = episode.steps.order_by("pk").last()
    told = {"state": last.state, "level": last.level, "cause": last.cause}
    Step.objects.create(
        **told, episode=episode, at=now, recorded_at=now, closed=True, digest="over"
    )
    look(cast, episode, later)
    spans = onward.spans_of([episode])
    assert spans == {episode.pk: {cast.cycle.pk}}
    assert spans[episode.pk] == set(
        onward.span_of(episode).values_list("pk", flat=True)
    )


def test_the_span_of_an_open_event_holds_the_later_cycle(cast, now, episode, second):
    spans = onward.spans_of([episode])
    assert spans == {episode.pk: {cast.cycle.pk, second.pk}}
    assert spans[episode.pk] == set(
        onward.span_of(episode).values_list("pk", flat=True)
    )
