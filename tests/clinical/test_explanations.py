"""The sentence of a line, as a nurse would read it aloud: whole, with its reasons.

The values of each chart are typed here; what is expected is written by hand.
"""

import pytest

from monitor.clinical.assess import assess
from monitor.clinical.facts.chartfile import read_chart

from .casefile import all_variants
from .charts import DOSE, assessed, expecting, line

WELL = "T 36.8 HR 80 BP 124/70 RR 16 SpO2 98 air A"
BEGIN = f"-1:00,set,{WELL}\n{DOSE}"
# What no person says.
RAW = ("_", "mm[Hg]", "None", "()", "{", "?.", "unknown")
BLOOD = (
    "-2:00,reading,ALB,41,g/L\n-2:00,reading,HCT,40,%\n-2:00,reading,WEIGHT,70,kg\n"
    "-2:00,reading,CREAT,80,umol/L\n"
)


def said(rows: str, topic: str, time: str, **how: object) -> str:
    made = assessed(BEGIN + rows, **how)  # type: ignore[arg-type]
    return str(line(made, topic, time)["explanation"])


# Reasons, and only of what stands ---------------------------------------------------
def test_each_value_is_said_once_with_all_that_is_said_of_it():
    rows = "2:00,set,T 39.1 HR 80 BP 84/60 RR 16 SpO2 98 air A\n"
    assert said(rows, "crs", "2:00") == (
        "Criteria met: possible CRS, ASTCT at least grade 2, because fever "
        "(T 39.1 °C); high shock index, shock index risen (0.95, baseline 0.65); "
        "low pressure (SBP 84 mmHg), "
        "to review: low pressure without a treatment recorded."
    )


def test_where_no_pattern_is_met_nothing_is_given_as_a_reason():
    text = said(
        "2:00,set,T 37.4 HR 80 BP 124/70 RR 16 SpO2 98 air A", "infection", "2:00"
    )
    assert text == "No pattern met."


def test_a_fever_whose_neutrophils_nobody_counted_may_be_an_infection():
    text = said(
        "2:00,set,T 38.4 HR 80 BP 124/70 RR 16 SpO2 98 air A", "infection", "2:00"
    )
    assert text == "Cannot assess infection, missing: ANC never recorded."


def test_a_fall_and_a_rise_are_said_with_the_baseline():
    text = BLOOD + "20:00,reading,ALB,36,g/L\n20:00,reading,CREAT,120,umol/L\n"
    assert "albumin fallen (36 g/L, baseline 41)" in said(text, "cls", "20:00")
    assert "creatinine risen (120 µmol/L, baseline 80)" in said(text, "kidney", "20:00")


def test_a_value_just_under_its_line_does_not_read_as_the_line():
    rows = "-2:00,reading,WEIGHT,80,kg\n0:00,reading,URINE_OUTPUT,319,mL,8:00\n"
    assert "little urine for the weight (0.498 mL/kg/h)" in said(rows, "cls", "8:00")


def test_a_change_a_ratio_and_a_balance_have_their_units():
    rows = (
        f"{BLOOD}0:00,reading,URINE_OUTPUT,500,mL,24:00\n"
        "0:00,reading,FLUID_INTAKE,3000,mL,24:00\n24:00,reading,WEIGHT,72,kg\n"
        "24:00,reading,HCT,46,%\n24:00,reading,ALB,41,g/L\n"
    )
    text = said(rows, "cls", "24:00")
    assert "fluid kept over a day (24 h balance +2500 mL)" in text


def test_a_device_is_said_in_words_with_its_flow():
    text = said(
        "2:00,set,T 38.7 HR 80 BP 124/70 RR 16 SpO2 96 bipap FiO2 40 A", "crs", "2:00"
    )
    assert "oxygen beyond the baseline (O₂ BiPAP, FiO₂ 40 %)" in text
    text = said(
        "2:00,set,T 38.7 HR 80 BP 124/70 RR 16 SpO2 96 nasal_cannula 4L A",
        "crs",
        "2:00",
    )
    assert "oxygen beyond the baseline (O₂ nasal cannula, 4 L/min)" in text


@pytest.mark.parametrize(
    ("rows", "topic", "reason"),
    [
        (
            "-1:00,range,ALT,..40,U/L\n-1:00,range,AST,..40,U/L\n"
            "2:00,reading,ALT,30,U/L\n2:00,reading,AST,150,U/L\n",
            "liver",
            "raised ALT or AST (AST 150 U/L, upper limit 40)",
        ),
        (
            "2:00,reading,CONFUSION,0,{CTCAE}\n2:00,reading,SOMNOLENCE,2,{CTCAE}\n",
            "neurotoxicity",
            "confused, agitated or drowsy",
        ),
        (
            "2:00,reading,BLURRED_VISION,0,{CTCAE}\n"
            "2:00,reading,VISION_DECREASED,3,{CTCAE}\n",
            "skin_eye",
            "(Vision decreased grade 3)",
        ),
    ],
)
def test_of_several_items_the_one_that_decided_is_named(rows, topic, reason):
    assert reason in said(rows, topic, "2:00")


