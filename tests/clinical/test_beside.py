"""What stands beside the patterns: scores with what is missing, and no level of theirs.

The cut-offs are written here by hand from the reference (3.1, 2.4, B2, R3, R10, S19).
"""

from typing import Any

import pytest

from monitor.clinical.scores import counted
from monitor.clinical.thresholds import BadKnowledge

from .charts import DOSE, assessed, frames, shifted

WELL = "1:00,set,T 36.7 HR 78 BP 124/76 RR 16 SpO2 98 air A\n"


def beside(text: str, now: str | None = None) -> dict[str, Any]:
    """What stands beside the patterns at the end of a chart, or at a time."""
    (said,) = assessed(text, now=now).scores.values()
    return said


# NEWS2 -------------------------------------------------------------------------------
def test_a_whole_set_has_a_total():
    said = beside(DOSE + WELL)["news2"]
    assert (said["total"], said["on"], said["single_red"]) == (0, False, False)
    assert said["missing"] == []


def test_without_a_breathing_rate_there_is_a_floor_and_no_total():
    text = DOSE + "1:00,set,T 38.6 HR 104 BP 90/54 SpO2 97 air A\n"
    said = beside(text)["news2"]
    assert (said["total"], said["at_least"], said["on"]) == (None, 5, True)
    gap = {"item": "RESP", "why": "never", "since": None}
    assert said["missing"] == [gap]


def test_what_is_missing_can_leave_open_whether_anything_is_on():
    said = beside(DOSE + "1:00,set,T 38.6 HR 104 BP 124/76 SpO2 97 air A\n")["news2"]
    assert (said["at_least"], said["on"], said["single_red"]) == (2, None, None)


def test_a_stale_set_scores_nothing_and_says_since_when():
    said = beside(DOSE + WELL, now="7:00")["news2"]
    assert said["total"] is None
    assert {gap["why"] for gap in said["missing"]} == {"stale"}
    assert {gap["since"] for gap in said["missing"]} == {"2026-11-16T09:00:00Z"}


@pytest.mark.parametrize(
    ("facts", "scale", "total"),
    [("", 1, 3), ("-1:00,fact,SPO2_TARGET,88-92\n", 2, 0)],
)
def test_the_second_scale_needs_a_documented_target(facts, scale, total):
    text = facts + DOSE + "1:00,set,T 36.7 HR 78 BP 124/76 RR 16 SpO2 90 air A\n"
    said = beside(text)["news2"]
    assert (said["scale"], said["total"]) == (scale, total)


@pytest.mark.parametrize(
    ("device", "points"),
    [
        ("air", 0),
        ("nasal_cannula 2L", 2),
        ("home_oxygen 2L", 2),
        ("trach_mask FiO2 21", 0),
        ("trach_mask FiO2 28", 2),
        ("cpap", 2),
        ("cpap FiO2 21", 0),
        ("home_cpap", None),
        ("home_cpap FiO2 21", 0),
        ("home_cpap FiO2 30", 2),
        ("home_cpap 2L", 2),
    ],
)
def test_any_oxygen_scores_two_and_pressure_alone_is_unknown(device, points):
    text = f"{DOSE}1:00,set,T 36.7 HR 78 BP 124/76 RR 16 SpO2 98 {device} A\n"
    said = beside(text)["news2"]
    assert said["points"]["OXYGEN_DEVICE"] == points
    gone = [] if points is not None else ["FIO2"]
    assert [gap["item"] for gap in said["missing"]] == gone


