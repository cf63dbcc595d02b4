"""The fields that a reading shares with what is about to become one."""

from typing import Any

from monitor.bedside.entry import NewReading
from monitor.bedside.models import Reading

VALUE = (
    "item",
    "typed",
    "unit",
    "typed_unit",
    "state",
    "number",
    "choice",
    "until",
    "not_done_reason",
    "check_state",
    "check_reason",
)


def fields_of(reading: NewReading | Reading) -> dict[str, Any]:
    return {name: getattr(reading, name) for name in VALUE}


def as_new(reading: Reading) -> NewReading:
    """A recorded reading as if it were entered again."""
    return NewReading(**fields_of(reading))
