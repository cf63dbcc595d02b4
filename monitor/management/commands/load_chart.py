"""`manage.py load_chart FILE --trial CODE --site CODE --by USERNAME`"""

from collections import defaultdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitor import enrolling, loading
from monitor.clinical.facts.chartfile import UnreadableFile, read_chart
from monitor.loading import Loaded, Row
from monitor.refusal import Refused
from monitor.trials.models import Cohort, ProtocolVersion, Site, User

BAR = 40


class Command(BaseCommand):
    help = (
        "Loads a chart file. Participants and cycles that are not known are enrolled. "
        "Loading it again adds nothing. Exit status 1 when rows were refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a chart file, .csv or .csv.gz")
        parser.add_argument("--trial", required=True, help="code of the trial")
        parser.add_argument("--site", required=True, help="code of the site")
        parser.add_argument("--by", required=True, help="username of who loads it")
        parser.add_argument(
            "--cohort", type=int, help="number of the dose level; default: the lowest"
        )

    def handle(self, *, file: str, **options: Any) -> None:
        try:
            chart = read_chart(file)
        except UnreadableFile as fault:
            raise CommandError(str(fault), returncode=2) from fault
        place = Place(
            **{key: options[key] for key in ("trial", "site", "by", "cohort")}
        )
        self.done, self.total = 0, chart.facts.height
        loaded = Loaded(bad=list(chart.errors))
        rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in chart.facts.iter_rows(named=True):
            rows[row["participant"], row["cycle"]].append(row)
        for (code, number), own in rows.items():
            self.load(place, code, number, own, loaded)
        self.report(loaded)

    def load(
        self, place: "Place", code: str, number: str, rows: list[Row], loaded: Loaded
    ) -> None:
        try:
            participant = enrolling.participant_of(
                code, rows, place.site, place.cohort, place.user
            )
            cycle = enrolling.cycle_of(
                participant, number, rows, place.protocol, place.user
            )
            got = loading.load_cycle(
                cycle=cycle, rows=rows, by=place.user, progress=self.progress
            )
        except PermissionDenied as denied:
            raise CommandError(str(denied)) from denied
        except Refused as refused:
            loaded.bad += [
                {"line": r["line"], "reason": refused.sentence} for r in rows
            ]
            return
        loaded.recorded += got.recorded
        loaded.known += got.known
        loaded.bad += got.bad

    def progress(self, rows: int) -> None:
        """A bar, for a person only: a file or a pipe gets the report alone."""
        self.done += rows
        if not self.stderr.isatty():
            return
        filled = BAR * self.done // max(self.total, 1)
        bar = "#" * filled + "." * (BAR - filled)
        self.stderr.write(f"\r{bar} {self.done} of {self.total}", ending="")

    def report(self, loaded: Loaded) -> None:
        if self.stderr.isatty():
            self.stderr.write("")
        for one in sorted(loaded.bad, key=lambda one: one["line"]):
            self.stderr.write(f"line {one['line']}: {one['reason']}")
        self.stdout.write(
            f"{loaded.recorded} rows recorded, {loaded.known} there already, "
            f"{len(loaded.bad)} refused."
        )
        if loaded.bad:
            raise SystemExit(1)


class Place:
    """Where the chart goes: every name is looked up, and refused in words."""

    def __init__(self, trial: str, site: str, by: str, cohort: int | None) -> None:
        sites = Site.objects.select_related("trial")
        self.site = found(
            sites.filter(trial__code=trial, code=site).first(),
            f"There is no site {site} in the trial {trial}.",
        )
        self.user = found(
            User.objects.filter(username=by).first(), f"There is no account {by}."
        )
        cohorts = Cohort.objects.filter(trial=self.site.trial).order_by("number")
        wanted = cohorts if cohort is None else cohorts.filter(number=cohort)
        self.cohort = found(wanted.first(), "The trial has no such dose level.")
        approved = ProtocolVersion.objects.filter(
            trial=self.site.trial, status=ProtocolVersion.Status.APPROVED
        )
        self.protocol = found(
            approved.order_by("approved_at").last(),
            "The trial has no approved protocol version.",
        )


def found(row: Any, sentence: str) -> Any:
    if row is None:
        raise CommandError(sentence)
    return row
