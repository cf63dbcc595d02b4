"""Cytokine release under five scales, from arms that stand until they are cleared.

An arm is a latched answer: a vasopressor that was stopped still grades until the
pressure has held (B4). Fever counts as last seen; see `fever_held`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from monitor.clinical.words import sign, state

Lines = Mapping[str, float]
Arm = tuple[int, str]
Scale = dict[str, tuple[Arm, ...]]


@dataclass(frozen=True, slots=True)
class ArmRule:
    """One finding that a scale counts: what fires it, and which clearing it follows."""

    name: str
    rule: Callable[[Lines], pl.Expr]
    clears: str


ARMS = (
    ArmRule("low_pressure", lambda lines: sign("low_pressure"), "pressure"),
    ArmRule("any_pressor", lambda lines: graded(state("pressor")), "pressure"),
    ArmRule("two_pressors", lambda lines: graded(state("two_pressors")), "pressure"),
    ArmRule("switching", lambda lines: graded(state("switching")), "pressure"),
    ArmRule("vasopressin", lambda lines: graded(state("vasopressin")), "pressure"),
    ArmRule("high_dose", lambda lines: graded(state("high_dose")), "pressure"),
    ArmRule("many_boluses", lambda lines: state("many_boluses"), "pressure"),
    ArmRule("oxygen", lambda lines: sign("on_oxygen"), "oxygen"),
    ArmRule("low_flow", lambda lines: sign("on_low_flow"), "oxygen"),
    ArmRule("high_flow", lambda lines: sign("on_high_flow"), "oxygen"),
    ArmRule(
        "positive_pressure",
        lambda lines: graded(sign("on_positive_pressure")),
        "oxygen",
    ),
    ArmRule("ventilator", lambda lines: graded(sign("on_ventilator")), "oxygen"),
    ArmRule("high_fraction", lambda lines: sign("high_fraction"), "oxygen"),
    ArmRule(
        "hypoxia_untreated", lambda lines: sign("spo2_very_low_on_air_twice"), "oxygen"
    ),
    ArmRule("constitutional", lambda lines: sign("constitutional_symptom"), "pressure"),
)


def graded(answer: pl.Expr) -> pl.Expr:
    """Not what an operation or anesthesia brought (R11)."""
    return answer & ~state("in_procedure")


def arm(name: str) -> pl.Expr:
    return pl.col(f"standing:arm:{name}")


# A pair (grade, arm). Vasopressin adds nothing to another pressor, and alone is 3 for a
# person to look at (R11). A device's class counts, not the flow through it (R10).
ASTCT: Scale = {
    "pressure": (
        (2, "low_pressure"),
        (3, "any_pressor"),
        (3, "vasopressin"),
        (4, "two_pressors"),
    ),
    "oxygen": (
        (2, "low_flow"),
        (2, "hypoxia_untreated"),
        (3, "high_flow"),
        (4, "positive_pressure"),
    ),
}
CTCAE_V6 = ASTCT
CTCAE_V5: Scale = {
    "pressure": ASTCT["pressure"],
    "oxygen": (
        (2, "oxygen"),
        (2, "hypoxia_untreated"),
        (3, "high_fraction"),
        (4, "positive_pressure"),
    ),
}
LEE_2014: Scale = {
    "pressure": (
        (2, "low_pressure"),
        (2, "any_pressor"),
        (2, "vasopressin"),
        (3, "high_dose"),
        (3, "two_pressors"),
        (3, "pressor_with_vasopressin"),
    ),
    "oxygen": (
        (2, "oxygen"),
        (2, "hypoxia_untreated"),
        (3, "high_fraction"),
        (4, "ventilator"),
    ),
    "symptoms": ((1, "constitutional"),),
}
PENN: Scale = {
    "pressure": (
        (2, "low_pressure"),
        (3, "many_boluses"),
        (3, "any_pressor"),
        (3, "vasopressin"),
        (4, "high_dose"),
    ),
    "oxygen": ((3, "oxygen"), (4, "ventilator")),
    "symptoms": ((1, "constitutional"),),
}
SCALES: dict[str, Scale] = {
    "astct": ASTCT,
    "ctcae_v5": CTCAE_V5,
    "ctcae_v6": CTCAE_V6,
    "lee_2014": LEE_2014,
    "penn": PENN,
}
# Scales that do not restate fever: without one they wait for a person (R6).
WAITS_FOR_ATTRIBUTION = ("ctcae_v5", "ctcae_v6", "lee_2014", "penn")
