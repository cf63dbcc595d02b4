"""`manage.py traceability [REPORT ...] [--output FILE]`"""

import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from monitor import clock
from monitor.clinical.thresholds import knowledge_version
from monitor.validation import matrix
from monitor.validation.page import page


class Command(BaseCommand):
    help = (
        "Writes requirement -> tests -> result -> version as HTML that prints. REPORT "
        "is what `pytest --junitxml REPORT` wrote; without one the tests that name a "
        "requirement are run here, on SQLite. Ends with 1 when one of them failed."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reports", nargs="*", type=Path, metavar="REPORT")
        parser.add_argument("--output", type=Path, metavar="FILE")

    def handle(self, *, reports: list[Path], **options: Any) -> None:
        with tempfile.TemporaryDirectory() as folder:
            found = reports or [tested(Path(folder) / "report.xml")]
            try:
                outcomes = [one for each in found for one in matrix.outcomes_in(each)]
            except (OSError, ValueError) as error:
                raise CommandError(str(error), returncode=2) from error
        rows = matrix.rows(outcomes)
        text = page(rows, about(), matrix.releases())
        if options["output"]:
            options["output"].write_text(text, encoding="utf-8")
        else:
            self.stdout.write(text, ending="")
        failed = [row.requirement.id for row in rows if row.result == "failed"]
        if failed:
            raise CommandError(f"Not met: {', '.join(failed)}.")


def about() -> dict[str, str]:
    """What was tested: the version, the knowledge, the commit where there is one."""
    return {
        "Version": matrix.releases()[0]["version"],
        "Knowledge": knowledge_version(),
        "Commit": commit(),
        "Written": clock.now().isoformat(timespec="minutes"),
    }


def commit() -> str:
    asked = ["git", "describe", "--always", "--dirty"]
    try:
        done = subprocess.run(
            asked, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
        )
    except OSError:
        return "unknown"
    return done.stdout.strip() or "unknown"


def tested(report: Path) -> Path:
    """Run the marked tests. Raises CommandError where the tests are not installed."""
    if not (settings.BASE_DIR / "tests").is_dir():
        raise CommandError("The tests are not here. Name the report of a run.")
    chosen = ["--db", "sqlite", "-m", matrix.MARK, "-q", "--junitxml", str(report)]
    subprocess.run(
        [sys.executable, "-m", "pytest", *chosen],
        cwd=settings.BASE_DIR,
        stdout=sys.stderr,
        check=False,
    )
    return report
