"""Lines of the reference worked by hand that no case of section 9 asks for."""

from datetime import datetime, timedelta

import pytest

from monitor.clinical.assess import assess
from monitor.clinical.items import catalogue

from .casefile import moment
from .charts import assessed, at, expecting, facts, frame, line, written

WELL = "HR 90 BP 122/76 RR 16 SpO2 98 air A"
BEGIN = f"-1:00,set,T 36.7 {WELL}\n0:00,dose,aldesleukin,600000,[iU]/kg\n"


# Fever outside the window (B3) --------------------------------------------------------
@pytest.mark.parametrize(
    ("rows", "level"),
    [
        ("", "warning"),
        ("479:00,reading,NEUT,0.5,10*9/L\n", "warning"),
        ("479:00,reading,NEUT,0.4,10*9/L\n", "critical"),
        ("479:30,reading,CHILLS,1,{CTCAE}\n", "warning"),
        ("-2:00,fact,CENTRAL_LINE,picc\n", "warning"),
        (
            "-2:00,fact,CENTRAL_LINE,picc\n479:30,reading,CHILLS,1,{CTCAE}\n",
            "critical",
        ),
    ],
)
def test_a_fever_outside_the_window_may_be_an_infection_at_its_worst(rows, level):
    """20 days after the last dose: ANC < 0.5, or rigors with a line."""
    found = assessed(BEGIN + rows + f"480:00,set,T 38.5 {WELL}")
    assert line(found, "fever", "480:00")["level"] == level


# Lee 2014 and Penn (1.3) --------------------------------------------------------------
@pytest.mark.parametrize(
    ("base", "now", "grade"),
    [(30, 120, 1), (30, 121, 2), (80, 160, 1), (80, 240, 1), (80, 241, 2)],
)
def test_organ_toxicity_of_lee_is_ctcae_grade_2(base, now, grade):
    """Upper limit 40. Of a raised baseline it is more than 3 times that (4.3)."""
    rows = (
        f"-1:00,range,ALT,0..40,U/L\n-1:00,reading,ALT,{base},U/L\n"
        f"3:00,reading,ALT,{now},U/L\n3:00,set,T 38.4 {WELL}\n"
    )
    made = line(assessed(BEGIN + rows), "crs", "3:00")["grades"]
    assert (made["lee_2014"], made["astct"]) == (grade, 1)


@pytest.mark.parametrize(("count", "grade"), [("0.9", 2), ("1.0", 1)])
def test_neutropenic_fever_is_penn_2(count, grade):
    rows = f"2:00,reading,NEUT,{count},10*9/L\n3:00,set,T 38.4 {WELL}\n"
    made = line(assessed(BEGIN + rows), "crs", "3:00")["grades"]
    assert (made["penn"], made["lee_2014"], made["astct"]) == (grade, 1, 1)


@pytest.mark.parametrize(
    ("given", "grade"),
    [
        ("plasma,300,mL", 3),
        ("plasma,300,mL/h,4:00", 3),
        ("cryoprecipitate,10,[U]", 3),
        ("red_cells,300,mL", 1),
    ],
)
def test_clotting_that_takes_plasma_is_penn_3(given, grade):
    rows = f"3:00,set,T 38.4 {WELL}\n3:30,treatment,{given}\n4:00,set,T 38.4 {WELL}\n"
    made = line(assessed(BEGIN + rows), "crs", "4:00")["grades"]
    assert (made["penn"], made["lee_2014"], made["astct"]) == (grade, 1, 1)


# The suggested grade of a leak (2.0) --------------------------------------------------
LOW_ALBUMIN = "-1:00,reading,ALB,40,g/L\n2:00,reading,ALB,34,g/L\n"
EDEMA = "2:00,reading,EDEMA_LIMBS,1,{CTCAE}\n" + "".join(
    f"-1:00,reading,{item},0,{{CTCAE}}\n"
    for item in ("EDEMA_LIMBS", "PLEURAL_EFFUSION", "PULMONARY_EDEMA")
)
HEAVIER = (
    "-1:00,reading,WEIGHT,70,kg\n24:00,dose,aldesleukin,600000,[iU]/kg\n"
    "23:00,reading,WEIGHT,71.5,kg\n"
)


