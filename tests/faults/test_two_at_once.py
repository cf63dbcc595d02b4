"""Two people at the same thing at the same moment, again and again, by a seed.

One of them wins, the other gets a sentence, and nothing is lost. By hand, longer:
MONITOR_FAULT_SECONDS=120 MONITOR_FAULT_SEED=1.
"""

import os
import random
import threading
import time
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from monitor import agreeing, clock, flow
from monitor.audit import chain, queries
from monitor.audit.models import Event
from monitor.bedside.models import Observation, Reading
from monitor.episodes import queries as episodes
from monitor.episodes.models import CycleState, Episode
from monitor.notices.models import Notice
from monitor.refusal import Refused
from monitor.review.models import Review, Signature
from monitor.trials import actions
from monitor.trials.models import Dose, Role, Unblinding
from tests.acts import FEVER, LOW, baseline, enter
from tests.cast import PASSWORD, assemble, hire, plan
from tests.review.whole import whole

SECONDS = float(os.environ.get("MONITOR_FAULT_SECONDS", "6"))
SEED = int(os.environ.get("MONITOR_FAULT_SEED", "4"))
MEANING = "I reviewed, graded and attributed this event."


@pytest.fixture
def ward(transactional_db, now):
    cast = assemble()
    hire(cast, "abara", "D. Abara, MD", Role.INVESTIGATOR, cast.boston)
    baseline(cast)
    enter(cast, now, LOW)
    return cast


def at_once(*acts):
    """What each act, started together with the others, returned or raised."""
    gate, ended = threading.Barrier(len(acts)), [None] * len(acts)

    def run(at, act):
        try:
            gate.wait()
            ended[at] = act()
        except Exception as fault:
            ended[at] = fault
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(at, act)) for at, act in enumerate(acts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return ended


def one_winner(ended):
    """Exactly one came through; the other was told why in a sentence."""
    refused = [one for one in ended if isinstance(one, Exception)]
    assert [type(one) for one in refused] == [Refused], ended
    assert refused[0].sentence.endswith(".")


def nobody_lost(ended):
    assert [one for one in ended if isinstance(one, Exception)] == []


# What two people do at once


def same_set_twice(cast, now):
    key, before = uuid4(), Observation.objects.count()
    nobody_lost(at_once(*[lambda: enter(cast, now, FEVER, key=key)] * 2))
    assert Observation.objects.count() == before + 1


def two_sets(cast, now):
    before = Observation.objects.count()
    acts = [lambda by=by: enter(cast, now, LOW, by=by) for by in nurses(cast)]
    nobody_lost(at_once(*acts))
    assert Observation.objects.count() == before + 2


def two_corrections(cast, now):
    seen = Reading.objects.current().filter(item="HR").latest("pk")

    def mend(by, typed):
        return flow.correct_reading(
            reading=seen, typed=typed, unit=None, by=by, reason="misread"
        )

    first, second = nurses(cast)
    one_winner(at_once(lambda: mend(first, "101"), lambda: mend(second, "102")))
    assert Reading.objects.filter(supersedes=seen).count() == 1


def save_and_correct(cast, now):
    seen = Reading.objects.current().filter(item="HR").latest("pk")
    before = Observation.objects.count()
    mend = {"typed": "103", "unit": None, "by": cast.chen, "reason": "misread"}
    ended = at_once(
        lambda: enter(cast, now, LOW),
        lambda: flow.correct_reading(reading=seen, **mend),
    )
    nobody_lost(ended)
    assert Observation.objects.count() == before + 1
    assert Reading.objects.filter(supersedes=seen).count() == 1


def two_signatures(cast, now):
    """One signs; the other, who saw no decision, is told whose to read first."""
    episode = Episode.objects.get(topic="crs")
    row = episodes.episode_row(episode)
    before = (Review.objects.count(), Signature.objects.count())
    standing = Review.objects.current().filter(episode=episode).first()

    def sign(by):
        return flow.review_and_sign(
            episode=episode,
            by=by,
            password=PASSWORD,
            meaning=MEANING,
            **whole(episode, scale=row.scale, grade=row.max_grade),
            last_review=standing.pk if standing else 0,
            note=f"Seen at {now:%H:%M}.",
        )

    one_winner(at_once(lambda: sign(cast.okafor), lambda: sign(cast.abara)))
    after = (Review.objects.count(), Signature.objects.count())
    assert after == (before[0] + 1, before[1] + 1)
    assert Review.objects.current().filter(episode=episode).count() == 1


def one_dose_recorded_twice(cast, now):
    last = Dose.objects.filter(cycle=cast.cycle).latest("number")
    planned = plan(cast.cycle, last.number + 1, now, cast.okafor)

    def given(by):
        return flow.record_dose(dose=planned, status="given", given_at=now, by=by)

    first, second = nurses(cast)
    one_winner(at_once(lambda: given(first), lambda: given(second)))
    assert Dose.objects.filter(supersedes=planned).count() == 1


def nurses(cast):
    return cast.reyes, cast.chen


ACTS = (
    same_set_twice,
    two_sets,
    two_corrections,
    save_and_correct,
    two_signatures,
    one_dose_recorded_twice,
)


@pytest.mark.requirement("I7.4")
def test_two_at_once_one_wins_and_nothing_is_lost(ward, now, say):
    chance, done, moment = random.Random(SEED), Counter(), now
    end = time.monotonic() + SECONDS
    while time.monotonic() < end or len(done) < len(ACTS):
        at = done.total()
        act = ACTS[at] if at < len(ACTS) else chance.choice(ACTS)
        moment += timedelta(minutes=1)
        with clock.freeze(moment):
            act(ward, moment)
        done[act.__name__] += 1
    vendor = connection.vendor
    say(f"{vendor}: {done.total()} rounds of two at once, seed {SEED}")
    assert chain.verify(queries.rows(), queries.head()) is None
    assert list(agreeing.differing()) == []
    assert CycleState.objects.get().is_current


@pytest.mark.requirement("I7.4", "A2")
def test_two_presses_unblind_once(ward):
    actions.set_blinding(
        trial=ward.trial,
        blinding={"roles": ["pharmacist"]},
        by=ward.vance,
        reason="As in protocol 1.0",
    )

    def look(by):
        return flow.unblind(
            participant=ward.participants["02-014"],
            by=by,
            password=PASSWORD,
            reason="Surgeon must know",
            key=uuid4(),
        )

    one_winner(at_once(lambda: look(ward.okafor), lambda: look(ward.okafor)))
    nobody_lost(at_once(lambda: look(ward.abara), lambda: look(ward.iyer)))
    assert Unblinding.objects.count() == 3
    assert Notice.objects.filter(kind="unblinded").count() == 3
    assert Event.objects.filter(action="unblinding.done").count() == 3
