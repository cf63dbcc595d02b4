"""One row of the entry page: what components/field.html and segments.html read."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitor.bedside import reasons
from monitor.bedside.hints import Lines, limits_of
from monitor.bedside.lasts import Last, Lasts
from monitor.bedside.panels import PRESSURE, PRESSURES, Panel
from monitor.clinical.items import catalogue
from monitor.clinical.items.model import Item
from monitor.trials.wording import Wording

Pairs = tuple[tuple[str, str], ...]

#: The devices that stand beside one another; the others are behind "More".
FIRST_DEVICES = (
    "room_air",
    "nasal_cannula",
    "simple_mask",
    "venturi",
    "high_flow_cannula",
)
ON_AIR = ("air", "baseline")
WITHOUT_FRACTION = (*ON_AIR, "low_flow")
MOST_SEGMENTS = 6
#: Read in one unit at every bedside, whatever a file may bring.
ONE_UNIT = ("OXYSAT",)
SHORT_LABELS = {
    "high_flow_cannula": gettext_lazy("High flow"),
    "venturi": gettext_lazy("Venturi"),
    "MASKING_GIVEN": gettext_lazy("Antipyretic, steroid"),
}


@dataclass
class Field:
    """One value as typed, with its neighbors. `last_number` is canonical.

    `last_local`: when the last one was taken, by the clock on the wall of the site.
    `other`: the unit in which what was typed would make sense; one key takes it.
    """

    name: str
    label: str
    kind: str = "number"
    note: str = ""
    value: str = ""
    unit: str = ""
    units: Pairs = ()
    unit_value: str = ""
    decimals: int = 0
    inputmode: str = "decimal"
    last: str | None = None
    last_number: str | None = None
    last_at: datetime | None = None
    last_local: str = ""
    context: str = ""
    errors: list[str] = field(default_factory=list)
    answers: Pairs = ()
    answer: str = ""
    kept: str = ""
    began: str = ""
    range: str = ""
    question: str = ""
    other: str = ""
    needed: bool = False
    limits: dict[str, Any] = field(default_factory=dict)
    shown_for: str = ""
    choices: Pairs = ()
    more: Pairs = ()
    cards: tuple[tuple[str, str, str], ...] = ()
    beside: tuple["Field", ...] = ()

    @property
    def other_label(self) -> str:
        """How the page says the other unit; "" where it cannot be chosen here."""
        return dict(self.units).get(self.other, "")

    @property
    def is_coded(self) -> bool:
        return self.kind == "coded"

    @property
    def last_words(self) -> str:
        """The last answer of a choice, as it stands on its segment or card."""
        words = dict([*self.choices, *self.more])
        words |= {value: title.lower() for value, title, _text in self.cards}
        said = words.get(self.last or "", "")
        return said if self.name == "ACVPU" else said.lower()

    @property
    def was_there(self) -> bool:
        """Of a symptom: it goes on, so that its onset is told already."""
        return self.kind == "symptom" and self.last not in (None, "0")

    @property
    def more_values(self) -> list[str]:
        return [value for value, _label in self.more]

    @property
    def every_choice(self) -> Pairs:
        return (*self.choices, *self.more)

    @property
    def label_short(self) -> str:
        return catalogue.item(self.name).short

    @property
    def answer_words(self) -> str:
        """In place of a value: `not done: asleep`, or `tried, unrecordable`."""
        words = dict(self.answers).get(self.answer, "").lower()
        if not words or self.answer == reasons.UNRECORDABLE:
            return words
        return _("not done: %(reason)s") % {"reason": words}

    @property
    def is_blank(self) -> bool:
        return not (self.value or self.answer)

    @property
    def anchor(self) -> str:
        """Where a link of the summary leads: what can take the focus and be mended."""
        began = self.kind == "symptom" and self.began and not self.was_there
        return f"id_{self.name}_began" if began else f"id_{self.name}"

    def named(self, sentence: str) -> str:
        """The sentence for a place where the row is not in view."""
        return sentence if self.label in sentence else f"{self.label}: {sentence}"

    def refuse(self, sentence: str) -> None:
        if sentence not in self.errors:
            self.errors.append(sentence)


def field_of(
    name: str,
    panel: Panel,
    lasts: Lasts,
    lines: Lines,
    now: datetime,
    unit: str = "",
) -> Field:
    """The empty row of an item, or of `BP`. `unit`: the one that the site chose."""
    if name == PRESSURE:
        row = pressure_field(lasts, lines, now)
    else:
        item = catalogue.item(name)
        makers = {"coded": coded_field, "symptom": symptom_field}
        make = makers.get(item.kind, partial(number_field, unit=unit))
        row = make(item, lasts.get(name), lines, now)
    row.needed = name in panel.needed
    if is_answerable(name, panel):
        row.answers = answers_for(name, panel)
    return row


def is_answerable(name: str, panel: Panel) -> bool:
    """Whether a blank of this row has to be explained; in a set, what is needed is."""
    return name in (panel.needed or panel.names) or name == "ICE"


def answers_for(name: str, panel: Panel) -> Pairs:
    pairs = list(reasons.offered(panel.laboratory))
    item = catalogue.item(PRESSURES[0] if name == PRESSURE else name)
    if item.unrecordable:
        pairs.insert(0, (reasons.UNRECORDABLE, _("Tried, unrecordable")))
    return tuple(pairs)


# Numbers


def number_field(
    item: Item, last: Last | None, lines: Lines, now: datetime, unit: str = ""
) -> Field:
    choice = () if item.code in ONE_UNIT else spoken_units(item)
    units = choice if len(choice) > 1 else ()
    chosen = preferred_unit(item, last, unit)
    return Field(
        name=item.code,
        label=item.label,
        note=note_of(item, switched=bool(units)),
        unit="" if item.unit_label == item.label else item.unit_label,
        units=units,
        unit_value=chosen,
        decimals=item.decimals,
        last=shown(item, last, units, chosen),
        last_number=last.text if last else None,
        last_at=last.at if last else None,
        limits=limits_of(item, last, lines, now, dict(units)),
        shown_for=shown_for(item.code),
    )


def note_of(item: Item, switched: bool) -> str:
    """Its short name and its unit; a unit that can be switched stands in the field."""
    short = item.short if item.short not in item.label else ""
    if switched:
        return short
    unit = "" if item.unit_label == item.label else item.unit_label
    parts = [short, unit]
    said = ", ".join(part for part in parts if part).replace(", /", ", per ")
    return said or range_words(item)


def range_words(item: Item) -> str:
    """`0 to 10` of a score, which has no unit."""
    low, high = item.hard.low, item.hard.high
    if low is None or high is None:
        return ""
    return _("%(low)g to %(high)g") % {"low": low, "high": high}


def spoken_units(item: Item) -> Pairs:
    """Its units as people say them; of those that convert alike, the first."""
    said: dict[tuple[object, object], tuple[str, str]] = {}
    for unit in item.units.values():
        pair = (unit.unit, unit.label or _("fraction"))
        said.setdefault((unit.factor, unit.offset), pair)
    return tuple(said.values())


def has_units(name: str) -> bool:
    """Whether the field has units to choose from."""
    item = catalogue.ITEMS.get(name)
    return item is not None and name not in ONE_UNIT and len(spoken_units(item)) > 1


def preferred_unit(item: Item, last: Last | None, chosen: str = "") -> str:
    """The unit that the site chose, else the one typed last, else the item's own."""
    codes = [code for code, _label in spoken_units(item)]
    typed = last.typed_unit if last else ""
    return next((one for one in (chosen, typed) if one in codes), item.unit)


