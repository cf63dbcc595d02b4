"""Every address x method x role x (own site, all sites, other site, other trial)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from monitor import arranging, clock, flow
from monitor.bedside.models import HiddenReading, Reading
from monitor.door.actions import sign_in
from monitor.episodes.models import Episode
from monitor.notices import actions as notices
from monitor.notices.models import Notice, OnCall
from monitor.review.queries import standing_of
from monitor.trials.models import Role, User
from monitor.trials.permissions import TABLE, Permission
from tests.acts import LOW, baseline, enter, enter_at
from tests.cast import CYCLE_OPENED, PASSWORD, Cast, hire, open_cycle
from tests.notices.told import agreed
from tests.review.whole import whole
from tests.trials.walk import LINES, Line, Reach

#: Who walks on PostgreSQL, too: these three get through every door between them, and
#: who is let in is decided above the database.
ON_BOTH = (Role.NURSE, Role.INVESTIGATOR, Role.ADMINISTRATOR)
WALKERS = [
    pytest.param(one, marks=[] if one in ON_BOTH else pytest.mark.only_on("sqlite"))
    for one in Role
]
METHODS = ("GET", "POST", "PUT", "DELETE")
PLACES = ("own site", "all sites", "other site", "other trial")
MINUTE = timedelta(minutes=1)

#: What the table cannot say.
ODD = {
    # It is a session of Reyes: to others there is none.
    ("end-session", "POST"): "404",
    ("logout", "POST"): "sent to sign in",
}

Args = dict[str, object]
Addresses = dict[str, Args]


def every_address() -> Iterator[URLPattern]:
    waiting: list[URLPattern | URLResolver] = list(get_resolver().url_patterns)
    while waiting:
        one = waiting.pop()
        if isinstance(one, URLResolver):
            waiting += one.url_patterns
        else:
            yield one


def test_every_address_has_a_line_in_the_table():
    assert sorted(one.name or "" for one in every_address()) == sorted(LINES)


# What stands behind the addresses: all of it at Boston, about 02-014


@pytest.fixture
def ward(cast, now) -> Cast:
    baseline(cast)
    enter_at(cast, now - 8 * MINUTE, LOW)
    return cast


@pytest.fixture
def addresses(ward, now) -> Addresses:
    code = {"code": "02-014"}
    told = {"cycle": ward.cycle, "key": uuid4()}
    before = enter_at(ward, now - 2 * MINUTE, LOW)
    found = enter(ward, now, LOW)
    reading = Reading.objects.get(observation=found.row, item="SYSBP")
    asked = flow.ask(by=ward.okafor, text="Cuff?", reading=reading, **told)
    sick = {"code": "paracetamol", "form": "amount", "amount": 1, "unit": "g"}
    given = flow.log_treatment(at=now, by=ward.reyes, **sick, **told)
    pause = arranging.pause(
        why="procedure", until=now + timedelta(hours=1), by=ward.reyes, **told
    )
    mine = sign_in(by=ward.reyes, session_key="of-reyes", device="", address=None)
    rows = {
        "correct-reading": reading.pk,
        "confirm-reading": reading.pk,
        "correct-treatment": given.row.pk,
        "dose": ward.next_dose.pk,
        "injections": ward.dose.pk,
        "dose-check": ward.next_dose.pk,
        "end-arrangement": pause.row.pk,
        "question": asked.pk,
        "episode": Episode.objects.get(topic="crs").pk,
        "dossier": Episode.objects.get(topic="crs").pk,
        "narrative": Episode.objects.get(topic="crs").pk,
        "second-opinion": signed(ward).pk,
        "ask-opinion": signed(ward).pk,
        "refer": Episode.objects.get(topic="crs").pk,
        "report-event": Episode.objects.get(topic="crs").pk,
        "episode-over": Episode.objects.get(topic="crs").pk,
        "acknowledge": Notice.objects.earliest("pk").pk,
        "notice": Notice.objects.earliest("pk").pk,
        "snooze": Notice.objects.earliest("pk").pk,
        "end-session": mine.pk,
        "useful": Notice.objects.earliest("pk").pk,
        "site-rota": ward.boston.pk,
        "strike-hidden": hidden_value(ward, now).pk,
        "strike-shift": plan_shift(ward, now).pk,
        "trail-review": ward.boston.pk,
        "person": ward.reyes.pk,
        "grant-role": ward.reyes.pk,
        "lock-person": ward.reyes.pk,
        "person-reach": ward.reyes.pk,
        "give-password": ward.reyes.pk,
        "lift-lock-out": ward.reyes.pk,
        "take-factor": ward.reyes.pk,
        "end-role": ward.reyes.memberships.get().pk,
    }
    made: Addresses = {}
    for one in every_address():
        named = one.pattern.regex.groupindex
        made[one.name] = code if "code" in named else {}
        if "pk" in named:
            made[one.name] = made[one.name] | {"pk": rows[one.name]}
    made["compare-sets"] = code | {"first": before.row.pk, "second": found.row.pk}
    return made


def hidden_value(cast: Cast, now: datetime) -> HiddenReading:
    """As it was entered when the trial hid it."""
    told = {"item": "INTLK6", "number": 900, "unit": "pg/mL", "typed": "900"}
    who = {"recorded_by": cast.haddad, "recorded_at": now, "key": uuid4()}
    return HiddenReading.objects.create(
        cycle=cast.cycle, observed_at=now, **told, **who
    )


def plan_shift(cast: Cast, now: datetime) -> OnCall:
    told = {"site": cast.boston, "duty": "backup", "user": cast.okafor}
    ends = now + timedelta(hours=12)
    times = {"starts_at": now, "ends_at": ends}
    return agreed(notices.plan_shift, **told, **times, by=cast.chen)[0]


def signed(ward: Cast) -> Episode:
    """The episode with a decision that somebody has signed."""
    episode = Episode.objects.get(topic="crs")
    told = {"verdict": "agree", "scale": "astct", "password": PASSWORD, "meaning": "."}
    grade = standing_of(episode).suggested
    flow.review_and_sign(
        episode=episode, by=ward.okafor, grade=grade, **whole(episode, **told)
    )
    return episode


def hired(cast: Cast, role: Role, place: str) -> User:
    """Somebody new with one role at one place."""
    site, trial = {
        "own site": (cast.boston, cast.trial),
        "all sites": (None, cast.trial),
        "other site": (cast.uppsala, cast.trial),
        "other trial": (cast.elsewhere, cast.other_trial),
    }[place]
    name = f"{role}-{place}".replace(" ", "-")
    return hire(cast, name, name, role, site, trial)


# What comes back


def answer(client: Client, method: str, path: str) -> str:
    """The status, or what it means. Nothing is kept for the next one to find."""
    with transaction.atomic():
        send = getattr(client, method.lower())
        response = send(path, {"text": ""}) if method == "POST" else send(path)
        transaction.set_rollback(True)
    status = response.status_code
    if status == 503:
        return "answered"  # By the page that says whether the program is well.
    if status == 302 and response.headers["Location"].startswith("/login/"):
        return "sent to sign in"
    return str(status) if status >= 400 and status != 422 else "answered"


def expected(line: Line, method: str, role: Role, place: str) -> str:
    needed = {"GET": line.get, "POST": line.post}.get(method)
    if needed is None:
        return "405"
    grants = TABLE[role]
    if line.reach is Reach.HERE:
        inside = place in ("own site", "all sites")
        if not inside or Permission.READ not in grants:
            return "404"
    if line.reach is Reach.THEIRS and needed & grants:
        return "answered" if place in ("own site", "all sites") else "404"
    if line.reach is Reach.PASSWORD:
        return "sent to sign in"
    return "403" if needed and not needed & grants else "answered"


def walk(user: User, addresses: Addresses) -> dict[tuple[str, str], str]:
    client = Client()
    client.force_login(user)
    session = client.cookies.copy()
    found = {}
    for name, arguments in addresses.items():
        for method in METHODS:
            client.cookies = session.copy()
            path = reverse(name, kwargs=arguments)
            found[name, method] = answer(client, method, path)
    return found


@pytest.mark.requirement("A1", "I7.1")
@pytest.mark.parametrize("role", WALKERS)
def test_everybody_gets_through_the_doors_of_their_role(ward, addresses, role):
    wrong = {}
    for place in PLACES:
        found = walk(hired(ward, role, place), addresses)
        for (name, method), answered in found.items():
            wanted = expected(LINES[name], method, role, place)
            wanted = ODD.get((name, method), wanted)
            if answered != wanted:
                wrong[place, name, method] = (answered, wanted)
    assert wrong == {}


def test_every_door_is_tried_on_both_databases():
    through = frozenset().union(*(TABLE[one] for one in ON_BOTH))
    asked = [needed for line in LINES.values() for needed in (line.get, line.post)]
    assert [needed for needed in asked if needed and not needed & through] == []


def test_who_is_not_signed_in_is_sent_to_the_door(addresses):
    client = Client()
    for name, arguments in addresses.items():
        line = LINES[name]
        for method in METHODS:
            wanted = "sent to sign in"
            if line.reach in (Reach.OPEN, Reach.PASSWORD):
                needed = {"GET": line.get, "POST": line.post}.get(method)
                if needed is None:
                    wanted = "405"
                elif line.reach is Reach.OPEN:
                    wanted = "answered"
            found = answer(client, method, reverse(name, kwargs=arguments))
            assert (name, method, found) == (name, method, wanted)


def test_nothing_is_sent_without_the_token_of_our_own_page(ward, addresses):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ward.okafor)
    for name, arguments in addresses.items():
        found = answer(client, "POST", reverse(name, kwargs=arguments))
        assert (name, found) == (name, "403")


def test_ones_own_participant_does_not_open_another_sites_rows(ward, addresses):
    """The code in the address is Uppsala's, the row behind it Boston's."""
    with clock.freeze(CYCLE_OPENED):
        open_cycle(ward, "03-001", by=ward.berg)
    client = Client()
    client.force_login(ward.berg)
    for name, arguments in addresses.items():
        if len(arguments) > 1:
            path = reverse(name, kwargs=arguments | {"code": "03-001"})
            method = "POST" if LINES[name].post is not None else "GET"
            assert (name, answer(client, method, path)) == (name, "404")
