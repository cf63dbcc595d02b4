"""Processes of a test by name, each of which can be killed and started again."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from tests.harness import ROOT

SECRET = "a secret of the fault tests, long enough"


class Machine:
    """Two kinds of them: programs beside this file, forked, and commands of others."""

    def __init__(self, environment: dict[str, str], directory: Path) -> None:
        self.environment, self.directory = environment, directory
        self.started: dict[str, tuple[str, ...]] = {}
        self.running: dict[str, int] = {}
        self.others: dict[str, subprocess.Popen[bytes]] = {}
        self._nursery: subprocess.Popen[str] | None = None

    @property
    def nursery(self) -> subprocess.Popen[str]:
        """Begun with the first program, when the environment is complete."""
        if self._nursery is None:
            self._nursery = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.nursery"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        return self._nursery

    def program(self, name: str, *told: str) -> None:
        """Start a program with its arguments; without `told` the same again."""
        self.started[name] = told or self.started[name]
        program, *arguments = self.started[name]
        asked = {
            "program": program,
            "arguments": arguments,
            "said": str(self.directory / f"{name}.txt"),
            "logged": str(self.directory / f"{name}.log"),
        }
        assert self.nursery.stdin
        assert self.nursery.stdout
        print(json.dumps(asked), file=self.nursery.stdin, flush=True)
        self.running[name] = int(self.nursery.stdout.readline())

    def command(self, name: str, *told: str) -> None:
        self.started[name] = told or self.started[name]
        with (self.directory / f"{name}.log").open("ab") as logged:
            self.others[name] = subprocess.Popen(
                self.started[name],
                cwd=ROOT,
                env=self.environment,
                stdout=logged,
                stderr=logged,
                start_new_session=True,
            )

    def again(self, name: str) -> None:
        if name in self.others:
            self.command(name)
        else:
            self.program(name)

    def kill(self, name: str) -> None:
        if name in self.others:
            os.killpg(self.others[name].pid, signal.SIGKILL)
            self.others[name].wait()
            return
        killed = self.running[name]
        os.killpg(killed, signal.SIGKILL)
        end = time.monotonic() + 10
        while Path(f"/proc/{killed}").exists() and time.monotonic() < end:
            time.sleep(0.005)

    def said(self, name: str) -> list[str]:
        """Whole lines that the program printed."""
        file = self.directory / f"{name}.txt"
        lines = file.read_text().splitlines(keepends=True) if file.exists() else []
        return [line.strip() for line in lines if line.endswith("\n")]

    def end(self) -> None:
        for name in [*self.running, *self.others]:
            try:
                self.kill(name)
            except ProcessLookupError:
                pass  # It had ended by itself.
        if self._nursery is not None:
            self._nursery.kill()
            self._nursery.communicate()


def environment(directory: Path, **more: str) -> dict[str, str]:
    """What a process of a test finds: the test's database, a directory, a secret."""
    return os.environ | {
        "HOME": str(directory),
        "MONITOR_DATA": str(directory),
        "DATABASE_URL": database_url(),
        "MONITOR_URL": "https://monitor.example",
        "MONITOR_WEBHOOK_SECRET": SECRET,
        **more,
    }


def database_url() -> str:
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    port = f":{told['PORT']}" if told["PORT"] else ""
    if told["HOST"].startswith("/"):
        person = quote(told["USER"])
        return f"postgresql://{person}@/{told['NAME']}?host={told['HOST']}"
    who = f"{quote(told['USER'])}:{quote(told['PASSWORD'])}"
    return f"postgresql://{who}@{told['HOST']}{port}/{told['NAME']}"
