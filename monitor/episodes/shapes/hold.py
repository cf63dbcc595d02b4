"""Where the next dose of a participant stands, for the board and the handover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Hold:
    """Where the next dose stands. `at` None: nobody has checked yet.

    `lapsed`: criteria that were met by their last value, which is too old for a dose;
    `stale`: those that were not, or may not have been. `old`: something was recorded
    since, or an input has lapsed. `decision` is a choice of DoseDecision, "" where
    nobody has decided.
    """

    at: datetime | None = None
    answer: str = ""
    met: tuple[str, ...] = ()
    lapsed: int = 0
    unknown: int = 0
    stale: int = 0
    old: bool = False
    decision: str = ""
