"""`manage.py load_ctcae FILE --by USERNAME`: NCI's official wording, by version."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitor.clinical.ctcae.model import VERSION_NAMES, VERSIONS
from monitor.clinical.ctcae.nci import NotTheTable, read_table
from monitor.refusal import Refused
from monitor.trials import actions
from monitor.trials.models import User

REASON = "NCI's published table"


class Command(BaseCommand):
    help = (
        "Load NCI's table of CTCAE terms (v5.0 or v6.0, saved as CSV): from then on "
        "screens show its wording and MedDRA codes. Loading it again adds nothing. "
        "Exit status 2: the file is not the table."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="NCI's table as CSV, UTF-8")
        parser.add_argument("--by", required=True, help="username of the owner")
        parser.add_argument("--reason", default=REASON, help=f"default: {REASON}")
        parser.add_argument(
            "--ctcae", choices=VERSIONS, help="where the file does not say its version"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["by"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['by']}.")
        try:
            table = read_table(options["file"], options["ctcae"])
        except NotTheTable as fault:
            raise CommandError(str(fault), returncode=2) from fault
        try:
            _made, created = actions.load_ctcae(
                table=table, by=user, reason=options["reason"]
            )
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        name, terms = VERSION_NAMES[table.version], len(table.entries)
        codes = sum(bool(one.code) for one in table.entries)
        done = "loaded" if created else "was loaded before, nothing is added"
        self.stdout.write(f"{name}: {terms} terms, {codes} with MedDRA codes: {done}.")
