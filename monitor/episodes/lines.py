"""A cycle's treatments, limits, states and arrangements, asked for in one query.

They are small and alike: who wrote when what, with at most two numbers.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import (
    CharField,
    DateTimeField,
    F,
    FloatField,
    IntegerField,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Coalesce, NullIf

from monitor.bedside.models import Arrangement, Fact, ReferenceRange
from monitor.episodes.screening import screening_pressures
from monitor.treatments.models import Treatment
from monitor.trials.models import Cycle, initials_of

# An empty column has a type all the same: PostgreSQL asks for it.
BLANK = Value("", CharField())
NEVER = Cast(Value(None), DateTimeField())
NOTHING = Cast(Value(None), FloatField())
NO_CYCLE = Value(0, IntegerField())
# An anticytokine blurs its markers for so long, the longest of all (reference 11, B2).
BLURRED = timedelta(days=14)

TREATMENT, RANGE, FACT, ARRANGED = "treatment", "range", "fact", "arranged"
SCREENED = "screened"
#: Who recorded it, from whose name `margin` makes the letters of a chart's margin.
AUTHOR = Coalesce(
    NullIf("recorded_by__printed_name", Value("")), "recorded_by__username"
)


@lru_cache(maxsize=256)
def margin(author: str) -> str:
    return initials_of(author) or author


class Line(NamedTuple):
    """One row of any of them; `table` says of which, `form` how it is meant.

    `high` is the other end of a range, and of a treatment the weight that was used.
    """

    table: str
    pk: int
    at: datetime
    until: datetime | None
    code: str
    form: str
    value: str
    unit: str
    number: float | None
    high: float | None
    cycle: int
    by: str


def lines_of(cycle: Cycle, start: datetime) -> list[Line]:
    """What stands of the cycle, oldest first.

    Also what an earlier cycle gave that may still blur a sign at the cycle's `start`,
    or still runs, under that cycle's own number, and the pressures of before the
    participant's first dose of all.
    """
    parts = [_ranges(cycle), _facts(cycle), _arranged(cycle)]
    if cycle.number > 1:
        parts.append(_screening(cycle))
    every = _treatments(cycle, start).union(*parts, all=True)
    lines = [Line(*row) for row in every]
    return sorted(lines, key=lambda line: (line.at, line.pk))


def _treatments(cycle: Cycle, start: datetime) -> QuerySet[Any, Any]:
    earlier = Q(
        Q(at__gte=start - BLURRED) | Q(until__gte=start),
        cycle__participant_id=cycle.participant_id,
        cycle__number__lt=cycle.number,
    )
    rows = Treatment.objects.current().filter(Q(cycle=cycle) | earlier)
    of_it = {"number": "amount", "high": "weight"}
    return _row(rows, TREATMENT, **of_it, number_of_cycle=F("cycle__number"))


def _ranges(cycle: Cycle) -> QuerySet[Any, Any]:
    rows = ReferenceRange.objects.current().filter(cycle=cycle)
    told = {"at": "since", "until": NEVER, "code": "item", "form": BLANK, "unit": BLANK}
    return _row(rows, RANGE, **told, number="low", high="high")


def _facts(cycle: Cycle) -> QuerySet[Any, Any]:
    rows = Fact.objects.current().filter(cycle=cycle)
    return _row(rows, FACT, form="kind", value="value")


def _arranged(cycle: Cycle) -> QuerySet[Any, Any]:
    rows = Arrangement.objects.current().filter(cycle=cycle)
    return _row(rows, ARRANGED, code="why", form="kind", value="note", unit=BLANK)


def _screening(cycle: Cycle) -> QuerySet[Any, Any]:
    rows = screening_pressures(cycle)
    told = {"at": "observation__observed_at", "code": "item", "form": BLANK}
    return _row(rows, SCREENED, **told, number="number")


def _row(
    rows: QuerySet[Any],
    table: str,
    *,
    at: Any = "at",
    until: Any = "until",
    code: Any = "code",
    form: Any = "form",
    value: Any = BLANK,
    unit: Any = "unit",
    number: Any = NOTHING,
    high: Any = NOTHING,
    number_of_cycle: Any = NO_CYCLE,
) -> QuerySet[Any, Any]:
    """The columns of `Line`, in its order."""
    return rows.order_by().values_list(
        Value(table, CharField()),
        "pk",
        at,
        until,
        code,
        form,
        value,
        unit,
        number,
        high,
        number_of_cycle,
        AUTHOR,
    )
