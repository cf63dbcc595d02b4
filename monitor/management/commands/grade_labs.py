"""`manage.py grade_labs FILE.csv`: laboratory values in, CTCAE grades out."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitor.clinical.scores.labfile import UnreadableLabs, grade_file


class Command(BaseCommand):
    help = (
        "Grade laboratory values under CTCAE v5.0 or v6.0; writes each row with grade "
        "(empty: cannot be graded) and why. Needs no database. Exit status 1: some "
        "row holds a number that cannot be read; 2: the file cannot be read."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", help="FILE.csv with the columns of the test vectors"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            graded = grade_file(options["file"])
        except UnreadableLabs as fault:
            raise CommandError(str(fault), returncode=2) from fault
        self.stdout.write(graded.rows.write_csv(), ending="")
        for line, reason in graded.unread:
            self.stderr.write(f"line {line}: {reason}.")
        if graded.unread:
            sys.exit(1)
