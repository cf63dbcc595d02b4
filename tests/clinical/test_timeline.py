"""How facts become a timeline: what counts when, and from what it is measured."""

from datetime import UTC, datetime, timedelta
from functools import cache

import polars as pl
import pytest

from monitor.clinical.facts.intake import take_in
from monitor.clinical.instants import timeline
from monitor.clinical.study.protocol import Protocol

from .casefile import moment
from .charts import (
    DOSE,
    at,
    facts,
    frame,
    frame_of,
    frames,
    instants,
    protocol,
    shifted,
    written,
)

MARK = "fact,CONSENT,yes"
AIR = "OXYGEN_DEVICE,room_air,"


def marked(*times: str) -> str:
    """Rows that say nothing of a sign, so that these times are instants."""
    return "\n".join(f"{time},{MARK}" for time in times)


# How long a value counts (B1) --------------------------------------------------------
WARD = [
    ("TEMP,37.1,Cel", 6),
    ("SYSBP,120,mm[Hg]", 6),
    ("DIABP,70,mm[Hg]", 6),
    ("HR,80,/min", 6),
    ("RESP,16,/min", 6),
    ("OXYSAT,97,%", 6),
    (AIR, 6),
    ("OXYGEN_FLOW,2,L/min", 6),
    ("FIO2,30,%", 6),
    ("ACVPU,A,", 6),
    ("LACTICAC,1.2,mmol/L", 6),
    ("RHYTHM,sinus,", 12),
    ("ICE,10,{score}", 14),
    ("NAUSEA,1,{CTCAE}", 14),
    ("CHILLS,1,{CTCAE}", 4),
    ("EDEMA_LIMBS,1,{CTCAE}", 26),
    ("WEIGHT,70,kg", 30),
    ("ALB,40,g/L", 36),
]
TIGHT = [
    ("TEMP,37.1,Cel", 4),
    ("SYSBP,120,mm[Hg]", 1),
    ("HR,80,/min", 1),
    ("RESP,16,/min", 1),
    ("OXYSAT,97,%", 1),
    (AIR, 1),
    ("RHYTHM,sinus,", 1),
    ("ACVPU,A,", 2),
    ("LACTICAC,1.2,mmol/L", 4),
    ("ICE,10,{score}", 8),
    ("CHILLS,1,{CTCAE}", 4),
    ("EDEMA_LIMBS,1,{CTCAE}", 12),
    ("ALB,40,g/L", 24),
    ("WEIGHT,70,kg", 30),
]


def counts(item: str, hours: float, more: str = "", minutes: int = 0) -> bool:
    """Whether a value read at 0:00 still counts so long after."""
    time = shifted(hours, minutes)
    return counted(frame(f"0:00,reading,{item}\n{marked(time)}\n{more}"), item, time)


def counted(made: pl.DataFrame, item: str, time: str) -> bool:
    return at(made, time)[f"now:{item.partition(',')[0]}"] is not None


@cache
def lapsing(pressor: str) -> dict[str, pl.DataFrame]:
    """Each item of the table read at 0:00, with instants around its lapse."""
    return frames(
        {
            item: f"0:00,reading,{item}\n{pressor}"
            + marked(*(shifted(hours, minutes) for minutes in (-1, 0, 1)))
            for item, hours in (TIGHT if pressor else WARD)
        }
    )


@pytest.mark.parametrize(("item", "hours"), WARD)
def test_a_value_counts_for_its_hours(item, hours):
    made = lapsing("")[item]
    assert counted(made, item, shifted(hours, -1))
    assert not counted(made, item, shifted(hours))
    assert not counted(made, item, shifted(hours, 1))


@pytest.mark.parametrize(("item", "hours"), TIGHT)
def test_a_value_counts_for_less_while_a_vasopressor_runs(item, hours):
    made = lapsing("0:00,treatment,norepinephrine,4,ug/min,72:00\n")[item]
    assert counted(made, item, shifted(hours, -1))
    assert not counted(made, item, shifted(hours))


