"""What an adverse event record says: from the signed review and the grade history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from monitor.clinical.ctcae import TERMS, Version
from monitor.episodes import queries as episodes
from monitor.episodes import wording
from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import Step
from monitor.episodes.rows import when
from monitor.review import termed, toxicity
from monitor.review.consistency import FATAL_GRADE
from monitor.review.models import Review
from monitor.review.toxicity import Interval
from monitor.trials.wording import key_of_topic, terms_of, wording_of

Verdict = Review.Verdict
#: A decision that says: this is an adverse event.
CONFIRMING = (Verdict.AGREE, Verdict.REGRADE)


def contents_of(review: Review) -> list[dict[str, Any]]:
    """The fields of each record; none where the decision confirms no event."""
    if review.verdict not in CONFIRMING:
        return []
    episode = review.episode
    version = protocol_of(episode.cycle).ctcae
    steps = episodes.standing_steps().filter(
        episode=episode, at__lte=review.recorded_at
    )
    history = list(steps.order_by("at", "pk"))
    end = review.died_at or end_of(history[-1])
    found = graded(review, history, f"ctcae_{version}", end)
    said = named(review, version) | {"ctcae": version}
    start = history[0].at
    if review.split_at is None:
        return [said | spans(found, start, end)]
    before, after = toxicity.cut(found, review.split_at)
    first = max(
        (one.ends or review.split_at for one in before), default=review.split_at
    )
    parts = (before, start, first), (after, review.split_at, end)
    return [said | spans(*part) for part in parts]


def named(review: Review, version: Version) -> dict[str, str]:
    """The reported term, and the CTCAE term with its code: the topic's own, or the one

    by which the reviewer named it.
    """
    family, topic = review.episode.family, review.episode.topic
    if said := other_term(review):
        term = terms_of(version).get(said)
        label = wording.label_of(family, topic)
        return {"term": label, "decoded": said, "code": term.code if term else ""}
    if key := key_of_topic(topic):
        name, code = TERMS[key].name, wording_of(version).code_of(key)
        return {"term": name, "decoded": name, "code": code}
    return {"term": wording.label_of(family, topic), "decoded": "", "code": ""}


def other_term(review: Review) -> str:
    """The term that the reviewer named, where the topic is not that very term."""
    key = key_of_topic(review.episode.topic)
    own = TERMS[key].name if key else ""
    return "" if review.ctcae_term == own else review.ctcae_term


def spans(
    found: Iterable[Interval], start: datetime, end: datetime | None
) -> dict[str, Any]:
    kept = list(found)
    return {
        "grade": max((one.grade for one in kept), default=None),
        "intervals": [one.kept() for one in kept],
        "starts_at": start,
        "ends_at": end if end is None else max(start, end),
    }


def end_of(last: Step) -> datetime | None:
    """Since when nothing that made it is there, of one that has closed."""
    if not last.closed:
        return None
    return when(last.state.get("resolved_at")) or last.at


def graded(
    review: Review, history: list[Step], scale: str, end: datetime | None
) -> list[Interval]:
    """Start and stop per CTCAE grade. The reviewer's word stands over the program's.

    Of a term that a person named the chart's grades are followed, where there are any.
    Scales do not share their numbers: who regrades on another one names the CTCAE
    grade too (`consistency`). Death alone is 5 on all of them, from its own moment on.
    """
    start, term = history[0].at, other_term(review)
    if term:
        found = termed.intervals_of(review, term, start, end)
    else:
        found = toxicity.intervals(_known(history, scale), end)
    if review.grade == FATAL_GRADE and review.died_at:
        return [*found, Interval(FATAL_GRADE, review.died_at, review.died_at)]
    said = review.grade if term else said_in_ctcae(review, scale)
    if said is None:
        return found
    return toxicity.regraded(found or [Interval(said, start, end)], said)


def _known(history: list[Step], scale: str) -> list[tuple[datetime, int | None]]:
    return [(one.at, (one.state.get("grades") or {}).get(scale)) for one in history]


def said_in_ctcae(review: Review, scale: str) -> int | None:
    """The grade that a regrade says in CTCAE; None where it says none."""
    same = review.scale in ("", scale) or review.grade == FATAL_GRADE
    said = review.ctcae_grade or (review.grade if same else None)
    return said if review.verdict == Verdict.REGRADE else None
