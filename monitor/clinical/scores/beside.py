"""What stands beside the patterns at the last instant of each cycle, as plain values.

NEWS2, qSOFA, SIRS, shock index and mean pressure, the leak composite and a published
definition of the leak, the markers of inflammation, what is on board, the oxygen
support, the question about a low usual pressure, and baselines that are old. Nothing
here raises a level or opens an episode (R15, P9); what is missing is named with its
reason.
"""

from functools import lru_cache
from typing import Any

from monitor.clinical.grading import composite
from monitor.clinical.grading.crs import SCALES
from monitor.clinical.instants import oxygen
from monitor.clinical.instants.baselines import VITALS
from monitor.clinical.instants.timeline import Timeline
from monitor.clinical.items import catalogue
from monitor.clinical.rows import Row, last_places, rows
from monitor.clinical.said import evidence, lacking
from monitor.clinical.scores import board, counted, news2
from monitor.clinical.study.protocol import Lines, Protocol
from monitor.clinical.tables import Stage
from monitor.clinical.words import now, state

Json = dict[str, Any]
Cycle = tuple[str, str]
POLICY = "follow local early-warning policy"
NEVER = "never"


def beside(timeline: Timeline, protocol: Protocol) -> dict[Cycle, Json]:
    """By (participant, cycle): everything above as it is at the last instant."""
    found, steps = timeline.sheet, _steps(protocol.lines)
    places = last_places(found)
    read = {name for step in steps for name in step.inputs if name in found}
    last = found.at(places, read | {"g", "at"}).follow(*steps)
    more = {part.name: last.every(part.name) for one in steps for part in one.parts}
    names = {row["g"]: row for row in timeline.keys.to_dicts()}
    effects = board.on_board(timeline.effects, last.take("g", "at"))
    made = {}
    for row in rows(found, places, more):
        name, given = names[row["g"]], effects.get(row["g"], [])
        made[name["participant"], name["cycle"]] = _of(row, given, protocol)
    return made


@lru_cache(maxsize=32)
def _steps(lines: Lines) -> tuple[Stage, ...]:
    """The answers in the order of their use; built once for each protocol."""
    findings = composite.FINDINGS
    leak = (
        *(composite.answer(one).alias(f"leak:{one}") for one in findings),
        *(composite.standing(one).alias(f"leaks:{one}") for one in findings),
    )
    first, *more = news2.steps(inputs_of(lines))
    stages = ((*first, *counted.answers(), *leak), *more)
    return tuple(map(Stage, stages))


def inputs_of(lines: Lines) -> news2.Inputs:
    """Where NEWS2 finds its parameters in a timeline."""
    return news2.Inputs(
        {item: now(item) for item in news2.NUMBERS},
        oxygen=oxygen.given(lines),
        mind=now(news2.MIND),
        scale_2=state("spo2_target"),
    )


def _of(row: Row, effects: list[Json], protocol: Protocol) -> Json:
    return {
        "at": evidence.iso(row["at"]),
        "policy": POLICY,
        "news2": _news2(row),
        **{key: _count(one, row) for key, one in counted.counts().items()},
        **{key: _number(one, row) for key, one in counted.numbers().items()},
        "composite": _composite(row),
        "markers": board.markers(row, effects, protocol),
        "on_board": effects,
        "fever_waiver": board.waiver(row, effects),
        "oxygen": _oxygen(row),
        "question": _question(row, protocol),
        "old_baselines": [item for item in VITALS if row[f"old:{item}"]],
    }


def _news2(row: Row) -> Json:
    chart = news2.definition()
    gone = [name for name in news2.PARAMETERS if row[f"news2:missing:{name}"]]
    each = {name: row[f"news2:points:{name}"] for name in news2.PARAMETERS}
    return {
        "title": chart.title,
        "source": chart.source,
        "total": row["news2:total"],
        "at_least": row["news2:at_least"],
        "on": row["news2:on"],
        "single_red": row["news2:single_red"],
        "red": [name for name, points in each.items() if points == chart.red],
        "scale": 2 if row["state:spo2_target"] else 1,
        "points": each,
        "missing": [_gap(name, row) for name in gone],
    }


