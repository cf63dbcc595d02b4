"""What a worked case expects, compared with what the assessment says.

Each check yields sentences for what differs, so that one run of a case shows all of
it. The words of a case file are listed here; `test_case_files` refuses any other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.clinical.predose import check as predose
from monitor.clinical.said import saying
from monitor.clinical.study import protocol as protocols
from monitor.clinical.study.protocol import Protocol

from .casefile import moment

PROTOCOLS = Path(protocols.__file__).parents[1] / "protocols"
PATTERNS = {
    "crs": "fever_onset crs masked_fever falling_pressure shock_index tachycardia "
    "rising_oxygen inflammation recurrent_fever",
    "cls": "albumin daily_weight weight_and_hypotension leak_triad edema_overload "
    "hemoconcentration low_urine fluid_balance leak_hypoxia hypotension cycle_weight "
    "remobilization kidney",
    "infection": "infection_mimic",
    "fever": "fever_outside_window",
    "infusion_reaction": "infusion_reaction",
    "hlh_like": "hlh_like",
    "concern": "nurse_concern",
    "neurotoxicity": "neurotoxicity",
    "heart_lung": "cardiopulmonary arrhythmia",
    "injection_site": "injection_site",
}
TOPICS = (*PATTERNS, "liver", "gut", "kidney", "skin_eye", "endocrine")
TOPIC_OF = {key: topic for topic, keys in PATTERNS.items() for key in keys.split()}

SCALES = ("astct", "ctcae_v5", "ctcae_v6", "lee_2014", "penn")
LEVELS = ("clear", "unknown", "watch", "warning", "critical")
STATUSES = ("not_gradable", "needs_review", "graded", "resolved", "clear")

ANSWERS = {"on": True, "off": False, "unknown": None}
SHOWN = {True: "on", False: "off", None: "unknown"}
GRADES = ("grades", "max_grades", "if_attributed")
BESIDE = ("news2", "qsofa", "sirs", "composite", "karsen", "oxygen", "waiver")
BESIDE += ("not_interpretable", "markers", "asks", "recheck")
# What the check before a dose says, under the protocol of the drug that was given.
CHECKED = ("pre_dose", "relative", "absolute")
DRUG = Protocol.from_document(
    tomllib.loads((PROTOCOLS / "aldesleukin.toml").read_text("utf-8"))
)

Line = dict[str, Any]
Beside = Callable[[datetime], dict[str, Any]]
Terms = Callable[[datetime], dict[tuple[str, str], int | None]]
Why = Callable[[datetime], dict[tuple[str, str], str]]


def nothing_beside(at: datetime) -> dict[Any, Any]:
    return {}


class Replay:
    """The lines of one assessment, asked as they stood at an instant.

    `beside`: what stood beside the patterns at an instant; `terms`: the CTCAE grades
    of the same chart then, by (term, version), `why`: what is said of each; `facts`:
    those of the chart.
    """

    def __init__(
        self,
        lines: list[Line],
        beside: Beside = nothing_beside,
        terms: Terms = nothing_beside,
        facts: Any = None,
        why: Why = nothing_beside,
    ) -> None:
        self.facts = facts
        self.why = why
        self.terms = terms
        self.lines = [(datetime.fromisoformat(line["at"]), line) for line in lines]
        self.beside = beside

    def state(self, topic: str, at: datetime) -> Line:
        """The last line of the topic at or before the instant; {} if there is none."""
        found = [
            line for when, line in self.lines if line["topic"] == topic and when <= at
        ]
        return found[-1] if found else {}


def pattern(name: str) -> tuple[str, str]:
    """The (topic, key) of ``hypotension`` or ``immune_organ@liver``."""
    key, _, topic = name.partition("@")
    return topic or TOPIC_OF[key], key


def differences(replay: Replay, block: dict[str, Any]) -> Iterator[str]:
    """What differs at the instant of one `at` block, a sentence each."""
    time, at = block["time"], moment(block["time"])
    checks = (
        *(answers, levels, statuses, grades, graded_terms, said_of_terms),
        *(lists, values, scores, pre_dose),
    )
    for check in checks:
        for sentence in check(replay, block, at):
            yield f"{time}  {sentence}"


def answers(replay: Replay, block: dict[str, Any], at: datetime) -> Iterator[str]:
    """The patterns that must be on, off, unknown, or at least not on."""
    for word in (*ANSWERS, "not_on"):
        for name in block.get(word, []):
            topic, key = pattern(name)
            patterns = replay.state(topic, at).get("patterns", {})
            got = SHOWN[patterns[key]] if key in patterns else "nothing"
            good = got in ("off", "unknown") if word == "not_on" else got == word
            if not good:
                yield f"{topic}: {key} expected {word.replace('_', ' ')}, came {got}"


def levels(replay: Replay, block: dict[str, Any], at: datetime) -> Iterator[str]:
    """The level of each topic, exact or as a floor."""
    for topic, level in block.get("level", {}).items():
        got = replay.state(topic, at).get("level")
        if got != level:
            yield f"{topic}: level expected {level}, came {got}"
    for topic, level in block.get("level_at_least", {}).items():
        got = replay.state(topic, at).get("level", "clear")
        if LEVELS.index(got) < LEVELS.index(level):
            yield f"{topic}: level expected {level} or more, came {got}"


def statuses(replay: Replay, block: dict[str, Any], at: datetime) -> Iterator[str]:
    """The status of each topic, and the one that it must not have."""
    for topic, status in block.get("status", {}).items():
        got = replay.state(topic, at).get("status")
        if got != status:
            yield f"{topic}: status expected {status}, came {got}"
    for topic, status in block.get("status_not", {}).items():
        if replay.state(topic, at).get("status") in (status, None):
            yield f"{topic}: status expected to be known and not {status}"


def grades(replay: Replay, block: dict[str, Any], at: datetime) -> Iterator[str]:
    """Grades of the topic crs by scale, and of other topics under `topic_grades`."""
    for word in GRADES:
        given = replay.state("crs", at).get(word, {})
        yield from scales(f"crs: {word}", block.get(word, {}), given)
    for topic, wanted in block.get("topic_grades", {}).items():
        given = replay.state(topic, at).get("grades", {})
        yield from scales(f"{topic}: grades", wanted, given)


def graded_terms(replay: Replay, block: dict[str, Any], at: datetime) -> Iterator[str]:
    """The CTCAE grade of single terms, by version."""
    wanted = block.get("terms", {})
    found = replay.terms(at) if wanted else {}
    for scale, grades_of in wanted.items():
        version = scale.removeprefix("ctcae_")
        given = {term: grade for (term, one), grade in found.items() if one == version}
        yield from scales(f"terms of {scale}:", grades_of, given)


def said_of_terms(replay: Replay, block: dict[str, Any], at: datetime) -> Iterator[str]:
    """What stands beside the CTCAE grade of single terms, by version."""
    wanted = block.get("why", {})
    found = replay.why(at) if wanted else {}
    for scale, sentences in wanted.items():
        for term, sentence in sentences.items():
            got = found.get((term, scale.removeprefix("ctcae_")), "nothing")
            if got != sentence:
                yield f"why of {scale} {term} expected {sentence!r}, came {got!r}"


def values(replay: Replay, block: dict[str, Any], at: datetime) -> Iterator[str]:
    """The values on which an answer rests: ``URINE_PER_KG 0.36 mL/kg/h``."""
    for topic, wanted in block.get("values", {}).items():
        rows = replay.state(topic, at).get("evidence", [])
        got = [saying.value_text(row) for row in rows]
        got = [f"{row['item']} {text}" for row, text in zip(rows, got, strict=True)]
        for one in wanted:
            if one not in got:
                yield f"{topic}: the value {one} expected, came {got}"


def course(
    opened: datetime, last: Line, closed: datetime | None
) -> tuple[datetime | None, ...]:
    """When an episode opened, was resolved, and closed, by its last line."""
    resolved = last.get("resolved_at")
    return opened, datetime.fromisoformat(resolved) if resolved else None, closed


def course_of(text: str) -> tuple[datetime | None, ...]:
    """The same of ``d2 12:00, resolved d4 08:00, closed d5 08:00``."""
    opened, *rest = text.split(", ")
    parts = dict(part.split(" ", 1) for part in rest)
    unknown = set(parts) - {"resolved", "closed"}
    if unknown:
        raise ValueError(f"{text!r} says {unknown}")
    ends = [parts.get(word) for word in ("resolved", "closed")]
    return moment(opened), *(moment(one) if one else None for one in ends)


def scales(what: str, wanted: dict[str, Any], given: dict[str, Any]) -> Iterator[str]:
    """Grade by grade; the word "null" stands for a scale that gives none."""
    for scale, grade in wanted.items():
        got = given.get(scale, "nothing")
        got = "null" if got is None else got
        if got != grade:
            yield f"{what} {scale} expected {grade}, came {got}"


def lists(replay: Replay, block: dict[str, Any], at: datetime) -> Iterator[str]:
    """Danger signs (an empty list: none at all) and what is missing."""
    for topic, signs in block.get("danger", {}).items():
        got = replay.state(topic, at).get("danger")
        if got is None or not set(signs) <= set(got) or (not signs and got):
            yield f"{topic}: danger expected {signs}, came {got}"
    for topic, gaps in block.get("missing", {}).items():
        got = replay.state(topic, at).get("missing", [])
        for gap in gaps:
            if not any(same_gap(gap, one) for one in got):
                yield f"{topic}: missing expected {gap}, came {got}"


def same_gap(gap: str, one: dict[str, Any]) -> bool:
    """Whether ``TEMP stale 1:00`` (the time may be left out) names this gap."""
    item, why, *since = gap.split()
    if (one["item"], one["why"]) != (item, why):
        return False
    return not since or (
        one["since"] is not None
        and datetime.fromisoformat(one["since"]) == moment(since[0])
    )


def scores(replay: Replay, block: dict[str, Any], at: datetime) -> Iterator[str]:
    """What stands beside the patterns, word by word."""
    if not set(BESIDE) & set(block):
        return
    beside = replay.beside(at)
    for word in BESIDE:
        if word in block:
            got = spoken(word, beside, block[word])
            if got != block[word]:
                yield f"{word} expected {block[word]}, came {got}"


def spoken(word: str, beside: dict[str, Any], wanted: Any) -> Any:
    """What is said of a word, in the shape in which a case file asks for it."""
    said = beside.get(word)
    if word in ("qsofa", "sirs", "composite"):
        return said and said["count"]
    if word == "karsen":
        return said and said["met"]
    if word == "news2":
        return said and {part: said[part] for part in wanted}
    if word == "oxygen":
        return "baseline" if said and said["baseline"] else "support"
    if word == "waiver":
        said = beside.get("fever_waiver")
        return said and [name.lower() for name in said["agents"]]
    if word == "markers":
        every = said or {}
        return {
            item: {part: every.get(item, {}).get(part) for part in parts}
            for item, parts in wanted.items()
        }
    if word == "not_interpretable":
        by = {item: one["not_interpretable"] for item, one in beside["markers"].items()}
        return {item: one["agent"] for item, one in by.items() if one}
    if word == "asks":
        said = beside.get("question")
        return said and {part: said[part] for part in wanted}
    return said


def pre_dose(replay: Replay, block: dict[str, Any], at: datetime) -> Iterator[str]:
    """What the check before a dose answers, and which centre criteria are met."""
    if not set(CHECKED) & set(block):
        return
    got: dict[str, Any] = dict.fromkeys(CHECKED, "nothing")
    if replay.facts is not None:
        made = predose.check(replay.facts, DRUG, at)
        got = {
            "pre_dose": made.answer,
            "relative": sorted(made.met("relative")),
            "absolute": sorted(made.met("absolute")),
        }
    for word in CHECKED:
        wanted = block.get(word, got[word])
        if (sorted(wanted) if isinstance(wanted, list) else wanted) != got[word]:
            yield f"{word} expected {wanted}, came {got[word]}"


def count(expected: Any) -> int:
    """How many single expectations a block holds."""
    if isinstance(expected, dict):
        return sum(count(one) for key, one in expected.items() if key != "time")
    if isinstance(expected, list):
        return sum(count(one) for one in expected) or 1
    return 1
