"""A whole copy of one participant's record, for people and for machines (R6).

Nothing is chosen or summed up: it holds every table that leads to the participant, with
what was corrected and what was struck out, and the trail of all that was done. A table
that is added later is in it by itself. Who the participant is stands apart, sealed, and
is in no copy; what is made anew from the rows is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Field, ForeignKey, JSONField, Model
from django.utils.translation import gettext as _

from monitor.audit import chain
from monitor.audit.models import Event
from monitor.templatetags.times import say_time
from monitor.trials.models import Participant, User

#: By table: why it is not in the copy although it leads to a participant.
LEFT_OUT = {
    "Identity": "who the participant is stands apart, under a key of its own",
    "CycleState": "it is made anew from the other rows",
}
#: What is said of a row in columns of their own, or by its table, and not once more.
APART = ("id", "recorded_by", "recorded_at", "supersedes", "voided", "key")


@dataclass(frozen=True)
class Said:
    """A row for people: who wrote it, when by the site's clock, and what it says."""

    number: int
    at: str
    by: str
    facts: list[tuple[str, str]]
    replaces: int | None
    replaced_by: int | None
    voided: bool


@dataclass(frozen=True)
class Table:
    """A table of the record; its rows oldest first."""

    model: type[Model]
    rows: list[Model]

    @property
    def key(self) -> str:
        return str(self.model._meta.model_name)

    @property
    def name(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    def said(self, zone: str) -> Iterator[Said]:
        after = {getattr(row, "supersedes_id", None): row.pk for row in self.rows}
        for row in self.rows:
            at, by = (
                getattr(row, name, None) for name in ("recorded_at", "recorded_by")
            )
            yield Said(
                number=row.pk,
                at=say_time(at, zone, "signed") if at else "",
                by=name_of(by) if by else "",
                facts=list(facts(row, zone)),
                replaces=getattr(row, "supersedes_id", None),
                replaced_by=after.get(row.pk),
                voided=bool(getattr(row, "voided", False)),
            )

    def plain(self) -> list[dict[str, Any]]:
        """The rows as a machine reads them: people by account, all else as kept."""
        return [
            {field.name: plain(row, field) for field in row._meta.concrete_fields}
            for row in self.rows
        ]


def tables(participant: Participant) -> Iterator[Table]:
    """Every table that leads to the participant; a query each."""
    for model in apps.get_app_config("monitor").get_models():
        path = path_to_participant(model)
        if path and model.__name__ not in LEFT_OUT:
            found = model._default_manager.filter(**{path: participant.pk})
            yield Table(model, list(found.select_related(*named(model)).order_by("pk")))


def named(model: type[Model]) -> Iterator[str]:
    """What a row names in words, for it is no row of the record itself."""
    for field in model._meta.concrete_fields:
        there = leads_to(field)
        if there and not path_to_participant(there):
            yield field.name
            for inner in there._meta.concrete_fields:
                if leads_to(inner):
                    yield f"{field.name}__{inner.name}"


@cache
def path_to_participant(model: type[Model]) -> str:
    """`observation__cycle__participant`, the shortest; "" where there is none."""
    todo, seen = [(model, "")], {model, User}
    for here, path in todo:
        if here is Participant:
            return path or "pk"
        for field in here._meta.concrete_fields:
            there = leads_to(field)
            if there and there not in seen:
                seen.add(there)
                todo.append((there, f"{path}__{field.name}" if path else field.name))
    return ""


def leads_to(field: Field[Any, Any]) -> type[Model] | None:
    return field.related_model if isinstance(field, ForeignKey) else None


def plain(row: Model, field: Field[Any, Any]) -> Any:
    if leads_to(field) is User:
        person = getattr(row, field.name)
        return person.username if person else None
    return field.value_from_object(row)


def facts(row: Model, zone: str) -> Iterator[tuple[str, str]]:
    """(name, words) of each field that says something; a machine's texts are left."""
    for field in row._meta.concrete_fields:
        if field.name in APART or isinstance(field, JSONField):
            continue
        value = getattr(row, field.attname)
        if value in (None, ""):
            continue
        yield str(field.verbose_name), words(row, field, value, zone)


def words(row: Model, field: Field[Any, Any], value: Any, zone: str) -> str:
    if isinstance(value, datetime):
        return say_time(value, zone, "signed")
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if there := leads_to(field):
        if path_to_participant(there):
            return str(value)
        other = getattr(row, field.name)
        return name_of(other) if there is User else str(other)
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    return str(value)


def name_of(person: User) -> str:
    return person.get_full_name() or person.username


def trail(participant: Participant) -> Iterator[dict[str, Any]]:
    """The events of the participant as the chain is computed over them."""
    names = (*chain.FIELDS, "previous", "digest")
    found = Event.objects.filter(participant=participant.code).order_by("sequence")
    for row in found.values(*names).iterator():
        yield row | {"at": chain.moment(row["at"])}
