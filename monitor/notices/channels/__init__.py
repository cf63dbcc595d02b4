"""Ways in which a notice leaves the program. A channel is one file of this folder.

To add one, say `pager.py`:
1. copy `webhook.py`; its file's name is the channel's, in rows, keys and log;
2. `ready()` says whether the program is set up for it: read what it needs from the
   environment in `settings.py` with a helper of `monitor/outside.py`, which refuses;
3. `address(user)` says where a person is reached by it, "" if not at all;
4. `send(message)` sends within PATIENCE and returns what the other side answered;
5. it raises `Undelivered(said, final=True)` where it never will arrive, else without
   `final`, to be tried again; it hands on `message.key`, by which a receiver knows a
   repetition, and nothing that `Message` does not hold;
6. give it a word in `CHANNELS` of `history.py`, a row in the README's environment, and
   a real process that refuses, hangs and answers in `tests/faults/test_receivers.py`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType

from monitor.notices.channels.base import Message
from monitor.trials.models import User

HELPERS = {"base"}


@cache
def modules() -> dict[str, ModuleType]:
    """Every channel by the name of its file."""
    names = (found.name for found in pkgutil.iter_modules(__path__))
    return {
        name: importlib.import_module(f"{__name__}.{name}")
        for name in names
        if name not in HELPERS
    }


def set_up() -> list[str]:
    """The channels that the program is set up for."""
    return [name for name, channel in modules().items() if channel.ready()]


def ready(user: User) -> list[str]:
    """The channels by which a person can be reached now."""
    return [name for name in set_up() if address(name, user)]


def address(channel: str, user: User) -> str:
    return modules()[channel].address(user)


def send(channel: str, message: Message) -> str:
    """What the receiver answered. Raises Undelivered."""
    return modules()[channel].send(message)
