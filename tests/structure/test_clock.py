"""Nobody but the clock asks what time it is."""

import ast
from datetime import UTC, datetime

import pytest

from monitor import clock
from tests.structure.sources import Modules, modules

OWNERS = {"datetime", "date", "timezone"}
ASKS = {"now", "utcnow", "today", "localtime"}


def asked(sources: Modules) -> list[str]:
    """Where `datetime.now()` and its like are called."""
    return [
        f"{name}:{node.lineno} {node.func.value.id}.{node.func.attr}()"
        for name, source in sources.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in OWNERS
        and node.func.attr in ASKS
    ]


def test_only_the_clock_reads_the_time():
    assert [at for at in asked(modules()) if not at.startswith("monitor.clock:")] == []


@pytest.mark.parametrize("planted", ["datetime.now(UTC)", "timezone.now()"])
def test_a_planted_reading_is_found(planted):
    assert asked({"monitor.flow": planted})


def test_a_frozen_clock_stands_still_and_runs_on_afterwards():
    moment = datetime(2026, 3, 1, 8, tzinfo=UTC)
    with clock.freeze(moment):
        assert clock.now() == moment
    assert clock.now() > moment


def test_a_moment_without_a_zone_is_refused():
    naive = datetime(2026, 3, 1, 8)
    with pytest.raises(ValueError, match="time zone"), clock.freeze(naive):
        pass
