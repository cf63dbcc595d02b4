import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

PIN = re.compile(r"^(?P<pin>[A-Za-z0-9._-]+==[^\s\\;]+)(?P<marker> ;[^\\]*)?\s*\\?$")
BLOCK = re.compile(r"^# Pins of requirements\.lock.*?^\]\n", re.MULTILINE | re.DOTALL)
NEVER = "sys_platform == 'never'"
BLOCK_HEAD = "# Pins of requirements.lock, written by `manage.py lock`.\n"


class Command(BaseCommand):
    help = (
        "Writes requirements.lock (with hashes, without addresses) and the same pins "
        "as constraint-dependencies into pyproject.toml."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--upgrade",
            action="store_true",
            help="Take the newest versions that the ranges of pyproject.toml allow.",
        )

    def handle(self, *, upgrade: bool, **options: object) -> None:
        project = settings.BASE_DIR / "pyproject.toml"
        lock = settings.BASE_DIR / "requirements.lock"
        if upgrade:
            lock.unlink(missing_ok=True)
            project.write_text(with_constraints(project.read_text(), []))
        compile_lock(lock)
        found = pins(lock.read_text())
        project.write_text(with_constraints(project.read_text(), found))
        self.stdout.write(f"{len(found)} packages pinned.")


def compile_lock(lock: Path) -> None:
    """Ask uv for every group, for any platform, keeping the pins of an older lock."""
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    command = [uv, "pip", "compile", "pyproject.toml", "--universal", "--quiet"]
    command += ["--python-version", "3.11", "--generate-hashes", "--no-header"]
    command += ["--no-emit-index-url", "--output-file", lock.name]
    for group in groups(lock.with_name("pyproject.toml")):
        command += ["--group", group]
    if subprocess.run(command, cwd=lock.parent, check=False).returncode:
        raise CommandError("uv could not resolve pyproject.toml: see its words above.")
    lock.write_text(without_never(lock.read_text()))


def groups(project: Path) -> list[str]:
    return list(tomllib.loads(project.read_text())["tool"]["uv"]["default-groups"])


def without_never(lock: str) -> str:
    """Leave out what only the overrides' impossible platform would install."""
    packages = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)
    return "".join(kept for kept in packages if NEVER not in kept.partition("\n")[0])


def pins(lock: str) -> list[str]:
    """The `name==version ; marker` of every package in the text of a lock."""
    matches = (PIN.match(line) for line in lock.splitlines())
    return [
        match["pin"] + (match["marker"] or "").rstrip() for match in matches if match
    ]


def with_constraints(project: str, found: list[str]) -> str:
    """The text of pyproject.toml with its block of pins replaced."""
    lines = "".join(f'  "{pin}",\n' for pin in found)
    block = f"{BLOCK_HEAD}constraint-dependencies = [\n{lines}]\n"
    if not BLOCK.search(project):
        raise CommandError("pyproject.toml has lost its block of pins.")
    return BLOCK.sub(lambda _: block, project)
