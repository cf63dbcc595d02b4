"""Fever that the study drug does not explain by its time."""

import polars as pl

from monitor.clinical.patterns import Clearing, Lines, pattern, raises
from monitor.clinical.words import sign, state


@pattern(
    "R7",
    "other_cause",
    "Fever outside the window",
    topic="fever",
    needs=("TEMP",),
    signs=("fever",),
    source="PROJ",
    base_level="warning",
    clearing=Clearing(
        fresh=("TEMP",),
        hours="fever_clear_hours",
        sets="fever_clear_sets",
        blocked=lambda lines: state("culture_pending"),
    ),
)
def fever_outside_window(lines: Lines) -> pl.Expr:
    return sign("fever") & ~state("crs_window")


@raises("fever_outside_window", "critical")
def fever_outside_window_critical(lines: Lines) -> pl.Expr:
    """With a grave danger sign, hardly any neutrophils, or rigors with a line."""
    rigors = sign("rigors") & state("central_line")
    infection = sign("neutrophils_very_low") | rigors
    return fever_outside_window(lines) & (state("grave_danger") | infection)
