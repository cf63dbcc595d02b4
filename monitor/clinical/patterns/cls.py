"""Capillary leak: albumin, weight, pressure, edema. Hemoconcentration is not required,

and neither is the absence of cytokine release: both may stand.
"""

import polars as pl

from monitor.clinical.patterns import Clearing, Lines, pattern, raises
from monitor.clinical.words import any_of, at_least, known, sign, state


@pattern(
    "L1",
    "cls",
    "Low or falling albumin",
    needs=("ALB",),
    signs=("albumin_low", "albumin_fallen"),
    source="S7",
    clearing=Clearing(
        fresh=("ALB",),
        sets="albumin_clear_sets",
        rule=lambda lines: ~sign("albumin_low") & ~sign("albumin_fallen"),
        blocked=lambda lines: state("albumin_infused"),
    ),
)
def albumin(lines: Lines) -> pl.Expr:
    return (sign("albumin_low") | sign("albumin_fallen")) & state("albumin_window")


@raises("albumin", "warning")
def albumin_warning(lines: Lines) -> pl.Expr:
    return (sign("albumin_very_low") | sign("albumin_fallen_far")) & state(
        "albumin_window"
    )


@pattern(
    "L2",
    "cls",
    "Weight up on the previous treatment day",
    needs=("WEIGHT_RISE",),
    signs=("weight_up",),
    source="S7",
    clearing=Clearing(
        fresh=("WEIGHT",),
        sets="weight_clear_sets",
        rule=lambda lines: sign("weight_back"),
    ),
)
def daily_weight(lines: Lines) -> pl.Expr:
    return sign("weight_up") & state("cls_window")


@raises("daily_weight", "warning")
def daily_weight_warning(lines: Lines) -> pl.Expr:
    return sign("weight_far_up") & state("cls_window")


@pattern(
    "L4",
    "cls",
    "Leak triad",
    needs=("SYSBP", "ALB", "EDEMA_LIMBS"),
    signs=("low_pressure", "new_edema", "albumin_very_low"),
    source="S10",
    base_level="warning",
    clearing=Clearing(
        fresh=("SYSBP", "ALB", "EDEMA_LIMBS"),
        hours="leak_clear_hours",
        sets="leak_clear_sets",
        rule=lambda lines: ~leak_now(lines),
    ),
)
def leak_triad(lines: Lines) -> pl.Expr:
    """Two of low pressure, new edema, albumin < 3.0, within 72 h of each other.

    As long as one of them is there: when the last is gone, the time to clear begins.
    """
    together = at_least(
        lines["leak_parts"],
        sign("low_pressure_lately"),
        sign("new_edema_lately"),
        sign("albumin_very_low_lately"),
    )
    one_left = any_of(
        [sign("low_pressure"), sign("new_edema"), sign("albumin_very_low")]
    )
    return together & one_left & state("albumin_window")


def leak_now(lines: Lines) -> pl.Expr:
    return at_least(
        lines["leak_parts"],
        sign("low_pressure"),
        sign("new_edema"),
        sign("albumin_very_low"),
    )


@raises("leak_triad", "critical")
def leak_triad_critical(lines: Lines) -> pl.Expr:
    return leak_triad(lines) & (
        state("pressor") | sign("on_oxygen") | sign("sbp_very_low")
    )


@pattern(
    "L10",
    "cls",
    "Low blood pressure",
    needs=("SYSBP",),
    signs=("low_pressure", "sbp_far_under_usual", "sbp_unrecordable"),
    source="S8",
    base_level="warning",
    clearing=Clearing(
        fresh=("SYSBP",),
        hours="hypotension_clear_hours",
        sets="hypotension_clear_sets",
        # Without a usual pressure there is no fall from it that could be standing.
        rule=lambda lines: ~sign("low_pressure") & ~known(sign("sbp_far_under_usual")),
        once=lambda lines: sign("sbp_recovered"),
        blocked=lambda lines: state("held_up_lately"),
        excused=lambda lines: state("usual_just_known"),
    ),
)
def hypotension(lines: Lines) -> pl.Expr:
    """One reading under the line is enough; a far fall needs a second (R2).

    A counted vasopressor means low pressure, whatever the reading says (R11).
    """
    far_fall = sign("sbp_far_under_usual_twice") & state("begun")
    return sign("low_pressure") | far_fall | held_up()


def held_up() -> pl.Expr:
    """A vasopressor holds the pressure up, outside an operation or anesthesia."""
    return state("pressor") & ~state("in_procedure")


@raises("hypotension", "critical")
def hypotension_critical(lines: Lines) -> pl.Expr:
    return (
        sign("sbp_very_low")
        | sign("map_low")
        | sign("still_low")
        | sign("sbp_unrecordable")
    )
