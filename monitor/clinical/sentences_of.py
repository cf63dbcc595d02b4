"""One sentence for a line: what was met, from what, and why a grade is not final."""

from collections.abc import Mapping
from typing import Any

from monitor.clinical.derived import MADE_FROM
from monitor.clinical.evidence import item_words, value_text
from monitor.clinical.grading import icans
from monitor.clinical.grading.crs import SCALES
from monitor.clinical.patterns import pattern_of
from monitor.clinical.patterns.danger import WORDS as DANGER_WORDS
from monitor.clinical.topics import Topic

WHY = {
    "never": "never recorded",
    "stale": "too old to count",
    "not_done": "not done",
    "unrecordable": "tried, unrecordable",
    "no_baseline": "no baseline",
}


def explain(
    topic: Topic, line: Mapping[str, Any], row: Mapping[str, Any], scale: str | None
) -> str:
    """The explanation of a line, in one sentence that ends with a full stop."""
    parts = [_head(topic, line, row, scale)]
    because = [_because(one) for one in line["evidence"] if one["answer"]]
    if because:
        parts.append("because " + "; ".join(dict.fromkeys(because)))
    if old := _old_baselines(line, row):
        parts.append("old baseline: " + ", ".join(old))
    if topic.name == "crs" and row["state:heart_slowed"]:
        parts.append("heart rate may be blunted by a drug on board")
    if line["missing"] and line["level"] != "clear":
        gaps = [
            f"{item_words(one['item'])} {_why(one, row)}" for one in line["missing"]
        ]
        parts.append("missing: " + ", ".join(gaps))
    return ", ".join(parts) + "."


def _why(gap: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    held, at = row.get(f"held:{gap['item']}"), row.get(f"at:{gap['item']}")
    if held and (at is None or held > at):
        return "waits for a person's confirmation"
    return WHY[gap["why"]]


def _old_baselines(line: Mapping[str, Any], row: Mapping[str, Any]) -> list[str]:
    """Vital signs that decide here and whose baseline is an old one (B1)."""
    items = [one["item"] for one in line["evidence"] if one["answer"]]
    parts = [part for item in items for part in MADE_FROM.get(item, (item,))]
    return [item_words(part) for part in dict.fromkeys(parts) if row.get(f"old:{part}")]


def _because(entry: Mapping[str, Any]) -> str:
    said = f"{item_words(entry['item'])} {value_text(entry)}".strip()
    return f"{entry['says']} ({said})"


def _head(
    topic: Topic, line: Mapping[str, Any], row: Mapping[str, Any], scale: str | None
) -> str:
    if topic.name == "crs" and scale:
        return _release(line, row, scale)
    leak = row["leak_findings"] > 0 or row["standing:hypotension"]
    if topic.name == "cls" and leak and line["level"] not in ("clear", "unknown"):
        return _leak(row)
    true = [
        pattern_of(topic.name, key).title for key, on in line["patterns"].items() if on
    ]
    if true or line["danger"]:
        names = [*true, *(DANGER_WORDS[key] for key in line["danger"])]
        return f"Criteria met: {', '.join(names)}{_nervous(topic, line)}"
    return _nothing(topic, line)


def _nervous(topic: Topic, line: Mapping[str, Any]) -> str:
    """The grade of neurologic toxicity where there is one: CTCAE v5.0 has no term."""
    grade = line["grades"].get(icans.SCALES[0]) if topic.name == "neurotoxicity" else 0
    floor = "at least grade" if line["at_least"] else "grade"
    return f", possible ICANS {floor} {grade}" if grade else ""


def _release(line: Mapping[str, Any], row: Mapping[str, Any], scale: str) -> str:
    grade, name = line["grades"][scale], SCALES[scale].name
    if grade:
        floor = "at least grade" if scale in line["at_least"] else "grade"
        return f"Criteria met: possible CRS, {name} {floor} {grade}"
    if grade == 0 and line["status"] == "resolved" and line["resolved_at"]:
        return f"Possible CRS resolving, {name} grade 0 now, level held"
    if line["patterns"].get("masked_fever"):
        return f"CRS not gradable on {name}: fever possibly masked by a drug on board"
    true = [
        pattern_of("crs", key).title
        for key, on in line["patterns"].items()
        if on and key != "crs"
    ]
    if line["status"] == "clear" and not true:
        return "No pattern met"
    if grade is None and row["now:TEMP"] is None:
        return f"CRS not gradable on {name}: no current temperature"
    if grade is None and line["if_attributed"]:
        return f"CRS not graded on {name}: needs a person's attribution"
    if true:
        return f"Criteria met: {', '.join(true)}; no CRS grade on {name}"
    if grade == 0 and line["level"] not in ("clear", "unknown"):
        return f"Nothing of CRS is seen now, {name} grade 0, level held"
    return _nothing(None, line)


def _leak(row: Mapping[str, Any]) -> str:
    count = row["leak_findings"]
    if row["standing:hypotension"] and count == 1:
        return "Low blood pressure (leak, infection, heart, drug?)"
    words = {1: "One finding of", 2: "Probable"}
    return f"{words.get(count, 'Several findings of')} capillary leak"


def _nothing(topic: Topic | None, line: Mapping[str, Any]) -> str:
    if line["level"] == "unknown":
        return "Cannot assess" + (f" {topic.title.lower()}" if topic else " CRS")
    return "No pattern met"
