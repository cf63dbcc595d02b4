"""Signs that no single number decides: coded answers, oxygen classes, personal lines.

Those that one does stand in `thresholds/`. Each here is also unknown, and stale.
"""

from functools import cache

import polars as pl
import pytest

from .charts import DOSE, at, frame, frames, protocol

YES, NO = True, False
AIR = "1:00,reading,OXYGEN_DEVICE,room_air,\n"
CANNULA = "1:00,reading,OXYGEN_DEVICE,nasal_cannula,\n"
TARGET = "-1:00,fact,SPO2_TARGET,88-92\n"
BASE = """\
-1:00,reading,SYSBP,{SYSBP},mm[Hg]
-1:00,reading,HR,80,/min
-1:00,reading,ALB,41,g/L
-1:00,reading,EDEMA_LIMBS,0,{{CTCAE}}
-1:00,reading,GENERALIZED_EDEMA,0,{{CTCAE}}
-1:00,reading,PULMONARY_EDEMA,0,{{CTCAE}}
-1:00,reading,PLEURAL_EFFUSION,0,{{CTCAE}}
"""
UNITS = {
    "TEMP": "Cel",
    "SYSBP": "mm[Hg]",
    "MAP": "mm[Hg]",
    "HR": "/min",
    "RESP": "/min",
    "OXYSAT": "%",
    "FIO2": "%",
    "OXYGEN_FLOW": "L/min",
    "ALB": "g/L",
    "LACTICAC": "mmol/L",
    "WEIGHT": "kg",
}
# Sign, item, [(value, answer)], what else was charted. Baselines: SBP 130, HR 80,
# albumin 41.
TABLE = [
    ("sbp_below_line", "SYSBP", [(89, YES), (90, NO), (91, NO)], ""),
    ("pressure_falling", "SYSBP", [(89, NO), (90, YES), (104, YES), (105, NO)], ""),
    ("pressure_falling_far", "SYSBP", [(89, NO), (90, YES), (91, NO)], ""),
    ("new_edema", "EDEMA_LIMBS", [(0, NO), (1, YES), (2, YES)], ""),
    ("seizure", "SEIZURE", [(0, NO), (1, YES)], ""),
    ("syncope", "SYNCOPE", [(0, NO), (3, YES)], ""),
    ("chest_pain", "CHEST_PAIN_CARDIAC", [(0, NO), (1, YES)], ""),
    ("chest_pain", "CHEST_PAIN", [("none", NO), ("not_cardiac", NO)], ""),
    ("chest_pain", "CHEST_PAIN", [("not_yet_known", YES), ("cardiac", YES)], ""),
    ("neck_swollen", "NECK_EDEMA", [(2, NO), (3, YES), (4, YES)], ""),
    ("bullae", "BULLOUS_DERMATITIS", [(0, NO), (1, YES)], ""),
    ("stool_blood", "HEMATOCHEZIA", [(0, NO), (1, YES)], ""),
    ("stool_blood_severe", "HEMATOCHEZIA", [(2, NO), (3, YES), (4, YES)], ""),
    ("vision_lost", "VISION_DECREASED", [(2, NO), (3, YES), (4, YES)], ""),
    ("vision_blurred_badly", "BLURRED_VISION", [(2, NO), (3, YES), (4, YES)], ""),
    ("airway", "STRIDOR", [(3, YES)], ""),
    ("confused", "ACVPU", [("A", NO), ("C", YES), ("V", YES), ("P", YES)], ""),
    ("unresponsive", "ACVPU", [("A", NO), ("V", NO), ("P", YES), ("U", YES)], ""),
    ("arrhythmia", "RHYTHM", [("sinus", NO), ("af", YES), ("svt", YES)], ""),
    ("ventricular_tachycardia", "RHYTHM", [("sinus", NO), ("vt", YES)], ""),
    ("on_oxygen", "OXYGEN_DEVICE", [("room_air", NO), ("nasal_cannula", YES)], ""),
    ("on_ventilator", "OXYGEN_DEVICE", [("bipap", NO)], ""),
    ("on_ventilator", "OXYGEN_DEVICE", [("invasive_ventilation", YES)], ""),
]
CASES = [
    pytest.param(sign, item, value, answer, more, id=f"{sign} {item} {value}")
    for sign, item, values, more in TABLE
    for value, answer in values
]


SIGNS = sorted({row[0] for row in TABLE})


def unit_of(item: str) -> str:
    coded = item in ("ACVPU", "RHYTHM", "OXYGEN_DEVICE", "CHEST_PAIN")
    return "" if coded else UNITS.get(item, "{CTCAE}")


def reading(item: str, value: object, time: str = "1:00") -> str:
    return f"{time},reading,{item},{value},{unit_of(item)}\n"


OTHER_EDEMA = "".join(
    reading(item, 0) for item in ("GENERALIZED_EDEMA", "PULMONARY_EDEMA")
) + reading("PLEURAL_EFFUSION", 0)


@cache
def charted() -> dict[str, pl.DataFrame]:
    """Every row of the table as a participant of its own."""
    return frames(
        {
            f"{item} {value} {more}": BASE.format(SYSBP=130)
            + DOSE
            + (more or (OTHER_EDEMA if item == "EDEMA_LIMBS" else ""))
            + reading(item, value)
            for _, item, values, more in TABLE
            for value, _ in values
        }
    )


