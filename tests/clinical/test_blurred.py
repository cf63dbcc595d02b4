"""What a treatment hides is unknown, not absent (reference 11, B2)."""

import pytest

from .charts import at, frame, frames

BLOOD = "-1:00,reading,HCT,40,%\n0:00,dose,aldesleukin,1,mg\n"
RISEN = "sign:hematocrit_risen"


def marked(*times: str) -> str:
    """An instant at each time, of which nothing is measured that matters."""
    return "".join(f"{time},reading,TEMP,36.8,Cel\n" for time in times)


def counted(given: str, *times: str) -> list[bool | None]:
    """Whether a hematocrit of 44 is over one of 40, asked at each time."""
    rows = "".join(f"{time},reading,HCT,44,%\n" for time in times)
    made = frame(BLOOD + given + rows)
    return [at(made, time)[RISEN] for time in times]


# A load of fluid ---------------------------------------------------------------------
@pytest.mark.parametrize(("second", "after"), [(999, True), (1000, None), (1001, None)])
def test_two_liters_within_a_day_blur_the_hematocrit(second, after):
    given = (
        "1:00,treatment,fluid_bolus,1000,mL,1:30\n"
        f"3:00,treatment,fluid_bolus,{second},mL,3:30\n"
    )
    assert counted(given, "3:29", "3:30") == [True, after]


def test_it_is_blurred_for_a_day_after_the_last_of_the_load():
    given = "1:00,treatment,fluid_bolus,2,L,1:30\n"
    assert counted(given, "25:29", "25:30") == [None, True]


def test_a_liter_a_day_apart_is_no_load():
    given = (
        "1:00,treatment,fluid_bolus,1000,mL,1:30\n"
        "25:30,treatment,fluid_bolus,1000,mL,25:30\n"
    )
    assert counted(given, "25:31") == [True]


def test_an_infusion_becomes_a_load_while_nobody_writes():
    """100 mL/h from 1:00: two liters are in at 21:00; it stops at 30:00."""
    given = "1:00,treatment,maintenance_fluid,100,mL/h,30:00\n"
    times = ("20:59", "21:00", "53:59", "54:00")
    assert counted(given, *times) == [True, None, None, True]
    resting = frame(BLOOD + given + "20:00,reading,HCT,44,%\n40:00,reading,HCT,44,%\n")
    assert at(resting, "20:59")[RISEN] is True
    assert at(resting, "21:00")[RISEN] is None


def test_an_infusion_and_a_bolus_add_up():
    """80 mL/h are 1920 mL a day; 100 mL more within it make a load."""
    slow = "1:00,treatment,maintenance_fluid,80,mL/h\n"
    assert counted(slow, "60:00") == [True]
    bolus = "30:00,treatment,fluid_bolus,100,mL,30:00\n"
    assert counted(slow + bolus, "29:59", "30:00") == [True, None]


def test_an_infusion_without_an_end_blurs_as_long_as_it_goes_on():
    given = "1:00,treatment,maintenance_fluid,100,mL/h\n"
    assert counted(given, "200:00") == [None]


def test_the_hemoglobin_answers_in_its_place():
    """B2 names the hematocrit alone."""
    given = "-1:00,reading,HGB,130,g/L\n1:00,treatment,fluid_bolus,2,L,1:30\n"
    rows = "2:00,reading,HCT,40,%\n2:00,reading,HGB,143,g/L\n"
    assert at(frame(BLOOD + given + rows), "2:00")[RISEN] is True


def test_a_blurred_hematocrit_ends_no_hemoconcentration():
    chart = (
        "-1:00,reading,HCT,40,%\n-1:00,reading,ALB,40,g/L\n0:00,dose,aldesleukin,1,mg\n"
        "1:00,reading,HCT,45,%\n1:00,reading,ALB,34,g/L\n"
        "2:00,treatment,fluid_bolus,{},mL,2:30\n3:00,reading,HCT,40,%\n"
    )
    made = frames({"load": chart.format(2000), "less": chart.format(1999)})
    assert at(made["load"], "3:00")["standing:hemoconcentration"] is True
    assert at(made["less"], "3:00")["standing:hemoconcentration"] is False


