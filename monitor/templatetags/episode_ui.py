"""What an episode says on every page: its grade, how long it is open, what it lacks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from monitor.episodes.shapes import EpisodeRow, Missing
from monitor.episodes.wording import item_short, scale_label

from .times import say_span, span_of

register = template.Library()


@register.filter
def scale_word(scale: str) -> str:
    """`ASTCT`, `CTCAE v5.0`; an unknown name as it came."""
    return scale_label(str(scale))


@register.filter
def grade_words(row: Any) -> str:
    """`at least grade 2`, `grade 2`, or why there is none."""
    if row.grade is None:
        return _("not gradable") if row.status == "not_gradable" else _("no grade")
    words = _("at least grade %(n)d") if row.at_least else _("grade %(n)d")
    return words % {"n": row.grade}


@register.filter
def open_words(row: EpisodeRow) -> str:
    """`open 2 d 0 h`, or `held, last seen ...` is said by the page."""
    if row.closed:
        return _("closed")
    return _("open %(age)s") % {"age": say_span(span_of(row.since))}


@register.simple_tag
def episode_head(row: EpisodeRow, end_follows: bool = False) -> SafeString:
    """`CRS ASTCT **at least grade 2** · max 3 · open 2 d 0 h`.

    `end_follows`: episodes/over.html says behind it when the episode was closed.
    """
    if row.status == "not_gradable":
        parts = [format_html("<b>{} {}</b>", row.label, _("not gradable"))]
    elif row.grade is None:
        parts = [format_html("<b>{}</b>", row.label)]
    else:
        parts = [
            format_html(
                "<b>{}</b> {} <b>{}</b>",
                row.label,
                scale_word(row.scale),
                grade_words(row),
            )
        ]
    if row.max_grade is not None and row.max_grade != row.grade:
        parts.append(format_html("{} {}", _("max"), row.max_grade))
    if not (row.closed and end_follows):
        parts.append(format_html('<span class="nowrap">{}</span>', open_words(row)))
    return format_html_join(" · ", "{}", zip(parts))


@register.filter
def missing_words(missing: Iterable[Missing]) -> str:
    """`ACVPU, RR never recorded; T too old to count since 06:10`: by name, and why.

    What lacks for the same reason is said together.
    """
    together: dict[str, list[str]] = {}
    for one in missing:
        name = item_short(one.item)
        reason = one.text.removeprefix(name).strip()
        together.setdefault(reason, []).append(name)
    return "; ".join(
        f"{', '.join(names)} {reason}".strip() for reason, names in together.items()
    )
