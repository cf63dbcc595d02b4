"""The leak composite (reference 2.4, B3): which of four findings stand.

One is watched, two are a probable leak, three with low pressure a definite one; low
pressure alone says nothing of a leak (R8).
"""

from functools import reduce
from operator import or_

import polars as pl

from monitor.clinical.words import any_of, earliest, how_many

# Finding: the patterns of which any one makes it.
FINDINGS = {
    "albumin": ("albumin", "hemoconcentration"),
    "weight": ("daily_weight", "cycle_weight"),
    "edema": ("edema_overload",),
    "pressure": ("hypotension",),
}

# What must be known before nothing found is a grade of 0, and how a person says it.
PARTS = {
    "raw:albumin": "the albumin",
    "raw:daily_weight": "the weight of two treatment days",
    "sign:low_pressure": "the pressure",
    "sign:new_edema": "every kind of edema",
}


def standing(finding: str) -> pl.Expr:
    """Whether a finding stands. Never unknown: what stood stands until it is over."""
    return reduce(or_, [pl.col(f"standing:{name}") for name in FINDINGS[finding]])


def since(finding: str) -> pl.Expr:
    """When the first of its patterns that still stand began; null where none does."""
    return earliest(pl.col(f"since:{name}") for name in FINDINGS[finding])


def answer(finding: str) -> pl.Expr:
    """Whether a finding is there: true, false, or null where nobody can say."""
    return any_of([pl.col(f"pattern:{name}") for name in FINDINGS[finding]])


def count() -> pl.Expr:
    """How many findings stand: those that are unknown are not counted."""
    return how_many(map(standing, FINDINGS))
