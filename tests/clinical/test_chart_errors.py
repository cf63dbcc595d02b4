"""What a row of a chart file that is no fact is told: which part, and what to write."""

import io

import pytest

from monitor.clinical.facts.chartfile import (
    HEADER,
    NO_TABLE,
    NOT_UTF8,
    UnreadableFile,
    read_chart,
)
from monitor.clinical.facts.coded import COUNTED, NOTHING_GIVEN, USUAL_OXYGEN
from monitor.clinical.facts.intake import take_in

from .casefile import COLUMNS


def reasons(row: str) -> list[str]:
    """What is said of one row, written without its participant and cycle."""
    chart = read_chart(io.StringIO(f"{','.join(COLUMNS)}\nP1,1,{row}\n"))
    said = [*chart.errors, *take_in(chart.facts).errors]
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
        ("dose,aldesleukin,40,U,", f"{COUNTED}, not U."),
        ("dose,aldesleukin,40,mg/kg/d,", f"{COUNTED}, not mg/kg/d."),
        ("dose,aldesleukin,40,,", f"{COUNTED}, not without a unit."),
    ],
)
def test_a_unit_that_does_not_go_with_it_is_told_which_do(row, reason):
    assert reasons(f"2026-11-16T08:00:00Z,{row}") == [reason]


@pytest.mark.parametrize(
    "row",
    [
        "dose,aldesleukin,600000,[iU]/kg,",
        "dose,drug,1,{dose},",
        "dose,drug,0.3,ug/m2,",
        "dose,drug,,,",
        "dose,drug,omitted,,",
        "fact,BASELINE_OXYGEN,home_oxygen 2 L/min,,",
        "fact,BASELINE_OXYGEN,home_oxygen 2,,",
        "fact,BASELINE_OXYGEN,venturi 6 L/min 28 %,,",
        "fact,BASELINE_OXYGEN,home_cpap,,",
        "fact,SPO2_TARGET,88-92,,",
        "fact,USUAL_SBP,92.5,mm[Hg],",
        "fact,CULTURE,positive E. coli in 2 bottles,,",
        "fact,CULTURE,positive,,",
        "fact,CENTRAL_LINE,picc,,",
    ],
)
def test_what_is_written_as_it_is_asked_for_is_read(row):
    assert reasons(f"2026-11-16T08:00:00Z,{row}") == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("fact,BASELINE_OXYGEN,about two liters at home,,", USUAL_OXYGEN),
        ("fact,BASELINE_OXYGEN,nasal_cannula some,,", USUAL_OXYGEN),
        ("fact,BASELINE_OXYGEN,,,", USUAL_OXYGEN),
        ("fact,SPO2_TARGET,low,,", "A target is two numbers, as 88-92."),
        ("fact,SPO2_TARGET,88 - 92,,", "A target is two numbers, as 88-92."),
        ("fact,USUAL_SBP,normal,,", "A usual pressure is a number in mm[Hg]."),
        (
            "fact,CULTURE,grew E. coli,,",
            "A culture is pending, negative, final_negative, or positive with what "
            "grew.",
        ),
        (
            "decision,hypotension_confirmed,maybe,,",
            "hypotension_confirmed is yes or no.",
        ),
    ],
)
def test_free_text_where_a_code_stands_is_told_what_to_write(row, reason):
    assert reasons(f"2026-11-16T08:00:00Z,{row}") == [reason]


@pytest.mark.parametrize("day", ["2026-11-16", "20261116", "2026-W47-1"])
@pytest.mark.parametrize(
    "row",
    [
        "reading,TEMP,38,Cel",
        "dose,drug,1,mg",
        "treatment,paracetamol,1,g",
        "decision,confirmed,SYSBP,",
    ],
)
def test_what_happens_at_a_moment_needs_the_time_of_its_day(row, day):
    said = f"{day} is a day alone. Write the time of day with it: 2026-11-16T08:00Z."
    assert reasons(f"{day},{row},") == [said]
    assert reasons(f"2026-11-15T08:00:00Z,{row},{day}") == [said]


@pytest.mark.parametrize("row", ["fact,SEX,F,,", "range,ALT,7..40,U/L,"])
def test_what_holds_from_a_day_on_needs_no_time(row):
    assert reasons(f"2026-11-16,{row}") == []


@pytest.mark.parametrize(
    ("amount", "said"), [("0", [NOTHING_GIVEN]), ("0.0", [NOTHING_GIVEN]), ("0.1", [])]
)
def test_a_dose_of_0_is_asked_about_and_starts_nothing(amount, said):
    assert reasons(f"2026-11-16T08:00:00Z,dose,drug,{amount},mg,") == said


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


@pytest.mark.parametrize(
    ("row", "written"),
    [
        ("dose,aldesleukin,{},[iU]/kg,", "600,000"),
        ("treatment,norepinephrine,{},ug/h,", "1,200"),
        ("range,PLAT,{},/uL,", "150,000..400,000"),
    ],
)
def test_an_amount_with_a_comma_is_told_to_be_written_with_a_point(row, written):
    quoted = row.format(f'"{written}"')
    assert reasons(f"2026-11-16T08:00:00Z,{quoted}") == [
        f"{written} has a comma: write it with a point."
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            "dose,aldesleukin,much,[iU]/kg,",
            "A dose is an amount, empty (planned), held or omitted.",
        ),
        ("treatment,norepinephrine,much,ug/h,", "The amount is not a number."),
        ("range,PLAT,150 to 400,/uL,", "A range is written low..high."),
    ],
)
def test_an_amount_that_is_none_is_told_how_it_is_written(row, reason):
    assert reasons(f"2026-11-16T08:00:00Z,{row}") == [reason]


def test_a_line_with_nothing_in_it_is_no_row():
    """A spreadsheet leaves such lines at the end; the lines after keep their number."""
    row = "P1,1,2026-11-16T08:00:00Z,reading,TEMP"
    text = f"{','.join(COLUMNS)}\n\n{row},38,Cel,\n,,,,,,,\n  \n,1{row[4:]},38,Cel,\n"
    read = read_chart(io.StringIO(text))
    assert read.facts["line"].to_list() == [3]
    assert read.errors == [{"line": 6, "reason": "The participant is missing."}]


def test_a_number_that_is_far_too_long_is_cut_where_it_is_said():
    said = reasons(f"2026-11-16T08:00:00Z,reading,TEMP,{'9' * 400},Cel,")
    assert said == [f"{'9' * 60}… is not a number. Type Temperature in digits."]


@pytest.mark.parametrize(
    "head",
    [";".join(COLUMNS), "\t".join(COLUMNS), ", ".join(COLUMNS), "PARTICIPANT,CYCLE"],
)
def test_a_file_with_another_first_line_is_told_what_it_should_be(head):
    with pytest.raises(UnreadableFile) as refused:
        read_chart(io.StringIO(f"{head}\n"))
    assert str(refused.value).endswith(HEADER)
