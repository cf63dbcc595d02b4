"""A course of doses in words: a line each."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from monitor.review.dose_course import DoseLine, Seen

from .monitor_ui import signed

register = template.Library()


@register.simple_tag
def seen_words(seen: Seen | None, measure: str) -> SafeString | str:
    """`72.4 kg` and, below it, `+2.0 kg`; what was not read anew says so."""
    if seen is None:
        return quiet(_("not measured"))
    if not seen.new:
        return quiet(_("no new value"))
    if seen.change is None:
        return seen.text
    change = f"{signed(seen.change, 1)} kg"
    if measure == "times":
        change = _("× %(n)s") % {"n": f"{seen.change:.1f}"}
    return format_html('{} <span class="caption">{}</span>', seen.text, change)


@register.simple_tag
def fluid_words(line: DoseLine) -> SafeString | str:
    """`2500 mL` and, below it, `34.2 mL/kg`."""
    if line.fluid is None:
        return quiet(_("none logged"))
    amount = f"{line.fluid:.0f} mL"
    if line.per_kg is None:
        return amount
    per_kg = f"{line.per_kg:.1f} mL/kg"
    return format_html('{} <span class="caption">{}</span>', amount, per_kg)


def quiet(words: str) -> SafeString:
    return format_html('<span class="quiet">{}</span>', words)
