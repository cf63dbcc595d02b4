"""`manage.py assess CHART.csv[.gz]`: a chart file in, JSON lines out, no database."""

import json
import os
import sys
import time
import tomllib
from argparse import ArgumentParser
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitor.clinical.batch import Said, as_json, in_batches
from monitor.clinical.facts.chartfile import UnreadableFile, instant, read_chart
from monitor.clinical.study.protocol import SCALES, BadProtocol, Protocol

# Each process holds a batch, some 500 MiB: more of them would need more than 4 GiB.
MOST = 4


class Command(BaseCommand):
    help = "Assess a chart file and print a JSON line wherever an answer changes."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("chart", help="CHART.csv or CHART.csv.gz")
        parser.add_argument("--protocol", help="a protocol document, TOML or JSON")
        parser.add_argument("--scale", choices=SCALES, help="the scale in force")
        parser.add_argument("--now", help="ISO 8601: leave out what is later")
        cores = min(MOST, os.cpu_count() or 1)
        parser.add_argument(
            "--processes",
            type=int,
            default=cores,
            help="how many may work on a long chart at once (here: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            chart = read_chart(options["chart"])
        except UnreadableFile as fault:
            raise CommandError(str(fault), returncode=2) from fault
        protocol = read_protocol(options["protocol"])
        if options["scale"]:
            protocol = replace(protocol, scale=options["scale"])
        now, began = read_now(options["now"]), time.perf_counter()
        processes = max(1, options["processes"])
        with TemporaryDirectory() as directory:
            told = (chart.facts, protocol, now, Path(directory), processes)
            said = list(in_batches(*told))
            errors = [*chart.errors, *(one for part in said for one in part.errors)]
            self._print(said, errors, time.perf_counter() - began)
        if errors:
            sys.exit(1)

    def _print(
        self, said: list[Said], errors: list[dict[str, Any]], seconds: float
    ) -> None:
        for error in sorted(errors, key=lambda one: one["line"]):
            self.stdout.write(as_json({"error": error}))
        for part in said:
            for query in part.queries:
                self.stdout.write(as_json({"query": query}))
        for part in said:
            with part.file.open(encoding="utf-8") as lines:
                for line in lines:
                    self.stdout.write(line, ending="")
        summary = {
            "participants": sum(part.participants for part in said),
            "instants": sum(part.instants for part in said),
            "episodes": sum(part.episodes for part in said),
            "queried": sum(len(part.queries) for part in said),
            "errors": len(errors),
            "seconds": round(seconds, 3),
        }
        self.stdout.write(as_json({"summary": summary}))


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
        text = Path(path).read_text(encoding="utf-8-sig")
        document = json.loads(text) if path.endswith(".json") else tomllib.loads(text)
        return Protocol.from_document(document)
    except BadProtocol as fault:
        raise CommandError("\n".join(fault.problems), returncode=2) from fault
    except OSError as fault:
        said = f"{path} cannot be read: {fault.strerror}."
        raise CommandError(said, returncode=2) from fault
    except UnicodeDecodeError as fault:
        said = f"{path} is no text in UTF-8. Save it as UTF-8."
        raise CommandError(said, returncode=2) from fault
    except ValueError as fault:
        kind = "JSON" if path.endswith(".json") else "TOML"
        said = f"{path} is not written in {kind}: {fault}."
        raise CommandError(said, returncode=2) from fault
