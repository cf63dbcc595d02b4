"""Albumin, weight, edema, urine."""

import polars as pl

from monitor.clinical.signs.registry import Lines, answers
from monitor.clinical.words import (
    answered_in_any,
    any_of,
    fall,
    now,
    rise,
    rise_over_none,
    undated,
)

# Not of the face, nor localized: in an injection or surgical field they mean no leak.
EDEMA = ("EDEMA_LIMBS", "GENERALIZED_EDEMA", "PULMONARY_EDEMA", "PLEURAL_EFFUSION")
# Of these a first finding may be usual for the person.
UNDATED = ("EDEMA_LIMBS", "GENERALIZED_EDEMA", "PLEURAL_EFFUSION")


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


@answers("WEIGHT_RISE", "weight_rise", "weight up since the previous treatment day")
def weight_up(lines: Lines) -> pl.Expr:
    return now("WEIGHT_RISE") >= lines["weight_rise"]


@answers(
    "WEIGHT_RISE", "weight_rise_large", "weight far up since the previous treatment day"
)
def weight_far_up(lines: Lines) -> pl.Expr:
    return now("WEIGHT_RISE") >= lines["weight_rise_large"]


@answers("EDEMA_LIMBS", "symptom_mild", "new edema")
def new_edema(lines: Lines) -> pl.Expr:
    return any_of(new_edemas(lines))


def new_edemas(lines: Lines) -> list[pl.Expr]:
    """Each kind for itself: one that was never seen need not be looked for again."""
    return [risen_edema(item) >= lines["symptom_mild"] for item in EDEMA]


def risen_edema(item: str) -> pl.Expr:
    """How far it is over the baseline. Pulmonary edema is nobody's usual state: where

    none was looked for before, what is there is new.
    """
    return rise_over_none(item) if item == "PULMONARY_EDEMA" else rise(item)


@answers("EDEMA_LIMBS", "symptom_mild", "edema, new or from before")
def edema_undated(lines: Lines) -> pl.Expr:
    """There, and nobody looked for it before: new, or not? A person is asked (2.4)."""
    return answered_in_any(undated(item) >= lines["symptom_mild"] for item in UNDATED)


@answers("URINE_8H", "urine_low_8h", "little urine in 8 hours")
def urine_low(lines: Lines) -> pl.Expr:
    return now("URINE_8H") < lines["urine_low_8h"]


@answers("LACTICAC", "lactate_high", "high lactate")
def lactate_high(lines: Lines) -> pl.Expr:
    return now("LACTICAC") >= lines["lactate_high"]