# qSOFA, SIRS -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("count", "part", "item", "values"),
    [
        ("qsofa", "breathing", "RESP", {21: False, 22: True, 23: True}),
        ("qsofa", "pressure", "SYSBP", {99: True, 100: True, 101: False}),
        ("qsofa", "mind", "ACVPU", {"A": False, "C": True, "V": True, "U": True}),
        ("sirs", "temperature", "TEMP", {35.9: True, 36.0: False, 36.1: False}),
        ("sirs", "temperature", "TEMP", {37.9: False, 38.0: False, 38.1: True}),
        ("sirs", "heart", "HR", {89: False, 90: False, 91: True}),
        ("sirs", "breathing", "RESP", {19: False, 20: False, 21: True}),
        ("sirs", "blood", "WBC", {3.9: True, 4: False, 12: False, 12.1: True}),
        ("karsen", "pressure", "SYSBP", {89: True, 90: True, 91: False}),
    ],
)
def test_a_part_at_its_line_and_unknown_without_its_item(count, part, item, values):
    units = {"RESP": "/min", "HR": "/min", "SYSBP": "mm[Hg]", "TEMP": "Cel"}
    unit = units.get(item, "10*9/L" if item == "WBC" else "")
    base = "-1:00,set,BP 120/70\n" + DOSE
    charts = {
        f"{value}": f"{base}1:00,reading,{item},{value},{unit}\n" for value in values
    }
    charts["none"] = base + "1:00,fact,CONSENT,yes\n"
    (name,) = [one for one in counted.counts()[count].parts if one.name == part]
    made = frames(charts)
    got = {
        key: frame.select(name.answer().alias("answer"))["answer"][-1]
        for key, frame in made.items()
    }
    expected = {f"{value}": answer for value, answer in values.items()}
    current = count == "sirs" or item != "SYSBP"
    assert got == {**expected, "none": None if current else False}


def test_a_count_is_positive_only_where_what_is_unknown_cannot_change_it():
    two = DOSE + "1:00,set,BP 96/60 RR 24\n"
    assert beside(two)["qsofa"]["positive"] is True
    one = beside(DOSE + "1:00,set,BP 96/60 RR 16\n")["qsofa"]
    assert (one["count"], one["positive"], one["unknown"]) == (1, None, ["mind"])
    assert beside(DOSE + "1:00,set,BP 124/76 RR 16\n")["qsofa"]["positive"] is False


def test_the_scores_raise_no_level_and_open_no_episode():
    ill = "set,T 35.9 HR 89 BP 100/70 RR 22 SpO2 95 air A\n"
    text = f"-1:00,{ill}{DOSE}1:00,{ill}1:00,reading,WBC,13,10*9/L\n"
    found = assessed(text)
    (said,) = found.scores.values()
    assert (said["qsofa"]["count"], said["sirs"]["count"]) == (2, 3)
    assert (said["news2"]["total"], said["news2"]["on"]) == (6, True)
    assert found.episodes == []
    assert {line["level"] for line in found.latest} <= {"clear", "unknown"}


# Numbers -----------------------------------------------------------------------------
def test_shock_index_and_mean_pressure_go_with_what_they_are_made_from():
    said = beside(DOSE + "1:00,set,HR 104 BP 90/54\n")
    assert said["shock_index"]["value"] == 1.155556
    assert said["map"]["value"] == 66
    later = beside(DOSE + "1:00,set,HR 104 BP 90/54\n", now="7:00")
    assert later["shock_index"]["value"] is None
    gaps = later["shock_index"]["missing"]
    assert [(gap["item"], gap["why"]) for gap in gaps] == [
        ("HR", "stale"),
        ("SYSBP", "stale"),
    ]


# The leak composite ------------------------------------------------------------------
ALBUMIN = "-1:00,reading,ALB,41,g/L\n" + DOSE + "1:00,reading,ALB,{now},g/L\n"


@pytest.mark.parametrize(("now", "count"), [(36.1, 0), (36, 1), (34, 1)])
def test_a_finding_is_counted_with_its_pattern(now, count):
    said = beside(ALBUMIN.format(now=now))["composite"]
    assert (said["count"], said["of"]) == (count, 4)
    assert said["met"] == ({"albumin": ["albumin"]} if count else {})


