"""Patterns that the worked cases do not reach: each on, each off, each unknown."""

import pytest

from monitor.clinical.assess import assess
from monitor.clinical.facts import chartfile

from .casefile import Variant, moment, rows
from .charts import at, frame
from .expectations import Replay, pattern

BASE = """
at,kind,code,value,unit,until
-1:00,set,T 36.7 HR 78 BP 124/76 RR 16 SpO2 98 air A
-1:00,reading,WEIGHT,80,kg
-1:00,reading,ICE,10,{score}
-1:00,reading,CREAT,80,umol/L
-1:00,reading,FERRITIN,300,ug/L
-1:00,reading,PLAT,200,10*9/L
-1:00,reading,LVEF,60,%
-1:00,reading,ALB,40,g/L
-1:00,reading,EDEMA_LIMBS,0,{CTCAE}
-1:00,range,ALT,10..40,U/L
-1:00,range,BILI,3..20,umol/L
-1:00,range,TROPONI,0..20,ng/L
-1:00,range,CK,30..200,U/L
-1:00,range,TSH,0.4..4.0,m[iU]/L
0:00,dose,aldesleukin,600000,[iU]/kg
"""
SICK = "6:00,set,T 38.6 HR 104 BP 118/70 RR 18 SpO2 97 air A\n"


def replay(chart: str) -> Replay:
    variant = Variant({"id": "T1"}, "", tuple(rows(BASE + chart)), {}, {})
    read = chartfile.read_chart(variant.chart())
    assert not read.errors
    return Replay(assess(read.facts).lines)


def state(chart: str, topic: str, time: str) -> dict:
    return replay(chart).state(topic, moment(time))


