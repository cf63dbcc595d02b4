"""A file of sets, one a row, scored by NEWS2: `manage.py news2 FILE.csv`.

Columns rr, spo2, spo2_scale (1 or 2; empty is 1: scale 2 only where somebody chose it),
on_oxygen (yes or no), temp_c, sbp, pulse, acvpu (A C V P U). An empty cell is missing.
A cell that cannot be read, or cannot be (SpO2 140 or 0.97, a pressure of 0, 98.6 as
Celsius), is reported and counts as missing; nothing is guessed.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from monitor.clinical.facts import csvtext
from monitor.clinical.facts.chartfile import UnreadableFile
from monitor.clinical.facts.csvtext import NO_TABLE, NOT_UTF8
from monitor.clinical.items import entry
from monitor.clinical.scores import news2

NUMBERS = {
    "rr": ("RESP", "/min"),
    "spo2": ("OXYSAT", "%"),
    "temp_c": ("TEMP", "Cel"),
    "sbp": ("SYSBP", "mm[Hg]"),
    "pulse": ("HR", "/min"),
}
SCALE, OXYGEN, MIND = "spo2_scale", "on_oxygen", "acvpu"
COLUMNS = ("rr", "spo2", SCALE, OXYGEN, "temp_c", "sbp", "pulse", MIND)
SCALES = {"": False, "1": False, "2": True}
YES = ("yes", "y", "true", "1", "oxygen", "o2")
NO = ("no", "n", "false", "0", "air")
# What the answer calls each parameter: the column in which it stands.
NAMES = {code: column for column, (code, _) in NUMBERS.items()}
NAMES |= {news2.OXYGEN: OXYGEN, news2.MIND: MIND}
ADDED = ("total", "single_red", "missing")
AT_LEAST = "at_least"
# UCUM's unit of a ratio.
FRACTION = "1"
FIRST_LINE = 2


@dataclass(frozen=True)
class Sets:
    """The header, the rows as they came, what was read of them, and what was not."""

    header: list[str]
    rows: list[dict[str, str]]
    frame: pl.DataFrame
    errors: list[tuple[int, str]]


def read_sets(path: Path) -> Sets:
    """The sets of a file. Raises UnreadableFile."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        if not csvtext.is_text(text):
            raise UnreadableFile(f"{path.name} {NOT_UTF8}")
        table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        header = [name.strip() for name in table.fieldnames or []]
        table.fieldnames = header
        rows = [_whole(row) for row in table]
    except FileNotFoundError as fault:
        raise UnreadableFile(f"There is no file {path}.") from fault
    except OSError as fault:
        raise UnreadableFile(
            f"{path.name} cannot be read: {fault.strerror}."
        ) from fault
    except UnicodeDecodeError as fault:
        raise UnreadableFile(f"{path.name} {NOT_UTF8}") from fault
    except csv.Error as fault:
        long = "field larger" in str(fault)
        said = csvtext.long_cell(table.line_num + 1) if long else NO_TABLE
        raise UnreadableFile(said) from fault
    if not header:
        raise UnreadableFile(f"{path.name} is empty.")
    if absent := csvtext.absent(COLUMNS, header):
        raise UnreadableFile(f"{path.name} has {absent}")
    if too_long := csvtext.too_long(pl.DataFrame(rows, schema=_texts(header))):
        raise UnreadableFile(too_long)
    errors: list[tuple[int, str]] = []
    read = [_read(row, line, errors) for line, row in enumerate(rows, start=FIRST_LINE)]
    schema = {
        **dict.fromkeys(NUMBERS, pl.Float64()),
        OXYGEN: pl.Boolean(),
        MIND: pl.String(),
        SCALE: pl.Boolean(),
    }
    return Sets(header, rows, pl.DataFrame(read, schema=schema, orient="row"), errors)


def _texts(header: list[str]) -> dict[str, pl.DataType]:
    return dict.fromkeys(header, pl.String())


def _whole(row: Mapping[str | None, str | list[str] | None]) -> dict[str, str]:
    """A row as text; cells past the header's end are left out."""
    return {
        name: cell if isinstance(cell, str) else ""
        for name, cell in row.items()
        if name is not None
    }


def _read(
    row: Mapping[str, str], line: int, errors: list[tuple[int, str]]
) -> dict[str, float | str | bool | None]:
    cells = {name: row[name].strip() for name in COLUMNS}
    found: dict[str, float | str | bool | None] = {}
    for name, (code, unit) in NUMBERS.items():
        found[name] = None
        if cells[name]:
            judged = entry.judge(code, cells[name], unit)
            reason = _unscored(judged)
            found[name] = None if reason else judged.number
            if reason:
                errors.append((line, f"{name}: {reason}"))
    found[OXYGEN] = _oxygen(cells[OXYGEN], line, errors)
    mind = cells[MIND].upper()
    if mind and mind not in tuple("ACVPU"):
        errors.append((line, f"{MIND}: {cells[MIND]} is none of A, C, V, P, U."))
        mind = ""
    found[MIND] = mind or None
    if cells[SCALE] not in SCALES:
        # Which scale is meant decides the points: without it there are none.
        errors.append((line, f"{SCALE}: {cells[SCALE]} is neither 1 nor 2."))
        found["spo2"] = None
    found[SCALE] = SCALES.get(cells[SCALE], False)
    return found


def _unscored(judged: entry.Entered) -> str:
    """Why a value has no points; "" for one that has.

    A 0, and a saturation as a fraction, wait for a person's yes at the bedside (R12).
    In a file there is nobody to say it. What is rare and can be is scored.
    """
    typed = judged.typed.strip()
    if judged.number is None:
        return judged.sentence
    if judged.number == 0:
        return f"{typed} is not scored. Leave it empty if none was read."
    if judged.suggested_unit == FRACTION:
        return f"{typed} % is not scored. Is it a fraction? Write it in %."
    return ""


def _oxygen(cell: str, line: int, errors: list[tuple[int, str]]) -> bool | None:
    said = cell.lower()
    if said and said not in YES + NO:
        errors.append((line, f"{OXYGEN}: {cell} is neither yes nor no."))
    return said in YES if said in YES + NO else None


def scored(sets: Sets, minimum: bool = False) -> Iterator[dict[str, str]]:
    """Each row as it came, with `total`, `single_red` and `missing` beside it.

    With anything missing `total` is empty, and `missing` names the columns. A single
    red is `true` as soon as one parameter gives it, and empty where only what is
    missing could. `minimum`: also `at_least`, the points that are known.
    """
    answers = news2.score(sets.frame, _inputs())
    for row, answer in zip(sets.rows, answers.iter_rows(named=True), strict=True):
        gone = [n for n in news2.PARAMETERS if answer[f"news2:missing:{n}"]]
        added = {
            "total": _text(answer["news2:total"]),
            "single_red": _text(answer["news2:single_red"]),
            "missing": " ".join(NAMES[name] for name in gone),
        }
        if minimum:
            added[AT_LEAST] = _text(answer["news2:at_least"])
        yield row | added


def _inputs() -> news2.Inputs:
    return news2.Inputs(
        {code: pl.col(column) for column, (code, _) in NUMBERS.items()},
        oxygen=pl.col(OXYGEN),
        mind=pl.col(MIND),
        scale_2=pl.col(SCALE),
    )


def _text(answer: int | bool | None) -> str:
    return "" if answer is None else str(answer).lower()
