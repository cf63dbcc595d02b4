"""Pressure, pulse and oxygen that change before they are dangerous."""

import polars as pl

from monitor.clinical.signs.registry import Lines, answers
from monitor.clinical.words import (
    any_of,
    fall,
    fall_percent,
    is_one_of,
    now,
    rise,
    sign,
    state,
    warmth,
)


@answers("SHOCK_INDEX", "shock_index_high", "high shock index")
def shock_index_high(lines: Lines) -> pl.Expr:
    return now("SHOCK_INDEX") >= lines["shock_index_high"]


@answers("SHOCK_INDEX", "shock_index_rise", "shock index risen")
def shock_index_risen(lines: Lines) -> pl.Expr:
    return rise("SHOCK_INDEX") >= lines["shock_index_rise"]


@answers("SHOCK_INDEX", "shock_index_very_high", "very high shock index")
def shock_index_very_high(lines: Lines) -> pl.Expr:
    return now("SHOCK_INDEX") >= lines["shock_index_very_high"]


@answers("SHOCK_INDEX", "shock_index_over", "shock index settled")
def shock_index_settled(lines: Lines) -> pl.Expr:
    return (now("SHOCK_INDEX") < lines["shock_index_over"]) | (
        rise("SHOCK_INDEX") < lines["shock_index_near_base"]
    )


@answers("HR", "hr_unexplained", "heart faster than the fever explains")
def heart_rate_unexplained(lines: Lines) -> pl.Expr:
    by_fever = warmth("TEMP", lines["hr_fever_from"]) * lines["hr_per_degree"]
    beyond = rise("HR") - by_fever > lines["hr_unexplained"]
    return (now("HR") >= lines["hr_fast"]) & beyond


@answers("HR", "hr_fast", "heart out of proportion")
def heart_out_of_proportion(lines: Lines) -> pl.Expr:
    return sign("heart_rate_high") | sign("heart_rate_unexplained")


@answers("HR", "hr_very_high", "extremely fast heart")
def heart_rate_very_high(lines: Lines) -> pl.Expr:
    return now("HR") > lines["hr_very_high"]


@answers("HR", "hr_back", "heart rate settled")
def heart_rate_settled(lines: Lines) -> pl.Expr:
    return (now("HR") <= lines["hr_back"]) | ~sign("heart_out_of_proportion")


@answers("RHYTHM", "hr_high", "not in sinus rhythm")
def not_sinus(lines: Lines) -> pl.Expr:
    return ~is_one_of("RHYTHM", "sinus", "sinus_tachycardia", "sinus_bradycardia")


@answers("OXYSAT", "spo2_fall", "saturation fallen")
def spo2_fallen(lines: Lines) -> pl.Expr:
    return fall("OXYSAT") >= lines["spo2_fall"]


@answers("OXYSAT", "spo2_reduced", "reduced saturation on air")
def spo2_reduced_on_air(lines: Lines) -> pl.Expr:
    return _reduced(lines) & ~sign("on_oxygen")


@answers("OXYSAT", "spo2_reduced", "reduced saturation, nobody said on what")
def spo2_reduced_unsaid(lines: Lines) -> pl.Expr:
    """On air it is reduced, and oxygen would be demanded: P7 either way."""
    return _reduced(lines) & sign("on_oxygen").is_null()


def _reduced(lines: Lines) -> pl.Expr:
    """Where a target of 88-92 is documented, the lines of that target hold."""
    return (now("OXYSAT") <= lines["spo2_reduced"]) & ~state("spo2_target")


@answers("OXYSAT", "spo2_settled", "saturation settled")
def spo2_settled(lines: Lines) -> pl.Expr:
    return (now("OXYSAT") >= lines["spo2_settled"]) | (
        fall("OXYSAT") <= lines["nothing"]
    )


@answers("OXYGEN_DEVICE", "oxygen_low_flow", "high-flow oxygen, a mask or more")
def on_high_flow_or_more(lines: Lines) -> pl.Expr:
    return any_of([sign("on_high_flow"), sign("on_positive_pressure")])


@answers("OXYSAT", "spo2_very_low", "very low saturation")
def spo2_very_low(lines: Lines) -> pl.Expr:
    return now("OXYSAT") < lines["spo2_very_low"]


# Soon after a dose began -------------------------------------------------------------
@answers("SYSBP", "infusion_sbp_fall_percent", "pressure down after the start")
def pressure_down_after_start(lines: Lines) -> pl.Expr:
    down = fall_percent("SYSBP") >= lines["infusion_sbp_fall_percent"]
    return state("just_after_start") & down


@answers("OXYSAT", "spo2_low", "saturation down after the start")
def saturation_down_after_start(lines: Lines) -> pl.Expr:
    return state("just_after_start") & sign("spo2_low_on_air")
