"""A cycle's last answer as JSON, for the board: all of it can be computed again.

Values come from the facts alone, so that they are shown even when the assessment
failed; lines come from the assessment.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import polars as pl

from monitor.bedside.facts import NO_SURGERY, SURGERY
from monitor.bedside.models import Arrangement
from monitor.clinical.due import present
from monitor.clinical.items import catalogue, entry
from monitor.clinical.items.model import UnknownItem
from monitor.episodes.shapes import rank
from monitor.episodes.timelines import ChartFacts, Line
from monitor.trials.models import Dose

VITALS = ("TEMP", "HR", "SYSBP", "DIABP", "OXYSAT", "RESP")
PLACES = ("INPATIENT", "IN_CLINIC", "AT_HOME", "AWAY", "FOLLOW_UP")
PRESSURES = 5
BOLUS = "fluid_bolus"

Json = dict[str, Any]


def values_of(chart: ChartFacts, now: datetime) -> Json:
    """Last and previous value per item, pressures, place and doses, as of `now`."""
    past = chart.facts.filter(pl.col("at") <= now).sort("at", "line")
    readings = past.filter(pl.col("kind") == "reading")
    sets = readings.filter(pl.col("code").is_in(VITALS))["at"].unique().sort()
    return {
        **_last_two(readings),
        "not_done": _not_done(past),
        "pressures": _pressures(readings),
        "last_set": sets[-1].isoformat() if len(sets) else None,
        "sets": len(sets),
        "place": _place(past, now),
        **_surgery(past),
        "bolus": _bolus(past),
        "arranged": _arranged(chart.arranged),
        **(doses := _doses(chart.doses)),
        "baseline": _baseline(readings, doses["first_given"]),
    }


def answers_of(assessment: Any) -> Json:
    """The line of each topic as it stands, with the evidence as it is now.

    `low`: when the last low reading asked for another, also after it has lapsed: a
    re-check that does not come is late, and leaves the sign unconfirmed.
    """
    low = present.low_reading([*assessment.lines, *assessment.latest])
    return {
        "lines": list(assessment.latest),
        # One cycle was assessed: what came before it has no instant of its own.
        "scores": next(iter(assessment.scores.values()), None),
        "low": {"at": low[0].isoformat(), "items": list(low[1])} if low else None,
    }


def last_lines(lines: Iterable[Json]) -> Iterable[Json]:
    """The last line of each (family, topic), in the order of their first lines."""
    return {(line["family"], line["topic"]): line for line in lines}.values()


def level_of(lines: Iterable[Json]) -> str:
    """The worst level of the topics; unknown when there is none."""
    levels = (line["level"] if present.speaks(line) else "clear" for line in lines)
    return max(levels, key=rank, default="unknown")


def _last_two(readings: pl.DataFrame) -> Json:
    last, before = {}, {}
    for row in readings.group_by("code", maintain_order=True).tail(2).to_dicts():
        code = row["code"]
        if code in last:
            before[code] = last[code]
        last[code] = value_of(row)
    return {"current": last, "previous": before}


def value_of(row: Json) -> Json:
    """A frame's reading row as the pages take it; number and unit are canonical."""
    number, unit = row["value"], row["unit"]
    try:
        read = entry.judge(row["code"], row["value"], row["unit"])
        number = read.choice or read.number
        unit = catalogue.item(row["code"]).unit
    except UnknownItem:
        pass
    return {
        "value": number,
        "unit": unit,
        "typed": f"{row['value']} {row['unit']}".strip(),
        "at": row["at"].isoformat(),
        "by": row["by"],
    }


def _not_done(past: pl.DataFrame) -> Json:
    """Item -> why its last slot holds no value; a later value ends it."""
    said = past.filter(pl.col("code").is_in(["not_done", "unrecordable"]))
    said = said.filter(pl.col("kind") == "decision").group_by("value").last()
    readings = past.filter(pl.col("kind") == "reading").group_by("code").last()
    later = dict(zip(readings["code"], readings["at"], strict=True))
    return {
        row["value"]: {"why": row["code"], "at": row["at"].isoformat()}
        for row in said.to_dicts()
        if row["value"] not in later or later[row["value"]] < row["at"]
    }