@pytest.mark.parametrize(
    ("rows", "grade"),
    [
        (LOW_ALBUMIN, 1),
        (LOW_ALBUMIN + EDEMA, 2),
        (LOW_ALBUMIN + EDEMA + "2:00,reading,PLEURAL_EFFUSION,1,{CTCAE}\n", 3),
        (LOW_ALBUMIN + EDEMA + "2:00,reading,PULMONARY_EDEMA,1,{CTCAE}\n", 3),
        (LOW_ALBUMIN + "2:00,treatment,furosemide,20,mg\n", 1),
        (HEAVIER, 1),
        (HEAVIER + "22:00,treatment,furosemide,20,mg\n", 1),
        (HEAVIER + "24:00,treatment,furosemide,20,mg\n", 2),
        (HEAVIER + "24:00,treatment,furosemide,5,mg/h\n", 2),
        (
            LOW_ALBUMIN
            + "-1:00,reading,CREAT,0.9,mg/dL\n2:00,reading,CREAT,2.8,mg/dL\n",
            3,
        ),
        (
            LOW_ALBUMIN
            + "-1:00,reading,CREAT,0.9,mg/dL\n2:00,reading,CREAT,2.7,mg/dL\n",
            1,
        ),
        (LOW_ALBUMIN + "2:00,set,SpO2 95 nasal_cannula 2L\n", 3),
        (LOW_ALBUMIN + "2:00,set,SpO2 95 high_flow_cannula 40L FiO2 50\n", 3),
        (LOW_ALBUMIN + "2:00,set,SpO2 95 cpap FiO2 40\n", 4),
        (LOW_ALBUMIN + "2:00,set,SpO2 95 bipap FiO2 40\n", 4),
        (LOW_ALBUMIN + "2:00,set,SpO2 95 invasive_ventilation FiO2 40\n", 4),
        (LOW_ALBUMIN + "2:00,treatment,vasopressin,0.03,[U]/min,3:00\n", 3),
        (LOW_ALBUMIN + "2:00,treatment,norepinephrine,6,ug/min,3:00\n", 3),
        (
            LOW_ALBUMIN
            + "2:00,treatment,norepinephrine,6,ug/min,4:00\n"
            + "2:00,treatment,phenylephrine,60,ug/min,4:00\n",
            4,
        ),
        ("-1:00,reading,ALB,40,g/L\n2:00,set,SpO2 95 bipap FiO2 40\n", None),
    ],
)
def test_the_suggested_grade_of_a_leak(rows, grade):
    made = line(assessed(BEGIN + rows + f"24:30,set,T 36.8 {WELL}"), "cls", "24:30")
    assert made["max_grades"] == {"ctcae_v5": grade, "ctcae_v6": grade}


def test_a_leak_of_grade_4_says_that_a_person_reviews_our_reading():
    """R10: positive pressure is CTCAE 4 by our reading; at home before, it is none."""
    chart = BEGIN + LOW_ALBUMIN + "2:00,set,SpO2 95 bipap FiO2 40\n"
    made = line(assessed(chart), "cls", "2:00")
    assert made["status"] == "needs_review"
    assert (
        "to review: our reading of grade 4: positive pressure by mask or tube"
        in made["explanation"]
    )
    own = chart + "-2:00,fact,BASELINE_OXYGEN,bipap 40 %\n"
    usual = line(assessed(own), "cls", "2:00")
    assert usual["grades"] == {"ctcae_v5": 1, "ctcae_v6": 1}
    assert "our reading" not in usual["explanation"]


# Inotropes (1.1, rule 7), slow hearts (R15) -------------------------------------------
def test_an_inotrope_is_a_flag_of_the_heart_and_changes_no_grade():
    rows = f"3:00,set,T 38.4 {WELL}\n3:10,treatment,dobutamine,5,ug/kg/min\n"
    found = assessed(BEGIN + "-1:00,reading,WEIGHT,70,kg\n" + rows)
    heart = line(found, "heart_lung", "3:10")
    assert (heart["level"], heart["patterns"]["cardiopulmonary"]) == ("warning", True)
    assert [one["says"] for one in heart["evidence"] if one["answer"]] == [
        "inotrope running"
    ]
    assert line(found, "crs", "3:10")["grades"]["astct"] == 1


def test_a_heart_that_a_drug_slows_is_marked():
    rows = f"2:00,treatment,beta_blocker,50,mg\n3:00,set,T 38.4 {WELL}\n"
    made = line(assessed(BEGIN + rows), "crs", "3:00")
    assert made["explanation"].endswith(
        ", heart rate may be blunted by a drug on board."
    )
    assert at(frame(BEGIN + rows + "26:00,set,T 38.4"), "26:00")[
        "state:heart_slowed"
    ] is (False)


