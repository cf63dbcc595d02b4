"""How long the queue takes: `python -m tests.benchmarks.queue [sqlite|postgres]`.

5,000 events of 250 participants: 4,700 closed and signed long ago, 150 signed and
still open, 150 to decide. The page whole, as a browser asks for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tests.benchmarks.saves import MINUTE, Ward, said, timed
from tests.benchmarks.stage import on_both_engines

PEOPLE, EACH = 250, 20
TO_DECIDE, OPEN = 150, 150
ROUNDS = 7
LONG_AGO = timedelta(days=30)


def fill(ward: Ward) -> None:
    """Rows as the verbs make them, copied from one episode that they made."""
    from monitor import flow
    from monitor.episodes.models import Episode, Step
    from tests import acts

    acts.baseline(ward.cast)
    acts.enter_at(ward.cast, ward.now - 5 * MINUTE, acts.LOW)
    first = Episode.objects.get()
    step = Step.objects.filter(episode=first).latest("pk")
    flow.save_review(
        episode=first,
        by=ward.cast.okafor,
        verdict="agree",
        scale="astct",
        grade=step.max_grade,
    )
    cycles = list(cycles_of(ward, PEOPLE))
    total = PEOPLE * EACH
    episodes = Episode.objects.bulk_create(
        copied(first, cycle=cycles[number % PEOPLE], at=ward.now - LONG_AGO)
        for number in range(total)
    )
    steps = Step.objects.bulk_create(
        Step(
            episode=episode,
            at=ward.now - LONG_AGO,
            recorded_at=ward.now - LONG_AGO,
            cause="entry",
            level="warning",
            status=step.status,
            grade=2,
            max_grade=2,
            closed=number >= TO_DECIDE + OPEN,
            state=step.state,
            digest=step.digest,
        )
        for number, episode in enumerate(episodes)
    )
    sign(ward, steps[TO_DECIDE:])


def cycles_of(ward: Ward, number: int) -> Iterator[Any]:
    from monitor.trials.models import Cycle, Participant

    cast = ward.cast
    people = Participant.objects.bulk_create(
        Participant(
            site=cast.boston,
            cohort=cast.cohort,
            code=f"Q-{one:04}",
            enrolled_at=ward.now - 2 * LONG_AGO,
        )
        for one in range(number)
    )
    yield from Cycle.objects.bulk_create(
        Cycle(
            participant=person,
            number=1,
            protocol=cast.protocol,
            opened_at=ward.now - 2 * LONG_AGO,
        )
        for person in people
    )


def copied(first: Any, cycle: Any, at: Any) -> Any:
    from monitor.episodes.models import Episode

    return Episode(
        cycle=cycle,
        family=first.family,
        topic=first.topic,
        opened_at=at,
        recorded_at=at,
        knowledge=first.knowledge,
    )


def sign(ward: Ward, steps: list[Any]) -> None:
    from monitor.review.models import Review, Signature

    at = ward.now - LONG_AGO + MINUTE
    reviews = Review.objects.bulk_create(
        Review(
            episode=step.episode,
            step=step,
            verdict="agree",
            scale="astct",
            grade=2,
            recorded_at=at,
            recorded_by=ward.cast.okafor,
        )
        for step in steps
    )
    Signature.objects.bulk_create(
        Signature(
            review=review,
            signed_by=ward.cast.okafor,
            printed_name="C. Okafor, MD",
            role="investigator",
            meaning="I reviewed.",
            signed_at=at,
            time_zone="America/New_York",
            digest="0" * 64,
        )
        for review in reviews
    )


def main(engine: str) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from monitor import clock

    ward = Ward()
    with clock.freeze(ward.now):
        fill(ward)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        client = Client()
        client.force_login(ward.cast.okafor)
        rounds = []
        for _round in range(ROUNDS):
            with timed() as took:
                answer = client.get("/queue/")
            assert answer.status_code == 200
            rounds.append(took)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get("/queue/")
    shown = answer.content.count(b"data-row-link")
    print(f"{engine}, the fastest of {ROUNDS}; {os.cpu_count()} cores")
    print(f"  {PEOPLE * EACH} events, {shown} in the queue: {said(rounds)}")
    print(f"  {len(asked)} statements; load {os.getloadavg()[0]:.1f}")
    slow = sorted(asked, key=lambda one: -float(one["time"]))[:3]
    for one in slow:
        print(f"    {one['time']} s: {one['sql'][:160]}")


if __name__ == "__main__":
    on_both_engines("tests.benchmarks.queue", main)
