"""A chart, or a file of laboratory values or sets, that is none: what to do with it."""

import gzip

import pytest

from monitor.clinical.facts.chartfile import (
    NOT_GZIP,
    NOT_UTF8,
    UnreadableFile,
    read_chart,
)
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
