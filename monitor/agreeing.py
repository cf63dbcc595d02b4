"""Whether the tables still say what the trail was told when each row was written.

The chain of events proves itself alone. Who takes a table's triggers away, changes a
row and puts them back leaves every event as it was; but the event of that row still
tells what the row said. So each row is held against its event, and each table is
searched for rows that no event tells of.

What an event does not tell (a set's panel, why a check asked) cannot be found so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import F, Model, QuerySet

from monitor.audit.actions import text
from monitor.audit.models import AppendOnly, Event, Record
from monitor.bedside import facts
from monitor.bedside.actions.hidden import text_of
from monitor.bedside.models import Observation, Reading, ReferenceRange
from monitor.bedside.words import reading_text
from monitor.clinical.items import entry
from monitor.treatments.actions import FIELDS as OF_A_TREATMENT
from monitor.trials.actions.doses import OUTCOME as OF_A_DOSE

Told = dict[str, str | None]

AT_ONCE = 500
GONE = "anything: it is gone"
#: From a row to its participant, by the first of these fields that it has.
WHOSE = {
    "cycle": "cycle__participant__code",
    "observation": "observation__cycle__participant__code",
    "episode": "episode__cycle__participant__code",
}
#: Tables whose events tell every change of these fields: what is not told stayed.
ALL_TOLD = {"Dose": OF_A_DOSE, "Treatment": OF_A_TREATMENT}
#: Events that tell of something else than what their row says itself.
OF_ANOTHER = (
    *("question.", "review.sign", "review.referred", "episode."),
    *("sets.settled", "ranges.taken_over"),
)
STRUCK = ("voided", "struck")
#: What never came about is struck in words of its own.
CALLED_OFF = ("Arrangement", "OnCall")
#: Tables whose rows are told of by the event of another row.
WITH_ANOTHER = {
    *("Step", "Acknowledgement", "Delivery", "Attempt", "Signature", "Reply"),
    *("Referral", "Withdrawal", "Snooze", "Usefulness", "CtcaeEntry", "Event"),
}


class Differs(NamedTuple):
    """A row that does not say what it said when it was written.

    `event` is the number of the event that tells of it, None where none does.
    """

    table: str
    row: str
    what: str
    event: int | None

    def __str__(self) -> str:
        name = f"{self.table} {self.row}"
        if self.event is None:
            return f"no event tells of {name}"
        return f"{name} says otherwise of {self.what} than event {self.event}"


@dataclass
class Named:
    """What the events named: rows by table, and limits that came with a set."""

    rows: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    limits: set[tuple[str, str, str]] = field(default_factory=set)
    last: int = 0

    def add(self, event: Event) -> None:
        self.last = event.sequence
        self.rows[event.object_type].add(event.object_id)
        if event.action == "ranges.taken_over":
            told = event.changes[1:]  # The first names the laboratory.
            self.limits |= {(event.participant, c["field"], c["new"]) for c in told}

    def tells_of(self, row: Any) -> bool:
        if str(row.pk) in self.rows[row._meta.object_name]:
            return True
        if isinstance(row, ReferenceRange):
            return (row.whose, row.item, limits_text(row)) in self.limits
        return False


def differing() -> Iterator[Differs]:
    """Every row that does not agree with the trail: first by event, then by table."""
    kinds = {
        str(model._meta.object_name): model
        for model in apps.get_models()
        if issubclass(model, AppendOnly)
    }
    named = Named()
    for some in chunks(events_of(kinds, named.last).iterator(AT_ONCE)):
        keys: dict[str, set[str]] = defaultdict(set)
        for event in some:
            keys[event.object_type].add(event.object_id)
        rows = {name: rows_of(kinds[name], those) for name, those in keys.items()}
        for event in some:
            named.add(event)
            yield from against(event, rows[event.object_type].get(event.object_id))
    alone = [
        row
        for name in sorted(kinds.keys() - WITH_ANOTHER)
        for row in with_events(kinds[name]).order_by("pk").iterator()
        if not named.tells_of(row)
    ]
    # A row that was written meanwhile came with its event.
    for event in events_of(kinds, named.last):
        named.add(event)
    for row in alone:
        if not named.tells_of(row):
            yield Differs(row._meta.object_name, str(row.pk), "", None)


def events_of(kinds: Iterable[str], after: int) -> QuerySet[Event]:
    events = Event.objects.filter(object_type__in=kinds, sequence__gt=after)
    return events.exclude(object_id="").order_by("sequence")


def chunks(events: Iterable[Event]) -> Iterator[list[Event]]:
    every = iter(events)
    while some := list(islice(every, AT_ONCE)):
        yield some


def rows_of(model: type[Model], keys: set[str]) -> dict[str, Any]:
    """The rows of these keys, as the trail spells them."""
    rows = with_whose(model).filter(pk__in=keys)
    if issubclass(model, Record):
        rows = rows.select_related("supersedes", "recorded_by")
    if model is Observation:
        rows = rows.prefetch_related("readings")
    return {str(row.pk): row for row in rows}


def with_whose(model: type[Model]) -> Any:
    """Rows that say, as `whose`, the code of their participant, if they have one."""
    names = {one.name for one in model._meta.concrete_fields}
    path = next((WHOSE[name] for name in WHOSE if name in names), None)
    rows = model._base_manager.all()
    return rows.annotate(whose=F(path)) if path else rows


def with_events(model: type[Model]) -> Any:
    """Rows that have an event of their own: a set tells of its first readings."""
    rows = with_whose(model)
    return rows.filter(supersedes__isnull=False) if model is Reading else rows


def against(event: Event, row: Any) -> Iterator[Differs]:
    """What the row does not say as its event told it."""
    if row is None:
        yield Differs(event.object_type, event.object_id, GONE, event.sequence)
    elif not event.action.startswith(OF_ANOTHER):
        said, told = said_by(row), told_by(event, row)
        beside = words_of(row).keys() - told.keys()  # A value that no event knows of.
        for name in sorted(told.keys() | beside):
            if said.get(name) != told.get(name):
                yield Differs(event.object_type, event.object_id, name, event.sequence)


def told_by(event: Event, row: Any) -> Told:
    """What the row has to say, by its event and by what the row before it said."""
    columns = {one.name: one for one in row._meta.concrete_fields}
    before = getattr(row, "supersedes", None)
    struck = event.action.endswith(STRUCK)
    told: Told = {}
    for name in ALL_TOLD.get(event.object_type, ()):
        stood = getattr(before, name) if before else columns[name].get_default()
        told[name] = plain(stood)
    for one in event.changes:
        name, new = one["field"], one["old" if struck else "new"]
        if name in told or (new is not None and comparable(name, row)):
            told[name] = new
    if hasattr(row, "whose") and event.participant:
        told["participant"] = event.participant
    if isinstance(row, Record):
        told["recorded_by"] = event.actor
        if event.object_type not in CALLED_OFF:
            told["voided"] = text(struck)
    return told


def comparable(name: str, row: Any) -> bool:
    """Whether the row itself says what its event calls so: by a field, or an item."""
    columns = {one.name: one.is_relation for one in row._meta.concrete_fields}
    return not columns.get(name, row._meta.object_name not in IN_WORDS)


def said_by(row: Any) -> Told:
    """All that the row says: its fields, what is told in words, and whose it is."""
    columns = row._meta.concrete_fields
    said = {one.name: plain(getattr(row, one.attname)) for one in columns}
    said |= words_of(row)
    if hasattr(row, "whose"):
        said["participant"] = row.whose
    if isinstance(row, Record):
        said["recorded_by"] = row.recorded_by.username
    return said


def plain(value: Any) -> str | None:
    return None if value == "" else text(value)


def words_of(row: Any) -> Told:
    """What its event tells of a row in words of its own."""
    words = IN_WORDS.get(row._meta.object_name)
    return words(row) if words else {}


def is_first(row: Record) -> bool:
    return row.supersedes_id is None


def hidden_text(row: Any) -> str:
    """As it is told; with its number where that is not what was typed."""
    typed = entry.judge(row.item, row.typed, row.typed_unit or row.unit, shorthand=True)
    return text_of(row) if typed.number == row.number else f"{row.number} {row.unit}"


def limits_text(row: Any) -> str:
    """As they are told; with their numbers where those are not what was typed."""
    read = facts.read_range(row.item, row.typed, row.typed_unit)
    same = read == (row.low, row.high)
    return f"{row.typed} {row.typed_unit}".strip() if same else f"{row.low}..{row.high}"


IN_WORDS: dict[str, Callable[[Any], Told]] = {
    "Observation": lambda row: {
        one.item: reading_text(one) for one in row.readings.all() if is_first(one)
    },
    "Reading": lambda row: {row.item: reading_text(row)},
    "HiddenReading": lambda row: {row.item: hidden_text(row)},
    "Fact": lambda row: {row.code: row.value or "yes"},
    "ReferenceRange": lambda row: {row.item: limits_text(row)},
    "LaboratoryRange": lambda row: {row.item: limits_text(row)},
    "SiteUnit": lambda row: {row.item: row.unit},
    "Treatment": lambda row: (
        {"as_needed": "no"} if is_first(row) and not row.as_needed else {}
    ),
}
