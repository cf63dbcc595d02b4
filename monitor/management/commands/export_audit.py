from typing import Any

from django.core.management.base import BaseCommand

from monitor.audit import queries


class Command(BaseCommand):
    help = (
        "Prints the whole audit trail as JSON lines, for `verify_audit FILE`. "
        "Keep the file where nobody who can change the database can change it too."
    )

    def handle(self, **options: Any) -> None:
        for line in queries.exported():
            self.stdout.write(line)
