"""`manage.py open_trial PLAN.toml --by OWNER`: a trial with all that it needs."""

import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from monitor.refusal import Refused
from monitor.trials import actions
from monitor.trials.models import Trial, User


class Command(BaseCommand):
    help = (
        "Opens the trial of a plan with its sites, dose levels and approved protocol, "
        "all of it or nothing; the owner is its first administrator. README.md has an "
        "example of a plan."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("plan", type=Path, metavar="PLAN.toml")
        parser.add_argument("--by", required=True, help="username of the owner")

    def handle(self, *, plan: Path, by: str, **options: Any) -> None:
        owner = User.objects.filter(username=by).first()
        if owner is None:
            raise CommandError(f"There is no account {by}.")
        try:
            told = read(plan)
            with transaction.atomic():
                trial = opened(told, read(plan.parent / told["protocol"]), owner)
        except KeyError as error:
            raise CommandError(
                f"{plan} does not say {error}. README.md has an example."
            ) from error
        except TypeError as error:
            raise CommandError(f"{plan}: {error}. README.md has an example.") from error
        except (Refused, PermissionDenied) as refused:
            raise CommandError(f"Nothing was opened. {refused}") from refused
        self.stdout.write(f"{trial.code} is open. Give people their roles in it.")


def read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error


def opened(told: dict[str, Any], document: dict[str, Any], by: User) -> Trial:
    trial = actions.open_trial(code=told["code"], title=told["title"], by=by)
    for site in told["site"]:
        actions.add_site(trial=trial, by=by, **site)
    for number, level in enumerate(told["level"], start=1):
        actions.add_cohort(trial=trial, number=number, color=number, by=by, **level)
    draft = actions.draft_protocol(
        trial=trial, number=document["version"], document=document, by=by
    )
    actions.approve_protocol(protocol=draft, by=by)
    return trial
