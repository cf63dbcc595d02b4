"""From what a person typed to a reading that can be recorded.

The clinical core judges the value; here its answer becomes a `NewReading`, or a
sentence beside the field.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from monitor.bedside.models import Reading
from monitor.clinical.items import catalogue, entry, pairs
from monitor.clinical.items.entry import Entered, Previous
from monitor.clinical.items.pairs import PairFault
from monitor.refusal import Refused

State = Reading.State
Check = Reading.Check

#: Why a value of the set is not there; stored as the code.
NOT_DONE_REASONS = {
    "refused": lazy("participant refused"),
    "away": lazy("away from the ward"),
    "asleep": lazy("asleep, not woken"),
    "equipment": lazy("no equipment"),
    "not_indicated": lazy("not due now"),
    "not_assessable": lazy("not assessable"),
    "pending": lazy("result pending"),
    "not_drawn": lazy("sample not drawn"),
    "spoiled": lazy("sample could not be measured"),
    "other": lazy("other, see the note"),
}


@dataclass(frozen=True, slots=True)
class NewReading:
    """One value, read and judged, not yet recorded.

    `number` is in `unit`, the item's canonical UCUM unit; `typed` and `typed_unit` are
    kept as they came. `check_reason` is the sentence of the check that spoke. `ctcae`:
    the version of a symptom's grade, which recording it adds (`values.graded_under`).
    """

    item: str
    typed: str = ""
    unit: str = ""
    typed_unit: str = ""
    state: str = State.VALUE
    number: float | None = None
    choice: str = ""
    until: datetime | None = None
    began_at: datetime | None = None
    not_done_reason: str = ""
    check_state: str = Check.ACCEPTED
    check_reason: str = ""
    suggested_unit: str = ""
    ctcae: str = ""

    @property
    def needs_confirmation(self) -> bool:
        """Rare, or a jump: it feeds nothing before a person says that it is so."""
        return self.check_state == Check.HELD

    @property
    def is_questioned(self) -> bool:
        """Unusual: it counts, and is asked about once."""
        return self.check_state == Check.QUESTIONED

    @property
    def is_symptom_there(self) -> bool:
        return bool(self.number) and catalogue.item(self.item).kind == "symptom"

    @property
    def feeds(self) -> bool:
        return self.state == State.VALUE and not self.needs_confirmation


def read_reading(
    item: str,
    typed: str,
    unit: str | None = None,
    previous: Previous | None = None,
    *,
    at: datetime | None = None,
    until: datetime | None = None,
    confirmed: bool = False,
    began_at: datetime | None = None,
) -> NewReading:
    """The typed value as a reading; `unit` is UCUM, the item's own if not given.

    `previous` (see `queries.previous_values`) and `at` find a jump; a period item
    covers `at` to `until`; a symptom that is there may say when it began. A held
    value is `confirmed` when the person said yes to the question. Raises Refused
    with the sentence of a hard limit, or of what cannot be read.
    """
    known = known_item(item)
    hours = (until - at).total_seconds() / 3600 if at and until else None
    entered = entry.read(known, typed, unit, previous, at, hours)
    if entered.outcome in ("refused", "error"):
        raise NotInUnit(said(entered), item, entered.suggested_unit)
    read = as_reading(entered, until, confirmed)
    return replace(read, began_at=began_at) if read.is_symptom_there else read


class NotInUnit(Refused):
    """A value that cannot be, and the `unit` in which it could; "" if in none."""

    def __init__(self, sentence: str, field: str, unit: str) -> None:
        super().__init__(sentence, field)
        self.unit = unit


def known_item(code: str) -> catalogue.Item:
    try:
        return catalogue.item(code)
    except catalogue.UnknownItem as unknown:
        raise Refused(str(unknown), code) from unknown


def as_reading(
    entered: Entered, until: datetime | None = None, confirmed: bool = False
) -> NewReading:
    """What the core took or held, as a reading."""
    held = entered.outcome == "held"
    return NewReading(
        item=entered.code,
        typed=entered.typed.strip(),
        unit=entered.unit,
        typed_unit=entered.typed_unit,
        number=entered.number,
        choice=entered.choice,
        until=until,
        check_state=Check.CONFIRMED if held and confirmed else entered.outcome,
        check_reason=said(entered)[:200],
        suggested_unit=entered.suggested_unit,
    )


def said(spoken: Entered | PairFault) -> str:
    """The core's sentence in the language of the page; "" when it has none."""
    if not spoken.template:
        return ""
    text = _(spoken.template).format(**spoken.gaps)
    if getattr(spoken, "suggested_unit", ""):
        text += " " + _(entry.sentences.OTHER_UNIT).format(**spoken.gaps)
    return text


def not_done(item: str, reason: str) -> NewReading:
    """Nobody measured it, and why. Raises Refused without a reason of the list."""
    known_item(item)
    if reason not in NOT_DONE_REASONS:
        raise Refused(_("Choose why it was not done."), item)
    return NewReading(item=item, state=State.NOT_DONE, not_done_reason=reason)


def unrecordable(item: str) -> NewReading:
    """Tried, and nothing came: critical until a value follows (reference 11, R12)."""
    if not known_item(item).unrecordable:
        label = known_item(item).label
        text = _("%(label)s cannot be unrecordable. Type it, or say why not done.")
        raise Refused(text % {"label": label}, item)
    return NewReading(item=item, state=State.UNRECORDABLE)


# Values of one instant that must agree


def faults(readings: Iterable[NewReading]) -> dict[str, PairFault]:
    """Item -> what is wrong with its value beside the others of the set."""
    feeding = [reading for reading in readings if reading.feeds]
    return pairs.pair_check(
        {one.item: one.number for one in feeding if one.number is not None},
        {one.item: one.choice for one in feeding if one.choice},
    )


def refusals(readings: Iterable[NewReading]) -> dict[str, str]:
    """Item -> the sentence with which its value is refused beside the others."""
    return {
        item: said(fault)
        for item, fault in faults(readings).items()
        if fault.outcome == "refused"
    }


def agreed(readings: Sequence[NewReading]) -> list[NewReading]:
    """The readings, marked where one is unusual beside the others.

    Raises Refused, about the first item, where two cannot both be.
    """
    for item, sentence in refusals(readings).items():
        raise Refused(sentence, item)
    found = faults(readings)
    return [questioned(one, found.get(one.item)) for one in readings]


def questioned(reading: NewReading, fault: PairFault | None) -> NewReading:
    if fault is None or reading.check_state != Check.ACCEPTED:
        return reading
    asked: dict[str, Any] = {
        "check_state": Check.QUESTIONED,
        "check_reason": said(fault),
    }
    return replace(reading, **asked)
