"""Organs: brain, heart and lungs, rhythm, injection site and airway."""

import polars as pl

from monitor.clinical.patterns import Clearing, Lines, pattern, raises
from monitor.clinical.words import any_of, sign, state


@pattern(
    "P13",
    "organ",
    "Neurotoxicity",
    topic="neurotoxicity",
    needs=("ACVPU", "ICE"),
    signs=("ice_fallen", "mind_changed", "not_alert", "seizure"),
    source="S1",
    clearing=Clearing(
        fresh=("ICE", "ACVPU"),
        hours="signs_clear_hours",
        sets="signs_clear_sets",
        rule=lambda lines: (
            any_of([~sign("ice_fallen"), ~sign("mind_changed")]) & ~sign("not_alert")
        ),
        blocked=lambda lines: state("sedated"),
        # What was read before the first dose is the baseline itself.
        excused=lambda lines: (
            state("cycle_begins") & ~sign("ice_fallen") & ~sign("not_alert")
        ),
    ),
)
def neurotoxicity(lines: Lines) -> pl.Expr:
    return any_of(
        [sign("ice_fallen"), sign("mind_changed"), sign("not_alert"), sign("seizure")]
    )


@raises("neurotoxicity", "warning")
def neurotoxicity_warning(lines: Lines) -> pl.Expr:
    return any_of(
        [sign("ice_moderate"), sign("mind_changed_moderate"), sign("not_alert")]
    )


@raises("neurotoxicity", "critical")
def neurotoxicity_critical(lines: Lines) -> pl.Expr:
    return any_of([sign("ice_severe"), sign("seizure"), sign("unresponsive")])


@pattern(
    "P14",
    "organ",
    "Heart muscle or lung injury",
    topic="heart_lung",
    needs=("TROPONI", "LVEF"),
    signs=(
        *("troponin_raised", "ejection_fraction_low", "bnp_risen", "breathless"),
        *("spo2_fallen_without_overload", "pneumonitis_seen", "pneumonitis"),
    ),
    source="PROJ",
    clearing=Clearing(fresh=("TROPONI", "TROPONT", "LVEF"), person=True),
)
def cardiopulmonary(lines: Lines) -> pl.Expr:
    without_symptom = [sign("troponin_raised"), sign("pneumonitis_seen")]
    return any_of([*without_symptom, cardiopulmonary_warning(lines)])


@raises("cardiopulmonary", "warning")
def cardiopulmonary_warning(lines: Lines) -> pl.Expr:
    """Everything but what has no symptom: a troponin raised once, an infiltrate.

    An inotrope that runs says that the heart needs it; it is no vasopressor (1.1).
    """
    return any_of(
        [
            sign("ejection_fraction_low"),
            sign("bnp_risen"),
            state("inotrope"),
            sign("breathless"),
            sign("pneumonitis"),
            sign("spo2_fallen_without_overload"),
            sign("troponin_raised_twice"),
            sign("troponin_raised") & sign("chest_pain"),
        ]
    )


@raises("cardiopulmonary", "critical")
def cardiopulmonary_critical(lines: Lines) -> pl.Expr:
    """An injured heart or lung, with a pressure or a rhythm that fails (B3)."""
    unstable = sign("low_pressure") | sign("ventricular_tachycardia")
    return sign("ejection_fraction_very_low") | (cardiopulmonary(lines) & unstable)


@pattern(
    "P19",
    "organ",
    "Arrhythmia",
    topic="heart_lung",
    needs=("RHYTHM",),
    signs=("rhythm_holds_dose",),
    source="S8",
    base_level="warning",
    clearing=Clearing(fresh=("RHYTHM",), person=True),
)
def arrhythmia(lines: Lines) -> pl.Expr:
    return sign("rhythm_holds_dose")


@raises("arrhythmia", "critical")
def arrhythmia_critical(lines: Lines) -> pl.Expr:
    unstable = sign("heart_rate_very_high") | sign("low_pressure")
    return sign("ventricular_tachycardia") | (sign("rhythm_holds_dose") & unstable)


@pattern(
    "P18",
    "organ",
    "Injection site",
    topic="injection_site",
    needs=("INJECTION_SITE_REACTION",),
    signs=("site_reaction", "site_growing", "site_infected", "airway_swelling"),
    source="PROJ",
    base_level="warning",
    clearing=Clearing(
        fresh=("INJECTION_SITE_REACTION",),
        hours="signs_clear_hours",
        sets="signs_clear_sets",
        gap="lab_gap_hours",
    ),
)
def injection_site(lines: Lines) -> pl.Expr:
    return any_of(
        [
            sign("site_reaction"),
            sign("site_growing"),
            sign("site_infected"),
            sign("airway_swelling"),
        ]
    )


@raises("injection_site", "watch")
def injection_site_watch(lines: Lines) -> pl.Expr:
    return sign("site_mild")


@raises("injection_site", "critical")
def injection_site_critical(lines: Lines) -> pl.Expr:
    return sign("airway_swelling")
