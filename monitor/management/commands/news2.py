"""`manage.py news2 FILE.csv`: NEWS2 beside each set of a file, no database."""

import csv
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitor.clinical.facts.chartfile import UnreadableFile
from monitor.clinical.scores import sets


class Command(BaseCommand):
    help = (
        "Write total, single_red and missing beside each row of a file with the "
        f"columns {','.join(sets.COLUMNS)}. Where something is missing the total is "
        "empty: what is known is a floor, and --at-least writes it. Exit 0 if every "
        "cell could be read (an empty one is no fault), 1 if some could not (they "
        "count as missing), 2 if the file could not."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="FILE.csv")
        parser.add_argument(
            "--at-least",
            action="store_true",
            help="also write at_least: the points of what is there",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = sets.read_sets(Path(options["file"]))
        except UnreadableFile as fault:
            raise CommandError(str(fault), returncode=2) from fault
        minimum = options["at_least"]
        added = [*sets.ADDED, *([sets.AT_LEAST] if minimum else [])]
        header = [name for name in found.header if name not in added]
        out = csv.DictWriter(self.stdout, [*header, *added], lineterminator="\n")
        out.writeheader()
        out.writerows(sets.scored(found, minimum))
        for line, reason in found.errors:
            self.stderr.write(f"line {line}: {reason}")
        if found.errors:
            sys.exit(1)
