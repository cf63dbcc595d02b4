"""What would end a level of which nothing is seen now: the clearing rules of B4."""

from collections.abc import Iterator, Mapping
from typing import Any

from monitor.clinical.patterns import pattern_of
from monitor.clinical.patterns.danger import DANGERS
from monitor.clinical.said.saying import item_words
from monitor.clinical.signs import SIGNS
from monitor.clinical.study.protocol import Lines

Line = Mapping[str, Any]
BY_PERSON = "ends when a person says so"
# The items and the thresholds of a danger sign that is held like a pattern.
HELD_LIKE = {
    "oxygen": (("OXYSAT",), "oxygen_clear"),
    "hypotension": (("SYSBP",), "hypotension_clear"),
    "danger": ((), "danger_clear"),
}
# The release itself is a grade, which its own arms hold.
GRADED = "crs"


def ends(topic: str, line: Line, lines: Lines) -> str:
    """'ends after 24 h with 3 readings of T known to be clear'; "" for what is seen."""
    said = dict.fromkeys((*_of_patterns(topic, line, lines), *_of_dangers(line, lines)))
    return "; ".join(said)


def _of_patterns(topic: str, line: Line, lines: Lines) -> Iterator[str]:
    for key, stands in line["patterns"].items():
        if not stands or key == GRADED:
            continue
        rule = pattern_of(topic, key).clearing
        if rule.person:
            yield BY_PERSON
            continue
        hours = lines[rule.hours] if rule.hours else 0.0
        yield _after(hours, lines[rule.sets] if rule.sets else 1.0, rule.fresh)


def _of_dangers(line: Line, lines: Lines) -> Iterator[str]:
    for one in DANGERS:
        if one.key in line["danger"]:
            items, clear = HELD_LIKE[one.clears]
            items = items or (SIGNS[one.sign].item,)
            yield _after(lines[f"{clear}_hours"], lines[f"{clear}_sets"], items)


def _after(hours: float, sets: float, items: tuple[str, ...]) -> str:
    names = " or ".join(dict.fromkeys(item_words(item) for item in items))
    count = f"{sets:g} readings" if sets != 1 else "a reading"
    with_ = f"after {hours:g} h with {count}" if hours else f"with {count}"
    return f"ends {with_} of {names} known to be clear"
