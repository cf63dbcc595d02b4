"""`manage.py backup DIR`"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from monitor import backup, clock

KEYS = (
    "SECRET_KEY and MONITOR_IDENTITY_KEYS are not in it. Keep them elsewhere: without "
    "them nothing encrypted (second factors, who participants are) can be read."
)


class Command(BaseCommand):
    help = (
        "Writes a backup below DIR while the program runs on: one moment of the whole "
        "database. Keep it where only its keepers can read it. SECRET_KEY and "
        "MONITOR_IDENTITY_KEYS are not in it: without them nothing encrypted in it, "
        "second factors and identities, can be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")

    def handle(self, *, directory: Path, **options: Any) -> None:
        try:
            made = backup.make(directory, clock.now())
        except (backup.BackupFault, OSError, DatabaseError) as fault:
            raise CommandError(str(fault)) from fault
        rows = sum(backup.read_manifest(made).rows.values())
        self.stdout.write(f"{made}: {rows} rows.")
        self.stdout.write(KEYS)
