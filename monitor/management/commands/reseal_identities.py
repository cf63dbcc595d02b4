"""`manage.py reseal_identities --by USERNAME`: after a new key, before the old goes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitor.refusal import Refused
from monitor.trials import actions
from monitor.trials.models import User


class Command(BaseCommand):
    help = (
        "Seal every identity under the first of MONITOR_IDENTITY_KEYS. Afterwards the "
        "other keys can be thrown away; older backups still need them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", required=True, help="username of an administrator")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["by"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['by']}.")
        try:
            done = actions.reseal_identities(by=user)
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        self.stdout.write(f"{done} identities are sealed under the newest key.")
