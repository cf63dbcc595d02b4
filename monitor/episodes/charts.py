"""The JSON of the participant's chart: contract on top of static/js/chart.js.

Every moment is written with the site's offset. Nothing here asks the database:
`charted.chart_data` loads a Source.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from monitor.clinical.items import catalogue
from monitor.clinical.items.model import UnknownTreatment
from monitor.episodes import panels, rows, wording
from monitor.episodes.balanced import balances
from monitor.episodes.chart_source import Source
from monitor.episodes.due import missed_of, recheck_of
from monitor.episodes.models import Step
from monitor.episodes.shapes import SetValues, rank
from monitor.treatments.models import Treatment
from monitor.trials.models import Dose

Json = dict[str, Any]

RESOLVED = "resolved"
DOSE_STATES = {"reduced": "given"}
# A step of support up, as the strip darkens.
SUPPORT = {
    "air": 0,
    "baseline": 1,
    "low_flow": 1,
    "tracheostomy": 2,
    "mask": 2,
    "high_flow": 3,
    "positive_pressure": 4,
}


def chart_json(source: Source) -> Json:
    summary = source.state.summary
    missed = missed_of(source.cycle, source.sets, summary, source.now)
    recheck = recheck_of(source.cycle, summary, source.now)
    columns = panels.columns(source)
    keys = [key for key, _label in columns]
    drawn = panels.drawn_of(source, keys)
    return {
        "now": source.iso(source.now),
        "zone": str(source.zone),
        "offset_label": source.iso(source.now)[-6:],
        "summary": panels.spoken(source),
        "days": list(days(source)),
        "cycle": {"from": source.iso(started(source))},
        "panels": [
            *panels.vitals(source, drawn),
            *panels.weights(source),
            *(further(source, drawn) if source.whole else ()),
        ],
        "breaks": [at.timestamp() for at in source.breaks],
        "oxygen": list(oxygen(source)),
        "doses": list(doses(source)),
        "treatments": list(treatments(source)),
        "words": {"grade": strip_word(source)},
        "grades": list(grades(source)),
        "missed": [
            {"from": source.iso(start), "to": source.iso(end)} for start, end in missed
        ],
        "onsets": list(onsets(source)),
        "recheck": source.maybe(recheck),
        "columns": [list(column) for column in columns],
        "sets": panels.table(drawn, keys),
    }


def further(source: Source, drawn: Sequence[SetValues]) -> Iterator[Json]:
    yield from balances(source)
    yield from panels.blood(source, drawn)


def started(source: Source) -> datetime:
    """Where the chart begins: the first dose or set, else the cycle's opening."""
    firsts = [dose.given_at for dose in source.doses if dose.given_at]
    firsts += [one.at for one in source.sets[:1]]
    return min(firsts, default=source.cycle.opened_at)


def days(source: Source) -> Iterator[Json]:
    """Each day from the first that the chart shows, as the site counts them."""
    first = started(source).astimezone(source.zone)
    day = first.replace(hour=0, minute=0, second=0, microsecond=0)
    while day <= source.now.astimezone(source.zone):
        yield {
            "at": day.isoformat(),
            "label": f"{day:%a} {day.day} {day:%b}",
            "cycle_day": cycle_day(source, day),
        }
        day = (day + timedelta(days=1)).replace(hour=0)


def cycle_day(source: Source, day: datetime) -> str:
    """`C1 D3`, and `C1` before its first dose; of a later cycle once it has begun."""
    begun = [
        one
        for one in source.later
        if one.opened_at.astimezone(source.zone).date() <= day.date()
    ]
    cycle = begun[-1] if begun else source.cycle
    given = source.state.summary.get("first_given")
    if begun:
        own = (one.given_at for one in source.doses if one.cycle_id == cycle.pk)
        first = min(filter(None, own), default=None)
        given = first and first.isoformat()
    if given is None or day.date() < _date(given, source.zone):
        return f"C{cycle.number}"
    return f"C{cycle.number} D{rows.cycle_day(given, day, source.zone)}"


def _date(text: str, zone: ZoneInfo) -> Any:
    return datetime.fromisoformat(text).astimezone(zone).date()


# The strips


def oxygen(source: Source) -> Iterator[Json]:
    """From each set that recorded a device to the next of another; unknown once it

    has lapsed.
    """
    lasting = timedelta(hours=catalogue.item("OXYGEN_DEVICE").validity.current or 0)
    found = [one for one in source.sets if "OXYGEN_DEVICE" in one.values]
    begun: datetime | None = None
    for one, follows in zip_longest(found, found[1:]):
        begun, label = begun or one.at, support(one)
        until = follows.at if follows else None
        lapses = one.at + lasting
        ends = min(filter(None, (until, lapses, source.now)))
        if follows and ends == until and support(follows) == label:
            continue
        yield {
            "from": source.iso(begun),
            "to": source.iso(ends),
            "label": label,
            "step": SUPPORT.get(group(one), 0),
        }
        begun = None
        if ends == lapses and (until or source.now) > lapses:
            to = source.maybe(until)
            yield {"from": source.iso(ends), "to": to, "label": "?", "step": None}


