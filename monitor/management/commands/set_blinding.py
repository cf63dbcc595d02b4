"""`manage.py set_blinding TRIAL --by USERNAME --reason WHY`: what a trial hides."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitor import flow
from monitor.refusal import Refused
from monitor.trials.models import Trial, User


class Command(BaseCommand):
    help = (
        "Say what a trial hides and from whom; what is left out is not hidden. Exit "
        "status 1 for what cannot be, with a sentence: an item or pattern that people "
        "have seen already, or one that everybody needs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("trial", help="the trial's code")
        parser.add_argument("--by", required=True, help="username of an administrator")
        parser.add_argument("--reason", required=True, help="as the protocol has it")
        parser.add_argument(
            "--roles",
            help="who sees dose levels, separated by commas: investigator, pharmacist, "
            "safety_physician; left out: all three",
        )
        parser.add_argument(
            "--amounts", action="store_true", help="amounts of study drug are hidden"
        )
        parser.add_argument("--items", help="laboratory items: INTLK6,FERRITIN")
        parser.add_argument("--patterns", help="keys of patterns: inflammation")

    def handle(self, *args: Any, **options: Any) -> None:
        trial = Trial.objects.filter(code=options["trial"]).first()
        user = User.objects.filter(username=options["by"]).first()
        if trial is None or user is None:
            raise CommandError("There is no such trial or account.")
        told: dict[str, Any] = {
            key: [one.strip() for one in options[key].split(",") if one.strip()]
            for key in ("roles", "items", "patterns")
            if options[key] is not None
        }
        if options["amounts"]:
            told["amounts"] = True
        try:
            flow.set_blinding(
                trial=trial, blinding=told, by=user, reason=options["reason"]
            )
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        self.stdout.write(f"{trial.code} hides: {told or 'nothing'}.")
