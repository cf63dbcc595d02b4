"""The rules of the scales that a table cannot show: R4, R7, R10, R11, high doses.

The numbers are written here by hand from the reference (1.1-1.3, 11).
"""

import pytest

from .charts import at, frames, shifted
from .presentations import BASE, LATER, SCALES, WARM, asked, graded, on, runs, shown

NONE = None


# Vasopressors (R11) ------------------------------------------------------------------
def test_an_overlap_of_an_hour_is_a_switch_and_a_longer_one_two_vasopressors():
    two = WARM + runs("norepinephrine", 8) + runs("phenylephrine", 60, start="7:00")
    two += "8:30,reading,HR,78,/min\n"
    made = frames({"two": BASE + two})["two"]
    row = at(made, "8:00")
    assert (graded(row)[:3], asked(row)) == ((3, 3, 3), SCALES)
    assert graded(at(made, "8:01"))[:3] == (4, 4, 4)


def test_a_switch_that_ends_in_time_stays_one_vasopressor():
    text = WARM + runs("phenylephrine", 60, start="7:00")
    text += "6:00,treatment,norepinephrine,8,ug/min,7:59\n9:30,reading,HR,78,/min\n"
    row = at(frames({"one": BASE + text})["one"], "9:30")
    assert graded(row)[:3] == (3, 3, 3)


@pytest.mark.parametrize(("rate", "grade", "review"), [(4.9, 1, SCALES), (5, 3, ())])
def test_dopamine_counts_from_5_and_below_a_person_looks(rate, grade, review):
    text = WARM + runs("dopamine", rate, "ug/kg/min") + LATER
    row = shown({"d": text}, "9:30")["d"]
    assert (row["grade:astct"], asked(row)) == (grade, review)


@pytest.mark.parametrize(
    "given", ["pressor_push,100,ug", "midodrine,5,mg", "midodrine,,scheduled"]
)
def test_a_push_and_midodrine_are_not_counted_and_a_person_looks(given):
    text = f"{WARM}6:30,treatment,{given}\n7:00,reading,HR,78,/min\n"
    row = shown({"p": text}, "7:00")["p"]
    assert (row["grade:astct"], asked(row)) == (1, SCALES)


def test_dobutamine_is_no_vasopressor():
    row = shown({"d": WARM + runs("dobutamine", 5, "ug/kg/min") + LATER}, "9:30")["d"]
    assert (row["grade:astct"], asked(row)) == (1, ())


def test_angiotensin_counts_and_lee_and_penn_ask_a_person():
    text = WARM + runs("angiotensin_ii", 20, "ng/kg/min") + LATER
    row = shown({"a": text}, "9:30")["a"]
    assert (graded(row), asked(row)) == ((3, 3, 3, 2, 3), ("lee_2014", "penn"))


def test_what_an_operation_brought_is_not_graded():
    text = "5:00,fact,PROCEDURE,surgery,,12:00\n" + WARM + runs("norepinephrine", 8)
    rows = shown(
        {"in": text + LATER, "after": text + "12:30,reading,HR,78,/min\n"},
        {
            "in": "9:30",
            "after": "12:30",
        },
    )
    assert (rows["in"]["grade:astct"], asked(rows["in"])) == (1, SCALES)
    assert rows["after"]["grade:astct"] == 3


@pytest.mark.parametrize("support", ["mechanical_circulatory_support", "ecmo"])
def test_mechanical_support_of_the_circulation_is_4_on_every_scale(support: str):
    text = WARM + f"6:30,treatment,{support},,,9:00\n"
    row = shown({"m": text + "7:00,reading,HR,78,/min\n"}, "7:00")["m"]
    assert graded(row) == (4, 4, 4, 4, 4)


def test_a_grade_of_5_is_given_by_nobody_but_a_person():
    text = on("invasive_ventilation FiO2 100", 70).replace("124/76", "50/30")
    text += runs("norepinephrine", 90) + runs("epinephrine", 90) + LATER
    row = shown({"worst": text}, "9:30")["worst"]
    assert graded(row) == (4, 4, 4, 4, 4)


# High doses, for three hours ---------------------------------------------------------
def pressors(*rates: tuple[str, object, str]) -> str:
    return WARM + "".join(runs(*rate) for rate in rates)


VASOPRESSIN = ("vasopressin", 0.03, "[U]/min")
HIGH_DOSES = {
    "norepinephrine": (
        (("norepinephrine", 19.9, "ug/min"),),
        (("norepinephrine", 20, "ug/min"),),
    ),
    "dopamine": ((("dopamine", 9.9, "ug/kg/min"),), (("dopamine", 10, "ug/kg/min"),)),
    "phenylephrine": (
        (("phenylephrine", 199, "ug/min"),),
        (("phenylephrine", 200, "ug/min"),),
    ),
    "phenylephrine by weight (80 kg)": (
        (("phenylephrine", 2.4, "ug/kg/min"),),
        (("phenylephrine", 2.5, "ug/kg/min"),),
    ),
    "epinephrine": (
        (("epinephrine", 9.9, "ug/min"),),
        (("epinephrine", 10, "ug/min"),),
    ),
    "with vasopressin": (
        (("norepinephrine", 9.9, "ug/min"), VASOPRESSIN),
        (("norepinephrine", 10, "ug/min"), VASOPRESSIN),
    ),
    "together, without vasopressin": (
        (("norepinephrine", 10, "ug/min"), ("phenylephrine", 99, "ug/min")),
        (("norepinephrine", 10, "ug/min"), ("phenylephrine", 100, "ug/min")),
    ),
    "together, dopamine halved": (
        (("norepinephrine", 16, "ug/min"), ("dopamine", 7.9, "ug/kg/min")),
        (("norepinephrine", 16, "ug/min"), ("dopamine", 8, "ug/kg/min")),
    ),
}


