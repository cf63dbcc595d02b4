"""The sets of a cycle as values alone: a long one has thousands of readings.

They are read without models, and no column that no chart asks for: what is said beside
a value in the table of sets (`sets.py`) is not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from monitor.bedside.models import Observation, Reading
from monitor.clinical.study.protocol import Lines
from monitor.episodes.assessing import protocol_of
from monitor.episodes.sets import HELD, value_said
from monitor.episodes.shapes import SetValues, Value
from monitor.trials.models import Cycle, User

#: Of which set a reading is, and whether it says a value; then what the value says.
PLACE = ("observation", "state", "not_done_reason", "check_state", "until")
SAID = ("item", "number", "choice", "typed", "typed_unit", "recorded_by")


def set_values(cycle: Cycle) -> list[SetValues]:
    """The sets that stand, oldest first. Three queries."""
    taken = Observation.objects.current().filter(cycle=cycle)
    taken = taken.order_by("observed_at", "pk")
    observed = list(taken.values_list("pk", "observed_at", "recorded_by"))
    standing = Reading.objects.current().filter(observation__cycle=cycle)
    readings = list(standing.values_list(*PLACE, *SAID))
    people = {by for *_told, by in observed} | {by for *_told, by in readings}
    letters = letters_of(people)
    lines = protocol_of(cycle).lines
    found = {pk: SetValues(at, letters[by], {}, {}) for pk, at, by in observed}
    # A long cycle says the same value by the same person hundreds of times.
    known: dict[tuple[Any, ...], Value] = {}
    for row in readings:
        of, state, why, check, until = row[: len(PLACE)]
        said = row[len(PLACE) :]
        one = found.get(of)
        if one is None:  # Its set was struck out.
            continue
        if state != Reading.State.VALUE:
            one.not_done[said[0]] = why or state
        elif check != HELD:
            value = known.get(said) or known.setdefault(
                said, read(said, letters, lines)
            )
            one.values[value.item] = replace(value, until=until) if until else value
    return list(found.values())


def read(said: tuple[Any, ...], letters: Mapping[int, str], lines: Lines) -> Value:
    item, number, choice, typed, unit, by = said
    written = f"{typed} {unit}".strip()
    return value_said(item, number, choice, written, letters[by], lines)


def letters_of(people: set[int]) -> Mapping[int, str]:
    """Each person's letters in a chart's margin."""
    found = User.objects.in_bulk(people)
    return {pk: one.initials or one.username for pk, one in found.items()}
