import json
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from monitor import agreeing
from monitor.audit import chain, heads, queries, triggers

UNREADABLE = 2
#: So many rows are named that do not agree with the trail.
NAMED = 10


class Command(BaseCommand):
    help = (
        "Walks the hash chain of the audit trail, in the database or in an exported "
        "FILE of JSON lines. Ends with 0 when it is whole, 1 when it is broken (and "
        "names the first bad row), when nothing guards its tables any more, or when a "
        "row does not say what the trail was told of it; 2 when it cannot be read. "
        "Needs no key. With --heads also finds an older copy put back, and a chain "
        "forged as a whole."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
        parser.add_argument(
            "--heads",
            type=Path,
            metavar="NOTES",
            help="the file of MONITOR_CHAIN_HEADS: heads noted outside the database",
        )

    def handle(self, *, file: Path | None, **options: Any) -> None:
        notes = options["heads"]
        noted = noted_in(notes) if notes else []
        count, broken = in_file(file, noted) if file else in_database(noted)
        if broken:
            place = f"row {broken.sequence}"
            raise CommandError(f"The audit trail is broken at {place}: {broken.why}.")
        if not file:
            check_guarded(count)
            check_agreeing(count)
        self.stdout.write(f"The audit trail is whole: {count} events.")
        if not file:
            self.stdout.write("Every row says what the trail was told of it.")


def check_guarded(count: int) -> None:
    """Raises CommandError where somebody took triggers away, to write past them."""
    gone = {guard.table for guard in triggers.missing(connection)}
    if gone:
        raise CommandError(
            f"The chain of {count} events is whole, but nothing refuses changes any "
            f"more in {', '.join(sorted(gone))}: triggers are gone. Find out who took "
            "them away, and what else was done; `migrate` puts them back."
        )


def check_agreeing(count: int) -> None:
    """Raises CommandError where rows were changed past the program."""
    rows = agreeing.differing()
    first = [str(one) for one in islice(rows, NAMED)]
    if first:
        more = sum(1 for one in rows)
        others = f", and {more} more" if more else ""
        raise CommandError(
            f"The chain of {count} events is whole, but the tables do not say what it "
            f"was told: {'; '.join(first)}{others}. Somebody wrote past the program: "
            "compare with a backup."
        )


def noted_in(path: Path) -> list[chain.Head]:
    try:
        return heads.noted(path)
    except (OSError, ValueError) as error:
        said = f"{path} cannot be read: {error}"
        raise CommandError(said, returncode=UNREADABLE) from error


def in_database(noted: list[chain.Head]) -> tuple[int, chain.Broken | None]:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and not sqlite_exists(name):
        raise CommandError(f"There is no database {name}.", returncode=UNREADABLE)
    try:
        head = queries.head()
        return head.sequence, chain.verify(queries.rows(), head, noted)
    except DatabaseError as error:
        said = f"The database cannot be read: {error}"
        raise CommandError(said, returncode=UNREADABLE) from error


def sqlite_exists(name: str) -> bool:
    return Path(name).exists() or name == ":memory:" or "mode=memory" in name


def in_file(path: Path, noted: list[chain.Head]) -> tuple[int, chain.Broken | None]:
    exported = Exported(path)
    try:
        broken = chain.verify(exported.rows(), noted=noted)
    except (OSError, ValueError) as error:
        said = f"{path} cannot be read: {error}"
        raise CommandError(said, returncode=UNREADABLE) from error
    return exported.count, broken or exported.fault_at_end()


class Exported:
    """A file of JSON lines, read once: an event each, and the head to close it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last = chain.Head()
        self.head: chain.Head | None = None

    @property
    def count(self) -> int:
        return self.last.sequence

    def rows(self) -> Iterator[dict[str, Any]]:
        with self.path.open(encoding="utf-8") as file:
            for row in map(json.loads, filter(str.strip, file)):
                if self.head is None and "head" in row:
                    self.head = chain.Head(**row["head"])
                    continue
                yield row
                self.last = chain.Head(row["sequence"], row["digest"])

    def fault_at_end(self) -> chain.Broken | None:
        """Asked when every row is good. Without a head, rows may have been cut off."""
        if self.head is None:
            why = "the closing line with the head is missing"
            return chain.Broken(self.count + 1, why)
        return chain.fault_at_end(self.last, self.head)