@pytest.mark.parametrize("name", HIGH_DOSES)
def test_a_high_dose_at_its_line_counts_after_three_hours(name):
    under, over = (pressors(*rates) for rates in HIGH_DOSES[name])
    soon, later = "8:59,reading,HR,78,/min\n", "9:00,reading,HR,78,/min\n"
    rows = shown(
        {"under": under + later, "soon": over + soon, "over": over + later},
        {"under": "9:00", "soon": "8:59", "over": "9:00"},
    )
    penn = {key: row["grade:penn"] for key, row in rows.items()}
    assert penn == {"under": 3, "soon": 3, "over": 4}


def test_a_rate_by_weight_without_a_weight_is_a_floor():
    base = BASE.replace("-1:00,reading,WEIGHT,80,kg\n", "")
    text = base + WARM + runs("norepinephrine", 0.3, "ug/kg/min") + LATER
    row = at(frames({"p": text})["p"], "6:00")
    assert (row["grade:penn"], row["floor:penn"], row["floor:astct"]) == (
        3,
        True,
        False,
    )


# Oxygen (R10) ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("support", "grades", "review"),
    [
        ("nasal_cannula 6L", (2, 3, 2, 3, 3), ()),
        ("nasal_cannula 6.1L", (3, 3, 3, 3, 3), SCALES),
        ("high_flow_cannula 6L FiO2 30", (3, 2, 3, 2, 3), SCALES),
        ("high_flow_cannula 6.1L FiO2 30", (3, 2, 3, 2, 3), ()),
        ("blow_by 8L", (2, 2, 2, 2, 3), ()),
        ("trach_mask FiO2 21", (1, 1, 1, 1, 1), ()),
        ("trach_mask FiO2 28", (3, 2, 3, 2, 3), SCALES),
        ("t_piece FiO2 40", (3, 3, 3, 3, 3), SCALES),
        ("face_tent 5L FiO2 30", (3, 2, 3, 2, 3), ()),
        ("non_rebreather 10L", (3, 3, 3, 3, 3), ()),
        ("cpap FiO2 30", (4, 4, 4, 2, 3), ("ctcae_v5", "ctcae_v6")),
    ],
)
def test_the_worse_of_device_and_flow(support, grades, review):
    row = shown({"o": on(support)}, "6:00")["o"]
    assert (graded(row), asked(row)) == (grades, review)


@pytest.mark.parametrize(
    ("support", "fraction"),
    [
        *((f"nasal_cannula {flow}L", 20 + 4 * flow) for flow in range(1, 7)),
        ("blow_by 3L", 30),
        ("simple_mask 4L", NONE),
        ("simple_mask 5L", 35),
        ("simple_mask 6L", 40),
        ("simple_mask 7L", 45),
        ("simple_mask 8L", 50),
        ("simple_mask 10L", 50),
        ("non_rebreather 12L", 80),
        ("venturi 4L FiO2 28", 28),
        ("venturi 4L", NONE),
        ("high_flow_cannula 40L", NONE),
        ("cpap", NONE),
        ("bipap", NONE),
        ("invasive_ventilation", NONE),
    ],
)
def test_a_fraction_is_estimated_at_each_flow_or_must_be_recorded(support, fraction):
    row = shown({"o": on(support)}, "6:00")["o"]
    assert row["now:FIO2_USED"] == fraction


def test_without_a_fraction_the_scales_that_need_one_say_at_least_2():
    row = shown({"o": on("high_flow_cannula 40L")}, "6:00")["o"]
    assert graded(row) == (3, 2, 3, 2, 3)
    floors = tuple(scale for scale in SCALES if row[f"floor:{scale}"])
    assert floors == ("ctcae_v5", "lee_2014")


# Fever (R4, R7) ----------------------------------------------------------------------
REGIMEN = "-1:00,treatment,paracetamol,,scheduled\n"
COOL = "6:00,set,T 37.2 HR 78 BP 124/76 RR 16 SpO2 97 air A\n"


@pytest.mark.parametrize(
    ("more", "grade", "masked"),
    [
        ("6:00,reading,CHILLS,0,{CTCAE}\n", 0, False),
        ("", 0, NONE),  # rigors were not asked about: 0, with what is missing
        ("6:00,reading,CHILLS,2,{CTCAE}\n", NONE, True),
        ("6:30,set,T 37.2 BP 99/60\n", NONE, True),
        ("6:30,set,T 37.2 HR 108\n", NONE, True),
        ("6:30,set,T 37.2 SpO2 95 nasal_cannula 2L\n", NONE, True),
    ],
)
def test_an_antipyretic_before_any_fever_may_mask_one(more, grade, masked):
    text = REGIMEN + COOL + more
    row = at(frames({"r": BASE + text})["r"], "6:30")
    assert (row["grade:astct"], row["pattern:masked_fever"]) == (grade, masked)


@pytest.mark.parametrize(("hours", "inside"), [(72, True), (73, False)])
def test_a_fever_outside_the_window_waits_for_a_person(hours, inside):
    time = shifted(hours)
    text = f"{time},set,T 38.7 HR 78 BP 84/50 RR 16 SpO2 97 air A\n"
    row = shown({"f": text}, time)["f"]
    assert graded(row) == ((2, 2, 2, 2, 2) if inside else (NONE,) * 5)
    assert row["attributed:astct"] == (NONE if inside else 2)
    assert row["pattern:fever_outside_window"] is (not inside)
