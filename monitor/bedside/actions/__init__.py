"""What can happen at the bedside: each name writes rows that are never changed."""

from monitor.bedside.actions.arranged import arrange, assign, end_arrangement
from monitor.bedside.actions.corrections import (
    confirm_reading,
    correct_reading,
    replace_reading,
    void_observation,
    void_reading,
)
from monitor.bedside.actions.hidden import (
    look_at_hidden,
    record_hidden,
    void_hidden,
)
from monitor.bedside.actions.sets import record_observation
from monitor.bedside.actions.settling import settle
from monitor.bedside.actions.standards import (
    choose_unit,
    record_laboratory_range,
    void_laboratory_range,
)
from monitor.bedside.actions.states import (
    record_fact,
    record_range,
    void_fact,
    void_range,
)

__all__ = [
    "arrange",
    "assign",
    "choose_unit",
    "confirm_reading",
    "correct_reading",
    "end_arrangement",
    "look_at_hidden",
    "record_fact",
    "record_hidden",
    "record_laboratory_range",
    "record_observation",
    "record_range",
    "replace_reading",
    "settle",
    "void_fact",
    "void_hidden",
    "void_laboratory_range",
    "void_observation",
    "void_range",
    "void_reading",
]
