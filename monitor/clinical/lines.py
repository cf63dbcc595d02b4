"""The lines that `assess` prints: one where something changed, with its reasons."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import polars as pl

from monitor.clinical import evidence
from monitor.clinical.folding import grade_column, scale_in_force, scales_of
from monitor.clinical.held import held_since
from monitor.clinical.protocol import Protocol
from monitor.clinical.rows import rows
from monitor.clinical.sentences_of import explain
from monitor.clinical.timeline import Timeline
from monitor.clinical.topics import LEVEL_WORDS, TOPICS, Topic, dangers_of
from monitor.clinical.values import by_worst

# What an expected window may bring, as far as a watch.
EXPECTED = frozenset(
    {"fever_onset", "falling_pressure", "shock_index", "tachycardia", "inflammation"}
)
Line = dict[str, Any]
# Patterns that a running vasopressor makes true whatever the pressure reads (R11).
HELD_UP = ("crs", "hypotension", "masked_fever")
Row = Mapping[str, Any]


def lines(timeline: Timeline, frame: pl.DataFrame, protocol: Protocol) -> list[Line]:
    """Every line of every topic, in time order within a participant."""
    names = {row["g"]: row for row in timeline.keys.to_dicts()}
    typed = _typed(timeline.readings)
    made: list[tuple[tuple[Any, ...], Line]] = []
    for order, row, before in _changes(frame):
        name, own = names[row["g"]], typed.get(row["g"], {})
        line = _line(TOPICS[order], row, before, name, own, protocol)
        made.append(((name["participant"], row["at"], name["cycle"], order), line))
    made.sort(key=lambda one: one[0])
    return [line for _, line in made]


def latest(timeline: Timeline, frame: pl.DataFrame, protocol: Protocol) -> list[Line]:
    """Each topic's line at the last instant of each cycle, with today's evidence.

    Also `unconfirmed`: relative falls seen once, which a second reading confirms.
    """
    names = {row["g"]: row for row in timeline.keys.to_dicts()}
    typed = _typed(timeline.readings)
    made = []
    is_last = pl.col("g").ne_missing(pl.col("g").shift(-1))
    for row in rows(frame.filter(is_last)):
        own = typed.get(row["g"], {})
        for topic in TOPICS:
            line = _line(topic, row, None, names[row["g"]], own, protocol)
            line["unconfirmed"] = _unconfirmed(topic, row, own, protocol)
            made.append(line)
    return made


def _unconfirmed(
    topic: Topic, row: Row, typed: evidence.Typed, protocol: Protocol
) -> list[dict[str, Any]]:
    once = {"crs": "pressure_falling", "cls": "sbp_far_under_usual"}.get(topic.name)
    if once is None or not row[f"sign:{once}"] or row[f"sign:{once}_twice"]:
        return []
    return [evidence.of_sign("", evidence.sign_of(once), row, typed, protocol)]


def _watched(topic: Topic) -> list[str]:
    """The columns whose change makes a line."""
    columns = [f"level:{topic.name}", f"status:{topic.name}"]
    columns += [grade_column(topic, scale) for scale in scales_of(topic)]
    columns += [f"max:{topic.name}:{scale}" for scale in scales_of(topic)]
    return columns + [f"pattern:{key}" for key in topic.patterns]


def _changes(frame: pl.DataFrame) -> Iterator[tuple[int, Row, Row | None]]:
    """(place of the topic, row, row of its line before) wherever a line is due.

    A line is due where the topic's answer differs from that of the instant before.
    """
    changed = frame.select(_differences())
    some = changed.select(pl.any_horizontal(pl.all())).to_series()
    flags = changed.filter(some).iter_rows()
    previous: dict[int, Row] = {}
    for row, due in zip(rows(frame.filter(some)), flags, strict=True):
        for order in (place for place, is_due in enumerate(due) if is_due):
            before = previous.get(order)
            if before is not None and before["g"] != row["g"]:
                before = None
            yield order, row, before
            previous[order] = row


@cache
def _differences() -> tuple[pl.Expr, ...]:
    """For each topic whether its answer differs from that of the row before."""
    first = pl.col("g").ne_missing(pl.col("g").shift(1))
    return tuple(
        pl.any_horizontal(
            first, *(pl.col(name).ne_missing(pl.col(name).shift(1)) for name in watched)
        ).alias(topic.name)
        for topic in TOPICS
        for watched in [_watched(topic)]
    )


def _typed(
    readings: pl.DataFrame,
) -> dict[int, dict[tuple[str, datetime], tuple[str, str, str]]]:
    """What was typed, by cycle, item and time; of several at one instant the worst."""
    found: dict[int, dict[tuple[str, datetime], tuple[str, str, str]]] = {}
    ordered = by_worst(
        readings.rename({"at": "begins"}).rename({"seen": "at"}), "value"
    )
    for g, code, seen, value, unit, by in ordered.select(
        "g", "code", "at", "value", "unit", "by"
    ).iter_rows():
        found.setdefault(g, {})[(code, seen)] = (value, unit, by)
    return found


def _line(
    topic: Topic,
    row: Row,
    before: Row | None,
    name: Row,
    typed: evidence.Typed,
    protocol: Protocol,
) -> Line:
    scales, scale = scales_of(topic), scale_in_force(topic, protocol.scale)
    made: Line = {
        "participant": name["participant"],
        "cycle": name["cycle"],
        "family": topic.family,
        "topic": topic.name,
        "at": evidence.iso(row["at"]),
        "level": LEVEL_WORDS[row[f"level:{topic.name}"]],
        "expected": _expected(topic, row),
        "held_since": evidence.iso(held_since(topic, row, scale)),
        "status": row[f"status:{topic.name}"],
        "grades": {scale: row[grade_column(topic, scale)] for scale in scales},
        "max_grades": {scale: row[f"max:{topic.name}:{scale}"] for scale in scales},
        "at_least": _floors(topic, row),
        "if_attributed": _if_attributed(topic, row),
        "patterns": {
            name.partition("@")[0]: row[f"pattern:{name}"] for name in topic.patterns
        },
        "danger": _dangers(topic, row),
        "missing": _missing(topic, row),
        "evidence": _evidence(topic, row, before, typed, protocol),
    }
    made["explanation"] = explain(topic, made, row, scale)
    made["fold"] = {
        "episode": row[f"episode:{topic.name}"] if row[f"open:{topic.name}"] else None,
        "closes": row[f"was_open:{topic.name}"] and not row[f"open:{topic.name}"],
    }
    return made


def _missing(topic: Topic, row: Row) -> list[dict[str, Any]]:
    """Nothing is missing where the topic is neither asked about nor open."""
    asked = row[f"looked:{topic.name}"] or row[f"open:{topic.name}"]
    return evidence.missing(topic, row) if asked else []


def _expected(topic: Topic, row: Row) -> bool:
    """Whether all that stands of a release is what the protocol expects (B6)."""
    if topic.name != "crs" or not row["state:expected_fever"]:
        return False
    true = {key for key in topic.patterns if row[f"pattern:{key}"]}
    watch = LEVEL_WORDS[row[f"level:{topic.name}"]] == "watch"
    return bool(watch and true and true <= EXPECTED)


def _floors(topic: Topic, row: Row) -> list[str]:
    if topic.name == "cls":
        return list(scales_of(topic)) if row["floor:cls"] else []
    return [s for s in scales_of(topic) if row.get(f"floor:{s}")]


def _if_attributed(topic: Topic, row: Row) -> dict[str, int]:
    if topic.name != "crs":
        return {}
    given = {s: row[f"attributed:{s}"] for s in scales_of(topic)}
    return {scale: grade for scale, grade in given.items() if grade is not None}


def _dangers(topic: Topic, row: Row) -> list[str]:
    """Danger signs seen now, or held because nothing current speaks of them."""
    found = []
    for key, sign, _, _ in dangers_of(topic):
        now = row[f"sign:{sign}"]
        stands = now if now is not None else row[f"standing:danger:{key}"]
        if stands and row[f"here:{topic.name}:{key}"]:
            found.append(key)
    return found


def _evidence(
    topic: Topic,
    row: Row,
    before: Row | None,
    typed: evidence.Typed,
    protocol: Protocol,
) -> list[dict[str, Any]]:
    """The patterns that are true, or whose answer changed in this line."""
    found: list[dict[str, Any]] = []
    for key in topic.patterns:
        answer = row[f"pattern:{key}"]
        changed = before is not None and before[f"pattern:{key}"] != answer
        if answer and key in HELD_UP:
            found += evidence.of_pressors(key, row)
        if key == "crs":
            continue
        if answer or changed:
            found += evidence.of_pattern(key, row, typed, protocol)
    shown = {one["sign"] for one in found if one["answer"]}
    for key, sign, _, _ in dangers_of(topic):
        if (
            row[f"sign:{sign}"]
            and row[f"here:{topic.name}:{key}"]
            and sign not in shown
        ):
            one = evidence.sign_of(sign) if sign != "still_low" else None
            if one is not None:
                found.append(
                    evidence.of_sign(f"danger:{key}", one, row, typed, protocol)
                )
    return found
