"""The yardstick: the ASTCT grade and the rules L1 to L4, row by row in plain Python.

It reads a timeline's rows (what still counts, baselines, windows), one dict an instant,
and walks through a cycle as a person would, with no frame library. Written from the
reference, so that it also checks the core: both must give the same answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.benchmarks.plainly import (
    Answer,
    Held,
    both,
    either,
    less,
    no,
    percent,
    reaches,
    under,
)

Row = Mapping[str, Any]
ANSWERS = (
    "grade:astct",
    "raw:albumin",
    "raw:daily_weight",
    "raw:weight_and_hypotension",
    "raw:leak_triad",
)
EDEMA = ("EDEMA_LIMBS", "GENERALIZED_EDEMA", "PULMONARY_EDEMA", "PLEURAL_EFFUSION")
UNCOMPARED = ("SUPPORT", "WEIGHT_RISE", "CHILLS", "DIZZINESS", "SYNCOPE", "ACVPU")
ITEMS = ("TEMP", "SYSBP", "HR", "OXYSAT", "ALB", "WEIGHT", *EDEMA, *UNCOMPARED)
STATES = (
    *("crs_window", "cls_window", "albumin_window", "usual_low", "usual_just_known"),
    *("pressor", "two_pressors", "switching", "vasopressin", "mechanical_support"),
    *("held_up", "in_procedure", "spo2_target", "over:crs"),
)
COMPARED = tuple(item for item in ITEMS if item not in UNCOMPARED)
COLUMNS = (
    *("g", "at", "line:SYSBP", "said:hypotension", "at:fever_drug", "at:anticytokine"),
    *("ends:bolus", "fresh:TEMP", "fresh:SYSBP", "fresh:OXYSAT", "until:mask"),
    *(f"at:{item}" for item in ("SYSBP", "ALB", "WEIGHT", *EDEMA)),
    *(f"now:{item}" for item in ITEMS),
    *(f"base:{item}" for item in COMPARED),
    *(f"state:{name}" for name in STATES),
)


class Cycle:
    """One cycle of one participant, instant after instant."""

    def __init__(self, lines: Mapping[str, float]) -> None:
        self.lines = lines
        gap = lines["set_gap_hours"]
        pressure = (lines["pressure_clear_hours"], lines["pressure_clear_sets"], gap)
        oxygen = (lines["oxygen_clear_hours"], lines["oxygen_clear_sets"], gap)
        self.pressure = {
            name: Held(*pressure) for name in ("low", "one", "two", "alone", "support")
        }
        self.oxygen = {
            name: Held(*oxygen) for name in ("low", "high", "positive", "untreated")
        }
        self.fever = Held(lines["close_hours"], lines["close_sets"], gap)
        self.was_febrile = False
        self.hypoxic: datetime | None = None
        self.confirmed = False
        self.seen: dict[str, datetime] = {}

    def answer(self, row: Row) -> tuple[Any, ...]:
        """The answers at this instant, in the order of ANSWERS."""
        low = self._low_pressure(row)
        oxygen = no(self._support(row, "none"))
        fever = reaches(row["now:TEMP"], self.lines["fever"])
        return (self._grade(row, fever, low, oxygen), *self._leak(row, low))

    # Signs ----------------------------------------------------------------------------
    def _low_pressure(self, row: Row) -> Answer:
        lines, value = self.lines, row["now:SYSBP"]
        below = under(value, row["line:SYSBP"])
        very = under(value, lines["sbp_very_low"])
        clear = either(very, self._down_fifth(row), row["said:hypotension"])
        # Symptoms that nobody asked about leave the answer to the person (R3).
        clear = either(clear, self._felt(row) is True)
        return both(below, either(not row["state:usual_low"], clear))

    def _felt(self, row: Row) -> Answer:
        """Dizziness, a faint, or a mind that is not clear."""
        mild, mind = self.lines["symptom_mild"], row["now:ACVPU"]
        return either(
            reaches(row["now:DIZZINESS"], mild),
            reaches(row["now:SYNCOPE"], mild),
            None if mind is None else mind != "A",
        )

    def _down_fifth(self, row: Row) -> Answer:
        fall = less(row["base:SYSBP"], row["now:SYSBP"])
        if fall is None:
            return None
        return (
            round(fall / row["base:SYSBP"] * 100, 6) >= self.lines["sbp_fall_percent"]
        )

    def _support(self, row: Row, kind: str) -> Answer:
        return None if row["now:SUPPORT"] is None else row["now:SUPPORT"] == kind

    def _hypoxic_twice(self, row: Row, oxygen: Answer) -> bool:
        """Very low on air at two fresh readings, far enough apart (R2)."""
        target = row["state:spo2_target"]
        key = "spo2_target_very_low" if target else "spo2_very_low"
        answer = both(under(row["now:OXYSAT"], self.lines[key]), no(oxygen))
        fresh, at = row["fresh:OXYSAT"], row["at"]
        if answer is None or (fresh and not answer):
            self.hypoxic, self.confirmed = None, False
        elif fresh:
            self.hypoxic = self.hypoxic or at
            wait = timedelta(minutes=self.lines["confirm_minutes"])
            self.confirmed = self.confirmed or at - self.hypoxic >= wait
        return answer is True and self.confirmed

    # The grade ------------------------------------------------------------------------
    def _grade(
        self, row: Row, fever: Answer, low: Answer, oxygen: Answer
    ) -> int | None:
        worst = max(self._pressure_part(row, low), self._oxygen_part(row, oxygen))
        if fever is not None:
            self.was_febrile = fever
        if self._fever_stands(row, fever, low, oxygen):
            return max(worst, 1 if self.was_febrile else 0)
        afebrile = fever is False and not self.was_febrile
        return 0 if afebrile and not self._masked(row, low, oxygen) else None

    def _masked(self, row: Row, low: Answer, oxygen: Answer) -> bool:
        """What fever would bring, while an antipyretic may hide the fever (R4): up to

        and with the last instant of its effect (P3).
        """
        lines, drug = self.lines, row["until:mask"]
        if drug is None or drug < row["at"] or not row["state:crs_window"]:
            return False
        held_up = row["state:pressor"] and not row["state:in_procedure"]
        faster = less(row["now:HR"], row["base:HR"])
        return True in (
            *(low, oxygen, held_up, self._down_fifth(row)),
            reaches(faster, lines["hr_rise"]),
            reaches(row["now:CHILLS"], lines["symptom_mild"]),
        )

    def _fever_stands(
        self, row: Row, fever: Answer, low: Answer, oxygen: Answer
    ) -> bool:
        held_up = row["state:held_up"] or row["state:mechanical_support"]
        some = True in (fever, low, oxygen) or held_up
        calm = fever is False and low is False and oxygen is False and not held_up
        return self.fever.see(
            row["at"],
            fires=fever is True and row["state:crs_window"],
            against=some or row["at:fever_drug"] == row["at"],
            clear=row["fresh:TEMP"] and calm,
            excused=row["state:over:crs"] and calm,
            may_end=not self._within(row, "anticytokine", "anticytokine_close_hours"),
        )

    def _within(self, row: Row, what: str, key: str) -> bool:
        given = row[f"at:{what}"]
        return given is not None and row["at"] - given < timedelta(
            hours=self.lines[key]
        )

    def _pressure_part(self, row: Row, low: Answer) -> int:
        held_up = row["state:held_up"] or row["state:mechanical_support"]
        bolus = row["ends:bolus"]
        pressed = held_up or (bolus is not None and bolus >= row["at"])
        clear = row["fresh:SYSBP"] and low is False and not pressed
        once = reaches(row["now:SYSBP"], self.lines["sbp_recovered"]) is True
        graded = not row["state:in_procedure"]
        fires = {
            "low": (2, low is True),
            "one": (3, graded and row["state:pressor"]),
            "two": (4, graded and row["state:two_pressors"]),
            "alone": (3, graded and row["state:vasopressin"]),
            "support": (4, graded and row["state:mechanical_support"]),
        }
        stand = [
            grade
            for name, (grade, fired) in fires.items()
            if self.pressure[name].see(
                row["at"],
                fired,
                low is True or pressed,
                clear,
                once,
                row["state:usual_just_known"],
            )
        ]
        return max(stand, default=0)

    def _oxygen_part(self, row: Row, oxygen: Answer) -> int:
        steady = reaches(row["now:OXYSAT"], self.lines["spo2_steady"]) is True
        clear = row["fresh:OXYSAT"] and oxygen is False and steady
        graded = not row["state:in_procedure"]
        positive = self._support(row, "positive_pressure") is True
        fires = {
            "low": (2, self._support(row, "low_flow") is True),
            "high": (3, self._support(row, "high_flow") is True),
            "positive": (4, graded and positive),
            "untreated": (2, self._hypoxic_twice(row, oxygen)),
        }
        stand = [
            grade
            for name, (grade, fired) in fires.items()
            if self.oxygen[name].see(row["at"], fired, oxygen is True, clear)
        ]
        return max(stand, default=0)

    # The leak -------------------------------------------------------------------------
    def _lately(
        self, row: Row, name: str, answer: Answer, key: str, *items: str
    ) -> Answer:
        """True now, or at a reading of the last hours."""
        if answer:
            read = (row[f"at:{item}"] for item in items)
            self.seen[name] = max(at for at in read if at is not None)
        last = self.seen.get(name)
        lately = last and row["at"] - last <= timedelta(hours=self.lines[key])
        return either(answer, bool(lately))

    def _leak(self, row: Row, low: Answer) -> Iterator[Answer]:
        lines, albumin = self.lines, row["now:ALB"]
        window, leak = row["state:albumin_window"], row["state:cls_window"]
        fallen = reaches(less(row["base:ALB"], albumin), lines["albumin_fall"])
        yield both(either(under(albumin, lines["albumin_low"]), fallen), window)
        yield both(reaches(row["now:WEIGHT_RISE"], lines["weight_rise"]), leak)
        weight, gain = row["base:WEIGHT"], less(row["now:WEIGHT"], row["base:WEIGHT"])
        up = either(
            reaches(gain, lines["weight_leak_gain"]),
            reaches(percent(gain, weight), lines["weight_leak_percent"]),
        )
        yield both(
            leak,
            self._lately(row, "up", up, "leak_day", "WEIGHT"),
            self._lately(row, "low_day", low, "leak_day", "SYSBP"),
            either(up, low),
        )
        edema = either(
            *(
                reaches(
                    less(row[f"now:{item}"], row[f"base:{item}"]),
                    lines["symptom_mild"],
                )
                for item in EDEMA
            )
        )
        very_low = under(albumin, lines["albumin_very_low"])
        parts = [
            self._lately(row, name, answer, "leak_within", *items)
            for name, answer, items in (
                ("low", low, ("SYSBP",)),
                ("edema", edema, EDEMA),
                ("albumin", very_low, ("ALB",)),
            )
        ]
        yes, unknown = parts.count(True), parts.count(None)
        known = False if yes + unknown < lines["leak_parts"] else None
        together = True if yes >= lines["leak_parts"] else known
        yield both(together, either(low, edema, very_low), window)


def evaluate(rows: Iterable[Row], lines: Mapping[str, float]) -> list[tuple[Any, ...]]:
    """The answers of each row (see ANSWERS); rows sorted by cycle `g` and time."""
    made, cycle, before = [], Cycle(lines), None
    for row in rows:
        if row["g"] != before:
            cycle, before = Cycle(lines), row["g"]
        made.append(cycle.answer(row))
    return made
