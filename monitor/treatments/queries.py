"""Reading the management log."""

from datetime import datetime
from typing import cast

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import Http404
from django.utils.translation import gettext as _

from monitor import clock
from monitor.treatments.models import Treatment
from monitor.trials.models import Cycle, Dose, User
from monitor.trials.queries import participants_for

Form = Treatment.Form


def log_of(cycle: Cycle) -> QuerySet[Treatment]:
    """The lines of a cycle that stand, newest first, each with its author."""
    lines = Treatment.objects.current().filter(cycle=cycle)
    return lines.select_related("recorded_by").order_by("-at", "-pk")


def running_now(cycle: Cycle, at: datetime | None = None) -> list[Treatment]:
    """What runs or is on board at a moment (now): rates, then regimens.

    A rate runs until its own end, the next line of its code, or a rate of 0; of each
    code the line that began last counts.
    """
    at = at or clock.now()
    begun = log_of(cycle).filter(Q(until__isnull=True) | Q(until__gt=at), at__lte=at)
    regimens = begun.filter(form=Form.SCHEDULED)
    return [*rates(cycle, at), *regimens.order_by("at", "pk")]


def rates(cycle: Cycle, at: datetime) -> list[Treatment]:
    newest = [F("at").desc(), F("pk").desc()]
    place = Window(RowNumber(), partition_by=F("code"), order_by=newest)
    lines = log_of(cycle).filter(form=Form.RATE, at__lte=at)
    last = lines.annotate(place=place).filter(place=1).order_by("at", "pk")
    return [
        line for line in last if line.amount and (line.until is None or line.until > at)
    ]


def versions_of(dose: Dose) -> list[Dose]:
    """What was recorded of a dose, oldest first, without its plan."""
    rows = Dose.objects.filter(
        cycle=dose.cycle_id, agent=dose.agent, number=dose.number
    )
    said = rows.exclude(status=Dose.Status.PLANNED).select_related("recorded_by")
    return list(said.order_by("pk"))


def history_of(treatment: Treatment) -> list[Treatment]:
    """Every version of a line, from the first to the one that stands."""
    while (before := cast("Treatment | None", treatment.supersedes)) is not None:
        treatment = before
    rows = [treatment]
    while (later := Treatment.objects.filter(supersedes=rows[-1]).first()) is not None:
        rows.append(later)
    return rows


def treatment_for(user: User, pk: int) -> Treatment:
    """A line of a participant within reach. Raises Http404."""
    lines = Treatment.objects.filter(
        pk=pk, cycle__participant__in=participants_for(user)
    )
    found = lines.select_related("cycle__participant__site__trial").first()
    if found is None:
        raise Http404(_("There is no such line in the log."))
    return found
