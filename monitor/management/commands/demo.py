import fcntl
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from waitress.server import create_server

from monitor import clock, flow
from monitor import demo as story
from monitor.environment import for_its_owner
from monitor.management.commands.worker import Background

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = (
        "Builds the demo trials and serves them: web, worker and schedule in one "
        "process, for this machine alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="default: 8000")
        parser.add_argument(
            "--data", metavar="DIR", help="where everything is kept; default: .data"
        )
        parser.add_argument(
            "--no-serve", action="store_true", help="build the demo trials and end"
        )
        parser.add_argument(
            "--reset", action="store_true", help="begin again with an empty database"
        )

    def handle(
        self, *, port: int, reset: bool, no_serve: bool, **options: object
    ) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "The demo has passwords that everybody knows. Leave MONITOR_PRODUCTION "
                "out to run it."
            )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, as_interrupt)
        try:
            with data_directory_to_itself(settings.DATA):
                self.run(port=port, reset=reset, serve=not no_serve)
        except KeyboardInterrupt:
            self.stdout.write("\nStopped.")

    def run(self, *, port: int, reset: bool, serve: bool) -> None:
        if reset:
            empty(settings.DATA)
        server = listening(port) if serve else None
        call_command("migrate", verbosity=0, interactive=False)
        accounts = story.seed(clock.now(), self.say)
        self.introduce(accounts)
        if server:
            # Else the first pages say that nobody is told, until the schedule has run.
            flow.sweep(clock.now())
            with Background():
                self.say(f"\nMonitor is ready: http://{HOST}:{port}/ (Ctrl-C ends it)")
                server.run()
            raise KeyboardInterrupt

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def introduce(self, accounts: list[tuple[str, str, str]]) -> None:
        self.say("\nSign in as one of these (name, password, role):")
        for username, password, role in accounts:
            self.say(f"  {username:<12} {password:<20} {role}")


def as_interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


@contextmanager
def data_directory_to_itself(directory: Path) -> Iterator[None]:
    """Two demos on one directory would sweep, and reset, each other's rows."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (directory / "demo.lock").open("w") as held:
        take(held, directory)
        yield


def take(held: IO[str], directory: Path) -> None:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(
            f"A demo already runs on {directory}. Stop it, or choose another --data."
        ) from None


def empty(directory: Path) -> None:
    """Remove the embedded database and its messages; never another database."""
    database = directory / "monitor.sqlite3"
    if settings.DATABASES["default"]["NAME"] != str(database):
        raise CommandError(
            "--reset empties the database in the data directory only, and DATABASE_URL "
            "names another one. Empty that one yourself."
        )
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    for_its_owner(database)
    shutil.rmtree(directory / "messages", ignore_errors=True)


def listening(port: int) -> Any:
    """The web server, with its port taken before anything slow is done."""
    from monitor.wsgi import application

    try:
        return create_server(application, host=HOST, port=port, threads=8)
    except OSError:
        raise CommandError(
            f"Port {port} is taken. Choose another: manage.py demo --port {port + 1}"
        ) from None
