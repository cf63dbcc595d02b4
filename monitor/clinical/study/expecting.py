"""What a protocol expects after a dose, and what ends that (reference 11, B6).

All of it must hold. Expecting changes who is told and how loudly, never a pattern, a
grade or an episode. Temperature, heart rate and pressure are read together, so each
must be known to lie within its limit: what nobody measured is not expected. Chills,
blood and weight end it where they are known to lie outside.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from math import inf
from typing import Any, Self

import polars as pl

from monitor.clinical.signs.registry import Lines
from monitor.clinical.words import (
    fall,
    fall_percent,
    known,
    now,
    rise,
    sign,
    warmth,
)

# Whatever the protocol: infection, few platelets, a site that is more than mild, and
# rigors that go on. Danger signs and grades are asked of what stands (`reasoning`).
NEVER_EXPECTED = (
    *("person_concerned", "neutrophils_low", "platelets_unexpectedly_low"),
    *("site_reaction", "site_growing", "site_infected", "airway_swelling"),
)
# What goes beyond a mild leak, where one is expected; and any leak, where none is.
BEYOND_MILD = (
    *("albumin_very_low", "albumin_fallen_far", "weight_far_up"),
    *("weight_up_large_percent", "creatinine_unexpectedly_high"),
    "transaminases_unexpectedly_high",
)
ANY_LEAK = (
    *("albumin_fallen", "weight_up", "weight_up_percent"),
    *("creatinine_risen", "transaminases_raised"),
)


@dataclass(frozen=True, slots=True)
class Fever:
    """From and to so many hours after a dose, below a line in Celsius.

    `before_dose_below`: what it has fallen below at the set before the next dose.
    """

    from_hours: float
    to_hours: float
    below: float
    before_dose_below: float | None = None


@dataclass(frozen=True, slots=True)
class Chills:
    """From and to so many hours after a dose, up to a CTCAE grade."""

    from_hours: float
    to_hours: float
    at_most: float


@dataclass(frozen=True, slots=True)
class HeartRate:
    """Up to so many beats, and so many over the baseline beyond what fever explains."""

    at_most: float
    over_baseline: float | None = None


@dataclass(frozen=True, slots=True)
class Pressure:
    """A fall from the baseline that stays below so many mm[Hg], or percent of it."""

    fall_below: float | None = None
    fall_percent_below: float | None = None


PARTS = {
    "fever": Fever,
    "chills": Chills,
    "heart_rate": HeartRate,
    "pressure": Pressure,
}
# A limit of which 0 would say that nothing is expected at all.
NEVER_ZERO = ("below", "at_most", "fall_below", "fall_percent_below")
OTHERS = {"on", "days", "mild_leak", "opened"}
OPENED = {"level", "on", "by"}


@dataclass(frozen=True, slots=True)
class Expected:
    """All that holds together. `days`: only so many from the first dose on.

    `levels`: the numbers of the dose levels for which the windows are open; empty: all.
    """

    fever: Fever
    chills: Chills | None = None
    heart_rate: HeartRate | None = None
    pressure: Pressure | None = None
    days: float | None = None
    mild_leak: bool | None = None
    levels: tuple[str, ...] = ()

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self | None:
        """What a protocol document expects; None while its windows are off."""
        told = document.get("expected", {})
        if not told.get("on", False) or "fever" not in told:
            return None
        parts = {
            name: kind(**told[name]) for name, kind in PARTS.items() if name in told
        }
        return cls(
            **parts,
            days=told.get("days"),
            mild_leak=told.get("mild_leak"),
            levels=tuple(levels_of(document)),
        )


def levels_of(document: Mapping[str, Any]) -> list[str]:
    """The dose levels for which the safety group opened the windows (R21)."""
    opened = document.get("expected", {}).get("opened", [])
    return [str(one["level"]) for one in opened]


def problems(document: Mapping[str, Any]) -> Iterator[str]:
    """What stands in the way of using `expected`, in sentences."""
    told = document.get("expected", {})
    for name in sorted(set(told) - set(PARTS) - OTHERS):
        yield f"expected.{name} is no part of what is expected."
    for name in ("on", "mild_leak"):
        if not isinstance(told.get(name, False), bool):
            yield f"expected.{name} is true or false, without quotation marks."
    for name, kind in PARTS.items():
        if name in told:
            yield from _part_problems(name, kind, told[name])
    if "days" in told and not (_is_number(told["days"]) and told["days"]):
        yield "expected.days: a number of days, more than 0."
    yield from _opened_problems(told)


def _opened_problems(told: Mapping[str, Any]) -> Iterator[str]:
    """Opened by whom and on which day, each level once."""
    opened = told.get("opened", [])
    if opened and not told.get("on", False):
        yield "expected.opened: the windows are off; say `on = true` too."
    if not isinstance(opened, list) or not all(map(_is_opening, opened)):
        yield "expected.opened: give level (its number), on (a day) and by (who)."
        return
    if len({one["level"] for one in opened}) < len(opened):
        yield "expected.opened: a level stands twice."


def _is_opening(one: Any) -> bool:
    if not isinstance(one, Mapping) or set(one) != OPENED or not one["by"]:
        return False
    try:
        date.fromisoformat(str(one["on"]))
    except ValueError:
        return False
    return isinstance(one["level"], int) and not isinstance(one["level"], bool)


def _part_problems(name: str, kind: type, told: Any) -> Iterator[str]:
    parts = ", ".join(one.name for one in fields(kind))
    try:
        kind(**told)
    except TypeError:
        yield f"expected.{name}: give {parts}."
        return
    if not all(_is_number(value) for value in told.values()):
        yield f"expected.{name}: each part is a number, 0 or more."
        return
    if "from_hours" in told and told["from_hours"] >= told["to_hours"]:
        yield f"expected.{name}: from_hours lies before to_hours."
    if not all(told.get(part, 1) for part in NEVER_ZERO):
        yield f"expected.{name}: with a limit of 0 nothing is expected. Leave it out."


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 <= value < inf


# Answers, never unknown --------------------------------------------------------------
def window(expected: Expected) -> pl.Expr:
    """Whether a fever as the last one read is expected at this instant."""
    fever, since = expected.fever, pl.col("at") - pl.col("last_dose")
    inside = since.is_between(_hours(fever.from_hours), _hours(fever.to_hours))
    inside = inside & (pl.col("last:TEMP") < fever.below)
    if expected.days is not None:
        begun = pl.col("at") - pl.col("first_dose")
        inside = inside & (begun <= timedelta(days=expected.days))
    if expected.levels:
        # Who is on which level is a fact; who is on none that anybody named, on none.
        inside = inside & pl.col("word:DOSE_LEVEL").is_in(expected.levels)
    return known(inside)


def ends(lines: Lines, expected: Expected) -> list[pl.Expr]:
    """What ends it beside the window, the danger signs and a grade of 2."""
    leak = {True: BEYOND_MILD, False: ANY_LEAK, None: ()}[expected.mild_leak]
    found = [sign(name) for name in (*NEVER_EXPECTED, *leak)]
    found += _too_fast(lines, expected.heart_rate)
    found += _too_far(expected.pressure)
    found += _too_hot_for_a_dose(lines, expected.fever)
    found.append(_without_pressure(lines))
    return found + _chills(expected.chills)


def _too_fast(lines: Lines, heart: HeartRate | None) -> list[pl.Expr]:
    if heart is None:
        return []
    within = now("HR") <= heart.at_most
    if heart.over_baseline is not None:
        by_fever = warmth("TEMP", lines["hr_fever_from"]) * lines["hr_per_degree"]
        within = within & (rise("HR") - by_fever <= heart.over_baseline)
    return [~known(within)]


def _too_far(pressure: Pressure | None) -> list[pl.Expr]:
    if pressure is None:
        return []
    found = []
    if pressure.fall_below is not None:
        found.append(~known(fall("SYSBP") < pressure.fall_below))
    if pressure.fall_percent_below is not None:
        found.append(~known(fall_percent("SYSBP") < pressure.fall_percent_below))
    return found


def _too_hot_for_a_dose(lines: Lines, fever: Fever) -> list[pl.Expr]:
    """A fever that the next dose would meet: read in the time of the set before it."""
    if fever.before_dose_below is None:
        return []
    before = pl.col("slot") - pl.col("at:TEMP")
    read = before <= timedelta(minutes=lines["pre_dose_minutes"])
    return [known(read & (pl.col("last:TEMP") >= fever.before_dose_below))]


def _without_pressure(lines: Lines) -> pl.Expr:
    """A fever for half an hour, and nobody knows the pressure (R21)."""
    since = pl.col("at") - pl.col("at:TEMP")
    long = since > timedelta(minutes=lines["fever_without_pressure_minutes"])
    return known(sign("fever") & now("SYSBP").is_null() & long)


def _chills(chills: Chills | None) -> list[pl.Expr]:
    """Too strong, too early or late after a dose, or there for an hour."""
    if chills is None:
        return []
    after = pl.col("at:CHILLS") - pl.col("last_dose")
    usual = after.is_between(_hours(chills.from_hours), _hours(chills.to_hours))
    usual = usual & (now("CHILLS") <= chills.at_most)
    return [known(sign("rigors")) & ~known(usual), known(sign("rigors_lasting"))]


def _hours(hours: float) -> timedelta:
    return timedelta(hours=hours)
