"""What `check --deploy` says of an environment that is less safe than it could be."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.core.checks import CheckMessage
from django.core.checks import Warning as Remark


class Lack(NamedTuple):
    """Something that production does without, what follows, and what to do."""

    name: str
    is_so: Callable[[], bool]
    follows: str
    to_do: str


LACKS = (
    Lack(
        "monitor.W001",
        lambda: not settings.MONITOR_IDENTITY_KEYS,
        "Nobody can keep who a participant is: there is no key to seal it.",
        "Set MONITOR_IDENTITY_KEYS, and keep the key apart from the backups.",
    ),
    Lack(
        "monitor.W002",
        lambda: settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"),
        "The data lie in a SQLite file: one writer at a time, and whoever reads the "
        "file reads everything.",
        "Set DATABASE_URL to a PostgreSQL database; backup and restore carry over "
        "what is there.",
    ),
    Lack(
        "monitor.W003",
        lambda: settings.IDLE_MINUTES == 0,
        "A session that nobody works in stays open.",
        "Set MONITOR_IDLE_MINUTES to the minutes after which it ends, such as 30.",
    ),
    Lack(
        "monitor.W004",
        lambda: settings.SECOND_FACTOR != "required",
        "A password alone lets in who signs or administers.",
        "Set MONITOR_SECOND_FACTOR to required, or leave it out.",
    ),
    Lack(
        "monitor.W005",
        lambda: not settings.CHAIN_HEADS,
        "Whoever can rewrite the whole database can rewrite the audit trail: its head "
        "is noted nowhere else.",
        "Set MONITOR_CHAIN_HEADS to a file that the database's keepers cannot write.",
    ),
)


def ready_for_production(**kwargs: Any) -> list[CheckMessage]:
    """A warning for each thing that production should have and this one has not."""
    return [
        Remark(one.follows, hint=one.to_do, id=one.name) for one in LACKS if one.is_so()
    ]
