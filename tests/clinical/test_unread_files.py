"""A chart, or a file of laboratory values or sets, that is none: what to do with it."""

import gzip

import pytest

from monitor.clinical.facts.chartfile import NOT_GZIP, UnreadableFile, read_chart
from monitor.clinical.facts.csvtext import LONGEST_CELL, NO_TABLE, NOT_UTF8, RAGGED
from monitor.clinical.scores.labfile import UnreadableLabs, grade_file
from monitor.clinical.scores.sets import read_sets

LATIN = "site,aval\nM\xfcnchen,3.4\n".encode("latin-1")
GZIPPED = b"\x1f\x8b\x08\x00"


@pytest.mark.parametrize("content", [LATIN, GZIPPED], ids=["latin", "gzipped"])
def test_values_that_are_no_utf8_are_told_how_to_be_saved(tmp_path, content):
    path = tmp_path / "labs.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableLabs) as refused:
        grade_file(str(path))
    assert str(refused.value) == f"{path} {NOT_UTF8}"


@pytest.mark.parametrize("content", [LATIN, GZIPPED], ids=["latin", "gzipped"])
def test_sets_that_are_no_utf8_are_told_how_to_be_saved(tmp_path, content):
    path = tmp_path / "sets.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as refused:
        read_sets(path)
    assert str(refused.value) == f"sets.csv {NOT_UTF8}"


WHOLE = gzip.compress(b"participant,cycle,at,kind,code,value,unit,until\n" * 9)
BROKEN = WHOLE[:12] + b"\xff\xff" + WHOLE[14:]


@pytest.mark.parametrize(
    "content",
    [b"participant,cycle\n", WHOLE[:20], BROKEN],
    ids=["csv", "cut", "broken"],
)
def test_a_chart_that_is_compressed_by_name_alone_says_so(tmp_path, content):
    path = tmp_path / "chart.csv.gz"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as refused:
        read_chart(path)
    assert str(refused.value) == f"chart.csv.gz {NOT_GZIP}"


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(UnreadableFile) as refused:
        read_chart(tmp_path)
    assert str(refused.value) == f"{tmp_path.name} cannot be read: Is a directory."
    with pytest.raises(UnreadableLabs) as refused:
        grade_file(str(tmp_path))
    assert str(refused.value) == f"{tmp_path} cannot be read: Is a directory."
    with pytest.raises(UnreadableFile) as refused:
        read_sets(tmp_path)
    assert str(refused.value) == f"{tmp_path.name} cannot be read: Is a directory."


def test_values_that_excel_saved_with_its_mark_are_read(tmp_path):
    path = tmp_path / "labs.csv"
    text = "criteria,term,aval,unit\nctcv5,Hypokalemia,3.4,mmol/L\n"
    path.write_text(text, encoding="utf-8-sig")
    assert grade_file(str(path)).rows.height == 1


# What may be the matter with a file, in one sentence ----------------------------------
CHART = ("participant,cycle,at,kind,code,value,unit,until", "P1,1,,reading,TEMP,38.5,,")
LABS = ("criteria,term,aval,unit", "ctcv5,Hypokalemia,3.4,mmol/L")
SETS = ("rr,spo2,spo2_scale,on_oxygen,temp_c,sbp,pulse,acvpu", "18,97,1,no,37,120,80,A")
READERS = {
    CHART: lambda path: read_chart(path),
    LABS: lambda path: grade_file(str(path)),
    SETS: lambda path: read_sets(path),
}
TOO_LONG = (
    "Line 2 has a cell of more than 5000 characters. Look for a quotation mark that is "
    "opened and not closed."
)
EACH = pytest.mark.parametrize("kind", READERS, ids=["chart", "labs", "sets"])


def told(tmp_path, kind, content):
    """What is said of the file; "" where it is read."""
    path = tmp_path / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        READERS[kind](path)
    except (UnreadableFile, UnreadableLabs) as refused:
        return str(refused)
    return ""


@EACH
@pytest.mark.parametrize(
    ("mark", "words"), [(";", "semicolons"), ("\t", "tabs")], ids=["semicolons", "tabs"]
)
def test_cells_that_another_mark_separates_are_told_so(tmp_path, kind, mark, words):
    said = told(tmp_path, kind, "\n".join(kind).replace(",", mark))
    assert f"Its cells are separated by {words}: save it with commas." in said


@EACH
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16_is_told_how_to_be_saved(tmp_path, kind, encoding):
    said = told(tmp_path, kind, "\n".join(kind).encode(encoding))
    assert said.endswith(NOT_UTF8)


@EACH
@pytest.mark.parametrize("size", [LONGEST_CELL + 1, 2_000_000])
def test_a_cell_that_is_none_is_named_by_its_line(tmp_path, kind, size):
    head, row = kind
    odd = row.replace(row.split(",")[0], "x" * size, 1)
    assert told(tmp_path, kind, f"{head}\n{odd}\n{row}\n") == TOO_LONG


@EACH
def test_a_file_with_its_mark_its_head_alone_or_the_longest_cell_is_read(
    tmp_path, kind
):
    head, row = kind
    assert told(tmp_path, kind, f"\ufeff{head}\n{row}\n") == ""
    assert told(tmp_path, kind, f"{head}\n") == ""
    longest = row.replace(row.split(",")[0], "x" * LONGEST_CELL, 1)
    assert told(tmp_path, kind, f"{head}\n{longest}\n") == ""


@EACH
def test_an_empty_file_a_lost_column_and_an_open_quotation_mark_are_told(
    tmp_path, kind
):
    head, row = kind
    assert told(tmp_path, kind, "").endswith("is empty.")
    lost = head.replace(head.split(",")[1], "other", 1)
    assert f"has no column {head.split(',')[1]}." in told(
        tmp_path, kind, f"{lost}\n{row}"
    )
    assert told(tmp_path, kind, f'{head}\n"{row}\n') == NO_TABLE


def test_a_row_with_more_cells_than_the_head_is_told(tmp_path):
    assert told(tmp_path, LABS, "\n".join(LABS) + ",more\n") == RAGGED


def test_a_number_with_a_comma_is_not_guessed(tmp_path):
    path = tmp_path / "labs.csv"
    path.write_text('criteria,term,aval,unit\nctcv5,Hypokalemia,"3,4",mmol/L\n')
    (row,) = grade_file(str(path)).rows.to_dicts()
    assert (row["grade"], row["why"]) == (
        "",
        "cannot be graded: aval 3,4 has a comma: write it with a point",
    )
