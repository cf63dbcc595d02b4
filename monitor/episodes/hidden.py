"""What hidden values and patterns add: worked out anew at each look, and kept nowhere.

Everybody is shown one assessment, made without them. So no episode, level, count, order
or notice can tell a blinded person anything. Who sees the dose level is shown here what
the whole of it says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.db.models import Exists, OuterRef, QuerySet

from monitor.bedside.models import HiddenReading
from monitor.clinical.assess import assess
from monitor.clinical.patterns import pattern_of
from monitor.episodes import wording
from monitor.episodes.assessing import last_moment, protocol_of, shown_protocol
from monitor.episodes.lines import AUTHOR, margin
from monitor.episodes.timelines import Row, chart_facts, confirmed, frame, written
from monitor.trials.models import Cycle, Participant


@dataclass(frozen=True)
class Added:
    """A topic of which the whole says more. `patterns`: what is true besides."""

    label: str
    level: str
    shown_level: str
    patterns: list[str]
    explanation: str


def hidden_readings(participant: Participant) -> QuerySet[HiddenReading]:
    """Everything that was entered, struck out or not, newest first."""
    rows = HiddenReading.objects.filter(
        cycle__participant=participant, supersedes__isnull=True
    )
    gone = HiddenReading.objects.filter(supersedes=OuterRef("pk"))
    rows = rows.select_related("recorded_by", "superseded_by", "cycle")
    return rows.annotate(gone=Exists(gone)).order_by("-observed_at", "-pk")


def added(cycle: Cycle, now: datetime) -> list[Added]:
    """The topics that the hidden values and patterns change, as of `now`.

    Two assessments and four queries.
    """
    shown_facts = chart_facts(cycle).facts
    whole_facts = with_hidden(cycle, shown_facts)
    at = last_moment(whole_facts, now)
    shown = by_topic(assess(shown_facts, shown_protocol(cycle), now=at).latest)
    whole = by_topic(assess(whole_facts, protocol_of(cycle), now=at).latest)
    found = (_added(topic, line, shown.get(topic)) for topic, line in whole.items())
    return [one for one in found if one]


def with_hidden(cycle: Cycle, facts: pl.DataFrame) -> pl.DataFrame:
    """The facts with the hidden values that stand."""
    standing = HiddenReading.objects.current().filter(cycle=cycle)
    rows = [_row(one) for one in standing.annotate(author=AUTHOR)]
    if not rows:
        return facts
    return confirmed(pl.concat([facts, frame(cycle, rows)]).sort("at", "kind", "line"))


def by_topic(lines: Iterable[Any]) -> dict[tuple[str, str], Any]:
    return {(line["family"], line["topic"]): line for line in lines}


def _added(topic: tuple[str, str], line: Any, shown: Any) -> Added | None:
    told = shown or {"level": "unknown", "patterns": {}}
    more = [
        key
        for key, answer in line["patterns"].items()
        if answer and not told["patterns"].get(key)
    ]
    if not more and line["level"] == told["level"]:
        return None
    return Added(
        label=wording.label_of(*topic),
        level=line["level"],
        shown_level=told["level"],
        patterns=[pattern_of(topic[1], key).title for key in more],
        explanation=line["explanation"],
    )


def _row(reading: Any) -> Row:
    return {
        "line": reading.pk,
        "at": reading.observed_at,
        "kind": "reading",
        "code": reading.item,
        "value": written(reading.number),
        "unit": reading.unit,
        "by": margin(reading.author),
    }
