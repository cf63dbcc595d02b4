"""One sentence for a line: what was met, from what, and why a grade is not final."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from monitor.clinical.answers.folding import scale_in_force
from monitor.clinical.answers.topics import RANK, TOPICS, WATCH, Topic
from monitor.clinical.due import present
from monitor.clinical.grading import icans
from monitor.clinical.grading.crs import SCALES
from monitor.clinical.instants.derived import MADE_FROM
from monitor.clinical.patterns import pattern_of
from monitor.clinical.patterns.danger import WORDS as DANGER_WORDS
from monitor.clinical.rows import Row
from monitor.clinical.said import asides, ending
from monitor.clinical.said.saying import because, in_running_text, item_words
from monitor.clinical.study.protocol import Protocol

WHY = {
    "never": "never recorded",
    "stale": "too old to count",
    "not_done": "not done",
    "unrecordable": "tried, unrecordable",
    "no_baseline": "without a baseline",
    "held": "waits for a person's confirmation",
    "no_range": "without its range of normal",
    "beyond": "past the laboratory's limit, so that nobody knows how far",
    "base_beyond": "with a baseline past the laboratory's limit",
    "pending": "not read yet",
    "hidden": "cannot be judged now",
}
HELD = "Nothing new is seen, level held"
# The patterns that are the low pressure itself.
LOW = ("hypotension",)
LOW_ALONE = "Low blood pressure (leak, infection, heart, drug?)"
# Until then hours tell more than days.
TWO_DAYS = 2
RELEASE = next(topic for topic in TOPICS if topic.name == "crs")


def explain(
    topic: Topic,
    line: Mapping[str, Any],
    row: Row,
    scale: str | None,
    protocol: Protocol,
) -> str:
    """The explanation of a line: one sentence, which may end with a question."""
    told = _told(topic, line, row, scale, protocol)
    parts = [_head(told)]
    if told.stands:
        parts += _reasons(told)
    if topic.name == "crs" and scale:
        parts += _of_release(line, row, scale)
    if topic.name == "cls":
        parts.append(_to_review(asides.leak_to_review(line, row)))
    parts.append(asides.ungraded(topic, line, row))
    parts += _cautions(told)
    gaps = present.wanted(line) if told.stands else line["missing"]
    if gaps and line["level"] != "clear":
        parts.append("missing: " + _missing(gaps))
    said = ", ".join(filter(None, parts))
    return said if said.endswith("?") else f"{said}."


def counted(
    topic: Topic, line: Mapping[str, Any], row: Row, protocol: Protocol
) -> list[str]:
    """What counts though no reading shows it now: the same as the sentence says."""
    scale = scale_in_force(topic, protocol.scale)
    return _told(topic, line, row, scale, protocol).counted


class Told(NamedTuple):
    """A line that is told, with the instant and the scale in force behind it.

    `stands`: whether anything is watched at least; `seen`: the evidence that is true
    now; `counted`: what counts though no reading shows it now.
    """

    topic: Topic
    line: Mapping[str, Any]
    row: Row
    scale: str | None
    protocol: Protocol
    stands: bool
    seen: list[Mapping[str, Any]]
    counted: list[str]


def _told(
    topic: Topic,
    line: Mapping[str, Any],
    row: Row,
    scale: str | None,
    protocol: Protocol,
) -> Told:
    stands = RANK[line["level"]] >= WATCH
    seen = [one for one in line["evidence"] if one["answer"] and _carries(one, line)]
    still = asides.still_counted(topic, line, row, scale, protocol) if stands else []
    return Told(topic, line, row, scale, protocol, stands, seen, still)


def _carries(entry: Mapping[str, Any], line: Mapping[str, Any]) -> bool:
    """Whether it belongs to something that stands: no reason else."""
    kind, _, key = entry["pattern"].partition(":")
    return bool(key in line["danger"] if key else line["patterns"].get(kind))


def _reasons(told: Told) -> list[str]:
    """What is seen, what was seen once, what still counts, and what is asked."""
    topic, line, row, scale = told.topic, told.line, told.row, told.scale
    alone = asides.seen_alone(topic, row, told.protocol)
    said = {one["sign"] for one in (*told.seen, *alone)}
    once = asides.seen_once(topic, row, told.protocol, said)
    organs = asides.counted_organs(topic, line, row, scale)
    name = SCALES[scale].name if organs and scale else ""
    labelled = (
        ("because ", because([*told.seen, *alone], row)),
        ("seen once, a second reading confirms: ", because(once, row)),
        ("still counted: ", "; ".join(told.counted)),
        ("", _ends(told)),
        (f"counted on {name}: ", "; ".join(organs)),
        ("", asides.low_for_them(topic, line, row)),
        ("", asides.edema_from_before(topic, line, row)),
    )
    return [f"{label}{text}" for label, text in labelled if text]


def _ends(told: Told) -> str:
    """What would end it, where nothing of it is seen any more (B4)."""
    if told.seen or not told.counted:
        return ""
    return ending.ends(told.topic.name, told.line, told.protocol.lines)


def _of_release(line: Mapping[str, Any], row: Row, scale: str) -> list[str]:
    """What keeps the grades of a release from being final, on every scale."""
    asked = []
    if line["status"] == "needs_review" and line["grades"][scale]:
        asked = asides.to_review(line, row, scale)
    return [
        "expected after a dose by the protocol" if line["expected"] else "",
        _to_review(asked),
        asides.fraction_needed(line, row),
        asides.needs_attribution(line, SCALES),
    ]


def _to_review(asked: list[str]) -> str:
    return f"to review: {'; '.join(asked)}" if asked else ""


def _cautions(told: Told) -> list[str]:
    """What a value says less by: an old baseline, a drug, blood that was given."""
    topic, line, row = told.topic, told.line, told.row
    old = _old_baselines(told.seen, row)
    slowed = topic.name == "crs" and row["state:heart_slowed"]
    blood = topic.name == "cls" and line["level"] != "clear"
    return [
        f"old baseline: {', '.join(old)}" if old else "",
        "heart rate may be blunted by a drug on board" if slowed else "",
        "hematocrit not compared after red cells"
        if blood and row["state:transfused"]
        else "",
    ]


def _missing(gaps: Iterable[Mapping[str, Any]]) -> str:
    """'T, SBP too old to count; Alb never recorded'."""
    by_why: dict[str, list[str]] = {}
    for one in gaps:
        why = WHY[one.get("detail") or one["why"]]
        by_why.setdefault(why, []).append(item_words(one["item"]))
    return "; ".join(f"{', '.join(items)} {why}" for why, items in by_why.items())


def _old_baselines(seen: list[Mapping[str, Any]], row: Row) -> list[str]:
    """Vital signs that decide here and whose baseline is an old one (B1)."""
    items = [one["item"] for one in seen]
    parts = [part for item in items for part in MADE_FROM.get(item, (item,))]
    return [item_words(part) for part in dict.fromkeys(parts) if row.get(f"old:{part}")]


def _head(told: Told) -> str:
    topic, line, row = told.topic, told.line, told.row
    if topic.name == "crs" and told.scale:
        return _release(told, told.scale)
    leak = row["leak_findings"] > 0 or row["standing:hypotension"]
    if topic.name == "cls" and leak and told.stands:
        return _leak(topic, line, row)
    names = _names(topic, line)
    if names and not told.seen and told.stands:
        return HELD
    if names:
        return f"Criteria met: {', '.join(names)}{_more(topic, line, row)}"
    return _nothing(topic, line)


def _names(topic: Topic, line: Mapping[str, Any]) -> list[str]:
    patterns = line["patterns"].items()
    true = [key for key, on in patterns if on and key != "crs"]
    titles = [pattern_of(topic.name, key).title for key in true]
    return [*titles, *(DANGER_WORDS[key] for key in line["danger"])]


def _more(topic: Topic, line: Mapping[str, Any], row: Row) -> str:
    if topic.name == "neurotoxicity":
        return _nervous(line)
    if topic.name == "infusion_reaction" and line["level"] == "critical":
        return _reaction(line, row)
    if topic.name == "fever" and line["patterns"]["fever_outside_window"]:
        return f", {_since_dose(row)}: other cause?"
    return ""


def _reaction(line: Mapping[str, Any], row: Row) -> str:
    """Several systems, or the airway and a low pressure, ask for anaphylaxis (R14)."""
    airway = row["sign:airway_after_start"] or row["sign:airway"]
    more = row["sign:systems_after_start"] or row["sign:low_pressure"]
    if not airway or more:
        return ", anaphylaxis?"
    return "" if "airway" in line["danger"] else f", {DANGER_WORDS['airway']}"


def _since_dose(row: Row) -> str:
    """'18 d after the last dose' (R7)."""
    if row["last_dose"] is None:
        return "before the first dose"
    since = row["at"] - row["last_dose"]
    hours = int(since.total_seconds() // 3600)
    span = f"{since.days} d" if since.days >= TWO_DAYS else f"{hours} h"
    return f"{span} after the last dose"


def _nervous(line: Mapping[str, Any]) -> str:
    """The grade of neurologic toxicity where there is one: CTCAE v5.0 has no term."""
    grade = line["grades"].get(icans.SCALES[0])
    floor = "at least grade" if line["at_least"] else "grade"
    return f", possible ICANS {floor} {grade}" if grade else ""


def _release(told: Told, scale: str) -> str:
    line, row, stands = told.line, told.row, told.stands
    grade, name = line["grades"][scale], SCALES[scale].name
    if grade:
        floor = "at least grade" if scale in line["at_least"] else "grade"
        return f"Criteria met: possible CRS, {name} {floor} {grade}"
    if grade == 0 and line["status"] == "resolved" and line["resolved_at"]:
        held = ", level held" if stands else ""
        return f"Possible CRS resolving, {name} grade 0 now{held}"
    if line["patterns"].get("masked_fever"):
        return f"CRS not gradable on {name}: fever possibly masked by a drug on board"
    names = _names(RELEASE, line)
    if grade is None and row["now:TEMP"] is None and line["status"] != "clear":
        return f"CRS not gradable on {name}: no current temperature"
    if grade is None and line["if_attributed"] and line["status"] != "clear":
        return f"CRS not graded on {name}"
    if names and told.seen:
        return f"Criteria met: {', '.join(names)}; no CRS grade on {name}"
    if stands and told.counted and grade == 0:
        return f"Nothing of CRS is seen now, {name} grade 0, level held"
    return _nothing(RELEASE, line)


def _leak(topic: Topic, line: Mapping[str, Any], row: Row) -> str:
    """A leak is said from the composite; a low pressure alone with what else is met."""
    count = row["leak_findings"]
    if row["standing:hypotension"] and count == 1:
        true = [key for key, on in line["patterns"].items() if on]
        beside = [pattern_of(topic.name, key).title for key in true if key not in LOW]
        return ", ".join([LOW_ALONE, *beside])
    words = {1: "One finding of", 2: "Probable"}
    return f"{words.get(count, 'Several findings of')} capillary leak"


def _nothing(topic: Topic, line: Mapping[str, Any]) -> str:
    if line["level"] == "unknown":
        name = "CRS" if topic is RELEASE else in_running_text(topic.title)
        return f"Cannot assess {name}"
    stands = RANK[line["level"]] >= WATCH
    return "No pattern met yet" if stands else "No pattern met"
