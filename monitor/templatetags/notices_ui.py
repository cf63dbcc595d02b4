"""What the pages of the notices say: duties, shares, spans of time."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _

from monitor.notices.duty import label

from .times import say_span

register = template.Library()


@register.filter
def duty(name: str) -> str:
    return label(name)


@register.filter
def rate(value: float | None) -> str:
    """`1.25`; without a denominator a dash."""
    return "–" if value is None else f"{value:.2f}"


@register.filter
def share(value: float | None) -> str:
    """`80 %`; of nothing a dash."""
    return "–" if value is None else _("%(n).0f %%") % {"n": 100 * value}


@register.filter
def lasted(value: timedelta | None) -> str:
    """`12 min`; under a minute `40 s`; a dash where nothing came."""
    if value is None:
        return "–"
    seconds = round(value.total_seconds())
    return _("%(n)d s") % {"n": seconds} if seconds < 60 else say_span(value)
