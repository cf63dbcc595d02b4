"""NEWS2 at every boundary of its chart (reference 3.1), and with something missing.

The points are written here by hand, not read from the knowledge file.
"""

import csv
import io
import re
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from monitor.clinical.scores import news2, sets
from monitor.clinical.thresholds import BadKnowledge

HEAD = ",".join(sets.COLUMNS)
# A set that scores nothing.
WELL = {
    "rr": "16",
    "spo2": "98",
    "spo2_scale": "1",
    "on_oxygen": "no",
    "temp_c": "36.7",
    "sbp": "124",
    "pulse": "78",
    "acvpu": "A",
}
BOUNDARIES = {
    "rr": "8:3 9:1 11:1 12:0 20:0 21:2 24:2 25:3",
    "spo2": "91:3 92:2 93:2 94:1 95:1 96:0 100:0",
    "sbp": "90:3 91:2 100:2 101:1 110:1 111:0 219:0 220:3",
    "pulse": "40:3 41:1 50:1 51:0 90:0 91:1 110:1 111:2 130:2 131:3",
    "temp_c": "35.0:3 35.1:1 36.0:1 36.1:0 38.0:0 38.1:1 39.0:1 39.1:2",
    "acvpu": "A:0 C:3 V:3 P:3 U:3",
    "on_oxygen": "no:0 yes:2",
}
SCALE_2_AIR = "83:3 84:2 85:2 86:1 87:1 88:0 92:0 93:0 96:0 97:0 100:0"
SCALE_2_OXYGEN = "83:3 84:2 85:2 86:1 87:1 88:0 92:0 93:1 94:1 95:2 96:2 97:3 100:3"
CASES = [
    (name, *pair.split(":")) for name, row in BOUNDARIES.items() for pair in row.split()
]


def written(tmp_path: Path, *rows: dict[str, str], head: str = HEAD) -> Path:
    path = tmp_path / "sets.csv"
    names = head.split(",")
    lines = [",".join((WELL | row).get(name, "") for name in names) for row in rows]
    path.write_text("\n".join([head, *lines]) + "\n")
    return path


