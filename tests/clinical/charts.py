"""Small charts for tests of the core, in the bedside shorthand of the worked cases."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from textwrap import dedent
from typing import Any

import polars as pl

from monitor.clinical.assess import Assessment, answer, assess
from monitor.clinical.facts.chartfile import read_chart
from monitor.clinical.facts.intake import take_in
from monitor.clinical.instants import timeline
from monitor.clinical.study.protocol import Protocol

from .casefile import COLUMNS, Row, moment, rows

HEAD = "at,kind,code,value,unit,until\n"
DOSE = "0:00,dose,aldesleukin,600000,[iU]/kg\n"


def written(
    text: str, participant: str = "P1", cycle: str = "1"
) -> list[tuple[str, ...]]:
    """The rows of a chart file, from lines of `at,kind,code,value,unit,until`."""
    return [
        (participant, cycle, *_cells(row)) for row in rows(HEAD + dedent(text).strip())
    ]


def _cells(row: Row) -> tuple[str, ...]:
    until = row.until.isoformat() if row.until else ""
    return (row.at.isoformat(), row.kind, row.code, row.value, row.unit, until)


def chart_text(*parts: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(COLUMNS)
    out.writerows(row for part in parts for row in part)
    return text.getvalue()


def facts(*parts: str | list[tuple[str, ...]]) -> pl.DataFrame:
    """The facts frame of charts in shorthand; every row of them can be read."""
    made = [written(part) if isinstance(part, str) else part for part in parts]
    chart = read_chart(io.StringIO(chart_text(*made)))
    assert not chart.errors, chart.errors
    return chart.facts


def assessed(
    text: str, protocol: Protocol | None = None, now: str | None = None
) -> Assessment:
    """The assessment of a chart in shorthand, as of a time such as `6:10`."""
    return assess(facts(text), protocol, now=moment(now) if now else None)


def frame(
    text: str, protocol: Protocol | None = None, now: str | None = None
) -> pl.DataFrame:
    """The timeline of a chart with every answer, a row an instant."""
    return frame_of(text, protocol=protocol, now=now)


def frame_of(
    *parts: str | list[tuple[str, ...]],
    protocol: Protocol | None = None,
    now: str | None = None,
) -> pl.DataFrame:
    """The same for several charts together; `g` numbers their cycles."""
    protocol = protocol or Protocol.default()
    at = moment(now) if now else None
    built = timeline.build(take_in(facts(*parts)), protocol, at)
    return answer(built.frame, protocol)


def frames(
    charts: Mapping[str, str],
    protocol: Protocol | None = None,
    now: str | None = None,
) -> dict[str, pl.DataFrame]:
    """The same by name, all charts in one timeline: as fast as a single one."""
    parts = [written(text, participant=name) for name, text in charts.items()]
    answers = frame_of(*parts, protocol=protocol, now=now)
    names = sorted(name for name, part in zip(charts, parts, strict=True) if part)
    by_cycle = answers.partition_by("g", as_dict=True, include_key=True)
    return {name: by_cycle[(g,)] for g, name in enumerate(names)}


def at(answers: pl.DataFrame, time: str) -> dict[str, Any]:
    """What was so at a time: the last row at or before it."""
    return answers.filter(pl.col("at") <= moment(time)).row(-1, named=True)


def instants(answers: pl.DataFrame) -> set[datetime]:
    return set(answers["at"].to_list())


def line(assessment: Assessment, topic: str, time: str) -> dict[str, Any]:
    """The topic's last line at or before a time."""
    found = [
        one
        for one in assessment.lines
        if one["topic"] == topic and datetime.fromisoformat(one["at"]) <= moment(time)
    ]
    return found[-1]


def protocol(**document: Any) -> Protocol:
    """A protocol with these parts, over the defaults."""
    return Protocol.from_document({"name": "Test", "version": "1"} | document)


def expecting(from_hours: float, to_hours: float, below: float) -> Protocol:
    """A protocol in whose window a fever is expected after each dose."""
    fever = {"from_hours": from_hours, "to_hours": to_hours, "below": below}
    return protocol(expected={"on": True, "fever": fever})


def shifted(hours: float, minutes: int = 0) -> str:
    """A time so many hours and minutes from the first dose, as a chart writes it."""
    total = round(hours * 60) + minutes
    sign = "-" if total < 0 else ""
    return f"{sign}{abs(total) // 60}:{abs(total) % 60:02}"
