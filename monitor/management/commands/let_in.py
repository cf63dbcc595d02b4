"""`manage.py let_in USERNAME --reason WHY`: when no administrator can do it."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from monitor.door import letting
from monitor.door.models import SecondFactor
from monitor.flow.exports import OPERATOR
from monitor.refusal import Refused
from monitor.trials.models import User


class Command(BaseCommand):
    help = (
        "Lets somebody in again, by whoever has a shell of this machine: ends a "
        "lock-out and, where asked, takes a lost second factor away or sets a "
        "password, which is asked for and must be changed at sign-in. For the owner of "
        "the program; administrators do it for all others on the page People."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="it stays in the trail")
        parser.add_argument("--lost-device", action="store_true")
        parser.add_argument("--lost-password", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['username']}.")
        why = {"user": user, "by": OPERATOR, "reason": options["reason"]}
        password = asked() if options["lost_password"] else ""
        try:
            with transaction.atomic():
                letting.lift_lock_out(**why)
                if options["lost_device"]:
                    letting.take_lost_factor(**why)
                if password:
                    letting.give_password(**why, password=password)
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        left = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False)
        ends = "a second factor is still asked for" if left else "no second factor"
        self.stdout.write(f"{user.username} may sign in: {ends}.")


def asked() -> str:
    return getpass.getpass("Password to hand over: ")