def run(path: Path, *more: str) -> tuple[list[dict[str, str]], str, int]:
    """The rows that the command writes, what it says, and its exit status."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    try:
        call_command("news2", str(path), *more, stdout=out, stderr=err)
    except SystemExit as left:
        status = int(left.code or 0)
    return list(csv.DictReader(io.StringIO(out.getvalue()))), err.getvalue(), status


@pytest.fixture
def score(tmp_path):
    def of(**cells: str) -> dict[str, str]:
        (row,), _, _ = run(written(tmp_path, cells), "--at-least")
        return {name: row[name] for name in ("total", "single_red", "missing")}

    return of


def test_every_parameter_at_every_boundary_of_the_chart(tmp_path):
    rows, said, status = run(written(tmp_path, *({n: v} for n, v, _ in CASES)))
    got = [(row["total"], row["single_red"]) for row in rows]
    assert got == [
        (points, "true" if points == "3" else "false") for _, _, points in CASES
    ]
    assert (said, status) == ("", 0)


@pytest.mark.parametrize(
    ("oxygen", "table", "added"),
    [("no", SCALE_2_AIR, 0), ("yes", SCALE_2_OXYGEN, 2)],
)
def test_the_second_scale_asks_for_less_and_punishes_too_much_oxygen(
    tmp_path, oxygen, table, added
):
    pairs = [pair.split(":") for pair in table.split()]
    sets_ = [
        {"spo2": spo2, "spo2_scale": "2", "on_oxygen": oxygen} for spo2, _ in pairs
    ]
    rows, _, _ = run(written(tmp_path, *sets_))
    assert [int(row["total"]) - added for row in rows] == [int(p) for _, p in pairs]


def test_the_second_scale_is_never_taken_unasked(score):
    assert score(spo2="90", spo2_scale="")["total"] == "3"
    assert score(spo2="90", spo2_scale="2")["total"] == "0"


def test_a_fever_of_exactly_38_scores_nothing_and_a_pressure_of_90_is_red(score):
    assert score(temp_c="38.0")["total"] == "0"
    assert score(sbp="90") == {"total": "3", "single_red": "true", "missing": ""}


def test_a_value_between_two_printed_bands_falls_in_the_next(score):
    assert score(temp_c="38.04")["total"] == "1"
    assert score(temp_c="39.04")["total"] == "2"


def test_the_sepsis_case_scores_13(score):
    cells = {"rr": "28", "spo2": "93", "temp_c": "39.4", "sbp": "82", "pulse": "134"}
    assert score(**cells)["total"] == "13"


@pytest.mark.parametrize("name", [name for name in sets.COLUMNS if name != sets.SCALE])
def test_with_a_parameter_missing_there_is_no_total(score, name):
    assert score(**{name: ""})["total"] == ""
    assert score(**{name: ""})["missing"] == name


def test_a_single_red_is_unknown_where_what_is_missing_could_be_one(score):
    assert score(rr="")["single_red"] == ""
    assert score(rr="", sbp="90")["single_red"] == "true"
    # Oxygen by itself gives two points, never three.
    assert score(on_oxygen="")["single_red"] == "false"
    # On scale 2 too much oxygen is red: whether there is any decides.
    assert score(on_oxygen="", spo2="97", spo2_scale="2")["single_red"] == ""


def test_the_points_that_are_there_are_a_floor(tmp_path):
    (row,), _, _ = run(written(tmp_path, {"rr": "", "sbp": "90"}), "--at-least")
    assert (row["total"], row["at_least"], row["missing"]) == ("", "3", "rr")


def test_other_columns_stay_and_the_answer_stands_beside_them(tmp_path):
    path = written(tmp_path, {"id": "7"}, head=f"id,{HEAD}")
    (row,), _, _ = run(path)
    assert list(row) == ["id", *sets.COLUMNS, "total", "single_red", "missing"]
    assert row["id"] == "7"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("rr", "abc"),
        ("rr", "nan"),
        ("rr", "inf"),
        ("spo2", "140"),
        ("temp_c", "98.6"),
        ("pulse", "-5"),
        ("acvpu", "X"),
        ("on_oxygen", "perhaps"),
    ],
)
def test_what_cannot_be_read_is_reported_and_counts_as_missing(tmp_path, name, typed):
    (row,), said, status = run(written(tmp_path, {name: typed}))
    assert (row["total"], row["missing"], status) == ("", name, 1)
    assert said.startswith(f"line 2: {name}: ")


def test_a_scale_that_is_neither_leaves_the_saturation_without_points(tmp_path):
    (row,), said, status = run(written(tmp_path, {"spo2_scale": "3"}))
    assert (row["total"], row["missing"], status) == ("", "spo2", 1)
    assert "spo2_scale" in said


@pytest.mark.parametrize(
    ("name", "typed", "reason"),
    [
        ("sbp", "0", "0 is not scored. Leave it empty if none was read."),
        ("rr", "0", "0 is not scored. Leave it empty if none was read."),
        ("pulse", "0", "0 is not scored. Leave it empty if none was read."),
        ("spo2", "0", "0 is not scored. Leave it empty if none was read."),
        ("spo2", "0.97", "0.97 % is not scored. Is it a fraction? Write it in %."),
    ],
)
def test_a_zero_and_a_fraction_are_no_measurements_to_score(
    tmp_path, name, typed, reason
):
    (row,), said, status = run(written(tmp_path, {name: typed}))
    assert (row["total"], row["missing"], status) == ("", name, 1)
    assert said == f"line 2: {name}: {reason}\n"


def test_a_dangerous_value_is_scored(score):
    assert score(sbp="38", pulse="18")["total"] == "6"


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "sets.csv is empty"), ("rr,spo2\n16,98\n", "sets.csv has no column")],
)
def test_a_file_without_the_columns_is_refused(tmp_path, text, said):
    path = tmp_path / "sets.csv"
    path.write_text(text)
    with pytest.raises(CommandError, match=re.escape(said)) as fault:
        call_command("news2", str(path))
    assert fault.value.returncode == 2


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError, match="There is no file") as fault:
        call_command("news2", str(tmp_path / "none.csv"))
    assert fault.value.returncode == 2


TABLE = {
    "title": "Planted",
    "source": "S24",
    "verified": True,
    "red": 3,
    "urgent": 5,
    "emergency": 7,
    "oxygen": 2,
    "not_alert": 3,
    "points": {item: [{"points": 3, "to": 8}, {"points": 0}] for item in news2.NUMBERS},
    "scale_2": {"air": [{"points": 0}], "oxygen": [{"points": 0}]},
}


def test_a_table_is_read():
    assert news2.definition_of(TABLE).points["RESP"][0].to == 8


@pytest.mark.parametrize(
    "fault",
    [
        {"source": "S99"},
        {"points": {"RESP": [{"points": 0}]}},
        {"scale_2": {"air": [{"points": 0}]}},
        {"scale_2": {"air": [{"points": 0, "to": 3}], "oxygen": [{"points": 0}]}},
        {
            "scale_2": {
                "air": [{"points": 1, "to": 9}, {"points": 2, "to": 8}, {"points": 0}],
                "oxygen": [{"points": 0}],
            }
        },
        {"a_key_that_nothing_reads": 1},
    ],
)
def test_a_planted_fault_is_refused(fault):
    with pytest.raises(BadKnowledge, match=r"scores\.toml, news2"):
        news2.definition_of(TABLE | fault)


def test_points_of_nothing_are_null():
    value = pl.DataFrame({"v": [None, 8.0, 9.0]}, schema={"v": pl.Float64})
    bands = news2.definition().points["RESP"]
    got = value.select(news2.banded(pl.col("v"), bands))
    assert got.to_series().to_list() == [None, 3, 1]
