"""Organs that an immune treatment may injure: one pattern, asked once a topic (P17).

No day limit: it looks as long as the participant is on study. A person ends it, with
the study that shows it (B4).
"""

import polars as pl

from monitor.clinical.patterns import Clearing, Lines, pattern, raises
from monitor.clinical.words import any_of, sign

KEY = "immune_organ"


@pattern(
    "P17",
    "organ",
    "Liver injury",
    topic="liver",
    key=KEY,
    needs=("ALT", "AST"),
    signs=("transaminases_raised", "transaminases_severe", "hys_law"),
    source="S2",
    clearing=Clearing(fresh=("ALT", "AST"), person=True),
)
def liver(lines: Lines) -> pl.Expr:
    return sign("transaminases_raised") | sign("hys_law")


@raises("immune_organ@liver", "warning")
def liver_warning(lines: Lines) -> pl.Expr:
    return sign("transaminases_severe") | sign("hys_law")


@raises("immune_organ@liver", "critical")
def liver_critical(lines: Lines) -> pl.Expr:
    """A sign of liver failure: raised bilirubin with a mind that is not clear."""
    return sign("hys_law") & (sign("mind_changed_moderate") | sign("not_alert"))


@pattern(
    "P17",
    "organ",
    "Diarrhea or colitis",
    topic="gut",
    key=KEY,
    needs=("DIARRHEA",),
    signs=("diarrhea", "diarrhea_severe", "stool_blood", "stool_blood_severe"),
    source="S2",
    clearing=Clearing(fresh=("DIARRHEA", "COLITIS", "HEMATOCHEZIA"), person=True),
)
def gut(lines: Lines) -> pl.Expr:
    return sign("diarrhea") | sign("stool_blood")


@raises("immune_organ@gut", "warning")
def gut_warning(lines: Lines) -> pl.Expr:
    """Diarrhea with blood weighs more than either alone (B3)."""
    both = sign("diarrhea") & sign("stool_blood")
    return any_of([sign("diarrhea_severe"), sign("stool_blood_severe"), both])


@pattern(
    "P17",
    "organ",
    "Kidney injury",
    topic="kidney",
    key=KEY,
    needs=("CREAT",),
    signs=("creatinine_risen", "creatinine_severe"),
    source="PROJ",
    clearing=Clearing(fresh=("CREAT",), person=True),
)
def kidney(lines: Lines) -> pl.Expr:
    return sign("creatinine_risen")


@raises("immune_organ@kidney", "warning")
def kidney_warning(lines: Lines) -> pl.Expr:
    return sign("creatinine_severe")


@pattern(
    "P17",
    "organ",
    "Rash or change of vision",
    topic="skin_eye",
    key=KEY,
    needs=("RASH_MACULO_PAPULAR", "BLURRED_VISION"),
    signs=(
        *("rash", "rash_severe", "bullae"),
        *("vision_changed", "vision_blurred_badly", "vision_lost"),
    ),
    source="S2",
    clearing=Clearing(fresh=("RASH_MACULO_PAPULAR", "VISION_DECREASED"), person=True),
)
def skin_eye(lines: Lines) -> pl.Expr:
    return any_of([sign("rash"), sign("bullae"), sign("vision_changed")])


@raises("immune_organ@skin_eye", "warning")
def skin_eye_warning(lines: Lines) -> pl.Expr:
    return any_of([sign("rash_severe"), sign("bullae"), skin_eye_critical(lines)])


@raises("immune_organ@skin_eye", "critical")
def skin_eye_critical(lines: Lines) -> pl.Expr:
    return sign("vision_lost") | sign("vision_blurred_badly")


@pattern(
    "P17",
    "organ",
    "Thyroid or muscle",
    topic="endocrine",
    key=KEY,
    needs=("TSH", "CK"),
    signs=("thyroid_out_of_range", "creatine_kinase_high"),
    source="PROJ",
    clearing=Clearing(fresh=("TSH", "FT4", "CK"), person=True),
)
def endocrine(lines: Lines) -> pl.Expr:
    return sign("thyroid_out_of_range") | sign("creatine_kinase_high")


@raises("immune_organ@endocrine", "warning")
def endocrine_warning(lines: Lines) -> pl.Expr:
    """The line for creatine kinase is that of CTCAE grade 3 (B3)."""
    return sign("creatine_kinase_high")
