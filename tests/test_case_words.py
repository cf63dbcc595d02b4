"""What the worked cases say of pages, notices, review and audit, played at the bedside.

Each test plays the very chart of a case file, which names it under `told`.
"""

from datetime import timedelta
from html import unescape
from re import sub

import pytest
from django.test import Client

from monitor import clock, flow
from monitor.audit.models import Event
from monitor.bedside.models import Reading
from monitor.episodes import queries as episodes
from monitor.episodes.models import Episode, Step
from monitor.notices.models import Notice
from monitor.review import queries as reviews
from monitor.review.states import State
from tests.cast import PASSWORD
from tests.clinical.casefile import moment
from tests.playing import MINUTE, case, play
from tests.review.whole import whole

MEANING = "I reviewed the evidence, graded and attributed this event."


def page(cast, address: str) -> str:
    """What Okafor reads there, without markup."""
    client = Client()
    client.force_login(cast.okafor)
    text = client.get(address).content.decode()
    return " ".join(unescape(sub(r"<[^>]+>", " ", text)).split())


def sign(cast, episode, **decision):
    row = episodes.episode_row(episode)
    told = {"verdict": "agree", "scale": row.scale, "grade": row.max_grade, **decision}
    told = whole(episode, **told)
    return flow.review_and_sign(
        episode=episode, by=cast.okafor, password=PASSWORD, meaning=MEANING, **told
    )


# D03


def test_fahrenheit_stands_beside_celsius_as_it_was_typed(cast):
    play(cast, case("D03"))
    with clock.freeze(moment("4:05")):
        text = page(cast, "/participants/D03/")
    assert "37.9 typed 100.3 °F" in text
    graded = "G1 grade 1, Fever, CTCAE v5.0"
    assert f"38.0 , past the warning line {graded} typed 100.4 °F" in text
    below = Reading.objects.get(typed="100.3")
    whole = page(cast, f"/participants/D03/readings/{below.pk}/correct/")
    assert "37.9 °C (typed 100.3 °F)" in whole


# D21


def test_the_fever_of_day_6_is_a_new_episode_linked_to_the_first(cast):
    cycle = play(cast, case("D21"))
    first, second = Episode.objects.filter(cycle=cycle).order_by("pk")
    assert first.opened_at == moment("d2 12:00")
    assert second.opened_at == moment("d6 12:00")
    assert second.follows == first
    assert first.follows is None


def test_resolved_and_closed_are_two_moments_and_a_person_closes(cast):
    chart = case("D21", "a person says on day 5 at 08:00 that it is over")
    cycle = play(cast, chart)
    episode = Episode.objects.get(cycle=cycle)
    row = episodes.episode_row(episode)
    assert row.closed
    assert row.resolved_at == moment("d4 08:00")
    assert row.at == moment("d5 08:00")
    with clock.freeze(moment("d5 09:00")):
        text = page(cast, f"/episodes/{episode.pk}/")
    assert "resolved Thu 19 Nov 03:00 · closed Fri 20 Nov 03:00" in text
    said = Event.objects.get(action="decision.recorded", participant="D21")
    assert (said.actor, said.at) == ("okafor", moment("d5 08:00") + MINUTE)


# D23


def test_one_notice_lists_all_of_the_sepsis_mimic(cast):
    play(cast, case("D23"))
    notice = Notice.objects.get(kind=Notice.Kind.LEVEL)
    assert notice.level == "critical"
    assert notice.happened_at == moment("d7 10:00")
    heads = [line.partition(":")[2].partition(":")[0].strip() for line in notice.lines]
    assert heads == [
        "possible CRS, ASTCT at least grade 2",
        "Infection",
        "Heart and lung",
    ]


def test_the_culture_reads_as_the_laboratory_said_it(cast):
    play(cast, case("D23"))
    with clock.freeze(moment("d8 01:00")):
        text = page(cast, "/participants/D23/facts/")
    assert "Blood culture Positive, E. coli in 2 bottles" in text