@pytest.mark.parametrize("item", ["SYSBP,89,mm[Hg]", "MAP,66,mm[Hg]"])
def test_a_low_pressure_counts_for_half_an_hour(item):
    low = "" if item.startswith("SYSBP") else "0:00,reading,SYSBP,89,mm[Hg]"
    assert counts(item, 0, low, minutes=29)
    assert not counts(item, 0, low, minutes=30)


def test_after_a_low_pressure_other_values_count_for_less():
    low = "0:00,reading,SYSBP,89,mm[Hg]"
    assert counts("HR,80,/min", 0, low, minutes=59)
    assert not counts("HR,80,/min", 1, low)


def test_new_oxygen_makes_values_count_for_less():
    cannula = "0:00,reading,OXYGEN_DEVICE,nasal_cannula,"
    assert counts("RESP,16,/min", 0, cannula, minutes=59)
    assert not counts("RESP,16,/min", 1, cannula)


def test_what_lapsed_while_it_was_tight_does_not_come_back():
    pressor = "0:00,treatment,norepinephrine,4,ug/min,2:00"
    assert not counts("HR,80,/min", 3, pressor)


@cache
def left_alone() -> dict[str, pl.DataFrame]:
    return frames({item: f"0:00,reading,{item}" for item, _ in WARD}, now="96:00")


@pytest.mark.parametrize(("item", "hours"), WARD)
def test_the_moment_of_the_lapse_is_an_instant(item, hours):
    assert moment(shifted(hours)) in instants(left_alone()[item])


def test_a_newer_value_leaves_no_lapse_between():
    made = frame("0:00,reading,TEMP,37.0,Cel\n5:00,reading,TEMP,37.0,Cel", now="96:00")
    assert moment("6:00") not in instants(made)
    assert moment("11:00") in instants(made)


def test_the_last_value_stays_beside_the_one_that_counts():
    made = frame(f"0:00,reading,TEMP,37.1,Cel\n{marked('7:00')}")
    row = at(made, "7:00")
    assert (row["now:TEMP"], row["last:TEMP"]) == (None, 37.1)
    assert row["at:TEMP"] == moment("0:00")
    assert not row["fresh:TEMP"]


# Tried without a result --------------------------------------------------------------
def test_what_was_tried_and_not_found_counts_no_longer():
    made = frame("0:00,reading,SYSBP,120,mm[Hg]\n1:00,decision,unrecordable,SYSBP")
    row = at(made, "1:00")
    assert row["now:SYSBP"] is None
    assert row["sign:sbp_unrecordable"] is True


def test_a_value_after_it_counts_again():
    made = frame("1:00,decision,unrecordable,SYSBP\n1:05,reading,SYSBP,96,mm[Hg]")
    row = at(made, "1:05")
    assert (row["now:SYSBP"], row["sign:sbp_unrecordable"]) == (96, False)


# At home (R16) -----------------------------------------------------------------------
AT_HOME = "2:00,fact,AT_HOME,,,90:00"


@pytest.mark.parametrize(("hours", "expected"), [(23.9, True), (24, False)])
def test_at_home_a_value_counts_to_the_next_contact(hours, expected):
    assert counts("TEMP,37.1,Cel", hours, AT_HOME) is expected


def test_the_lapse_at_home_is_an_instant():
    made = frame(f"0:00,reading,TEMP,37.1,Cel\n{AT_HOME}", now="96:00")
    assert moment("24:00") in instants(made)


def test_what_had_lapsed_before_going_home_does_not_come_back():
    late_home = "7:00,fact,AT_HOME,,,90:00"
    assert not counts("TEMP,37.1,Cel", 8, late_home)


def test_back_in_the_clinic_the_ordinary_hours_hold():
    back = f"{AT_HOME}\n9:00,fact,IN_CLINIC,,,12:00"
    assert counts("TEMP,37.1,Cel", 8, back)
    assert not counts("TEMP,37.1,Cel", 9, back)


def test_a_stay_at_home_ends_with_its_until():
    assert counts("TEMP,37.1,Cel", 8, "2:00,fact,AT_HOME,,,9:00")
    assert not counts("TEMP,37.1,Cel", 9, "2:00,fact,AT_HOME,,,9:00")


