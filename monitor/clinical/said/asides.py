"""What a sentence adds behind its reasons: findings that count though no reading shows

them now, what is watched before a pattern, and what a person is asked.
"""

from collections.abc import Container, Iterator, Mapping
from functools import lru_cache
from typing import Any

from monitor.clinical.answers.topics import (
    ASKED_AGAIN,
    RELEASE_GRADE,
    Topic,
    dangers_of,
)
from monitor.clinical.grading import composite, leak
from monitor.clinical.grading.crs import SCALES
from monitor.clinical.grading.questions import QUESTIONS, Question
from monitor.clinical.grading.scales import PARTS, Step
from monitor.clinical.patterns import PATTERNS, pattern_of
from monitor.clinical.patterns.danger import WORDS as DANGER_WORDS
from monitor.clinical.rows import Row
from monitor.clinical.said import evidence
from monitor.clinical.said.saying import in_running_text, item_words, value_text
from monitor.clinical.signs import SIGNS
from monitor.clinical.signs.leak import UNDATED
from monitor.clinical.study.protocol import Lines, Protocol

Line = Mapping[str, Any]
# A finding that a scale counts: whether it is seen now. Of the others, such as a
# creatinine, a dose that is high, or a fraction that was estimated, the step of the
# scale says it, for nothing else in the line does.
SEEN = {
    "low_pressure": "sign:low_pressure",
    "any_pressor": "state:pressor",
    "pressor_with_vasopressin": "state:pressor",
    "two_pressors": "state:two_pressors",
    "switching": "state:switching",
    "vasopressin": "state:vasopressin",
    "oxygen": "sign:on_oxygen",
    "low_flow": "sign:on_low_flow",
    "high_flow": "sign:on_high_flow",
    "positive_pressure": "sign:on_positive_pressure",
    "ventilator": "sign:on_ventilator",
}
# The grade itself, and what makes it none.
SAID_BY_THE_HEAD = ("crs", "masked_fever")
# Seen once, which a second reading confirms (R2).
ONCE = {
    "crs": ("pressure_falling", "shock_index_high", "heart_out_of_proportion"),
    "cls": ("sbp_far_under_usual",),
}


def still_counted(
    topic: Topic, line: Line, row: Row, scale: str | None, protocol: Protocol
) -> list[str]:
    """What stands and is not seen now, by last value: 'Fever onset (last T 37 °C)'."""
    found = [*_patterns(topic, line), *_dangers(topic, row, protocol)]
    if topic.name == "crs" and scale:
        found += _arms(line, row, scale, protocol)
    by_last: dict[str, list[str]] = {}
    for words, last in found:
        by_last.setdefault(last, []).append(words)
    return [
        ", ".join(dict.fromkeys(words)) + (f" (last {last})" if last else "")
        for last, words in by_last.items()
    ]


def counted_organs(topic: Topic, line: Line, row: Row, scale: str | None) -> list[str]:
    """The steps beside pressure and oxygen that give the grade of the scale."""
    if topic.name != "crs" or not scale:
        return []
    return [one.says for one in _steps(line, row, scale) if one.arm not in SEEN]


def _patterns(topic: Topic, line: Line) -> Iterator[tuple[str, str]]:
    for key, stands in line["patterns"].items():
        if not stands or key in SAID_BY_THE_HEAD:
            continue
        own = [one for one in line["evidence"] if one["pattern"] == key]
        if any(one["answer"] for one in own):
            continue
        pattern = pattern_of(topic.name, key)
        ends = (*pattern.clearing.fresh, *pattern.needs)
        last = next((_last(one) for one in own if one["item"] in ends), "")
        yield pattern.title, last


def _dangers(topic: Topic, row: Row, protocol: Protocol) -> Iterator[tuple[str, str]]:
    for key, sign, _, _ in dangers_of(topic):
        here = row[f"standing:danger:{key}"] and row[f"here:{topic.name}:{key}"]
        if here and not row[f"sign:{sign}"]:
            yield DANGER_WORDS[key], _last_of(sign, row, protocol)


def _arms(
    line: Line, row: Row, scale: str, protocol: Protocol
) -> Iterator[tuple[str, str]]:
    for one in _steps(line, row, scale):
        if one.arm == "low_pressure":
            yield DANGER_WORDS["sbp_below_90"], _last_of(one.arm, row, protocol)
        elif one.arm in SEEN:
            yield one.says, ""


def _last_of(sign: str, row: Row, protocol: Protocol) -> str:
    if sign not in SIGNS:
        return ""
    return _last(evidence.of_sign("", SIGNS[sign], row, {}, protocol))


def _last(entry: Mapping[str, Any]) -> str:
    value = value_text(entry)
    return f"{item_words(entry['item'])} {value}" if value else ""


def _steps(line: Line, row: Row, scale: str) -> Iterator[Step]:
    """The steps of the scale that give its grade, where no reading tells them now."""
    grade = line["grades"][scale] or 0
    if grade < RELEASE_GRADE:
        return
    for part in PARTS:
        for step in SCALES[scale].part(part):
            seen = step.arm in SEEN and row[SEEN[step.arm]]
            if step.grade == grade and row[f"standing:arm:{step.arm}"] and not seen:
                yield step


def seen_once(
    topic: Topic, row: Row, protocol: Protocol, said: Container[str]
) -> list[dict[str, Any]]:
    """Signs that a second reading confirms, but for those that are said anyhow (R2)."""
    begun = row["state:crs_window"] if topic.name == "crs" else row["state:begun"]
    names = [
        name
        for name in (ONCE.get(topic.name, ()) if begun else ())
        if _waits(name, row) and name not in said
    ]
    return [evidence.of_sign("", SIGNS[one], row, {}, protocol) for one in names]


