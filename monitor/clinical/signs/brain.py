"""Cognition and consciousness, and the skin and airway after a dose began."""

import polars as pl

from monitor.clinical.signs.registry import Lines, answers
from monitor.clinical.words import (
    any_of,
    at_least,
    base_or,
    is_one_of,
    now,
    sign,
    since_start,
    state,
    unless,
)

CONFUSION = (
    *("CONFUSION", "AGITATION", "SOMNOLENCE", "DEPRESSED_CONSCIOUSNESS"),
    "HALLUCINATIONS",
)


def ice(lines: Lines) -> pl.Expr:
    """The score; unknown where it is 0 because the person cannot speak (R15)."""
    silent = state("cannot_speak") & (now("ICE") <= lines["ice_none"])
    return unless(silent, now("ICE"))


@answers("ICE", "ice_full", "ICE under its baseline")
def ice_fallen(lines: Lines) -> pl.Expr:
    """Without a baseline a full score is taken: what raises is the safer reading."""
    return ice(lines) < base_or("ICE", lines["ice_full"])


@answers("ICE", "ice_moderate", "ICE of grade 2")
def ice_moderate(lines: Lines) -> pl.Expr:
    return sign("ice_fallen") & (ice(lines) <= lines["ice_moderate"])


@answers("ICE", "ice_severe", "ICE of grade 3")
def ice_severe(lines: Lines) -> pl.Expr:
    return sign("ice_fallen") & (ice(lines) <= lines["ice_severe"])


@answers("CONFUSION", "symptom_mild", "confused, agitated or drowsy")
def mind_changed(lines: Lines) -> pl.Expr:
    return any_of(now(item) >= lines["symptom_mild"] for item in CONFUSION)


@answers("CONFUSION", "symptom_moderate", "confused, agitated or drowsy, grade 2")
def mind_changed_moderate(lines: Lines) -> pl.Expr:
    return any_of(now(item) >= lines["symptom_moderate"] for item in CONFUSION)


@answers("ACVPU", "symptom_mild", "newly confused or wakes to voice")
def not_alert(lines: Lines) -> pl.Expr:
    return ~is_one_of("ACVPU", "A")


@answers("ACVPU", "symptom_mild", "newly confused")
def newly_confused(lines: Lines) -> pl.Expr:
    return is_one_of("ACVPU", "C")


@answers("ACVPU", "symptom_mild", "wakes to voice only")
def wakes_to_voice(lines: Lines) -> pl.Expr:
    return is_one_of("ACVPU", "V")


@answers("ACVPU", "symptom_mild", "wakes to touch or pain only")
def wakes_to_pain(lines: Lines) -> pl.Expr:
    return is_one_of("ACVPU", "P")


@answers("ACVPU", "symptom_mild", "cannot be woken")
def cannot_be_woken(lines: Lines) -> pl.Expr:
    return is_one_of("ACVPU", "U")


@answers("SEIZURE", "seizure_prolonged", "prolonged or repeated seizures")
def seizure_prolonged(lines: Lines) -> pl.Expr:
    return now("SEIZURE") >= lines["seizure_prolonged"]


# Soon after a dose began -------------------------------------------------------------
@answers("URTICARIA", "symptom_mild", "skin signs after the start")
def skin_after_start(lines: Lines) -> pl.Expr:
    return state("after_start") & any_of(
        since_start(item) >= lines["symptom_mild"]
        for item in ("URTICARIA", "FLUSHING", "EDEMA_FACE")
    )


@answers("BRONCHOSPASM", "symptom_mild", "airway signs after the start")
def airway_after_start(lines: Lines) -> pl.Expr:
    return state("after_start") & any_of(
        since_start(item) >= lines["symptom_mild"]
        for item in ("BRONCHOSPASM", "STRIDOR", "LARYNGEAL_EDEMA")
    )


@answers("OXYSAT", "spo2_low", "breathing affected after the start")
def breathing_after_start(lines: Lines) -> pl.Expr:
    return sign("airway_after_start") | sign("saturation_down_after_start")


@answers("SYSBP", "infusion_systems", "several systems after the start")
def systems_after_start(lines: Lines) -> pl.Expr:
    return at_least(
        lines["infusion_systems"],
        sign("skin_after_start"),
        sign("breathing_after_start"),
        sign("pressure_down_after_start"),
    )
