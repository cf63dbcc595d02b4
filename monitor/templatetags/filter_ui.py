"""Counts that filter a list of participants, and the addresses of its filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.translation import ngettext

from .monitor_ui import LEVELS, level_word

register = template.Library()


@dataclass(frozen=True)
class Chip:
    """A count that filters; pressing it again takes the filter away."""

    key: str
    label: str
    count: int
    url: str
    on: bool


def address(query: dict[str, Any]) -> str:
    """The page with these filters, without the empty ones."""
    kept = {key: value for key, value in query.items() if value}
    return "?" + urlencode(kept)


@register.simple_tag
def level_chips(counts: dict[str, int], query: dict[str, Any]) -> list[Chip]:
    """One chip for each level, in the order of the board."""
    return [
        Chip(
            level,
            level_word(level),
            counts.get(level, 0),
            address({**query, "level": "" if query.get("level") == level else level}),
            query.get("level") == level,
        )
        for level in LEVELS
    ]


@register.simple_tag
def flag_url(query: dict[str, Any], key: str) -> str:
    """The page with this yes-or-no filter turned over."""
    return address({**query, key: "" if query.get(key) else "1"})


@register.simple_tag
def choice_url(query: dict[str, Any], key: str, value: str) -> str:
    """The page with this choice of a filter; "" is all."""
    return address({**query, key: value})


@register.simple_tag
def choice_words(choices: Any, chosen: Any) -> str:
    """The chosen answer as the list words it; "" for none, or for what is not there."""
    return str(dict(choices or ()).get(chosen, ""))


@register.filter
def participants(count: int) -> str:
    """`9 participants on treatment`."""
    return ngettext(
        "%(n)d participant on treatment", "%(n)d participants on treatment", count
    ) % {"n": count}
