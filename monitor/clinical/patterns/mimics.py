"""Other causes: infection, infusion reaction, an HLH-like picture.

They never lower cytokine release: both may stand, and a person attributes.
"""

import polars as pl

from monitor.clinical.patterns import Clearing, Lines, pattern, raises
from monitor.clinical.signs.blood import febrile_neutropenia
from monitor.clinical.words import any_of, sign, state


@pattern(
    "P10",
    "other_cause",
    "Infection?",
    topic="infection",
    needs=("TEMP", "NEUT"),
    signs=(
        *("fever", "neutrophils_low", "culture_positive", "procalcitonin_high"),
        "line_infected",
    ),
    source="S2",
    base_level="warning",
    clearing=Clearing(
        fresh=("TEMP",),
        hours="signs_clear_hours",
        sets="signs_clear_sets",
        rule=lambda lines: ~sign("fever") & ~sign("low_pressure"),
        blocked=lambda lines: state("culture_pending"),
    ),
)
def infection_mimic(lines: Lines) -> pl.Expr:
    """Any fever on study, or low pressure, with a sign of infection (R7)."""
    sick = sign("fever") | sign("low_pressure")
    return sick & any_of(
        [
            febrile_neutropenia(),
            sign("culture_positive"),
            sign("procalcitonin_high"),
            sign("line_infected"),
        ]
    )


@raises("infection_mimic", "critical")
def infection_mimic_critical(lines: Lines) -> pl.Expr:
    return infection_mimic(lines) & any_of(
        [sign("low_pressure"), sign("lactate_high"), sign("breathing_extreme")]
    )


@pattern(
    "P16",
    "other_cause",
    "Infusion reaction",
    topic="infusion_reaction",
    needs=("SYSBP", "OXYSAT"),
    signs=(
        *("skin_after_start", "airway_after_start", "pressure_down_after_start"),
        "saturation_down_after_start",
    ),
    source="PROJ",
    clearing=Clearing(
        fresh=("SYSBP", "OXYSAT"),
        hours="signs_clear_hours",
        sets="signs_clear_sets",
        blocked=lambda lines: state("culture_pending"),
    ),
)
def infusion_reaction(lines: Lines) -> pl.Expr:
    """Soon after a start; chills or fever alone never make one."""
    return sign("skin_after_start") | more_than_skin(lines)


def more_than_skin(lines: Lines) -> pl.Expr:
    return any_of([sign("breathing_after_start"), sign("pressure_down_after_start")])


@raises("infusion_reaction", "warning")
def infusion_reaction_warning(lines: Lines) -> pl.Expr:
    interrupted = sign("skin_after_start") & state("interrupted")
    return more_than_skin(lines) | interrupted


@raises("infusion_reaction", "critical")
def infusion_reaction_critical(lines: Lines) -> pl.Expr:
    """Anaphylaxis? Two systems, or the airway (B3): bronchospasm is one of its signs

    (R14), like stridor and swelling.
    """
    airway = state("after_start") & sign("airway")
    return any_of([sign("systems_after_start"), sign("airway_after_start"), airway])


@pattern(
    "P12",
    "other_cause",
    "HLH-like picture",
    topic="hlh_like",
    needs=("FERRITIN",),
    signs=(
        *("ferritin_extreme", "ferritin_rising", "fibrinogen_low"),
        *("platelets_fallen", "neutrophils_fallen", "transaminases_severe"),
    ),
    source="PROJ",
    base_level="warning",
    clearing=Clearing(
        fresh=("FERRITIN",),
        hours="signs_clear_hours",
        sets="signs_clear_sets",
        gap="lab_gap_hours",
        blocked=lambda lines: state("culture_pending"),
    ),
)
def hlh_like(lines: Lines) -> pl.Expr:
    """Ferritin with another sign; ALT and platelets count only with a fever (R15)."""
    ferritin = sign("ferritin_extreme") | sign("ferritin_rising")
    common = sign("platelets_fallen") | sign("transaminases_severe")
    return ferritin & any_of(
        [
            sign("fibrinogen_low"),
            sign("neutrophils_fallen"),
            common & sign("fever_within_day"),
        ]
    )


@raises("hlh_like", "watch")
def hlh_like_watch(lines: Lines) -> pl.Expr:
    return sign("ferritin_extreme")


@raises("hlh_like", "critical")
def hlh_like_critical(lines: Lines) -> pl.Expr:
    """With an organ of grade 3."""
    organ = any_of(
        [
            sign("transaminases_severe"),
            sign("bilirubin_severe"),
            sign("creatinine_severe"),
        ]
    )
    return hlh_like(lines) & organ
