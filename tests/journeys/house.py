"""Run as a program: the standing cast in a database of its own, served until killed.

    python -m tests.journeys.house PORT [--dies]

`MONITOR_DATA` says where everything is kept, so that a second start finds what the
first has stored. With `--dies` the process ends in the moment between a set that was
stored and its answer. The clock stands at the cast's `NOW`.
"""

import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from waitress.server import create_server  # noqa: E402

from monitor import clock  # noqa: E402
from monitor.trials.models import User  # noqa: E402
from monitor.wsgi import application  # noqa: E402
from tests.acts import baseline  # noqa: E402
from tests.cast import NOW, assemble  # noqa: E402

KILLED = 9
# Argon2 is slow on purpose, which no journey is about.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def furnish() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    if not User.objects.exists():
        baseline(assemble())


def dying(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Everything is done and committed; then the answer never leaves the house."""
    answer = application(environ, start)
    sent = environ["REQUEST_METHOD"] == "POST"
    if sent and environ["PATH_INFO"].endswith("/observe/"):
        os._exit(KILLED)
    return answer


def main(port: str, *how: str) -> None:
    with clock.freeze(NOW):
        furnish()
        served = dying if "--dies" in how else application
        server = create_server(served, host="127.0.0.1", port=int(port), threads=8)
        print("ready", flush=True)
        server.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
