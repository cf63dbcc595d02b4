"""Database triggers that refuse to change or delete what is written once.

They stand on every table of an AppendOnly model, and on approved protocol versions.
Django's table rebuild on SQLite drops them without a word: so they are put back after
every `migrate`, and a system check looks for each of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from monitor.audit.models import AppendOnly

#: Models that are written once from a certain state on: label -> when that is.
ONCE_APPROVED = {"monitor.ProtocolVersion": "OLD.status = 'approved'"}

REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION monitor_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger: its name, its table, and how it is made and taken away."""

    name: str
    table: str
    create: str
    drop: str


def guarded_models() -> dict[type[models.Model], str]:
    """Each model that is written once -> the condition ("" is always)."""
    found = {model: "" for model in apps.get_models() if issubclass(model, AppendOnly)}
    return found | {apps.get_model(label): at for label, at in ONCE_APPROVED.items()}


def guards(connection: BaseDatabaseWrapper) -> list[Guard]:
    """Every trigger that this database should have."""
    makers = {"sqlite": sqlite_guards, "postgresql": postgresql_guards}
    make = makers[connection.vendor]
    return [
        guard
        for model, condition in guarded_models().items()
        for guard in make(model._meta.db_table, condition)
    ]


def sqlite_guards(table: str, condition: str) -> Iterator[Guard]:
    when = f"WHEN {condition} " if condition else ""
    for event in ("UPDATE", "DELETE"):
        name = f"{table}_refuses_{event.lower()}"
        said = f"{table} rows are never changed or deleted"
        yield Guard(
            name=name,
            table=table,
            create=f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" {when}'
            f"BEGIN SELECT RAISE(ABORT, '{said}'); END",
            drop=f'DROP TRIGGER IF EXISTS "{name}"',
        )


def postgresql_guards(table: str, condition: str) -> Iterator[Guard]:
    when = f"WHEN ({condition}) " if condition else ""
    for event, each in (
        ("UPDATE", f"FOR EACH ROW {when}"),
        ("DELETE", f"FOR EACH ROW {when}"),
        ("TRUNCATE", "FOR EACH STATEMENT "),
    ):
        name = f"{table}_refuses_{event.lower()}"
        yield Guard(
            name=name,
            table=table,
            create=f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" {each}'
            "EXECUTE FUNCTION monitor_refuse()",
            drop=f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
        )


def standing(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the triggers that are there and armed."""
    queries = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        # A disabled trigger ('D') is there and refuses nothing.
        "postgresql": "SELECT tgname FROM pg_trigger "
        "WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }
    with connection.cursor() as cursor:
        cursor.execute(queries[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def expected(connection: BaseDatabaseWrapper) -> list[Guard]:
    """The guards of those tables that exist: none before the first `migrate`."""
    tables = set(connection.introspection.table_names())
    return [guard for guard in guards(connection) if guard.table in tables]


def missing(connection: BaseDatabaseWrapper) -> list[Guard]:
    there = standing(connection)
    return [guard for guard in expected(connection) if guard.name not in there]


def install(using: str = "default", **signal: Any) -> None:
    """Put every trigger in its place; harmless when they stand there already."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(REFUSE_FUNCTION)
        for guard in expected(connection):
            cursor.execute(guard.drop)
            cursor.execute(guard.create)
