"""What a guideline suggests to consider: options with a source, no orders."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.clinical.answers.topics import RANK
from monitor.clinical.study.protocol import Protocol
from monitor.clinical.thresholds import KNOWLEDGE, SOURCES, BadKnowledge

KEYS = {
    "topic",
    "patterns",
    "grade",
    "level",
    "text",
    "treatment",
    "source",
    "verified",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One option. `treatment` is the code of the log entry that it would become."""

    text: str
    source: str
    source_title: str
    verified: bool
    project: bool
    treatment: str = ""


def read_rules() -> tuple[dict[str, Any], ...]:
    """Every option, in file order. Raises BadKnowledge."""
    read = tomllib.loads((KNOWLEDGE / "guidance.toml").read_text(encoding="utf-8"))
    for rule in read["option"]:
        odd = set(rule) - KEYS
        if rule.get("source") not in SOURCES:
            odd.add("source")
        if odd or not rule.get("text"):
            parts = ", ".join(sorted(odd or {"text"}))
            raise BadKnowledge(f"guidance.toml, {rule.get('text')}: mend {parts}.")
    return tuple(read["option"])


RULES = read_rules()


def options(line: Mapping[str, Any], protocol: Protocol) -> list[Option]:
    """The options for a line of an assessment, in the order of the knowledge file."""
    grade = line["grades"].get(protocol.scale)
    grade = line["if_attributed"].get(protocol.scale) if grade is None else grade
    return [
        Option(
            rule["text"],
            SOURCES[rule["source"]].short,
            SOURCES[rule["source"]].title,
            rule["verified"],
            rule["source"] == "PROJ",
            rule.get("treatment", ""),
        )
        for rule in RULES
        if rule["topic"] == line["topic"] and _applies(rule, line, grade)
    ]


def _applies(
    rule: Mapping[str, Any], line: Mapping[str, Any], grade: int | None
) -> bool:
    if "patterns" in rule:
        return any(line["patterns"].get(key) for key in rule["patterns"])
    if "grade" in rule:
        return grade is not None and grade >= rule["grade"]
    return RANK[line["level"]] >= RANK[rule["level"]]
