"""When the next set is due: anchored to the dose given, sooner after a low reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from monitor.clinical.protocol import Intensity, Protocol

PRE_DOSE = timedelta(minutes=60)
RECHECKED = (
    "low_pressure",
    "pressure_falling",
    "sbp_far_under_usual",
    "spo2_very_low_on_air",
)
# A higher level shortens the interval to at most so long.
SOONER = {"warning": "warning_set_minutes", "critical": "critical_set_minutes"}
What = Literal["set", "recheck", "pre_dose", "contact"]


@dataclass(frozen=True, slots=True)
class Due:
    """The next thing due. `ever` is False if no set has ever arrived."""

    at: datetime
    what: What
    ever: bool = True

    def minutes_late(self, now: datetime) -> int | None:
        """Whole minutes late, or None while it is not late."""
        late = int((now - self.at).total_seconds() // 60)
        return late if late > 0 else None


def due(
    protocol: Protocol,
    *,
    last_dose: datetime | None,
    next_dose: datetime | None,
    last_set: datetime | None,
    recheck_at: datetime | None = None,
    level: str = "clear",
    at_home: bool = False,
    contact_at: datetime | None = None,
) -> Due | None:
    """What is due next; None if nothing is (no dose given or planned, no contact).

    A re-check comes before a slot; a warning or critical level brings the next set
    nearer. At home only the planned contact is due (R16).
    """
    ever = last_set is not None
    if at_home:
        return Due(contact_at, "contact", ever) if contact_at else None
    choices = []
    if recheck_at is not None:
        choices.append(Due(recheck_at, "recheck", ever))
    if next_dose is not None and (last_set is None or last_set < next_dose - PRE_DOSE):
        choices.append(Due(next_dose - PRE_DOSE, "pre_dose", ever))
    if last_dose is not None:
        choices.append(
            Due(next_slot(protocol.schedule, last_dose, last_set), "set", ever)
        )
    sooner = SOONER.get(level)
    if sooner and last_set is not None:
        at = last_set + timedelta(minutes=protocol.lines[sooner])
        choices.append(Due(at, "set", ever))
    return min(choices, key=lambda one: one.at, default=None)


def pressing(lines: Sequence[Mapping[str, Any]]) -> str:
    """The level that shortens the interval: from a danger sign or a grade of 2 (B1).

    A level that is only held while an episode resolves presses nobody.
    """
    found = [
        line["level"]
        for line in lines
        if line["danger"] or any((one or 0) > 1 for one in line["grades"].values())
    ]
    return max(
        (one for one in found if one in SOONER), key=list(SOONER).index, default="clear"
    )


def next_slot(
    schedule: Sequence[Intensity], dose: datetime, last_set: datetime | None
) -> datetime:
    """The first slot that the last set does not answer.

    A set answers a slot from half an interval before it. Slots count from the dose.
    """
    start = timedelta(0)
    for one in schedule:
        every = timedelta(minutes=one.every_minutes)
        offset = start + every
        if last_set is not None and last_set >= dose:
            answered = last_set - dose + every / 2
            offset = start + (max(0, (answered - start) // every) + 1) * every
        end = timedelta(hours=one.until_hours) if one.until_hours else None
        if end is None or offset <= end or one is schedule[-1]:
            return dose + offset
        start = end
    raise ValueError("A schedule has at least one intensity.")


def recheck_at(
    latest: Sequence[Mapping[str, Any]], protocol: Protocol
) -> datetime | None:
    """When a re-check is due: ten minutes after a low or unconfirmed reading (R2).

    `latest` are the lines of an assessment at its last instant.
    """
    minutes = timedelta(minutes=protocol.lines["recheck_minutes"])
    seen = [
        datetime.fromisoformat(entry["at"])
        for line in latest
        for entry in (*line["evidence"], *line.get("unconfirmed", ()))
        if entry["answer"] and entry["sign"] in RECHECKED and entry["at"]
    ]
    return max(seen) + minutes if seen else None
