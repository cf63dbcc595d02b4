"""The system check that finds a missing trigger: `check --database default`."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

from monitor.audit import triggers

HINT = (
    "Somebody, or something, took it away. Run verify_audit, then "
    "`migrate --skip-checks`, which puts it back."
)


def every_trigger_stands(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """An error for each trigger that is not there or not armed."""
    return [
        Error(
            f"{guard.table} can be changed: the trigger {guard.name} is missing.",
            hint=HINT,
            id="monitor.E001",
        )
        for alias in databases or ()
        for guard in triggers.missing(connections[alias])
    ]
