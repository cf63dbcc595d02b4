"""Events of special interest: the site reports them as it does a serious event.

Which they are is a line of the protocol for each topic: the grade from which on a
confirmed event is of special interest (reference 7). A line above every grade takes
the topic out. Nobody knows that a grade that was not given is below the line. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping

from monitor.review.adverse import CONFIRMING
from monitor.review.consistency import FATAL_GRADE

#: (family, topic) -> the line.
LINES = {
    ("crs", "crs"): "special_interest_crs",
    ("cls", "cls"): "special_interest_cls",
    ("organ", "neurotoxicity"): "special_interest_neurotoxicity",
}


def least_of(family: str, topic: str, lines: Mapping[str, float]) -> float | None:
    """The grade from which on an event of this topic counts; None: it never does."""
    key = LINES.get((family, topic))
    if key is None or lines[key] > FATAL_GRADE:
        return None
    return lines[key]


def confirms(verdict: str, grade: int | None, least: float | None) -> bool:
    """Whether a decision says that the event is of special interest."""
    if least is None or verdict not in CONFIRMING:
        return False
    return grade is None or grade >= least
