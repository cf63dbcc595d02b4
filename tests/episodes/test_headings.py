"""The head of a banner names what was met, in words; nothing is said that is not so."""

import pytest

from monitor.episodes import rows, wording
from tests.clinical.charts import assessed, line

WELL = "HR 90 BP 122/76 RR 16 SpO2 98 air A"
BEGIN = (
    f"-1:00,set,T 36.7 {WELL}\n-1:00,reading,ICE,10,{{score}}\n"
    "0:00,dose,aldesleukin,600000,[iU]/kg\n"
)


def leak(**answers):
    """A line of the leak as it is stored."""
    made = {"family": "cls", "topic": "cls", "level": "warning", "danger": []}
    return made | {"patterns": {"hypotension": False, "low_urine": False}} | answers


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"patterns": {"albumin": True}}, "Criteria met: possible capillary leak"),
        (
            {"patterns": {"hypotension": True}},
            "Low blood pressure (leak, infection, heart, drug?)",
        ),
        ({"patterns": {"low_urine": True}}, "Criteria met: Low urine"),
        (
            {"danger": ["spo2_below_90_on_air", "rr_extreme"]},
            "Criteria met: very low SpO₂ on air, breathing extremely fast or slow",
        ),
        ({}, "Possible capillary leak, level held"),
    ],
)
def test_a_leak_is_headed_by_what_was_met(answers, said):
    assert wording.heading(leak(**answers), "astct") == said


def test_a_low_saturation_with_a_high_pressure_is_no_low_pressure():
    found = assessed(BEGIN + "3:00,set,T 36.8 HR 90 BP 300/20 RR 99 SpO2 50 air A")
    made = line(found, "cls", "3:00")
    assert made["level"] == "critical"
    assert wording.heading(made, "astct") == (
        "Criteria met: low SpO₂ on air, very low SpO₂ on air, fast breathing, "
        "breathing extremely fast or slow"
    )


def test_a_new_release_without_a_fever_is_not_resolving():
    found = assessed(BEGIN + "3:00,set,T 36.8 HR 90 BP 122/76 RR 16 SpO2 50 air A")
    made = line(found, "crs", "3:00")
    assert (made["level"], made["status"]) == ("critical", "needs_review")
    assert made["explanation"].startswith(
        "Criteria met: Rising oxygen demand; no CRS grade on ASTCT, because"
    )


def test_a_score_and_a_grade_say_what_they_are():
    ice, rigors = rows.reasons(
        {
            "evidence": [
                entry("ICE", 5.0, "{score}", "= 10 {score}"),
                entry("CHILLS", 3.0, "{CTCAE}", ">= 1 {CTCAE}"),
            ]
        }
    )
    assert (ice.named, ice.text) == ("ICE 5", "")
    assert (rigors.named, rigors.text) == ("Chills grade 3", "≥ grade 1")
    assert rigors.value == "grade 3"


def entry(item, value, unit, threshold):
    """A sign of the evidence as it is stored."""
    made = {"item": item, "value": value, "unit": unit, "threshold": threshold}
    return made | {"answer": True, "sign": "s", "pattern": "p"}


def test_a_sign_of_two_patterns_is_said_once_and_two_signs_of_a_value_beside_it():
    fever = {"pattern": "fever_onset", "sign": "fever", "item": "TEMP", "answer": True}
    fever |= {"value": 40.1, "unit": "Cel", "at": "2026-11-19T15:00:00Z"}
    found = [fever, fever | {"pattern": "crs"}, fever | {"sign": "very_high_fever"}]
    because, also = rows.split(rows.reasons({"evidence": found}))
    assert [one.sign for one in because] == ["fever"]
    assert [one.sign for one in also] == ["very_high_fever"]