# (pattern, rows after the first dose, when, answer, level of its topic)
TABLE = [
    ("infusion_reaction", "0:30,reading,URTICARIA,1,{CTCAE}", "0:30", True, "watch"),
    ("infusion_reaction", "0:30,reading,CHILLS,2,{CTCAE}", "0:30", None, "unknown"),
    (
        "infusion_reaction",
        "0:30,set,BP 84/50\n0:30,reading,URTICARIA,1,{CTCAE}",
        "0:30",
        True,
        "critical",
    ),
    (
        "infusion_reaction",
        "0:30,reading,BRONCHOSPASM,1,{CTCAE}",
        "0:30",
        True,
        "critical",
    ),
    ("infusion_reaction", "0:30,set,BP 86/50", "0:30", True, "warning"),
    ("hlh_like", "6:00,reading,FERRITIN,10001,ug/L", "6:00", None, "watch"),
    (
        "hlh_like",
        "6:00,reading,FERRITIN,10001,ug/L\n6:00,reading,FIBRINO,1.4,g/L",
        "6:00",
        True,
        "warning",
    ),
    (
        "hlh_like",
        "6:00,reading,FERRITIN,1000,ug/L\n6:00,reading,FIBRINO,1.5,g/L",
        "6:00",
        None,
        "unknown",
    ),
    (
        "hlh_like",
        SICK + "6:00,reading,FERRITIN,1000,ug/L\n6:00,reading,PLAT,49,10*9/L",
        "6:00",
        True,
        "warning",
    ),
    ("neurotoxicity", "4:00,reading,ICE,10,{score}", "4:00", None, "unknown"),
    ("neurotoxicity", "5:00,reading,ICE,9,{score}", "5:00", True, "watch"),
    ("neurotoxicity", "5:00,reading,ICE,6,{score}", "5:00", True, "warning"),
    ("neurotoxicity", "5:00,reading,ICE,2,{score}", "5:00", True, "critical"),
    ("neurotoxicity", "5:00,reading,AGITATION,2,{CTCAE}", "5:00", True, "warning"),
    ("cardiopulmonary", "6:00,reading,TROPONI,20,ng/L", "6:00", None, "unknown"),
    ("cardiopulmonary", "4:00,reading,TROPONI,21,ng/L", "4:00", True, "watch"),
    ("cardiopulmonary", "4:00,reading,LVEF,50,%", "4:00", True, "warning"),
    ("cardiopulmonary", "4:00,reading,LVEF,39,%", "4:00", True, "critical"),
    ("cardiopulmonary", "4:00,reading,PNEUMONITIS,0,{CTCAE}", "4:00", None, "unknown"),
    ("cardiopulmonary", "4:00,reading,PNEUMONITIS,1,{CTCAE}", "4:00", True, "watch"),
    ("cardiopulmonary", "4:00,reading,PNEUMONITIS,2,{CTCAE}", "4:00", True, "warning"),
    ("cardiopulmonary", "4:00,reading,PNEUMONITIS,3,{CTCAE}", "4:00", True, "warning"),
    ("arrhythmia", "4:00,reading,RHYTHM,sinus_tachycardia", "4:00", False, "unknown"),
    ("arrhythmia", "4:00,reading,RHYTHM,af", "4:00", True, "warning"),
    ("arrhythmia", "4:00,reading,RHYTHM,vt", "4:00", True, "critical"),
    ("immune_organ@liver", "4:00,reading,ALT,120,U/L", "4:00", None, "unknown"),
    ("immune_organ@liver", "4:00,reading,ALT,121,U/L", "4:00", True, "watch"),
    ("immune_organ@liver", "4:00,reading,ALT,201,U/L", "4:00", True, "warning"),
    (
        "immune_organ@liver",
        "4:00,reading,ALT,121,U/L\n4:00,reading,BILI,41,umol/L",
        "4:00",
        True,
        "warning",
    ),
    ("immune_organ@gut", "4:00,reading,DIARRHEA,1,{CTCAE}", "4:00", None, "unknown"),
    ("immune_organ@gut", "4:00,reading,DIARRHEA,2,{CTCAE}", "4:00", True, "watch"),
    ("immune_organ@gut", "4:00,reading,DIARRHEA,3,{CTCAE}", "4:00", True, "warning"),
    ("immune_organ@gut", "4:00,reading,HEMATOCHEZIA,1,{CTCAE}", "4:00", True, "watch"),
    (
        "immune_organ@gut",
        "4:00,reading,HEMATOCHEZIA,3,{CTCAE}",
        "4:00",
        True,
        "warning",
    ),
    (
        "immune_organ@gut",
        "4:00,reading,DIARRHEA,1,{CTCAE}\n4:00,reading,HEMATOCHEZIA,1,{CTCAE}",
        "4:00",
        True,
        "watch",
    ),
    (
        "immune_organ@gut",
        "4:00,reading,DIARRHEA,2,{CTCAE}\n4:00,reading,HEMATOCHEZIA,1,{CTCAE}",
        "4:00",
        True,
        "warning",
    ),
    (
        "immune_organ@gut",
        "4:00,reading,DIARRHEA,2,{CTCAE}\n4:00,reading,HEMATOCHEZIA,0,{CTCAE}",
        "4:00",
        True,
        "watch",
    ),
    ("immune_organ@kidney", "4:00,reading,CREAT,119,umol/L", "4:00", False, "clear"),
    ("immune_organ@kidney", "4:00,reading,CREAT,120,umol/L", "4:00", True, "watch"),
    (
        "immune_organ@skin_eye",
        "4:00,reading,RASH_MACULO_PAPULAR,3,{CTCAE}",
        "4:00",
        True,
        "warning",
    ),
    (
        "immune_organ@skin_eye",
        "4:00,reading,BULLOUS_DERMATITIS,1,{CTCAE}",
        "4:00",
        True,
        "warning",
    ),
    (
        "immune_organ@skin_eye",
        "4:00,reading,BLURRED_VISION,2,{CTCAE}",
        "4:00",
        True,
        "watch",
    ),
    (
        "immune_organ@skin_eye",
        "4:00,reading,BLURRED_VISION,3,{CTCAE}",
        "4:00",
        True,
        "critical",
    ),
    ("immune_organ@endocrine", "4:00,reading,CK,1000,U/L", "4:00", None, "unknown"),
    ("immune_organ@endocrine", "4:00,reading,CK,1001,U/L", "4:00", True, "warning"),
    ("immune_organ@endocrine", "4:00,reading,TSH,4.1,m[iU]/L", "4:00", True, "watch"),
    (
        "injection_site",
        "4:00,reading,INJECTION_SITE_REACTION,1,{CTCAE}",
        "4:00",
        None,
        "watch",
    ),
    (
        "injection_site",
        "4:00,reading,INJECTION_SITE_REACTION,2,{CTCAE}",
        "4:00",
        True,
        "warning",
    ),
    (
        "injection_site",
        "4:00,reading,EDEMA_FACE,1,{CTCAE}\n4:00,reading,DYSPHAGIA,1,{CTCAE}",
        "4:00",
        True,
        "critical",
    ),
    (
        "injection_site",
        "4:00,reading,NECK_EDEMA,1,{CTCAE}\n4:00,reading,VOICE_ALTERATION,1,{CTCAE}",
        "4:00",
        True,
        "critical",
    ),
    ("injection_site", "4:00,reading,NECK_EDEMA,2,{CTCAE}", "4:00", None, "unknown"),
    ("injection_site", "4:00,reading,NECK_EDEMA,3,{CTCAE}", "4:00", None, "critical"),
    (
        "injection_site",
        "4:00,reading,VOICE_ALTERATION,3,{CTCAE}",
        "4:00",
        None,
        "unknown",
    ),
    ("kidney", "4:00,reading,CREAT,106.4,umol/L", "4:00", False, "clear"),
    ("kidney", "4:00,reading,CREAT,106.5,umol/L", "4:00", True, "watch"),
    ("kidney", "4:00,reading,CREAT,160,umol/L", "4:00", True, "warning"),
    ("kidney", "4:00,reading,CREAT,240,umol/L", "4:00", True, "critical"),
    ("kidney", "4:00,reading,K,6.1,mmol/L", "4:00", True, "warning"),
    ("infection_mimic", SICK, "6:00", None, "unknown"),
    (
        "infection_mimic",
        SICK + "6:00,reading,NEUT,0.9,10*9/L",
        "6:00",
        True,
        "warning",
    ),
    (
        "infection_mimic",
        SICK + "6:00,reading,PCT,0.5,ng/mL",
        "6:00",
        True,
        "warning",
    ),
    (
        "fluid_balance",
        "0:00,reading,FLUID_INTAKE,3000,mL,24:00\n"
        "0:00,reading,URINE_OUTPUT,1000,mL,24:00\n24:00,reading,WEIGHT,81.5,kg",
        "24:00",
        True,
        "watch",
    ),
    (
        "fluid_balance",
        "0:00,reading,FLUID_INTAKE,2999,mL,24:00\n"
        "0:00,reading,URINE_OUTPUT,1000,mL,24:00\n24:00,reading,WEIGHT,81.5,kg",
        "24:00",
        None,
        "unknown",
    ),
    (
        "leak_hypoxia",
        "6:00,reading,ALB,34,g/L\n6:00,set,SpO2 94 nasal_cannula 2L",
        "6:00",
        True,
        "warning",
    ),
    (
        "remobilization",
        "6:00,set,BP 84/50\n6:10,reading,ALB,34,g/L\n"
        "36:00,set,BP 126/70\n28:00,reading,URINE_OUTPUT,1400,mL,36:00\n"
        "36:00,set,SpO2 94 nasal_cannula 2L",
        "36:00",
        True,
        "warning",
    ),
]


