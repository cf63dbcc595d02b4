"""Charts of made-up participants, as a ward would keep them: the same for a seed.

A stay has courses of a dose every eight hours for five days, nine days apart. Sets
follow the default schedule (15 minutes, then hourly, then every four hours), labs and
weight are taken in the morning, urine and intake every eight hours. Some participants
have fevers after their doses, some leak, some need oxygen, fluids or a vasopressor; a
set now and then is missing, or lacks a reading.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import polars as pl

from monitor.clinical.facts.chartfile import SCHEMA

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
DOSES_A_COURSE = 14
BETWEEN_DOSES = timedelta(hours=8)
BETWEEN_COURSES = timedelta(days=14)
MINUTES_AFTER_DOSE = (0, 15, 30, 45, 60, 120, 180, 240, 300)
RANGES = {
    "ALT": ("5..40", "U/L"),
    "AST": ("5..40", "U/L"),
    "BILI": ("3..21", "umol/L"),
    "CREAT": ("50..100", "umol/L"),
    "PLAT": ("150..400", "10*9/L"),
    "INTLK6": ("0..7", "pg/mL"),
}
Row = tuple[Any, ...]


class Stay:
    """One participant's chart up to `end`; rows in the order of SCHEMA."""

    def __init__(self, name: str, seed: int, days: float) -> None:
        self.name, self.random = name, Random(seed)
        self.end = START + timedelta(days=days)
        self.rows: list[Row] = []
        draw = self.random.random
        self.febrile, self.leaky = draw() < 0.6, draw() < 0.3
        self.severe = self.leaky and draw() < 0.4
        self.usual = self.random.gauss(122, 10)
        self.pulse = self.random.gauss(76, 7)
        self.weight = self.random.gauss(76, 12)
        self.albumin = self.random.gauss(40, 2)

    def chart(self) -> list[Row]:
        self._standing_facts()
        for dose in self._doses():
            for minutes in MINUTES_AFTER_DOSE:
                self._set(dose + timedelta(minutes=minutes), dose)
        day = START - timedelta(days=1)
        while day < self.end:
            self._morning(day)
            self._periods(day)
            day += timedelta(days=1)
        return self.rows

    def _add(
        self,
        at: datetime,
        kind: str,
        code: str,
        value: str,
        unit: str = "",
        until: datetime | None = None,
    ) -> None:
        if at > self.end:
            return
        line = len(self.rows) + 2
        row = (self.name, "1", at, at.date(), kind, code, value, unit, until, line)
        self.rows.append((*row, "", None))

    def _standing_facts(self) -> None:
        early = START - timedelta(days=1)
        self._add(early, "fact", "INPATIENT", "yes")
        self._add(early, "fact", "SEX", self.random.choice("FM"))
        for code, (limits, unit) in RANGES.items():
            self._add(early, "range", code, limits, unit)

    def _doses(self) -> Iterator[datetime]:
        course = START + timedelta(hours=2)
        while course < self.end:
            for place in range(DOSES_A_COURSE):
                at = course + place * BETWEEN_DOSES
                if at >= self.end:
                    return
                held = self.severe and place > 8 and self.random.random() < 0.5
                unit = "" if held else "[iU]/kg"
                given = "held" if held else "600000"
                self._add(at, "dose", "aldesleukin", given, unit)
                if place % 3 == 0 and self.febrile:
                    self._add(at, "treatment", "paracetamol", "1000", "mg")
                yield at
            course += BETWEEN_COURSES

    def _ill(self, at: datetime) -> float:
        """How far into a course, 0 to 1; it fades in the days after."""
        into = (at - START) % BETWEEN_COURSES / timedelta(days=5)
        return max(0.0, min(into, 2.4 - into) if into > 1 else into)

    def _set(self, at: datetime, dose: datetime) -> None:
        draw, gauss = self.random.random, self.random.gauss
        if draw() < 0.04 or at < START:
            return
        at += timedelta(minutes=int(gauss(2, 3)))
        ill, since = self._ill(at), (at - dose) / timedelta(hours=1)
        fever = 1.6 * ill * max(0.0, 1 - abs(since - 3) / 2) if self.febrile else 0.0
        drop = ill * (30 if self.leaky else 10) * (1.3 if self.severe else 1.0)
        pressure = self.usual - drop + gauss(0, 5)
        temperature = 36.7 + fever + gauss(0, 0.2)
        self._read(at, "TEMP", f"{temperature:.1f}", "Cel")
        self._read(at, "HR", f"{self.pulse + 18 * fever + drop / 2:.0f}", "/min")
        self._read(at, "SYSBP", f"{pressure:.0f}", "mm[Hg]")
        self._read(at, "DIABP", f"{pressure * 0.6:.0f}", "mm[Hg]")
        self._read(at, "RESP", f"{15 + 4 * fever + 3 * ill:.0f}", "/min")
        self._breathing(at, ill)
        self._read(at, "ACVPU", "C" if self.severe and draw() < 0.02 else "A", "")
        if pressure < 90:
            self._support(at, pressure)

    def _breathing(self, at: datetime, ill: float) -> None:
        draw = self.random.random
        worse = 6 * ill if self.leaky else 2 * ill
        self._read(at, "OXYSAT", f"{98 - worse * draw():.0f}", "%")
        oxygen = self.leaky and ill > 0.6 and draw() < 0.7
        device = "nasal_cannula" if oxygen else "room_air"
        self._read(at, "OXYGEN_DEVICE", device, "")
        if oxygen:
            flow = self.random.choice(("2", "3", "4", "6"))
            self._read(at, "OXYGEN_FLOW", flow, "L/min")

    def _support(self, at: datetime, pressure: float) -> None:
        if self.random.random() < 0.3:
            self._add(at, "treatment", "fluid_bolus", "500", "mL")
        if self.severe and pressure < 82 and self.random.random() < 0.4:
            rate = f"{self.random.uniform(0.03, 0.2):.2f}"
            end = at + timedelta(hours=self.random.choice((2, 4, 8)))
            self._add(at, "treatment", "norepinephrine", rate, "ug/kg/min", end)

    def _read(self, at: datetime, code: str, value: str, unit: str) -> None:
        if self.random.random() >= 0.03:
            self._add(at, "reading", code, value, unit)

    def _morning(self, day: datetime) -> None:
        gauss, ill = self.random.gauss, self._ill(day) if day >= START else 0.0
        leak = ill * (1.0 if self.leaky else 0.25)
        at = day + timedelta(minutes=int(gauss(20, 12)))
        weight = self.weight * (1 + 0.06 * leak) + gauss(0, 0.3)
        self._read(at, "WEIGHT", f"{weight:.1f}", "kg")
        grade = "2" if leak > 0.8 else "1" if leak > 0.4 else "0"
        self._read(at, "EDEMA_LIMBS", grade, "{CTCAE}")
        self._read(at, "CHILLS", "1" if self.febrile and ill > 0.2 else "0", "{CTCAE}")
        drawn = at + timedelta(minutes=10)
        for code, value, unit in (
            ("ALB", f"{self.albumin - 12 * leak + gauss(0, 1):.0f}", "g/L"),
            ("HCT", f"{40 + 4 * leak + gauss(0, 1):.0f}", "%"),
            ("HGB", f"{132 + 12 * leak + gauss(0, 3):.0f}", "g/L"),
            ("CREAT", f"{72 + 70 * leak + gauss(0, 4):.0f}", "umol/L"),
            ("K", f"{4.1 + gauss(0, 0.2):.1f}", "mmol/L"),
            ("CRP", f"{5 + 110 * ill * self.random.random():.0f}", "mg/L"),
            ("ALT", f"{26 + 60 * ill + gauss(0, 3):.0f}", "U/L"),
            ("AST", f"{24 + 50 * ill + gauss(0, 3):.0f}", "U/L"),
            ("BILI", f"{11 + 16 * ill + gauss(0, 1):.0f}", "umol/L"),
            ("PLAT", f"{230 - 110 * ill + gauss(0, 10):.0f}", "10*9/L"),
        ):
            self._read(drawn, code, value, unit)

    def _periods(self, day: datetime) -> None:
        for shift in range(3):
            begins = day + timedelta(hours=8 * shift)
            ends = begins + BETWEEN_DOSES
            if ends > self.end:
                return
            ill = self._ill(begins) if begins >= START else 0.0
            urine = 620 * (1 - 0.7 * ill * (1.0 if self.leaky else 0.3))
            urine *= self.random.uniform(0.8, 1.2)
            for code, volume in (("URINE_OUTPUT", urine), ("FLUID_INTAKE", 800.0)):
                self._add(begins, "reading", code, f"{volume:.0f}", "mL", ends)


def facts(participants: int, days: float = 6.0, seed: int = 1) -> pl.DataFrame:
    """A facts frame (chartfile.SCHEMA); nobody depends on who else is in it."""
    return pl.concat(list(_parts(participants, days, seed)))


def _parts(participants: int, days: float, seed: int) -> Iterator[pl.DataFrame]:
    for number in range(participants):
        stay = Stay(f"P{number:05}", seed * 1_000_003 + number, days)
        yield pl.DataFrame(stay.chart(), schema=SCHEMA, orient="row")
