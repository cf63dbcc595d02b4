"""Some of the core's answers and what they rest on, with all other rules left out.

The core works out every pattern and five scales at once; who compares its speed with a
few rules in plain Python asks it for those few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from monitor.clinical.answers import grades, reasoning
from monitor.clinical.answers.latching import Latch, Latches, latch
from monitor.clinical.answers.repeating import Repeat, Repeats, repeated
from monitor.clinical.instants import beyond
from monitor.clinical.study.protocol import Protocol
from monitor.clinical.tables import Sheet, Stage

Step = Stage | Repeats | Latches


class Alone:
    """The steps to these answers, built once for a protocol."""

    def __init__(self, protocol: Protocol, names: Iterable[str]) -> None:
        self.gap = protocol.lines["set_gap_hours"]
        plan = reasoning.plan_of(protocol.lines, protocol.expected)
        wanted = set(names)
        self.later = _only((*_later(plan), *grades.stages()), wanted)
        self.signs = _only(plan.signs, wanted)

    def answer(self, sheet: Sheet) -> Sheet:
        sheet.follow(*self.signs)
        beyond.doubt(sheet, self.signs)
        for step in self.later:
            match step:
                case Stage():
                    sheet.follow(step)
                case Repeats():
                    repeated(sheet, step)
                case Latches():
                    latch(sheet, step, self.gap)
        return sheet


def _later(plan: reasoning.Plan) -> Iterator[Step]:
    """What comes after the signs, in the order of its use."""
    yield from (plan.repeats, plan.lately, plan.circumstances, plan.first_arm)
    yield from (plan.fluids, plan.arms, plan.later, plan.dangers, plan.expectation)
    for part in plan.rounds:
        yield from (part.raw, *part.passes, part.answers)


def _only(steps: Iterable[Step], wanted: set[str]) -> list[Step]:
    """The steps with what is wanted alone; `wanted` grows by what that reads."""
    found = []
    for step in reversed(list(steps)):
        every = step.made if isinstance(step, Stage) else step.every
        kept = tuple(one for one in every if wanted & _made(one))
        if kept:
            found.append(type(step)(kept))
            wanted |= _read(found[-1])
    return found[::-1]


def _made(one: pl.Expr | Latch | Repeat) -> set[str]:
    match one:
        case Latch():
            return {f"standing:{one.name}", f"since:{one.name}"}
        case Repeat():
            return {f"sign:{one.name}"}
    return {one.meta.output_name()}


def _read(step: Step) -> set[str]:
    match step:
        case Stage():
            return set(step.inputs)
        case Latches():
            return {"word:PRESENCE"}.union(
                step.fires.inputs, *(one.inputs for one in step.asked)
            )
    return {f"sign:{one.sign}" for one in step.every}.union(
        *(one.inputs for one in step.asked)
    )