# Facts that last ---------------------------------------------------------------------
def test_a_state_runs_to_its_until():
    text = f"0:00,fact,SPO2_TARGET,88-92,,4:00\n{marked('3:59', '4:00')}"
    made = frame(text)
    assert at(made, "3:59")["state:spo2_target"] is True
    assert at(made, "4:00")["state:spo2_target"] is False


def test_a_newer_state_is_not_ended_by_the_older_one():
    text = "0:00,fact,SPO2_TARGET,88-92,,4:00\n2:00,fact,SPO2_TARGET,88-92\n"
    assert at(frame(text + marked("5:00")), "5:00")["state:spo2_target"] is True


def test_the_end_of_a_state_is_an_instant():
    made = frame("0:00,fact,SPO2_TARGET,88-92,,4:00", now="9:00")
    assert moment("4:00") in instants(made)


# Two values at one instant, and a mean -----------------------------------------------
@pytest.mark.parametrize(
    ("code", "one", "other", "worse"),
    [
        ("TEMP", "37.9", "38.1", 38.1),
        ("SYSBP", "96", "88", 88),
        ("OXYSAT", "97", "91", 91),
        ("HR", "80", "120", 120),
        ("ALB", "36", "34", 34),
        ("RESP", "16", "26", 26),
    ],
)
def test_of_two_values_at_one_instant_the_worse_counts(code, one, other, worse):
    unit = {"TEMP": "Cel", "ALB": "g/L", "OXYSAT": "%", "SYSBP": "mm[Hg]"}
    rows = [f"1:00,reading,{code},{v},{unit.get(code, '/min')}" for v in (one, other)]
    for text in ("\n".join(rows), "\n".join(reversed(rows))):
        assert at(frame(text), "1:00")[f"now:{code}"] == worse


def test_the_mean_pressure_follows_from_the_other_two():
    row = at(frame("0:00,set,BP 84/46"), "0:00")
    assert row["now:MAP"] == 58.666667


def test_a_mean_needs_both_at_one_instant():
    text = "0:00,reading,SYSBP,84,mm[Hg]\n0:10,reading,DIABP,46,mm[Hg]"
    assert at(frame(text), "0:10")["now:MAP"] is None


def test_of_a_typed_and_a_derived_mean_the_lower_counts():
    text = "0:00,set,BP 120/60\n0:00,reading,MAP,70,mm[Hg]"
    assert at(frame(text), "0:00")["now:MAP"] == 70


# Baselines (R9) ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("time", "base"), [("-72:01", None), ("-72:00", 40), ("-0:01", 40), ("0:00", 40)]
)
def test_a_baseline_is_at_most_72_hours_old(time, base):
    made = frame(f"{time},reading,ALB,40,g/L\n{DOSE}")
    assert at(made, "0:00")["base:ALB"] == base


def test_the_baseline_is_the_last_value_before_the_dose():
    text = "-8:00,reading,ALB,42,g/L\n-1:00,reading,ALB,40,g/L\n"
    made = frame(text + DOSE + "1:00,reading,ALB,35,g/L")
    assert at(made, "1:00")["base:ALB"] == 40


def test_before_the_first_dose_there_is_none():
    made = frame(f"-8:00,reading,ALB,42,g/L\n-4:00,reading,ALB,36,g/L\n{DOSE}")
    assert at(made, "-4:00")["base:ALB"] is None
    assert at(made, "-4:00")["sign:albumin_fallen"] is None


def test_only_an_agent_of_the_protocol_starts_the_cycle():
    both = [
        {"code": "aldesleukin", "label": "A"},
        {"code": "pembrolizumab", "label": "P", "cytokine": False},
    ]
    text = "-30:00,dose,pembrolizumab,200,mg\n-1:00,reading,ALB,40,g/L\n"
    made = frame(text + DOSE, protocol(agents=both))
    assert at(made, "-1:00")["base:ALB"] is None
    assert at(made, "0:00")["base:ALB"] == 40
    early = protocol(agents=both, baseline_before=["pembrolizumab"])
    assert at(frame(text + DOSE, early), "0:00")["base:ALB"] is None


