"""When a dose that was missed may be made up, by the protocol's own rule. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class MakeUp:
    """Until `last_day` of the cycle, counted from 1, on these days of the week."""

    last_day: int
    weekdays: tuple[str, ...]
    why: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "weekdays", tuple(self.weekdays))
        if isinstance(self.last_day, bool) or not isinstance(self.last_day, int):
            raise ValueError("last_day is a day of the cycle, counted from 1.")
        if self.last_day < 1:
            raise ValueError("last_day is a day of the cycle, counted from 1.")
        if not self.weekdays or set(self.weekdays) - set(WEEK):
            raise ValueError(f"weekdays are some of {', '.join(WEEK)}.")
        if not self.why.strip():
            raise ValueError("why is said.")

    @property
    def skips_weekend(self) -> bool:
        return not {"sat", "sun"} & set(self.weekdays)

    def ends(self, day_one: date) -> date:
        return day_one + (self.last_day - 1) * DAY

    def days(
        self, day_one: date, today: date, taken: Collection[date], surgery: date | None
    ) -> list[date]:
        """From today on: no day that has a dose, and none from the surgery on."""
        last = self.ends(day_one)
        if surgery is not None:
            last = min(last, surgery - DAY)
        every = (today + n * DAY for n in range((last - today).days + 1))
        return [
            day
            for day in every
            if WEEK[day.weekday()] in self.weekdays and day not in taken
        ]


def rules(document: Mapping[str, Any]) -> dict[str, MakeUp]:
    """Agent -> its rule."""
    told = document.get("make_up", {})
    return {agent: MakeUp(**one) for agent, one in told.items()}


def problems(document: Mapping[str, Any]) -> Iterator[str]:
    """What stands in the way of using the rules, in sentences."""
    told = document.get("make_up", {})
    if not isinstance(told, Mapping):
        yield "make_up: name an agent, as [make_up.irx_2]."
        return
    agents = {one.get("code") for one in document.get("agents", [])}
    for agent, one in told.items():
        if agent not in agents:
            yield f"make_up: there is no agent {agent}."
        try:
            MakeUp(**one)
        except (TypeError, AttributeError):
            yield f"make_up, {agent}: give last_day, weekdays and why."
        except ValueError as error:
            yield f"make_up, {agent}: {error}"