def support(one: SetValues) -> str:
    """`nasal cannula 2 L/min`."""
    device, flow = (
        one.values["OXYGEN_DEVICE"].text.lower(),
        one.values.get("OXYGEN_FLOW"),
    )
    return f"{device} {flow.text} L/min".strip() if flow else device


def group(one: SetValues) -> str:
    choice = one.values["OXYGEN_DEVICE"].choice
    return catalogue.item("OXYGEN_DEVICE").option(choice).group


def doses(source: Source) -> Iterator[Json]:
    for dose in source.doses:
        amount = wording.amount_text(dose.amount, dose.unit)
        yield {
            "at": source.iso(dose.given_at or dose.planned_at),
            "label": " · ".join(filter(None, (numbered(source, dose), amount))),
            "state": DOSE_STATES.get(dose.status, str(dose.status)),
        }


def numbered(source: Source, dose: Dose) -> str:
    """`3`, or `C2 1` where doses of several cycles are drawn."""
    return f"{source.of_cycle(dose.cycle_id)} {dose.number}".strip()


def treatments(source: Source) -> Iterator[Json]:
    """A bar lasts as long as a sign is blurred; an act without effect is a moment."""
    for given in source.treatments:
        end = _blurred_until(source, given)
        yield {
            "from": source.iso(given.at),
            "to": source.maybe(end),
            "label": f"{source.of_cycle(given.cycle_id)} "
            f"{treatment_words(given)}".strip(),
        }


def treatment_words(given: Treatment) -> str:
    try:
        label = catalogue.treatment(given.code).label
    except UnknownTreatment:
        label = given.code
    if given.form == Treatment.Form.RATE and not given.amount:
        return _("%(agent)s stopped") % {"agent": label}
    return f"{label} {wording.amount_text(given.amount, given.unit)}".strip()


def _blurred_until(source: Source, given: Treatment) -> datetime | None:
    """Its end and the hours after it; of a rate at most until the next row of its code,

    which says how it went on.
    """
    end = _ends(source, given)
    try:
        masks = catalogue.treatment(given.code).masks
    except UnknownTreatment:
        return end
    # What fluid blurs rests on the sum of a day, which no one gift says.
    alone = [one for one in masks if not (one.over and one.over.unit == "mL")]
    hours = max((mask.hours or 0 for mask in alone), default=0)
    blurred = (end or given.at) + timedelta(hours=hours) if hours else end
    later = _next(source, given) if given.form == Treatment.Form.RATE else None
    return min(blurred, later) if blurred and later else blurred


def _ends(source: Source, given: Treatment) -> datetime | None:
    """When it stops running: its end, the next row of its code, else it still runs.

    None for what is over at once: a gift, an act, a rate of 0.
    """
    stops = given.form == Treatment.Form.RATE and not given.amount
    if given.until or stops or given.form == Treatment.Form.AMOUNT:
        return given.until
    if given.form == Treatment.Form.ACTION:
        return None
    return _next(source, given) or source.now


def _next(source: Source, given: Treatment) -> datetime | None:
    later = (
        other.at
        for other in source.treatments
        if other.code == given.code and other.at > given.at
    )
    return next(later, None)


def strip_word(source: Source) -> str:
    """`CRS grade`, `CLS grade`; of what no scale grades it is the level."""
    told = [one.state for one in source.steps if one.episode.topic == source.topic]
    if told and not any(one.get("grades") for one in told):
        return _("Level")
    return _("%(label)s grade") % {"label": wording.label_of("", source.topic)}


def grades(source: Source) -> Iterator[Json]:
    """The strip of one topic: a stretch from each step to the next."""
    steps = [step for step in source.steps if step.episode.topic == source.topic]
    for place, step in enumerate(steps):
        follows = steps[place + 1].at if place + 1 < len(steps) else None
        if step.closed:
            continue
        yield {
            "from": source.iso(step.at),
            "to": source.maybe(follows),
            "level": step.level,
            "text": _grade_text(source, step),
            "short": _grade_short(source, step),
            "held": bool(step.state.get("resolved_at") or step.state.get("held_since")),
        }


def _grade_short(source: Source, step: Step) -> str:
    """What a stretch too short for its words says: `≥ 2`, `1`; "" for no grade."""
    resolving = step.status == RESOLVED and step.state.get("resolved_at")
    if resolving or not step.grade:
        return ""
    return f"≥ {step.grade}" if _is_floor(source, step) else str(step.grade)


def _is_floor(source: Source, step: Step) -> bool:
    scale = rows.scale_in(step.state, source.scale)
    return scale in (step.state.get("at_least") or ())


def _grade_text(source: Source, step: Step) -> str:
    if step.status == RESOLVED and step.state.get("resolved_at"):
        return str(_("resolving, level held"))
    if not step.grade:  # Grade 0 of an open episode is carried by its level alone.
        return str(step.get_level_display()).lower()
    scale = rows.scale_in(step.state, source.scale)
    words = wording.grade_words(scale, step.grade, _is_floor(source, step))
    return words.removeprefix(wording.scale_label(scale)).strip()


def onsets(source: Source) -> Iterator[Json]:
    """Where an episode's level rose."""
    level: dict[int, str] = {}
    for step in source.steps:
        if rank(step.level) > rank(level.get(step.episode_id, "")):
            yield {"at": source.iso(step.at), "level": step.level}
        level[step.episode_id] = step.level
