"""The fields that a reading shares with what is about to become one."""

from dataclasses import replace
from typing import Any

from monitor.bedside.entry import NewReading
from monitor.bedside.models import Reading
from monitor.clinical.items import catalogue
from monitor.clinical.study.protocol import ctcae_of
from monitor.trials.models import Cycle

VALUE = (
    "item",
    "typed",
    "unit",
    "typed_unit",
    "state",
    "number",
    "choice",
    "until",
    "began_at",
    "not_done_reason",
    "check_state",
    "check_reason",
    "ctcae",
)


def fields_of(reading: NewReading | Reading) -> dict[str, Any]:
    return {name: getattr(reading, name) for name in VALUE}


def as_new(reading: Reading) -> NewReading:
    """A recorded reading as if it were entered again."""
    return NewReading(**fields_of(reading))


def graded_under(reading: NewReading, cycle: Cycle) -> NewReading:
    """A symptom's grade, with the CTCAE version that the cycle's protocol fixes."""
    graded = catalogue.item(reading.item).grading and reading.number is not None
    return replace(reading, ctcae=ctcae_of(cycle.protocol.document) if graded else "")
