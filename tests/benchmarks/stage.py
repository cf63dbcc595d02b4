"""Where benchmarks of the whole program play: a database of its own, of either kind.

`python -m tests.benchmarks.NAME` runs itself once on each engine, in a process with
the settings that the tests have.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ENGINE = "MONITOR_BENCHMARK_ENGINE"


def on_both_engines(module: str, main: Callable[[str], None]) -> None:
    """Run `main(engine)` on SQLite, then on PostgreSQL, each in its own process."""
    if engine := os.environ.get(ENGINE):
        _play(main, engine)
        return
    wanted = sys.argv[1:2] if sys.argv[1:2] in (["sqlite"], ["postgres"]) else []
    for engine in wanted or ("sqlite", "postgres"):
        command = [sys.executable, "-m", module, *sys.argv[1:]]
        subprocess.run(command, env=os.environ | {ENGINE: engine}, check=True)


def _play(main: Callable[[str], None], engine: str) -> None:
    from tests import harness

    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as directory:
        os.environ["MONITOR_DATA"] = directory
        os.environ["SECRET_KEY"] = "for the benchmarks, which keep no secrets"
        os.environ["MONITOR_IDLE_MINUTES"] = "0"
        os.environ["DATABASE_URL"] = harness.DATABASES[engine](Path(directory))
        os.environ["DJANGO_SETTINGS_MODULE"] = "monitor.settings"
        harness.start_django()
        from django.conf import settings
        from django.core.management import call_command

        settings.ALLOWED_HOSTS = ["*"]
        call_command("migrate", verbosity=0)
        main(engine)
