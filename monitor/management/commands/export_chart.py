"""`manage.py export_chart PARTICIPANT`"""

from typing import Any

import polars as pl
from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitor.clinical.chartfile import write_chart
from monitor.episodes.timelines import chart_of
from monitor.trials.models import Participant


class Command(BaseCommand):
    help = (
        "Prints the chart file of one participant, every time with the site's offset. "
        "Loading it elsewhere gives the same assessment."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("participant", help="the participant's code")

    def handle(self, *, participant: str, **options: Any) -> None:
        found = Participant.objects.filter(code=participant).select_related("site")
        person = found.first()
        if person is None:
            raise CommandError(f"There is no participant {participant}.")
        frames = [chart_of(cycle) for cycle in person.cycles.order_by("number")]
        if not frames:
            raise CommandError(f"{participant} has no cycle yet.")
        text = write_chart(pl.concat(frames), person.site.time_zone)
        self.stdout.write(text, ending="")
