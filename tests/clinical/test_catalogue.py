"""The catalogue says what the clinical reference says, and refuses what is wrong."""

import csv
import subprocess
import sys

import pytest

from monitor.clinical.items import catalogue, loading
from monitor.clinical.items.catalogue import ITEMS, PANELS, TREATMENTS

# Copied by hand from the reference, section 11 R13 and 8, so that a lost item is seen.
NAMED = """
    TEMP SYSBP DIABP MAP HR RESP OXYSAT OXYGEN_DEVICE OXYGEN_FLOW FIO2 ACVPU ICE GCS
    RHYTHM TEMP_SITE BP_POSITION BP_METHOD SITE_SIZE SITE_SIZE_LEFT SITE_SIZE_RIGHT
    CAP_REFILL NURSE_CONCERN ECOG
    PREGNANCY_TEST WEIGHT HEIGHT URINE_OUTPUT FLUID_INTAKE
    ALB CRP FERRITIN INTLK6 HCT HGB PLAT WBC NEUT LYM EOS CREAT UREAN SODIUM K PHOS MG
    CA BICARB ALT AST ALP GGT BILI BILDIR LDH FIBRINO DDIMER INR APTT LACTICAC PCT
    TROPONI TROPONT BNPPRONT BNP GLUC TRIG PROT LVEF CD8 NK TREG TSH FT4 CK LIPASE
    CHILLS FATIGUE NAUSEA VOMITING DIARRHEA HEADACHE RASH_MACULO_PAPULAR PRURITUS
    DYSPNEA EDEMA_LIMBS EDEMA_FACE LOCALIZED_EDEMA GENERALIZED_EDEMA PLEURAL_EFFUSION
    PULMONARY_EDEMA CONFUSION SOMNOLENCE INJECTION_SITE_REACTION
    MYALGIA ARTHRALGIA ANOREXIA MALAISE FLU_LIKE_SYMPTOMS ABDOMINAL_PAIN
    CHEST_PAIN_CARDIAC NON_CARDIAC_CHEST_PAIN COUGH BLURRED_VISION VISION_DECREASED
    HEMATURIA DYSURIA URINARY_RETENTION DIZZINESS SYNCOPE PALPITATIONS AGITATION
    HALLUCINATIONS ANXIETY TREMOR DYSPHAGIA LARYNGEAL_EDEMA STRIDOR BRONCHOSPASM
    URTICARIA SOFT_TISSUE_INFECTION LYMPH_LEAK SEIZURE COLITIS CHEST_PAIN
    VOICE_ALTERATION NECK_EDEMA BULLOUS_DERMATITIS HEMATOCHEZIA
    PNEUMONITIS
"""

# B1, columns 2 to 4: item, current, tight, gate, in hours; None where they do not say.
VALIDITY = [
    ("TEMP", 6, 4, 1),
    ("SYSBP", 6, 1, 0.5),
    ("DIABP", 6, 1, 0.5),
    ("MAP", 6, 1, 0.5),
    ("HR", 6, 1, 0.5),
    ("RHYTHM", 12, 1, 0.5),
    ("RESP", 6, 1, 0.5),
    ("OXYSAT", 6, 1, 0.5),
    ("OXYGEN_DEVICE", 6, 1, 0.5),
    ("OXYGEN_FLOW", 6, 1, 0.5),
    ("FIO2", 6, 1, 0.5),
    ("ACVPU", 6, 2, 1),
    ("ICE", 14, 8, 14),
    ("CHILLS", 4, 4, None),
    ("NAUSEA", 14, 14, 14),
    ("RASH_MACULO_PAPULAR", 14, 14, 14),
    ("CHEST_PAIN", 14, 14, 14),
    ("VOICE_ALTERATION", 14, 14, 14),
    ("BULLOUS_DERMATITIS", 14, 14, 14),
    ("HEMATOCHEZIA", 14, 14, 14),
    ("PNEUMONITIS", 14, 14, 14),
    ("NECK_EDEMA", 26, 12, None),
    ("EDEMA_LIMBS", 26, 12, None),
    ("INJECTION_SITE_REACTION", 26, 12, None),
    ("WEIGHT", 30, 30, None),
    ("URINE_OUTPUT", None, None, 8),
    ("FLUID_INTAKE", None, None, 8),
    ("ALB", 36, 24, 24),
    ("CREAT", 24, 12, 24),
    ("K", 24, 12, 24),
    ("SODIUM", 24, 12, 24),
    ("BICARB", 24, 12, 24),
    ("HCT", 36, 24, 24),
    ("HGB", 36, 24, 24),
    ("PLAT", 36, 24, 24),
    ("WBC", 36, 24, 24),
    ("NEUT", 36, 24, 24),
    ("ALT", 36, 24, 48),
    ("AST", 36, 24, 48),
    ("BILI", 36, 24, 48),
    ("ALP", 36, 24, 48),
    ("CRP", 36, 24, None),
    ("FERRITIN", 36, 24, None),
    ("LDH", 36, 24, None),
    ("INTLK6", 36, 24, None),
    ("PCT", 36, 24, None),
    ("FIBRINO", 36, 24, None),
    ("INR", 36, 24, None),
    ("LACTICAC", 6, 4, None),
    ("TROPONI", 36, 12, None),
    ("TROPONT", 36, 12, None),
    ("CK", 36, 12, None),
    ("BNPPRONT", 72, 12, None),
    ("LVEF", 720, None, 672),
    ("TSH", None, None, None),
    ("CD8", None, None, None),
    ("PREGNANCY_TEST", 168, None, 168),
]

