"""The words and links of the pages about one participant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitor.bedside.entry import NOT_DONE_REASONS
from monitor.bedside.forms.states import CULTURES, PLACES, USUAL
from monitor.bedside.models import Reading
from monitor.bedside.panels import PANELS, PRESSURES
from monitor.clinical.items import catalogue
from monitor.episodes.sets import text_of
from monitor.episodes.shapes import Identity, SetRow, Value
from monitor.episodes.wording import unit_label
from monitor.trials.permissions import Permission

from .board_ui import pressure
from .times import offset_label, say_time, zone_of

register = template.Library()

CULTURE_AND_SURGERY = [
    ("CULTURE", gettext_lazy("Blood culture")),
    ("SURGERY", gettext_lazy("Planned surgery")),
]
FACT_WORDS = dict([*PLACES, *USUAL, *CULTURE_AND_SURGERY])
UNRECORDABLE = Reading.State.UNRECORDABLE


@register.inclusion_tag("components/identity_bar.html", takes_context=True)
def participant_bar(
    context: dict[str, Any], identity: Identity, note: str = "", links: bool = False
) -> Any:
    """The identity bar; `note` brings the level with it, `links` what one may enter."""
    bar = {
        "code": identity.code,
        "cohort": identity.cohort,
        "cohort_color": identity.cohort_color,
        "facts": identity.facts,
        "level": identity.level if note else "",
        "level_note": note,
        "actions": actions_for(identity.code, context["may"]) if links else [],
        "behind": behind(identity, context["may"]) if links else [],
    }
    return {"identity": bar}


def actions_for(code: str, may: Collection[str]) -> list[dict[str, str]]:
    every = [
        ("observe", Permission.RECORD_OBSERVATION, _("Enter a set"), "e"),
        ("treat", Permission.LOG_TREATMENT, _("Log a treatment"), "t"),
    ]
    return [
        {"url": reverse(name, args=[code]), "label": label, "key": key}
        for name, permission, label, key in every
        if permission in may
    ]


def behind(identity: Identity, may: Collection[str]) -> list[dict[str, str]]:
    """What leads behind the code and the neutral label, for who may go there."""
    found = []
    if Permission.UNBLIND in may and not identity.sees:
        found.append(("unblind", _("Emergency unblinding")))
    if Permission.SEE_COHORT in may and identity.sees and identity.hides_more:
        found.append(("hidden", _("Hidden values")))
    if Permission.SEE_IDENTITY in may:
        found.append(("identity", _("Identity")))
    return [
        {"url": reverse(name, args=[identity.code]), "label": label}
        for name, label in found
    ]


@dataclass(frozen=True)
class Tab:
    """One panel of the entry page."""

    url: str
    label: str
    current: bool


@register.simple_tag
def entry_tabs(code: str, here: str) -> list[Tab]:
    page = reverse("observe", args=[code])
    first = next(iter(PANELS))
    tabs = [
        Tab(page if key == first else f"{page}?panel={key}", str(one.tab), key == here)
        for key, one in PANELS.items()
    ]
    place = Tab(reverse("facts", args=[code]), _("Place"), here == "facts")
    due = Tab(reverse("arrange", args=[code]), _("What is due"), here == "arrange")
    return [*tabs, place, due]


@register.simple_tag(takes_context=True)
def site_offset(context: dict[str, Any], at: datetime | None = None) -> str:
    """`−05:00`: the offset at the site, at a moment or now."""
    return offset_label((at or context["now"]).astimezone(zone_of(context["site"])))


# Facts


@register.filter
def fact_word(code: str) -> str:
    return str(FACT_WORDS.get(code, code.replace("_", " ").lower()))


@register.filter
def fact_value(value: str) -> str:
    """`Nasal cannula 2` of `nasal_cannula 2`: a fact that begins with a coded word."""
    word, _space, rest = value.partition(" ")
    options = {one.code: one.label for one in catalogue.item("OXYGEN_DEVICE").options}
    if word in (answers := dict(CULTURES)):
        return ", ".join(filter(None, (str(answers[word]), rest)))
    return f"{options[word]} {rest}".strip() if word in options else value


# Sets


@register.filter
def reading_words(reading: Reading) -> str:
    """`86 mmHg`, `Nasal cannula`, `not done: asleep`: as it was stored."""
    if reading.state != Reading.State.VALUE:
        why = reading.not_done_reason or reading.state
        return reason_word(why)
    item = catalogue.item(reading.item)
    shown = text_of(reading)
    typed = f"{reading.typed} {unit_label(reading.item, reading.typed_unit)}".strip()
    if item.kind == "symptom":
        return _("grade %(n)s") % {"n": shown}
    whole = f"{shown} {item.unit_label}".strip()
    if reading.choice or reading.typed == shown:
        return whole
    return _("%(value)s (typed %(typed)s)") % {"value": whole, "typed": typed}


@register.filter
def bp(row: SetRow) -> Value:
    """Both pressures of a set as one value."""
    return pressure(row.values)


@register.filter
def item_word(code: str) -> str:
    """`SpO₂`, `BP`: an item's short name."""
    if code in PRESSURES:
        return _("BP")
    item = catalogue.ITEMS.get(code)
    return item.short if item else code


@register.filter
def reason_word(reason: str) -> str:
    """The words for why a value is not there."""
    if reason == UNRECORDABLE:
        return _("tried, unrecordable")
    return str(NOT_DONE_REASONS.get(reason, reason.replace("_", " ")))


@register.filter
def reasons_of(row: SetRow) -> str:
    """`not done: asleep`, or `ACVPU: refused; BP: tried, unrecordable` for some."""
    said: dict[str, list[str]] = {}
    for item, reason in row.not_done.items():
        names = said.setdefault(reason_word(reason), [])
        if item_word(item) not in names:
            names.append(item_word(item))
    if not row.values and len(said) == 1:
        return _("not done: %(reason)s") % {"reason": next(iter(said))}
    parts = [f"{', '.join(names)}: {reason}" for reason, names in said.items()]
    return "; ".join(parts)


# What the banner is handed


@register.simple_tag(takes_context=True)
def saved_note(context: dict[str, Any], saved: Any, result: Any) -> str:
    """`Saved 14:24:06, assessed.` after a set; what failed is said by the banner."""
    if not saved:
        return ""
    at = say_time(saved.recorded_at, context["site"], "seconds")
    if result.level == "not_assessed":
        return _("Saved %(at)s, not assessed.") % {"at": at}
    return _("Saved %(at)s, assessed.") % {"at": at}
