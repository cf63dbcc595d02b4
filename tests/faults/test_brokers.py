"""A real worker takes a task from each broker, works in Polars, and ends when told."""

import os
import subprocess
import sys
import uuid

import pytest
from kombu import Connection

from monitor.environment import folder_broker
from monitor.folder_broker import Transport
from tests.harness import ROOT

BROKERS = {"folder": None, "redis": "TEST_REDIS_URL", "rabbitmq": "TEST_AMQP_URL"}


def address(broker: str) -> dict[str, str]:
    """The environment that chooses a broker; skips where none is named."""
    variable = BROKERS[broker]
    if variable is None:
        return {}
    if variable not in os.environ:
        pytest.skip(f"{variable} names no broker to try.")
    return {"CELERY_BROKER_URL": os.environ[variable]}


@pytest.mark.parametrize("broker", BROKERS)
def test_a_task_reaches_the_worker(broker, tmp_path):
    environment = os.environ | address(broker) | {"MONITOR_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.one_task", f"tests-{uuid.uuid4().hex}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout.strip(), done.returncode) == ("39.4", 0), done.stderr


def test_a_message_in_the_folder_is_there_whole_or_not_at_all(tmp_path, monkeypatch):
    options = folder_broker(tmp_path)["options"]
    folder = tmp_path / "queue"
    folder.mkdir()
    (tmp_path / "control").mkdir()
    seen, rename = [], os.replace

    def watched(source: str, target: str) -> None:
        seen.append(list(folder.glob("*.msg")))
        rename(source, target)

    monkeypatch.setattr(os, "replace", watched)
    with Connection(transport=Transport, transport_options=options) as broker:
        queue = broker.SimpleQueue("one")
        queue.put({"temperature": "39.4"})
        assert seen == [[]]
        assert queue.get(timeout=5).payload == {"temperature": "39.4"}
