"""How long a write waits for the one before it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

#: What is written because a page is read: nobody waits longer than this for a page.
SECONDS = 3


@contextmanager
def impatient() -> Iterator[None]:
    """What is written here waits for SECONDS, where a save waits until it is its turn.

    Afterwards, and when it waited in vain (an OperationalError), all is as it was. It
    begins outside a transaction, for one waits where it begins.
    """
    connection.ensure_connection()
    milliseconds = round(1000 * SECONDS)
    if connection.vendor == "sqlite":
        usual = 1000 * connection.settings_dict["OPTIONS"]["timeout"]
        shorter, again = (f"PRAGMA busy_timeout = {n}" for n in (milliseconds, usual))
    else:
        shorter, again = f"SET lock_timeout = {milliseconds}", "RESET lock_timeout"
    connection.connection.execute(shorter)
    try:
        yield
    finally:
        connection.connection.execute(again)