# What stands and is not seen now ------------------------------------------------------
def test_a_grade_that_stands_says_what_still_counts():
    rows = (
        "2:00,set,T 38.6 HR 80 BP 86/60 RR 16 SpO2 98 air A\n"
        "2:10,treatment,fluid_bolus,500,mL,2:25\n"
        "3:00,set,T 38.6 HR 80 BP 118/70 RR 16 SpO2 98 air A\n"
    )
    assert said(rows, "crs", "3:00") == (
        "Criteria met: possible CRS, ASTCT grade 2, because fever (T 38.6 °C), "
        "still counted: low systolic pressure (last SBP 118 mmHg)."
    )


def test_a_level_of_which_nothing_is_seen_says_so():
    rows = f"2:00,set,T 36.8 HR 80 BP 124/70 RR 26 SpO2 98 air A\n3:00,set,{WELL}\n"
    assert said(rows, "heart_lung", "2:00").startswith("Criteria met: fast breathing")
    assert said(rows, "cls", "12:00", now="12:00").startswith(
        "Nothing new is seen, level held, still counted: fast breathing "
        "(last RR 16/min), ends after 2 h with 2 readings of RR known to be clear"
    )


@pytest.mark.parametrize(
    ("rows", "topic", "ends"),
    [
        (
            "2:00,set,T 38.4 HR 80 BP 124/70 RR 16 SpO2 98 air A\n",
            "crs",
            "ends after 24 h with 3 readings of T known to be clear",
        ),
        (
            "2:00,set,T 36.8 HR 80 BP 86/60 RR 16 SpO2 98 air A\n",
            "cls",
            "ends after 2 h with 3 readings of SBP known to be clear",
        ),
        (
            "2:00,reading,PNEUMONITIS,2,{CTCAE}\n2:30,reading,PNEUMONITIS,0,{CTCAE}\n",
            "heart_lung",
            "ends when a person says so",
        ),
    ],
)
def test_what_holds_a_level_says_what_would_end_it(rows, topic, ends):
    found = assessed(f"{BEGIN}{rows}3:00,set,{WELL}\n", now="3:00").latest
    assert ends in next(one["explanation"] for one in found if one["topic"] == topic)
    assert "known to be clear" not in said(rows, topic, "2:00")


# What is watched, and what is asked ---------------------------------------------------
def test_a_fall_seen_once_waits_for_a_second_reading():
    rows = "2:00,set,T 36.8 HR 80 BP 92/60 RR 16 SpO2 98 air A\n"
    assert said(rows, "crs", "2:00") == (
        "No pattern met yet, seen once, a second reading confirms: "
        "pressure falling, not yet low (SBP 92 mmHg, baseline 124)."
    )


def test_a_low_usual_pressure_is_asked_about_in_both_families():
    variant = next(v for v in all_variants() if v.title.endswith("not yet answered"))
    made = assess(read_chart(variant.chart()).facts)
    assert line(made, "crs", "5:00")["explanation"].endswith(
        "SBP 87 mmHg with a usual one of 88: low for this person, grade 2 if yes?"
    )
    assert line(made, "cls", "5:00")["explanation"].startswith(
        "No pattern met yet, SBP 87 mmHg with a usual one of 88: low for this person?"
    )


def test_what_is_watched_alone_is_named():
    assert said("2:00,reading,FERRITIN,12000,ug/L\n", "hlh_like", "2:00") == (
        "No pattern met yet, because extreme ferritin (12000 µg/L), "
        "missing: Ferritin without a baseline."
    )
    mild = "2:00,reading,INJECTION_SITE_REACTION,1,{CTCAE}\n"
    assert said(mild, "injection_site", "2:00") == (
        "No pattern met yet, because mild reaction at the site "
        "(Injection site grade 1)."
    )


def test_scales_that_wait_for_a_cause_say_what_it_would_give():
    rows = "2:00,set,T 36.8 HR 80 BP 124/70 RR 16 SpO2 96 nasal_cannula 2L A\n"
    assert (
        "needs attribution: if it is CRS, grade 2 on CTCAE v5.0, CTCAE v6.0, "
        in said(rows, "crs", "2:00")
    )