def _gap(item: str, row: Row) -> Json:
    """Why an item is missing. A device may be known, and what flows through it not."""
    found = lacking.gap_of(item, row)
    if found is None and item == news2.OXYGEN:
        return {"item": "FIO2", "why": NEVER, "since": None}
    return found or {"item": item, "why": NEVER, "since": None}


def _count(one: counted.Count, row: Row) -> Json:
    answers = {part.name: row[f"part:{one.key}:{part.name}"] for part in one.parts}
    met = [name for name, answer in answers.items() if answer]
    unknown = [name for name, answer in answers.items() if answer is None]
    return {
        "title": one.title,
        "source": one.source,
        "count": len(met),
        "of": len(one.parts),
        "positive": _positive(one.positive, len(met), len(unknown)),
        "met": met,
        "unknown": unknown,
        "says": {part.name: part.says for part in one.parts},
        "missing": _missing_items(
            [
                test.item
                for part in one.parts
                if part.name in unknown
                for test in part.tests
            ],
            row,
        ),
    }


def _positive(needed: int | None, met: int, unknown: int) -> bool | None:
    """Whether enough is met; null where what is unknown decides it."""
    if needed is None:
        return None
    if met >= needed:
        return True
    return False if met + unknown < needed else None


def _missing_items(items: list[str], row: Row) -> list[Json]:
    gaps = (lacking.gap_of(item, row) for item in dict.fromkeys(items))
    return [gap for gap in gaps if gap]


def _number(one: counted.Number, row: Row) -> Json:
    value = row[f"now:{one.item}"]
    return {
        "title": one.title,
        "source": one.source,
        "value": value,
        "unit": one.unit,
        "decimals": one.decimals,
        "says": one.says,
        "at": evidence.iso(row[f"at:{one.item}"]),
        "missing": [] if value is not None else _missing_items([*one.made_from], row),
    }


def _composite(row: Row) -> Json:
    """Which findings stand, by which patterns, and which nobody can tell."""
    met = {
        finding: [name for name in names if row[f"standing:{name}"]]
        for finding, names in composite.FINDINGS.items()
        if row[f"leaks:{finding}"]
    }
    unknown = [
        finding
        for finding in composite.FINDINGS
        if finding not in met and row[f"leak:{finding}"] is None
    ]
    return {
        "count": row["leak_findings"],
        "of": len(composite.FINDINGS),
        "met": met,
        "unknown": unknown,
    }


def _oxygen(row: Row) -> Json:
    """The support as it counts; `baseline`: what is there is what is usual (R10)."""
    device, kind = row["now:OXYGEN_DEVICE"], row["now:SUPPORT"]
    plain = device in (None, oxygen.AIR)
    return {
        "device": device,
        "label": catalogue.item("OXYGEN_DEVICE").option(device).label if device else "",
        "flow": row["now:OXYGEN_FLOW"],
        "counts_as": kind,
        "baseline": bool(
            kind == oxygen.NOTHING and not plain and row["state:usual_oxygen"]
        ),
        "usual": row["word:BASELINE_OXYGEN"],
    }


def _question(row: Row, protocol: Protocol) -> Json | None:
    """Whether a low reading is low for a person whose usual pressure is low (R3)."""
    if not row["sign:low_pressure_asked"]:
        return None
    low = {
        key: max(step.grade for step in scale.pressure if step.arm == "low_pressure")
        for key, scale in SCALES.items()
    }
    return {
        "decision": "hypotension_confirmed",
        "item": "SYSBP",
        "value": row["now:SYSBP"],
        "at": evidence.iso(row["at:SYSBP"]),
        "usual": row["base:USUAL_SBP"],
        "scale": protocol.scale,
        "if_yes": {
            key: max(grade, row[f"grade:{key}"] or 0) for key, grade in low.items()
        },
    }
