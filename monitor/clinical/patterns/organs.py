"""Organs that an immune treatment may injure: one pattern, asked once a topic (P17).

No day limit: it looks as long as the participant is on study. A person ends it, with
the study that shows it (B4).
"""

import polars as pl

from monitor.clinical.patterns import Clearing, Lines, pattern, raises
from monitor.clinical.words import sign

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
    signs=("diarrhea", "diarrhea_severe"),
    source="S2",
    clearing=Clearing(fresh=("DIARRHEA", "COLITIS"), person=True),
)
def gut(lines: Lines) -> pl.Expr:
    return sign("diarrhea")


@raises("immune_organ@gut", "warning")
def gut_warning(lines: Lines) -> pl.Expr:
    return sign("diarrhea_severe")


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
    signs=("rash", "rash_severe", "vision_changed", "vision_lost"),
    source="S2",
    clearing=Clearing(fresh=("RASH_MACULO_PAPULAR", "VISION_DECREASED"), person=True),
)
def skin_eye(lines: Lines) -> pl.Expr:
    return sign("rash") | sign("vision_changed")


@raises("immune_organ@skin_eye", "warning")
def skin_eye_warning(lines: Lines) -> pl.Expr:
    return sign("rash_severe") | sign("vision_lost")


@raises("immune_organ@skin_eye", "critical")
def skin_eye_critical(lines: Lines) -> pl.Expr:
    return sign("vision_lost")


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