def test_attributed_to_infection_it_is_no_crs_and_a_sepsis(cast):
    cycle = play(cast, case("D23"))
    episode = Episode.objects.get(cycle=cycle, topic="crs")
    steps = list(Step.objects.filter(episode=episode).values_list("pk", "digest"))
    with clock.freeze(moment("d8 01:00")):
        sign(
            cast,
            episode,
            verdict="not_this_event",
            attribution={"study_drug": "unlikely", "infection": "definite"},
            reason="E. coli in 2 bottles, neutropenia.",
        )
        text = page(cast, f"/episodes/{episode.pk}/")
    assert "CRS: none, infection · Sepsis: at least grade 3 (CTCAE v5.0)" in text
    assert list(Step.objects.filter(episode=episode).values_list("pk", "digest")) == (
        steps
    )
    actions = Event.objects.filter(participant="D23").values_list("action", flat=True)
    assert {"episode.opened", "review.recorded", "review.signed"} <= set(actions)


# D31


def test_missing_vital_signs_are_overdue_on_the_board(cast):
    play(cast, case("D31"))
    with clock.freeze(moment("11:00")):
        rows = episodes.board_rows(cast.okafor)
        text = page(cast, "/")
    row = next(one for one in rows if one.participant.code == "D31")
    assert row.overdue
    assert "TEMP" in [one.item for one in row.missing]
    assert row.due == next(one.due for one in rows if one.overdue)
    assert "T too old to count since 04:00 6 h 00 late set 08:00" in text


# D35


@pytest.fixture
def signed(cast):
    """Graded 2 live and acknowledged at 14:00, signed at 14:30; the episode."""
    cycle = play(cast, case("D35", "live, at 14:00"))
    episode = Episode.objects.get(cycle=cycle)
    with clock.freeze(moment("d1 14:00")):
        flow.acknowledge(notice=Notice.objects.get(), by=cast.okafor)
    with clock.freeze(moment("d1 14:30")):
        sign(cast, episode)
    assert reviews.latest(episode).state == State.SIGNED
    return episode


def late_entry(cast, episode):
    """Reyes enters at 18:20 that norepinephrine ran from 13:10."""
    with clock.freeze(moment("d1 18:20")):
        chart = case("D35", "after the late entry")
        row = next(one for one in chart.rows if one.code == "norepinephrine")
        flow.log_treatment(
            cycle=episode.cycle,
            code=row.code,
            form="rate",
            at=row.at,
            amount=float(row.value),
            unit=row.unit,
            as_needed=True,
            episodes=[episode],
            by=cast.reyes,
            key="0d35f0d3-0000-4000-8000-000000000035",
        )


def test_a_late_pressor_opens_the_event_for_review_again(cast, signed):
    late_entry(cast, signed)
    with clock.freeze(moment("d1 18:30")):
        queue = reviews.queue(cast.okafor)
        to_do = [one for one in queue.rows if one.participant.code == "D35"]
    assert reviews.latest(signed).state in (State.CHANGED, State.WITHDRAWN)
    assert [one.episode.id for one in to_do] == [signed.pk]
    assert to_do[0].due_at is not None
    assert episodes.episode_row(signed).max_grade == 3


def test_time_to_treatment_is_reckoned_from_the_start_of_the_late_pressor(cast, signed):
    late_entry(cast, signed)
    with clock.freeze(moment("d1 18:30")):
        text = page(cast, f"/episodes/{signed.pk}/")
    assert "08:10 Norepinephrine 4 µg/min +5 h 10 · 10 min after onset" in text


def test_both_versions_of_the_late_pressor_stand_in_the_audit(cast, signed):
    late_entry(cast, signed)
    steps = Step.objects.filter(episode=signed, withdraws__isnull=True)
    told = [
        (one.at, one.grade, one.recorded_at, one.cause)
        for one in steps.order_by("recorded_at", "at")
    ]
    live = (moment("d1 13:00"), 2, moment("d1 13:01"), "late")
    assert told[0] == live
    assert (moment("d1 13:10"), 3, moment("d1 18:20"), "late") in told
    events = Event.objects.filter(participant="D35", action__startswith="episode.")
    grades = [
        one["new"]
        for event in events.order_by("pk")
        for one in event.changes
        if one["field"] == "max_grade"
    ]
    assert [str(one) for one in grades] == ["2", "3"]
    assert events.first().at == moment("d1 13:00") + timedelta(minutes=1)