@pytest.mark.parametrize("value", ["held", "omitted", ""])
def test_a_dose_not_given_starts_nothing(value):
    text = f"-1:00,reading,ALB,40,g/L\n0:00,dose,aldesleukin,{value},\n"
    assert at(frame(text + marked("1:00")), "1:00")["base:ALB"] is None


def usual(*pressures: int) -> float | None:
    rows = [
        f"-{10 * n}:00,reading,SYSBP,{sbp},mm[Hg]"
        for n, sbp in enumerate(reversed(pressures), start=1)
    ]
    return at(frame("\n".join([*rows, DOSE])), "0:00")["base:USUAL_SBP"]


def test_the_usual_pressure_is_the_median_of_three():
    assert usual(86, 90, 88) == 88
    assert usual(120, 86, 90, 88) == 89


def test_of_fewer_it_is_the_last():
    assert usual(86, 96) == 96


LOW = "".join(f"{160 + n}:00,reading,SYSBP,{84 + n},mm[Hg]\n" for n in (1, 2, 3))
SECOND = f"{LOW}168:00,dose,aldesleukin,1,mg\n169:00,reading,SYSBP,86,mm[Hg]\n"


def last_of(*cycles: list[tuple[str, ...]]) -> dict[str, object]:
    made = timeline.build(take_in(facts(*cycles)), Protocol.default()).frame
    return made.sort("at").row(-1, named=True)


def test_in_a_later_cycle_it_is_that_of_before_the_study():
    """What is read between two cycles may be low by what was given (R3)."""
    before = "".join(f"-{n}:00,reading,SYSBP,{124 + n},mm[Hg]\n" for n in (1, 2, 3))
    first, second = written(before + DOSE, cycle="1"), written(SECOND, cycle="2")
    assert last_of(first, second)["base:USUAL_SBP"] == 126
    assert last_of(first, second)["base:SYSBP"] == 87
    assert last_of(second)["base:USUAL_SBP"] == 86


def test_where_the_first_cycle_is_not_here_its_pressures_are_facts():
    told = "".join(f"161:00,fact,SCREENING_SBP,{one},\n" for one in (127, 126, 125))
    assert last_of(written(told + SECOND, cycle="2"))["base:USUAL_SBP"] == 126


def test_no_later_cycle_says_what_is_usual_in_an_earlier_one():
    first = written("0:00,reading,HR,80,/min\n" + DOSE, cycle="1")
    frame = timeline.build(
        take_in(facts(first, written(SECOND, cycle="2"))), Protocol.default()
    ).frame
    assert frame.filter(pl.col("g") == 0)["base:USUAL_SBP"].to_list() == [None]
    assert frame.row(-1, named=True)["base:USUAL_SBP"] == 86


def test_a_stated_usual_pressure_comes_first():
    text = f"-9:00,fact,USUAL_SBP,88\n-1:00,reading,SYSBP,120,mm[Hg]\n{DOSE}"
    assert at(frame(text), "0:00")["base:USUAL_SBP"] == 88


# The daily weight (R9) ---------------------------------------------------------------
def rise(first: str, second: str, later: float = 71.5, doses: str = "") -> float | None:
    doses = doses or "d1 08:00,dose,aldesleukin,1,mg\nd2 08:00,dose,aldesleukin,1,mg"
    text = f"{first},reading,WEIGHT,70.0,kg\n{second},reading,WEIGHT,{later},kg\n"
    return at(frame(text + doses), second)["now:WEIGHT_RISE"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("d1 08:00", "d2 00:00", 1.5),
        ("d1 08:00", "d1 23:59", None),
        ("d1 00:00", "d2 08:00", 1.5),
        ("d1 00:00", "d2 08:01", None),
        ("d1 08:01", "d2 00:00", None),
    ],
)
def test_the_earlier_weight_is_16_to_32_hours_older(first, second, expected):
    assert rise(first, second) == expected


