"""The demo: four trials told as a story, day by day, through the program's own verbs.

Every story's clock is moved so that its `present` is now; all are told together, in
the order in which things were recorded.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction

from monitor import clock, flow
from monitor.demo import cast, verbs
from monitor.demo.rounds import with_rounds
from monitor.demo.stories import STORIES
from monitor.demo.teller import Teller
from monitor.demo.told import Row, Story
from monitor.demo.trials import PLANS, World, open_trials
from monitor.notices import actions as notices
from monitor.trials.models import Trial

# The trials were opened before anybody was enrolled.
EARLIER = timedelta(days=20)
TENTHS = 10

Report = Callable[[str], None]
Accounts = list[tuple[str, str, str]]


def seed(now: datetime, report: Report) -> Accounts:
    """Build the demo as of `now`, all of it or nothing, and say who can sign in.

    Does nothing when it is there. `report` is called with lines for a person.
    """
    if not Trial.objects.filter(code=PLANS[0].code).exists():
        with transaction.atomic():
            tell(STORIES, now, report)
    return cast.accounts()


def tell(stories: Iterable[Story], now: datetime, report: Report) -> None:
    """Open the trials and tell the stories, each row at its own moment, then sweep."""
    told = list(stories)
    began = min(one.begins(now) + one.rows[0].at for one in told)
    report(f"Opening {len(PLANS)} trials.")
    with clock.freeze(began - EARLIER):
        world = open_world()
    lines = [lines_of(Teller(one, world, one.begins(now))) for one in told]
    rows = sorted((line for story in lines for line in story), key=lambda line: line[0])
    report(f"Telling {len(told)} stories in {len(rows)} rows.")
    for number, (at, teller, row) in enumerate(rows, start=1):
        with clock.freeze(at):
            verbs.tell(teller, row)
            if row.looked:
                notices.deliver_due(at)
        if number * TENTHS // len(rows) > (number - 1) * TENTHS // len(rows):
            report(f"  {number} of {len(rows)}, {at:%a %d %b %H:%M} UTC")
    with clock.freeze(now):
        flow.sweep(now)


def open_world() -> World:
    owner = cast.hire_owner()
    people = cast.hire(owner)
    world, trials = open_trials(people, owner)
    cast.appoint(people, trials, world.sites, owner)
    return world


Line = tuple[datetime, Teller, Row]


def lines_of(teller: Teller) -> list[Line]:
    """A story's rows with the moment at which each was recorded."""
    schedule = teller.world.schedule(teller.story.trial)
    rows = with_rounds(teller.story, schedule)
    return [(teller.moment(row.written), teller, row) for row in rows]