@pytest.mark.parametrize(("name", "chart", "time", "answer", "level"), TABLE)
def test_a_pattern_answers_at_its_line(name, chart, time, answer, level):
    topic, key = pattern(name)
    line = state(chart + "\n", topic, time)
    assert line["patterns"][key] is answer
    assert line["level"] == level


def test_what_needs_a_study_ends_by_a_person_alone():
    normal = "4:00,reading,ALT,121,U/L\n4:00,reading,AST,30,U/L\n"
    normal += "-1:00,range,AST,10..40,U/L\n30:00,reading,ALT,30,U/L\n"
    normal += "30:00,reading,AST,30,U/L\n"
    assert state(normal, "liver", "30:00")["level"] == "watch"
    said = normal + "31:00,decision,resolved,liver\n"
    assert state(said, "liver", "31:00")["level"] == "clear"


def test_a_person_cannot_end_what_is_still_true():
    said = "4:00,reading,ALT,121,U/L\n5:00,decision,resolved,liver\n"
    assert state(said, "liver", "5:00")["level"] == "watch"


def test_markers_after_tocilizumab_say_nothing():
    chart = "-1:00,reading,CRP,20,mg/L\n" + SICK
    chart += "6:00,reading,FERRITIN,900,ug/L\n6:00,reading,CRP,90,mg/L\n"
    assert state(chart, "crs", "6:00")["patterns"]["inflammation"] is True
    blurred = chart + "5:00,treatment,tocilizumab,640,mg\n"
    assert state(blurred, "crs", "6:00")["patterns"]["inflammation"] is None


