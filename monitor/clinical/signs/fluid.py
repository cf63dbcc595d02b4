"""Weight over the cycle, thick blood, urine, balance and kidneys."""

import polars as pl

from monitor.clinical.signs.leak import risen_edema
from monitor.clinical.signs.registry import Lines, answers
from monitor.clinical.words import (
    any_of,
    now,
    rise,
    rise_percent,
    sign,
    times_base,
)


@answers("WEIGHT", "weight_leak_gain", "weight up since cycle day 1")
def weight_up_on_cycle(lines: Lines) -> pl.Expr:
    return (rise("WEIGHT") >= lines["weight_leak_gain"]) | (
        rise_percent("WEIGHT") >= lines["weight_leak_percent"]
    )


@answers("WEIGHT", "weight_cycle_percent", "weight up since cycle day 1, in percent")
def weight_up_percent(lines: Lines) -> pl.Expr:
    return rise_percent("WEIGHT") >= lines["weight_cycle_percent"]


@answers(
    "WEIGHT",
    "weight_cycle_large_percent",
    "weight far up since cycle day 1, in percent",
)
def weight_up_large_percent(lines: Lines) -> pl.Expr:
    return rise_percent("WEIGHT") >= lines["weight_cycle_large_percent"]


@answers("WEIGHT", "balance_weight", "weight up with fluid")
def weight_up_with_fluid(lines: Lines) -> pl.Expr:
    return rise("WEIGHT") >= lines["balance_weight"]


@answers("WEIGHT_RISE", "nothing", "weight falling")
def weight_falling(lines: Lines) -> pl.Expr:
    return now("WEIGHT_RISE") < lines["nothing"]


@answers("EDEMA_LIMBS", "symptom_moderate", "edema of grade 2")
def edema_moderate(lines: Lines) -> pl.Expr:
    return any_of(moderate_edemas(lines)) & sign("new_edema")


def moderate_edemas(lines: Lines) -> list[pl.Expr]:
    """Each kind that is graded so, for itself."""
    return [
        now(item) >= lines["symptom_moderate"]
        for item in ("EDEMA_LIMBS", "GENERALIZED_EDEMA")
    ]


@answers("PLEURAL_EFFUSION", "symptom_mild", "effusion")
def effusion(lines: Lines) -> pl.Expr:
    return rise("PLEURAL_EFFUSION") >= lines["symptom_mild"]


@answers("PULMONARY_EDEMA", "symptom_mild", "pulmonary edema")
def pulmonary_edema(lines: Lines) -> pl.Expr:
    return risen_edema("PULMONARY_EDEMA") >= lines["symptom_mild"]


@answers("HEMO_RATIO", "hct_times", "hematocrit risen")
def hematocrit_risen(lines: Lines) -> pl.Expr:
    return now("HEMO_RATIO") >= lines["hct_times"]


@answers("HEMO_RATIO", "hct_times_strong", "hematocrit risen far")
def hematocrit_risen_far(lines: Lines) -> pl.Expr:
    return now("HEMO_RATIO") >= lines["hct_times_strong"]


@answers("URINE_PER_KG", "urine_per_kg", "little urine for the weight")
def urine_little(lines: Lines) -> pl.Expr:
    return now("URINE_PER_KG") < lines["urine_per_kg"]


@answers("URINE_PER_KG_12H", "urine_per_kg", "little urine for 12 hours")
def urine_little_for_long(lines: Lines) -> pl.Expr:
    return now("URINE_PER_KG_12H") < lines["urine_per_kg"]


@answers("URINE_PER_KG", "urine_brisk", "brisk urine")
def urine_brisk(lines: Lines) -> pl.Expr:
    return now("URINE_PER_KG") > lines["urine_brisk"]


@answers("BALANCE_24H", "balance_day", "fluid kept over a day")
def fluid_kept_day(lines: Lines) -> pl.Expr:
    return now("BALANCE_24H") >= lines["balance_day"]


@answers("BALANCE_72H", "balance_three_days", "fluid kept over three days")
def fluid_kept_days(lines: Lines) -> pl.Expr:
    return now("BALANCE_72H") >= lines["balance_three_days"]


@answers("BALANCE_24H", "balance_back", "fluid in balance")
def fluid_in_balance(lines: Lines) -> pl.Expr:
    return now("BALANCE_24H") <= lines["balance_back"]


@answers("SYSBP", "sbp_hypertension", "high pressure")
def pressure_high(lines: Lines) -> pl.Expr:
    return now("SYSBP") >= lines["sbp_hypertension"]


@answers("CREAT", "creatinine_times", "creatinine risen")
def creatinine_risen(lines: Lines) -> pl.Expr:
    return times_base("CREAT") >= lines["creatinine_times"]


@answers("CREAT_RISE", "creatinine_rise", "creatinine rising within two days")
def creatinine_rising(lines: Lines) -> pl.Expr:
    return now("CREAT_RISE") >= lines["creatinine_rise"]


@answers("CREAT", "creatinine_times_warning", "creatinine doubled")
def creatinine_doubled(lines: Lines) -> pl.Expr:
    return times_base("CREAT") >= lines["creatinine_times_warning"]


@answers("CREAT", "creatinine_times_critical", "creatinine tripled")
def creatinine_tripled(lines: Lines) -> pl.Expr:
    return times_base("CREAT") >= lines["creatinine_times_critical"]


@answers("K", "potassium_high", "high potassium")
def potassium_high(lines: Lines) -> pl.Expr:
    return now("K") > lines["potassium_high"]


@answers("K", "potassium_very_high", "very high potassium")
def potassium_very_high(lines: Lines) -> pl.Expr:
    return now("K") >= lines["potassium_very_high"]


@answers("LACTICAC", "lactate_raised", "raised lactate")
def lactate_raised(lines: Lines) -> pl.Expr:
    return now("LACTICAC") >= lines["lactate_raised"]
