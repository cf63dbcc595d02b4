"""Cytokine release: what moves before it is low, markers, and a fever that returns."""

import polars as pl

from monitor.clinical.patterns import Clearing, Lines, pattern, raises
from monitor.clinical.words import any_of, sign, state


@pattern(
    "P5",
    "crs",
    "Shock index",
    needs=("HR", "SYSBP"),
    signs=("shock_index_high", "shock_index_risen"),
    source="PROJ",
    clearing=Clearing(
        fresh=("HR", "SYSBP"),
        hours="falling_clear_hours",
        sets="falling_clear_sets",
        rule=lambda lines: sign("shock_index_settled"),
        blocked=lambda lines: state("held_up_lately"),
    ),
)
def shock_index(lines: Lines) -> pl.Expr:
    """High at two readings, or risen at one (R2)."""
    return state("crs_window") & (
        sign("shock_index_risen") | sign("shock_index_high_twice")
    )


@raises("shock_index", "warning")
def shock_index_warning(lines: Lines) -> pl.Expr:
    return (
        state("crs_window")
        & sign("shock_index_very_high_twice")
        & ~state("expected_fever")
    )


@pattern(
    "P6",
    "crs",
    "Tachycardia out of proportion",
    needs=("HR", "TEMP"),
    signs=("heart_rate_high", "heart_rate_unexplained"),
    source="S13",
    clearing=Clearing(
        fresh=("HR",),
        hours="falling_clear_hours",
        sets="falling_clear_sets",
        rule=lambda lines: sign("heart_rate_settled"),
    ),
)
def tachycardia(lines: Lines) -> pl.Expr:
    return state("crs_window") & sign("heart_out_of_proportion_twice")


@raises("tachycardia", "warning")
def tachycardia_warning(lines: Lines) -> pl.Expr:
    return state("crs_window") & sign("heart_rate_high_twice")


@raises("tachycardia", "critical")
def tachycardia_critical(lines: Lines) -> pl.Expr:
    """Extremely fast, or another rhythm than sinus with a low pressure."""
    fast = sign("heart_out_of_proportion")
    unstable = fast & sign("not_sinus") & sign("low_pressure")
    return state("crs_window") & (sign("heart_rate_very_high") | unstable)


@pattern(
    "P7",
    "crs",
    "Rising oxygen demand",
    needs=("OXYSAT", "OXYGEN_DEVICE"),
    signs=(
        *("on_oxygen", "spo2_reduced_on_air", "spo2_reduced_unsaid"),
        "spo2_fallen",
    ),
    source="PROJ",
    clearing=Clearing(
        fresh=("OXYSAT",),
        hours="oxygen_clear_hours",
        sets="oxygen_clear_sets",
        rule=lambda lines: ~oxygen_demand(lines) & sign("spo2_settled"),
    ),
)
def rising_oxygen(lines: Lines) -> pl.Expr:
    """First oxygen stands for every step up: who steps up is on oxygen already."""
    return state("crs_window") & oxygen_demand(lines)


def oxygen_demand(lines: Lines) -> pl.Expr:
    reduced = sign("spo2_reduced_on_air") | sign("spo2_reduced_unsaid")
    return any_of([sign("on_oxygen"), reduced, sign("spo2_fallen")])


@raises("rising_oxygen", "warning")
def rising_oxygen_warning(lines: Lines) -> pl.Expr:
    low = sign("spo2_low_on_air") | sign("spo2_low_unsaid")
    return state("crs_window") & (sign("on_oxygen") | low)


@raises("rising_oxygen", "critical")
def rising_oxygen_critical(lines: Lines) -> pl.Expr:
    return state("crs_window") & (
        sign("spo2_very_low_on_air") | sign("on_high_flow_or_more")
    )


@pattern(
    "P8",
    "crs",
    "Fever with inflammation",
    needs=("TEMP", "CRP"),
    signs=("crp_high", "ferritin_high", "il6_high"),
    source="PROJ",
    clearing=Clearing(
        fresh=("CRP", "FERRITIN", "INTLK6"),
        hours="markers_clear_hours",
        sets="markers_clear_sets",
        gap="lab_gap_hours",
        rule=lambda lines: sign("markers_falling"),
    ),
)
def inflammation(lines: Lines) -> pl.Expr:
    """Two markers high within a day of a fever, not blurred by an anticytokine."""
    return state("crs_window") & sign("fever_within_day") & sign("markers_high")


@pattern(
    "P11",
    "crs",
    "Fever again",
    needs=("TEMP",),
    signs=("fever",),
    source="PROJ",
    base_level="warning",
    clearing=Clearing(
        fresh=("TEMP",),
        hours="fever_clear_hours",
        sets="fever_clear_sets",
        blocked=lambda lines: state("fever_drug_lately"),
    ),
)
def recurrent_fever(lines: Lines) -> pl.Expr:
    """A new fever after the cycle's first one was closed."""
    return state("crs_window") & sign("fever") & state("fever_again")