@pytest.mark.requirement("I3.2")
@pytest.mark.parametrize(("sign", "item", "value", "answer", "more"), CASES)
def test_a_sign_at_its_line(sign, item, value, answer, more):
    made = charted()[f"{item} {value} {more}"]
    assert at(made, "1:00")[f"sign:{sign}"] is answer


@pytest.fixture(scope="module")
def nothing_known():
    return at(frame(f"{DOSE}1:00,fact,CONSENT,yes"), "1:00")


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_of_nothing_is_unknown(sign, nothing_known):
    assert nothing_known[f"sign:{sign}"] is None


@pytest.fixture(scope="module")
def two_days_later():
    stale = "".join(reading(item, values[0][0]) for _, item, values, _ in TABLE)
    text = BASE.format(SYSBP=130) + DOSE + AIR + stale
    return at(frame(text + "49:00,fact,CONSENT,yes"), "49:00")


@pytest.mark.parametrize("sign", SIGNS)
def test_a_stale_value_makes_a_sign_unknown(sign, two_days_later):
    assert two_days_later[f"sign:{sign}"] is None


@pytest.mark.parametrize("sign", ["sbp_falling", "sbp_far_under", "heart_rate_risen"])
def test_without_a_baseline_a_change_is_unknown(sign):
    text = DOSE + reading("SYSBP", 100) + reading("HR", 150)
    assert at(frame(text), "1:00")[f"sign:{sign}"] is None


# Oxygen classes (R10) ----------------------------------------------------------------
def on(device: str, flow: float | None, fio2: float | None) -> dict[str, object]:
    """The timeline's row for a device with this flow and fraction."""
    text = f"{DOSE}1:00,reading,OXYGEN_DEVICE,{device},\n"
    text += reading("OXYGEN_FLOW", flow) if flow else ""
    text += reading("FIO2", fio2) if fio2 else ""
    return at(frame(text), "1:00")


@pytest.mark.parametrize(
    ("device", "flow", "fio2", "support"),
    [
        ("room_air", None, None, "none"),
        ("nasal_cannula", 2, None, "low_flow"),
        ("nasal_cannula", 6, None, "low_flow"),
        ("nasal_cannula", 6.1, None, "high_flow"),
        ("blow_by", 8, None, "low_flow"),
        ("simple_mask", 5, None, "high_flow"),
        ("venturi", 4, 28, "high_flow"),
        ("non_rebreather", 10, None, "high_flow"),
        ("high_flow_cannula", 6, 30, "high_flow"),
        ("trach_mask", 5, 21, "none"),
        ("trach_mask", 5, 22, "high_flow"),
        ("cpap", None, 40, "positive_pressure"),
        ("bipap", None, 40, "positive_pressure"),
        ("invasive_ventilation", None, 40, "positive_pressure"),
        ("home_cpap", None, None, "none"),
        ("home_oxygen", 2, None, "none"),
    ],
)
def test_a_device_has_a_class_and_outweighs_the_flow(device, flow, fio2, support):
    assert on(device, flow, fio2)["now:SUPPORT"] == support


@pytest.mark.parametrize(
    ("device", "flow", "fraction"),
    [
        ("room_air", None, 21),
        ("nasal_cannula", 1, 24),
        ("nasal_cannula", 4, 36),
        ("nasal_cannula", 5, 40),
        ("blow_by", 8, 30),
        ("simple_mask", 5, 35),
        ("simple_mask", 6, 40),
        ("simple_mask", 7, 45),
        ("simple_mask", 9, 50),
        ("non_rebreather", 10, 80),
        ("venturi", 4, None),
        ("high_flow_cannula", 30, None),
    ],
)
def test_a_fraction_is_estimated_where_the_reference_gives_one(device, flow, fraction):
    assert on(device, flow, None)["now:FIO2_USED"] == fraction


# The personal line (R3) --------------------------------------------------------------
@pytest.mark.parametrize(
    ("usual", "line"), [(99, 80), (100, 85), (120, 85), (121, 90), (None, 90)]
)
def test_the_personal_line_follows_the_usual_pressure(usual, line):
    fact = f"-1:00,fact,USUAL_SBP,{usual}\n" if usual else ""
    row = at(frame(fact + DOSE, protocol(pressure_line="personal")), "0:00")
    assert row["line:SYSBP"] == line


@pytest.mark.parametrize("usual", [85, 110, 140])
def test_the_fixed_line_does_not(usual):
    row = at(frame(f"-1:00,fact,USUAL_SBP,{usual}\n{DOSE}"), "0:00")
    assert row["line:SYSBP"] == 90


@pytest.mark.parametrize(
    ("usual", "sbp", "answer"),
    [
        (99, 89, None),
        (100, 89, YES),
        (99, 80, None),
        (99, 79, YES),
        (99, 90, NO),
    ],
)
def test_a_low_usual_pressure_is_asked_about(usual, sbp, answer):
    text = f"-1:00,fact,USUAL_SBP,{usual}\n{DOSE}{reading('SYSBP', sbp)}"
    assert at(frame(text), "1:00")["sign:low_pressure"] is answer


@pytest.mark.parametrize(("said", "answer"), [("yes", YES), ("no", NO)])
def test_a_person_answers_the_question(said, answer):
    text = f"-1:00,fact,USUAL_SBP,88\n-1:00,reading,SYSBP,88,mm[Hg]\n{DOSE}"
    text += f"{reading('SYSBP', 87)}1:00,decision,hypotension_confirmed,{said}"
    assert at(frame(text), "1:00")["sign:low_pressure"] is answer
