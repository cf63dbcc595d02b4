"""A panel of the entry page as it was typed: rows for the page, readings for the verb.

Nothing is judged here: `bedside.entry` does, and what it says is placed beside the row
that it is about. What was typed is kept as it was typed, right or wrong.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID, uuid4

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from monitor import clock, localtime
from monitor.bedside.entry import NewReading
from monitor.bedside.fields import Field, cards_of, field_of, has_units
from monitor.bedside.forms.draws import Draw
from monitor.bedside.forms.reading import ROW_OF, Moment, compare, read_row
from monitor.bedside.forms.symptoms import Symptoms, asked
from monitor.bedside.hints import Lines
from monitor.bedside.lasts import Last, lasts
from monitor.bedside.limits import units_of
from monitor.bedside.models import Observation
from monitor.bedside.panels import BESIDE, CONTEXT, Panel
from monitor.clinical.items import catalogue
from monitor.clinical.thresholds import THRESHOLDS
from monitor.refusal import Refused
from monitor.templatetags.times import say_time, zone_of
from monitor.trials.models import Cycle
from monitor.trials.wording import Wording

HOURS_OF_A_PERIOD = 8
LONGEST_NOTE = 1000

NOTHING = lazy("Nothing is typed yet. Type a value, or why not.")
LINE_ALONE = lazy(
    "A treatment beside a set needs a value of the set, such as the pressure. "
    "Alone it is logged under Add a treatment."
)


class SetForm:
    """One panel of one participant. `is_valid` reads it; `readings` are then complete.

    `lines` holds the thresholds in force, for what is said while typing; `wording` the
    words of the grades on a symptom's cards.
    """

    def __init__(
        self,
        cycle: Cycle,
        panel: Panel,
        lines: Lines,
        data: Mapping[str, str] | None = None,
        wording: Wording | None = None,
    ) -> None:
        self.wording = wording or Wording()
        self.cycle, self.panel, self.data = cycle, panel, data
        self.zone = cycle.participant.site.time_zone
        self.now = clock.now()
        self.errors: dict[str, str] = {}
        self.moments: dict[str, tuple[tuple[str, str], ...]] = {}
        self.readings: list[NewReading] = []
        self.observed_at: datetime = self.now
        self.until: datetime | None = None
        self._read_times()
        self.lasts: dict[str, Last] = lasts(cycle, self.until or self.observed_at)
        units = self._units()
        known = (panel, self.lasts, lines, self.now)
        self.fields = {
            name: field_of(name, *known, unit=units.get(name, ""))
            for name in (*panel.names, *panel.symptoms)
        }
        self.draw = self._draw() if panel.laboratory else None
        self.asked = asked(panel, self.lasts, lines, self.observed_at, self.typed)
        for row in self.fields.values():
            if row.kind == "symptom":
                row.cards = tuple(cards_of(catalogue.item(row.name), self.wording))
            self._say_last(row)
        for name, beside in BESIDE.items():
            if name in self.fields:
                self.fields[name].beside = tuple(self._rows(beside))
        if not self.is_bound:
            self._offer_context()

    def _units(self) -> dict[str, str]:
        """Item -> its unit: as the page said, else as the site chose.

        A page says the unit of every field that has several: then nobody is asked.
        """
        names = [name for name in self.panel.names if has_units(name)]
        said = {name: self.typed(f"{name}_unit") for name in names}
        told = {name: unit for name, unit in said.items() if unit}
        unsaid = any(self.typed(name) and name not in told for name in names)
        if self.data is not None and not unsaid:
            return told
        return units_of(self.cycle.participant.site) | told

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
    def late_minutes(self) -> float | None:
        """After how long an entry is marked late; blood is late by its report."""
        if self.panel.laboratory or self.panel.period:
            return None
        return THRESHOLDS["late_entry_minutes"].value

    @property
    def until_typed(self) -> str:
        return self.typed("until") or localtime.say(self.until or self.now, self.zone)

    @property
    def reported_typed(self) -> str:
        return self.typed("reported_at")

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

    def _draw(self) -> Draw:
        typed = {"laboratory": self.typed("laboratory")} if self.is_bound else {}
        reported = self._moment("reported_at")
        draw = Draw(self.cycle, self.observed_at, reported_at=reported, **typed)
        draw.say_ranges(self.fields)
        return draw

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
        """Whether something stands in the rows that are folded away, or, of what no set

        asks for, stood in them before.
        """
        before = not self.panel.needed and any(
            name in self.lasts for name in self.panel.folded
        )
        return before or any(row.errors or not row.is_blank for row in self.folded)

    @property
    def symptoms(self) -> Symptoms | None:
        if not self.panel.symptoms:
            return None
        told = (self.asked.opened, self.asked.named, self.asked.later)
        return Symptoms(*(self._rows(names) for names in told))

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
        """(anchor, sentence) for the summary on top of the page, by the row's name."""
        rows = self.fields.values()
        beside = [(row.anchor, row.named(said)) for row in rows for said in row.errors]
        return [*((f"id_{name}", said) for name, said in self.errors.items()), *beside]

    @property
    def questions(self) -> list[Field]:
        return [row for row in self.fields.values() if row.question]

    # Reading what was typed

    def typed(self, name: str) -> str:
        return str((self.data or {}).get(name, "")).strip()

    def is_valid(self, lines: bool = False) -> bool:
        """Read every row once. False: say the complaints, or ask the questions.

        `lines`: a treatment stands beside the set, which it cannot be kept without.
        """
        for row in self.fields.values():
            self._keep_typed(row)
        told = (self.observed_at, self.until, self.lasts)
        moment = Moment(*told, zone=self.zone, now=self.now)
        for row in self.fields.values():
            if self._stands(row):
                self.readings += read_row(row, moment)
        compare(self.fields, self.readings)
        if not self.readings and not self.complaints and not self.questions:
            self.errors["form"] = str(LINE_ALONE if lines else NOTHING)
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
            self.moments[name] = getattr(refused, "choices", ())
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
        if row.last_at:
            local = row.last_at.astimezone(zone_of(self.zone))
            row.last_local = f"{local:%Y-%m-%dT%H:%M}"
        if row.last_at and row.last_words:
            at = say_time(row.last_at, self.zone, "near")
            said = _("was %(value)s, %(at)s")
            row.note = said % {"value": row.last_words, "at": at}

    def _offer_context(self) -> None:
        """How it was measured last is most likely how it is measured now."""
        for name in CONTEXT:
            if name in self.fields:
                self.fields[name].value = self.fields[name].last or ""

    def _stands(self, row: Field) -> bool:
        """How a value was measured is kept with the value, and not without it."""
        host = self.fields.get(CONTEXT.get(row.name, ""))
        return host is None or bool(host.value)

    def say_regimens(self, words: str) -> None:
        """The drugs on schedule that blur a fever; without one there is no such key."""
        row = self.fields.get("MASKING_GIVEN")
        if row is None:
            return
        row.context = words
        if not words:
            row.choices = tuple(p for p in row.choices if p[0] != "as_scheduled")

    def _keep_typed(self, row: Field) -> None:
        row.value = self.typed(row.name)
        row.answer = self.typed(f"{row.name}_answer")
        row.kept = self.typed(f"{row.name}_kept")
        row.began = self.typed(f"{row.name}_began")
        row.unit_value = self.typed(f"{row.name}_unit") or row.unit_value
        if self.none_since and row.name in self.asked.covered:
            row.value = row.value or "0"
        blanks = self.typed("blanks")
        if blanks and row.name in self.panel.needed and row.is_blank:
            row.answer = blanks
