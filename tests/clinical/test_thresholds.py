"""Every sign just below, at and just above its line, unknown, and stale.

The lines are written here by hand from the reference (1.1, 2.4, 3.2, 11.1, R2, R3, B4),
not read from the knowledge file, so that a slip there is seen.
"""

from functools import cache

import polars as pl
import pytest

from monitor.clinical.thresholds import THRESHOLDS

from .charts import DOSE, at, frame, frames, protocol, shifted

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
    ("fever", "TEMP", [(37.9, NO), (38.0, YES), (38.1, YES)], ""),
    ("very_high_fever", "TEMP", [(39.9, NO), (40.0, YES), (40.1, YES)], ""),
    ("sbp_below_line", "SYSBP", [(89, YES), (90, NO), (91, NO)], ""),
    ("low_pressure", "SYSBP", [(89, YES), (90, NO), (91, NO)], ""),
    ("sbp_very_low", "SYSBP", [(79, YES), (80, NO), (81, NO)], ""),
    ("map_low", "MAP", [(59, YES), (60, NO), (61, NO)], ""),
    ("sbp_recovered", "SYSBP", [(94, NO), (95, YES), (96, YES)], ""),
    ("sbp_down_fifth", "SYSBP", [(103, YES), (104, YES), (105, NO)], ""),
    ("sbp_falling", "SYSBP", [(103, YES), (104, YES), (105, NO)], ""),
    ("sbp_far_under", "SYSBP", [(89, YES), (90, YES), (91, NO)], ""),
    ("sbp_far_under_usual", "SYSBP", [(89, YES), (90, YES), (91, NO)], ""),
    ("sbp_near_base", "SYSBP", [(116, NO), (117, YES), (118, YES)], ""),
    ("pressure_falling", "SYSBP", [(89, NO), (90, YES), (104, YES), (105, NO)], ""),
    ("pressure_falling_far", "SYSBP", [(89, NO), (90, YES), (91, NO)], ""),
    ("heart_rate_risen", "HR", [(109, NO), (110, YES), (111, YES)], ""),
    ("heart_rate_high", "HR", [(129, NO), (130, NO), (131, YES)], ""),
    ("heart_rate_extreme", "HR", [(149, NO), (150, NO), (151, YES)], ""),
    ("heart_rate_extreme", "HR", [(39, YES), (40, NO), (41, NO)], ""),
    ("breathing_fast", "RESP", [(24, NO), (25, YES), (26, YES)], ""),
    ("breathing_extreme", "RESP", [(29, NO), (30, YES), (31, YES)], ""),
    ("breathing_extreme", "RESP", [(7, YES), (8, YES), (9, NO)], ""),
    ("spo2_low_on_air", "OXYSAT", [(91, YES), (92, NO), (93, NO)], AIR),
    ("spo2_low_on_air", "OXYSAT", [(87, YES), (88, NO), (89, NO)], AIR + TARGET),
    ("spo2_low_on_air", "OXYSAT", [(91, NO)], CANNULA),
    ("spo2_very_low_on_air", "OXYSAT", [(89, YES), (90, NO), (91, NO)], AIR),
    ("spo2_very_low_on_air", "OXYSAT", [(84, YES), (85, NO), (86, NO)], AIR + TARGET),
    ("spo2_steady", "OXYSAT", [(91, NO), (92, YES), (93, YES)], AIR),
    ("high_fraction", "FIO2", [(39, NO), (40, YES), (41, YES)], CANNULA),
    ("albumin_low", "ALB", [(34.9, YES), (35, NO), (35.1, NO)], ""),
    ("albumin_fallen", "ALB", [(35.9, YES), (36, YES), (36.1, NO)], ""),
    ("albumin_very_low", "ALB", [(29.9, YES), (30, NO), (30.1, NO)], ""),
    ("albumin_fallen_far", "ALB", [(30.9, YES), (31, YES), (31.1, NO)], ""),
    ("lactate_high", "LACTICAC", [(3.9, NO), (4, YES), (4.1, YES)], ""),
    ("rigors", "CHILLS", [(0, NO), (1, YES), (2, YES)], ""),
    ("new_edema", "EDEMA_LIMBS", [(0, NO), (1, YES), (2, YES)], ""),
    ("seizure", "SEIZURE", [(0, NO), (1, YES)], ""),
    ("syncope", "SYNCOPE", [(0, NO), (3, YES)], ""),
    ("chest_pain", "CHEST_PAIN_CARDIAC", [(0, NO), (1, YES)], ""),
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
    coded = item in ("ACVPU", "RHYTHM", "OXYGEN_DEVICE")
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


# Arms that need a pressure and a baseline --------------------------------------------
@pytest.mark.parametrize(
    ("base", "now", "answer"),
    [(140, 111, YES), (160, 130, YES), (160, 129, YES), (160, 131, NO)],
)
def test_a_fall_counts_by_thirty_or_by_a_fifth(base, now, answer):
    text = BASE.format(SYSBP=base) + DOSE + reading("SYSBP", now)
    assert at(frame(text), "1:00")["sign:sbp_falling"] is answer


@pytest.mark.parametrize("sign", ["sbp_falling", "sbp_far_under", "heart_rate_risen"])
def test_without_a_baseline_a_change_is_unknown(sign):
    text = DOSE + reading("SYSBP", 100) + reading("HR", 150)
    assert at(frame(text), "1:00")[f"sign:{sign}"] is None


