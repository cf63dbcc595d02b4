"""Patterns that the worked cases do not reach: each on, each off, each unknown."""

import pytest

from monitor.clinical import chartfile
from monitor.clinical.assess import assess

from .casefile import Variant, moment, rows
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
    ("infusion_reaction", "0:30,reading,CHILLS,2,{CTCAE}", "0:30", None, "clear"),
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
        "warning",
    ),
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
        "clear",
    ),
    (
        "hlh_like",
        SICK + "6:00,reading,FERRITIN,1000,ug/L\n6:00,reading,PLAT,49,10*9/L",
        "6:00",
        True,
        "warning",
    ),
    ("neurotoxicity", "4:00,reading,ICE,10,{score}", "4:00", None, "clear"),
    ("neurotoxicity", "5:00,reading,ICE,9,{score}", "5:00", True, "watch"),
    ("neurotoxicity", "5:00,reading,ICE,6,{score}", "5:00", True, "warning"),
    ("neurotoxicity", "5:00,reading,ICE,2,{score}", "5:00", True, "critical"),
    ("neurotoxicity", "5:00,reading,AGITATION,2,{CTCAE}", "5:00", True, "warning"),
    ("cardiopulmonary", "6:00,reading,TROPONI,20,ng/L", "6:00", None, "unknown"),
    ("cardiopulmonary", "4:00,reading,TROPONI,21,ng/L", "4:00", True, "watch"),
    ("cardiopulmonary", "4:00,reading,LVEF,50,%", "4:00", True, "warning"),
    ("cardiopulmonary", "4:00,reading,LVEF,39,%", "4:00", True, "critical"),
    ("arrhythmia", "4:00,reading,RHYTHM,sinus_tachycardia", "4:00", False, "clear"),
    ("arrhythmia", "4:00,reading,RHYTHM,af", "4:00", True, "warning"),
    ("arrhythmia", "4:00,reading,RHYTHM,vt", "4:00", True, "critical"),
    ("immune_organ@liver", "4:00,reading,ALT,120,U/L", "4:00", None, "clear"),
    ("immune_organ@liver", "4:00,reading,ALT,121,U/L", "4:00", True, "watch"),
    ("immune_organ@liver", "4:00,reading,ALT,201,U/L", "4:00", True, "warning"),
    (
        "immune_organ@liver",
        "4:00,reading,ALT,121,U/L\n4:00,reading,BILI,41,umol/L",
        "4:00",
        True,
        "warning",
    ),
    ("immune_organ@gut", "4:00,reading,DIARRHEA,1,{CTCAE}", "4:00", None, "clear"),
    ("immune_organ@gut", "4:00,reading,DIARRHEA,2,{CTCAE}", "4:00", True, "watch"),
    ("immune_organ@gut", "4:00,reading,DIARRHEA,3,{CTCAE}", "4:00", True, "warning"),
    ("immune_organ@kidney", "4:00,reading,CREAT,119,umol/L", "4:00", False, "clear"),
    ("immune_organ@kidney", "4:00,reading,CREAT,120,umol/L", "4:00", True, "watch"),
    (
        "immune_organ@skin_eye",
        "4:00,reading,RASH_MACULO_PAPULAR,3,{CTCAE}",
        "4:00",
        True,
        "warning",
    ),
    ("immune_organ@endocrine", "4:00,reading,CK,1001,U/L", "4:00", True, "watch"),
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
    ("kidney", "4:00,reading,CREAT,106.4,umol/L", "4:00", False, "clear"),
    ("kidney", "4:00,reading,CREAT,106.5,umol/L", "4:00", True, "watch"),
    ("kidney", "4:00,reading,CREAT,160,umol/L", "4:00", True, "warning"),
    ("kidney", "4:00,reading,CREAT,240,umol/L", "4:00", True, "critical"),
    ("kidney", "4:00,reading,K,6.1,mmol/L", "4:00", True, "warning"),
    ("infection_mimic", SICK, "6:00", None, "clear"),
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


def test_a_quiet_topic_is_never_unknown():
    made = replay(SICK)
    quiet = ("infection", "hlh_like", "liver", "gut", "kidney", "skin_eye", "endocrine")
    for topic in quiet:
        assert made.state(topic, moment("6:00"))["level"] == "clear"


def test_a_range_in_another_unit_is_converted():
    chart = "-1:00,range,CREAT,0.6..1.2,mg/dL\n4:00,reading,CREAT,340,umol/L\n"
    assert state(chart, "kidney", "4:00")["level"] == "warning"