def test_a_range_in_another_unit_is_converted():
    chart = "-1:00,range,CREAT,0.6..1.2,mg/dL\n4:00,reading,CREAT,340,umol/L\n"
    assert state(chart, "kidney", "4:00")["level"] == "warning"


def test_a_vasopressor_holds_up_a_pressure_and_no_heart_rate():
    """B4: it blocks P4 and P5, not P6."""
    chart = "-1:00,set,T 36.7 HR 78 BP 124/76\n0:00,dose,aldesleukin,1,mg\n"
    chart += "1:00,treatment,norepinephrine,5,ug/min\n"
    chart += "1:00,set,T 37.0 HR 135\n1:20,set,T 37.0 HR 135\n"
    chart += "2:00,set,T 37.0 HR 90\n4:00,set,T 37.0 HR 90\n"
    made = frame(chart)
    assert at(made, "3:00")["standing:tachycardia:warning"] is True
    assert at(made, "4:00")["standing:tachycardia:warning"] is False


@pytest.mark.parametrize(
    ("culture", "stands"), [("pending", True), ("negative", False)]
)
def test_a_fever_outside_the_window_waits_for_its_culture(culture, stands):
    chart = "0:00,dose,aldesleukin,1,mg\n80:00,set,T 38.5\n"
    chart += f"81:00,fact,CULTURE,{culture}\n"
    chart += "".join(f"{hour}:00,set,T 36.8\n" for hour in range(82, 108, 8))
    assert at(frame(chart), "106:00")["standing:fever_outside_window"] is stands


def test_leak_with_low_pressure_ends_a_day_after_the_last_of_both_is_there():
    """Low pressure at 1 h, the weight back at 2 h: over at 26 h, not at 49 h."""
    chart = "-1:00,reading,WEIGHT,70,kg\n0:00,dose,aldesleukin,1,mg\n"
    chart += "1:00,reading,WEIGHT,73,kg\n1:00,set,BP 88/50\n2:00,reading,WEIGHT,70,kg\n"
    chart += "".join(f"{hour}:00,set,BP 120/70\n" for hour in (2, 10, 18, 25, 26))
    made = frame(chart)
    assert at(made, "25:00")["standing:weight_and_hypotension"] is True
    assert at(made, "26:00")["standing:weight_and_hypotension"] is False