# Much oxygen and a low saturation ----------------------------------------------------
@pytest.mark.parametrize(
    ("flow", "spo2", "answer"),
    [(5, 91, NO), (6, 91, YES), (6, 92, NO), (7, 91, YES)],
)
def test_a_low_saturation_on_much_flow(flow, spo2, answer):
    text = DOSE + CANNULA + reading("OXYGEN_FLOW", flow) + reading("OXYSAT", spo2)
    fraction = "1:00,reading,FIO2,30,%\n"
    row = at(frame(text + fraction), "1:00")
    assert row["sign:spo2_low_on_much_oxygen"] is answer


@pytest.mark.parametrize(("fio2", "answer"), [(39, NO), (40, YES), (41, YES)])
def test_a_low_saturation_on_a_high_fraction(fio2, answer):
    text = (
        DOSE + "1:00,reading,OXYGEN_DEVICE,venturi,\n1:00,reading,OXYGEN_FLOW,4,L/min"
    )
    text += "\n" + reading("FIO2", fio2) + reading("OXYSAT", 91)
    assert at(frame(text), "1:00")["sign:spo2_low_on_much_oxygen"] is answer


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


@pytest.mark.parametrize(("flow", "new"), [(2, NO), (3.9, NO), (4, YES)])
def test_two_liters_over_the_usual_oxygen_are_new(flow, new):
    text = f"-1:00,fact,BASELINE_OXYGEN,nasal_cannula 2 L/min\n{DOSE}{CANNULA}"
    row = at(frame(text + reading("OXYGEN_FLOW", flow)), "1:00")
    assert row["sign:on_oxygen"] is new


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


# Still low (11.1) --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("minutes", "still"), [(29, NO), (30, YES), (31, YES), (90, YES)]
)
def test_still_low_after_half_an_hour(minutes, still):
    later = shifted(1, minutes)
    text = DOSE + reading("SYSBP", 88) + f"{later},reading,SYSBP,88,mm[Hg]"
    assert at(frame(text), later)["sign:still_low"] is still


@pytest.mark.parametrize(("boluses", "still"), [(1, NO), (2, YES)])
def test_still_low_after_two_boluses(boluses, still):
    rows = "".join(
        f"1:0{n},treatment,fluid_bolus,250,mL,1:1{n}\n" for n in range(1, boluses + 1)
    )
    text = DOSE + reading("SYSBP", 88) + rows + "1:20,reading,SYSBP,88,mm[Hg]"
    assert at(frame(text), "1:20")["sign:still_low"] is still


@pytest.mark.parametrize(("ml", "still"), [(2099, NO), (2100, YES)])
def test_still_low_after_thirty_ml_per_kg(ml, still):
    text = f"-1:00,reading,WEIGHT,70,kg\n{DOSE}{reading('SYSBP', 88)}"
    text += f"1:01,treatment,fluid_bolus,{ml},mL,1:20\n1:25,reading,SYSBP,88,mm[Hg]"
    assert at(frame(text), "1:25")["sign:still_low"] is still


# Weight ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("second", "up", "far"),
    [
        (71.4, NO, NO),
        (71.5, YES, NO),
        (71.6, YES, NO),
        (72.9, YES, NO),
        (73.0, YES, YES),
    ],
)
def test_a_daily_rise(second, up, far):
    text = "d1 07:00,reading,WEIGHT,70.0,kg\nd1 08:00,dose,aldesleukin,1,mg\n"
    text += f"d2 07:00,reading,WEIGHT,{second},kg\nd2 08:00,dose,aldesleukin,1,mg"
    row = at(frame(text), "d2 07:00")
    assert (row["sign:weight_up"], row["sign:weight_far_up"]) == (up, far)


@pytest.mark.parametrize(("ml", "low"), [(79, YES), (80, NO), (81, NO)])
def test_little_urine(ml, low):
    text = f"{DOSE}1:00,reading,URINE_OUTPUT,{ml},mL,9:00"
    assert at(frame(text), "9:00")["sign:urine_low"] is low


# The knowledge file says the same ----------------------------------------------------
@pytest.mark.parametrize(
    ("key", "value", "direction"),
    [
        ("fever", 38.0, ">="),
        ("sbp_low", 90, "<"),
        ("sbp_very_low", 80, "<"),
        ("map_low", 60, "<"),
        ("spo2_low", 92, "<"),
        ("spo2_very_low", 90, "<"),
        ("spo2_target_low", 88, "<"),
        ("spo2_target_very_low", 85, "<"),
        ("rr_high", 25, ">="),
        ("rr_very_high", 30, ">="),
        ("rr_very_low", 8, "<="),
        ("fever_very_high", 40, ">="),
        ("hr_high", 130, ">"),
        ("hr_very_high", 150, ">"),
        ("hr_very_low", 40, "<"),
        ("lactate_high", 4, ">="),
        ("urine_low_8h", 80, "<"),
        ("albumin_low", 35, "<"),
        ("albumin_fall", 5, ">="),
        ("weight_rise", 1.5, ">="),
        ("oxygen_low_flow", 6, "<="),
        ("fio2_high", 40, ">="),
        ("confirm_minutes", 15, ">="),
        ("set_gap_hours", 8, "<="),
    ],
)
def test_the_knowledge_has_the_references_numbers(key, value, direction):
    assert (THRESHOLDS[key].value, THRESHOLDS[key].direction) == (value, direction)
