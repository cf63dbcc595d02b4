"""A grade says what gave it and what a person looks at, in the words of its rule."""

import pytest

from monitor.clinical.grading.crs import SCALES
from monitor.clinical.grading.questions import QUESTIONS, UNNAMED

from .charts import DOSE, assessed, line, protocol

WELL = "T 36.7 HR 78 BP 124/76 RR 16 SpO2 98 air A"
BEGIN = f"-1:00,set,{WELL}\n{DOSE}"
FEVER = "4:00,set,T 39.0 HR 100 BP 124/76 RR 16 SpO2 98 air A\n"
LOW = "4:00,set,T 39.0 HR 100 BP 84/50 RR 16 SpO2 98 air A\n"


def crs(rows: str, scale: str = "astct", time: str = "4:25") -> dict:
    made = assessed(BEGIN + rows, protocol(scale=scale), now=time)
    return line(made, "crs", time)


def review_of(one: dict) -> str:
    """What the sentence gives a person to look at."""
    return one["explanation"].partition("to review: ")[2].rstrip(".")


@pytest.mark.requirement("I3.1")
@pytest.mark.parametrize(
    ("rows", "scale", "grade", "asked"),
    [
        (LOW, "astct", 2, "low pressure without a treatment recorded"),
        (
            LOW + "4:10,treatment,vasopressin,0.03,[U]/min\n",
            "astct",
            3,
            "vasopressin, which the scale does not name",
        ),
        (
            LOW + "4:10,treatment,norepinephrine,8,ug/min\n"
            "4:20,treatment,vasopressin,0.03,[U]/min\n",
            "ctcae_v5",
            3,
            "vasopressin, which the scale does not name",
        ),
        (
            LOW + "4:10,treatment,norepinephrine,8,ug/min\n"
            "4:20,treatment,vasopressin,0.03,[U]/min\n",
            "astct",
            3,
            "",
        ),
        (
            LOW + "4:10,treatment,angiotensin_ii,20,ng/kg/min\n",
            "penn",
            3,
            "angiotensin II, of which no dose is known to be high",
        ),
        (LOW + "4:10,treatment,angiotensin_ii,20,ng/kg/min\n", "astct", 3, ""),
        (
            FEVER + "4:00,range,NEUT,1.5..7.5,10*9/L\n"
            "4:00,reading,NEUT,0.9,10*9/L\n4:00,reading,WBC,2,10*9/L\n",
            "astct",
            1,
            "the fever may be of an infection",
        ),
    ],
)
def test_what_a_person_looks_at_is_said_and_makes_the_review(rows, scale, grade, asked):
    one = crs(rows, scale)
    assert (one["grades"][scale], review_of(one)) == (grade, asked)
    assert one["status"] == ("needs_review" if asked else "graded")


@pytest.mark.requirement("I3.1")
@pytest.mark.parametrize("drug", ["vasopressin,0.03,[U]/min", "dobutamine,5,ug/kg/min"])
def test_a_pressure_under_any_drug_for_it_is_treated(drug):
    assert crs(LOW)["at_least"] == list(SCALES)
    assert crs(LOW + f"4:10,treatment,{drug}\n")["at_least"] == []


NOREPINEPHRINE = LOW + "4:10,treatment,norepinephrine,{},ug/min\n"
CANNULA = "4:00,set,T 39.0 HR 100 BP 124/76 RR 16 SpO2 94 nasal_cannula {}L A\n"
HIGH_DOSE = ", counted on Penn: a vasopressor at a high dose"
MUCH_OXYGEN = ", counted on CTCAE v5.0: oxygen of 40 % or more"


@pytest.mark.parametrize(
    ("rows", "scale", "time", "grade", "words"),
    [
        (NOREPINEPHRINE.format("19.9"), "penn", "7:10", 3, ""),
        (NOREPINEPHRINE.format("20"), "penn", "7:09", 3, ""),
        (NOREPINEPHRINE.format("20"), "penn", "7:10", 4, HIGH_DOSE),
        (NOREPINEPHRINE.format("20.1"), "penn", "7:10", 4, HIGH_DOSE),
        (CANNULA.format("4"), "ctcae_v5", "4:00", 2, ""),
        (CANNULA.format("5"), "ctcae_v5", "4:00", 3, MUCH_OXYGEN),
        (CANNULA.format("6"), "ctcae_v5", "4:00", 3, MUCH_OXYGEN),
    ],
)
def test_a_dose_and_a_fraction_that_give_the_grade_are_said(
    rows, scale, time, grade, words
):
    one = crs(rows, scale, time)
    assert one["grades"][scale] == grade
    assert (words or ", counted on") in one["explanation"] or not words
    assert ("counted on" in one["explanation"]) is bool(words)


