"""The plays of `thresholds/*.toml`: every threshold below, at and above its line,

with its value never charted, and with one that is too old to count. All plays under one
protocol are participants of one timeline. How a file reads stands in
`thresholds/README.md`.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from monitor.clinical.answers.topics import LEVEL_WORDS
from monitor.clinical.facts.intake import take_in
from monitor.clinical.study.protocol import Protocol
from monitor.clinical.thresholds import THRESHOLDS

from .casefile import moment
from .charts import DOSE, facts, frame_of, protocol, written

FOLDER = Path(__file__).parent / "thresholds"
ELSEWHERE = FOLDER / "elsewhere.toml"
SIDES = ("below", "at", "above")
PARTS = {
    *("asks", "chart", "plays", "when", "unknown", "stale", "without"),
    *("lines", "pressure_line", "fever_expected"),
}
HERE = "{}"
# Long after the last play: what lapses later than a record's end is seen too.
END = "1000:00"


@dataclass(frozen=True)
class Play:
    """One chart, when it is asked about, and the answer that is expected."""

    name: str
    rows: str
    asks: str
    when: str
    answer: str
    using: Protocol


def entries() -> Iterator[tuple[str, dict[str, Any]]]:
    """(threshold, entry) of every file."""
    for path in sorted(FOLDER.glob("*.toml")):
        if path == ELSEWHERE:
            continue
        for key, rows in tomllib.loads(path.read_text("utf-8")).items():
            yield from ((key, row) for row in rows)


def elsewhere() -> dict[str, dict[str, str]]:
    """Threshold -> the test that holds it to its line, and what there cannot be."""
    return tomllib.loads(ELSEWHERE.read_text("utf-8"))


def plays() -> list[Play]:
    """Every play of every entry, by a name of its own."""
    protocols: dict[str, Protocol] = {}
    found: list[Play] = []
    for number, (key, entry) in enumerate(entries()):
        made = _document(entry)
        using = protocols.setdefault(repr(made), protocol(**made))
        for side, rows, when, answer in _sides(entry):
            name = f"{number:03} {key}, {entry['asks']}, {side}"
            found.append(Play(name, rows, entry["asks"], when, answer, using))
    return found


def _document(entry: dict[str, Any]) -> dict[str, Any]:
    lines = {
        key: {"value": value, "unit": THRESHOLDS[key].unit, "why": "to try one line"}
        for key, value in entry.get("lines", {}).items()
    }
    made: dict[str, Any] = {"thresholds": lines} if lines else {}
    if "pressure_line" in entry:
        made["pressure_line"] = entry["pressure_line"]
    if "fever_expected" in entry:
        made["expected"] = {"on": True, "fever": entry["fever_expected"]}
    return made


def _sides(entry: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """(side, rows, when, answer) of each play of an entry."""
    lacking, when = entry.get("without", {}), entry.get("when", "1:00")
    sides = [side for side in SIDES if side not in lacking]
    told = dict(
        zip(sides, (one.rsplit(" -> ", 1) for one in entry["plays"]), strict=True)
    )
    for side, (value, answer) in told.items():
        yield side, _rows(entry, value), when.replace(HERE, value), answer
    line = told["at"][0]
    if "unknown" not in lacking:
        answer = entry.get("unknown", "unknown")
        yield "unknown", _rows(entry, None), when.replace(HERE, line), answer
    if "stale" not in lacking:
        late, _, answer = entry["stale"].partition(" -> ")
        yield "stale", _rows(entry, line), late, answer or "unknown"


def _rows(entry: dict[str, Any], value: str | None) -> str:
    """The chart with the value in its place; without one, without those rows."""
    chart = entry["chart"]
    rows = [chart] if isinstance(chart, str) else list(chart)
    if not any(",dose," in row for row in rows):
        rows.append(DOSE.strip())
    if value is None:
        rows = [row for row in rows if HERE not in row]
    return "\n".join(row.replace(HERE, value or "") for row in rows)


def answered(wanted: list[Play]) -> dict[str, str]:
    """What the core says to each play, by name."""
    together: dict[int, list[Play]] = defaultdict(list)
    for play in wanted:
        together[id(play.using)].append(play)
    found: dict[str, str] = {}
    for group in together.values():
        found |= _asked(sorted(group, key=lambda play: play.name), group[0].using)
    return found


def _asked(group: list[Play], using: Protocol) -> dict[str, str]:
    parts = [written(play.rows, participant=play.name) for play in group]
    _all_of_it_feeds(facts(*parts))
    frame = frame_of(*parts, protocol=using, now=END)
    columns = sorted({play.asks for play in group})
    cycles = frame.select("g", "at", *columns).partition_by("g", as_dict=True)
    return {play.name: _said(cycles[(g,)], play) for g, play in enumerate(group)}


def _all_of_it_feeds(charted: pl.DataFrame) -> None:
    """No row of a chart was refused or held: a play says what it seems to say."""
    taken = take_in(charted)
    assert not taken.errors, taken.errors
    assert taken.readings.height == (charted["kind"] == "reading").sum(), taken.queries


def _said(cycle: pl.DataFrame, play: Play) -> str:
    by_then = cycle.filter(pl.col("at") <= moment(play.when))
    if by_then.is_empty():
        return "unknown"
    return spoken(play.asks, by_then[play.asks][-1])


def spoken(asks: str, answer: Any) -> str:
    """An answer in the word of a file."""
    if asks.startswith("level:"):
        return LEVEL_WORDS[answer]
    if answer is None:
        return "unknown"
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return f"{answer:g}" if isinstance(answer, int | float) else str(answer)
