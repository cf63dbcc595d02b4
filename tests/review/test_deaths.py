"""After a signed death nothing is due of the participant, and the reports still are."""

from datetime import timedelta
from uuid import uuid4

import pytest

from monitor import clock, flow
from monitor.audit.models import Event
from monitor.bedside.models import Reading
from monitor.clinical.due.present import PRESSING
from monitor.episodes import queries as episodes
from monitor.episodes.duties import duties
from monitor.episodes.models import Episode
from monitor.episodes.shapes import BoardFilters
from monitor.notices.models import Notice
from monitor.refusal import Refused
from monitor.review import narrative, predose
from monitor.review.clocks import DEATH
from monitor.review.dossier.chronology import chronology
from monitor.review.dossier.minimum import minimum
from monitor.review.dossier.source import source_of
from monitor.review.models import DoseDecision
from monitor.review.reporting import clocks_of
from monitor.trials.models import Dose, Participant
from tests.acts import LOW, baseline, enter, enter_at
from tests.cast import AGENT, PASSWORD
from tests.review.test_pages import as_
from tests.review.test_signing import sign

MINUTE = timedelta(minutes=1)


@pytest.fixture
def episode(cast, now):
    baseline(cast)
    enter_at(cast, now - 30 * MINUTE, LOW)
    return Episode.objects.get(topic="crs")


def death(cast, episode, at, **more):
    told = {"verdict": "regrade", "grade": 5, "reason": "died", "outcome": "FATAL"}
    return sign(cast, episode, **told, serious=["AESDTH"], died_at=at, **more)


def board(cast):
    return episodes.board(cast.reyes, BoardFilters())


def due(cast):
    found = duties(cast.reyes, BoardFilters())
    return [*found.late, *found.soon, *found.later, *found.never]


def test_nothing_is_due_of_who_died_and_no_dose_is_named(cast, now, episode):
    assert {row.due.code for row in due(cast)} & set(PRESSING)
    assert board(cast).rows[0].next_dose
    death(cast, episode, now - 5 * MINUTE)
    assert due(cast) == []
    found = board(cast)
    assert found.rows == []
    (row,) = found.died
    assert (row.participant.code, row.died_at) == ("02-014", now - 5 * MINUTE)
    assert (row.due, row.next_dose) == (None, None)


def test_the_pages_say_so_and_ask_for_nothing(cast, now, episode):
    death(cast, episode, now - 5 * MINUTE)
    client = as_(cast.reyes)
    front = client.get("/").content.decode()
    assert "as an investigator has signed; nothing is due" in front
    page = client.get("/participants/02-014/").content.decode()
    assert "The participant died on Thu 19 Nov 2026, 14:25" in page
    assert "emergency number" not in page
    assert "Next due" not in page
    assert "Check before the dose" not in page


def test_no_dose_of_who_died_is_checked_or_decided_on(cast, now, episode):
    seen = predose.seen(predose.kept(predose.check_of(cast.cycle, AGENT)))
    death(cast, episode, now - 5 * MINUTE)
    address = f"/participants/02-014/dose/{cast.next_dose.pk}/check/"
    answer = as_(cast.okafor).get(address, follow=True)
    assert answer.redirect_chain == [("/participants/02-014/", 302)]
    said = "The participant died. No dose is checked any more."
    assert said in answer.content.decode()
    with pytest.raises(Refused) as refused:
        flow.decide_dose(
            dose=Dose.objects.get(pk=cast.next_dose.pk),
            choice=DoseDecision.Choice.GIVE,
            by=cast.okafor,
            password=PASSWORD,
            key=uuid4(),
            seen=seen,
        )
    assert refused.value.sentence == "The participant died. No dose is decided on."
    assert not DoseDecision.objects.exists()


def test_the_dossier_tells_when_the_participant_died(cast, now, episode):
    """The end of the event is the death, as in its record; it says so in its story."""
    death(cast, episode, now - 5 * MINUTE, expected="unexpected")
    source = source_of(episode, cast.okafor)
    said = {one.key: one.words for one in minimum(source)}
    assert said["end"] == "19 Nov 2026, 14:25 −05:00"
    story = [one.text for one in narrative.draft(source)]
    assert (
        "The participant died on 19 Nov 2026, 14:25 −05:00, 25 min after the onset."
    ) in story
    assert "It had not ended when this was written." not in story
    assert "Died 19 Nov 14:25" in story[-1]
    (moment,) = [one for one in chronology(source) if "died" in one.what]
    assert (moment.at, moment.what) == (now - 5 * MINUTE, "The participant died")


def test_the_clocks_of_the_reports_run_on(cast, now, episode):
    death(cast, episode, now - 5 * MINUTE, expected="unexpected")
    found = [one for one in clocks_of([episode])[episode.pk] if one.rank == DEATH]
    assert [one.runs for one in found] == [True, True, True]


def test_nobody_is_called_to_the_bedside_any_more(cast, now, episode):
    bedside = (Notice.Kind.LEVEL, Notice.Kind.OVERDUE, Notice.Kind.HELD)
    told = Notice.objects.filter(kind__in=bedside, ended_at__isnull=True)
    assert told.exists()
    death(cast, episode, now - 5 * MINUTE)
    with clock.freeze(now + timedelta(hours=13)):
        flow.sweep(clock.now())
    assert not told.exists()


def test_a_draft_of_a_death_changes_nothing_at_the_bedside(cast, now, episode):
    told = {"verdict": "regrade", "grade": 5, "reason": "died", "outcome": "FATAL"}
    told |= {"serious": ["AESDTH"], "died_at": now, "scale": "astct"}
    flow.save_review(episode=episode, by=cast.okafor, **told)
    assert Participant.objects.get(code="02-014").died_at is None
    assert board(cast).died == []


def test_who_died_stays_so_when_a_value_is_corrected(cast, now, episode):
    death(cast, episode, now - 5 * MINUTE)
    low = Reading.objects.get(item="SYSBP", number=86)
    flow.void_reading(reading=low, by=cast.reyes, reason="another bed")
    assert len(board(cast).died) == 1


def test_another_signature_says_that_nobody_died(cast, now, episode):
    death(cast, episode, now - 5 * MINUTE)
    with clock.freeze(now + MINUTE):
        sign(cast, episode, reason="signed on the wrong participant")
    assert Participant.objects.get(code="02-014").died_at is None
    assert board(cast).died == []
    told = Event.objects.filter(action__startswith="participant.").order_by("pk")
    assert list(told.values_list("action", flat=True))[-2:] == [
        "participant.died",
        "participant.not_died",
    ]


@pytest.mark.parametrize(("minutes", "died"), [(-1, 1), (0, 1), (1, 0)])
def test_a_set_after_the_death_makes_the_participant_due_again(
    cast, now, episode, minutes, died
):
    at = now - 5 * MINUTE
    death(cast, episode, at)
    enter(cast, at + minutes * MINUTE, LOW)
    assert len(board(cast).died) == died
    assert bool(due(cast)) is not bool(died)
