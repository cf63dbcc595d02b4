"""What the rule says of each fluid bolus, beside what a person saw (R19)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from monitor import clock
from monitor.bedside.queries import usual_pressure
from monitor.clinical.care.fluid_answer import Span, answered_at
from monitor.clinical.items import catalogue
from monitor.episodes.assessing import protocol_of
from monitor.episodes.shapes import SetValues
from monitor.review.intervals import number
from monitor.review.responses import FLUIDS
from monitor.treatments.models import Treatment
from monitor.trials.models import Cycle

Form = Treatment.Form
PRESSOR = "vasopressor"


@dataclass(frozen=True)
class ByRule:
    """`at`: when the pressure had answered; None: not known. `over`: nor will it be."""

    at: datetime | None
    minutes: float
    hours: float
    over: bool = False


def fluid_answers(
    cycle: Cycle,
    given: Iterable[Treatment],
    sets: Sequence[SetValues],
    now: datetime | None = None,
) -> dict[int, ByRule]:
    """Id of each bolus among these lines -> its answer; `sets` oldest first."""
    boluses = [one for one in given if one.code in FLUIDS and one.form == Form.AMOUNT]
    if not boluses:
        return {}
    protocol, now = protocol_of(cycle), now or clock.now()
    usual = usual_pressure(cycle, protocol.lines["sbp_usual_readings"])
    line, read, ran = protocol.low_pressure(usual), pressures(sets), pressors(cycle)
    lines = protocol.lines
    limits = lines["fluid_answer_minutes"], lines["fluid_answer_pressor_hours"]
    waits = timedelta(hours=lines["fluid_answer_pressor_hours"])
    found: dict[int, ByRule] = {}
    for one in boluses:
        ended = one.until or one.at
        answer = answered_at(ended, read, line, ran, now, lines)
        found[one.pk] = ByRule(answer, *limits, over=now >= ended + waits)
    return found


def pressures(sets: Iterable[SetValues]) -> list[tuple[datetime, float]]:
    """The systolic pressures that feed: none that is held as a question."""
    found = [(one.at, number(one, "SYSBP")) for one in sets]
    return [(at, sbp) for at, sbp in found if sbp is not None]


def pressors(cycle: Cycle) -> list[Span]:
    """When a vasopressor was given in the cycle: a push is a moment."""
    codes = [
        code for code, kind in catalogue.TREATMENTS.items() if kind.klass == PRESSOR
    ]
    lines = Treatment.objects.current().filter(cycle=cycle, code__in=codes)
    found: list[Span] = []
    by_code: dict[str, list[Treatment]] = {}
    for one in lines.order_by("at", "pk"):
        by_code.setdefault(one.code, []).append(one)
    for own in by_code.values():
        found += spans(own)
    return found


def spans(lines: Sequence[Treatment]) -> list[Span]:
    """Of one agent, oldest first: a rate runs to its end, or to the next line."""
    following = [later.at for _one, later in pairwise(lines)]
    found: list[Span] = []
    for one, later in zip(lines, [*following, None], strict=True):
        if not one.amount:
            continue
        ends = [at for at in (one.until, later) if at is not None]
        if one.form != Form.RATE:
            ends = [one.until or one.at]
        found.append((one.at, min(ends, default=None)))
    return found
