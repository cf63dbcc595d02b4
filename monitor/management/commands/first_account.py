"""`manage.py first_account USERNAME --printed-name NAME`: who owns a new database."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitor.refusal import Refused
from monitor.trials import actions


class Command(BaseCommand):
    help = (
        "Makes the first account of an empty database, its owner, who makes the "
        "others on the page People. Asks for the password."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--printed-name", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        told = {key: options[key] for key in ("username", "printed_name")}
        try:
            owner = actions.create_owner(**told, password=asked())
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        self.stdout.write(f"{owner.username} is the owner of this database.")


def asked() -> str:
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise CommandError("The two are not the same. Nothing was made.")
    return password
