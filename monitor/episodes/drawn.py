"""What a page about a participant was drawn from, so that it can say what has changed.

A mark names the answer and how much has been entered. What time alone does without a
change of a level, a grade or a danger sign is no news.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from monitor.episodes.board import level_of
from monitor.episodes.current import state_of
from monitor.episodes.shapes import URGENCY
from monitor.trials.models import Cycle

SAID = ("family", "topic", "level", "grades", "danger")
LENGTH = 16


@dataclass(frozen=True)
class Drawn:
    """`level` as the page says it; `was`: on the page that asks, where it differs."""

    mark: str
    level: str
    was: str = ""

    @property
    def rose_or_fell(self) -> bool:
        return self.was not in ("", self.level)


def drawn(cycle: Cycle, was: str = "") -> Drawn:
    """As the page would be drawn now. `was` is what a browser sent: checked here."""
    state = state_of(cycle)
    lines = [
        {key: one.get(key) for key in SAID} for one in state.brief.get("lines", ())
    ]
    lines.sort(key=lambda one: (str(one["family"]), str(one["topic"])))
    level = level_of(state)
    told = [cycle.pk, state.entered, level, lines]
    mark = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    return Drawn(mark[:LENGTH], level, was if was in URGENCY else "")
