"""The sets of a cycle as values alone: a long one has thousands of readings.

They are read without models, and no column that no chart asks for: what is said beside
a value in the table of sets (`sets.py`) is not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from monitor.bedside.models import Observation, Reading
from monitor.episodes.assessing import protocol_of
from monitor.episodes.sets import HELD, value_said
from monitor.episodes.shapes import SetValues
from monitor.trials.models import Cycle, User

COLUMNS = (
    "observation",
    "item",
    "state",
    "number",
    "choice",
    "typed",
    "typed_unit",
    "not_done_reason",
    "check_state",
    "until",
    "recorded_by",
)


def set_values(cycle: Cycle) -> list[SetValues]:
    """The sets that stand, oldest first. Three queries."""
    taken = Observation.objects.current().filter(cycle=cycle)
    taken = taken.order_by("observed_at", "pk")
    observed = list(taken.values_list("pk", "observed_at", "recorded_by"))
    standing = Reading.objects.current().filter(observation__cycle=cycle)
    readings = list(standing.values_list(*COLUMNS))
    people = {by for *_told, by in observed} | {by for *_told, by in readings}
    letters = letters_of(people)
    lines = protocol_of(cycle).lines
    found = {pk: SetValues(at, letters[by], {}, {}) for pk, at, by in observed}
    for of, item, state, number, choice, typed, unit, why, check, until, by in readings:
        one = found.get(of)
        if one is None:  # Its set was struck out.
            continue
        if state != Reading.State.VALUE:
            one.not_done[item] = why or state
        elif check != HELD:
            written = f"{typed} {unit}".strip()
            value = value_said(item, number, choice, written, letters[by], lines)
            one.values[item] = replace(value, until=until) if until else value
    return list(found.values())


def letters_of(people: set[int]) -> Mapping[int, str]:
    """Each person's letters in a chart's margin."""
    found = User.objects.in_bulk(people)
    return {pk: one.initials or one.username for pk, one in found.items()}
