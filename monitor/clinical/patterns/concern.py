"""A person's concern: what no reading shows yet, and a nurse at the bedside sees.

It names no cause, so it stands under none: a topic of its own among the other causes.
"""

import polars as pl

from monitor.clinical.patterns import Clearing, Lines, pattern, raises
from monitor.clinical.words import sign


@pattern(
    "B3",
    "other_cause",
    "Concern at the bedside",
    topic="concern",
    needs=("NURSE_CONCERN",),
    signs=("person_concerned", "concerned_again"),
    source="PROJ",
    clearing=Clearing(
        fresh=("NURSE_CONCERN",),
        hours="danger_clear_hours",
        sets="danger_clear_sets",
    ),
)
def nurse_concern(lines: Lines) -> pl.Expr:
    """Over when nobody is concerned any more, asked twice: silence takes none back."""
    return sign("person_concerned")


@raises("nurse_concern", "warning")
def nurse_concern_warning(lines: Lines) -> pl.Expr:
    """A second time within hours, whoever says it."""
    return nurse_concern(lines) & sign("concerned_again")
