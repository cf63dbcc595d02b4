"""How levels, values and changes are said on a page; with it, the times.

Decisions about a word or a mark are made here; templates only place them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from . import said_times
from .marks import icon
from .times import MINUS

register = template.Library()

#: Nothing in the data of a script may end it.
UNMARKED = {"<": r"\u003C", ">": r"\u003E", "&": r"\u0026"}
register.tags.update(said_times.register.tags)
register.filters.update(said_times.register.filters)

#: In the order in which the board sorts them. *Not assessed* is no level: the set
#: is stored and the program failed.
LEVELS = {
    "critical": gettext_lazy("Critical"),
    "warning": gettext_lazy("Warning"),
    "not_assessed": gettext_lazy("Not assessed"),
    "watch": gettext_lazy("Watch"),
    "unknown": gettext_lazy("Unknown"),
    "clear": gettext_lazy("Clear"),
}
CHANGES = {
    "up": gettext_lazy("higher than the set before"),
    "down": gettext_lazy("lower than the set before"),
    "same": gettext_lazy("as in the set before"),
}


# Marks


register.simple_tag(icon)


@register.filter
def level_word(level: str) -> str:
    """The word for a level; an unknown code is shown as it came."""
    return str(LEVELS.get(str(level), level))


@register.simple_tag
def level_pill(level: str, size: str = "") -> SafeString:
    """Icon, word and color; `size` "32" in a banner."""
    return _pill(get_language() or "", str(level), f" pill-{size}" if size else "")


@lru_cache(maxsize=64)
def _pill(_language: str, level: str, size: str) -> SafeString:
    form = '<span class="pill{} level-{}">{}{}</span>'
    return format_html(form, size, level, icon(level), level_word(level))


@register.simple_tag
def level_mark(level: str) -> SafeString:
    """The icon in its color without a word, where the word stands beside it."""
    form = '<span class="mark level-{}">{}</span>'
    return format_html(form, level, icon(str(level)))


@register.inclusion_tag("components/grade_tile.html")
def grade_tile(level: str, grade: Any, floor: bool = False) -> dict[str, Any]:
    """A grade in its level's color; a floor says so: `2 ≥`."""
    shown = "–" if grade is None else grade
    return {"level": str(level), "grade": shown, "floor": floor}


@register.inclusion_tag("components/missing.html")
def missing(items: Iterable[Any], quiet: bool = False) -> dict[str, Any]:
    """What is missing, by name, hatched. Items are words or have `.text`."""
    return {"items": [getattr(item, "text", item) for item in items], "quiet": quiet}


@register.simple_tag
def value(
    text: Any,
    past: str = "",
    change: str = "",
    stale: bool = False,
    age: str = "",
    old: bool = False,
) -> SafeString:
    """One value with its neighbors.

    `past` is the level of the line it passed ("" for none), `change` "up", "down"
    or "same" against the set before, `stale` true when it is too old to count,
    `age` a word or two below it, `old` true where an old value is no fault.
    """
    shown = "–" if text is None or text == "" else text
    change = change if change in CHANGES and not stale else ""
    return _value(get_language() or "", shown, past, change, stale, age, old)


@lru_cache(maxsize=4096, typed=True)
def _value(
    _language: str,
    shown: Any,
    past: str,
    change: str,
    stale: bool,
    age: str,
    old: bool,
) -> SafeString:
    """Its markup: a ward has few different values, and many of each."""
    classes = ["value"]
    if past:
        classes += ["value-past", f"past-{past}"]
    if stale:
        classes.append("value-stale")
    if old:
        classes.append("value-old")
    unseen = []
    if past:
        unseen.append(
            _("past the %(level)s line") % {"level": level_word(past).lower()}
        )
    if stale:
        unseen.append(_("too old to count"))
    parts = [shown, *(_unseen(words) for words in unseen)]
    if change:
        parts += [" ", icon(change), _unseen(CHANGES[change])]
    whole = format_html_join("", "{}", zip(parts))
    below = format_html(' <span class="caption">{}</span>', age) if age else ""
    return format_html('<span class="{}">{}</span>{}', " ".join(classes), whole, below)


def _unseen(words: Any) -> SafeString:
    """Said after a value to who cannot see its marks."""
    return format_html('<span class="visually-hidden">, {}</span>', words)


@register.simple_tag
def change(before: Any, after: Any, decimals: int = 0) -> SafeString:
    """Arrow and signed number from `before` to `after`; nothing if one is unknown."""
    direction = direction_of(before, after)
    if not direction:
        return SafeString("")
    number = signed(Decimal(str(after)) - Decimal(str(before)), decimals)
    return format_html(
        '<span class="change">{}{}</span>',
        icon(direction),
        "" if direction == "same" else number,
    )


def direction_of(before: Any, after: Any) -> str:
    """`up`, `down`, `same`, or nothing when one of the two is unknown."""
    if before is None or after is None or before == "" or after == "":
        return ""
    difference = Decimal(str(after)) - Decimal(str(before))
    if difference == 0:
        return "same"
    return "up" if difference > 0 else "down"


@register.filter
def signed(number: Any, decimals: int = 0) -> str:
    """`+2.1`, `−18`, `0`: a change always shows its sign."""
    if number is None or number == "":
        return ""
    rounded = round(Decimal(str(number)), int(decimals))
    sign = "+" if rounded > 0 else MINUS if rounded < 0 else ""
    return f"{sign}{abs(rounded):.{int(decimals)}f}"


@register.simple_tag
def message_icon(tag: str) -> SafeString:
    """The mark before a message: done, refused, or told."""
    return icon({"success": "check", "error": "cross"}.get(tag, "bell"))


# Small words


@register.filter
def unread(count: int) -> str:
    """`3 unread`."""
    return ngettext("%(n)d unread", "%(n)d unread", count) % {"n": count}


@register.filter
def text(value: Any) -> str:
    """As text, nothing for nothing: to compare a choice with a stored value."""
    return "" if value is None else str(value)


@register.filter
def as_json(value: Any) -> str:
    """JSON for a data-* attribute, escaped there by the template."""
    return json.dumps(value or {}, default=str, ensure_ascii=False)


@register.simple_tag
def data_script(value: Any, name: str) -> SafeString:
    """As Django's json_script, but quick for a chart of thousands of points."""
    said = orjson.dumps(value, default=str).decode()
    for mark, code in UNMARKED.items():
        said = said.replace(mark, code)
    whole = '<script id="{}" type="application/json">{}</script>'
    return format_html(whole, name, mark_safe(said))  # nosec B308 B703


@register.filter
def met_count(needed: Iterable[tuple[str, str, bool]]) -> int:
    """How many of the (name, label, met) rows are met."""
    return sum(1 for *_rest, met in needed if met)


@register.filter
def unmet_names(needed: Iterable[tuple[str, str, bool]]) -> str:
    """The labels of the (name, label, met) rows that are not met."""
    return ", ".join(str(label) for _name, label, met in needed if not met)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """`mapping[key]`, or nothing: for rows keyed by item code."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.simple_tag
def presence_icon(presence: str) -> SafeString:
    """Bed, clinic or home beside the place; nothing for other states."""
    names = {"INPATIENT": "bed", "IN_CLINIC": "clinic", "AT_HOME": "home"}
    name = names.get(str(presence).upper(), "")
    return icon(name) if name else SafeString("")
