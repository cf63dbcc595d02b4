"""The last value of each item before a moment: what a field shows beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.bedside.models import Reading
from monitor.bedside.queries import FEEDING, current_readings, latest
from monitor.clinical.items import catalogue, censored, units
from monitor.clinical.items.entry import Previous
from monitor.trials.models import Cycle


@dataclass(frozen=True)
class Last:
    """One item's last value that feeds; `number` is canonical."""

    item: str
    number: float | None
    choice: str
    at: datetime
    typed_unit: str
    until: datetime | None
    typed: str = ""

    @property
    def previous(self) -> Previous | None:
        return None if self.number is None else Previous(self.number, self.at)

    @property
    def text(self) -> str:
        """`37.0`, `Nasal cannula`: in the item's own unit, without it."""
        item = catalogue.item(self.item)
        if self.number is None:
            return item.option(self.choice).label
        return self.said_in(item.unit)

    def said_in(self, unit: str) -> str:
        """The number in a unit; `<5` where the laboratory's limit was passed."""
        if self.number is None:
            return ""
        item, typed = catalogue.item(self.item), f"{self.typed} {self.typed_unit}"
        beyond = censored.shown(item, self.number, typed.strip(), unit)
        return beyond or units.display(item, self.number, unit)


Lasts = Mapping[str, Last]


def lasts(cycle: Cycle, before: datetime) -> dict[str, Last]:
    """Item code -> its last value that feeds before a moment, in one query."""
    rows = current_readings(cycle).filter(
        observation__observed_at__lt=before,
        state=Reading.State.VALUE,
        check_state__in=FEEDING,
    )
    return {row.item: _last(row) for row in latest(rows)}


def _last(row: Reading) -> Last:
    return Last(
        item=row.item,
        number=row.number,
        choice=row.choice,
        at=row.observation.observed_at,
        typed_unit=row.typed_unit,
        typed=row.typed,
        until=row.until,
    )
