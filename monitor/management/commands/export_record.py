"""`manage.py export_record PARTICIPANT FILE.zip`"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitor import flow
from monitor.trials.models import Participant


class Command(BaseCommand):
    help = (
        "Writes the whole record of one participant into a ZIP archive: a page to read "
        "and print, and the same for machines, with the audit trail and signatures. It "
        "tells the dose level. The audit trail keeps that it was taken."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("participant", help="the participant's code")
        parser.add_argument("file", type=Path, help="where the archive is written")

    def handle(self, *, participant: str, file: Path, **options: Any) -> None:
        people = Participant.objects.select_related("site__trial")
        person = people.filter(code=participant).first()
        if person is None:
            raise CommandError(f"There is no participant {participant}.")
        try:
            file.touch(mode=0o600)
        except OSError as fault:
            raise CommandError(
                f"{file} cannot be written: {fault.strerror}."
            ) from fault
        file.write_bytes(flow.export_record(participant=person))
        self.stdout.write(f"The record of {participant} is in {file}.")
