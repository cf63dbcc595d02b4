"""Treatments side by side in time: each with its words, and none over another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from reportlab.pdfbase.pdfmetrics import stringWidth

from monitor.review.dossier import fonts
from monitor.review.dossier.marks import TINY

Json = dict[str, Any]

#: Between a mark, or a box, and its words; and between two treatments in one lane.
PAD, ROOM = 6.0, 4.0


@dataclass(frozen=True)
class Laid:
    """A treatment in its lane (0 is the topmost), in points from the page's left.

    `end` is that of its box, None for what is given at once. `at`: where its words
    begin, inside the box where they fit.
    """

    lane: int
    start: float
    end: float | None
    words: str
    at: float


def lanes(
    treatments: Iterable[Json], place: Callable[[str], float], right: float
) -> list[Laid]:
    """Each treatment in the first lane that has room for it, from the earliest on.

    `place` of a moment is its point on the page. What would reach over `right` has its
    words on its left.
    """
    taken: list[float] = []
    found = []
    for one in sorted(treatments, key=lambda one: place(one["from"])):
        laid = _laid(one, place, right)
        begin = min(laid.start, laid.at)
        lane = next((n for n, x in enumerate(taken) if x <= begin), len(taken))
        if lane == len(taken):
            taken.append(0)
        taken[lane] = ROOM + max(
            laid.end or laid.start + PAD, laid.at + _width(laid.words)
        )
        found.append(replace(laid, lane=lane))
    return found


def _laid(one: Json, place: Callable[[str], float], right: float) -> Laid:
    words, start = str(one["label"]), place(one["from"])
    end = max(place(one["to"]), start + 1) if one["to"] else None
    wide = _width(words)
    if end is not None and wide + ROOM <= end - start:
        return Laid(0, start, end, words, start + ROOM / 2)
    after = start + PAD if end is None else end + PAD / 2
    return Laid(
        0, start, end, words, after if after + wide <= right else start - PAD - wide
    )


def _width(words: str) -> float:
    return float(stringWidth(words, fonts.BODY, TINY))
