"""What was given for an event, in every cycle that it spans, and what is to come."""

from __future__ import annotations

from typing import Any

from monitor.episodes import queries as episodes
from monitor.episodes.assessing import protocol_of
from monitor.review import choices, predose
from monitor.review.case import Case
from monitor.review.models import DoseDecision
from monitor.treatments.models import Treatment
from monitor.trials.models import Cycle, Dose


def given(case: Case) -> tuple[list[Treatment], list[Treatment]]:
    """What was given for the episode, and what else while it was open.

    In its own cycle, and in those that it goes on in.
    """
    linked = episodes.links_of(case.episode.cycle)
    every = episodes.treatments_of_both(case.episode.cycle, case.later, case.until)
    own, others = [], []
    lines = every.filter(at__gte=case.row.since).select_related("cycle")
    for one in lines.order_by("at", "pk"):
        given_for = {other.id for other in linked.get(one.pk, [])}
        if case.episode.pk in given_for:
            own.append(one)
        elif case.until is None or one.at <= case.until:
            others.append(one)
    return own, others


def next_doses(cycle: Cycle) -> list[dict[str, Any]]:
    """The next planned dose of each agent, with what was decided on it.

    Of this cycle, or of a later one that has begun; none of who died.
    """
    if cycle.participant.died_at:
        return []
    planned = Dose.objects.current().filter(
        cycle__participant=cycle.participant_id,
        cycle__number__gte=cycle.number,
        status=Dose.Status.PLANNED,
    )
    found: dict[str, Dose] = {}
    for one in planned.select_related("cycle").order_by("planned_at", "agent", "pk"):
        found.setdefault(one.agent, one)
    agents = choices.agents_of(protocol_of(cycle))
    decided: dict[int, DoseDecision] = {}
    for own in {one.cycle for one in found.values()} or {cycle}:
        doses = [one for one in found.values() if one.cycle == own]
        decided |= predose.decisions_on(own, doses)
    return [
        {
            "dose": dose,
            "agent": agents.get(code, code),
            "decision": decided.get(dose.pk),
            "cycle": dose.cycle.number if dose.cycle_id != cycle.pk else None,
        }
        for code, dose in found.items()
    ]
