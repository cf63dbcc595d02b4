"""What a dossier is made of, in words already: the paper decides nothing but places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Words:
    """A paragraph. `style`: body, strong, caption."""

    text: str
    style: str = "body"


@dataclass(frozen=True)
class Facts:
    """Labels with their values, in two columns."""

    pairs: Pairs


@dataclass(frozen=True)
class Grid:
    """A table. `widths`: shares of the line; the first cell of a row heads it."""

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    widths: tuple[float, ...]
    empty: str = ""


@dataclass(frozen=True)
class Picture:
    """The chart's JSON, to be drawn. `spoken`: what it shows, in words."""

    chart: dict[str, Any]
    spoken: str


Part = Words | Facts | Grid | Picture


@dataclass(frozen=True)
class Section:
    title: str
    parts: Sequence[Part]
    own_page: bool = False


@dataclass(frozen=True)
class Dossier:
    """One event. `watermark` empty: a signature stands. `foot` is on every page."""

    title: str
    subtitle: str
    standing: str
    watermark: str
    head: str
    foot: str
    author: str
    language: str
    sections: Sequence[Section] = field(default_factory=list)
