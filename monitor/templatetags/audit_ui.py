"""The audit trail in words, for its page."""

from datetime import UTC
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from monitor.audit.models import Event
from monitor.audit.sentences import Line, line_of

from .times import say_time

register = template.Library()

#: The first word of an action, as the menu says it.
KINDS = (
    ("observation", _("Sets recorded")),
    ("reading", _("Values corrected, confirmed, struck out")),
    ("treatment", _("Management log")),
    ("dose", _("Doses")),
    ("fact", _("Facts")),
    ("decision", _("Decisions at the bedside")),
    ("episode", _("Episodes")),
    ("notice", _("Notices")),
    ("review", _("Decisions and signatures")),
    ("signature", _("Passwords refused at signing")),
    ("participant", _("Enrollment and stay")),
    ("cycle", _("Cycles")),
    ("level", _("Looks at the dose level")),
    ("identity", _("Who the participant is")),
)


@register.simple_tag
def audit_line(event: Event, unblinded: bool = False) -> Line:
    """The event in a sentence, with its changes in the site's words."""
    return line_of(event, unblinded=unblinded)


@register.filter
def utc(event: Event) -> str:
    """`19:22:48 UTC`: the time as it is stored."""
    return f"{say_time(event.at, UTC, 'seconds')} UTC"


@register.simple_tag
def audit_kinds() -> tuple[tuple[str, Any], ...]:
    """What the trail can be narrowed to."""
    return KINDS


@register.filter
def entries(count: int) -> str:
    """`128 entries`."""
    return ngettext("%(n)d entry", "%(n)d entries", count) % {"n": count}
