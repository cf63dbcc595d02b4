"""Cytokine release under five scales, from arms that stand until they are cleared.

An arm is a latched answer: a vasopressor that was stopped still grades until the
pressure has held (B4). Which grade it gives on which scale stands in
`knowledge/scales.toml`. Vasopressin adds nothing to another pressor, and alone it is
for a person to look at (R11). A device's class counts, not the flow through it (R10).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from monitor.clinical.grading import scales
from monitor.clinical.signs.blood import febrile_neutropenia
from monitor.clinical.words import known, sign, state

Lines = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ArmRule:
    """One finding that a scale counts: what fires it, and which clearing it follows

    (pressure, oxygen, or a laboratory item: its next value that is known to be back).
    """

    name: str
    rule: Callable[[Lines], pl.Expr]
    clears: str


ARMS = (
    ArmRule("low_pressure", lambda lines: sign("low_pressure"), "pressure"),
    ArmRule("any_pressor", lambda lines: graded(state("pressor")), "pressure"),
    ArmRule("two_pressors", lambda lines: graded(state("two_pressors")), "pressure"),
    ArmRule("switching", lambda lines: graded(state("switching")), "pressure"),
    ArmRule("vasopressin", lambda lines: graded(state("vasopressin")), "pressure"),
    ArmRule(
        "mechanical_support",
        lambda lines: graded(state("mechanical_support")),
        "pressure",
    ),
    ArmRule("high_dose", lambda lines: graded(state("high_dose")), "pressure"),
    ArmRule("many_boluses", lambda lines: state("many_boluses"), "pressure"),
    ArmRule("oxygen", lambda lines: without_tube(sign("on_oxygen")), "oxygen"),
    ArmRule("low_flow", lambda lines: sign("on_low_flow"), "oxygen"),
    ArmRule("high_flow", lambda lines: sign("on_high_flow"), "oxygen"),
    ArmRule(
        "positive_pressure",
        lambda lines: graded(sign("on_positive_pressure")),
        "oxygen",
    ),
    ArmRule("ventilator", lambda lines: graded(sign("on_ventilator")), "oxygen"),
    ArmRule(
        "high_fraction",
        lambda lines: without_tube(sign("high_fraction")),
        "oxygen",
    ),
    ArmRule(
        "hypoxia_untreated", lambda lines: sign("spo2_very_low_on_air_twice"), "oxygen"
    ),
    ArmRule("constitutional", lambda lines: sign("constitutional_symptom"), "pressure"),
    ArmRule(
        "tachycardia", lambda lines: sign("heart_out_of_proportion_twice"), "pressure"
    ),
    ArmRule("transaminases_2", lambda lines: sign("transaminases_moderate"), "ALT"),
    ArmRule("transaminases_3", lambda lines: sign("transaminases_severe"), "ALT"),
    ArmRule("transaminases_4", lambda lines: sign("transaminases_grave"), "ALT"),
    ArmRule("bilirubin_2", lambda lines: sign("bilirubin_moderate"), "BILI"),
    ArmRule("bilirubin_3", lambda lines: sign("bilirubin_severe"), "BILI"),
    ArmRule("bilirubin_4", lambda lines: sign("bilirubin_grave"), "BILI"),
    ArmRule("neutropenic_fever", lambda lines: febrile_neutropenia(), "TEMP"),
    ArmRule("clotting_factors", lambda lines: state("clotting_factors"), "pressure"),
    ArmRule("creatinine_2", lambda lines: sign("creatinine_moderate"), "CREAT"),
    ArmRule("creatinine_3", lambda lines: sign("creatinine_severe"), "CREAT"),
    ArmRule("creatinine_4", lambda lines: sign("creatinine_grave"), "CREAT"),
)


def graded(answer: pl.Expr) -> pl.Expr:
    """Not what an operation or anesthesia brought (R11)."""
    return answer & ~state("in_procedure")


def without_tube(answer: pl.Expr) -> pl.Expr:
    """Not the oxygen of a ventilation that an operation or anesthesia brought (R11)."""
    brought = state("in_procedure") & known(sign("on_positive_pressure"))
    return answer & ~brought


def arm(name: str) -> pl.Expr:
    return pl.col(f"standing:arm:{name}")


# Two arms that stand together.
PRESSOR_WITH_VASOPRESSIN = "pressor_with_vasopressin"
SCALES = scales.load(frozenset(one.name for one in ARMS) | {PRESSOR_WITH_VASOPRESSIN})
ASTCT = SCALES["astct"]
PENN = SCALES["penn"]
