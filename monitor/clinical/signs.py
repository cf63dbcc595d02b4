"""One bedside sentence, one named answer: true, false, or null for unknown.

A sign sees a timeline's columns through `words` and the numbers of the protocol in
force through `lines`. No number stands here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from monitor.clinical.words import (
    any_of,
    choose,
    fall,
    fall_percent,
    is_one_of,
    now,
    rise,
    sign,
    state,
    under_usual,
)

Lines = Mapping[str, float]
Rule = Callable[[Lines], pl.Expr]


@dataclass(frozen=True, slots=True)
class Sign:
    """A named answer, the item whose value decides it, and the line it is held to."""

    name: str
    item: str
    line: str
    says: str
    rule: Rule


SIGNS: dict[str, Sign] = {}
COMBINED: dict[str, Sign] = {}


def answers(
    item: str, line: str, says: str, combined: bool = False
) -> Callable[[Rule], Rule]:
    """Enter a sign in the list; a combined one is made of other signs."""

    def enter(rule: Rule) -> Rule:
        register = COMBINED if combined else SIGNS
        register[rule.__name__] = Sign(rule.__name__, item, line, says, rule)
        return rule

    return enter


# Temperature ------------------------------------------------------------------------
@answers("TEMP", "fever", "fever")
def fever(lines: Lines) -> pl.Expr:
    return now("TEMP") >= lines["fever"]


@answers("TEMP", "fever_very_high", "very high fever")
def very_high_fever(lines: Lines) -> pl.Expr:
    return now("TEMP") >= lines["fever_very_high"]


# Blood pressure ---------------------------------------------------------------------
@answers("SYSBP", "sbp_low", "systolic pressure under the line")
def sbp_below_line(lines: Lines) -> pl.Expr:
    return now("SYSBP") < pl.col("line:SYSBP")


@answers("SYSBP", "sbp_very_low", "very low systolic pressure")
def sbp_very_low(lines: Lines) -> pl.Expr:
    return now("SYSBP") < lines["sbp_very_low"]


@answers("MAP", "map_low", "low mean arterial pressure")
def map_low(lines: Lines) -> pl.Expr:
    return now("MAP") < lines["map_low"]


@answers("SYSBP", "sbp_recovered", "systolic pressure recovered")
def sbp_recovered(lines: Lines) -> pl.Expr:
    return now("SYSBP") >= lines["sbp_recovered"]


@answers("SYSBP", "sbp_fall_percent", "systolic pressure down by a fifth")
def sbp_down_fifth(lines: Lines) -> pl.Expr:
    return fall_percent("SYSBP") >= lines["sbp_fall_percent"]


@answers("SYSBP", "sbp_fall", "systolic pressure falling")
def sbp_falling(lines: Lines) -> pl.Expr:
    return (fall("SYSBP") >= lines["sbp_fall"]) | (
        fall_percent("SYSBP") >= lines["sbp_fall_percent"]
    )


@answers("SYSBP", "sbp_fall_strong", "systolic pressure far under the baseline")
def sbp_far_under(lines: Lines) -> pl.Expr:
    return fall("SYSBP") >= lines["sbp_fall_strong"]


@answers("SYSBP", "sbp_fall_strong", "systolic pressure far under the usual one")
def sbp_far_under_usual(lines: Lines) -> pl.Expr:
    return under_usual("SYSBP") >= lines["sbp_fall_strong"]


@answers("SYSBP", "sbp_near_base_percent", "systolic pressure near the baseline")
def sbp_near_base(lines: Lines) -> pl.Expr:
    return fall_percent("SYSBP") <= lines["sbp_near_base_percent"]


@answers("SYSBP", "sbp_low", "low pressure", combined=True)
def low_pressure(lines: Lines) -> pl.Expr:
    """Under the line, and for a person whose usual pressure is low a clear answer."""
    clear_answer = (
        sign("sbp_very_low") | sign("sbp_down_fifth") | pl.col("said:hypotension")
    )
    return sign("sbp_below_line") & (~state("usual_low") | clear_answer)


@answers("SYSBP", "sbp_confirm_usual", "low for this person?", combined=True)
def low_pressure_asked(lines: Lines) -> pl.Expr:
    return sign("sbp_below_line") & sign("low_pressure").is_null()


@answers("SYSBP", "sbp_fall", "pressure falling, not yet low", combined=True)
def pressure_falling(lines: Lines) -> pl.Expr:
    return sign("sbp_falling") & ~sign("sbp_below_line")


@answers("SYSBP", "sbp_fall_strong", "pressure falling far, not yet low", combined=True)
def pressure_falling_far(lines: Lines) -> pl.Expr:
    return sign("sbp_far_under") & ~sign("sbp_below_line")


# Heart and breathing ----------------------------------------------------------------
@answers("HR", "hr_rise", "heart rate risen")
def heart_rate_risen(lines: Lines) -> pl.Expr:
    return rise("HR") >= lines["hr_rise"]


@answers("HR", "hr_high", "fast heart")
def heart_rate_high(lines: Lines) -> pl.Expr:
    return now("HR") > lines["hr_high"]


@answers("HR", "hr_very_high", "very fast or very slow heart")
def heart_rate_extreme(lines: Lines) -> pl.Expr:
    return (now("HR") > lines["hr_very_high"]) | (now("HR") < lines["hr_very_low"])


@answers("RHYTHM", "hr_very_high", "new arrhythmia")
def arrhythmia(lines: Lines) -> pl.Expr:
    return is_one_of("RHYTHM", "other", "af", "flutter", "svt", "bradycardia")


@answers("RESP", "rr_high", "fast breathing")
def breathing_fast(lines: Lines) -> pl.Expr:
    return now("RESP") >= lines["rr_high"]


@answers("RESP", "rr_very_high", "very fast or very slow breathing")
def breathing_extreme(lines: Lines) -> pl.Expr:
    return (now("RESP") >= lines["rr_very_high"]) | (
        now("RESP") <= lines["rr_very_low"]
    )


# Oxygen -----------------------------------------------------------------------------
@answers("OXYGEN_DEVICE", "oxygen_low_flow", "oxygen beyond the baseline")
def on_oxygen(lines: Lines) -> pl.Expr:
    return ~is_one_of("SUPPORT", "none")


@answers("OXYGEN_DEVICE", "oxygen_low_flow", "low-flow oxygen")
def on_low_flow(lines: Lines) -> pl.Expr:
    return is_one_of("SUPPORT", "low_flow")


@answers("OXYGEN_DEVICE", "oxygen_low_flow", "high-flow oxygen or a mask")
def on_high_flow(lines: Lines) -> pl.Expr:
    return is_one_of("SUPPORT", "high_flow")


@answers("OXYGEN_DEVICE", "oxygen_low_flow", "positive pressure")
def on_positive_pressure(lines: Lines) -> pl.Expr:
    return is_one_of("SUPPORT", "positive_pressure")


@answers("OXYGEN_DEVICE", "oxygen_low_flow", "ventilator")
def on_ventilator(lines: Lines) -> pl.Expr:
    return is_one_of("OXYGEN_DEVICE", "invasive_ventilation")


@answers("FIO2", "fio2_high", "oxygen of 40 % or more")
def high_fraction(lines: Lines) -> pl.Expr:
    return now("FIO2_USED") >= lines["fio2_high"]


@answers("OXYSAT", "spo2_low", "low saturation on air", combined=True)
def spo2_low_on_air(lines: Lines) -> pl.Expr:
    low = choose(
        state("spo2_target"),
        now("OXYSAT") < lines["spo2_target_low"],
        now("OXYSAT") < lines["spo2_low"],
    )
    return low & ~sign("on_oxygen")


@answers("OXYSAT", "spo2_very_low", "very low saturation on air", combined=True)
def spo2_very_low_on_air(lines: Lines) -> pl.Expr:
    low = choose(
        state("spo2_target"),
        now("OXYSAT") < lines["spo2_target_very_low"],
        now("OXYSAT") < lines["spo2_very_low"],
    )
    return low & ~sign("on_oxygen")


@answers(
    "OXYSAT", "spo2_low_on_support", "low saturation on much oxygen", combined=True
)
def spo2_low_on_much_oxygen(lines: Lines) -> pl.Expr:
    much = (now("OXYGEN_FLOW") >= lines["oxygen_much_flow"]) | (
        now("FIO2_USED") >= lines["oxygen_much_fio2"]
    )
    return sign("on_oxygen") & much & (now("OXYSAT") < lines["spo2_low_on_support"])


@answers("OXYSAT", "spo2_steady", "saturation steady")
def spo2_steady(lines: Lines) -> pl.Expr:
    return now("OXYSAT") >= lines["spo2_steady"]


# Fluid, albumin, weight -------------------------------------------------------------
@answers("ALB", "albumin_low", "low albumin")
def albumin_low(lines: Lines) -> pl.Expr:
    return now("ALB") < lines["albumin_low"]


@answers("ALB", "albumin_fall", "albumin fallen")
def albumin_fallen(lines: Lines) -> pl.Expr:
    return fall("ALB") >= lines["albumin_fall"]


@answers("ALB", "albumin_very_low", "very low albumin")
def albumin_very_low(lines: Lines) -> pl.Expr:
    return now("ALB") < lines["albumin_very_low"]


@answers("ALB", "albumin_fall_large", "albumin fallen far")
def albumin_fallen_far(lines: Lines) -> pl.Expr:
    return fall("ALB") >= lines["albumin_fall_large"]


@answers("WEIGHT_RISE", "weight_rise", "weight up on the previous treatment day")
def weight_up(lines: Lines) -> pl.Expr:
    return now("WEIGHT_RISE") >= lines["weight_rise"]


@answers(
    "WEIGHT_RISE", "weight_rise_large", "weight far up on the previous treatment day"
)
def weight_far_up(lines: Lines) -> pl.Expr:
    return now("WEIGHT_RISE") >= lines["weight_rise_large"]


@answers("EDEMA_LIMBS", "symptom_mild", "new edema")
def new_edema(lines: Lines) -> pl.Expr:
    return any_of(
        rise(item) >= lines["symptom_mild"]
        for item in (
            "EDEMA_LIMBS",
            "GENERALIZED_EDEMA",
            "PULMONARY_EDEMA",
            "PLEURAL_EFFUSION",
        )
    )


@answers("URINE_8H", "urine_low_8h", "little urine in 8 hours")
def urine_low(lines: Lines) -> pl.Expr:
    return now("URINE_8H") < lines["urine_low_8h"]


@answers("LACTICAC", "lactate_high", "high lactate")
def lactate_high(lines: Lines) -> pl.Expr:
    return now("LACTICAC") >= lines["lactate_high"]


# Brain, airway, symptoms ------------------------------------------------------------
@answers("CHILLS", "symptom_mild", "rigors")
def rigors(lines: Lines) -> pl.Expr:
    return now("CHILLS") >= lines["symptom_mild"]


@answers("ACVPU", "symptom_mild", "new confusion")
def confused(lines: Lines) -> pl.Expr:
    return is_one_of("ACVPU", "C", "V", "P", "U")


@answers("ACVPU", "symptom_mild", "wakes to pain or not at all")
def unresponsive(lines: Lines) -> pl.Expr:
    return is_one_of("ACVPU", "P", "U")


@answers("SEIZURE", "symptom_mild", "seizure")
def seizure(lines: Lines) -> pl.Expr:
    return now("SEIZURE") >= lines["symptom_mild"]


@answers("SYNCOPE", "symptom_mild", "syncope")
def syncope(lines: Lines) -> pl.Expr:
    return now("SYNCOPE") >= lines["symptom_mild"]


@answers("RHYTHM", "symptom_mild", "ventricular tachycardia")
def ventricular_tachycardia(lines: Lines) -> pl.Expr:
    return is_one_of("RHYTHM", "vt")


@answers("CHEST_PAIN_CARDIAC", "symptom_mild", "chest pain")
def chest_pain(lines: Lines) -> pl.Expr:
    return now("CHEST_PAIN_CARDIAC") >= lines["symptom_mild"]


@answers("STRIDOR", "symptom_mild", "stridor or airway swelling")
def airway(lines: Lines) -> pl.Expr:
    return (now("STRIDOR") >= lines["symptom_mild"]) | (
        now("LARYNGEAL_EDEMA") >= lines["symptom_mild"]
    )


@answers("NAUSEA", "symptom_mild", "constitutional symptom")
def constitutional_symptom(lines: Lines) -> pl.Expr:
    return any_of(
        now(item) >= lines["symptom_mild"]
        for item in ("CHILLS", "NAUSEA", "FATIGUE", "HEADACHE", "MYALGIA", "MALAISE")
    )


# Tried without a result -------------------------------------------------------------
@answers("SYSBP", "sbp_low", "pressure tried, unrecordable")
def sbp_unrecordable(lines: Lines) -> pl.Expr:
    return pl.col("gone:SYSBP")


@answers("OXYSAT", "spo2_low", "saturation tried, unrecordable")
def spo2_unrecordable(lines: Lines) -> pl.Expr:
    return pl.col("gone:OXYSAT")