def test_the_rise_is_exact():
    text = "d1 07:00,reading,WEIGHT,62.6,kg\nd2 07:00,reading,WEIGHT,64.1,kg\n"
    doses = "d1 08:00,dose,aldesleukin,1,mg\nd2 08:00,dose,aldesleukin,1,mg"
    assert at(frame(text + doses), "d2 07:00")["now:WEIGHT_RISE"] == 1.5


def test_a_day_with_a_dose_planned_and_not_given_is_a_treatment_day():
    for value in ("", "held", "omitted"):
        doses = f"d1 08:00,dose,aldesleukin,1,mg\nd2 08:00,dose,aldesleukin,{value},"
        assert rise("d1 07:00", "d2 07:00", doses=doses) == 1.5


def test_a_day_without_a_dose_is_none():
    doses = "d1 08:00,dose,aldesleukin,1,mg"
    assert rise("d1 07:00", "d2 07:00", doses=doses) is None


def test_the_first_weight_of_the_day_counts():
    text = "d1 07:00,reading,WEIGHT,70.0,kg\nd2 07:00,reading,WEIGHT,71.0,kg\n"
    text += "d2 12:00,reading,WEIGHT,73.0,kg\nd1 08:00,dose,aldesleukin,1,mg\n"
    made = frame(text + "d2 08:00,dose,aldesleukin,1,mg")
    assert at(made, "d2 12:00")["now:WEIGHT_RISE"] == 1.0


# Urine over eight hours (R15) --------------------------------------------------------
@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([("0:00", "8:00", 300)], 300),
        ([("2:00", "8:00", 200)], 200),
        ([("2:01", "8:00", 200)], None),
        ([("0:00", "4:00", 0), ("4:00", "8:00", 0)], 0),
        ([("0:00", "3:00", 90), ("5:00", "8:00", 60)], 150),
        ([("-4:00", "4:00", 200), ("4:00", "8:00", 60)], 160),
    ],
)
def test_urine_needs_six_of_eight_hours_measured(periods, expected):
    text = "\n".join(
        f"{start},reading,URINE_OUTPUT,{ml},mL,{end}" for start, end, ml in periods
    )
    assert at(frame(text), "8:00")["now:URINE_8H"] == expected


# What runs (R11) ---------------------------------------------------------------------
def rate(rows: str, time: str, agent: str = "norepinephrine") -> tuple:
    row = at(frame(f"{rows}\n{marked(time)}"), time)
    return row[f"on:{agent}"], row[f"rate:{agent}"]


def test_a_rate_runs_to_its_until_and_not_at_it():
    rows = "1:00,treatment,norepinephrine,6,ug/min,3:00"
    assert rate(rows, "0:59") == (False, None)
    assert rate(rows, "1:00") == (True, 6)
    assert rate(rows, "2:59") == (True, 6)
    assert rate(rows, "3:00") == (False, 0)


def test_the_next_row_of_the_same_agent_ends_a_rate():
    rows = "1:00,treatment,norepinephrine,6,ug/min,9:00\n"
    rows += "3:00,treatment,norepinephrine,8,ug/min,4:00"
    assert rate(rows, "2:59") == (True, 6)
    assert rate(rows, "3:00") == (True, 8)
    assert rate(rows, "5:00") == (False, 0)


def test_nought_ends_a_rate():
    rows = "1:00,treatment,norepinephrine,6,ug/min\n"
    rows += "3:00,treatment,norepinephrine,0,ug/min"
    assert rate(rows, "2:59") == (True, 6)
    assert rate(rows, "3:00")[0] is False


def test_without_an_end_a_rate_runs_on():
    assert rate("1:00,treatment,norepinephrine,6,ug/min", "99:00") == (True, 6)


def test_of_two_rates_at_one_instant_the_higher_counts():
    rows = ["1:00,treatment,norepinephrine,6,ug/min,3:00"]
    rows += ["1:00,treatment,norepinephrine,9,ug/min,3:00"]
    assert rate("\n".join(rows), "2:00") == (True, 9)
    assert rate("\n".join(reversed(rows)), "2:00") == (True, 9)


