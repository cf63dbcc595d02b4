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


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("NaN", "aval NaN is not a number"),
        ("inf", "aval inf is not a number"),
        ("high", "aval high is not a number"),
        ("5,6", "aval 5,6 has a comma: write it with a point"),
        ("1,200", "aval 1,200 has a comma: write it with a point"),
    ],
)
def test_a_number_that_cannot_be_read_is_said_and_told_by_the_exit_status(
    tmp_path: Path, number: str, reason: str
) -> None:
    done = written(tmp_path, ["ctcv5", "Hyperkalemia", number, "mmol/L", "", "5"])
    assert (done.returncode, done.stderr) == (1, f"line 2: {reason}.\n")
    assert [(row["grade"], row["why"]) for row in rows(done.stdout)] == [
        ("", f"cannot be graded: {reason}")
    ]


def written(tmp_path: Path, *made: list[str]) -> subprocess.CompletedProcess[str]:
    """The command on these rows, whose last columns may be left out."""
    path, names = tmp_path / "labs.csv", HEAD.strip().split(",")
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(names)
        out.writerows([*row, *[""] * (len(names) - len(row))] for row in made)
    return run(path)


def test_what_cannot_be_is_not_graded_and_says_why(tmp_path: Path) -> None:
    alt = ["ctcv5", "Alanine aminotransferase increased"]
    impossible = {
        "a value below 0 cannot be": ["-5", "U/L", "7", "40"],
        "a baseline below 0 cannot be": ["50", "U/L", "7", "40", "-30"],
        "a limit of the normal range is below 0": ["50", "U/L", "-7", "40"],
        "the upper limit of the normal range is 0": ["50", "U/L", "0", "0"],
        "the normal range is upside down": ["50", "U/L", "40", "7"],
        "both limits of the normal range are the same": ["50", "U/L", "40", "40"],
        "a fall by more than 100 % cannot be": ["5", "U/L", "7", "40", "", "", "-101"],
    }
    done = written(tmp_path, *([*alt, *row] for row in impossible.values()))
    assert (done.returncode, done.stderr) == (0, "")
    assert [(row["grade"], row["why"]) for row in rows(done.stdout)] == [
        ("", f"cannot be graded: {reason}") for reason in impossible
    ]


def test_a_zero_and_a_lower_limit_of_0_are_values_like_others(tmp_path: Path) -> None:
    bilirubin = ["ctcv5", "Blood bilirubin increased"]
    done = written(
        tmp_path,
        [*bilirubin, "0", "umol/L", "0", "20", "10"],
        [*bilirubin, "61", "umol/L", "0", "20", "10"],
    )
    assert [row["grade"] for row in rows(done.stdout)] == ["0", "3"]


def test_a_grade_of_0_says_where_the_value_lies(tmp_path: Path) -> None:
    alt = ["ctcv5", "Alanine aminotransferase increased"]
    done = written(
        tmp_path,
        [*alt, "40", "U/L", "7", "40", "30"],
        [*alt, "119", "U/L", "7", "40", "100"],
        [*alt, "6", "U/L", "7", "40", "30"],
        ["ctcv5", "Creatinine increased", "80", "umol/L", "", "90", "70"],
    )
    assert [(row["grade"], row["why"]) for row in rows(done.stdout)] == [
        ("0", "within the normal range"),
        ("0", "above the normal range, and no grade is met"),
        ("0", "below the normal range, and no grade is met"),
        ("0", "no grade is met"),
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