def test_a_device_without_its_fraction_asks_for_it():
    rows = "2:00,set,T 38.6 HR 80 BP 124/70 RR 16 SpO2 96 high_flow_cannula 30L A\n"
    assert "FiO₂ needed for CTCAE v5.0, Lee 2014" in said(rows, "crs", "2:00")


def test_two_systems_after_a_start_ask_for_anaphylaxis():
    rows = (
        "0:20,reading,URTICARIA,1,{CTCAE}\n"
        "0:20,set,T 36.8 HR 80 BP 80/50 RR 16 SpO2 98 air A\n"
    )
    assert said(rows, "infusion_reaction", "0:20").startswith(
        "Criteria met: Infusion reaction, anaphylaxis?, because skin signs"
    )


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("0:20,reading,BRONCHOSPASM,1,{CTCAE}\n", "airway threatened"),
        (
            "0:20,reading,BRONCHOSPASM,1,{CTCAE}\n0:20,set,BP 90/60\n",
            "airway threatened",
        ),
        ("0:20,reading,BRONCHOSPASM,1,{CTCAE}\n0:20,set,BP 89/60\n", "anaphylaxis?"),
        (
            "0:20,reading,BRONCHOSPASM,1,{CTCAE}\n0:20,reading,URTICARIA,1,{CTCAE}\n",
            "anaphylaxis?",
        ),
        ("0:20,reading,STRIDOR,3,{CTCAE}\n", "airway threatened"),
    ],
)
def test_the_airway_alone_is_said_and_with_a_low_pressure_anaphylaxis(rows, words):
    assert said(rows, "infusion_reaction", "0:20").startswith(
        f"Criteria met: Infusion reaction, {words}, because "
    )


@pytest.mark.parametrize(
    ("time", "since"), [("73:00", "3 d"), ("432:00", "18 d"), ("432:30", "18 d")]
)
def test_a_fever_long_after_the_dose_asks_for_another_cause(time, since):
    text = said(f"{time},reading,TEMP,38.5,Cel\n", "fever", time)
    assert text == (
        f"Criteria met: Fever outside the window, {since} after the last dose: "
        "other cause?, because fever (T 38.5 °C)."
    )


def test_two_vasopressors_that_overlap_are_to_be_reviewed():
    rows = (
        "2:00,set,T 38.6 HR 80 BP 110/70 RR 16 SpO2 98 air A\n"
        "2:00,treatment,norepinephrine,8,ug/min\n2:30,treatment,phenylephrine,60,ug/min\n"
    )
    assert "to review: two vasopressors overlap, perhaps in a switch" in said(
        rows, "crs", "2:30"
    )


def test_an_expected_fever_says_that_the_protocol_expects_it():
    rows = "2:00,set,T 38.4 HR 84 BP 124/70 RR 16 SpO2 98 air A\n"
    text = said(rows, "crs", "2:00", protocol=expecting(1, 8, 40.0))
    assert text.endswith("expected after a dose by the protocol.")


# What a value says less by ------------------------------------------------------------
def test_albumin_soon_after_an_infusion_of_it_is_marked():
    rows = f"{BLOOD}20:00,treatment,albumin_iv,25,g\n24:00,reading,ALB,36,g/L\n"
    assert "albumin fallen (36 g/L, baseline 41, after albumin)" in said(
        rows, "cls", "24:00"
    )


def test_a_hematocrit_is_not_compared_over_red_cells():
    rows = f"{BLOOD}20:00,treatment,red_cells,2,[U]\n24:00,reading,HCT,50,%\n"
    text = said(rows + "24:00,reading,ALB,36,g/L\n", "cls", "24:00")
    assert "albumin fallen (36 g/L, baseline 41)" in text
    assert "hematocrit not compared after red cells" in text
    assert "hematocrit risen" not in text


def test_what_is_missing_is_grouped_by_why():
    text = said("", "cls", "10:00", now="10:00")
    assert text.endswith(
        "missing: SBP too old to count; Alb, Wt, Edema never recorded."
    )


# Every sentence of every worked case --------------------------------------------------
def test_no_sentence_of_a_worked_case_holds_a_raw_word():
    found = set()
    for variant in all_variants():
        made = assess(read_chart(variant.chart()).facts)
        found |= {(one["level"], one["explanation"]) for one in made.lines}
    assert len(found) > 100
    for level, text in found:
        assert [raw for raw in RAW if raw in text] == [], text
        if level in ("watch", "warning", "critical"):
            reasons = ("because ", "seen once", "still counted", "low for this person")
            assert any(one in text for one in reasons), text
