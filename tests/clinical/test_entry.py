"""What becomes of one typed value (reference 11, R12)."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.clinical.items import catalogue, censored
from monitor.clinical.items.catalogue import ITEMS, item
from monitor.clinical.items.entry import CannotConfirm, Entered, Previous, judge, read
from monitor.clinical.items.pairs import NotAPressure, pair_check, read_pressure

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)

# By hand from R12, and from section 8 where R12 is silent: item, tier, the last value
# that passes that tier, the next one that does not. Canonical units.
BY_HAND = [
    ("TEMP", "hard", "20", "19.9"),
    ("TEMP", "hard", "45", "45.1"),
    ("TEMP", "confirm", "30", "29.9"),
    ("TEMP", "confirm", "43", "43.1"),
    ("SYSBP", "hard", "0", "-1"),
    ("SYSBP", "hard", "320", "321"),
    ("SYSBP", "confirm", "40", "39"),
    ("DIABP", "hard", "0", "-1"),
    ("DIABP", "confirm", "15", "14"),
    ("MAP", "hard", "220", "221"),
    ("HR", "hard", "0", "-1"),
    ("HR", "hard", "350", "351"),
    ("HR", "confirm", "20", "19"),
    ("RESP", "hard", "99", "100"),
    ("RESP", "confirm", "4", "3"),
    ("OXYSAT", "hard", "100", "101"),
    ("OXYSAT", "confirm", "50", "49"),
    ("FIO2", "hard", "21", "20"),
    ("FIO2", "hard", "100", "101"),
    ("OXYGEN_FLOW", "hard", "0", "-0.1"),
    ("OXYGEN_FLOW", "hard", "80", "80.1"),
    # Over 15 by a mask: `test_a_flow_goes_with_its_device` (decision 0003).
    ("OXYGEN_FLOW", "soft", "60", "60.1"),
    ("GCS", "hard", "3", "2"),
    ("GCS", "hard", "15", "16"),
    ("ICE", "hard", "10", "11"),
    ("WEIGHT", "hard", "20", "19.9"),
    ("WEIGHT", "hard", "350", "350.1"),
    ("HEIGHT", "hard", "100", "99"),
    ("HEIGHT", "hard", "230", "231"),
    ("HEIGHT", "soft", "140", "139"),
    ("HEIGHT", "soft", "205", "206"),
    ("ALB", "hard", "5", "4.9"),
    ("ALB", "hard", "70", "70.1"),
    ("ALB", "soft", "15", "14.9"),
    ("ALB", "soft", "55", "55.1"),
    ("CRP", "hard", "0", "-0.1"),
    ("CRP", "hard", "1000", "1000.1"),
    ("CRP", "soft", "500", "500.1"),
    ("FERRITIN", "hard", "1000000", "1000001"),
    ("FERRITIN", "soft", "100000", "100001"),
    ("INTLK6", "hard", "0", "-1"),
    ("INTLK6", "soft", "100000", "100001"),
    ("HCT", "hard", "5", "4.9"),
    ("HCT", "hard", "80", "80.1"),
    ("HCT", "soft", "20", "19.9"),
    ("HCT", "soft", "60", "60.1"),
    ("HGB", "hard", "20", "19"),
    ("HGB", "hard", "250", "251"),
    ("HGB", "soft", "60", "59"),
    ("HGB", "soft", "200", "201"),
    ("PLAT", "hard", "3000", "3001"),
    ("PLAT", "soft", "10", "9"),
    ("PLAT", "soft", "1000", "1001"),
    ("WBC", "hard", "800", "801"),
    ("WBC", "soft", "100", "100.1"),
    ("NEUT", "soft", "0.5", "0.49"),
    ("LYM", "soft", "20", "20.1"),
    ("EOS", "soft", "5", "5.1"),
    ("CREAT", "hard", "10", "9"),
    ("CREAT", "hard", "2500", "2501"),
    ("CREAT", "soft", "400", "401"),
    ("UREAN", "hard", "0.3", "0.2"),
    ("UREAN", "hard", "100", "100.1"),
    ("UREAN", "soft", "40", "40.1"),
    ("SODIUM", "hard", "95", "94"),
    ("SODIUM", "hard", "190", "191"),
    ("SODIUM", "soft", "120", "119"),
    ("SODIUM", "soft", "155", "156"),
    ("K", "hard", "1.5", "1.4"),
    ("K", "hard", "10", "10.1"),
    ("K", "soft", "2.5", "2.4"),
    ("K", "soft", "6.5", "6.6"),
    ("PHOS", "hard", "5", "5.1"),
    ("PHOS", "soft", "0.3", "0.29"),
    ("MG", "hard", "5", "5.1"),
    ("MG", "soft", "0.4", "0.39"),
    ("CA", "hard", "0.8", "0.79"),
    ("CA", "soft", "1.6", "1.59"),
    ("CA", "soft", "3.2", "3.21"),
    ("BICARB", "hard", "2", "1"),
    ("BICARB", "hard", "60", "61"),
    ("BICARB", "soft", "15", "14"),
    ("ALT", "hard", "30000", "30001"),
    ("ALT", "soft", "1000", "1001"),
    ("AST", "hard", "30000", "30001"),
    ("ALP", "hard", "10000", "10001"),
    ("GGT", "soft", "1000", "1001"),
    ("BILI", "hard", "1000", "1001"),
    ("BILI", "soft", "120", "121"),
    ("LDH", "hard", "50000", "50001"),
    ("LDH", "soft", "3000", "3001"),
    ("FIBRINO", "hard", "20", "20.1"),
    ("FIBRINO", "soft", "1", "0.9"),
    ("INR", "hard", "0.5", "0.4"),
    ("INR", "hard", "20", "20.1"),
    ("INR", "soft", "4", "4.1"),
    ("APTT", "hard", "10", "9"),
    ("APTT", "hard", "300", "301"),
    ("APTT", "soft", "100", "101"),
    ("LACTICAC", "hard", "40", "40.1"),
    ("LACTICAC", "soft", "4", "4.1"),
    ("PCT", "soft", "10", "10.1"),
    ("BNPPRONT", "soft", "35000", "35001"),
    ("GLUC", "hard", "0.5", "0.4"),
    ("GLUC", "hard", "80", "80.1"),
    ("GLUC", "soft", "3", "2.9"),
    ("GLUC", "soft", "20", "20.1"),
    ("TRIG", "hard", "100", "100.1"),
    ("TRIG", "soft", "10", "10.1"),
    ("PROT", "hard", "10", "9"),
    ("PROT", "hard", "150", "151"),
    ("PROT", "soft", "40", "39"),
    ("LVEF", "hard", "5", "4"),
    ("LVEF", "hard", "90", "91"),
]
OUTCOME = {"hard": "refused", "confirm": "held", "soft": "questioned"}


def entered(code: str, typed: str, unit: str | None = None, **given) -> Entered:
    return read(item(code), typed, unit, **given)


def after(number: float, hours: float) -> dict:
    return {"previous": Previous(number, NOON - timedelta(hours=hours)), "at": NOON}


@pytest.mark.parametrize(("code", "tier", "passes", "fails"), BY_HAND)
def test_each_limit_of_the_reference_holds_at_its_edge(code, tier, passes, fails):
    assert not entered(code, passes).check.startswith(tier)
    beyond = entered(code, fails)
    assert (beyond.outcome, beyond.check[: len(tier)]) == (OUTCOME[tier], tier)


@pytest.mark.parametrize(
    ("code", "tier", "side"),
    [
        (found.code, tier, side)
        for found in ITEMS.values()
        for tier in ("hard", "confirm", "soft")
        for side in ("low", "high")
        if found.kind != "coded" and getattr(getattr(found, tier), side) is not None
    ],
)
def test_each_limit_in_the_files_speaks_just_beyond_it_only(code, tier, side):
    limit = getattr(getattr(item(code), tier), side)
    step = 1.0 if item(code).whole else 0.001
    beyond = limit - step if side == "low" else limit + step
    at_edge = entered(code, f"{limit:f}", hours=24)
    outside = entered(code, f"{beyond:f}", hours=24)
    assert at_edge.check != f"{tier}_{side}"
    assert (outside.check, outside.outcome) == (f"{tier}_{side}", OUTCOME[tier])


def test_every_limit_of_a_vital_sign_is_one_that_the_reference_gives():
    """R12 lists them all: what it does not list is accepted at once."""
    ours = {
        (code, tier, float(getattr(limits, side)))
        for code in ("TEMP", "SYSBP", "HR", "RESP", "OXYSAT", "FIO2")
        for tier in ("hard", "confirm", "soft")
        for limits in [getattr(item(code), tier)]
        for side in ("low", "high")
        if getattr(limits, side) is not None
    }
    theirs = {(code, tier, float(edge)) for code, tier, edge, _ in BY_HAND}
    zeros = {("RESP", "hard", 0.0), ("OXYSAT", "hard", 0.0)}
    assert ours - theirs == zeros


@pytest.mark.parametrize("typed", ["38.5", "38,5", "385", " 38.5 ", "+38.50"])
def test_a_temperature_may_be_typed_in_any_of_these_ways(typed):
    found = entered("TEMP", typed)
    assert (found.outcome, found.number) == ("accepted", 38.5)


def test_what_was_typed_is_kept_beside_what_was_understood():
    found = entered("TEMP", "391")
    assert (found.typed, found.understood, found.typed_unit) == ("391", "39.1", "Cel")


def test_a_shorthand_is_read_in_fahrenheit_too():
    assert entered("TEMP", "1004", "[degF]").number == 38.0


def test_a_shorthand_is_never_read_in_a_file():
    assert judge("TEMP", "385", "Cel").outcome == "refused"


@pytest.mark.parametrize("typed", ["97.2", "98.6", "101", "972"])
def test_fahrenheit_in_a_celsius_field_is_refused_and_the_unit_suggested(typed):
    found = entered("TEMP", typed)
    assert (found.outcome, found.number, found.feeds) == ("refused", None, False)
    if typed != "972":
        assert found.suggested_unit == "[degF]"
        assert found.sentence.startswith("Temperature is 20 to 45 °C. Type it again.")
        assert found.sentence.endswith("Was it °F? Then choose that unit.")


def test_celsius_in_a_fahrenheit_field_is_refused_and_the_unit_suggested():
    found = entered("TEMP", "37.0", "[degF]")
    assert (found.outcome, found.suggested_unit) == ("refused", "Cel")
    assert "68 to 113 °F" in found.sentence


def test_the_range_and_what_to_do_are_said():
    assert entered("OXYSAT", "101").sentence == "SpO₂ is 0 to 100 %. Type it again."


@pytest.mark.parametrize("code", ["SYSBP", "DIABP", "MAP", "HR", "RESP", "OXYSAT"])
def test_zero_is_a_value_and_waits_for_a_person(code):
    found = entered(code, "0")
    assert (found.outcome, found.number) == ("held", 0.0)
    assert not found.feeds
    assert found.confirm().feeds


def test_only_a_held_value_can_be_confirmed():
    with pytest.raises(CannotConfirm):
        entered("TEMP", "97.2").confirm()


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("SYSBP", "79"),
        ("TEMP", "41.5"),
        ("HR", "155"),
        ("OXYSAT", "70"),
        ("RESP", "40"),
    ],
)
def test_a_dangerous_value_is_accepted_at_once(code, typed):
    assert (entered(code, typed).outcome, entered(code, typed).check) == (
        "accepted",
        "",
    )


@pytest.mark.parametrize(
    ("code", "typed", "unit", "outcome", "other"),
    [
        ("ALB", "3.4", "g/L", "refused", "g/dL"),
        ("CREAT", "88", "mg/dL", "refused", "umol/L"),
        ("CREAT", "4.0", "umol/L", "refused", "mg/dL"),
        ("PLAT", "150000", "10*9/L", "refused", "/uL"),
        ("FIO2", "0.40", "%", "refused", "1"),
        ("OXYSAT", "0.97", "%", "held", "1"),
        ("HCT", "0.42", "%", "refused", "L/L"),
        ("CRP", "200", "mg/dL", "refused", "mg/L"),
        ("SYSBP", "16", "mm[Hg]", "held", "kPa"),
    ],
)
def test_a_likely_mix_up_suggests_the_unit_and_never_takes_it(
    code, typed, unit, outcome, other
):
    found = entered(code, typed, unit)
    assert (found.outcome, found.suggested_unit) == (outcome, other)


def test_pounds_typed_as_kilograms_are_held_beside_the_last_weight():
    found = entered("WEIGHT", "160", **after(72.5, 20))
    assert (found.outcome, found.check) == ("held", "unit_mixup")
    assert found.suggested_unit == "[lb_av]"


@pytest.mark.parametrize("hours", [24, 24.1, 72, 8760])
def test_pounds_look_like_pounds_however_long_ago_the_last_weight_was(hours: float):
    found = entered("WEIGHT", "154.3", **after(70.0, hours))
    assert (found.outcome, found.suggested_unit) == ("held", "[lb_av]")


def test_a_weight_that_no_unit_explains_is_only_a_change_after_a_day():
    assert entered("WEIGHT", "125.9", **after(70.0, 24.1)).outcome == "accepted"
    assert entered("WEIGHT", "126.0", **after(70.0, 24.1)).outcome == "held"


def test_a_crp_in_the_wrong_unit_is_questioned_and_feeds():
    found = entered("CRP", "0.9", **after(80.0, 24))
    assert (found.outcome, found.suggested_unit) == ("questioned", "mg/dL")
    assert found.feeds


def test_a_troponin_a_thousand_times_higher_is_questioned():
    assert entered("TROPONI", "40000", **after(40.0, 6)).check == "jump"
    assert entered("TROPONI", "0.04", **after(40.0, 6)).suggested_unit == "ng/mL"


@pytest.mark.parametrize(
    ("code", "before", "typed", "hours", "outcome"),
    [
        ("TEMP", 37.0, "39.0", 1, "accepted"),
        ("TEMP", 37.0, "39.1", 1, "held"),
        ("TEMP", 39.1, "37.0", 1, "held"),
        ("TEMP", 37.0, "39.1", 1.01, "accepted"),
        ("WEIGHT", 100.0, "105", 24, "accepted"),
        ("WEIGHT", 100.0, "105.1", 24, "held"),
        ("WEIGHT", 60.0, "64.2", 24, "accepted"),
        ("WEIGHT", 60.0, "64.3", 24, "held"),
        ("WEIGHT", 60.0, "64.3", 24.1, "accepted"),
        ("HGB", 120.0, "90", 24, "accepted"),
        ("HGB", 120.0, "89", 24, "questioned"),
        ("HGB", 90.0, "125", 24, "accepted"),
        ("LVEF", 60.0, "50", 200, "accepted"),
        ("LVEF", 60.0, "49", 200, "questioned"),
    ],
)
def test_a_jump_is_seen_just_beyond_its_limit(code, before, typed, hours, outcome):
    assert entered(code, typed, **after(before, hours)).outcome == outcome


def test_a_jump_asks_whether_it_is_the_right_participant():
    said = entered("TEMP", "391", **after(37.0, 0.8)).sentence
    assert said.startswith("39.1 is 2.1 °C above 37.0.")
    assert "right participant?" in said


@pytest.mark.parametrize(
    ("code", "before", "typed", "counts"),
    [("TEMP", 37.0, "39.1", False), ("HGB", 120.0, "89", True)],
)
def test_a_jump_says_whether_it_counts_all_the_same(code, before, typed, counts):
    said = entered(code, typed, **after(before, 0.8)).sentence
    assert said.endswith(" It counts until changed.") is counts


def test_a_later_value_is_no_reason_to_doubt_an_earlier_one():
    assert entered("TEMP", "39.5", **after(37.0, -0.5)).outcome == "accepted"


def test_two_percentages_differ_by_points():
    said = entered("LVEF", "49", **after(60.0, 200)).sentence
    assert said.startswith("49 is 11 percentage points below 60. Right value")


@pytest.mark.parametrize(
    ("code", "typed", "unit", "check"),
    [
        ("TEMP", "", "Cel", "empty"),
        ("TEMP", "warm", "Cel", "not_a_number"),
        ("TEMP", "nan", "Cel", "not_a_number"),
        ("TEMP", "inf", "Cel", "not_a_number"),
        ("TEMP", "38.5.1", "Cel", "not_a_number"),
        ("TEMP", "38.5", "K", "unknown_unit"),
        ("TEMP", "38.5", "", "unknown_unit"),
        ("WBC", "1,200", "10*9/L", "ambiguous_number"),
        ("OXYGEN_DEVICE", "helmet", "", "unknown_choice"),
        ("OXYGEN_DEVICE", "cpap", "L/min", "unknown_unit"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(code, typed, unit, check):
    found = entered(code, typed, unit)
    assert (found.outcome, found.check, found.number) == ("error", check, None)
    assert found.sentence.endswith(".")


def test_a_coded_answer_is_read_in_any_case():
    found = entered("ACVPU", "v")
    assert (found.outcome, found.choice, found.number) == ("accepted", "V", None)


@pytest.mark.parametrize(
    ("code", "typed", "outcome", "check"),
    [
        ("CHILLS", "0", "accepted", ""),
        ("CHILLS", "3", "accepted", ""),
        ("CHILLS", "4", "questioned", "no_such_grade"),
        ("SYNCOPE", "1", "questioned", "no_such_grade"),
        ("CHILLS", "6", "refused", "hard_high"),
        ("CHILLS", "-1", "refused", "hard_low"),
        ("CHILLS", "1.5", "refused", "not_whole"),
        ("ICE", "7.5", "refused", "not_whole"),
    ],
)
def test_grades_and_scores_are_whole_numbers_that_exist(code, typed, outcome, check):
    found = entered(code, typed)
    assert (found.outcome, found.check) == (outcome, check)


@pytest.mark.parametrize(
    ("code", "typed", "hours", "outcome", "check"),
    [
        ("URINE_OUTPUT", "0", 1, "accepted", ""),
        ("URINE_OUTPUT", "0", 8, "questioned", "zero_period"),
        ("URINE_OUTPUT", "3000", 1, "accepted", ""),
        ("URINE_OUTPUT", "3001", 1, "refused", "hard_rate"),
        ("URINE_OUTPUT", "500", 0.1, "accepted", ""),
        ("URINE_OUTPUT", "6001", 24, "questioned", "soft_high"),
        ("URINE_OUTPUT", "-1", 1, "refused", "hard_low"),
        ("URINE_OUTPUT", "300", None, "refused", "no_period"),
        ("URINE_OUTPUT", "300", 0, "refused", "no_period"),
        ("FLUID_INTAKE", "20001", 24, "refused", "hard_high"),
        ("FLUID_INTAKE", "5001", 24, "questioned", "soft_high"),
    ],
)
def test_a_volume_is_judged_with_the_time_it_covers(code, typed, hours, outcome, check):
    found = entered(code, typed, hours=hours)
    assert (found.outcome, found.check) == (outcome, check)


@pytest.mark.parametrize(
    ("code", "typed", "unit", "number", "kept"),
    [
        ("OXYSAT", "97%", "%", 97, "97"),
        ("OXYSAT", " 97 % ", "%", 97, "97"),
        ("RESP", "16/min", "/min", 16, "16"),
        ("HR", "88 bpm", "/min", 88, "88"),
        ("TEMP", "38°", "Cel", 38, "38"),
        ("TEMP", "38,5 °C", "Cel", 38.5, "38,5"),
        ("TEMP", "385 c", "Cel", 38.5, "385"),
        ("TEMP", "100.4 F", "[degF]", 38, "100.4"),
        ("OXYGEN_FLOW", "2 L", "L/min", 2, "2"),
        ("WEIGHT", "160 lbs", "[lb_av]", 72.574779, "160"),
        ("NEUT", "3.1 ×10⁹/L", "10*9/L", 3.1, "3.1"),
        ("CRP", "<0.5 mg/L", "mg/L", 0.499999, "<0.5"),
        ("FERRITIN", "260 \u03bcg/l", "ug/L", 260, "260"),
    ],
)
def test_a_unit_behind_its_value_is_read_where_it_is_the_chosen_one(
    code, typed, unit, number, kept
):
    found = read(item(code), typed, unit)
    assert (found.outcome, found.number) == ("accepted", number)
    assert (found.typed, found.typed_unit) == (kept, unit)


@pytest.mark.parametrize(
    ("code", "typed", "unit"),
    [
        ("TEMP", "101.3 F", "Cel"),
        ("OXYSAT", "97 mmHg", "%"),
        ("OXYSAT", "97 % on air", "%"),
        ("OXYSAT", "%", "%"),
        ("RESP", "1e", "/min"),
        ("OXYSAT", "97 %%", "%"),
    ],
)
def test_another_unit_behind_a_value_is_never_taken(code, typed, unit):
    found = read(item(code), typed, unit)
    assert (found.outcome, found.check) == ("error", "not_a_number")


@pytest.mark.parametrize("typed", ["97%", "97 %"])
def test_a_file_has_its_unit_in_a_column_of_its_own(typed):
    assert judge("OXYSAT", typed, "%").check == "not_a_number"


@pytest.mark.parametrize(
    "typed", ["112/64", " 112 / 64 ", "112 64", "112/64 mmHg", "11264mm Hg"]
)
def test_a_pressure_is_two_numbers(typed):
    assert read_pressure(typed) == ("112", "64")


@pytest.mark.parametrize(
    "typed", ["80", "80/", "80/p", " 80 / P ", "80/?", "80/-", "80 mmHg"]
)
def test_a_systolic_pressure_alone_is_one_too(typed):
    assert read_pressure(typed) == ("80", "")


@pytest.mark.parametrize(
    "typed", ["", "/64", "80/x", "112/64/80", "a/b", "1120/64", "112/64 %"]
)
def test_what_is_no_pressure_says_how_to_type_one(typed):
    with pytest.raises(NotAPressure, match="Type the pressure as 112/64"):
        read_pressure(typed)


def test_a_diastolic_above_the_systolic_refuses_both():
    faults = pair_check({"SYSBP": 80.0, "DIABP": 81.0})
    assert {code: f.outcome for code, f in faults.items()} == {
        "SYSBP": "refused",
        "DIABP": "refused",
    }
    assert faults["DIABP"].sentence.endswith("Type both again.")


def test_a_diastolic_equal_to_the_systolic_stands():
    assert pair_check({"SYSBP": 80.0, "DIABP": 80.0}) == {}


def test_a_part_of_the_blood_count_above_the_whole_is_refused_alone():
    assert list(pair_check({"WBC": 4.0, "NEUT": 4.1, "LYM": 1.0})) == ["NEUT"]


@pytest.mark.parametrize(
    ("device", "flow", "expected"),
    [
        ("room_air", 0.0, {}),
        ("room_air", 2.0, {"OXYGEN_DEVICE": "refused", "OXYGEN_FLOW": "refused"}),
        ("nasal_cannula", 6.0, {}),
        ("nasal_cannula", 6.1, {"OXYGEN_FLOW": "questioned"}),
        ("simple_mask", 5.0, {}),
        ("simple_mask", 4.9, {"OXYGEN_FLOW": "questioned"}),
        ("simple_mask", 15.0, {}),
        ("simple_mask", 15.1, {"OXYGEN_FLOW": "questioned"}),
        ("non_rebreather", 15.0, {}),
        ("blow_by", 15.1, {"OXYGEN_FLOW": "questioned"}),
        ("high_flow_cannula", 15.1, {}),
        ("high_flow_cannula", 60.0, {}),
    ],
)
def test_a_flow_goes_with_its_device(device, flow, expected):
    faults = pair_check({"OXYGEN_FLOW": flow}, {"OXYGEN_DEVICE": device})
    assert {code: fault.outcome for code, fault in faults.items()} == expected


@pytest.mark.parametrize(
    ("flow", "outcome"),
    [("59.9", "accepted"), ("60", "accepted"), ("60.1", "questioned")],
)
def test_a_flow_that_a_high_flow_cannula_takes_is_not_asked_about(flow, outcome):
    """Asked of each set at 40 L/min, a question is soon answered unread."""
    assert entered("OXYGEN_FLOW", flow).outcome == outcome


# Beyond what the laboratory can measure


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("<0.5", 0.499999),
        ("< 0,5", 0.499999),
        (">0.5", 0.500001),
        ("<=0.5", 0.5),
        ("\u2265 0.5", 0.5),
        ("0.5", 0.5),
    ],
)
def test_a_result_beyond_the_limit_is_a_number_just_past_it(typed, number):
    found = entered("NEUT", typed)
    assert (found.feeds, found.number, found.typed) == (True, number, typed)


def test_a_limit_is_converted_before_it_is_passed():
    found = entered("CRP", "<0.5", "mg/dL")
    assert (found.number, found.understood) == (4.999999, "<0.5")


def test_what_is_above_all_that_can_be_measured_is_no_impossible_value():
    assert entered("K", ">10").number == 10.000001
    assert entered("K", ">11").outcome == "refused"
    assert entered("CRP", "<0").outcome == "refused"


@pytest.mark.parametrize("typed", ["<", ">", "<x", "< <5", "5<", "<1,234"])
def test_a_sign_without_a_limit_is_no_result(typed):
    assert entered("CRP", typed).outcome == "error"


@pytest.mark.parametrize("code", ["HR", "TEMP", "OXYSAT", "SYSBP", "WEIGHT"])
def test_at_the_bedside_there_is_no_limit_of_a_laboratory(code):
    assert entered(code, "<80").check == "not_a_number"


@pytest.mark.parametrize(
    ("code", "typed", "said"),
    [
        ("NEUT", "<0.1 10*9/L", "<0.1"),
        ("CRP", "<0.5 mg/dL", "<5.0"),
        ("CRP", "\u22645", "\u22645"),
        ("CRP", "5", ""),
    ],
)
def test_it_is_shown_as_it_was_typed(code, typed, said):
    value, _space, unit = typed.partition(" ")
    item = catalogue.item(code)
    number = entered(code, value, unit or item.unit).number
    assert censored.shown(item, number, typed) == said


@pytest.mark.parametrize(
    ("code", "typed", "floor"),
    [
        ("NEUT", "<0.1", True),
        ("NEUT", ">9", False),
        ("K", ">7", False),
        ("CREAT", ">900", True),
        ("CREAT", "900", False),
    ],
)
def test_a_grade_that_grows_past_the_limit_is_a_floor(code, typed, floor):
    assert censored.is_floor(catalogue.item(code), typed) is floor


@pytest.mark.parametrize(
    ("typed", "check", "unit"),
    [
        ("0", "", ""),
        ("0.6", "too_little", "L"),
        ("9.99", "too_little", ""),  # 9,990 mL would be no usual amount either.
        ("10", "", ""),
    ],
)
@pytest.mark.parametrize("code", ["URINE_OUTPUT", "FLUID_INTAKE"])
def test_an_amount_smaller_than_anybody_measures_asks_for_its_unit(
    code, typed, check, unit
):
    found = entered(code, typed, "mL", hours=2)
    assert (found.feeds, found.check) == (True, check)
    assert found.suggested_unit == unit
