"""Stored JSON and rows turned into the shapes that pages are handed. No database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from monitor.clinical.due import present
from monitor.clinical.items import catalogue, passing
from monitor.clinical.study.protocol import Protocol
from monitor.episodes import wording
from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import Episode, Step
from monitor.episodes.shapes import (
    DoseRow,
    EpisodeRow,
    Missing,
    Reason,
    Scale,
    StepRow,
    Value,
)
from monitor.episodes.standing import UNSUPPORTED, moment
from monitor.trials.models import Cycle

Json = Mapping[str, Any]


def scale_in(line: Json, scale: str) -> str:
    """The scale that speaks for a topic: the one in force, else the CTCAE in use."""
    grades = line.get("grades") or {}
    if scale in grades:
        return scale
    return "ctcae_v5" if "ctcae_v5" in grades else next(iter(grades), "")


def when(text: str | None) -> datetime | None:
    return moment(text) if text else None


# Episodes


def episode_row(
    episode: Episode, step: Step, since: datetime | None, scale: str
) -> EpisodeRow:
    line = step.state
    spoken = scale_in(line, scale)
    over = step.closed or step.status == "resolved"
    return EpisodeRow(
        id=episode.pk,
        family=episode.family,
        topic=episode.topic,
        label=wording.label_of(episode.family, episode.topic),
        level=step.level,
        status=step.status,
        scale=spoken,
        grade=step.grade,
        max_grade=step.max_grade,
        at_least=spoken in (line.get("at_least") or ()),
        since=since or episode.opened_at,
        at=step.at,
        closed=step.closed,
        unsupported=bool(line.get(UNSUPPORTED)),
        held_since=when(line.get("held_since")),
        explanation=line.get("explanation") or "",
        episode=episode,
        step=step,
        why=why_words(line),
        resolved_at=when(line.get("resolved_at")) if over else None,
    )


def why_words(line: Json) -> str:
    """`39.1 °C · SBP 86 mmHg`: the values that decided, each once, in one breath."""
    said: dict[tuple[str, str], str] = {}
    for row in line.get("evidence") or ():
        if row.get("answer") is True:
            item = row.get("item") or ""
            words = f"{wording.item_short(item)} {value_words(row)}".strip()
            said.setdefault((item, row.get("at") or ""), words)
    return " · ".join(said.values())


def value_words(row: Json) -> str:
    """The deciding value with its unit, of a symptom `grade 2`; "" without one."""
    item = row.get("item") or ""
    typed = str(row.get("typed") or "")
    shown = wording.number_text(item, row.get("value"), typed)
    unit = wording.unit_label(item, row.get("unit") or "")
    return wording.measured(item, shown, unit) if shown else ""


def step_row(step: Step, scale: str, withdrawn_at: datetime | None) -> StepRow:
    line = step.state
    return StepRow(
        id=step.pk,
        at=step.at,
        recorded_at=step.recorded_at,
        cause=step.cause,
        cause_word=str(wording.CAUSES.get(step.cause, step.cause)),
        level=step.level,
        grade=step.grade,
        max_grade=step.max_grade,
        at_least=scale_in(line, scale) in (line.get("at_least") or ()),
        closed=step.closed,
        explanation=line.get("explanation") or "",
        withdrawn_at=withdrawn_at,
        state=line,
    )


# A line in parts


def missing_rows(lines: Iterable[Json], zone: Any) -> list[Missing]:
    """What the lines lack, each item once, in their order."""
    found: dict[str, Missing] = {}
    for line in lines:
        for row in present.wanted(line):
            since = when(row.get("since"))
            text = wording.missing_text(row, since, zone)
            one = Missing(row["item"], row["why"], since, text)
            found.setdefault(row["item"], one)
    return list(found.values())


def reasons(line: Json) -> list[Reason]:
    """The evidence of a line, in its order."""
    return [_reason(row) for row in line.get("evidence") or ()]


def _reason(row: Json) -> Reason:
    item, at = row.get("item") or "", row.get("at")
    said = value_words(row)
    return Reason(
        pattern=row.get("pattern") or "",
        sign=row.get("sign") or "",
        item=item,
        value=said,
        named=wording.named_value(item, said),
        text=wording.line_text(row.get("line"), item, row.get("threshold") or ""),
        says=str(row.get("says") or (row.get("sign") or "").replace("_", " ")),
        at=when(at),
        by=str(row.get("by") or ""),
        source=str(row.get("source") or ""),
        typed=wording.typed_text(item, str(row.get("typed") or "")),
        answer=row.get("answer"),
        clears=str(row.get("clears") or ""),
    )


def split(found: Iterable[Reason]) -> tuple[list[Reason], list[Reason]]:
    """(because, also): each deciding value once; a value said before is only added.

    A sign of two patterns is said once.
    """
    because: list[Reason] = []
    also: list[Reason] = []
    seen, said = set(), set()
    for reason in found:
        key = (reason.item, reason.at)
        if reason.answer is not True or (reason.sign, *key) in said:
            continue
        (also if key in seen else because).append(reason)
        seen.add(key)
        said.add((reason.sign, *key))
    return because, also


def scales(line: Json, in_force: str, was: Json | None = None) -> list[Scale]:
    """One tile a scale. `was`: grades that a correction has lowered, by scale."""
    grades, most = line.get("grades") or {}, line.get("max_grades") or {}
    floors = line.get("at_least") or ()
    attributed = line.get("if_attributed") or {}
    spoken = scale_in(line, in_force)
    return [
        Scale(
            name=name,
            label=wording.scale_label(name),
            grade=grade,
            max_grade=most.get(name),
            at_least=name in floors,
            if_attributed=attributed.get(name),
            in_force=name == spoken,
            was=(was or {}).get(name),
        )
        for name, grade in grades.items()
    ]


# Values of the summary


def board_values(
    cycle: Cycle, summary: Json, items: Iterable[str], now: datetime
) -> dict[str, Value]:
    """The summary's last values of these items; one never recorded is left out."""
    stale = stale_items(summary, now)
    lines = protocol_of(cycle).lines
    values = {}
    for item in items:
        last = summary.get("current", {}).get(item)
        gone = summary.get("not_done", {}).get(item)
        if last or gone:
            values[item] = _board_value(item, last or {}, gone, summary, lines)
            if item in stale:
                values[item] = replace(values[item], stale=True)
    return values


