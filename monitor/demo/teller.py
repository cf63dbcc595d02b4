"""Who tells a story: the participant, the cycle, and the day on which it began."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from monitor.demo.told import Row, Story, since
from monitor.demo.trials import World
from monitor.trials.models import Cycle, Participant, User

NAMESPACE = UUID("0e5f5a6e-7d5d-4f0c-9a4e-2f3b8a6f1c11")


@dataclass
class Teller:
    """One story while it is told. `begins` is midnight of its D1."""

    story: Story
    world: World
    begins: datetime
    participant: Participant = field(init=False)
    cycle: Cycle = field(init=False)

    def moment(self, at: timedelta) -> datetime:
        return self.begins + at

    def at(self, text: str) -> datetime:
        return self.moment(since(text))

    def by(self, row: Row) -> User:
        return self.world.people[row.by]

    def key(self, row: Row) -> UUID:
        return uuid5(NAMESPACE, f"{self.story.code} {row.at} {row.verb} {row.rest}")

    def who(self, row: Row) -> dict[str, Any]:
        return {"cycle": self.cycle, "by": self.by(row), "key": self.key(row)}


def matched(pattern: re.Pattern[str], row: Row) -> dict[str, Any]:
    match = pattern.fullmatch(row.rest)
    if match is None:
        raise ValueError(f"{row.verb} is not told like this: {row.rest}")
    return match.groupdict()
