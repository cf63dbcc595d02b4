"""`manage.py export_chart PARTICIPANT [--by NAME]`"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitor import flow
from monitor.refusal import Refused
from monitor.trials.models import Participant, User


class Command(BaseCommand):
    help = (
        "Prints the chart file of one participant, every time with the site's offset. "
        "Loading it elsewhere gives the same assessment. The audit trail keeps that it "
        "was taken. Without --by it holds the amounts of doses whatever the trial "
        "hides, and says so."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("participant", help="the participant's code")
        parser.add_argument(
            "--by", help="username of whom it is for: only what that person may know"
        )

        parser.add_argument(
            "--moved",
            action="store_true",
            help="every date moved by the same days: the record begins on 2000-01-01",
        )

    def handle(
        self, *, participant: str, by: str | None, moved: bool, **options: Any
    ) -> None:
        people = Participant.objects.select_related("site__trial")
        person = people.filter(code=participant).first()
        if person is None:
            raise CommandError(f"There is no participant {participant}.")
        user = User.objects.filter(username=by).first() if by else None
        if by and user is None:
            raise CommandError(f"There is no account {by}.")
        try:
            made = flow.export_chart(participant=person, by=user, moved=moved)
        except (Refused, PermissionDenied) as refused:
            raise CommandError(str(refused)) from refused
        for remark in made.remarks:
            self.stderr.write(remark)
        self.stdout.write(made.text, ending="")
