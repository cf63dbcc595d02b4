"""`manage.py check_protocol FILE`: is this protocol document fit to be used?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from monitor.management.commands.assess import read_protocol


class Command(BaseCommand):
    help = "Check a protocol document; exit 0 if it can be used, 2 with what to mend."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a protocol document, TOML or JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        protocol = read_protocol(options["file"])
        changed = len(protocol.overrides)
        self.stdout.write(
            f"{protocol.name} {protocol.version}: scale {protocol.scale}, "
            f"{changed} thresholds of its own, {len(protocol.plan.sets)} intensities."
        )
