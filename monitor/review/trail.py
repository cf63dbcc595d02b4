"""Saved reviews of what was changed at a site: four questions, and who looked at them.

A change is a reading or a line of the log that supersedes another. Each question is one
condition on such rows; what came since the last look is what is new.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from monitor.bedside.models import Reading
from monitor.episodes import wording
from monitor.review.models import Signature, TrailReview
from monitor.treatments.models import Treatment
from monitor.trials.models import Site

#: What the review of a trail calls late (requirement R8), for every trial alike.
LATE = timedelta(hours=24)
#: Where each kind of row says its participant's cycle and when it happened.
SOURCES: Mapping[type[models.Model], tuple[str, str]] = MappingProxyType(
    {
        Reading: ("observation__cycle", "observation__observed_at"),
        Treatment: ("cycle", "at"),
    }
)

Condition = Callable[[str, str], Any]
Asked = TrailReview.Question


@dataclass(frozen=True)
class Question:
    """`asks` ends the sentence "Changes ..."."""

    key: Asked
    condition: Condition

    @property
    def asks(self) -> str:
        return str(self.key.label)


def after_signature(cycle: str, at: str) -> Any:
    """Changed after an episode of the same cycle was signed."""
    signed = Signature.objects.filter(
        review__episode__cycle=OuterRef(cycle), signed_at__lte=OuterRef("recorded_at")
    )
    return Exists(signed)


def late(cycle: str, at: str) -> Any:
    return Q(recorded_at__gt=F(at) + LATE)


def by_others(cycle: str, at: str) -> Any:
    return ~Q(recorded_by=F("supersedes__recorded_by"))


def repeated(cycle: str, at: str) -> Any:
    return Q(supersedes__supersedes__isnull=False)


QUESTIONS: dict[str, Question] = {
    str(one.key): one
    for one in (
        Question(Asked.AFTER_SIGNATURE, after_signature),
        Question(Asked.LATE, late),
        Question(Asked.BY_OTHERS, by_others),
        Question(Asked.REPEATED, repeated),
    )
}


@dataclass(frozen=True)
class ChangeRow:
    """One change in words."""

    participant: str
    what: str
    old: str
    new: str
    by: str
    first_by: str
    at: Any
    reason: str


@dataclass(frozen=True)
class Count:
    """How many changes a question finds at a site, and when somebody last looked."""

    question: Question
    total: int
    new: int
    last: TrailReview | None


def changes(site: Site, question: Question) -> dict[type, QuerySet]:
    """The changes at a site that a question asks for, by kind of row."""
    found = {}
    for model, (cycle, at) in SOURCES.items():
        rows = model._default_manager.filter(
            **{f"{cycle}__participant__site": site}, supersedes__isnull=False
        )
        found[model] = rows.filter(question.condition(cycle, at))
    return found


def count(site: Site, question: Question) -> Count:
    found = changes(site, question).values()
    last = (
        TrailReview.objects.filter(site=site, question=question.key)
        .order_by("pk")
        .last()
    )
    total = sum(rows.count() for rows in found)
    new = total
    if last is not None:
        since = Q(recorded_at__gt=last.reviewed_at)
        new = sum(rows.filter(since).count() for rows in found)
    return Count(question, total, new, last)


def lines(site: Site, question: Question) -> list[ChangeRow]:
    """The changes in words, newest first."""
    found = []
    for model, rows in changes(site, question).items():
        cycle = SOURCES[model][0]
        joined = rows.select_related(
            f"{cycle}__participant", "recorded_by", "supersedes__recorded_by"
        )
        found += [line(row) for row in joined]
    return sorted(found, key=lambda row: row.at, reverse=True)


def line(row: Any) -> ChangeRow:
    about = row.observation.cycle if isinstance(row, Reading) else row.cycle
    return ChangeRow(
        participant=about.participant.code,
        what=row.item if isinstance(row, Reading) else row.code,
        old=said(row.supersedes),
        new="" if row.voided else said(row),
        by=row.recorded_by.get_full_name(),
        first_by=row.supersedes.recorded_by.get_full_name(),
        at=row.recorded_at,
        reason=row.reason,
    )


def said(row: Any) -> str:
    """What the row says, as it was typed."""
    if isinstance(row, Reading):
        value = row.typed or row.choice or str(row.get_state_display())
        return f"{value} {wording.unit_words(row.typed_unit)}".strip()
    amount = wording.amount_text(row.amount, row.unit)
    return amount or str(row.get_form_display())
