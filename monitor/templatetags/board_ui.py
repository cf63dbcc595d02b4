"""What a row of the board, the queue and the handover sheet says, and in which mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from monitor import clock
from monitor.episodes.shapes import BoardRow, Value, rank

from .monitor_ui import value
from .sparks import spark
from .times import say_span, say_time, span_of, zone_of

register = template.Library()

COLUMNS = (
    ("TEMP", gettext_lazy("Temp °C")),
    ("HR", gettext_lazy("HR")),
    ("BP", gettext_lazy("BP mmHg")),
    ("OXYSAT", gettext_lazy("SpO₂ %")),
    ("RESP", gettext_lazy("RR")),
)
NOTHING = Value(item="")


# Values


@lru_cache(maxsize=8)
def columns(_language: str) -> tuple[tuple[str, str], ...]:
    """(item, head) in the language of the page."""
    return tuple((item, str(label)) for item, label in COLUMNS)


@dataclass(frozen=True)
class Cell:
    """One column of vital signs; `note` is what stands below it."""

    item: str
    label: str
    value: Value
    note: str = ""


@register.simple_tag
def board_columns() -> tuple[tuple[str, str], ...]:
    """The vital signs of the board: (item, head)."""
    return columns(get_language() or "")


@register.simple_tag
def vital_cells(row: BoardRow) -> list[Cell]:
    """The five columns of a row; pressure is one of them."""
    values = {**row.values, "BP": pressure(row.values)}
    notes = {"OXYSAT": oxygen_note(row), "BP": getattr(row, "pressor", "")}
    return [
        Cell(item, label, values.get(item, NOTHING), notes.get(item, ""))
        for item, label in board_columns()
    ]


def board_value(cell: Cell, home: bool = False) -> SafeString:
    """A value with its marks. At home an old one is no fault, so it is not hatched;

    what was not done or could not be recorded says so in place of a number.
    """
    one = cell.value
    said = one.text or one.not_done
    stale = one.stale and not home
    return value(said, one.past, one.change, stale, old=home or not one.text)


@lru_cache(maxsize=4096)
def board_cell(item: str, label: str, shown: SafeString, note: str) -> SafeString:
    """A cell of the row; `data-label` is its head where the row is a card."""
    form = '<div class="board-value at-{}" role="cell" data-label="{}">{}{}</div>'
    below = format_html('<span class="caption">{}</span>', note) if note else ""
    return format_html(form, item, label, shown, below)


def pressure(values: dict[str, Value]) -> Value:
    """Systolic and diastolic as one value; the worse of both marks it."""
    upper, lower = values.get("SYSBP", NOTHING), values.get("DIABP", NOTHING)
    text = f"{upper.text}/{lower.text or '–'}" if upper.text else ""
    past = max(upper.past, lower.past, key=rank)
    return Value("BP", text, past=past, stale=upper.stale, change=upper.change)


def oxygen_note(row: BoardRow) -> str:
    """The device under the saturation; a set without one says so."""
    device = row.values.get("OXYGEN_DEVICE", NOTHING)
    flow = row.values.get("OXYGEN_FLOW", NOTHING)
    saturation = row.values.get("OXYSAT", NOTHING)
    if not device.text or (device.stale and not at_home(row)):
        return _("not recorded") if saturation.text else ""
    words = device.text[:1].lower() + device.text[1:]
    words = words.removeprefix("nasal ").removesuffix(" mask")
    if not flow.text or flow.at != device.at:
        return words
    return f"{words} {flow.text.removesuffix('.0')} L"


# The systolic pressure as a line

register.simple_tag(spark)


@register.filter
def spark_words(pressures: Sequence[tuple[datetime, float | None]]) -> str:
    """The same line for who cannot see it."""
    said = [_("missed") if one is None else f"{one:.0f}" for _at, one in pressures]
    return _("SBP, oldest first: %(values)s") % {"values": ", ".join(said)}


# Doses, days and answers in words


def short_time(at: datetime, zone: Any) -> str:
    """`10:05` today, else the day: the hours since it say the rest."""
    today = clock.now().astimezone(zone_of(zone)).date()
    same_day = at.astimezone(zone_of(zone)).date() == today
    return say_time(at, zone, "time" if same_day else "short_day")


GIVEN = ("given", "reduced")
DOSE_STATES = {"held": gettext_lazy("held"), "omitted": gettext_lazy("omitted")}


@dataclass(frozen=True)
class SinceDose:
    """Hours since the last dose given, and which dose that was or will be."""

    age: str
    note: str


@register.simple_tag
def since_dose(row: BoardRow) -> SinceDose:
    """`4 h 21` and `dose 3, 10:05`; before the first dose when it is planned."""
    dose, zone = row.dose, row.participant.site
    if dose is None:
        planned = row.next_dose and say_time(row.next_dose.at, zone, "near")
        note = _("planned %(time)s") % {"time": planned} if planned else _("no dose")
        return SinceDose("–", note)
    number = {"n": dose.number, "time": short_time(dose.at, zone)}
    if dose.status not in GIVEN:
        state = str(DOSE_STATES.get(dose.status, dose.status))
        note = _("dose %(n)d %(state)s") % {**number, "state": state}
        return SinceDose(say_span(span_of(row.given.at)) if row.given else "–", note)
    return SinceDose(say_span(span_of(dose.at)), _("dose %(n)d, %(time)s") % number)


@register.filter
def cycle_day(row: BoardRow) -> str:
    """`C1 D3`; a cycle before its first dose has no day."""
    cycle = f"C{row.cycle.number}"
    return cycle if row.day is None else f"{cycle} D{row.day}"


@register.filter
def at_home(row: BoardRow) -> bool:
    """Whether silence is explained: at home nothing turns late before the contact."""
    return row.place in OUTSIDE


@register.filter
def set_age(row: BoardRow) -> str:
    """Age of the last set; at home the day beside it says enough."""
    if row.last_set is None or at_home(row):
        return ""
    return say_span(span_of(row.last_set))


@register.simple_tag
def board_answer(row: BoardRow) -> str:
    """What stands under the pill: who took it and when, or that nobody has."""
    if row.level == "not_assessed":
        return _("Retrying")
    taken, site = row.acknowledged, row.participant.site
    if taken is None:
        return _("Not acknowledged") if row.unanswered else ""
    told = {"name": taken.by.partition(",")[0].split()[-1]}
    if taken.until is not None:
        told["time"] = say_time(taken.until, site, "near")
        return _("Snoozed until %(time)s %(name)s") % told
    told["time"] = say_time(taken.at, site, "near")
    return _("Ack. %(time)s %(name)s") % told


# Places

PLACE_WORDS = {
    "INPATIENT": gettext_lazy("in the ward"),
    "IN_CLINIC": gettext_lazy("in clinic"),
    "AT_HOME": gettext_lazy("at home"),
    "AWAY": gettext_lazy("away"),
    "FOLLOW_UP": gettext_lazy("in follow-up"),
}
OUTSIDE = ("AT_HOME", "AWAY", "FOLLOW_UP")


@register.filter
def place_words(row: BoardRow) -> str:
    """`bed 4` for who lies in one, else where the person is."""
    elsewhere = row.place in (*OUTSIDE, "IN_CLINIC")
    if elsewhere or not row.participant.bed:
        return str(PLACE_WORDS.get(row.place, ""))
    return _("bed %(bed)s") % {"bed": row.participant.bed}


@register.simple_tag
def away_words(row: BoardRow) -> str:
    """`At home since Wed 15:40, last set Wed 15:10, contact due 20:00`."""
    zone = row.participant.site
    place = str(PLACE_WORDS[row.place]).capitalize()
    said = [place]
    if row.place_since:
        since = say_time(row.place_since, zone, "near")
        said = [_("%(place)s since %(time)s") % {"place": place, "time": since}]
    last = row.last_set and say_time(row.last_set, zone, "near")
    said.append(_("last set %(time)s") % {"time": last} if last else _("no set ever"))
    if row.due:
        due = {"what": row.due.what, "time": say_time(row.due.at, zone, "near")}
        said.append(_("%(what)s due %(time)s") % due)
    else:
        said.append(_("no contact planned"))
    return ", ".join(said)


@register.simple_tag
def follow_words(row: BoardRow) -> str:
    """`ILKN421H until 19 Dec; pembrolizumab until 17 Feb`; what is over says so."""
    zone, now = row.participant.site, clock.now()
    if not row.follow_up:
        return _("no dose was given")
    said = []
    for one in row.follow_up:
        day = {"agent": one.agent, "day": say_time(one.until, zone, "date")}
        over = one.until <= now
        said.append(
            (_("%(agent)s over %(day)s") if over else _("%(agent)s until %(day)s"))
            % day
        )
    return "; ".join(said)