def test_a_pressure_that_was_tried_in_vain_has_no_value():
    rows = FEVER + "5:00,reading,TEMP,39,Cel\n5:00,decision,unrecordable,SYSBP\n"
    made = assessed(BEGIN + rows, now="5:00")
    found = [
        one
        for topic in ("crs", "cls")
        for one in line(made, topic, "5:00")["evidence"]
        if one["sign"] == "sbp_unrecordable"
    ]
    assert [(one["answer"], one["value"], one["typed"]) for one in found] == [
        (True, None, None),
        (True, None, None),
    ]
    assert {one["at"] for one in found} == {line(made, "crs", "5:00")["at"]}
    assert (
        "pressure tried, unrecordable, missing: "
        in line(made, "crs", "5:00")["explanation"]
    )


def test_urine_that_was_measured_as_none_is_said_as_0():
    rows = "0:00,reading,URINE_OUTPUT,0,mL,8:00\n-1:00,reading,WEIGHT,70,kg\n"
    one = line(assessed(BEGIN + rows, now="8:00"), "cls", "8:00")
    assert "(0.00 mL/kg/h); little urine in 8 hours (0 mL)" in one["explanation"]


@pytest.mark.parametrize(
    ("rows", "time", "words"),
    [
        (
            "",
            "1:00",
            "no grade is suggested without the weight of two treatment days and every "
            "kind of edema",
        ),
        ("", "200:00", "not graded outside its window"),
    ],
)
def test_a_leak_without_a_grade_says_why(rows, time, words):
    labs = "-1:00,reading,ALB,4,g/dL\n-1:00,reading,WEIGHT,70,kg\n"
    one = line(assessed(BEGIN + labs + rows, now=time), "cls", time)
    assert one["grades"] == {"ctcae_v5": None, "ctcae_v6": None}
    assert one["explanation"] == f"No pattern met, {words}."


def test_each_question_has_words_of_its_own_on_a_scale():
    """Vasopressin by itself, and beside another on CTCAE, are one to a person."""
    for scale in SCALES.values():
        said = [one.says for one in QUESTIONS if one.of(scale) and one.says != UNNAMED]
        assert len(said) == len(set(said))


# ICANS is of a treatment -------------------------------------------------------------
@pytest.mark.requirement("I3.1")
@pytest.mark.parametrize(
    ("time", "grade", "level", "words"),
    [
        ("-1:00", None, "watch", "not graded before the first dose"),
        ("2:00", None, "unknown", ""),
        ("3:00", 1, "watch", "possible ICANS grade 1"),
    ],
)
def test_a_mind_before_the_first_dose_is_no_icans(time, grade, level, words):
    rows = f"-1:00,reading,ICE,9,{{score}}\n2:00,set,{WELL}\n"
    rows += "2:00,reading,ICE,9,{score}\n3:00,reading,ICE,8,{score}\n"
    one = line(assessed(BEGIN + rows, now=time), "neurotoxicity", time)
    assert (one["grades"]["astct"], one["level"]) == (grade, level)
    assert words in one["explanation"]


def test_what_stands_beside_a_low_pressure_is_said_with_it():
    rows = "-1:00,reading,WEIGHT,70,kg\n"
    rows += f"20:00,set,{WELL.replace('124/76', '86/50')}\n"
    rows += "52:00,reading,URINE_OUTPUT,1200,mL,60:00\n60:00,reading,WEIGHT,71,kg\n"
    rows += "60:00,set,T 36.7 HR 78 BP 165/90 RR 16 SpO2 93 nasal_cannula 2L A\n"
    one = line(assessed(BEGIN + rows, now="60:00"), "cls", "60:00")
    assert one["patterns"]["remobilization"] is True
    assert one["explanation"].startswith(
        "Low blood pressure (leak, infection, heart, drug?), Fluid coming back, "
        "because "
    )


def test_a_raised_bilirubin_with_raised_transaminases_is_asked_about_by_name():
    rows = "-1:00,range,ALT,0..40,U/L\n-1:00,range,BILI,..20,umol/L\n"
    rows += "4:00,reading,ALT,121,U/L\n4:00,reading,BILI,41,umol/L\n"
    one = line(assessed(BEGIN + rows, now="4:00"), "liver", "4:00")
    assert one["level"] == "warning"
    assert "Hy's law?" in one["explanation"]


@pytest.mark.parametrize(
    ("until", "grades"), [("7:09", (2, 3)), ("7:10", (3, 4)), ("7:11", (3, 4))]
)
def test_a_high_dose_of_just_three_hours_was_a_high_one(until, grades):
    again = FEVER.replace("4:00", "7:30")
    rows = f"{LOW}4:10,treatment,norepinephrine,24,ug/min,{until}\n{again}"
    most = crs(rows, time="7:30")["max_grades"]
    assert (most["lee_2014"], most["penn"]) == grades


def test_a_grade_by_mechanical_support_names_it():
    one = crs(LOW + "4:10,treatment,ecmo,,,9:00\n")
    assert one["grades"]["astct"] == 4
    assert "counted on ASTCT: mechanical support" in one["explanation"]
