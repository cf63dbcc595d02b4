"""What a command lacks outside is said in one line; a traceback would bury it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

#: The exit status of a command that could not begin.
COULD_NOT_BEGIN = 2


@contextmanager
def said_in_words(status: int = COULD_NOT_BEGIN) -> Iterator[None]:
    """Ends the process with what is to be set; `--traceback` shows where it failed."""
    try:
        yield
    except (ImproperlyConfigured, DatabaseError) as fault:
        said = str(fault) if isinstance(fault, ImproperlyConfigured) else of_database()
        if not said or "--traceback" in sys.argv:
            raise
        sys.stderr.write(f"Error: {said}\n")
        sys.exit(status)


def of_database() -> str:
    """What is wrong with the database as a whole; "" where it is there."""
    try:
        tables = connection.introspection.table_names()
    except DatabaseError as fault:
        why = str(fault).partition("\n")[0]
        return f"The database that DATABASE_URL names cannot be reached: {why}"
    if MigrationRecorder.Migration._meta.db_table in tables:
        return ""
    return (
        "The database has no tables. Look whether DATABASE_URL or MONITOR_DATA names "
        "the one that is meant; `migrate` makes the tables of a new one."
    )
