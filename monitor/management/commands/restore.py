"""`manage.py restore DIR`"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from monitor import backup


class Command(BaseCommand):
    help = (
        "Puts the backup in DIR into an empty database, of either kind, and verifies "
        "the audit trail before anything of it counts. All of it or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")

    def handle(self, *, directory: Path, **options: Any) -> None:
        try:
            backup.read_manifest(directory)
            call_command("migrate", verbosity=0)
            manifest = backup.restore(directory)
        except backup.BackupFault as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(
            f"{sum(manifest.rows.values())} rows of {manifest.made_at}. "
            f"The audit trail is whole: {manifest.head['sequence']} events."
        )