WEIGHED = "-1:00,reading,WEIGHT,70,kg\n"


@pytest.mark.parametrize(
    ("agent", "value", "unit", "expected"),
    [
        ("norepinephrine", 0.1, "ug/kg/min", 7.0),
        ("norepinephrine", 6, "ug/min", 6.0),
        ("norepinephrine", 360, "ug/h", 6.0),
        ("norepinephrine", 0.6, "mg/h", 10.0),
        ("phenylephrine", 1, "ug/kg/min", 70.0),
        ("dopamine", 5, "ug/kg/min", 5.0),
        ("dopamine", 350, "ug/min", 5.0),
    ],
)
def test_a_rate_is_in_one_unit(agent, value, unit, expected):
    rows = f"{WEIGHED}1:00,treatment,{agent},{value},{unit}"
    assert rate(rows, "2:00", agent) == (True, expected)


def test_a_rate_per_kg_without_a_weight_is_unknown_and_runs():
    rows = "1:00,treatment,norepinephrine,0.1,ug/kg/min"
    assert rate(rows, "2:00") == (True, None)


def test_a_weight_that_comes_later_is_used_from_then_on():
    rows = "1:00,treatment,norepinephrine,0.1,ug/kg/min\n3:00,reading,WEIGHT,70,kg"
    assert rate(rows, "2:00") == (True, None)
    assert rate(rows, "4:00") == (True, 7.0)


@pytest.mark.parametrize(("value", "counted"), [(4.9, 0), (5, 1), (5.1, 1)])
def test_dopamine_counts_from_five(value, counted):
    made = frame(f"1:00,treatment,dopamine,{value},ug/kg/min\n{marked('2:00')}")
    row = at(made, "2:00")
    assert row["pressors"] == counted
    assert row["state:low_dopamine"] is (counted == 0)


def test_vasopressin_and_inotropes_are_not_counted():
    rows = "1:00,treatment,vasopressin,0.03,[U]/min\n"
    rows += "1:00,treatment,dobutamine,5,ug/kg/min\n"
    assert at(frame(rows + marked("2:00")), "2:00")["pressors"] == 0


@pytest.mark.parametrize(
    ("time", "switching", "two"),
    [("2:00", True, False), ("3:00", True, False), ("3:01", False, True)],
)
def test_two_vasopressors_for_an_hour_may_be_a_switch(time, switching, two):
    rows = "1:00,treatment,norepinephrine,8,ug/min,9:00\n"
    rows += "2:00,treatment,phenylephrine,60,ug/min,9:00\n"
    row = at(frame(rows + marked(time)), time)
    assert (row["state:switching"], row["state:two_pressors"]) == (switching, two)


@pytest.mark.parametrize(
    ("agent", "value", "unit", "high"),
    [
        ("norepinephrine", 19.9, "ug/min", False),
        ("norepinephrine", 20, "ug/min", True),
        ("epinephrine", 9.9, "ug/min", False),
        ("epinephrine", 10, "ug/min", True),
        ("phenylephrine", 199, "ug/min", False),
        ("phenylephrine", 200, "ug/min", True),
        ("dopamine", 9.9, "ug/kg/min", False),
        ("dopamine", 10, "ug/kg/min", True),
    ],
)
def test_a_high_dose_after_three_hours(agent, value, unit, high):
    rows = f"0:00,treatment,{agent},{value},{unit}\n{marked('2:59', '3:00')}"
    made = frame(rows)
    assert at(made, "2:59")["state:high_dose"] is False
    assert at(made, "3:00")["state:high_dose"] is high


@pytest.mark.parametrize(("value", "high"), [(9.9, False), (10, True)])
def test_with_vasopressin_half_the_dose_is_high(value, high):
    rows = f"0:00,treatment,norepinephrine,{value},ug/min\n"
    rows += f"0:00,treatment,vasopressin,0.03,[U]/min\n{marked('3:00')}"
    assert at(frame(rows), "3:00")["state:high_dose"] is high


