"""The harness runs what it should where it should, and tells the truth about it."""

import os
import subprocess
import sys

import pytest

from tests import harness

PLANTED = """
import pytest
from django.db import connection

def test_without_database():
    pass

def test_with_database(db):
    {body}

@pytest.mark.only_on("postgres")
def test_on_postgresql_alone(db):
    assert connection.vendor == "postgresql"
"""

OURS = {"DATABASE_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE"}
OUTSIDE = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("MONITOR_", "PYTEST_")) and name not in OURS
}


@pytest.fixture
def run(tmp_path):
    """The whole command on one planted file with the harness of these tests."""

    def ran(body: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        path = tmp_path / "test_planted.py"
        path.write_text(PLANTED.format(body=body))
        command = [sys.executable, "-m", "pytest", "-p", "tests.conftest"]
        command += ["-c", "pyproject.toml", "-p", "no:cacheprovider", str(path)]
        return subprocess.run(
            [*command, *arguments],
            cwd=harness.ROOT,
            env=OUTSIDE,
            capture_output=True,
            text=True,
            check=False,
        )

    return ran


def test_a_test_that_fails_on_postgresql_alone_fails_the_command(run):
    done = run('assert connection.vendor == "sqlite"')
    assert done.returncode == 1
    last = done.stdout.splitlines()[-3:]
    assert last[:2] == ["SQLite: 2 tests ran", "PostgreSQL: 2 tests ran"]
    assert "1 failed, 3 passed" in last[2]


def test_one_database_can_be_asked_for(run):
    done = run("pass", "--db", "sqlite")
    assert done.returncode == 0
    assert "PostgreSQL" not in done.stdout
    assert "2 passed, 1 deselected" in done.stdout.splitlines()[-1]


def test_skipped_tests_are_not_counted_as_run():
    assert harness.ran({"passed": [1, 2], "failed": [3], "skipped": [4]}) == 3
