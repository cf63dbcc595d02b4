"""The tables of the five scales: whole, sourced, and as the reference has them."""

import pytest

from monitor.clinical.grading import scales
from monitor.clinical.grading.crs import ASTCT, PENN, SCALES
from monitor.clinical.study.protocol import SCALES as NAMES
from monitor.clinical.thresholds import SOURCES, BadKnowledge

ARMS = frozenset({"low_pressure"})
ROW = {"grade": 2, "arm": "low_pressure", "source": "S1", "says": "low"}
TABLE = {
    "name": "Planted",
    "source": "S1",
    "restates_fever": True,
    "by_fraction": False,
    "pressure": [ROW],
    "oxygen": [],
    "symptoms": [],
}


def test_the_scales_are_those_that_a_protocol_may_choose():
    assert tuple(SCALES) == NAMES


@pytest.mark.parametrize("key", NAMES)
def test_every_grade_has_a_source_and_our_words(key):
    steps = [step for part in scales.PARTS for step in SCALES[key].part(part)]
    assert steps
    assert all(step.source in SOURCES and step.says for step in steps)
    assert {step.grade for step in steps} <= {1, 2, 3, 4}


# Section 1.1 and 1.3 by hand: (scale, part, finding) -> grade.
@pytest.mark.parametrize(
    ("scale", "part", "arm", "grade"),
    [
        ("astct", "pressure", "low_pressure", 2),
        ("astct", "pressure", "any_pressor", 3),
        ("astct", "pressure", "two_pressors", 4),
        ("astct", "oxygen", "low_flow", 2),
        ("astct", "oxygen", "high_flow", 3),
        ("astct", "oxygen", "positive_pressure", 4),
        ("ctcae_v5", "oxygen", "oxygen", 2),
        ("ctcae_v5", "oxygen", "high_fraction", 3),
        ("ctcae_v6", "oxygen", "high_flow", 3),
        ("lee_2014", "pressure", "any_pressor", 2),
        ("lee_2014", "pressure", "high_dose", 3),
        ("lee_2014", "oxygen", "ventilator", 4),
        ("penn", "pressure", "many_boluses", 3),
        ("penn", "pressure", "high_dose", 4),
        ("penn", "oxygen", "oxygen", 3),
    ],
)
def test_a_finding_gives_the_grade_of_the_reference(scale, part, arm, grade):
    steps = {step.arm: step.grade for step in SCALES[scale].part(part)}
    assert steps[arm] == grade


def test_only_astct_restates_fever():
    assert ASTCT.restates_fever
    assert [s.key for s in SCALES.values() if s.restates_fever] == ["astct"]
    assert not PENN.by_fraction


def test_a_table_is_read():
    assert (
        scales.read_scales({"planted": TABLE}, ARMS)["planted"].pressure[0].grade == 2
    )


@pytest.mark.parametrize(
    "fault",
    [
        {"pressure": [{**ROW, "arm": "not_a_finding"}]},
        {"pressure": [{**ROW, "source": "S99"}]},
        {"pressure": [{**ROW, "says": ""}]},
        {"pressure": [{"grade": 2}]},
        {"a_key_that_nothing_reads": 1},
    ],
)
def test_a_planted_fault_is_refused(fault):
    with pytest.raises(BadKnowledge, match=r"scales\.toml, planted"):
        scales.read_scales({"planted": TABLE | fault}, ARMS)
