"""Where blood went, when it was reported, and which limits its values are read by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from monitor.bedside import limits
from monitor.bedside.fields import Field
from monitor.clinical.items import catalogue, units
from monitor.trials.models import Cycle


@dataclass
class Draw:
    """One sample of a cycle. `laboratory` is where the last one went, until typed."""

    cycle: Cycle
    drawn_at: datetime
    reported_at: datetime | None = None
    laboratory: str | None = None
    names: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = limits.laboratories_of(self.cycle.participant.site)
        if self.laboratory is None:
            last = limits.last_laboratory(self.cycle)
            only = self.names[0] if len(self.names) == 1 else ""
            self.laboratory = last or only

    @property
    def arguments(self) -> dict[str, Any]:
        """What the verb is told beside the readings."""
        return {"laboratory": self.laboratory, "reported_at": self.reported_at}

    def say_ranges(self, fields: Mapping[str, Field]) -> None:
        """Beside each field the limits in force, under every laboratory's name."""
        own = limits.own_at(self.cycle, self.drawn_at)
        held = limits.held(self.cycle.participant, self.drawn_at)
        for code in {*own, *(item for items in held.values() for item in items)}:
            if code not in fields:
                continue
            row = fields[code]
            told = {
                name: range_of(code, row.unit_value, own.get(code), found.get(code))
                for name, found in {"": {}, **held}.items()
            }
            row.limits["ranges"] = {name: one for name, one in told.items() if one}
            row.range = told.get(self.laboratory or "", told[""]).get("words", "")


def range_of(
    code: str, unit: str, own: limits.Limits | None, laboratory: limits.Limits | None
) -> dict[str, Any]:
    """The limits in force as the page's script takes them, with their words."""
    found = limits.in_force(own, laboratory)
    if found is None:
        return {}
    words = range_words(code, found, unit)
    said = {"low": found.low, "high": found.high, "words": words}
    return {name: value for name, value in said.items() if value is not None}


def range_words(code: str, found: limits.Limits, unit: str) -> str:
    """`3.5 to 5.2 g/dL, Central laboratory`; one-sided: `at most 5.2 mg/L`."""
    item = catalogue.item(code)
    unit = unit or item.unit
    label = item.units[unit].label
    low, high = (
        None if number is None else units.display(item, number, unit)
        for number in (found.low, found.high)
    )
    if low is None:
        said = _("at most %(high)s") % {"high": high}
    elif high is None:
        said = _("at least %(low)s") % {"low": low}
    else:
        said = _("%(low)s to %(high)s") % {"low": low, "high": high}
    return f"{said} {label}".strip()
