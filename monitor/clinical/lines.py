"""The lines that `assess` prints: one where something changed, with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

import polars as pl

from monitor.clinical import evidence, lacking
from monitor.clinical.folding import grade_column, scale_in_force, scales_of
from monitor.clinical.held import held_since
from monitor.clinical.protocol import Protocol
from monitor.clinical.rows import Row, last_places, rows
from monitor.clinical.sentences_of import counted, explain
from monitor.clinical.tables import Stage
from monitor.clinical.timeline import Timeline
from monitor.clinical.topics import LEVEL_WORDS, TOPICS, Topic, dangers_of
from monitor.clinical.values import by_worst
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
    due = found.answer(_differences())
    made: list[tuple[tuple[Any, ...], Line]] = []
    for order, topic in enumerate(TOPICS):
        before = None
        for row in rows(found, due[order][0]):
            name = names[row["g"]]
            if before is not None and before["g"] != row["g"]:
                before = None
            line = _line(topic, row, before, name, typed, protocol)
            key = (name["participant"], row["at"], name["cycle"], order)
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
    """The names under which a topic's line says its answers, and their columns."""

    scales: tuple[str, ...]
    grades: tuple[str, ...]
    maxima: tuple[str, ...]
    patterns: tuple[str, ...]
    answers: tuple[str, ...]
    dangers: tuple["Danger", ...]


@dataclass(frozen=True, slots=True)
class Danger:
    """A danger sign that may count in the topic, and the columns that say whether."""

    key: str
    sign: str
    now: str
    stands: str
    here: str


@cache
def _said(topic: Topic) -> Said:
    scales = scales_of(topic)
    return Said(
        scales,
        tuple(grade_column(topic, scale) for scale in scales),
        tuple(f"max:{topic.name}:{scale}" for scale in scales),
        tuple(key.partition("@")[0] for key in topic.patterns),
        tuple(f"pattern:{key}" for key in topic.patterns),
        tuple(
            Danger(
                key,
                sign,
                f"sign:{sign}",
                f"standing:danger:{key}",
                f"here:{topic.name}:{key}",
            )
            for key, sign, _, _ in dangers_of(topic)
        ),
    )


def _watched(topic: Topic) -> list[str]:
    """The columns whose change makes a line."""
    columns = [f"level:{topic.name}", f"status:{topic.name}"]
    columns += [grade_column(topic, scale) for scale in scales_of(topic)]
    columns += [f"max:{topic.name}:{scale}" for scale in scales_of(topic)]
    return columns + [f"pattern:{key}" for key in topic.patterns]


@cache
def _differences() -> Stage:
    """For each topic the places where its answer differs from that of the row above."""
    return Stage(
        tuple(
            any_known(map(_differs, ("g", *_watched(topic))))
            .arg_true()
            .implode()
            .alias(topic.name)
            for topic in TOPICS
        )
    )


def _differs(column: str) -> pl.Expr:
    return pl.col(column).ne_missing(pl.col(column).shift(1))


def typed_values(readings: pl.DataFrame) -> evidence.Typed:
    """What was typed, by cycle, item and time; of several at one instant the worst."""
    shown = readings.filter(pl.col("code").is_in(list(evidence.typed_items())))
    asked = pl.when(pl.col("outcome") == "questioned").then("check")
    shown = shown.drop("at").rename({"seen": "at"})
    ordered = by_worst(shown.with_columns(asked=asked.fill_null("")), "value")
    at = ordered["at"].to_physical()
    keys = zip(
        ordered["g"].to_list(), ordered["code"].to_list(), at.to_list(), strict=True
    )
    typed = (ordered[name].to_list() for name in ("value", "unit", "by", "asked"))
    said = zip(*typed, strict=True)
    return dict(zip(keys, said, strict=True))


def _line(
    topic: Topic,
    row: Row,
    before: Row | None,
    name: Mapping[str, Any],
    typed: evidence.Typed,
    protocol: Protocol,
) -> Line:
    said, scale = _said(topic), scale_in_force(topic, protocol.scale)
    answers = row.several(said.answers)
    made: Line = {
        "participant": name["participant"],
        "cycle": name["cycle"],
        "family": topic.family,
        "topic": topic.name,
        "at": evidence.iso(row["at"]),
        "level": LEVEL_WORDS[row[f"level:{topic.name}"]],
        "expected": _expected(topic, row),
        "held_since": evidence.iso(held_since(topic, row, scale)),
        "resolved_at": evidence.iso(row.get(f"resolved:{topic.name}")),
        "status": row[f"status:{topic.name}"],
        "grades": dict(zip(said.scales, row.several(said.grades), strict=True)),
        "max_grades": dict(zip(said.scales, row.several(said.maxima), strict=True)),
        "at_least": _floors(topic, row),
        "if_attributed": _if_attributed(topic, row),
        "patterns": {
            key: answer
            for key, answer in zip(said.patterns, answers, strict=True)
            if key not in protocol.unasked
        },
        "danger": _dangers(topic, row),
        "missing": _missing(topic, row),
        "evidence": _evidence(topic, row, before, typed, protocol),
    }
    made["explanation"] = explain(topic, made, row, scale, protocol)
    made["fold"] = {
        "episode": row[f"episode:{topic.name}"] if row[f"open:{topic.name}"] else None,
        "closes": row[f"was_open:{topic.name}"] and not row[f"open:{topic.name}"],
    }
    return made


def _missing(topic: Topic, row: Row) -> list[dict[str, Any]]:
    """Nothing is missing where the topic is neither asked about nor open."""
    asked = row[f"looked:{topic.name}"] or row[f"open:{topic.name}"]
    return lacking.missing(topic, row) if asked else []


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


def _dangers(topic: Topic, row: Row) -> list[str]:
    """Danger signs seen now, or held because nothing current speaks of them."""
    found = []
    for one in _said(topic).dangers:
        now = row[one.now]
        stands = now if now is not None else row[one.stands]
        if stands and row[one.here]:
            found.append(one.key)
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
    said = _said(topic)
    answers = row.several(said.answers)
    earlier = answers if before is None else before.several(said.answers)
    for key, answer, was in zip(topic.patterns, answers, earlier, strict=True):
        changed = was != answer
        if answer and key in HELD_UP:
            found += evidence.of_pressors(key, row)
        if key == "crs":
            continue
        if answer or changed:
            found += evidence.of_pattern(key, row, typed, protocol)
    shown = {one["sign"] for one in found if one["answer"]}
    for danger in said.dangers:
        # Still low is said by the low pressure itself.
        if danger.sign == "still_low" or danger.sign in shown:
            continue
        if row[danger.now] and row[danger.here]:
            one, key = evidence.sign_of(danger.sign), f"danger:{danger.key}"
            found.append(evidence.of_sign(key, one, row, typed, protocol))
    return found
