"""Oxygen support and saturation."""

import polars as pl

from monitor.clinical.signs.registry import Lines, answers
from monitor.clinical.words import (
    choose,
    fall,
    is_one_of,
    known,
    now,
    sign,
    state,
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
    """Of the person's usual support no fraction is high (R10)."""
    return sign("on_oxygen") & (now("FIO2_USED") >= lines["fio2_high"])


@answers("OXYSAT", "spo2_low", "low saturation on air")
def spo2_low_on_air(lines: Lines) -> pl.Expr:
    return _low(lines) & ~sign("on_oxygen")


@answers("OXYSAT", "spo2_low", "low saturation, nobody said on what")
def spo2_low_unsaid(lines: Lines) -> pl.Expr:
    """On air it is low, and on oxygen that is new: a warning either way (11.1)."""
    return _low(lines) & sign("on_oxygen").is_null()


def _low(lines: Lines) -> pl.Expr:
    return choose(
        state("spo2_target"),
        now("OXYSAT") < lines["spo2_target_low"],
        now("OXYSAT") < lines["spo2_low"],
    )


@answers("OXYSAT", "spo2_very_low", "very low saturation on air")
def spo2_very_low_on_air(lines: Lines) -> pl.Expr:
    return _very_low(lines) & ~sign("on_oxygen")


@answers("OXYSAT", "spo2_very_low", "very low saturation, not on air")
def spo2_very_low_off_air(lines: Lines) -> pl.Expr:
    """On any oxygen, or with nobody saying what it was taken on (R22)."""
    return _very_low(lines) & ~known(~sign("on_oxygen"))


def _very_low(lines: Lines) -> pl.Expr:
    return choose(
        state("spo2_target"),
        now("OXYSAT") < lines["spo2_target_very_low"],
        now("OXYSAT") < lines["spo2_very_low"],
    )


@answers("OXYSAT", "spo2_low_on_support", "low saturation on much oxygen")
def spo2_low_on_much_oxygen(lines: Lines) -> pl.Expr:
    much = (now("OXYGEN_FLOW") >= lines["oxygen_much_flow"]) | (
        now("FIO2_USED") >= lines["oxygen_much_fio2"]
    )
    return sign("on_oxygen") & much & (now("OXYSAT") < lines["spo2_low_on_support"])


@answers("OXYSAT", "spo2_steady", "saturation steady")
def spo2_steady(lines: Lines) -> pl.Expr:
    """Or near the usual one, where that is known and lower (B4)."""
    usual = known(fall("OXYSAT") <= lines["spo2_near_usual"])
    return (now("OXYSAT") >= lines["spo2_steady"]) | usual


@answers("OXYSAT", "spo2_low", "saturation tried, unrecordable")
def spo2_unrecordable(lines: Lines) -> pl.Expr:
    return pl.col("gone:OXYSAT")