def shown(item: Item, last: Last | None, offered: Pairs, unit: str) -> str | None:
    """The last value; where there are units to choose from, in the field's."""
    if last is None or last.number is None:
        return None
    if not offered:
        return last.text
    return f"{last.said_in(unit)} {dict(offered)[unit]}"


def shown_for(code: str) -> str:
    """For the amount of oxygen: the devices with which it is asked."""
    left_out = {"OXYGEN_FLOW": ON_AIR, "FIO2": WITHOUT_FRACTION}.get(code)
    if left_out is None:
        return ""
    options = catalogue.item("OXYGEN_DEVICE").options
    devices = [one.code for one in options if one.group not in left_out]
    return f"OXYGEN_DEVICE:{','.join(devices)}"


def pressure_field(lasts: Lasts, lines: Lines, now: datetime) -> Field:
    systolic, diastolic = (catalogue.item(code) for code in PRESSURES)
    upper, lower = (lasts.get(code) for code in PRESSURES)
    together = upper and lower and upper.at == lower.at
    last = f"{upper.text}/{lower.text}" if together and upper and lower else None
    return Field(
        name=PRESSURE,
        label=_("BP"),
        kind="pair",
        note=_("systolic/diastolic"),
        unit=systolic.unit_label,
        last=last or (upper.text if upper else None),
        last_number=last or (upper.text if upper else None),
        last_at=upper.at if upper else None,
        limits={
            **limits_of(systolic, upper, lines, now),
            "hard": [diastolic.hard.low, systolic.hard.high],
        },
    )


# Answers from a list


def coded_field(item: Item, last: Last | None, _lines: Lines, _now: datetime) -> Field:
    pairs = [
        (one.code, str(SHORT_LABELS.get(one.code, one.label))) for one in item.options
    ]
    ranked = sorted(pairs, key=lambda pair: pair[0] not in FIRST_DEVICES)
    first = len(FIRST_DEVICES) if item.code == "OXYGEN_DEVICE" else MOST_SEGMENTS
    return Field(
        name=item.code,
        label=str(SHORT_LABELS.get(item.code, item.label)),
        kind="coded",
        last=last.choice if last else None,
        last_at=last.at if last else None,
        choices=tuple(ranked[:first]),
        more=tuple(ranked[first:]),
    )


def symptom_field(
    item: Item, last: Last | None, _lines: Lines, _now: datetime
) -> Field:
    return Field(
        name=item.code,
        label=item.label,
        kind="symptom",
        last=None if last is None else f"{last.number:.0f}",
        last_at=last.at if last else None,
    )


def cards_of(item: Item, wording: Wording) -> list[tuple[str, str, str]]:
    """(value, title, text) for each grade that the term has, none first. Not death."""
    if item.grading is None:
        return []
    titles = {0: _("None")} | {n: _("Grade %(n)d") % {"n": n} for n in range(1, 5)}
    there = [n for n in titles if item.grading.text(n, wording.version)]
    said = lazy(wording.of_item, str)  # Asked for when a page shows it, not by a save.
    return [(str(n), titles[n], said(item.code, n)) for n in there]
