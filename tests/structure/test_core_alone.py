"""The clinical core runs without Django, Celery, a clock or a database."""

import subprocess
import sys

from tests.structure.sources import ROOT, modules

OUTSIDE = {"django", "celery", "kombu", "sqlite3", "psycopg"}


def outsiders(imports: list[str]) -> set[str]:
    """What a fresh interpreter has loaded, of the above, after importing these."""
    program = f"import sys, {', '.join(imports)}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return OUTSIDE & set(done.stdout.split())


def test_the_core_loads_alone():
    assert outsiders(list(modules("monitor/clinical"))) == set()


def test_a_planted_outsider_is_found():
    assert outsiders(["monitor.clinical", "django.db"]) >= {"django"}
