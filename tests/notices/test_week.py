"""A simulated week of the demo's first trial: what the alarm burden comes to.

Four of the demo's stories, row by row through the real verbs, with a
sweep after each row and one every four hours, as the worker would.
"""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from monitor import clock, demo, flow
from monitor.demo import verbs
from monitor.demo.stories import s02_006, s02_015, s02_016, s03_001
from monitor.demo.teller import Teller
from monitor.episodes import queries as episodes
from monitor.episodes.models import Step
from monitor.episodes.shapes import rank
from monitor.notices.burden import burden
from monitor.notices.models import Attempt, Notice
from monitor.trials.models import Participant, User
from tests.cast import NOW

pytestmark = pytest.mark.django_db

WEEK, ROUND = timedelta(days=7), timedelta(hours=4)
STORIES = [one.STORY for one in (s02_006, s02_015, s02_016, s03_001)]
#: In which a participant never exceeds grade 1 on the scale in force.
MILD = {"02-015", "02-016", "03-001"}


def tell_the_week():
    """What happened before the week is recorded only; in it everything is live."""
    earliest = min(one.begins(NOW) + one.rows[0].at for one in STORIES)
    with clock.freeze(earliest - demo.EARLIER):
        world = demo.open_world()
    told = [demo.lines_of(Teller(one, world, one.begins(NOW))) for one in STORIES]
    rows = sorted((row for story in told for row in story), key=lambda row: row[0])
    swept = NOW - WEEK
    for at, teller, row in rows:
        while swept + ROUND < at:
            swept += ROUND
            sweep(swept)
        with clock.freeze(at):
            verbs.tell(teller, row)
        if at > NOW - WEEK:
            sweep(at)
    sweep(NOW)


def sweep(at):
    with clock.freeze(at):
        flow.sweep(at)


def test_a_week_of_the_demos_trial_is_quiet_and_misses_nothing(say):
    tell_the_week()
    say(table())
    assert mild_participants() == MILD
    busiest = {who: n for (who, _day), n in interruptions().items() if who in MILD}
    assert {who: n for who, n in busiest.items() if n > 2} == {}
    assert missed() == []


def table():
    """The alarm burden as the README shows it."""
    iyer = User.objects.get(username="iyer")
    lines = [
        "| site, patient-days | about | notices | a patient-day | interrupting "
        "a patient-day | acknowledged | led to action |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in burden(iyer, NOW - WEEK, NOW + timedelta(seconds=1)):
        for row in [*one.rows, one.whole] if one.whole.patient_days else []:
            lines.append(
                f"| {one.site.name}, {row.patient_days} | {row.what or 'all notices'} "
                f"| {row.notices} | {row.per_day:.2f} | {row.interrupting_per_day:.2f} "
                f"| {row.taken} | {row.acted} |"
            )
    return "\n".join(lines)


def standing():
    """Every standing step by participant and episode, in order."""
    steps = episodes.standing_steps().select_related("episode__cycle__participant")
    return list(steps.order_by("episode", "at", "pk"))


def mild_participants():
    worse = {
        step.episode.cycle.participant.code
        for step in standing()
        if max(step.grade or 0, step.max_grade or 0) > 1
    }
    return set(Participant.objects.values_list("code", flat=True)) - worse


def interruptions():
    """(participant, day of the site) -> notices that paged somebody on that day."""
    rows = Attempt.objects.filter(interrupts=True).select_related(
        "notice__participant__site"
    )
    found = {
        (
            one.notice.participant.code,
            one.at.astimezone(ZoneInfo(one.notice.participant.site.time_zone)).date(),
            one.notice_id,
        )
        for one in rows
    }
    return Counter((who, day) for who, day, _notice in found)


def missed():
    """Rises to or within warning and worse of which nobody was told on the spot.

    What was entered late about a past that is over is told to nobody, by design.
    """
    told = set(
        Notice.objects.filter(kind="level", deliveries__isnull=False).values_list(
            "participant__code", "created_at"
        )
    )
    return [
        str(after)
        for before, after in pairwise([None, *standing()])
        if after.recorded_at > NOW - WEEK
        and after.cause != Step.Cause.LATE
        and rises(before, after)
        and (after.episode.cycle.participant.code, after.recorded_at) not in told
    ]


def rises(before, after):
    if after.closed or rank(after.level) < rank("warning"):
        return False
    if before is None or before.episode_id != after.episode_id or before.closed:
        return True
    return rank(after.level) > rank(before.level) or (after.grade or 0) > (
        before.grade or 0
    )
