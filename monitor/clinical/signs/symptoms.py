"""Rigors, brain, airway, and what a person feels."""

import polars as pl

from monitor.clinical.signs.registry import Lines, answers
from monitor.clinical.words import (
    any_of,
    is_one_of,
    now,
    state,
    unless_hidden,
)


# Brain, airway, symptoms ------------------------------------------------------------
@answers("CHILLS", "symptom_mild", "rigors")
def rigors(lines: Lines) -> pl.Expr:
    """An opioid ends them: that none are seen under one says little (B2)."""
    seen = now("CHILLS") >= lines["symptom_mild"]
    return unless_hidden(state("rigors_blurred"), seen)


@answers("ACVPU", "answered_yes", "new confusion")
def confused(lines: Lines) -> pl.Expr:
    return is_one_of("ACVPU", "C", "V", "P", "U")


@answers("ACVPU", "answered_yes", "wakes to pain or not at all")
def unresponsive(lines: Lines) -> pl.Expr:
    return is_one_of("ACVPU", "P", "U")


@answers("NURSE_CONCERN", "answered_yes", "a person is concerned")
def person_concerned(lines: Lines) -> pl.Expr:
    return is_one_of("NURSE_CONCERN", "y")


@answers("NURSE_CONCERN", "concern_within", "a person is concerned again")
def concerned_again(lines: Lines) -> pl.Expr:
    return now("CONCERN_APART") <= lines["concern_within"]


@answers("SEIZURE", "symptom_mild", "seizure")
def seizure(lines: Lines) -> pl.Expr:
    return now("SEIZURE") >= lines["symptom_mild"]


@answers("STRIDOR", "symptom_mild", "stridor or airway swelling")
def airway(lines: Lines) -> pl.Expr:
    return (now("STRIDOR") >= lines["symptom_mild"]) | (
        now("LARYNGEAL_EDEMA") >= lines["symptom_mild"]
    )


@answers("NAUSEA", "symptom_mild", "constitutional symptom")
def constitutional_symptom(lines: Lines) -> pl.Expr:
    return any_of(
        now(item) >= lines["symptom_mild"]
        for item in ("CHILLS", "NAUSEA", "FATIGUE", "HEADACHE", "MYALGIA", "MALAISE")
    )