def _waits(name: str, row: Row) -> bool:
    """Whether no second reading has answered what one showed: of a value that lapsed it

    is said until the pattern stands.
    """
    if row[f"sign:{name}"] is None:
        return bool(row[f"asked:{name}"] and not row[f"standing:{ASKED_AGAIN[name]}"])
    return bool(row[f"sign:{name}"] and not row[f"sign:{name}_twice"])


def seen_alone(topic: Topic, row: Row, protocol: Protocol) -> list[dict[str, Any]]:
    """Signs that are watched before they make a pattern (B3)."""
    names = [
        sign
        for name in topic.patterns
        if row.get(f"standing:{name}:watch") and not row[f"pattern:{name}"]
        for sign in _watch_signs(name, protocol.lines)
    ]
    seen = [one for one in names if row[f"sign:{one}"]]
    return [evidence.of_sign("", SIGNS[one], row, {}, protocol) for one in seen]


@lru_cache(maxsize=64)
def _watch_signs(name: str, lines: Lines) -> tuple[str, ...]:
    """The signs of which the pattern's watch is made."""
    columns = PATTERNS[name].levels["watch"](lines).meta.root_names()
    signs = (one.removeprefix("sign:") for one in columns if one.startswith("sign:"))
    return tuple(one for one in signs if one in SIGNS)


def low_for_them(topic: Topic, line: Line, row: Row) -> str:
    """The question of a pressure that may be usual for this person (R3)."""
    asks = topic.name in ("crs", "cls") and row["asked:low_pressure_asked"]
    if not asks or line["level"] in ("clear", "unknown"):
        return ""
    usual, now = row["base:USUAL_SBP"], row["last:SYSBP"]
    if row["said:hypotension"]:
        return f"SBP {now:g} mmHg with a usual one of {usual:g}, low for this person"
    grade = f", grade {RELEASE_GRADE} if yes" if topic.name == "crs" else ""
    return (
        f"SBP {now:g} mmHg with a usual one of {usual:g}: low for this person{grade}?"
    )


def edema_from_before(topic: Topic, line: Line, row: Row) -> str:
    """The question of an edema that nobody looked for before (reference 2.4)."""
    asks = topic.name == "cls" and row["asked:edema_undated"]
    if not asks or line["level"] in ("clear", "unknown"):
        return ""
    there = [one for one in UNDATED if row[f"last:{one}"] and not row[f"base:{one}"]]
    named = " and ".join(
        f"{in_running_text(item_words(one))} grade {row[f'last:{one}']:g}"
        for one in there
    )
    asked = "was it there before the first dose? Enter it as of then"
    return f"{named}, possibly new: {asked}"


def to_review(line: Line, row: Row, scale: str) -> list[str]:
    """Why a grade of the release is provisional, or what the scale does not say."""
    asked = [
        one.says
        for one in QUESTIONS
        if one.of(SCALES[scale]) and row[one.column] and _counts(one, line, row, scale)
    ]
    return list(dict.fromkeys(asked))


def _counts(one: Question, line: Line, row: Row, scale: str) -> bool:
    """Whether an answer that is true matters for the grade of this scale."""
    if one.part:
        return bool(row[f"{one.part}:{scale}"] == line["grades"][scale])
    if one.under:
        return scale in line["at_least"]
    return not one.beyond_fever or bool(row[f"worst:{scale}"] > 0)


def leak_to_review(line: Line, row: Row) -> list[str]:
    """The support that gives a leak its grade by our reading alone (R10, R11)."""
    grade = line["grades"][leak.SCALES[0]]
    return [
        f"our reading of grade {grade}: {one.says}"
        for one in leak.STEPS
        if one.grade == grade
        and one.arm in leak.REVIEWED
        and row[f"standing:arm:{one.arm}"]
    ]


def needs_attribution(line: Line, scales: Mapping[str, Any]) -> str:
    """'needs attribution: if it is CRS, grade 2 on CTCAE v5.0, CTCAE v6.0' (R6)."""
    by_grade: dict[int, list[str]] = {}
    for key, grade in line["if_attributed"].items():
        by_grade.setdefault(grade, []).append(scales[key].name)
    said = [f"grade {one} on {', '.join(names)}" for one, names in by_grade.items()]
    return f"needs attribution: if it is CRS, {'; '.join(said)}" if said else ""


def ungraded(topic: Topic, line: Line, row: Row) -> str:
    """Why a topic that has grades has none, where nothing else in the line says it."""
    grades = line["grades"].values()
    if not grades or any(one is not None for one in grades):
        return ""
    if not row[f"looked:{topic.name}"]:
        return "" if line["if_attributed"] else "not graded outside its window"
    if topic.name == "neurotoxicity" and row["standing:neurotoxicity"]:
        return "" if row["state:begun"] else "not graded before the first dose"
    said = line["missing"] and line["level"] != "clear"
    if topic.name != "cls" or said:
        return ""
    lacks = [words for part, words in composite.PARTS.items() if row[part] is None]
    if not lacks:
        return "no grade is suggested from low pressure alone"
    return f"no grade is suggested without {' and '.join(lacks)}"


def fraction_needed(line: Line, row: Row) -> str:
    """The scales that go by the fraction inspired, which nobody recorded (R10)."""
    names = [SCALES[key].name for key in line["at_least"] if SCALES[key].by_fraction]
    if not names or not row["state:fraction_unknown"]:
        return ""
    return f"FiO₂ needed for {', '.join(names)}"