# Troponin over normal: watched once, a warning twice, by either assay (B3, P14) ------
@pytest.mark.parametrize("item", ["TROPONI", "TROPONT"])
def test_a_raised_troponin_is_confirmed_by_either_assay(item):
    rows = f"-1:00,range,{item},0..14,ng/L\n1:00,reading,{item},15,ng/L\n"
    found = assessed(BEGIN + rows + f"7:00,reading,{item},15,ng/L\n")
    assert line(found, "heart_lung", "1:00")["level"] == "watch"
    assert line(found, "heart_lung", "7:00")["level"] == "warning"


# Every rhythm that can be charted (11.1, B3 row P19) ----------------------------------
#: A heart is not known to be well by its rhythm alone: nobody measured a troponin.
RHYTHMS = {
    "sinus": "unknown",
    "sinus_tachycardia": "unknown",
    "sinus_bradycardia": "unknown",
    "paced": "unknown",
    "other": "warning",
    "af": "warning",
    "flutter": "warning",
    "svt": "warning",
    "bradycardia": "warning",
    "av_block": "warning",
    "vt": "critical",
    "sustained_vt": "critical",
    "vf": "critical",
}


def test_no_rhythm_is_left_out():
    charted = [option.code for option in catalogue.item("RHYTHM").options]
    assert charted == list(RHYTHMS)


def test_each_rhythm_has_its_level():
    charts = [
        written(BEGIN + f"3:00,set,T 36.8 {WELL}\n3:00,reading,RHYTHM,{code},", code)
        for code in RHYTHMS
    ]
    told = {
        one["participant"]: (one["level"], one["patterns"]["arrhythmia"])
        for one in assess(facts(*charts)).lines
        if one["topic"] == "heart_lung"
    }
    expected = {code: (at, at != "unknown") for code, at in RHYTHMS.items()}
    assert told == expected


# Fever without a pressure (R21) -------------------------------------------------------
def test_an_expected_fever_without_a_pressure_is_a_warning_after_half_an_hour():
    rows = "0:00,dose,aldesleukin,600000,[iU]/kg\n3:00,set,T 38.6\n"
    found = assessed(rows, expecting(1, 8, 40.0), now="4:00")
    told = [one for one in found.lines if one["topic"] == "crs"]
    assert [one["level"] for one in told][-2:] == ["watch", "warning"]
    later = datetime.fromisoformat(told[-1]["at"]) - moment("3:30")
    assert timedelta(0) < later <= timedelta(seconds=1)


# L10 by a vasopressor alone (R11) is L10 for L6 and L13 too (B3, R14) -----------------
HELD_UP = "2:00,treatment,norepinephrine,6,ug/min,9:00\n"
STARVED = "2:30,reading,LACTICAC,2.5,mmol/L\n"
THICK = (
    "-1:00,reading,HCT,40,%\n-1:00,reading,ALB,40,g/L\n"
    "2:30,reading,HCT,44,%\n2:30,reading,ALB,35,g/L\n"
)


@pytest.mark.parametrize(
    ("rows", "kidney"), [(STARVED, False), (HELD_UP + STARVED, True)]
)
def test_lactate_with_a_pressure_that_a_vasopressor_holds_up(rows, kidney):
    creatinine = "-1:00,reading,CREAT,70,umol/L\n2:30,reading,CREAT,70,umol/L\n"
    chart = BEGIN + creatinine + rows + f"2:30,set,T 36.8 {WELL}"
    made = line(assessed(chart), "cls", "2:30")
    assert made["patterns"]["kidney"] is kidney


@pytest.mark.parametrize(
    ("rows", "level"), [(THICK, "watch"), (HELD_UP + THICK, "critical")]
)
def test_thick_blood_with_a_pressure_that_a_vasopressor_holds_up(rows, level):
    made = line(assessed(BEGIN + rows + f"2:30,set,T 36.8 {WELL}"), "cls", "2:30")
    assert (made["patterns"]["hemoconcentration"], made["level"]) == (True, level)


# A lung that is injured, with a pressure that fails (B3, row P14) ---------------------
@pytest.mark.parametrize(
    ("pressure", "level"), [("90/60", "warning"), ("89/60", "critical")]
)
def test_an_injured_lung_with_a_low_pressure_is_critical(pressure, level):
    rows = "3:00,reading,PNEUMONITIS,2,{CTCAE}\n"
    rows += f"3:00,set,T 36.8 {WELL.replace('122/76', pressure)}"
    assert line(assessed(BEGIN + rows), "heart_lung", "3:00")["level"] == level
