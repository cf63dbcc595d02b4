"""A chart file opened in a spreadsheet computes nothing, and comes back whole."""

import csv
import io
from datetime import UTC, datetime

import polars as pl
import pytest

from monitor.clinical.facts.chartfile import (
    SCHEMA,
    facts_frame,
    read_chart,
    write_chart,
)

AT = datetime(2026, 11, 19, 19, 30, tzinfo=UTC)
COLUMNS = ("participant", "cycle", "code", "value", "unit")
HARMFUL = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "'=1+1", "''", "-", "=\t1"]
HARMLESS = ["-2", "+3.5", "-.5", "-1e-3", "38.4", "room_air", "a=b", ""]


def frame(**typed: str) -> pl.DataFrame:
    row = dict.fromkeys(SCHEMA.names())
    fact = {"participant": "02-014", "cycle": "1", "at": AT, "kind": "reading"}
    told = {"code": "TEMP", "value": "38.4", "unit": "Cel", "line": 2, "by": ""}
    return facts_frame([row | fact | told | {"day": AT.date()} | typed])


def cell(column: str, typed: str) -> str:
    text = write_chart(frame(**{column: typed}), "America/New_York")
    return next(csv.DictReader(io.StringIO(text)))[column]


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("typed", HARMFUL)
def test_what_begins_like_a_formula_is_written_behind_an_apostrophe(column, typed):
    assert cell(column, typed) == f"'{typed}"


@pytest.mark.parametrize("typed", HARMLESS)
def test_numbers_and_words_are_written_as_they_are(typed):
    assert cell("value", typed) == typed


@pytest.mark.parametrize("typed", [*HARMFUL, *HARMLESS])
def test_what_was_written_is_read_as_it_was(typed):
    text = write_chart(frame(value=typed), "America/New_York")
    read = read_chart(io.StringIO(text))
    assert read.errors == []
    assert read.facts["value"].to_list() == [typed]
    assert write_chart(read.facts, "America/New_York") == text