# Blood products by a rate ------------------------------------------------------------
@pytest.mark.parametrize("given", ["red_cells", "plasma"])
def test_blood_that_runs_blurs_like_blood_that_was_given(given):
    assert counted(f"1:00,treatment,{given},150,mL/h,3:00\n", "0:59", "1:00") == [
        True,
        None,
    ]


def test_albumin_by_a_rate_clears_nothing_until_twelve_hours_after_its_end():
    chart = (
        "-1:00,reading,ALB,40,g/L\n0:00,dose,aldesleukin,1,mg\n1:00,reading,ALB,34,g/L\n"
        "2:00,treatment,albumin_iv,50,mL/h,6:00\n{},reading,ALB,40,g/L\n"
    )
    made = frames({time: chart.format(time) for time in ("4:00", "17:59", "18:00")})
    stands = {time: at(one, time)["standing:albumin"] for time, one in made.items()}
    assert stands == {"4:00": True, "17:59": True, "18:00": False}


# What holds a pressure up ------------------------------------------------------------
HOLDING = [
    ("norepinephrine", "5,ug/min"),
    ("vasopressin", "0.03,[U]/min"),
    ("dobutamine", "5,ug/kg/min"),
    ("milrinone", "0.3,ug/kg/min"),
    ("dopamine", "2,ug/kg/min"),
]


@pytest.mark.parametrize(("agent", "rate"), HOLDING)
def test_no_pressure_is_called_recovered_under_a_drug_that_raises_it(agent, rate):
    """Three readings over two hours would clear it, from 4 h after the stop on."""
    chart = "0:00,dose,aldesleukin,1,mg\n1:00,set,BP 85/50\n"
    chart += f"1:10,treatment,{agent},{rate},4:00\n"
    sets = "".join(f"{hour}:00,set,BP 120/70\n" for hour in (2, 3, 5, 7, 8, 9))
    made = frame(chart + sets + "10:00,set,BP 120/70\n")
    assert at(made, "9:00")["standing:hypotension"] is True
    assert at(made, "10:00")["standing:hypotension"] is False


def test_an_inotrope_is_no_vasopressor():
    made = frame("0:00,dose,aldesleukin,1,mg\n1:00,treatment,dobutamine,5,ug/kg/min\n")
    told = at(made, "1:00")
    assert (told["state:pressor"], told["state:held_up"]) == (False, True)
    assert told["pattern:hypotension"] is None


# What is seen counts, what is not seen is unknown ------------------------------------
@pytest.mark.parametrize(
    ("drug", "item", "sign", "hours"),
    [
        ("pethidine,25,mg", "CHILLS", "sign:rigors", 4),
        ("morphine,5,mg", "CHILLS", "sign:rigors", 4),
        ("dexamethasone,10,mg", "RASH_MACULO_PAPULAR", "sign:rash", 48),
        ("hydrocortisone,100,mg", "RASH_MACULO_PAPULAR", "sign:rash", 24),
    ],
)
def test_what_a_drug_takes_away_is_not_called_absent(drug, item, sign, hours):
    chart = f"0:00,dose,aldesleukin,1,mg\n1:00,treatment,{drug}\n"
    late = f"{hours}:59", f"{hours + 1}:00"
    none = frame(
        chart
        + "".join(f"{time},reading,{item},0,{{CTCAE}}\n" for time in ("0:30", *late))
    )
    assert [at(none, time)[sign] for time in ("0:30", *late)] == [False, None, False]
    seen = frame(chart + f"2:00,reading,{item},2,{{CTCAE}}\n")
    assert at(seen, "2:00")[sign] is True
