"""The ward whose notices the fault tests follow: the cast, at the machine's own time.

02-014 is told of by the saver. 02-015 had a dose this hour, in a protocol whose
questions page at once: two people work on it in their browsers.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.test import Client

from monitor import clock, flow
from monitor.bedside.models import Reading
from monitor.trials import actions
from monitor.trials.models import User
from tests.acts import WELL, readings
from tests.cast import PROTOCOL, assemble, plan

CODE = "02-015"
#: A moment later, so that a timer of its own comes due.
MOMENT = 0.012
PAGED = {
    "why": "So that each question is a message to two people",
    "steps": [
        {"after_minutes": MOMENT / 60, "tell": ["nurse", "investigator"], "how": "page"}
    ],
}


@dataclass(frozen=True)
class Ward:
    """What a visitor has to know: which value to ask about, and two sessions."""

    reading: str
    nurse: str
    investigator: str


def open_ward() -> Ward:
    cast = assemble()
    now = clock.now()
    with clock.freeze(now - timedelta(hours=2)):
        document = PROTOCOL | {"version": "2.0", "escalation": {"question": PAGED}}
        draft = actions.draft_protocol(
            trial=cast.trial, number="2.0", document=document, by=cast.vance
        )
        cycle = actions.open_cycle(
            participant=cast.participants[CODE],
            number=1,
            protocol=actions.approve_protocol(protocol=draft, by=cast.vance),
            by=cast.okafor,
        )
        given = now - timedelta(minutes=50)
        dose = plan(cycle, 1, given, cast.okafor)
    with clock.freeze(given):
        actions.record_dose(dose=dose, status="given", given_at=given, by=cast.reyes)
    flow.record_set(
        cycle=cycle,
        observed_at=now,
        readings=readings(WELL),
        by=cast.reyes,
        key=uuid4(),
    )
    reading = Reading.objects.get(observation__cycle=cycle, item="TEMP")
    return Ward(str(reading.pk), session(cast.reyes), session(cast.okafor))


def session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value
