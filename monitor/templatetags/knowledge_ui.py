"""Numbers of the knowledge as they are printed."""

from django import template

from monitor.clinical.ctcae.model import VERSION_NAMES

register = template.Library()

SIGNS = {"<=": "≤", ">=": "≥"}


@register.filter
def direction_sign(direction: str) -> str:
    """`≥` for `>=`; an equal sign is not said."""
    return "" if direction == "=" else SIGNS.get(direction, direction)


@register.filter
def plain_number(number: float) -> str:
    """`38`, `0.5`: no zeros that say nothing."""
    return f"{number:g}"


@register.filter
def version_name(version: str) -> str:
    """`CTCAE v5.0` of `v5`."""
    return VERSION_NAMES[version]