# B2: agent, item, hours, and whether they count from the stop.
MASKS = [
    ("paracetamol", "TEMP", 6, False),
    ("metamizole", "TEMP", 6, False),
    ("ibuprofen", "TEMP", 8, False),
    ("indomethacin", "TEMP", 8, False),
    ("ketorolac", "TEMP", 8, False),
    ("diclofenac", "TEMP", 8, False),
    ("celecoxib", "TEMP", 8, False),
    ("aspirin", "TEMP", 8, False),
    ("naproxen", "TEMP", 12, False),
    ("dexamethasone", "TEMP", 48, False),
    ("methylprednisolone", "CRP", 48, False),
    ("prednisone", "RASH_MACULO_PAPULAR", 48, False),
    ("prednisolone", "TEMP", 48, False),
    ("hydrocortisone", "TEMP", 24, False),
    ("tocilizumab", "TEMP", 72, False),
    ("tocilizumab", "INTLK6", 336, False),
    ("siltuximab", "CRP", 336, False),
    ("anakinra", "TEMP", 48, False),
    ("ruxolitinib", "TEMP", 48, False),
    ("active_cooling", "TEMP", 4, True),
    ("renal_replacement", "TEMP", 4, True),
    ("ecmo", "TEMP", 4, True),
    ("beta_blocker", "HR", 24, False),
    ("clonidine", "HR", 24, False),
    ("pethidine", "CHILLS", 4, False),
    ("morphine", "CHILLS", 4, False),
    ("albumin_iv", "ALB", 12, False),
    ("red_cells", "HCT", None, False),
    ("plasma", "HGB", None, False),
    ("fluid_bolus", "HCT", 24, False),
    ("norepinephrine", "SYSBP", 4, True),
    ("vasopressin", "SYSBP", 4, True),
    ("dobutamine", "SYSBP", 4, True),
]


def test_every_item_that_the_reference_names_is_there():
    assert [code for code in NAMED.split() if code not in ITEMS] == []


def test_every_item_has_a_source_and_stands_in_exactly_one_panel():
    placed = [code for panel in PANELS.values() for code in panel]
    assert sorted(placed) == sorted(ITEMS)
    assert all(item.source for item in ITEMS.values())


def test_no_two_items_of_a_panel_claim_the_same_place():
    for codes in PANELS.values():
        orders = [(ITEMS[code].group, ITEMS[code].order) for code in codes]
        assert len(set(orders)) == len(orders)


def test_the_bedside_set_goes_breathing_circulation_temperature_brain():
    seen = list(dict.fromkeys(ITEMS[code].group for code in PANELS["vital_signs"]))
    expected = ["breathing", "circulation", "temperature", "consciousness", "concern"]
    assert seen == expected


@pytest.mark.parametrize(("code", "current", "tight", "gate"), VALIDITY)
def test_a_value_counts_as_long_as_table_b1_says(code, current, tight, gate):
    validity = ITEMS[code].validity
    found = (validity.current, validity.tight, validity.gate)
    assert found == (current, tight, gate)


def test_a_pressure_counts_half_an_hour_while_it_is_low():
    assert ITEMS["SYSBP"].validity.tight_low == 0.5


def test_a_value_without_hours_says_what_ends_it():
    endless = [item for item in ITEMS.values() if item.validity.current is None]
    assert all(item.validity.rule for item in endless)


@pytest.mark.parametrize(("agent", "item", "hours", "running"), MASKS)
def test_a_treatment_blurs_a_sign_as_long_as_table_b2_says(agent, item, hours, running):
    (mask,) = catalogue.treatment(agent).masks_item(item)
    assert (mask.hours, mask.while_running) == (hours, running)


def test_transfusion_blurs_until_the_next_baseline():
    (mask,) = catalogue.treatment("red_cells").masks_item("HGB")
    assert mask.until == "next_baseline"


def test_only_the_true_vasopressors_count():
    counted = {code for code, kind in TREATMENTS.items() if kind.counts_as_pressor}
    assert counted == {
        "norepinephrine",
        "epinephrine",
        "phenylephrine",
        "dopamine",
        "angiotensin_ii",
    }


def test_dopamine_counts_from_five():
    over = catalogue.treatment("dopamine").counts_from
    assert over is not None
    assert (over.value, over.unit, over.per) == (5, "ug/kg/min", "rate")