def test_what_nobody_knows_is_named_and_not_counted():
    usual = "-1:00,set,BP 124/76\n"
    said = beside(usual + ALBUMIN.format(now=36) + "1:00,set,BP 124/76\n")["composite"]
    assert said["unknown"] == ["weight", "edema"]
    nothing = beside(usual + DOSE + WELL)["composite"]
    assert (nothing["count"], nothing["unknown"]) == (0, ["albumin", "weight", "edema"])


# What is on board --------------------------------------------------------------------
def test_a_single_dose_is_on_board_for_its_hours():
    text = DOSE + WELL + "1:30,treatment,paracetamol,1000,mg\n"
    (one,) = beside(text, now="7:30")["on_board"]
    assert (one["agent"], one["blurs"]) == (
        "paracetamol",
        {"TEMP": "2026-11-16T15:30:00Z"},
    )
    assert beside(text, now="7:31")["on_board"] == []


def test_a_regimen_without_an_end_goes_on():
    text = DOSE + WELL + "0:00,treatment,indomethacin,,scheduled\n"
    (one,) = beside(text)["on_board"]
    assert one["blurs"] == {"TEMP": None}


@pytest.mark.parametrize(
    ("drug", "waived"), [("", None), ("5:00,treatment,paracetamol,1000,mg\n", True)]
)
def test_the_waiver_names_its_drug_and_needs_one(drug, waived):
    text = DOSE + "4:00,set,T 38.9\n" + drug + "8:00,set,T 37.2\n"
    said = beside(text)["fever_waiver"]
    assert (said and said["agents"]) == (["Paracetamol"] if waived else None)


def test_a_drug_without_a_fever_before_it_waives_nothing():
    text = DOSE + "2:00,treatment,paracetamol,1000,mg\n4:00,set,T 37.2\n"
    assert beside(text)["fever_waiver"] is None


# Usual oxygen, usual pressure --------------------------------------------------------
@pytest.mark.parametrize(
    ("device", "baseline"),
    [("home_oxygen 2L", True), ("nasal_cannula 4L", False), ("air", False)],
)
def test_support_that_is_usual_is_marked(device, baseline):
    text = "-1:00,fact,BASELINE_OXYGEN,home_oxygen 2 L/min\n" + DOSE
    said = beside(f"{text}1:00,set,SpO2 96 {device}\n")["oxygen"]
    assert said["baseline"] is baseline


@pytest.mark.parametrize(
    ("sbp", "answer", "asked"), [(87, "", True), (87, "no", False), (90, "", False)]
)
def test_a_low_usual_pressure_is_asked_about_once(sbp, answer, asked):
    said = f"{shifted(5.5)},decision,hypotension_confirmed,{answer}\n" if answer else ""
    text = f"-1:00,fact,USUAL_SBP,88\n{DOSE}5:00,set,T 38.4 BP {sbp}/55\n{said}"
    question = beside(text)["question"]
    assert bool(question) is asked
    if question:
        assert (question["usual"], question["if_yes"]["astct"]) == (88, 2)


# The knowledge file ------------------------------------------------------------------
PART = {"name": "p", "says": "s", "tests": [{"item": "HR", "direction": ">"}]}
TABLE = {"title": "T", "source": "S24", "verified": False, "parts": [PART]}


def test_a_table_of_parts_is_read():
    part = {**PART, "tests": [{"item": "HR", "is_not": "A"}]}
    assert counted.read_counts({"c": {**TABLE, "parts": [part]}})["c"].parts


@pytest.mark.parametrize(
    "fault",
    [
        {"source": "S99"},
        {"parts": [{**PART, "tests": [{"item": "NOTHING", "sign": "fever"}]}]},
        {"parts": [{**PART, "tests": [{"item": "HR", "sign": "no_such_sign"}]}]},
        {"parts": [PART]},  # no unit
        {"a_key_that_nothing_reads": 1},
    ],
)
def test_a_planted_fault_is_refused(fault):
    with pytest.raises(BadKnowledge, match=r"scores\.toml, c"):
        counted.read_counts({"c": TABLE | fault})