@pytest.mark.parametrize(
    ("presence", "stands"), [("INPATIENT", True), ("AT_HOME", False)]
)
def test_outside_the_hospital_no_set_is_missed_between_two_visits(presence, stands):
    """R5: the gaps of 8 h are those of an in-patient."""
    chart = f"0:00,dose,aldesleukin,1,mg\n1:00,set,T 38.5\n2:00,fact,{presence},yes\n"
    chart += "".join(f"{hour}:00,set,T 36.8\n" for hour in (3, 15, 28))
    assert at(frame(chart), "28:00")["standing:fever_onset"] is stands


def test_a_pulse_that_cannot_be_found_is_critical_until_one_is():
    chart = "1:00,set,HR 80 BP 124/70\n1:10,decision,unrecordable,HR\n"
    assert state(chart, "heart_lung", "1:10")["level"] == "critical"
    assert state(chart, "heart_lung", "1:10")["danger"] == ["pulse_unrecordable"]
    found = chart + "".join(f"{hour}:00,set,HR 84 BP 124/70\n" for hour in (2, 3, 4))
    assert state(found, "heart_lung", "4:00")["danger"] == []


@pytest.mark.parametrize(
    ("felt", "answer"),
    [("", None), ("DIZZINESS,0", None), ("DIZZINESS,1", True), ("SYNCOPE,3", True)],
)
def test_symptoms_answer_whether_a_pressure_is_low_for_this_person(felt, answer):
    """R3: usual 88, now 87."""
    chart = "-1:00,fact,USUAL_SBP,88\n-1:00,set,BP 88/50\n0:00,dose,aldesleukin,1,mg\n"
    chart += "1:00,set,BP 87/50\n"
    chart += f"1:00,reading,{felt},{{CTCAE}}\n" if felt else ""
    assert at(frame(chart), "1:00")["sign:low_pressure"] is answer


@pytest.mark.parametrize("given", ["red_cells", "plasma"])
def test_after_blood_a_hematocrit_is_compared_with_nothing(given):
    chart = "-1:00,reading,HCT,40,%\n0:00,dose,aldesleukin,1,mg\n"
    chart += f"1:00,treatment,{given},300,mL\n2:00,reading,HCT,44,%\n"
    assert at(frame(chart), "2:00")["sign:hematocrit_risen"] is None


@pytest.mark.parametrize(
    ("told", "level", "danger"),
    [
        ("none", "unknown", []),
        ("not_cardiac", "unknown", []),
        ("not_yet_known", "critical", ["chest_pain_told"]),
        ("cardiac", "critical", ["chest_pain_told"]),
    ],
)
def test_a_chest_pain_of_unknown_cause_is_a_danger_sign(told, level, danger):
    """R13: cardiac, not, or not yet known."""
    line = state(f"4:00,reading,CHEST_PAIN,{told},\n", "heart_lung", "4:00")
    assert (line["level"], line["danger"]) == (level, danger)


def test_a_chest_pain_is_over_when_its_cause_is_known_twice():
    chart = "4:00,reading,CHEST_PAIN,not_yet_known,\n"
    chart += "5:00,reading,CHEST_PAIN,not_cardiac,\n"
    chart += "7:00,reading,CHEST_PAIN,not_cardiac,\n"
    assert state(chart, "heart_lung", "5:00")["danger"] == ["chest_pain_told"]
    assert state(chart, "heart_lung", "7:00")["danger"] == []


def test_a_chest_pain_asked_for_once_need_not_be_asked_for_twice():
    chart = "0:00,dose,aldesleukin,1,mg\n4:00,reading,{},\n"
    graded = "4:00,reading,CHEST_PAIN_CARDIAC,0,{{CTCAE}}\n"
    told = {
        answer: at(frame(chart.format(f"CHEST_PAIN,{answer}") + more), "4:00")
        for answer, more in (("none", ""), ("not_yet_known", graded.format()))
    }
    assert told["none"]["sign:chest_pain"] is False
    assert told["not_yet_known"]["sign:chest_pain"] is True
