"""The lines that `assess` prints: one where something changed, with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

import polars as pl

from monitor.clinical.answers.folding import grade_column, scale_in_force, scales_of
from monitor.clinical.answers.held import held_since
from monitor.clinical.answers.topics import LEVEL_WORDS, TOPICS, Topic, dangers_of
from monitor.clinical.instants.timeline import Timeline
from monitor.clinical.instants.values import by_worst
from monitor.clinical.rows import Row, last_places, rows
from monitor.clinical.said import evidence, lacking
from monitor.clinical.said.sentences_of import counted, explain
from monitor.clinical.study.protocol import Protocol
from monitor.clinical.tables import Sheet, worked
from monitor.clinical.words import any_known

# What an expected window may bring, as far as a watch.
EXPECTED = frozenset(
    {"fever_onset", "falling_pressure", "shock_index", "tachycardia", "inflammation"}
)
Line = dict[str, Any]
# Patterns that a running vasopressor or inotrope makes true whatever is read (R11).
HELD_UP = ("crs", "hypotension", "masked_fever", evidence.HEART)


def lines(timeline: Timeline, protocol: Protocol, typed: evidence.Typed) -> list[Line]:
    """Every line of every topic, in time order within a participant.

    A line is due where the topic's answer differs from that of the instant before.
    `typed`: see typed_values.
    """
    names = {row["g"]: row for row in timeline.keys.to_dicts()}
    found = timeline.sheet
    due = _changes(found)
    made: list[tuple[tuple[Any, ...], Line]] = []
    for order, topic in enumerate(TOPICS):
        before = None
        for row in rows(found, due[topic.name]):
            name = names[row["g"]]
            if before is not None and before["g"] != row["g"]:
                before = None
            line = _line(topic, row, before, name, typed, protocol)
            key = (name["participant"], row.moment("at"), name["cycle"], order)
            made.append((key, line))
            before = row
    made.sort(key=itemgetter(0))
    return [line for _, line in made]


def latest(timeline: Timeline, protocol: Protocol, typed: evidence.Typed) -> list[Line]:
    """Each topic's line at the last instant of each cycle, with today's evidence.

    Also `unconfirmed`: relative falls seen once, which a second reading confirms; and
    `counted`: what stands though no current reading shows it, by its last value.
    """
    names = {row["g"]: row for row in timeline.keys.to_dicts()}
    made = []
    found = timeline.sheet
    for row in rows(found, last_places(found)):
        for topic in TOPICS:
            line = _line(topic, row, None, names[row["g"]], typed, protocol)
            line["unconfirmed"] = _unconfirmed(topic, row, typed, protocol)
            line["counted"] = counted(topic, line, row, protocol)
            made.append(line)
    return made


def _unconfirmed(
    topic: Topic, row: Row, typed: evidence.Typed, protocol: Protocol
) -> list[dict[str, Any]]:
    once = {"crs": "pressure_falling", "cls": "sbp_far_under_usual"}.get(topic.name)
    if once is None or not row[f"sign:{once}"] or row[f"sign:{once}_twice"]:
        return []
    return [evidence.of_sign("", evidence.sign_of(once), row, typed, protocol)]


@dataclass(frozen=True, slots=True)
class Said:
    """The names under which a topic's line says its answers, and their columns.

    `now`, `stands` and `here` are of its danger signs, each by its key and sign.
    """

    standing: tuple[str, ...]
    scales: tuple[str, ...]
    grades: tuple[str, ...]
    maxima: tuple[str, ...]
    keys: tuple[str, ...]
    patterns: tuple[str, ...]
    answers: tuple[str, ...]
    dangers: tuple[tuple[str, str], ...]
    now: tuple[str, ...]
    stands: tuple[str, ...]
    here: tuple[str, ...]


# How a topic stands: the columns of which each line says all.
STANDING = ("level", "status", "looked", "open", "was_open", "episode")


@cache
def _said(topic: Topic) -> Said:
    scales, dangers = scales_of(topic), dangers_of(topic)
    return Said(
        tuple(f"{one}:{topic.name}" for one in STANDING),
        scales,
        tuple(grade_column(topic, scale) for scale in scales),
        tuple(f"max:{topic.name}:{scale}" for scale in scales),
        topic.patterns,
        tuple(key.partition("@")[0] for key in topic.patterns),
        tuple(f"pattern:{key}" for key in topic.patterns),
        tuple((key, sign) for key, sign, _, _ in dangers),
        tuple(f"sign:{sign}" for _, sign, _, _ in dangers),
        tuple(f"standing:danger:{key}" for key, _, _, _ in dangers),
        tuple(f"here:{topic.name}:{key}" for key, _, _, _ in dangers),
    )


@cache
def _watched(topic: Topic) -> tuple[str, ...]:
    """The columns whose change makes a line."""
    columns = [f"level:{topic.name}", f"status:{topic.name}"]
    columns += [grade_column(topic, scale) for scale in scales_of(topic)]
    columns += [f"max:{topic.name}:{scale}" for scale in scales_of(topic)]
    return (*columns, *(f"pattern:{key}" for key in topic.patterns))


def _changes(found: Sheet) -> dict[str, pl.Series]:
    """For each topic the places where its answer differs from that of the row above.

    What is the same throughout differs nowhere.
    """
    varying = {
        topic.name: ["g", *(one for one in _watched(topic) if one not in found.same)]
        for topic in TOPICS
    }
    some = dict.fromkeys(name for names in varying.values() for name in names)
    differs = worked(found.take(*some).lazy().select(map(_differs, some)))
    made = differs.lazy().select(
        any_known(map(pl.col, names)).arg_true().implode().alias(topic)
        for topic, names in varying.items()
    )
    return {one.name: one[0] for one in worked(made)}


@cache
def _differs(column: str) -> pl.Expr:
    return pl.col(column).ne_missing(pl.col(column).shift(1))


def typed_values(readings: pl.DataFrame) -> evidence.Typed:
    """What was typed, by cycle, item and time; of several at one instant the worst."""
    shown = readings.lazy().filter(pl.col("code").is_in(list(evidence.typed_items())))
    asked = pl.when(pl.col("outcome") == "questioned").then("check").fill_null("")
    said = ("g", "code", "number", "choice", "value", "unit", "by")
    shown = shown.select(*said, at="seen", asked=asked)
    ordered = worked(by_worst(shown, "value"))
    at = ordered["at"].to_physical()
    keys = zip(
        ordered["g"].to_list(), ordered["code"].to_list(), at.to_list(), strict=True
    )
    typed = (ordered[name].to_list() for name in ("value", "unit", "by", "asked"))
    return dict(zip(keys, zip(*typed, strict=True), strict=True))


def _line(
    topic: Topic,
    row: Row,
    before: Row | None,
    name: Mapping[str, Any],
    typed: evidence.Typed,
    protocol: Protocol,
) -> Line:
    said, scale = _said(topic), scale_in_force(topic, protocol.scale)
    level, status, looked, is_open, was_open, episode = row.several(said.standing)
    answers = zip(said.patterns, row.several(said.answers), strict=True)
    made: Line = {
        "participant": name["participant"],
        "cycle": name["cycle"],
        "family": topic.family,
        "topic": topic.name,
        "at": evidence.iso_of(row.moment("at")),
        "level": LEVEL_WORDS[level],
        "expected": _expected(topic, row),
        "held_since": evidence.iso_of(held_since(topic, row, scale)),
        "resolved_at": evidence.iso_of(row.moment(f"resolved:{topic.name}")),
        "status": status,
        "grades": dict(zip(said.scales, row.several(said.grades), strict=True)),
        "max_grades": dict(zip(said.scales, row.several(said.maxima), strict=True)),
        "at_least": _floors(topic, row),
        "if_attributed": _if_attributed(topic, row),
        "patterns": {
            key: answer for key, answer in answers if key not in protocol.unasked
        },
        "danger": _dangers(said, row),
        # Nothing is missing where the topic is neither asked about nor open.
        "missing": lacking.missing(topic, row) if looked or is_open else [],
        "evidence": _evidence(said, row, before, typed, protocol),
    }
    made["explanation"] = explain(topic, made, row, scale, protocol)
    made["fold"] = {
        "episode": episode if is_open else None,
        "closes": was_open and not is_open,
    }
    return made


def _expected(topic: Topic, row: Row) -> bool:
    """Whether all that stands of a release is what the protocol expects (B6)."""
    if topic.name != "crs" or not row["state:expected_fever"]:
        return False
    true = {key for key in topic.patterns if row[f"pattern:{key}"]}
    watch = LEVEL_WORDS[row[f"level:{topic.name}"]] == "watch"
    return bool(watch and true and true <= EXPECTED)


def _floors(topic: Topic, row: Row) -> list[str]:
    if topic.name == "crs":
        return [scale for scale in scales_of(topic) if row[f"floor:{scale}"]]
    return list(scales_of(topic)) if row.get(f"floor:{topic.name}") else []


def _if_attributed(topic: Topic, row: Row) -> dict[str, int]:
    if topic.name != "crs":
        return {}
    given = {s: row[f"attributed:{s}"] for s in scales_of(topic)}
    return {scale: grade for scale, grade in given.items() if grade is not None}


def _dangers(said: Said, row: Row) -> list[str]:
    """Danger signs seen now, or held because nothing current speaks of them."""
    of_each = zip(
        said.dangers,
        row.several(said.now),
        row.several(said.stands),
        row.several(said.here),
        strict=True,
    )
    return [
        key
        for (key, _), now, stands, here in of_each
        if here and (stands if now is None else now)
    ]


def _evidence(
    said: Said,
    row: Row,
    before: Row | None,
    typed: evidence.Typed,
    protocol: Protocol,
) -> list[dict[str, Any]]:
    """The patterns that are true, or whose answer changed in this line."""
    found: list[dict[str, Any]] = []
    release = False
    answers = row.several(said.answers)
    earlier = answers if before is None else before.several(said.answers)
    for key, answer, was in zip(said.keys, answers, earlier, strict=True):
        if answer and key in HELD_UP:
            found += evidence.of_pressors(key, row)
        if key == evidence.RELEASE:
            release = bool(answer or was != answer)
        elif answer or was != answer:
            found += evidence.of_pattern(key, row, typed, protocol)
    shown = {one["sign"] for one in found if one["answer"]}
    if release:
        found += evidence.of_release(row, typed, protocol)
    now, here = row.several(said.now), row.several(said.here)
    for (danger, sign), seen, counts in zip(said.dangers, now, here, strict=True):
        # Still low is said by the low pressure itself.
        if seen and counts and sign != "still_low" and sign not in shown:
            one, key = evidence.sign_of(sign), f"danger:{danger}"
            found.append(evidence.of_sign(key, one, row, typed, protocol))
    return found