def _pressures(readings: pl.DataFrame) -> list[list[Any]]:
    last = readings.filter(pl.col("code") == "SYSBP").tail(PRESSURES)
    rows = [value_of(row) for row in last.to_dicts()]
    return [[row["at"], row["value"]] for row in rows]


def _baseline(readings: pl.DataFrame, first_given: str | None) -> Json:
    """The last vital signs up to the first dose, for the identity bar."""
    if first_given is None:
        return {}
    before = readings.filter(
        pl.col("at") <= datetime.fromisoformat(first_given),
        pl.col("code").is_in(VITALS),
    )
    last = before.group_by("code", maintain_order=True).last()
    return {row["code"]: value_of(row)["value"] for row in last.to_dicts()}


def _surgery(past: pl.DataFrame) -> Json:
    """The planned day, if there is one."""
    said = past.filter((pl.col("kind") == "fact") & (pl.col("code") == SURGERY))
    day = said["value"].to_list()[-1:]
    return {"surgery": day[0]} if day and day[0] != NO_SURGERY else {}


def _place(past: pl.DataFrame, now: datetime) -> Json:
    held = past.filter((pl.col("kind") == "fact") & pl.col("code").is_in(PLACES))
    row = held.tail(1).to_dicts()
    if not row or (row[0]["until"] is not None and row[0]["until"] <= now):
        return {}
    return {"code": row[0]["code"], "since": row[0]["at"].isoformat()}


def _bolus(past: pl.DataFrame) -> str | None:
    """When the last fluid bolus ended."""
    given = past.filter((pl.col("kind") == "treatment") & (pl.col("code") == BOLUS))
    ends = given.select(pl.coalesce("until", "at").max()).item()
    return ends.isoformat() if ends else None


def _arranged(rows: Iterable[Line]) -> list[Json]:
    """The contacts planned, and of pauses and of sets not taken the last one each."""
    kept: dict[Any, Json] = {}
    for row in rows:
        contact = row.form == Arrangement.Kind.CONTACT
        kept[row.pk if contact else row.form] = {
            "id": row.pk,
            "kind": row.form,
            "why": row.code,
            "at": row.at.isoformat(),
            "until": row.until.isoformat(),
            "note": row.value,
        }
    return list(kept.values())


def _doses(rows: Iterable[Dose]) -> Json:
    """The last slot that is over, the next one planned, the first and last given.

    `next_doses`: agent -> its next one planned, for where an agent is discontinued.
    `last_given`: agent -> its last one given, for each has a clock of its own.
    """
    told = sorted((dose_of(dose) for dose in rows), key=lambda dose: dose["at"])
    over = [dose for dose in told if dose["status"] != Dose.Status.PLANNED]
    given = [dose for dose in told if dose["status"] in Dose.GIVEN_STATES]
    waiting = [dose for dose in told if dose["status"] == Dose.Status.PLANNED]
    next_doses: dict[str, Json] = {}
    for dose in waiting:
        next_doses.setdefault(dose["agent"], dose)
    return {
        "dose": over[-1] if over else None,
        "given": given[-1] if given else None,
        "last_given": {dose["agent"]: dose for dose in given},
        "first_given": given[0]["at"] if given else None,
        "next_dose": waiting[0] if waiting else None,
        "next_doses": next_doses,
        "doses": [dose["at"] for dose in given],
        "infusion_end": given[-1]["until"] if given else None,
    }


def dose_of(dose: Dose) -> Json:
    at = dose.given_at or dose.planned_at
    return {
        "agent": dose.agent,
        "number": dose.number,
        "status": str(dose.status),
        "at": at.isoformat(),
        "amount": dose.amount,
        "unit": dose.unit,
        "until": dose.until.isoformat() if dose.until else None,
    }
