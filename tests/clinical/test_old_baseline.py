"""A baseline of vital signs of more than a day ago is used, and called old (B1)."""

from monitor.episodes.beside import beside_fields

from .charts import assessed, line

CHART = (
    "{},set,T 36.7 HR 78 BP 128/76 RR 16 SpO2 98 air A\n0:00,dose,aldesleukin,1,mg\n"
    "1:00,set,T 36.8 HR 80 BP 96/60 RR 16 SpO2 98 air A\n"
    "1:20,set,T 36.8 HR 80 BP 96/60 RR 16 SpO2 98 air A\n"
)
FALLEN = (
    "Criteria met: Falling blood pressure; no CRS grade on ASTCT, because pressure "
    "falling, not yet low (SBP 96 mmHg, baseline 128)"
)


def said(before: str) -> tuple[bool, str, list[str]]:
    found = assessed(CHART.format(before))
    one = line(found, "crs", "1:20")
    beside = found.scores["P1", "1"]["old_baselines"]
    return one["patterns"]["falling_pressure"], one["explanation"], beside


def test_an_old_baseline_is_used_and_marked():
    falling, explanation, old = said("-24:01")
    assert falling is True
    assert explanation == f"{FALLEN}, old baseline: SBP."
    assert old == ["TEMP", "SYSBP", "DIABP", "HR", "RESP", "OXYSAT"]


def test_one_of_the_last_day_is_not():
    falling, explanation, old = said("-24:00")
    assert (falling, explanation, old) == (True, f"{FALLEN}.", [])


def test_one_of_more_than_three_days_is_no_baseline():
    falling, _, old = said("-72:01")
    assert (falling, old) == (None, [])


def test_the_form_says_it_beside_its_field():
    base = {"SYSBP": 128.0, "DIABP": 76.0, "RESP": 16.0}
    told = beside_fields({"baseline": base, "scores": {"old_baselines": ["SYSBP"]}})
    assert told == {"RESP": "pre-dose 16", "BP": "old baseline 128/76"}
