"""Markers of inflammation and infection, and blood cells that fall."""

import polars as pl

from monitor.clinical.signs.registry import Lines, answers
from monitor.clinical.words import (
    at_least,
    base,
    normal_low,
    now,
    sign,
    state,
    times_base,
    times_normal,
    unless,
)


@answers("CRP", "crp_high", "high CRP")
def crp_high(lines: Lines) -> pl.Expr:
    high = (now("CRP") >= lines["crp_high"]) & (times_base("CRP") >= lines["crp_times"])
    return unless(state("crp_blurred"), high)


@answers("FERRITIN", "ferritin_high", "high ferritin")
def ferritin_high(lines: Lines) -> pl.Expr:
    return (now("FERRITIN") >= lines["ferritin_high"]) & (
        times_base("FERRITIN") >= lines["ferritin_times"]
    )


@answers("INTLK6", "il6_times_normal", "high interleukin 6")
def il6_high(lines: Lines) -> pl.Expr:
    high = times_normal("INTLK6") >= lines["il6_times_normal"]
    return unless(state("il6_blurred"), high)


@answers("CRP", "markers_needed", "markers high together")
def markers_high(lines: Lines) -> pl.Expr:
    return at_least(
        lines["markers_needed"],
        sign("crp_high"),
        sign("ferritin_high"),
        sign("il6_high"),
    )


@answers("CRP_CHANGE", "markers_needed", "markers falling together")
def markers_falling(lines: Lines) -> pl.Expr:
    return at_least(
        lines["markers_needed"],
        unless(state("crp_blurred"), now("CRP_CHANGE") < lines["nothing"]),
        now("FERRITIN_CHANGE") < lines["nothing"],
        unless(state("il6_blurred"), now("INTLK6_CHANGE") < lines["nothing"]),
    )


# Infection ---------------------------------------------------------------------------
@answers("NEUT", "neut_low", "few neutrophils")
def neutrophils_low(lines: Lines) -> pl.Expr:
    return now("NEUT") < lines["neut_low"]


@answers("NEUT", "neut_cut_4", "very few neutrophils")
def neutrophils_very_low(lines: Lines) -> pl.Expr:
    return now("NEUT") < lines["neut_cut_4"]


@answers("TEMP", "fever_neutropenic", "fever over the neutropenic line")
def fever_marked(lines: Lines) -> pl.Expr:
    return now("TEMP") > lines["fever_neutropenic"]


def febrile_neutropenia() -> pl.Expr:
    """A single high temperature, or a fever for more than an hour, and few neutrophils.

    No sign of its own: whether a fever lasts is known only after the signs.
    """
    lasting = sign("fever_marked") | sign("fever_lasting")
    return sign("neutrophils_low") & lasting


@answers("PCT", "procalcitonin_high", "high procalcitonin")
def procalcitonin_high(lines: Lines) -> pl.Expr:
    return now("PCT") >= lines["procalcitonin_high"]


@answers("CULTURE", "answered_yes", "positive culture")
def culture_positive(lines: Lines) -> pl.Expr:
    return pl.col("said:culture_positive")


@answers("SOFT_TISSUE_INFECTION", "symptom_mild", "signs of infection at the line")
def line_infected(lines: Lines) -> pl.Expr:
    infected = now("SOFT_TISSUE_INFECTION") >= lines["symptom_mild"]
    return state("central_line") & infected


# HLH-like ----------------------------------------------------------------------------
@answers("FERRITIN", "ferritin_extreme", "extreme ferritin")
def ferritin_extreme(lines: Lines) -> pl.Expr:
    return now("FERRITIN") > lines["ferritin_extreme"]


@answers("FERRITIN", "ferritin_raised", "ferritin raised and rising")
def ferritin_rising(lines: Lines) -> pl.Expr:
    return (
        (times_base("FERRITIN") > lines["ferritin_many_times"])
        & (now("FERRITIN") >= lines["ferritin_raised"])
        & (now("FERRITIN_CHANGE") > lines["nothing"])
    )


@answers("FIBRINO", "fibrinogen_low", "low fibrinogen")
def fibrinogen_low(lines: Lines) -> pl.Expr:
    return now("FIBRINO") < lines["fibrinogen_low"]


@answers("PLAT", "cell_cuts", "platelets fallen by two grades")
def platelets_fallen(lines: Lines) -> pl.Expr:
    cuts = [lines[f"plat_cut_{cut}"] for cut in ("2", "3", "4")]
    crossed = [_crossed("PLAT", pl.lit(cut)) for cut in cuts]
    return at_least(lines["cell_cuts"], _crossed("PLAT", normal_low("PLAT")), *crossed)


@answers("PLAT", "expected_platelets", "platelets under what is expected")
def platelets_unexpectedly_low(lines: Lines) -> pl.Expr:
    return now("PLAT") < lines["expected_platelets"]


@answers("NEUT", "cell_cuts", "neutrophils fallen by two grades")
def neutrophils_fallen(lines: Lines) -> pl.Expr:
    cuts = [lines[f"neut_cut_{cut}"] for cut in ("2", "3", "4")]
    return at_least(
        lines["cell_cuts"], *(_crossed("NEUT", pl.lit(cut)) for cut in cuts)
    )


def _crossed(item: str, cut: pl.Expr) -> pl.Expr:
    """At or over the cut at baseline, under it now."""
    return (base(item) >= cut) & (now(item) < cut)