def test_aspirin_blurs_from_300_mg_and_hydrocortisone_over_50_mg_a_day():
    (aspirin,) = catalogue.treatment("aspirin").masks
    (steroid,) = catalogue.treatment("hydrocortisone").masks
    assert (aspirin.over.value, aspirin.over.strictly) == (300, False)
    assert (steroid.over.value, steroid.over.strictly) == (50, True)


def test_what_a_treatment_blurs_is_an_item():
    masked = {code for t in TREATMENTS.values() for m in t.masks for code in m.items}
    assert masked <= set(ITEMS)


def test_the_oxygen_devices_are_those_of_the_chart_file():
    contract = """
        room_air nasal_cannula blow_by simple_mask venturi non_rebreather
        high_flow_cannula cpap bipap invasive_ventilation trach_mask t_piece face_tent
        home_oxygen home_cpap home_bipap
    """
    assert {o.code for o in ITEMS["OXYGEN_DEVICE"].options} == set(contract.split())


def test_a_symptom_has_words_for_each_grade_of_both_versions():
    chills = ITEMS["CHILLS"].grading
    assert chills.text(0) == "no chills"
    assert chills.text(2, "v6") == "whole body shakes; opioid indicated"
    assert chills.text(4) == ""
    rash = ITEMS["RASH_MACULO_PAPULAR"].grading
    assert (rash.text(4, "v5"), rash.text(4, "v6") != "") == ("", True)


def test_grades_are_those_of_the_published_tables(shared_data):
    for version in ("v5", "v6"):
        path = shared_data / "ctcae" / f"ctcae_{version}_0.csv"
        with path.open(encoding="utf-8", newline="") as file:
            terms = {row["term"].strip().lower(): row for row in csv.DictReader(file)}
        for item in ITEMS.values():
            if item.grading is None:
                continue
            grading = item.grading
            row = terms[(grading.term_v6 if version == "v6" else grading.term).lower()]
            published = [bool(row[f"grade_{grade}"]) for grade in range(1, 6)]
            ours = [bool(grading.text(grade, version)) for grade in range(1, 6)]
            assert ours == published, (item.code, version)


def test_grade_texts_are_our_own_words(shared_data):
    published = "\n".join(
        (shared_data / "ctcae" / f"ctcae_{v}_0.csv").read_text(encoding="utf-8").lower()
        for v in ("v5", "v6")
    )
    long = [
        text
        for item in ITEMS.values()
        if item.grading
        for text in (*item.grading.grades, *item.grading.grades_v6)
        if len(text) > 30
    ]
    assert [text for text in long if text.lower() in published] == []


def test_an_unknown_item_is_said_in_a_sentence():
    with pytest.raises(catalogue.UnknownItem) as refused:
        catalogue.item("PULS")
    assert str(refused.value) == "There is no item PULS."
    assert isinstance(refused.value, KeyError)


def test_an_unknown_treatment_is_said_in_a_sentence():
    with pytest.raises(catalogue.UnknownTreatment, match="leeches is not on the list"):
        catalogue.treatment("leeches")


@pytest.fixture
def planted(tmp_path):
    """A knowledge folder with one item, to plant a fault in."""
    (tmp_path / "units.toml").write_text('"Cel" = "°C"\n"[degF]" = "°F"\n')
    item = """
[TEMP]
label = "Temperature"
group = "temperature"
order = 1
kind = "number"
unit = "Cel"
decimals = 1
current = 6
source = "reference 8"
"""

    def plant(fault: str = "", lost: str = "never there"):
        text = item.replace(lost, "") + fault
        (tmp_path / "items_x.toml").write_text(text)
        return loading.items(tmp_path)

    return plant


def test_a_sound_item_loads(planted):
    assert planted()["TEMP"].unit == "Cel"


@pytest.mark.parametrize(
    ("fault", "lost", "said"),
    [
        ("colour = 1", "", "TEMP: has keys that nothing reads: colour"),
        ("", 'source = "reference 8"', "TEMP: has no source"),
        ("", "current = 6", "TEMP: does not say how long it counts"),
        ('accept = [{unit = "K", factor = "1"}]', "", "unknown unit K"),
        ('accept = [{unit = "[degF]", factor = "0"}]', "", "no positive factor"),
        ('not_above = "PULS"', "", "TEMP: names the unknown item PULS"),
        ("hard = {low = 20, hihg = 45}", "", "nothing reads: hihg"),
        ("hard = {low = 20}\nconfirm = {low = 10}", "", "beyond the hard one"),
        ("jump = [{by = 2}]", "", "TEMP: a jump has no hours"),
        ('options = [{code = "a", label = "A"}]', "", "only a coded item has options"),
        ('worse = "up"', "", "worse is 'up', which is unknown"),
    ],
)
def test_a_fault_in_the_knowledge_is_refused_in_words(planted, fault, lost, said):
    with pytest.raises(loading.KnowledgeError) as refused:
        planted(fault, lost or "never there")
    assert said in str(refused.value)


def test_the_core_needs_neither_django_nor_celery():
    program = (
        "import sys\n"
        "import monitor.clinical.facts.checks, monitor.clinical.items.pairs\n"
        "print([m for m in ('django', 'celery') if m in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
