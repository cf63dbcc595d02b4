"""`manage.py new_protocol TRIAL FILE --by NAME`: the next version of a protocol."""

import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from monitor.refusal import Refused
from monitor.trials import actions
from monitor.trials.models import ProtocolVersion, Trial, User


class Command(BaseCommand):
    help = (
        "Drafts and approves the next version of a trial's protocol from a document, "
        "all of it or nothing. Cycles that are open keep the version that they began "
        "under; reference safety information counts by the day of an event's onset. "
        "Where the trial has another administrator, one drafts and the other approves. "
        "Run check_protocol on the document first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("trial", help="the trial's code")
        parser.add_argument("file", type=Path, metavar="PROTOCOL.toml")
        parser.add_argument("--by", required=True, help="username of an administrator")
        parser.add_argument(
            "--approved-by", help="username of a second one; else who drafted it"
        )

    def handle(
        self,
        *,
        trial: str,
        file: Path,
        by: str,
        approved_by: str | None = None,
        **options: Any,
    ) -> None:
        found = Trial.objects.filter(code=trial).first()
        user = User.objects.filter(username=by).first()
        second = User.objects.filter(username=approved_by or by).first()
        if found is None or user is None or second is None:
            raise CommandError("There is no such trial or account.")
        try:
            document = tomllib.loads(file.read_text("utf-8"))
            version = approved(found, document, user, second)
        except (OSError, ValueError) as error:
            raise CommandError(f"{file} cannot be used: {error}") from error
        except PermissionDenied as refused:
            raise CommandError(f"Nothing was approved. {refused}") from refused
        self.stdout.write(f"{version} is approved. New cycles begin under it.")


@transaction.atomic
def approved(
    trial: Trial, document: dict[str, Any], by: User, second: User
) -> ProtocolVersion:
    """Raises Refused with what to mend in the document."""
    if not (number := str(document.get("version", ""))):
        raise Refused('The document does not say its version, as version = "2.5".')
    draft = actions.draft_protocol(trial=trial, number=number, document=document, by=by)
    return actions.approve_protocol(protocol=draft, by=second)
