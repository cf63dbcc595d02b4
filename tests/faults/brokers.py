"""Brokers of one test's own, which it can kill: a port and a directory of their own.

Each answers with the environment in which the program finds it.
"""

import os
import shutil
import socket
import time
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import pytest

from tests.faults.machine import Machine
from tests.faults.test_demo import free_port

#: Not the command of the distribution, which hands over to another user's session.
RABBITMQ = "/usr/lib/rabbitmq/bin/rabbitmq-server"
PATIENCE = 180


def start(machine: Machine, broker: str) -> None:
    """The broker by name, ready; skips where its program is not there."""
    STARTS[broker](machine)


def folder(machine: Machine) -> None:
    """The data directory needs no process."""


def redis(machine: Machine) -> None:
    needed("redis-server")
    port = str(free_port())
    here = ("--bind", "127.0.0.1", "--save", "", "--dir", str(machine.directory))
    machine.command("broker", "redis-server", "--port", port, *here)
    machine.environment["CELERY_BROKER_URL"] = f"redis://127.0.0.1:{port}/0"
    wait_for(port)


def rabbitmq(machine: Machine) -> None:
    """A node with its own name, port, files and directory of names (epmd)."""
    server = RABBITMQ if Path(RABBITMQ).exists() else needed("rabbitmq-server")
    port, names, distribution = (str(free_port()) for _each in range(3))
    here = machine.directory / "rabbitmq"
    here.mkdir()
    (here / "plugins").write_text("[].")
    machine.environment |= {
        "CELERY_BROKER_URL": f"amqp://guest:guest@127.0.0.1:{port}//",
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": names,
        # And with nothing of what the machine's own is set up with.
        "RABBITMQ_CONF_ENV_FILE": str(here / "none"),
        "RABBITMQ_CONFIG_FILE": str(here / "none"),
        "RABBITMQ_NODENAME": f"tests{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": port,
        "RABBITMQ_DIST_PORT": distribution,
        "RABBITMQ_MNESIA_BASE": str(here / "rows"),
        "RABBITMQ_LOG_BASE": str(here / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(here / "plugins"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none",
        "RABBITMQ_PID_FILE": str(here / "pid"),
    }
    machine.command("names of the broker", "epmd", "-port", names)
    machine.command("broker", server)
    wait_for(port)


STARTS = {"folder": folder, "redis": redis, "rabbitmq": rabbitmq}


def needed(program: str) -> str:
    return shutil.which(program) or missing(program)


def missing(what: str) -> NoReturn:
    """A machine of somebody's own may do without; the one that checks changes not."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not there.")
    pytest.skip(f"{what} is not there.")


def answers(machine: Machine) -> bool:
    """Whether the broker takes connections; one that has no process always does."""
    port = urlsplit(machine.environment.get("CELERY_BROKER_URL", "")).port
    return port is None or listens(str(port))


def kill(machine: Machine) -> None:
    """Gone when this returns: its port is closed."""
    machine.kill("broker")
    end = time.monotonic() + PATIENCE
    while answers(machine) and time.monotonic() < end:
        time.sleep(0.01)


def listens(port: str) -> bool:
    with socket.socket() as asked:
        return not asked.connect_ex(("127.0.0.1", int(port)))


def wait_for(port: str) -> None:
    end = time.monotonic() + PATIENCE
    while not listens(port):
        assert time.monotonic() < end, f"Nothing listens on {port}."
        time.sleep(0.05)