def test_a_rate_of_an_earlier_cycle_that_still_runs_is_not_lost():
    made = frame_of(
        written("-100:00,treatment,norepinephrine,6,ug/min,2:00", cycle="1"),
        written(f"{DOSE}1:00,reading,TEMP,38.5,Cel\n{marked('3:00')}", cycle="2"),
    )
    second = made.filter(made["g"] == 1)
    assert at(second, "1:00")["on:norepinephrine"] is True
    assert at(second, "3:00")["on:norepinephrine"] is False


# What blurs a sign (B2) --------------------------------------------------------------
MASKS = [
    ("paracetamol,1000,mg", 6),
    ("metamizole,1,g", 6),
    ("ibuprofen,400,mg", 8),
    ("naproxen,500,mg", 12),
    ("aspirin,300,mg", 8),
    ("aspirin,0.5,g", 8),
    ("dexamethasone,10,mg", 48),
    ("methylprednisolone,1,mg/kg", 48),
    ("hydrocortisone,100,mg", 24),
    ("tocilizumab,8,mg/kg", 72),
    ("anakinra,100,mg", 48),
    ("active_cooling,,", 4),
]


@cache
def masking() -> dict[str, pl.DataFrame]:
    return frames(
        {
            treatment: f"0:00,treatment,{treatment}\n"
            + marked(shifted(hours, -1), shifted(hours), shifted(hours, 1))
            for treatment, hours in MASKS
        }
    )


@pytest.mark.parametrize(("treatment", "hours"), MASKS)
def test_a_drug_masks_fever_for_its_hours_the_last_instant_with_them(treatment, hours):
    """P3: `<= 8 h` before; what is just after is an instant of its own."""
    times = (shifted(hours, -1), shifted(hours), shifted(hours, 1))
    made = masking()[treatment]
    assert at(made, "0:00")["state:masked"] is True
    assert [at(made, time)["state:masked"] for time in times] == [True, True, False]
    assert moment(times[1]) + timedelta(seconds=1) in instants(made)


@pytest.mark.parametrize(
    "treatment",
    ["aspirin,100,mg", "hydrocortisone,50,mg", "pethidine,25,mg", "furosemide,20,mg"],
)
def test_others_mask_no_fever(treatment):
    assert not at(frame(f"0:00,treatment,{treatment}"), "0:00")["state:masked"]


def test_hydrocortisone_masks_by_what_was_given_in_a_day():
    rows = "0:00,treatment,hydrocortisone,30,mg\n8:00,treatment,hydrocortisone,30,mg\n"
    made = frame(rows)
    assert at(made, "0:00")["state:masked"] is False
    assert at(made, "8:00")["state:masked"] is True


def test_of_several_the_longest_effect_counts():
    rows = "0:00,treatment,dexamethasone,10,mg\n1:00,treatment,paracetamol,1000,mg\n"
    assert at(frame(rows + marked("20:00")), "20:00")["state:masked"] is True


def test_cooling_masks_while_it_runs_and_four_hours_more():
    rows = "0:00,treatment,active_cooling,,,5:00\n"
    made = frame(rows + marked("9:00", "9:01"))
    assert at(made, "9:00")["state:masked"] is True
    assert at(made, "9:01")["state:masked"] is False


def test_a_regimen_is_on_board_throughout_and_its_effect_more():
    rows = "-2:00,treatment,paracetamol,,scheduled,24:00\n"
    made = frame(rows + marked("30:00", "30:01"))
    assert at(made, "30:00")["state:masked"] is True
    assert at(made, "30:01")["state:masked"] is False


def test_a_regimen_without_an_end_goes_on():
    rows = "-2:00,treatment,paracetamol,,scheduled\n0:00,reading,TEMP,37.0,Cel\n"
    for made in (frame(rows, now="90:00"), frame(rows + marked("90:00"))):
        assert at(made, "90:00")["state:masked"] is True


