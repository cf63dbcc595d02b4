"""The first command of the README: it starts, starts again soon, and ends cleanly."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness import ROOT

READY = re.compile(r"ready: (http://\S+)")
SECOND_START_SECONDS = 60
FIRST_START_SECONDS = 300


def environment() -> dict[str, str]:
    """As a person's shell has it who set nothing."""
    kept = ("PATH", "HOME", "LANG")
    return {name: os.environ[name] for name in kept if name in os.environ}


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def demo(data: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-u", "manage.py", "demo", "--data", str(data), *arguments]


class Running:
    """A demo that serves, and what it has said so far."""

    def __init__(self, data: Path) -> None:
        self.said_at = data / "said.txt"
        with self.said_at.open("w") as said:
            self.process = subprocess.Popen(
                demo(data, "--port", str(free_port())),
                cwd=ROOT,
                env=environment(),
                stdout=said,
                stderr=said,
            )

    @property
    def said(self) -> str:
        return self.said_at.read_text()

    def address(self) -> str:
        """Where it says that it is ready; fails if it does not say so in time."""
        end = time.monotonic() + SECOND_START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            if found := READY.search(self.said):
                return found[1]
            time.sleep(0.1)
        pytest.fail(f"not ready within {SECOND_START_SECONDS} s:\n{self.said}")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory in which the demo was built once."""
    directory = tmp_path_factory.mktemp("demo")
    subprocess.run(
        demo(directory, "--no-serve"),
        cwd=ROOT,
        env=environment(),
        check=True,
        capture_output=True,
        timeout=FIRST_START_SECONDS,
    )
    return directory


@pytest.fixture
def running(data: Path) -> Iterator[Running]:
    started = Running(data)
    yield started
    started.process.kill()
    started.process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_start_is_quick_and_the_end_is_clean(running, number):
    with urllib.request.urlopen(f"{running.address()}login/") as answer:
        assert answer.status == 200
    running.process.send_signal(number)
    assert running.process.wait(timeout=30) == 0
    assert running.said.endswith("Stopped.\n")
    assert "Traceback" not in running.said


def test_whoever_comes_first_finds_that_the_sweep_has_run(data):
    """However long ago the demo was stopped."""
    with closing(sqlite3.connect(data / "monitor.sqlite3")) as kept:
        kept.execute("UPDATE monitor_heartbeat SET at = '2026-01-01 00:00:00'")
        kept.commit()
    started = Running(data)
    try:
        with urllib.request.urlopen(f"{started.address()}healthz") as answer:
            assert answer.status == 200
    finally:
        started.process.kill()
        started.process.wait()


def test_a_second_demo_on_the_same_data_is_refused(running, data):
    running.address()
    second = subprocess.run(
        demo(data, "--no-serve"),
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert "A demo already runs" in second.stderr
