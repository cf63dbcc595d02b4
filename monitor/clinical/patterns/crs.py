"""Cytokine release: what comes before grade 2, and fever that a drug may hide.

P2 itself (`crs`) is a grade, and stands in `grading`.
"""

import polars as pl

from monitor.clinical.patterns import Clearing, Lines, pattern, raises
from monitor.clinical.words import any_of, known, sign, state


@pattern(
    "P1",
    "crs",
    "Fever onset",
    needs=("TEMP",),
    signs=("fever",),
    source="S1",
    clearing=Clearing(
        fresh=("TEMP",),
        hours="fever_clear_hours",
        sets="fever_clear_sets",
        blocked=lambda lines: state("fever_drug_lately"),
    ),
)
def fever_onset(lines: Lines) -> pl.Expr:
    return sign("fever") & state("crs_window")


@raises("fever_onset", "warning", together=True)
def fever_onset_warning(lines: Lines) -> pl.Expr:
    """A fever that is not expected, or not any more: it lasts in spite of the window.

    The window's end alone raises nothing where the fever is over (B3).
    """
    return fever_onset(lines) & (~state("expected_fever") | state("fever_long"))


@raises("fever_onset", "critical")
def fever_onset_critical(lines: Lines) -> pl.Expr:
    """Very high with any other danger sign."""
    return fever_onset(lines) & sign("very_high_fever") & state("other_danger")


@pattern(
    "P3",
    "crs",
    "Fever possibly masked",
    needs=("TEMP",),
    signs=(
        "rigors",
        "low_pressure",
        "sbp_down_fifth",
        "heart_rate_risen",
        "on_oxygen",
    ),
    source="PROJ",
    clearing=Clearing(
        fresh=("TEMP",),
        hours="masked_clear_hours",
        sets="masked_clear_sets",
        rule=lambda lines: ~sign("fever") & signs_gone(lines),
    ),
)
def masked_fever(lines: Lines) -> pl.Expr:
    """No fever, an antipyretic effect on board, and what fever would bring (R4)."""
    return (
        ~sign("fever")
        & state("masked")
        & what_fever_would_bring(lines)
        & state("crs_window")
    )


def what_fever_would_bring(lines: Lines) -> pl.Expr:
    return any_of([sign("rigors"), sign("heart_rate_risen"), circulation(lines)])


def signs_gone(lines: Lines) -> pl.Expr:
    """Rigors are short-lived: what is no longer reported is over, the rest is seen."""
    return ~known(sign("rigors")) & ~sign("heart_rate_risen") & ~circulation(lines)


def circulation(lines: Lines) -> pl.Expr:
    """Low pressure, also one that a vasopressor holds up (R11), a fall, or oxygen."""
    low = sign("low_pressure") | (state("pressor") & ~state("in_procedure"))
    return any_of([low, sign("sbp_down_fifth"), sign("on_oxygen")])


@raises("masked_fever", "warning")
def masked_fever_warning(lines: Lines) -> pl.Expr:
    return masked_fever(lines) & circulation(lines)


@raises("masked_fever", "critical")
def masked_fever_critical(lines: Lines) -> pl.Expr:
    return masked_fever(lines) & state("grave_danger")


@pattern(
    "P4",
    "crs",
    "Falling blood pressure",
    needs=("SYSBP",),
    signs=("pressure_falling",),
    source="PROJ",
    clearing=Clearing(
        fresh=("SYSBP",),
        hours="falling_clear_hours",
        sets="falling_clear_sets",
        rule=lambda lines: sign("sbp_near_base") & ~sign("pressure_falling"),
        blocked=lambda lines: state("held_up_lately"),
    ),
)
def falling_pressure(lines: Lines) -> pl.Expr:
    return sign("pressure_falling_twice") & state("crs_window")


@raises("falling_pressure", "warning")
def falling_pressure_warning(lines: Lines) -> pl.Expr:
    """So far a fall is expected in no window (B6)."""
    return sign("pressure_falling_far_twice") & state("crs_window")
