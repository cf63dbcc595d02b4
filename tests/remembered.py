"""A story that the verbs tell once a process, and that later tests find told.

To play the standing cast takes some eighty verbs; half the tests begin with it. What
they leave in the database is remembered, row by row, and put back as it was, ids and
audit chain included. Where the database is not as the story found it (somebody played
something before), the story is told anew.
"""

import copy
from collections.abc import Callable
from datetime import date, time
from typing import Generic, TypeVar

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

Rows = dict[str, list[tuple[object, ...]]]
Told = TypeVar("Told")


class Remembered(Generic[Told]):
    """`Remembered(story)()` gives what `story()` gives, and leaves what it leaves."""

    def __init__(self, story: Callable[[], Told]) -> None:
        self.story = story
        self.found: Rows = {}
        self.left: Rows = {}
        self.told: Told | None = None

    def __call__(self) -> Told:
        if self.told is None:
            self.found = every_row()
            told = self.story()
            self.remember(told)
            return told
        if something_stands_in(self.left):
            return self.story()
        put_back(self.left)
        return copy.deepcopy(self.told)

    def remember(self, told: Told) -> None:
        changed = {
            table: rows
            for table, rows in every_row().items()
            if rows != self.found[table]
        }
        # A story that changes what stood before cannot be put back by adding rows.
        if not any(self.found[table] for table in changed):
            self.left, self.told = changed, copy.deepcopy(told)


def every_row() -> Rows:
    tables = connection.introspection.django_table_names(only_existing=True)
    with connection.cursor() as cursor:
        return {table: all_of(cursor, table) for table in sorted(tables)}


def all_of(cursor, table: str) -> list[tuple[object, ...]]:
    cursor.execute(f"SELECT * FROM {quoted(table)}")
    return sorted((tuple(map(as_kept, row)) for row in cursor.fetchall()), key=repr)


def as_kept(value: object) -> object:
    """SQLite takes moments back as text alone, PostgreSQL too."""
    return str(value) if isinstance(value, date | time) else value


def something_stands_in(rows: Rows) -> bool:
    asked = [f"EXISTS (SELECT 1 FROM {quoted(table)})" for table in rows]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {' OR '.join(asked)}")
        return bool(cursor.fetchone()[0])


def put_back(rows: Rows) -> None:
    """Foreign keys are looked at when the transaction ends, so in any order."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, kept in rows.items():
            places = ", ".join(["%s"] * len(kept[0]))
            cursor.executemany(f"INSERT INTO {quoted(table)} VALUES ({places})", kept)
        count_on_from(rows, cursor)


def count_on_from(rows: Rows, cursor) -> None:
    """PostgreSQL counts apart from its rows: the next key comes after the last one."""
    models = [one for one in apps.get_models() if one._meta.db_table in rows]
    for told in connection.ops.sequence_reset_sql(no_style(), models):
        cursor.execute(told)


def quoted(table: str) -> str:
    return connection.ops.quote_name(table)
