"""A laboratory has one of two assays: that one answers, and only while it can (P14)."""

import pytest

from monitor.clinical.predose.answers import NOT_MET, UNKNOWN
from monitor.clinical.predose.check import check

from .charts import DOSE, assessed, at, facts, frame, line, moment, protocol

WELL = "T 36.7 HR 78 BP 124/76 RR 16 SpO2 98 air A"
BEGIN = f"-1:00,set,{WELL}\n{DOSE}"
I_RANGE = "-1:00,range,TROPONI,0..20,ng/L\n"
T_RANGE = "-1:00,range,TROPONT,0..14,ng/L\n"
I_AT_LIMIT = I_RANGE + "1:00,reading,TROPONI,20,ng/L\n"
T_AT_LIMIT = T_RANGE + "1:00,reading,TROPONT,14,ng/L\n"


def raised(rows: str, time: str = "2:00") -> bool | None:
    return at(frame(BEGIN + rows, now=time), time)["sign:troponin_raised"]


@pytest.mark.requirement("I3.2")
@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ("", None),
        (I_RANGE + "1:00,reading,TROPONI,19,ng/L\n", False),
        (I_AT_LIMIT, False),
        (I_RANGE + "1:00,reading,TROPONI,21,ng/L\n", True),
        (T_RANGE + "1:00,reading,TROPONT,13,ng/L\n", False),
        (T_AT_LIMIT, False),
        (T_RANGE + "1:00,reading,TROPONT,15,ng/L\n", True),
        (I_AT_LIMIT + T_AT_LIMIT, False),
        (I_AT_LIMIT + T_RANGE + "1:00,reading,TROPONT,15,ng/L\n", True),
        # One that was taken and cannot be read keeps the question open.
        (I_AT_LIMIT + "1:00,reading,TROPONT,5,ng/L\n", None),
        (T_AT_LIMIT + "1:00,reading,TROPONI,5,ng/L\n", None),
    ],
)
def test_either_troponin_answers_at_its_upper_limit(rows, wanted):
    assert raised(rows) is wanted


@pytest.mark.requirement("I3.2")
def test_a_troponin_that_lapsed_is_unknown_though_the_other_is_there():
    both = I_AT_LIMIT + T_RANGE + "20:00,reading,TROPONT,14,ng/L\n"
    assert raised(both, "36:59") is False
    assert raised(both, "37:00") is None
    assert raised(I_AT_LIMIT, "37:00") is None


REST = "1:00,reading,LVEF,60,%\n1:00,reading,RHYTHM,sinus,\n"


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        (T_AT_LIMIT + REST, {"LVEF": "no_baseline"}),
        ("1:00,reading,TROPONT,5,ng/L\n" + REST, {"TROPONT": "no_range"}),
        (REST, {"TROPONI": "never"}),
    ],
)
def test_nobody_is_asked_for_the_assay_that_the_site_does_not_have(rows, missing):
    one = line(assessed(BEGIN + rows, now="2:00"), "heart_lung", "2:00")
    found = {gap["item"]: gap.get("detail") or gap["why"] for gap in one["missing"]}
    assert {item: found.get(item) for item in missing} == missing
    assert one["level"] == "unknown"
    assert ("TROPONI" in found) is ("TROPONI" in missing)


@pytest.mark.parametrize(
    ("troponin", "wanted"),
    [
        ("", (UNKNOWN, UNKNOWN)),
        ("-1:00,range,TROPONI,0..20,ng/L\n-1:00,reading,TROPONI,20,ng/L\n", ()),
        ("-1:00,range,TROPONT,0..14,ng/L\n-1:00,reading,TROPONT,14,ng/L\n", ()),
    ],
)
def test_before_a_dose_either_troponin_is_enough(troponin, wanted):
    tests = "-1:00,reading,LVEF,60,%\n-1:00,reading,BNPPRONT,80,ng/L\n"
    heart = protocol(pre_dose={"tables": ["heart"]})
    made = check(facts(tests + troponin), heart, moment("0:00"))
    states = {one.criterion.key: one.state for one in made.answers}
    found = (states["heart_fih"], states["heart_tests"])
    assert found == (wanted or (NOT_MET, NOT_MET))


@pytest.mark.requirement("I3.2")
@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ("1:00,reading,TSH,2,m[iU]/L\n", None),
        ("1:00,reading,TSH,2,m[iU]/L\n1:00,reading,FT4,9,pmol/L\n", False),
        ("1:00,reading,TSH,2,m[iU]/L\n1:00,reading,FT4,8.9,pmol/L\n", True),
        ("1:00,reading,TSH,4.1,m[iU]/L\n", True),
        ("1:00,reading,TSH,4,m[iU]/L\n1:00,reading,FT4,25,pmol/L\n", False),
        ("1:00,reading,FT4,25.1,pmol/L\n", True),
    ],
)
def test_a_thyroid_is_well_where_tsh_and_ft4_say_so(rows, wanted):
    """An injured pituitary leaves TSH within its range: it alone says nothing."""
    ranges = "-1:00,range,TSH,0.4..4.0,m[iU]/L\n-1:00,range,FT4,9..25,pmol/L\n"
    found = at(frame(BEGIN + ranges + rows, now="2:00"), "2:00")
    assert found["sign:thyroid_out_of_range"] is wanted
