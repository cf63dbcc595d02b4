"""A ward of any size, cheaply: copies of participants whom the verbs made.

What the pages ask is asked of these rows as of any other; only how they came is short.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from itertools import cycle as over_and_over
from typing import Any
from uuid import uuid4

from django.db import connection

from monitor.bedside.models import Observation
from monitor.episodes.models import CycleState, Episode, Step
from monitor.trials.models import Cycle, Dose, Participant


def crowd(models: Sequence[Cycle], count: int, letter: str = "C") -> list[Cycle]:
    """`count` more participants, each a copy of one of `models` in turn: its state,

    its last set, its doses and its episodes with their steps.
    """
    of = [
        one for one, _number in zip(over_and_over(models), range(count), strict=False)
    ]
    people = [
        bare(one.participant, code=f"{letter}-{number:03}")
        for number, one in enumerate(of)
    ]
    Participant.objects.bulk_create(people)
    cycles = [bare(one, participant=who) for one, who in zip(of, people, strict=True)]
    Cycle.objects.bulk_create(cycles)
    pairs = list(zip(of, cycles, strict=True))
    CycleState.objects.bulk_create(copies(CycleState, pairs))
    Observation.objects.bulk_create(
        [bare(row, key=uuid4()) for row in copies(Observation, pairs)]
    )
    Dose.objects.bulk_create(copies(Dose, pairs, supersedes=None))
    repeat_episodes(pairs)
    let_the_planner_know()
    return cycles


def let_the_planner_know() -> None:
    """As it would by itself within a minute, but for a test's open transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def bare(row: Any, **changes: Any) -> Any:
    """The row once more, without its key."""
    made = copy(row)
    made._state = copy(row._state)
    made._state.fields_cache = dict(row._state.fields_cache)
    made._state.adding, made.pk = True, None
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def copies(
    model: Any, pairs: Sequence[tuple[Cycle, Cycle]], **where: Any
) -> Iterator[Any]:
    found: dict[int, list[Any]] = {}
    for row in model.objects.filter(cycle__in={one for one, _new in pairs}, **where):
        found.setdefault(row.cycle_id, []).append(row)
    return (bare(row, cycle=new) for one, new in pairs for row in found.get(one.pk, ()))


def repeat_episodes(pairs: Sequence[tuple[Cycle, Cycle]]) -> None:
    olds = list(Episode.objects.filter(cycle__in={one for one, _new in pairs}))
    chosen = [
        (old, new) for one, new in pairs for old in olds if old.cycle_id == one.pk
    ]
    fresh = [bare(old, cycle=new, follows=None) for old, new in chosen]
    Episode.objects.bulk_create(fresh)
    steps = list(Step.objects.filter(episode__in=olds, withdraws=None).order_by("pk"))
    Step.objects.bulk_create(
        bare(step, episode=new)
        for (old, _new), new in zip(chosen, fresh, strict=True)
        for step in steps
        if step.episode_id == old.pk
    )
