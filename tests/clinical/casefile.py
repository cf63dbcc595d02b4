"""Worked cases of the clinical reference as data: how a case file is read.

A case is told in bedside shorthand and written out into the chart file that every
other chart comes in; nothing is filled in that the file does not say. Times are
hours:minutes from the first dose (``6:10``, ``-1:00``) or a day and a clock
(``d2 07:00``); the first dose is on day 1 at 08:00 UTC. How to read and sign a file
stands in ``cases/README.md``.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"
DOSE = datetime(2026, 11, 16, 8, tzinfo=UTC)
COLUMNS = ("participant", "cycle", "at", "kind", "code", "value", "unit", "until")

DEVICE = (
    "air|room_air|nasal_cannula|blow_by|simple_mask|venturi|non_rebreather|"
    "high_flow_cannula|cpap|bipap|invasive_ventilation|trach_mask|t_piece|face_tent|"
    "home_oxygen|home_cpap|home_bipap"
)
SET = re.compile(
    r"(?:T (?P<T>[\d.]+)(?P<F>F?))?\s*(?:HR (?P<HR>\d+))?\s*"
    r"(?:BP (?P<SYS>\d+)/(?P<DIA>\d+))?\s*(?:RR (?P<RR>\d+))?\s*"
    rf"(?:SpO2 (?P<O2>\d+) (?P<DEV>{DEVICE}))?\s*(?:(?P<FLOW>[\d.]+)L)?\s*"
    r"(?:FiO2 (?P<FIO2>\d+))?\s*(?P<ACVPU>[ACVPU])?"
)


@dataclass(frozen=True)
class Row:
    """One row of the chart file, its times already absolute."""

    at: datetime
    kind: str
    code: str
    value: str = ""
    unit: str = ""
    until: datetime | None = None

    @property
    def seen(self) -> datetime:
        """When it is known: a period reading is read at its end."""
        return self.until if self.kind == "reading" and self.until else self.at


@dataclass(frozen=True)
class Variant:
    """One chart of a case with what is expected of it.

    `told`: what a page, a notice or the audit says of it, by the test that plays it.
    """

    case: dict[str, Any]
    name: str
    rows: tuple[Row, ...]
    expect: dict[str, Any]
    told: dict[str, str]

    @property
    def title(self) -> str:
        return f"{self.case['id']} {self.case['title']}: {self.name}"

    @property
    def last(self) -> datetime:
        """The last observation or treatment given: where maxima are read."""
        kinds = ("reading", "treatment", "decision")
        return max(row.seen for row in self.rows if row.kind in kinds)

    def chart(self) -> io.StringIO:
        """The variant as a chart file."""
        text = io.StringIO()
        out = csv.writer(text)
        out.writerow(COLUMNS)
        for row in sorted(self.rows, key=lambda row: row.at):
            until = row.until.isoformat() if row.until else ""
            fact = (row.kind, row.code, row.value, row.unit, until)
            out.writerow((self.case["id"], "1", row.at.isoformat(), *fact))
        text.seek(0)
        return text


def moment(text: str) -> datetime:
    """The instant that ``6:10``, ``-1:00`` or ``d2 07:00`` names."""
    match = re.fullmatch(r"(?:d(\d+) (\d\d)|(-?)(\d+)):([0-5]\d)", text)
    if match is None:
        raise ValueError(f"{text!r} is neither 6:10 nor d2 07:00")
    day, clock, minus, hours, minutes = match.groups()
    if day:
        midnight = DOSE.replace(hour=0) + timedelta(days=int(day) - 1)
        return midnight + timedelta(hours=int(clock), minutes=int(minutes))
    span = timedelta(hours=int(hours), minutes=int(minutes))
    return DOSE - span if minus else DOSE + span


def relative(at: datetime) -> str:
    """The instant as hours and minutes from the first dose: ``6:10``, ``-1:00``."""
    minutes = round((at - DOSE).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else ''}{hours}:{rest:02}"


def readings(text: str) -> list[tuple[str, str, str]]:
    """The (code, value, unit) of each reading in a bedside set."""
    found = SET.fullmatch(text)
    if found is None or not text:
        raise ValueError(f"{text!r} is not a set such as T 38.6 HR 104 BP 90/54")
    device = "room_air" if found["DEV"] == "air" else found["DEV"]
    all_of_them = (
        ("TEMP", found["T"], "[degF]" if found["F"] else "Cel"),
        ("HR", found["HR"], "/min"),
        ("SYSBP", found["SYS"], "mm[Hg]"),
        ("DIABP", found["DIA"], "mm[Hg]"),
        ("RESP", found["RR"], "/min"),
        ("OXYSAT", found["O2"], "%"),
        ("OXYGEN_DEVICE", device, ""),
        ("OXYGEN_FLOW", found["FLOW"], "L/min"),
        ("FIO2", found["FIO2"], "%"),
        ("ACVPU", found["ACVPU"], ""),
    )
    return [reading for reading in all_of_them if reading[1]]


def rows(chart: str) -> list[Row]:
    """The rows of a variant's chart, every set written out as readings."""
    lines = list(csv.reader(chart.strip().splitlines()))
    if lines[0] != list(COLUMNS[2:]):
        raise ValueError(f"the first line must be {','.join(COLUMNS[2:])}")
    found: list[Row] = []
    for at, kind, *rest in lines[1:]:
        if kind == "set":
            found += [Row(moment(at), "reading", *one) for one in readings(*rest)]
            continue
        code, value, unit, until = (*rest, "", "", "")[:4]
        end = moment(until) if until else None
        found.append(Row(moment(at), kind, code, value, unit, end))
    return found


def variants(case: dict[str, Any]) -> list[Variant]:
    """The variants of one case; `chart_of` adds rows to an earlier one's."""
    charts: dict[str, list[Row]] = {}
    found = []
    for variant in case["variant"]:
        name = variant["name"]
        before = charts[variant["chart_of"]] if "chart_of" in variant else []
        charts[name] = [*before, *rows(variant["chart"])]
        parts = (variant.get("expect", {}), variant.get("told", {}))
        found.append(Variant(case, name, tuple(charts[name]), *parts))
    return found


def cases() -> dict[str, dict[str, Any]]:
    """Every case file by its name, in the order of the reference."""
    files = sorted(CASES.glob("*.toml"))
    return {file.name: tomllib.loads(file.read_text("utf-8")) for file in files}


def all_variants() -> list[Variant]:
    """Every variant of every case."""
    return [variant for case in cases().values() for variant in variants(case)]