@pytest.mark.parametrize(("minutes", "masked"), [(-1, False), (0, True), (1, True)])
def test_a_treatment_of_an_earlier_cycle_counts_for_fourteen_days(minutes, masked):
    began = shifted(-336, minutes)
    made = frame_of(
        written(f"{began},treatment,paracetamol,,scheduled,-1:00", cycle="1"),
        written(f"{DOSE}1:00,reading,TEMP,37.0,Cel", cycle="2"),
    )
    assert at(made.filter(made["g"] == 1), "0:00")["state:masked"] is masked


def test_the_effect_of_an_earlier_cycle_ends_in_this_one():
    for hours, masked in ((-60, True), (-80, False)):
        made = frame_of(
            written(f"{shifted(hours)},treatment,tocilizumab,8,mg/kg", cycle="1"),
            written(f"{DOSE}1:00,reading,TEMP,37.0,Cel", cycle="2"),
        )
        second = made.filter(made["g"] == 1)
        assert at(second, "0:00")["state:masked"] is masked


def test_the_treatment_of_an_earlier_cycle_does_not_begin_this_one():
    made = frame_of(
        written("-60:00,treatment,tocilizumab,8,mg/kg", cycle="1"),
        written(f"{DOSE}1:00,reading,TEMP,37.0,Cel", cycle="2"),
    )
    assert made.filter(made["g"] == 1)["at"].min() == moment("0:00")


# Fluids ------------------------------------------------------------------------------
@pytest.mark.parametrize(("ml", "counted"), [(249, 0), (250, 1), (500, 1)])
def test_a_bolus_is_a_quarter_of_a_liter(ml, counted):
    row = at(frame(f"0:00,treatment,fluid_bolus,{ml},mL,0:30"), "0:00")
    assert row["boluses"] == counted


def test_a_bolus_in_liters_counts_too():
    row = at(frame("0:00,treatment,fluid_bolus,0.5,L,0:30"), "0:00")
    assert (row["boluses"], row["bolus_volume"]) == (1, 500)
    assert at(frame("0:00,treatment,fluid_bolus,0.2,L"), "0:00")["boluses"] == 0


# Windows -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "hours"),
    [("crs_window", 72), ("cls_window", 168), ("albumin_window", 720)],
)
def test_a_window_ends_its_hours_after_the_last_dose(state, hours):
    made = frame(f"{DOSE}{marked(shifted(hours), shifted(hours, 1))}")
    assert at(made, shifted(hours))[f"state:{state}"] is True
    assert at(made, shifted(hours, 1))[f"state:{state}"] is False


@pytest.mark.parametrize("hours", [72, 168, 720])
def test_the_end_of_a_window_is_an_instant(hours):
    later = instants(frame(DOSE, now=shifted(hours + 1)))
    assert any(
        timedelta(0) < when - moment(shifted(hours)) <= timedelta(seconds=1)
        for when in later
    )


def test_before_the_first_dose_no_window_is_open():
    row = at(frame(f"-1:00,reading,TEMP,38.5,Cel\n{DOSE}"), "-1:00")
    assert row["state:crs_window"] is False


# Up to now ---------------------------------------------------------------------------
def test_what_is_dated_later_is_not_known():
    text = "0:00,reading,TEMP,37.0,Cel\n2:00,reading,TEMP,39.0,Cel\n"
    text += "2:00,treatment,norepinephrine,6,ug/min\n2:00,fact,SPO2_TARGET,88-92"
    row = at(frame(text, now="1:00"), "1:00")
    assert (row["last:TEMP"], row["on:norepinephrine"]) == (37.0, False)
    assert row["at"] <= moment("1:00")


def test_a_period_is_known_at_its_end():
    text = f"0:00,reading,URINE_OUTPUT,300,mL,8:00\n{marked('7:00')}"
    assert at(frame(text, now="7:00"), "7:00")["now:URINE_8H"] is None


def test_nothing_is_on_the_timeline_twice_or_out_of_order():
    made = frame(f"{DOSE}0:00,set,T 38.1 HR 90\n0:00,{MARK}\n4:00,set,T 37")
    assert made["at"].is_sorted()
    assert made["at"].is_unique().all()
    assert made["at"][0] == datetime(2026, 11, 16, 8, tzinfo=UTC)
