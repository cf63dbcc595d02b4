"""The grades that values and symptoms give to the term by which an event is named."""

from __future__ import annotations

import logging
from datetime import datetime

import polars as pl

from monitor.clinical.ctcae.nci import plain_name
from monitor.clinical.scores import charted
from monitor.episodes.assessing import protocol_of
from monitor.episodes.timelines import facts_of
from monitor.review import toxicity
from monitor.review.models import Review
from monitor.review.toxicity import Interval

logger = logging.getLogger(__name__)


def intervals_of(
    review: Review, term: str, start: datetime, end: datetime | None
) -> list[Interval]:
    """Start and stop per grade of the term while the event lasted; empty where nothing

    that was charted grades it. Of values of one time the worst counts.
    """
    worst: dict[datetime, int] = {}
    for at, grade in charted_grades(review, term):
        if grade is not None and at >= start:
            worst[at] = max(grade, worst.get(at, 0))
    return toxicity.intervals(sorted(worst.items()), end)


def charted_grades(review: Review, term: str) -> list[tuple[datetime, int | None]]:
    """(when, grade) of what the cycle's chart held when it was decided."""
    cycle = review.episode.cycle
    protocol = protocol_of(cycle)
    try:
        found = charted.terms(facts_of(cycle), protocol, review.recorded_at)
    except (Exception, pl.exceptions.PanicException):
        # The person's own grade stands all the same.
        logger.exception("CTCAE grades failed for cycle %s.", cycle.pk)
        return []
    own = found.filter(pl.col("version") == protocol.ctcae)
    rows = own.select("name", "at", "grade").iter_rows()
    return [(at, grade) for name, at, grade in rows if named(name, term)]


def named(name: str, term: str) -> bool:
    """Whether both are one term of NCI's table."""
    return plain_name(name) == plain_name(term)
