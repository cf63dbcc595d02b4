"""The harness. Tests sign people in with `client.force_login(user)`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import harness

harness.prepare()

# Read after the line above, for they import what Django has set up.
pytest_plugins = ["tests.audit_flush", "tests.cast"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--db",
        choices=harness.ENGINES,
        help="Run on this database only. Without it: on SQLite, then on PostgreSQL.",
    )


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(harness.TwoRuns(config), "two-runs")


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two processes for a whole run; none for a chosen few, which they would delay."""
    return 2 if config.args_source is not config.ArgsSource.ARGS else 0


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    for item in items:
        if harness.touches_database(item):
            item.add_marker("database")
        for mark in item.iter_markers("requirement"):
            item.user_properties += [("requirement", one) for one in mark.args]
    left_out = [item for item in items if not harness.belongs_here(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Put a line down for the end of the run: xdist's processes cannot print."""
    return lambda line: record_property(harness.SAID, line)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real public data, which lies beside the project and not in it."""
    folder = harness.ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("There is no ../shared/data beside the project.")
    return folder
