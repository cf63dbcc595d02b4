"""What was read of a participant before the study's first dose, for a later cycle."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet, Subquery

from monitor.bedside.models import Reading
from monitor.trials.models import Cycle, Dose

FEEDING = (Reading.Check.ACCEPTED, Reading.Check.QUESTIONED, Reading.Check.CONFIRMED)


def screening_pressures(cycle: Cycle) -> QuerySet[Reading]:
    """The systolic pressures of before the first dose of the participant's first cycle.

    They say what is usual for the person in every later cycle: what is read between two
    cycles may be low by what was given (see `clinical.baselines`).
    """
    given = Dose.objects.current().filter(
        cycle__participant=cycle.participant_id,
        cycle__number__lt=cycle.number,
        given_at__isnull=False,
    )
    if starters := _starters(cycle.protocol.document):
        given = given.filter(agent__in=starters)
    first = given.order_by("given_at")
    return Reading.objects.current().filter(
        observation__cycle=Subquery(first.values("cycle")[:1]),
        observation__voided=False,
        observation__superseded_by__isnull=True,
        observation__observed_at__lte=Subquery(first.values("given_at")[:1]),
        item="SYSBP",
        state=Reading.State.VALUE,
        check_state__in=FEEDING,
    )


def _starters(document: Mapping[str, Any]) -> list[str]:
    """As `Protocol.cycle_starters`, of a document that is not read yet."""
    agents = document.get("agents", ())
    cytokines = [one["code"] for one in agents if one.get("cytokine", True)]
    return [*cytokines, *document.get("baseline_before", ())]
