"""What the yardstick is made of: answers that may be unknown, findings that stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

Answer = bool | None


def either(*answers: Answer) -> Answer:
    """Kleene or."""
    if True in answers:
        return True
    return None if None in answers else False


def both(*answers: Answer) -> Answer:
    """Kleene and."""
    if False in answers:
        return False
    return None if None in answers else True


def no(answer: Answer) -> Answer:
    return None if answer is None else not answer


def under(value: float | None, limit: float | None) -> Answer:
    return None if value is None or limit is None else value < limit


def reaches(value: float | None, limit: float) -> Answer:
    return None if value is None else value >= limit


def less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else round(one - other, 6)


def percent(part: float | None, whole: float | None) -> float | None:
    """A part in percent; unknown where the whole is not positive."""
    if part is None or whole is None or whole <= 0:
        return None
    return round(part * 100.0 / whole, 6)


@dataclass
class Held:
    """A finding that stands until fresh clear readings end it (reference 11, B4)."""

    hours: float
    sets: float
    gap: float
    standing: bool = False
    first: datetime | None = None
    last: datetime | None = None
    clears: int = 0
    onces: int = 0

    def see(
        self,
        at: datetime,
        fires: bool,
        against: bool,
        clear: bool,
        once: bool = True,
        excused: bool = False,
        may_end: bool = True,
    ) -> bool:
        """Whether it stands after this instant."""
        over = False
        if fires or against:
            self.clears = self.onces = 0
            self.last = None
        elif clear:
            if self.last and at - self.last > timedelta(hours=self.gap):
                self.clears = self.onces = 0
            self.clears += 1
            self.onces += once
            if self.clears == 1 or self.first is None:
                self.first = at
            self.last = at
            long = at - self.first >= timedelta(hours=self.hours)
            over = long and self.clears >= self.sets and self.onces > 0 and may_end
        if fires:
            self.standing = True
        elif over or excused:
            self.standing = False
        return self.standing
