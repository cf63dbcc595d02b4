"""What the fluid balance says in words and numbers."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from monitor.clinical.care.balance import Balance, Measured
from monitor.episodes.shapes import Fluids

from .times import MINUS

register = template.Library()


@register.simple_tag
def balance_parts(fluids: Fluids) -> list[tuple[str, list[Balance]]]:
    return [(_("By shift"), fluids.shifts), (_("By the ward's day"), fluids.days)]


@register.simple_tag
def measured(one: Measured, elapsed: float) -> SafeString:
    """`480` and, below it, `8 of 8 h`; what nobody measured is unknown, and 0 is 0."""
    hours = _("%(n)s of %(all)s h") % {"n": _short(one.hours), "all": _short(elapsed)}
    if one.volume is None:
        return format_html(
            '<span class="stale">{}</span> <span class="caption">{}</span>',
            _("unknown"),
            hours,
        )
    return format_html(
        '<b>{}</b> <span class="caption">{}</span>', f"{one.volume:.0f}", hours
    )


@register.filter
def net_words(row: Balance) -> str:
    """`+850`, or that too little was measured to say."""
    return _("unknown") if row.net is None else _signed(row.net, 0)


@register.filter
def hourly_words(row: Balance) -> str:
    """`0.6` over the hours that were measured."""
    return _("unknown") if row.hourly is None else f"{row.hourly:.2f}"


@register.filter
def weight_words(fluids: Fluids) -> str:
    """`74.6 kg, +1.6 kg (+2.2 %) since cycle day 1 (73.0 kg)`."""
    if fluids.weight is None:
        return _("never recorded")
    now = {"now": f"{fluids.weight[1]:.1f}"}
    if fluids.change is None or fluids.base is None:
        return _("%(now)s kg; none of cycle day 1 to compare with") % now
    told = {
        **now,
        "kg": _signed(fluids.change[0], 1),
        "percent": _signed(fluids.change[1], 1),
        "base": f"{fluids.base:.1f}",
    }
    said = _("%(now)s kg, %(kg)s kg (%(percent)s %%) since cycle day 1 (%(base)s kg)")
    return said % told


def _signed(number: float, decimals: int) -> str:
    text = f"{abs(number):.{decimals}f}"
    if float(text) == 0:
        return text
    return f"+{text}" if number > 0 else f"{MINUS}{text}"


def _short(hours: float) -> str:
    return f"{hours:.1f}".removesuffix(".0")
