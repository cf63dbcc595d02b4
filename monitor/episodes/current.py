"""The cycles that are looked at now, with what all of them share loaded once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, OuterRef, QuerySet, Subquery

from monitor.episodes import rows
from monitor.episodes.models import CycleState
from monitor.trials.models import (
    Cohort,
    Cycle,
    Participant,
    ProtocolVersion,
    Site,
    User,
)
from monitor.trials.queries import participants_for


def current_cycles(user: User) -> list[Cycle]:
    """The last cycle of each participant on study whom the user may read."""
    return last_cycles(participants_for(user).filter(off_study_at__isnull=True))


def cycles_on_study() -> list[Cycle]:
    """The last cycle of every participant on study, at all sites: for the sweep."""
    return last_cycles(Participant.objects.filter(off_study_at__isnull=True))


def last_cycles(people: QuerySet[Participant]) -> list[Cycle]:
    """In the order of the codes, each with the brief of its state, not the summary."""
    last = Cycle.objects.filter(participant=OuterRef("participant")).order_by("-number")
    found = Cycle.objects.filter(
        participant__in=people.order_by().values("pk"),
        pk=Subquery(last.values("pk")[:1]),
    )
    found = found.select_related("participant", "state").defer("state__summary")
    cycles = list(found.order_by("participant__code"))
    share_places(cycles)
    return cycles


def share_places(cycles: Sequence[Cycle]) -> None:
    """Give the cycles, which have their participant, protocol, site and cohort.

    These are few: each is loaded once, and shared.
    """
    persons = [one.participant for one in cycles]
    share(cycles, "protocol", ProtocolVersion.objects.all())
    share(persons, "site", Site.objects.select_related("trial"))
    share(persons, "cohort", Cohort.objects.all())


def share(owners: Iterable[Model], name: str, rows_of: QuerySet[Any]) -> None:
    """Give each owner the row that its foreign key `name` means: one query."""
    every: list[Any] = list(owners)
    shared = rows_of.in_bulk({getattr(one, f"{name}_id") for one in every})
    for one in every:
        setattr(one, name, shared[getattr(one, f"{name}_id")])


def state_of(cycle: Cycle) -> CycleState:
    """The cycle's last answer; an empty one where nothing was ever recorded."""
    try:
        return cycle.state
    except CycleState.DoesNotExist:
        return CycleState(cycle=cycle)


def brief_of(cycle: Cycle) -> Mapping[str, Any]:
    return state_of(cycle).brief


def place_of(cycle: Cycle) -> str:
    """Where the participant is, as the last answer has it."""
    return (brief_of(cycle).get("place") or {}).get("code", "")


def last_set_of(cycle: Cycle) -> datetime | None:
    return rows.when(brief_of(cycle).get("last_set"))
