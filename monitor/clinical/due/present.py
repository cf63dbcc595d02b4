"""How things stand at the bedside now, as far as it decides what is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, Literal

from monitor.clinical.answers.topics import TOPICS

RECHECKED = (
    "low_pressure",
    "pressure_falling",
    "sbp_far_under_usual",
    "spo2_very_low_on_air",
)
# A higher level shortens the interval to at most so long.
SOONER = {
    "watch": "watch_set_minutes",
    "warning": "warning_set_minutes",
    "critical": "critical_set_minutes",
}
DANGEROUS = ("warning", "critical")
OUTSIDE = ("AT_HOME", "AWAY", "FOLLOW_UP")
What = Literal[
    "set",
    "end_of_infusion",
    "recheck",
    "bolus_recheck",
    "pre_dose",
    "telephone",
    "visit",
    "clinic_set",
    "weight",
    "labs",
    "examination",
    "fluids",
    "cells",
]
#: What is told to somebody when it is late; the day's routines are only listed.
PRESSING = (
    "set",
    "end_of_infusion",
    "recheck",
    "bolus_recheck",
    "pre_dose",
    "telephone",
    "visit",
    "clinic_set",
)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing due. `lacks`: items that a partial set left; `why` it is due then:

    "level" (with `level`), "not_done", "pause", or the reason of an absence.
    """

    at: datetime
    what: What
    lacks: tuple[str, ...] = ()
    why: str = ""
    level: str = ""

    def minutes_late(self, now: datetime) -> int | None:
        """Whole minutes late, or None while it is not late."""
        late = int((now - self.at).total_seconds() // 60)
        return late if late > 0 else None


@dataclass(frozen=True, slots=True)
class Deferral:
    """A pause, or a set that could not be taken: from `at`, asked again at `until`."""

    at: datetime
    until: datetime
    why: str = "pause"

    @property
    def pauses(self) -> bool:
        return self.why == "pause"


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that a person planned, and since when it is planned."""

    at: datetime
    how: Literal["telephone", "visit"] = "telephone"
    since: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """How things stand for a participant at `now`.

    `asked`: item -> when it last was a value, unrecordable, or not done with a reason;
    `undone`: those of them that were not done. `low`: when a reading asked for another,
    and of what. `bolus`: when the last fluid bolus ended. `level`: see `pressing`.
    """

    now: datetime
    zone: tzinfo = UTC
    first_dose: datetime | None = None
    last_dose: datetime | None = None
    infusion_end: datetime | None = None
    next_dose: datetime | None = None
    asked: Mapping[str, datetime] = field(default_factory=dict)
    undone: Mapping[str, datetime] = field(default_factory=dict)
    last_set: datetime | None = None
    low: datetime | None = None
    low_items: tuple[str, ...] = ()
    bolus: datetime | None = None
    level: str = "clear"
    fever: bool = False
    place: str = ""
    place_since: datetime | None = None
    deferrals: tuple[Deferral, ...] = ()
    contacts: tuple[Contact, ...] = ()

    @property
    def last_heard(self) -> datetime | None:
        """When anything at all was last asked: a call may be about symptoms alone."""
        heard = [at for at in (self.last_set, *self.asked.values()) if at]
        return max(heard, default=None)

    @property
    def outside(self) -> bool:
        return self.place in OUTSIDE


# From the lines of an assessment


def pressing(lines: Sequence[Mapping[str, Any]]) -> str:
    """The level that shortens the interval: warning or critical from a danger sign or a

    grade of 2 (B1), watch from any open episode. One that is only held while an episode
    resolves presses nobody.
    """
    found = [
        line["level"]
        for line in lines
        if line.get("danger")
        or any((one or 0) > 1 for one in (line.get("grades") or {}).values())
    ]
    if any(line["level"] in SOONER and not line.get("held_since") for line in lines):
        found.append("watch")
    order = list(SOONER)
    return max((one for one in found if one in order), key=order.index, default="clear")


_TOPICS = {topic.name: topic for topic in TOPICS}


def wanted(line: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What a line lacks that somebody is asked for.

    Of the families that every set is about that is all of it. Of the rest, which no set
    asks for, it is what a set holds, a value that cannot be read as it was typed, and,
    while something stands, what has lapsed.
    """
    topic, stands = _TOPICS[line["topic"]], line["level"] in SOONER
    return [
        gap
        for gap in line.get("missing") or ()
        if topic.asks
        or gap["item"] in topic.needs
        or gap.get("detail")
        or (stands and gap["why"] != "never")
    ]


def speaks(line: Mapping[str, Any]) -> bool:
    """Whether a line is news: not where nobody was asked for what it does not know."""
    if line["level"] != "unknown":
        return bool(line["level"] != "clear")
    topic = _TOPICS[line["topic"]]
    return bool(topic.asks or wanted(line))


def low_reading(
    latest: Sequence[Mapping[str, Any]],
) -> tuple[datetime, tuple[str, ...]] | None:
    """When a low or unconfirmed reading last asked for another (R2), and of what: the

    pressure, or the saturation. `latest` are lines of an assessment.
    """
    seen: dict[datetime, set[str]] = {}
    for line in latest:
        for entry in (*line["evidence"], *line.get("unconfirmed", ())):
            if entry["answer"] and entry["sign"] in RECHECKED and entry["at"]:
                at = datetime.fromisoformat(entry["at"])
                other = entry["item"] != "OXYSAT"
                seen.setdefault(at, set()).add("SYSBP" if other else "OXYSAT")
    if not seen:
        return None
    last = max(seen)
    return last, tuple(sorted(seen[last]))
