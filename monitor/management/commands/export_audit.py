from typing import Any

from django.core.management.base import BaseCommand

from monitor import flow


class Command(BaseCommand):
    help = (
        "Prints the whole audit trail as JSON lines, for `verify_audit FILE`. "
        "Keep the file where nobody who can change the database can change it too. "
        "It holds what blinded people may not know. Its last event says who took it."
    )

    def handle(self, **options: Any) -> None:
        for line in flow.export_trail():
            self.stdout.write(line)
