"""The slots of the sets, counted from the dose as given, and which are answered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from monitor.clinical.study.plan import Intensity


@dataclass(frozen=True, slots=True)
class Slot:
    """A set due at `at`; a set from `opens` on answers it. `ending`: of an infusion."""

    at: datetime
    opens: datetime
    ending: bool = False


def next_slot(
    sets: Sequence[Intensity], dose: datetime, last_set: datetime | None
) -> datetime:
    """The first slot that the last set does not answer."""
    return slot_after(sets, dose, last_set).at


def slot_after(
    sets: Sequence[Intensity],
    dose: datetime,
    last_set: datetime | None,
    ends: datetime | None = None,
    early: timedelta = timedelta(0),
) -> Slot:
    """The first slot of a dose that the last set does not answer.

    A set answers a slot from half an interval before it; the one at the end of an
    infusion (`ends`) from `early` before it.
    """
    reached = last_set if last_set is not None and last_set >= dose else None
    slot = _regular_after(sets, dose, reached)
    if ends is None or ends >= slot.at or (reached and reached >= ends - early):
        return slot
    return Slot(ends, ends - early, ending=True)


def slot_answered(
    sets: Sequence[Intensity],
    dose: datetime,
    at: datetime,
    ends: datetime | None = None,
    early: timedelta = timedelta(0),
) -> Slot | None:
    """The last slot that a set at `at` answers; None where there is none yet."""
    found = None
    for slot in _up_to(sets, dose, at):
        found = slot
    if ends is not None and ends - early <= at and (found is None or ends > found.at):
        return Slot(ends, ends - early, ending=True)
    return found


def _regular_after(
    sets: Sequence[Intensity], dose: datetime, reached: datetime | None
) -> Slot:
    answered = [] if reached is None else [*_up_to(sets, dose, reached)]
    after = answered[-1].at if answered else dose
    for start, every, end in _stretches(tuple(sets)):
        at = max(after, dose + start) + every
        if (
            end is None
            or at <= dose + end
            or (start, every, end) == _stretches(tuple(sets))[-1]
        ):
            return Slot(at, at - every / 2)
    raise ValueError("A schedule has at least one intensity.")


def _up_to(sets: Sequence[Intensity], dose: datetime, at: datetime) -> Iterator[Slot]:
    """The last slot of each stretch that a set at `at` answers, oldest first."""
    for start, every, end in _stretches(tuple(sets)):
        last = (start, every, end) == _stretches(tuple(sets))[-1]
        count = (at - dose + every / 2 - start) // every
        if end is not None and not last:
            count = min(count, (end - start) // every)
        if count > 0:
            slot = dose + start + count * every
            yield Slot(slot, slot - every / 2)


Stretch = tuple[timedelta, timedelta, timedelta | None]


@lru_cache(maxsize=64)
def _stretches(sets: tuple[Intensity, ...]) -> tuple[Stretch, ...]:
    """(start, interval, end) of each intensity, counted from the dose."""
    found: list[Stretch] = []
    start: float | None = 0.0
    for one in sets:
        if start is None:
            break
        end = one.end_minutes(start)
        span = None if end is None else timedelta(minutes=end)
        every = timedelta(minutes=one.every_minutes)
        found.append((timedelta(minutes=start), every, span))
        start = end
    return tuple(found)
