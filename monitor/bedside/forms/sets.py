"""A panel of the entry page as it was typed: rows for the page, readings for the verb.

Nothing is judged here: `bedside.entry` does, and what it says is placed beside the row
that it is about. What was typed is kept as it was typed, right or wrong.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from monitor import clock, localtime
from monitor.bedside import entry, reasons
from monitor.bedside.entry import NewReading
from monitor.bedside.fields import Field, field_of
from monitor.bedside.hints import Lines
from monitor.bedside.lasts import Last, lasts
from monitor.bedside.models import Observation
from monitor.bedside.panels import PRESSURE, PRESSURES, Panel
from monitor.clinical import pairs
from monitor.refusal import Refused
from monitor.templatetags.times import say_time
from monitor.trials.models import Cycle

ROW_OF = dict.fromkeys(PRESSURES, PRESSURE) | {"observed_at": "at"}
HOURS_OF_A_PERIOD = 8
LONGEST_NOTE = 1000


@dataclass(frozen=True)
class Symptoms:
    """`opened` have their grades in view; `named` can be answered with one *none*."""

    opened: list[Field]
    named: list[Field]

    @property
    def names(self) -> str:
        return ",".join(row.name for row in self.named)


class SetForm:
    """One panel of one participant. `is_valid` reads it; `readings` are then complete.

    `lines` holds the thresholds in force, for what is said while typing.
    """

    def __init__(
        self,
        cycle: Cycle,
        panel: Panel,
        lines: Lines,
        data: Mapping[str, str] | None = None,
    ) -> None:
        self.cycle, self.panel, self.data = cycle, panel, data
        self.zone = cycle.participant.site.time_zone
        self.now = clock.now()
        self.errors: dict[str, str] = {}
        self.readings: list[NewReading] = []
        self.observed_at: datetime = self.now
        self.until: datetime | None = None
        self._read_times()
        self.lasts: dict[str, Last] = lasts(cycle, self.until or self.observed_at)
        rows = (*panel.names, *panel.symptoms)
        self.fields = {
            name: field_of(name, panel, self.lasts, lines, self.now) for name in rows
        }
        for row in self.fields.values():
            self._say_last(row)

    # What the page shows

    @property
    def is_bound(self) -> bool:
        return self.data is not None

    @cached_property
    def key(self) -> UUID:
        """Made when the form is served: the same set sent twice is one set."""
        try:
            return UUID(self.typed("key"))
        except ValueError:
            return uuid4()

    @property
    def at_typed(self) -> str:
        return self.typed("at") or localtime.say(self.observed_at, self.zone)

    @property
    def until_typed(self) -> str:
        return self.typed("until") or localtime.say(self.until or self.now, self.zone)

    @property
    def note(self) -> str:
        return self.typed("note")[:LONGEST_NOTE]

    @property
    def none_since(self) -> bool:
        return bool(self.typed("none_since"))

    @property
    def reported(self) -> bool:
        return bool(self.typed("reported"))

    @property
    def source(self) -> str:
        """How the values came: at the bedside, by telephone, from the laboratory."""
        if self.panel.laboratory:
            return Observation.Source.LABORATORY
        source = Observation.Source
        return source.REPORTED if self.reported else source.BEDSIDE

    @property
    def sections(self) -> list[tuple[str, list[Field]]]:
        """(heading, rows), in the order of the page."""
        return [(str(one.title), self._rows(one.rows)) for one in self.panel.sections]

    def _rows(self, names: Iterable[str]) -> list[Field]:
        return [self.fields[name] for name in names]

    @property
    def closing(self) -> list[Field]:
        return self._rows(self.panel.closing)

    @property
    def folded(self) -> list[Field]:
        return self._rows(self.panel.folded)

    @property
    def is_unfolded(self) -> bool:
        """Whether something stands in the rows that are folded away."""
        return any(row.errors or not row.is_blank for row in self.folded)

    @property
    def symptoms(self) -> Symptoms | None:
        if not self.panel.symptoms:
            return None
        return Symptoms(self._rows(self.opened), self._rows(self.named))

    @property
    def last_symptoms_at(self) -> datetime | None:
        asked = [
            self.lasts[name].at for name in self.panel.symptoms if name in self.lasts
        ]
        return max(asked, default=None)

    @property
    def needed(self) -> list[tuple[str, str, bool]]:
        """(name, label, met) of what the check needs, in the order of the page."""
        rows = self._rows(self.panel.needed)
        return [
            (one.name, one.label, bool(one.value and not one.errors)) for one in rows
        ]

    @property
    def complaints(self) -> list[tuple[str, str]]:
        """(anchor, sentence) for the summary on top of the page."""
        rows = self.fields.values()
        beside = [(f"row-{row.name}", said) for row in rows for said in row.errors]
        return [*((f"id_{name}", said) for name, said in self.errors.items()), *beside]

    @property
    def questions(self) -> list[Field]:
        return [row for row in self.fields.values() if row.question]

    # Reading what was typed

    def typed(self, name: str) -> str:
        return str((self.data or {}).get(name, "")).strip()

    def is_valid(self) -> bool:
        """Read every row once. False: say the complaints, or ask the questions."""
        for row in self.fields.values():
            self._keep_typed(row)
        for row in self.fields.values():
            self._read_row(row)
        self._compare()
        if not self.readings and not self.complaints and not self.questions:
            self.errors["form"] = _("Nothing is typed yet. Type a value, or why not.")
        return not self.complaints and not self.questions

    def refuse(self, refused: Refused) -> None:
        """Place a sentence of the verb beside the row that it is about."""
        where = ROW_OF.get(refused.field, refused.field) or "form"
        if where in self.fields:
            self.fields[where].refuse(refused.sentence)
        else:
            self.errors[where] = refused.sentence

    def _read_times(self) -> None:
        if self.panel.period:
            self.until = self._moment("until") or self.now
            earlier = self.until - timedelta(hours=HOURS_OF_A_PERIOD)
            self.observed_at = self._moment("at") or earlier
        else:
            self.observed_at = self._moment("at") or self.now

    def _moment(self, name: str) -> datetime | None:
        if not self.typed(name):
            return None
        try:
            moment = localtime.read(self.typed(name), self.zone, self.now, name)
        except Refused as refused:
            self.errors[name] = refused.sentence
            return None
        if moment > self.now:
            here = localtime.say(self.now, self.zone)
            said = _("This lies in the future: it is %(now)s. Type the time again.")
            self.errors[name] = said % {"now": here}
        return moment

    def say_beside(self, words: Mapping[str, str]) -> None:
        """What the page adds beside a row, by item."""
        for name in set(words) & set(self.fields):
            self.fields[name].context = words[name]

    def _say_last(self, row: Field) -> None:
        """Under the label of a choice: what it was, never chosen beforehand."""
        if row.last_at and row.last_words:
            at = say_time(row.last_at, self.zone, "near")
            said = _("was %(value)s, %(at)s")
            row.note = said % {"value": row.last_words, "at": at}

    def _keep_typed(self, row: Field) -> None:
        row.value = self.typed(row.name)
        row.answer = self.typed(f"{row.name}_answer")
        row.kept = self.typed(f"{row.name}_kept")
        row.unit_value = self.typed(f"{row.name}_unit") or row.unit_value
        if self.none_since and row.name in self.named:
            row.value = row.value or "0"
        blanks = self.typed("blanks")
        if blanks and row.name in self.panel.needed and row.is_blank:
            row.answer = blanks

    @property
    def opened(self) -> list[str]:
        """The symptoms whose grades are in view: the first, and what was there last."""
        last = {name for name, one in self.lasts.items() if one.number}
        typed = {name for name in self.panel.symptoms if self.typed(name)}
        shown = last | typed | set(self.panel.symptoms[:1])
        return [name for name in self.panel.symptoms if name in shown]

    @property
    def named(self) -> list[str]:
        """The symptoms that `None since last` names; of a form sent back, those it

        named when it was served.
        """
        opened = self.opened
        served = self.typed("named").split(",") if self.typed("named") else None
        return [
            name
            for name in self.panel.symptoms
            if (name not in opened if served is None else name in served)
        ]

    def _read_row(self, row: Field) -> None:
        if row.is_blank:
            return
        try:
            self.readings.extend(self._readings_of(row))
        except Refused as refused:
            row.refuse(refused.sentence)

    def _readings_of(self, row: Field) -> list[NewReading]:
        items = PRESSURES if row.name == PRESSURE else (row.name,)
        if row.answer == reasons.UNRECORDABLE:
            return [entry.unrecordable(item) for item in items]
        if row.answer and not row.value:
            return [entry.not_done(item, row.answer) for item in items]
        texts = self._texts(row)
        read = [self._reading(item, text, row) for item, text in texts.items()]
        self._ask(row, read)
        return read

    def _texts(self, row: Field) -> dict[str, str]:
        """Item -> what was typed for it: a pressure is two."""
        if row.name != PRESSURE:
            return {row.name: row.value}
        try:
            return dict(zip(PRESSURES, pairs.read_pressure(row.value), strict=True))
        except pairs.NotAPressure as error:
            raise Refused(_("Type the pressure as 112/64."), PRESSURE) from error

    def _reading(self, item: str, text: str, row: Field) -> NewReading:
        last = self.lasts.get(item)
        return entry.read_reading(
            item,
            text,
            row.unit_value or None,
            last.previous if last else None,
            at=self.observed_at,
            until=self.until,
            confirmed=bool(row.kept),
        )

    def _ask(self, row: Field, read: list[NewReading]) -> None:
        """A soft check asks once: a yes is kept beside the value that it was for."""
        asked = [one.check_reason for one in read if one.check_reason]
        if asked and row.kept not in (row.value, *spoken(row)):
            row.question = asked[0]

    def _compare(self) -> None:
        """Values that must agree: pressures, an oxygen flow and its device."""
        for item, fault in entry.faults(self.readings).items():
            row = self.fields[ROW_OF.get(item, item)]
            if fault.outcome == "refused":
                row.refuse(entry.said(fault))
            elif row.kept not in (row.value, *spoken(row)):
                row.question = entry.said(fault)


def spoken(row: Field) -> list[str]:
    """How the page's script may have written the same value: 391 as 39.1."""
    text = row.value.replace(",", ".")
    if row.name == PRESSURE:
        return ["/".join(pairs.read_pressure(row.value))]
    return [text, f"{text[:-1]}.{text[-1:]}"] if text.isdigit() else [text]
