"""The public entry: facts and a protocol in, an assessment out. Pure.

The same facts and protocol give the same answer for ever; `now` is given, never asked.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

import polars as pl

from monitor.clinical.answers import folding, grades, reasoning, topics
from monitor.clinical.facts import doses
from monitor.clinical.facts.intake import Intake, take_in
from monitor.clinical.instants import timeline
from monitor.clinical.said.evidence import Typed, iso
from monitor.clinical.said.lines import Line, latest, lines, typed_values
from monitor.clinical.scores.beside import beside
from monitor.clinical.study.protocol import Protocol
from monitor.clinical.tables import Sheet, worked

# Whole participants in batches: memory stays bounded, and sorting is cheap.
BATCH_ROWS = 200_000


@dataclass(frozen=True)
class FoldedEpisode:
    """An episode of one topic: its lines from the opening to the close."""

    participant: str
    cycle: str
    family: str
    topic: str
    number: int
    opened_at: datetime
    closed_at: datetime | None
    steps: list[Line]


@dataclass(frozen=True)
class Assessment:
    """`lines` as contracts.md has them; `queries` and `errors` a dict each.

    `due_at`: the next moment after `now` at which time alone changes an answer.
    `latest`: each topic's line at the last instant, with the evidence as it is there.
    `current`: the last value of every item by (participant, cycle); `scores`: what
    stands beside the patterns at the last instant (see `scores.beside`).
    """

    lines: list[Line]
    episodes: list[FoldedEpisode]
    queries: list[dict[str, Any]]
    errors: list[dict[str, Any]]
    summary: dict[str, Any]
    due_at: datetime | None = None
    latest: list[Line] = field(default_factory=list)
    current: dict[tuple[str, str], dict[str, dict[str, Any]]] = field(
        default_factory=dict
    )
    scores: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)


def assess(
    facts: pl.DataFrame,
    protocol: Protocol | None = None,
    scale: str | None = None,
    now: datetime | None = None,
) -> Assessment:
    """Assess whole cycles. `facts`: see chartfile.SCHEMA; `now` cuts off what is later.

    Without `now` each record is assessed to its last recorded instant.
    """
    began = time.perf_counter()
    protocol = protocol or Protocol.default()
    if scale:
        protocol = replace(protocol, scale=scale)
    made = Assessment([], [], [], [], {})
    instants, due = 0, []
    current: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for batch in batches(facts):
        seen = looked_at(batch, protocol, now)
        asked = [*seen.taken.queries, *doses.queries(seen.taken.doses, protocol)]
        made.queries.extend(dated(asked))
        made.errors.extend(seen.taken.errors)
        instants += seen.timeline.sheet.height
        made.lines.extend(seen.lines(protocol))
        made.latest.extend(latest(seen.timeline, protocol, seen.typed))
        made.scores.update(beside(seen.timeline, protocol))
        current.update(_current(seen.taken, now))
        if seen.timeline.due_at:
            due.append(seen.timeline.due_at)
    made.episodes.extend(episodes_of(made.lines))
    summary = {
        "participants": facts["participant"].n_unique(),
        "instants": instants,
        "episodes": len(made.episodes),
        "queried": len(made.queries),
        "errors": len(made.errors),
        "seconds": round(time.perf_counter() - began, 3),
    }
    return replace(
        made, summary=summary, due_at=min(due, default=None), current=current
    )


@dataclass(frozen=True)
class Seen:
    """A batch of whole participants with every answer, of which nothing is said yet."""

    taken: Intake
    timeline: timeline.Timeline
    typed: Typed

    def lines(self, protocol: Protocol) -> list[Line]:
        """A line wherever an answer changes."""
        return lines(self.timeline, protocol, self.typed)


def looked_at(batch: pl.DataFrame, protocol: Protocol, now: datetime | None) -> Seen:
    """The facts read, set in their order, and answered."""
    taken = take_in(batch)
    line = timeline.build(taken, protocol, now)
    reasoned(line.sheet, protocol)
    return Seen(taken, line, typed_values(line.readings))


def answer(frame: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """A timeline's frame with every answer: signs, patterns, grades, levels, folds."""
    return reasoned(Sheet(frame.get_columns()), protocol).frame()


def reasoned(sheet: Sheet, protocol: Protocol) -> Sheet:
    """Adds every answer to a timeline's columns."""
    reasoning.reason(sheet, protocol)
    grades.grade(sheet)
    topics.levels(sheet, protocol)
    folding.fold(sheet, protocol)
    return sheet


def batches(facts: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Whole participants, about BATCH_ROWS rows at a time, in the order of their names.

    They are slices of what is there, and of a sorted copy only where it has to be one.
    """
    if facts.height <= BATCH_ROWS:
        if facts.height:
            yield facts
        return
    if not facts["participant"].is_sorted():
        facts = facts.sort("participant", maintain_order=True)
    ends = facts["participant"].rle().struct.field("len").cum_sum()
    begin = 0
    for _, last in groupby(ends, key=lambda end: end // BATCH_ROWS):
        *_, end = last
        yield facts.slice(begin, end - begin)
        begin = end


def dated(queries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**query, "at": iso(query["at"])} for query in queries]


def episodes_of(found: list[Line]) -> list[FoldedEpisode]:
    """The lines of each episode; the closing line is its last step."""
    steps: dict[tuple[str, str, str, str, int], list[Line]] = {}
    closed: dict[tuple[str, str, str, str, int], datetime] = {}
    standing: dict[tuple[str, str, str, str], int] = {}
    for line in found:
        topic = (line["participant"], line["cycle"], line["family"], line["topic"])
        number = line["fold"]["episode"]
        if number is not None:
            standing[topic] = number
            steps.setdefault((*topic, number), []).append(line)
        elif line["fold"]["closes"] and topic in standing:
            key = (*topic, standing.pop(topic))
            steps[key].append(line)
            closed[key] = datetime.fromisoformat(line["at"])
    return [
        FoldedEpisode(
            *key,
            opened_at=datetime.fromisoformat(found[0]["at"]),
            closed_at=closed.get(key),
            steps=found,
        )
        for key, found in steps.items()
    ]


def _current(
    taken: Intake, now: datetime | None
) -> dict[tuple[str, str], dict[str, dict[str, Any]]]:
    """The last value of every item, as typed and as compared."""
    rows = taken.readings.lazy().with_columns(seen=pl.coalesce("until", "at"))
    if now is not None:
        rows = rows.filter(pl.col("seen") <= now)
    last = rows.sort("seen").unique(
        ["participant", "cycle", "code"], keep="last", maintain_order=True
    )
    found: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for row in worked(last).iter_rows(named=True):
        of_cycle = found.setdefault((row["participant"], row["cycle"]), {})
        of_cycle[row["code"]] = {
            "value": row["number"] if row["choice"] is None else row["choice"],
            "typed": row["value"],
            "typed_unit": row["unit"],
            "at": iso(row["seen"]),
            "by": row["by"],
        }
    return found
