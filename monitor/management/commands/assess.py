"""`manage.py assess CHART.csv[.gz]`: a chart file in, JSON lines out, no database."""

import json
import sys
import tomllib
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitor.clinical.assess import Assessment, assess
from monitor.clinical.chartfile import UnreadableFile, instant, read_chart
from monitor.clinical.protocol import SCALES, BadProtocol, Protocol

PRIVATE = ("fold",)


class Command(BaseCommand):
    help = "Assess a chart file and print a JSON line wherever an answer changes."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("chart", help="CHART.csv or CHART.csv.gz")
        parser.add_argument("--protocol", help="a protocol document, TOML or JSON")
        parser.add_argument("--scale", choices=SCALES, help="the scale in force")
        parser.add_argument("--now", help="ISO 8601: leave out what is later")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            chart = read_chart(options["chart"])
        except UnreadableFile as fault:
            raise CommandError(str(fault), returncode=2) from fault
        protocol = read_protocol(options["protocol"])
        now = read_now(options["now"])
        found = assess(chart.facts, protocol, options["scale"], now)
        errors = [*chart.errors, *found.errors]
        self._print(found, errors)
        if errors:
            sys.exit(1)

    def _print(self, found: Assessment, errors: list[dict[str, Any]]) -> None:
        for error in sorted(errors, key=lambda one: one["line"]):
            self.stdout.write(as_json({"error": error}))
        for query in found.queries:
            self.stdout.write(as_json({"query": query}))
        for line in found.lines:
            shown = {key: value for key, value in line.items() if key not in PRIVATE}
            self.stdout.write(as_json(shown))
        summary = {**found.summary, "errors": len(errors)}
        self.stdout.write(as_json({"summary": summary}))


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def read_now(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return instant(text)
    except ValueError as fault:
        raise CommandError(
            f"--now {text} is not an ISO 8601 time.", returncode=2
        ) from fault


def read_protocol(path: str | None) -> Protocol:
    """The protocol of a file; the default without one. Exits 2 with sentences."""
    if path is None:
        return Protocol.default()
    try:
        text = Path(path).read_text(encoding="utf-8")
        document = json.loads(text) if path.endswith(".json") else tomllib.loads(text)
        return Protocol.from_document(document)
    except BadProtocol as fault:
        raise CommandError("\n".join(fault.problems), returncode=2) from fault
    except (OSError, ValueError) as fault:
        raise CommandError(f"{path} cannot be read: {fault}", returncode=2) from fault
