"""What a protocol asks for and when: sets after a dose, routines, contacts at home."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

#: What a set must hold, as a value or with the reason why not, to be complete.
SET_ITEMS = ("RESP", "OXYSAT", "OXYGEN_DEVICE", "SYSBP", "HR", "TEMP", "ACVPU")
HOURS_OF_A_DAY = 24
RoutineName = Literal["weight", "labs", "examination", "fluids", "cells"]


@dataclass(frozen=True, slots=True)
class Intensity:
    """Sets every so many minutes: `times` of them, or until so many hours after the

    dose, or from then on (neither). Three in a row read q15 min x 4, q1 h x 4, q4 h.
    """

    every_minutes: float
    until_hours: float | None = None
    times: int | None = None

    def __post_init__(self) -> None:
        if self.every_minutes <= 0:
            raise ValueError("every_minutes is more than 0.")
        if self.until_hours is not None and self.times is not None:
            raise ValueError("give times or until_hours, not both.")

    def end_minutes(self, start: float) -> float | None:
        """Minutes after the dose at which it ends, when it starts at `start`."""
        if self.times is not None:
            return start + self.times * self.every_minutes
        return self.until_hours * 60 if self.until_hours is not None else None


def _is_hour(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 <= value < HOURS_OF_A_DAY


@dataclass(frozen=True, slots=True)
class Routine:
    """What is due besides the sets: each day by a local hour, or after the first dose.

    `items`: any of them missing leaves it due. `after_hours`: hours after the first
    dose of the cycle.
    """

    what: RoutineName
    items: tuple[str, ...]
    by_hour: float | None = None
    after_hours: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(self.items))
        object.__setattr__(self, "after_hours", tuple(self.after_hours))
        if self.what not in get_args(RoutineName):
            names = ", ".join(get_args(RoutineName))
            raise ValueError(f"what is one of {names}.")
        if (self.by_hour is None) == (not self.after_hours):
            raise ValueError("give by_hour or after_hours.")
        if self.by_hour is not None and not _is_hour(self.by_hour):
            raise ValueError("by_hour is an hour of the day, 0 to less than 24.")


@dataclass(frozen=True, slots=True)
class Contacts:
    """At home the protocol asks for a contact so many hours after the last one, until

    so many days after the last dose.
    """

    every_hours: float
    until_days: float
    how: str = "telephone"

    def __post_init__(self) -> None:
        if self.every_hours <= 0:
            raise ValueError("every_hours is more than 0.")


DEFAULT_SCHEDULE = (Intensity(15, times=4), Intensity(60, times=4), Intensity(240))


@dataclass(frozen=True, slots=True)
class Plan:
    """All of it. `end_of_infusion`: a set is due when an infusion ends."""

    sets: tuple[Intensity, ...] = DEFAULT_SCHEDULE
    items: tuple[str, ...] = SET_ITEMS
    end_of_infusion: bool = True
    routines: tuple[Routine, ...] = ()
    contacts: Contacts | None = None

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Plan":
        contacts = document.get("contacts")
        return cls(
            sets=tuple(Intensity(**one) for one in document.get("schedule", ()))
            or DEFAULT_SCHEDULE,
            items=tuple(document.get("set_items", SET_ITEMS)),
            end_of_infusion=bool(document.get("end_of_infusion", True)),
            routines=tuple(Routine(**one) for one in document.get("routines", ())),
            contacts=Contacts(**contacts) if contacts else None,
        )


def problems_of(document: Mapping[str, Any], items: Mapping[str, Any]) -> Iterator[str]:
    """What stands in the way of using the plan, in sentences. `items`: those known."""
    makers: tuple[tuple[str, type, Sequence[Any]], ...] = (
        ("schedule", Intensity, document.get("schedule", ())),
        ("routines", Routine, document.get("routines", ())),
        (
            "contacts",
            Contacts,
            [document["contacts"]] if "contacts" in document else (),
        ),
    )
    for key, maker, entries in makers:
        for number, one in enumerate(entries, start=1):
            try:
                maker(**one)
            except TypeError:
                yield f"{key}, entry {number}: unknown or missing parts."
            except ValueError as error:
                yield f"{key}, entry {number}: {error}"
    named = [*document.get("set_items", ())]
    for one in document.get("routines", ()):
        named += one.get("items", ()) if isinstance(one, Mapping) else ()
    yield from (f"There is no item {code}." for code in named if code not in items)
