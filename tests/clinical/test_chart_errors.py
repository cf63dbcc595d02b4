"""What a row of a chart file that is no fact is told: which part, and what to write."""

import io

import pytest

from monitor.clinical.chartfile import (
    NO_TABLE,
    NOT_UTF8,
    UnreadableFile,
    read_chart,
)
from monitor.clinical.intake import take_in

from .casefile import COLUMNS


def reasons(row: str) -> list[str]:
    """What is said of one row, written without its participant and cycle."""
    read = read_chart(io.StringIO(f"{','.join(COLUMNS)}\nP1,1,{row}\n"))
    said = [*read.errors, *take_in(read.facts).errors]
    return [str(error["reason"]) for error in said]


@pytest.mark.parametrize(
    "at",
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"],
)
def test_the_first_and_the_last_year_of_a_calendar_are_no_date(at):
    assert reasons(f"{at},reading,TEMP,38,Cel,") == [
        "A year 0001 or 9999 stands for no date."
    ]


def test_an_end_in_the_last_year_is_asked_to_be_left_empty():
    row = "2026-11-16T08:00:00Z,treatment,indomethacin,,scheduled,9999-12-31T00:00:00Z"
    assert reasons(row) == ["An end in 0001 or 9999 is none: leave it empty."]


@pytest.mark.parametrize("at", ["2199-05-01T08:00:00Z", "1971-01-01T00:00:00Z"])
def test_a_year_that_was_shifted_for_privacy_is_read(at):
    assert reasons(f"{at},reading,TEMP,38,Cel,") == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            "treatment,vasopressin,0.03,U/min,",
            "vasopressin is taken in [U]/h or [U]/min, not U/min.",
        ),
        (
            "treatment,vasopressin,0.03,,",
            "vasopressin is taken in [U]/h or [U]/min, not without a unit.",
        ),
        (
            "treatment,mechanical_circulatory_support,1,,",
            "mechanical_circulatory_support has no amount. Leave value and unit empty.",
        ),
        ("range,ALT,7..40,mg,", "ALT is taken in U/L or ukat/L, not mg."),
    ],
)
def test_a_unit_that_does_not_go_with_it_is_told_which_do(row, reason):
    assert reasons(f"2026-11-16T08:00:00Z,{row}") == [reason]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", "participant\nP\xe9".encode("latin-1"), f"a.csv {NOT_UTF8}"),
        ("b.csv", b"\x1f\x8b\x08\x00", f"b.csv {NOT_UTF8}"),
        ("c.csv", f'{",".join(COLUMNS)}\n"P1,1,,,,,,\n'.encode(), NO_TABLE),
    ],
)
def test_a_file_that_is_no_table_is_told_what_to_look_for(
    tmp_path, name, content, reason
):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as refused:
        read_chart(path)
    assert str(refused.value) == reason
