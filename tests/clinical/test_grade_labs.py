"""`manage.py grade_labs`: a file of values in, each row with its grade out."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.structure.sources import ROOT

VECTORS = ROOT.parent / "shared/data/lab_grading_vectors/vectors.csv"
SCOPE = ("ctcv5", "ctcv5_uscv", "ctcv6", "ctcv6_uscv")
HEAD = "criteria,term,aval,unit,anrlo,anrhi,base,bnrind,pchg\n"
# Rows that we read otherwise than the source of the vectors, and why: (test, number).
DIFFERS = {
    (
        "derive_var_atoxgr_dir Test 26b: CTCAEv6 Creatinine increased",
        "15",
    ): "no baseline: one below normal could make it grade 2, so 0 is not known",
}


def run(path: Path) -> subprocess.CompletedProcess[str]:
    """The command in an empty environment: no database is named anywhere."""
    return subprocess.run(
        [sys.executable, "manage.py", "grade_labs", str(path)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def vectors() -> list[dict[str, str]]:
    if not VECTORS.exists():
        pytest.skip("The graded test vectors lie beside the project, and are not here.")
    done = run(VECTORS)
    assert done.returncode == 0, done.stderr
    return rows(done.stdout)


def test_every_vector_in_scope_is_graded_as_its_source_says(
    vectors: list[dict[str, str]],
) -> None:
    scope = [row for row in vectors if row["criteria"] in SCOPE]
    assert len(scope) == 1149
    differing = {
        (row["source_test"], row["testnum"]): row["why"]
        for row in scope
        if row["grade"] != row["expected_grade"]
    }
    assert differing.keys() == DIFFERS.keys(), differing


def test_every_row_is_written_back_in_its_order(vectors: list[dict[str, str]]) -> None:
    with VECTORS.open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))
    kept = [
        {key: value for key, value in row.items() if key not in ("grade", "why")}
        for row in vectors
    ]
    assert kept == given


def test_what_is_out_of_scope_says_so(vectors: list[dict[str, str]]) -> None:
    others = {
        (row["criteria"], row["grade"], row["why"])
        for row in vectors
        if row["criteria"] not in SCOPE
    }
    assert others == {
        (name, "", f"cannot be graded: out of scope: criteria {name}")
        for name in ("ctcv4", "ctcv4_uscv", "daids", "daids_uscv")
    }


def test_a_row_says_why(tmp_path: Path) -> None:
    path = tmp_path / "labs.csv"
    path.write_text(
        HEAD
        + "ctcv5,Hyperkalemia,5.6,mmol/L,3.5,5.1,,,\n"
        + "ctcv5,Hyperkalemia,5.4,mmol/L,,,,,\n"
        + "ctcv5,Hyperkalemia,5.4,furlong,,5.1,,,\n"
        + "ctcv6,Platelet count decreased,5,10^9/L,100,,,,\n"
    )
    done = run(path)
    assert done.returncode == 0
    assert [(row["grade"], row["why"]) for row in rows(done.stdout)] == [
        ("2", "above 5.5, up to 6.0"),
        ("", "cannot be graded: no ULN"),
        ("", "cannot be graded: this term is not graded in furlong"),
        ("", "cannot be graded: the term is not in ctcv6"),
    ]


@pytest.mark.parametrize("number", ["NaN", "inf", "5,6", "high"])
def test_a_number_that_cannot_be_read_is_said_and_told_by_the_exit_status(
    tmp_path: Path, number: str
) -> None:
    path = tmp_path / "labs.csv"
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEAD.strip().split(","))
        out.writerow(["ctcv5", "Hyperkalemia", number, "mmol/L", "", "5", "", "", ""])
    done = run(path)
    assert (done.returncode, done.stderr) == (1, "line 2: a number cannot be read.\n")
    assert [(row["grade"], row["why"]) for row in rows(done.stdout)] == [
        ("", "cannot be graded: a number cannot be read")
    ]


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "labs.csv"
    assert run(path).stderr == f"CommandError: There is no file {path}.\n"
    path.write_text("")
    assert run(path).stderr == f"CommandError: {path} is empty.\n"
    path.write_text("a,b\n1,2\n")
    done = run(path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "has no column criteria, term, aval, unit." in done.stderr
