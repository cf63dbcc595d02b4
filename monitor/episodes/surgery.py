"""What stands open before a planned surgery. Never whether somebody is fit for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from monitor.bedside.courses import Course, courses_of
from monitor.episodes import wording
from monitor.episodes.assessing import protocol_of
from monitor.episodes.graded import GradeRow, graded
from monitor.episodes.identity import days_left
from monitor.episodes.queries import episodes_of, state_of
from monitor.episodes.rows import when
from monitor.episodes.shapes import EpisodeRow
from monitor.treatments.models import Treatment
from monitor.treatments.queries import running_now
from monitor.trials.models import Cycle, Dose
from monitor.trials.queries import doses_of


@dataclass(frozen=True)
class Unknown:
    """An item that was never measured, or whose last value is too old to count."""

    name: str
    last: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class BeforeSurgery:
    """`values`: with a grade, or not gradable; `within`: in time, and no grade met.

    `late`: doses planned on the day or after it, which is their hard end.
    """

    day: date | None
    left: int | None
    late: list[Dose]
    episodes: list[EpisodeRow]
    symptoms: list[Course]
    values: list[GradeRow]
    within: list[GradeRow]
    unknown: list[Unknown]
    running: list[Treatment]


def planned_day(cycle: Cycle) -> date | None:
    """The day on file."""
    told = state_of(cycle).summary.get("surgery")
    return date.fromisoformat(told) if told else None


def before_surgery(cycle: Cycle, now: datetime) -> BeforeSurgery:
    """A constant number of queries."""
    day, site = planned_day(cycle), cycle.participant.site
    found = graded(cycle, now)
    rows = [*found.met, *found.ungradable, *found.zero] if found else []
    items = protocol_of(cycle).before_surgery
    mine = [one for one in rows if one.item in items]
    fresh = [one for one in mine if not one.stale]
    planned = doses_of(cycle).filter(status=Dose.Status.PLANNED)
    return BeforeSurgery(
        day=day,
        left=days_left(day, now, site) if day else None,
        late=[one for one in planned if is_late(one, day, cycle)],
        episodes=[row for row in episodes_of(cycle) if not row.closed],
        symptoms=[one for one in courses_of(cycle) if one.ended_at is None],
        values=[one for one in fresh if one.grade != 0],
        within=[one for one in fresh if one.grade == 0],
        unknown=unknown(items, fresh, state_of(cycle).summary.get("current", {})),
        running=running_now(cycle, now),
    )


def is_late(dose: Dose, day: date | None, cycle: Cycle) -> bool:
    """Whether a dose is planned for the day of surgery or after it."""
    site = cycle.participant.site
    return day is not None and days_left(day, dose.planned_at, site) <= 0


def unknown(
    items: Iterable[str], fresh: Iterable[GradeRow], last: Mapping[str, Any]
) -> list[Unknown]:
    """The items of which no value counts now. `last`: as the summary has them."""
    known = {one.item for one in fresh}
    return [_unknown(one, last.get(one)) for one in items if one not in known]


def _unknown(item: str, last: Mapping[str, Any] | None) -> Unknown:
    name = wording.item_label(item)
    if not last:
        return Unknown(name)
    text = wording.number_text(item, last["value"], last["typed"])
    said = f"{text} {wording.unit_label(item, last['unit'])}".strip()
    return Unknown(name, said, when(last["at"]))
