"""A chart file into the database, through the verbs that a person would use.

Rows are grouped as they were seen: the readings of one instant are one set. Each cycle
is one transaction, and is assessed once, at its end. Keys come from the content of the
rows, so that loading a file twice, or a longer version of it, adds only what is new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from monitor import story
from monitor.bedside import actions as bedside
from monitor.bedside import entry
from monitor.bedside.models import Fact, Observation, Reading
from monitor.clinical.items.entry import Previous
from monitor.episodes import actions as findings
from monitor.episodes.models import Step
from monitor.refusal import Refused
from monitor.treatments import actions as treatments
from monitor.treatments.models import Treatment
from monitor.trials import actions as trials
from monitor.trials.blinding import hidden_items
from monitor.trials.models import (
    Cycle,
    Dose,
    User,
)

Row = dict[str, Any]
Told = tuple[Row, entry.NewReading]
Same = tuple[Any, ...]
Progress = Callable[[int], None]

FROM_FILE = "Loaded from a file."
HIDDEN = "This item is hidden in the trial: who sees dose levels enters it by hand."
UNSAID = "other"  # The file does not say why something was not done.
OF_THE_PARTICIPANT = ("SEX", "DOSE_LEVEL")  # Known since enrollment.
SEEN = (Reading.State.NOT_DONE, Reading.State.UNRECORDABLE)


@dataclass
class Loaded:
    """What came of the rows: recorded, there already, and refused with a reason."""

    recorded: int = 0
    known: int = 0
    bad: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, row: Row, reason: str) -> None:
        self.bad.append({"line": row["line"], "reason": reason})

    def count(self, created: bool, rows: int = 1) -> None:
        if created:
            self.recorded += rows
        else:
            self.known += rows


def same(reading: Reading | entry.NewReading) -> Same:
    """Two readings of one instant that say the same are one."""
    return (
        reading.item,
        reading.state,
        reading.number,
        reading.choice,
        reading.until,
    )


def key_of(cycle: Cycle, *parts: Any) -> UUID:
    """The same content in the same cycle has the same key, for ever."""
    about = (cycle.participant.code, cycle.number, *parts)
    return uuid5(NAMESPACE_URL, "|".join(str(part) for part in about))


# Rows


def load_cycle(
    *, cycle: Cycle, rows: Sequence[Row], by: User, progress: Progress = lambda _n: None
) -> Loaded:
    """Record the rows of one cycle (the facts frame's, with `line`) and assess it.

    A row that a verb refuses is in `bad`; the others are kept.
    """
    with transaction.atomic():
        loader = Loader(story.lock(cycle), by, progress)
        loader.load(rows)
        if loader.loaded.recorded:
            findings.entered(cycle=loader.cycle)
            story.assess(loader.cycle, Step.Cause.LATE, by)
            transaction.on_commit(story.nudge)
    return loader.loaded


class Loader:
    """One cycle's rows, oldest first, each through its verb."""

    def __init__(self, cycle: Cycle, by: User, progress: Progress) -> None:
        self.cycle, self.by, self.progress = cycle, by, progress
        self.loaded = Loaded()
        self.last: dict[str, Previous] = {}

    def load(self, rows: Sequence[Row]) -> None:
        ordered = sorted(rows, key=lambda row: (row["at"], row["line"]))
        sets, others = self.split(ordered)
        for at, group in sets.items():
            self.record_set(at, group)
            self.progress(len(group))
        verbs = {
            "dose": self.dose,
            "treatment": self.treatment,
            "range": self.range,
            "fact": self.fact,
            "decision": self.fact,
        }
        for row in others:
            self.attempt(row, verbs[row["kind"]])
            self.progress(1)

    def split(self, rows: Sequence[Row]) -> tuple[dict[datetime, list[Row]], list[Row]]:
        """Rows of sets by their instant, and all others."""
        sets: dict[datetime, list[Row]] = defaultdict(list)
        others = []
        for row in rows:
            seen = row["kind"] == "decision" and row["code"] in (*SEEN, "confirmed")
            if row["kind"] == "reading" or seen:
                sets[row["at"]].append(row)
            elif row["code"] not in OF_THE_PARTICIPANT:
                others.append(row)
        return sets, others

    def attempt(self, row: Row, verb: Callable[[Row], bool]) -> None:
        try:
            with transaction.atomic():
                self.loaded.count(verb(row))
        except Refused as refused:
            self.loaded.refuse(row, refused.sentence)

    # Sets

    def record_set(self, at: datetime, rows: Sequence[Row]) -> None:
        """One set; what stands twice at this time makes a second one beside it."""
        said_yes = {row["value"] for row in rows if row["code"] == "confirmed"}
        there = self.there(at)
        waves: list[dict[str, Told]] = []
        for row in rows:
            if row["kind"] == "decision" and row["code"] == "confirmed":
                continue
            made = self.read(row, said_yes)
            if made is None:
                continue
            if same(made) in there:
                self.loaded.count(False)
                continue
            there.add(same(made))
            free = next((one for one in waves if made.item not in one), None)
            if free is None:
                waves.append(free := {})
            free[made.item] = (row, made)
        for wave in waves:
            self.keep(at, self.agreeing(wave))

    def there(self, at: datetime) -> set[Same]:
        """What the cycle already holds for this instant, also what was corrected."""
        readings = Reading.objects.filter(
            observation__cycle=self.cycle, observation__observed_at=at
        )
        return {same(reading) for reading in readings}

    def read(self, row: Row, said_yes: set[str]) -> entry.NewReading | None:
        try:
            self.refuse_hidden(row)
            if row["kind"] == "decision":
                return self.not_there(row)
            return entry.read_reading(
                row["code"],
                row["value"],
                row["unit"],
                self.last.get(row["code"]),
                at=row["at"],
                until=row["until"],
                confirmed=row["code"] in said_yes,
            )
        except Refused as refused:
            self.loaded.refuse(row, refused.sentence)
            return None

    def refuse_hidden(self, row: Row) -> None:
        """What the trial hides is no part of a file that everybody may load."""
        code = row["value"] if row["kind"] == "decision" else row["code"]
        if code in hidden_items(self.cycle.participant.site.trial):
            raise Refused(HIDDEN, code)

    def not_there(self, row: Row) -> entry.NewReading:
        if row["code"] == Reading.State.UNRECORDABLE:
            return entry.unrecordable(row["value"])
        return entry.not_done(row["value"], UNSAID)

    def agreeing(self, kept: dict[str, Told]) -> dict[str, Told]:
        """Without the values that cannot stand beside each other."""
        refused = entry.refusals([made for _row, made in kept.values()])
        for item, sentence in refused.items():
            self.loaded.refuse(kept[item][0], sentence)
        return {item: one for item, one in kept.items() if item not in refused}

    def keep(self, at: datetime, kept: dict[str, Told]) -> None:
        if not kept:
            return
        readings = [made for _row, made in kept.values()]
        content = sorted(f"{one.item}={one.typed}{one.typed_unit}" for one in readings)
        try:
            with transaction.atomic():
                _row, created = bedside.record_observation(
                    cycle=self.cycle,
                    observed_at=at,
                    readings=readings,
                    by=self.by,
                    key=key_of(self.cycle, "set", at.isoformat(), *content),
                    source=Observation.Source.IMPORT,
                )
        except Refused as refused:
            for row, _made in kept.values():
                self.loaded.refuse(row, refused.sentence)
            return
        self.loaded.count(created, len(kept))
        for one in readings:
            if one.feeds and one.number is not None:
                self.last[one.item] = Previous(one.number, at)

    # What is given, and what lasts

    def dose(self, row: Row) -> bool:
        """A planned dose and what became of it; one at the same time is the same."""
        rows = Dose.objects.filter(cycle=self.cycle, agent=row["code"])
        if any(row["at"] in (one.planned_at, one.given_at) for one in rows):
            return False
        amount = number_of(row["value"])
        numbers = rows.values_list("number", flat=True)
        plan = trials.plan_dose(
            cycle=self.cycle,
            agent=row["code"],
            number=max(numbers, default=0) + 1,
            planned_at=row["at"],
            amount=amount,
            unit=row["unit"] if amount is not None else "",
            by=self.by,
        )
        if amount is not None:
            trials.record_dose(
                dose=plan,
                status=Dose.Status.GIVEN,
                given_at=row["at"],
                until=row["until"],
                imported=True,
                by=self.by,
            )
        elif row["value"]:
            trials.record_dose(
                dose=plan, status=row["value"], reason=FROM_FILE, by=self.by
            )
        return True

    def treatment(self, row: Row) -> bool:
        form = form_of(row)
        scheduled = form == Treatment.Form.SCHEDULED
        amount = None if scheduled else number_of(row["value"])
        _made, created = treatments.log(
            cycle=self.cycle,
            code=row["code"],
            form=form,
            at=row["at"],
            until=row["until"],
            amount=amount,
            unit="" if scheduled else row["unit"],
            as_needed=not scheduled,
            key=self.key(row),
            imported=True,
            by=self.by,
        )
        return created

    def range(self, row: Row) -> bool:
        _made, created = bedside.record_range(
            cycle=self.cycle,
            item=row["code"],
            typed=row["value"],
            unit=row["unit"],
            since=row["at"],
            key=self.key(row),
            imported=True,
            by=self.by,
        )
        return created

    def fact(self, row: Row) -> bool:
        _made, created = bedside.record_fact(
            cycle=self.cycle,
            kind=Fact.Kind(row["kind"]),
            code=row["code"],
            value=row["value"],
            unit=row["unit"],
            at=row["at"],
            until=row["until"],
            key=self.key(row),
            imported=True,
            by=self.by,
        )
        return created

    def key(self, row: Row) -> UUID:
        parts = [row[name] for name in ("kind", "code", "at", "value", "unit", "until")]
        return key_of(self.cycle, *parts)


def number_of(text: str) -> float | None:
    """The number of a dose or treatment; None for a word or nothing."""
    try:
        return float(text)
    except ValueError:
        return None


def form_of(row: Row) -> str:
    """How the unit says that an amount is meant (contracts.md)."""
    if row["unit"] == "scheduled":
        return Treatment.Form.SCHEDULED
    if row["unit"].endswith(("/min", "/h")):
        return Treatment.Form.RATE
    return Treatment.Form.AMOUNT if row["value"] else Treatment.Form.ACTION