def _board_value(
    item: str,
    last: Json,
    gone: Json | None,
    summary: Json,
    lines: Mapping[str, float],
) -> Value:
    before = summary.get("previous", {}).get(item, {})
    return Value(
        item=item,
        text=wording.number_text(item, last.get("value"), last.get("typed", "")),
        unit=wording.unit_label(item),
        typed=wording.typed_text(item, last.get("typed", "")),
        at=when(last.get("at")),
        by=last.get("by", ""),
        past=passing.level(item, last.get("value"), lines),
        change=direction(before.get("value"), last.get("value")),
        before=wording.number_text(item, before.get("value"), before.get("typed", "")),
        not_done=str(wording.WHY.get(gone["why"], gone["why"])) if gone else "",
    )


def stale_items(summary: Json, now: datetime) -> set[str]:
    """Items whose last value the core counts no more, or that have lapsed since."""
    lines = summary.get("lines", ())
    gone = {
        row["item"]
        for line in lines
        for row in line.get("missing") or ()
        if row["why"] == "stale"
    }
    for item, last in summary.get("current", {}).items():
        known = catalogue.ITEMS.get(item)
        hours = known.validity.current if known else None
        if hours and now - moment(last["at"]) > timedelta(hours=hours):
            gone.add(item)
    return gone


def direction(before: Any, after: Any) -> str:
    """`up`, `down`, `same`; nothing for choices or when one is unknown."""
    numbers = (int, float)
    if not (isinstance(before, numbers) and isinstance(after, numbers)):
        return ""
    if before == after:
        return "same"
    return "up" if after > before else "down"


def dose_row(
    told: Json | None, protocol: Protocol, blinded: bool = False
) -> DoseRow | None:
    if not told:
        return None
    amount = wording.amount_text(told["amount"], told["unit"])
    return DoseRow(
        agent=told["agent"],
        label=protocol.agent_label(told["agent"]),
        number=told["number"],
        status=told["status"],
        at=moment(told["at"]),
        text=_("blinded") if blinded else amount,
    )


def cycle_day(first_given: str | None, now: datetime, zone: Any) -> int | None:
    """Day 1 is the day of the first dose given, at the site."""
    if not first_given:
        return None
    first = moment(first_given).astimezone(zone).date()
    return max((now.astimezone(zone).date() - first).days + 1, 1)
