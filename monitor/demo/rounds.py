"""The sets between those that a story tells: as scheduled, drawn from one to the next.

Temperature, pulse and pressure go from the set before to the set after, with the
body's day and a little unrest, the same at every telling.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import cos, tau
from random import Random

from monitor.clinical.due.slots import next_slot
from monitor.clinical.study.plan import Intensity
from monitor.clinical.thresholds import THRESHOLDS
from monitor.demo.sets import Set, read_set
from monitor.demo.told import Row, Story, since

# Half of the swing over a day, the unrest of one set (standard deviation), decimals.
DRAWN = {
    "TEMP": (0.2, 0.06, 1),
    "HR": (3, 1.5, 0),
    "SYSBP": (3, 2, 0),
    "DIABP": (2, 1.5, 0),
    "OXYSAT": (0, 0.4, 0),
    "RESP": (0.5, 0.6, 0),
}
WARMEST_HOUR = 16
FEVER = THRESHOLDS["fever"].value
BEFORE_A_DOSE = timedelta(hours=4)
FULL_EVERY = timedelta(hours=8)
LATE_AT_MOST = 6
ANSWERED = timedelta(minutes=12)
DAY_SHIFT = range(7, 19)
NIGHTS = {"reyes": "moss"}
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Anchor:
    """A set that the story tells."""

    at: timedelta
    set: Set


@dataclass(frozen=True)
class Course:
    """What a story fixes: its sets, and when doses were given."""

    code: str
    anchors: Sequence[Anchor]
    doses: Sequence[timedelta]
    schedule: Sequence[Intensity]

    def slots(
        self, start: timedelta, until: timedelta, every: timedelta | None
    ) -> Iterator[timedelta]:
        """When a set is due and the story tells none: by the schedule, or `every`."""
        told = sorted([*(one.at for one in self.anchors), *self.doses])
        last = start
        while True:
            slot = last + every if every else self.next_slot(last)
            answers = [at for at in told if last < at <= slot + ANSWERED]
            if answers:
                last = answers[0]
            elif slot < until:
                yield slot
                last = slot
            else:
                return

    def next_slot(self, last: timedelta) -> timedelta:
        dose = max((at for at in self.doses if at <= last), default=None)
        if dose is None:
            return last + BEFORE_A_DOSE
        return next_slot(self.schedule, EPOCH + dose, EPOCH + last) - EPOCH

    def around(self, at: timedelta) -> tuple[Anchor, Anchor]:
        """The complete sets before and after. Raises ValueError where one is not."""
        whole = [one for one in self.anchors if one.set.complete]
        for before, after in pairwise(whole):
            if before.at <= at < after.at:
                return before, after
        raise ValueError(f"{self.code}: rounds at {at}, and no set before or after.")


def with_rounds(story: Story, schedule: Sequence[Intensity]) -> list[Row]:
    """The story's rows with the scheduled sets in between, as they were recorded."""
    rows = story.rows
    course = Course(
        story.code,
        [Anchor(row.at, read_set(row.rest)) for row in rows if row.verb == "set"],
        [row.at for row in rows if row.verb in ("dose", "reduce")],
        schedule,
    )
    made = [one for row in rows if row.verb == "rounds" for one in walk(row, course)]
    told = [row for row in rows if row.verb != "rounds"]
    return sorted([*told, *made], key=lambda row: row.written)


def walk(row: Row, course: Course) -> Iterator[Row]:
    """The sets of one `rounds until D2 09:00` or `rounds every 45 min until ...`.

    One that finds a fever come or gone is looked at, as on a ward.
    """
    full, last = row.at, Anchor(row.at, course.around(row.at)[0].set)
    for slot in course.slots(row.at, *asked(row.rest)):
        # The same story at each telling: chance here is no secret.
        unrest = Random(f"{course.code} {slot}")  # nosec B311
        at = slot + timedelta(minutes=unrest.randint(0, LATE_AT_MOST))
        whole = at - full >= FULL_EVERY
        full = at if whole else full
        before, after = course.around(at)
        text = draw(at, before, after, unrest, whole)
        last = max(last, before, key=lambda one: one.at)
        drawn = Anchor(at, read_set(text))
        turned = feverish(last.set) != feverish(drawn.set)
        yield Row(at, on_shift(row.by, at), "set", text, looked=turned)
        last = drawn


def asked(text: str) -> tuple[timedelta, timedelta | None]:
    every, _, until = text.partition("until ")
    minutes = every.removeprefix("every ").removesuffix(" min ")
    return since(until), timedelta(minutes=int(minutes)) if minutes else None


def feverish(one: Set) -> bool:
    return float(one.typed["TEMP"]) >= FEVER


def on_shift(by: str, at: timedelta) -> str:
    return by if int(hour(at)) in DAY_SHIFT else NIGHTS.get(by, by)


def hour(at: timedelta) -> float:
    return at / timedelta(hours=1) % 24


def draw(
    at: timedelta, before: Anchor, after: Anchor, unrest: Random, whole: bool
) -> str:
    """A set on the way from one to the next, as a line."""
    value = {item: on_the_way(item, at, before, after, unrest) for item in DRAWN}
    pressure = f"{value['SYSBP']}/{value['DIABP']}"
    told = [value["TEMP"], value["HR"], pressure, value["OXYSAT"], before.set.oxygen]
    told += [value["RESP"], before.set.typed["ACVPU"], ";", symptoms(before.set, whole)]
    return " ".join(told)


def on_the_way(
    item: str, at: timedelta, before: Anchor, after: Anchor, unrest: Random
) -> str:
    _, spread, decimals = DRAWN[item]
    share = (at - before.at) / (after.at - before.at)
    rests = [float(one.set.typed[item]) - tide(item, one.at) for one in (before, after)]
    drawn = rests[0] + share * (rests[1] - rests[0]) + tide(item, at)
    drawn += unrest.gauss(0, spread)
    return f"{min(drawn, 100) if item == 'OXYSAT' else drawn:.{decimals}f}"


def tide(item: str, at: timedelta) -> float:
    """What the time of day adds."""
    return DRAWN[item][0] * cos((hour(at) - WARMEST_HOUR) / 24 * tau)


def symptoms(before: Set, whole: bool) -> str:
    """Rigors pass; what else was there is still there."""
    if not whole:
        return "CHILLS 0"
    lasting = [(item, grade) for item, grade in before.symptoms.items()]
    kept = [f"{item} {grade}" for item, grade in lasting if item != "CHILLS"]
    return " ".join([*kept, "CHILLS 0", "else none"])
