"""The only way past the triggers: a wrapper round `flush`, for tests that commit.

Such a test (`transaction=True`, the live server) is cleaned up by Django's `flush`,
which deletes or truncates. The triggers are away for that moment only.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session", autouse=True)
def flush_past_the_triggers() -> Iterator[None]:
    from django.core.management.commands.flush import Command

    flush = Command.handle
    Command.handle = unguarded(flush)
    yield
    Command.handle = flush


def unguarded(flush: Callable[..., None]) -> Callable[..., None]:
    from django.db import connections

    from monitor.audit import triggers

    def handle(command: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            for guard in triggers.expected(connection):
                cursor.execute(guard.drop)
        try:
            flush(command, **options)
        finally:
            triggers.install(options["database"])

    return handle
