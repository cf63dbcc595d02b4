"""From the page of an event to the correction of what stands on it."""

from datetime import timedelta
from uuid import uuid4

from monitor import flow
from monitor.bedside.models import Reading
from monitor.episodes import queries as episodes
from monitor.episodes.models import Episode
from tests.acts import LOW, baseline, enter
from tests.review.test_pages import as_

MINUTE = timedelta(minutes=1)


def test_each_value_and_line_leads_to_its_correction(cast, now):
    baseline(cast)
    enter(cast, now - 10 * MINUTE, LOW)
    episode = Episode.objects.get()
    told = {"code": "fluid_bolus", "form": "amount", "amount": 500, "unit": "mL"}
    line = flow.log_treatment(
        cycle=cast.cycle,
        at=now - 8 * MINUTE,
        by=cast.reyes,
        key=uuid4(),
        episodes=[episode],
        **told,
    ).row
    low = Reading.objects.current().get(item="SYSBP", number=86)
    page = as_(cast.okafor).get(f"/episodes/{episode.pk}/").content.decode()
    assert f'href="/participants/02-014/readings/{low.pk}/correct/"' in page
    assert f'href="/participants/02-014/log/{line.pk}/correct/"' in page


def test_who_may_not_correct_is_offered_no_correction(cast, now):
    baseline(cast)
    enter(cast, now - 10 * MINUTE, LOW)
    episode = Episode.objects.get()
    page = as_(cast.moreau).get(f"/episodes/{episode.pk}/").content.decode()
    assert "/correct/" not in page


def test_a_bolus_is_drawn_as_long_as_it_ran(cast, now):
    """It blurs the hematocrit by the sum of a day, which no one bar says."""
    told = {"code": "fluid_bolus", "form": "amount", "amount": 500, "unit": "mL"}
    at, until = now - 20 * MINUTE, now - 5 * MINUTE
    flow.log_treatment(
        cycle=cast.cycle, at=at, until=until, by=cast.reyes, key=uuid4(), **told
    )
    (bar,) = episodes.chart_data(cast.cycle)["treatments"]
    assert bar["to"].startswith("2026-11-19T14:25")
