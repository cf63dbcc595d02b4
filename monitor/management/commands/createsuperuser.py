"""The frame's own command would make an account that no trail knows of."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Refused: it writes no audit trail. See first_account and let_in."

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "This would write no audit trail. Use first_account for the first account "
            "and let_in for a lost password; all else is done on the page People."
        )
