"""What a worked case expects, compared with what the assessment says.

Each check yields sentences for what differs, so that one run of a case shows all of
it. The words of a case file are listed here; `test_case_files` refuses any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from .casefile import moment

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
# What no line of the assessment carries yet: it waits under `later`, and is counted.
UNSPOKEN = ("news2", "qsofa", "sirs", "composite", "pre_dose", "terms")

Line = dict[str, Any]


class Replay:
    """The lines of one assessment, asked as they stood at an instant."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = [(datetime.fromisoformat(line["at"]), line) for line in lines]

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
    checks = (answers, levels, statuses, grades, lists, unspoken)
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


def unspoken(replay: Replay, block: dict[str, Any], at: datetime) -> Iterator[str]:
    """What no line can answer yet."""
    for word in UNSPOKEN:
        if word in block:
            yield f"{word} expected {block[word]}, but no line speaks of it"


def count(expected: Any) -> int:
    """How many single expectations a block holds."""
    if isinstance(expected, dict):
        return sum(count(one) for key, one in expected.items() if key != "time")
    if isinstance(expected, list):
        return sum(count(one) for one in expected) or 1
    return 1
