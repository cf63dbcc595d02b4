"""What the review queue says: decisions about words, not about rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from monitor import clock
from monitor.episodes.shapes import EpisodeRow
from monitor.review import choices

from .marks import icon
from .times import say_span

register = template.Library()


@register.filter
def to_do(count: int) -> str:
    """`5 to do`."""
    return ngettext("%(n)d to do", "%(n)d to do", count) % {"n": count}


@register.filter
def for_others(count: int) -> str:
    """`5 for an investigator`: to who reads the queue and decides nothing in it."""
    said = ngettext("%(n)d for an investigator", "%(n)d for an investigator", count)
    return said % {"n": count}


@register.simple_tag
def family_choices() -> list[tuple[str, Any]]:
    """The families, for a menu."""
    return list(choices.FAMILIES.items())


SECTION_ICONS = {"overdue": "clock-filled", "due": "clock", "done": "check"}
NOTHING = {
    "overdue": gettext_lazy("Nothing is overdue."),
    "due": gettext_lazy("Nothing waits for a decision."),
    "waiting": gettext_lazy("Nothing waits for others."),
    "done": gettext_lazy("Nothing was signed today."),
}


@register.simple_tag
def section_icon(key: str) -> SafeString:
    """The mark before a section's head; what waits on others has none."""
    name = SECTION_ICONS.get(key)
    return icon(name) if name else SafeString("")


@register.filter
def nothing_in(key: str) -> str:
    """An empty section said as a fact."""
    return str(NOTHING.get(key, ""))


@register.filter
def grade_note(row: EpisodeRow) -> str:
    """Below the suggested grade: its maximum, or that a person must look."""
    if row.status in ("needs_review", "not_gradable"):
        return _("needs review")
    if row.family == "cls" and row.grade is not None:
        return _("a suggestion")
    if row.max_grade is not None:
        return _("max %(n)d") % {"n": row.max_grade}
    return ""


#: From here on nobody counts the hours.
LONG = timedelta(days=2)


@register.simple_tag
def queue_due(row: Any) -> str:
    """`38 min late`, or when it is due; what is done says so in its note."""
    if row.due_at is None:
        return ""
    left = row.due_at - clock.now()
    age = say_span(left)
    if abs(left) >= LONG:
        age = _("%(n)d d") % {"n": abs(left) // timedelta(days=1)}
    if row.late:
        return _("%(age)s late") % {"age": age}
    return _("in %(age)s") % {"age": age}


@register.filter
def queue_day(row: Any) -> str:
    """`C1`."""
    return f"C{row.cycle.number}"


@register.filter
def surname(name: str) -> str:
    """`Okafor` of `M. Okafor, MD`: enough in a narrow column."""
    return name.partition(",")[0].split()[-1] if name.strip() else ""
