"""What can happen at the bedside: each name writes rows that are never changed."""

from monitor.bedside.actions.corrections import (
    confirm_reading,
    correct_reading,
    replace_reading,
    void_observation,
    void_reading,
)
from monitor.bedside.actions.sets import record_observation
from monitor.bedside.actions.states import (
    record_fact,
    record_range,
    void_fact,
    void_range,
)

__all__ = [
    "confirm_reading",
    "correct_reading",
    "record_fact",
    "record_observation",
    "record_range",
    "replace_reading",
    "void_fact",
    "void_observation",
    "void_range",
    "void_reading",
]
