"""What people of the cast do at the bedside, in one line each, through `flow`."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from monitor import clock, flow
from monitor.bedside.entry import NewReading, read_reading
from monitor.flow import Saved
from monitor.trials.models import Cycle
from tests.cast import Cast

WELL = {
    "TEMP": "36.8",
    "HR": "78",
    "SYSBP": "122",
    "DIABP": "76",
    "OXYSAT": "98",
    "RESP": "16",
    "OXYGEN_DEVICE": "room_air",
    "ACVPU": "A",
}
FEVER = {**WELL, "TEMP": "38.6", "HR": "104"}
LOW = {**FEVER, "TEMP": "39.1", "HR": "124", "SYSBP": "86", "DIABP": "48"}


def readings(typed: dict[str, str]) -> list[NewReading]:
    return [read_reading(item, value) for item, value in typed.items()]


def enter(cast: Cast, at: datetime, typed: dict[str, str], **more: Any) -> Saved:
    """Reyes enters a set for 02-014, seen at `at`; the clock is not moved."""
    told = {"cycle": cast.cycle, "by": cast.reyes, "key": uuid4(), **more}
    return flow.record_set(observed_at=at, readings=readings(typed), **told)


def enter_at(cast: Cast, at: datetime, typed: dict[str, str], **more: Any) -> Saved:
    """As it should be: entered a minute after it was seen."""
    with clock.freeze(at + timedelta(minutes=1)):
        return enter(cast, at, typed, **more)


def baseline(cast: Cast, cycle: Cycle | None = None) -> Saved:
    """The set before dose 1, on 19 November at 09:30 in Boston."""
    at = cast.dose.given_at - timedelta(minutes=35)
    return enter_at(cast, at, WELL, **({"cycle": cycle} if cycle else {}))
