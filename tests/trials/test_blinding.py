"""Who is blinded cannot tell: not from a page, a count, a filter, an order, an export.

The same reader asks twice, with and without the hidden fact changed, and must be handed
the same bytes, but for the tokens that differ each time.
"""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse

from monitor import clock, flow
from monitor.audit import triggers
from monitor.audit.models import AppendOnlyError, Event
from monitor.audit.sentences import line_of
from monitor.episodes import queries as episodes
from monitor.episodes.models import CycleState
from monitor.notices.models import Notice
from monitor.refusal import Refused
from monitor.review.actions import WrongPassword
from monitor.trials import actions
from monitor.trials.blinding import seeing
from monitor.trials.models import (
    Cohort,
    Cycle,
    Dose,
    Participant,
    Unblinding,
)
from monitor.trials.queries import cycle_for
from tests.acts import WELL, enter
from tests.cast import CYCLE_OPENED, GIVEN, PASSWORD, PROTOCOL, open_cycle, plan
from tests.trials.test_the_walk import addresses, ward  # noqa: F401
from tests.trials.walk import LINES

BLINDED = {"roles": ["pharmacist"], "amounts": True}
LEVEL, OTHER = "1200 IU/kg", "2400 IU/kg"
TOKENS = re.compile(
    rb'[0-9a-f]{8}-[0-9a-f-]{27}|name="csrfmiddlewaretoken"[^>]*>|X-CSRFToken[^}]*}'
    rb"|/(ID|CreationDate|ModDate)[^\n]*"
)
ASKED = ("/?cohort=1", "/?cohort=1200", "/?sort=cohort", "/queue/?cohort=1")
ASKED += ("/due/?cohort=1", "/participants/02-014/audit/?action=dose")

Answers = dict[str, bytes]


@pytest.fixture
def blinded(ward):  # noqa: F811
    actions.set_blinding(
        trial=ward.trial, blinding=BLINDED, by=ward.vance, reason="As in protocol 1.0"
    )
    return ward


def change_what_is_hidden() -> None:
    """The same trial at another dose: its level's name and number, and each amount."""
    Cohort.objects.filter(name=LEVEL).update(name=OTHER, number=9)
    guards = triggers.expected(connection)
    connection.check_constraints()  # PostgreSQL drops no trigger while some wait.
    with connection.cursor() as cursor:
        for guard in guards:
            cursor.execute(guard.drop)
        doses = connection.ops.quote_name(Dose._meta.db_table)
        cursor.execute(f"UPDATE {doses} SET amount = 2400 WHERE amount = 1200")
        events = connection.ops.quote_name(Event._meta.db_table)
        told = "REPLACE(CAST(changes AS TEXT), '\"1200\"', '\"2400\"')"
        cast = f"CAST({told} AS JSONB)" if connection.vendor != "sqlite" else told
        cursor.execute(f"UPDATE {events} SET changes = {cast}")
    triggers.install(connection.alias)
    for state in CycleState.objects.all():
        summary = json.dumps(state.summary)
        state.summary = json.loads(summary.replace("1200", "2400"))
        state.save(update_fields=["summary"])


def differences(pages: dict[str, Callable[[], bytes]]) -> list[str]:
    """What answers otherwise once the hidden fact has changed."""
    before = {name: TOKENS.sub(b"", ask()) for name, ask in pages.items()}
    change_what_is_hidden()
    after = {name: TOKENS.sub(b"", ask()) for name, ask in pages.items()}
    return [name for name in pages if before[name] != after[name]]


def pages_for(user, addresses) -> dict[str, Callable[[], bytes]]:  # noqa: F811
    """Every address that answers a GET, and some with filters and orders."""
    client = Client()
    client.force_login(user)
    # A first look is kept, and the page says from then on what is new since.
    client.get(reverse("episode", kwargs=addresses["episode"]))
    paths = [
        reverse(name, kwargs=arguments)
        for name, arguments in addresses.items()
        if LINES[name].get is not None
    ]
    return {
        f"{user.username} {path}": lambda path=path: client.get(path).content
        for path in [*paths, *ASKED]
    }


@pytest.mark.requirement("A4", "R7", "A1")
def test_who_is_blinded_is_handed_the_same_bytes_at_any_dose(blinded, addresses):  # noqa: F811
    pages = {}
    for user in (blinded.reyes, blinded.okafor):
        pages |= pages_for(user, addresses)
    assert differences(pages) == []


@pytest.mark.requirement("A4", "R7", "R6")
def test_files_for_who_is_blinded_are_the_same_at_any_dose(blinded):
    before = files_for(blinded.okafor)
    change_what_is_hidden()
    assert files_for(blinded.okafor) == before
    assert [status for status, _file in before.values()] == [403, 200, 200, 200]


def test_files_for_who_sees_the_level_are_others(blinded):
    """Without this the test above could not fail."""
    before = files_for(blinded.iyer)
    trials = {**BLINDED, "roles": ["safety_physician"]}
    actions.set_blinding(
        trial=blinded.trial, blinding=trials, by=blinded.vance, reason="Once more"
    )
    after = files_for(blinded.iyer)
    assert [name for name in before if before[name] != after[name]] == [*FILES]


#: What can be taken of a participant. That it was taken is in the trail, and left out.
FILES = ("record", "chart", "chart-moved", "trail")


def files_for(user) -> dict[str, tuple[int, list[bytes]]]:
    client = Client()
    client.force_login(user)
    told = {}
    for name in FILES:
        answer = client.post("/participants/02-014/files/", {"file": name})
        file = TOKENS.sub(b"", answer.content).splitlines()
        told[name] = answer.status_code, [one for one in file if b"export" not in one]
    return told


def test_who_sees_the_level_is_handed_others(blinded, addresses):  # noqa: F811
    """Without this the test above could not fail."""
    changed = differences(pages_for(blinded.haddad, addresses))
    seen = {path.removeprefix("haddad ") for path in changed}
    assert {"/due/", "/participants/02-014/", "/participants/02-014/audit/"} <= seen


# Planted leaks: each of the four ways must be caught by the comparison


def planted_filter() -> bytes:
    found = Participant.objects.filter(cohort__name=LEVEL)
    return ",".join(found.order_by("code").values_list("code", flat=True)).encode()


def planted_count() -> bytes:
    return str(Dose.objects.filter(amount__lt=2000).count()).encode()


def planted_order() -> bytes:
    found = Participant.objects.filter(site__trial__code="NARA-2")
    return ",".join(
        found.order_by("cohort__name").values_list("code", flat=True)
    ).encode()


def planted_export() -> bytes:
    rows = Dose.objects.order_by("pk").values_list("number", "amount")
    return "\n".join(f"{number},{amount}" for number, amount in rows).encode()


@pytest.mark.requirement("A1")
@pytest.mark.parametrize(
    "leak", [planted_filter, planted_count, planted_order, planted_export]
)
def test_a_planted_leak_is_caught(blinded, leak):
    between = Cohort.objects.create(
        trial=blinded.trial, number=5, name="1800 IU/kg", neutral_label="Cohort E"
    )
    Participant.objects.filter(code="02-014").update(cohort=between)
    assert differences({"leak": leak}) == ["leak"]


# Who sees what


def test_a_trial_narrows_who_sees_dose_levels(blinded):
    participant = blinded.participants["02-014"]
    seen = {name for name, user in blinded.people.items() if seeing(user)(participant)}
    assert seen == {"haddad"}
    assert not seeing(None)(participant)


def test_without_a_word_of_the_trial_the_table_holds(cast):
    participant = cast.participants["02-014"]
    seen = {name for name, user in cast.people.items() if seeing(user)(participant)}
    assert seen == {"okafor", "haddad", "iyer"}


@pytest.mark.parametrize(
    "told", [{"roles": ["nurse"]}, {"arms": True}, {"roles": ["nobody"]}]
)
def test_a_blinding_that_cannot_be_is_refused(cast, told):
    with pytest.raises(Refused):
        actions.set_blinding(
            trial=cast.trial, blinding=told, by=cast.vance, reason="Try"
        )


def test_a_chart_without_a_reader_says_no_amount(blinded):
    assert {
        one["label"]
        for one in episodes.chart_data(cycle_for(blinded.reyes, "02-014"))["doses"]
    } == {
        "1",
        "2",
    }


# Emergency unblinding


def unblind(cast, by=None, **more):
    told = {"reason": "Surgeon must know", "password": PASSWORD, "key": uuid4()} | more
    return flow.unblind(
        participant=cast.participants["02-014"], by=by or cast.okafor, **told
    )


@pytest.mark.requirement("A2")
def test_in_an_emergency_one_person_learns_the_level_and_others_that_it_was_done(
    blinded,
):
    unblind(blinded)
    here, there = blinded.participants["02-014"], blinded.participants["02-015"]
    assert seeing(blinded.okafor)(here)
    assert not seeing(blinded.okafor)(there)
    assert not seeing(blinded.iyer)(here)
    notice = Notice.objects.get(kind="unblinded")
    assert notice.lines == ["C. Okafor, MD unblinded 02-014 in an emergency."]
    event = Event.objects.get(action="unblinding.done")
    assert (event.actor, event.reason) == ("okafor", "Surgeon must know")
    assert LEVEL not in json.dumps([event.changes, notice.lines])


@pytest.mark.requirement("A2")
@pytest.mark.requirement("A2")
def test_an_administrator_who_is_told_is_led_nowhere_that_is_shut(blinded, now):
    unblind(blinded)
    flow.deliver(now)
    for user, open_ in ((blinded.vance, False), (blinded.haddad, True)):
        client = Client()
        client.force_login(user)
        listed = client.get("/notices/").content.decode()
        assert "C. Okafor, MD unblinded 02-014 in an emergency." in listed
        assert "/acknowledge/" not in listed
        pk = Notice.objects.get(kind="unblinded").pk
        page = client.get(f"/notices/{pk}/").content.decode()
        assert ("Open 02-014" in page) is open_


def test_it_cannot_be_taken_back(blinded):
    made = unblind(blinded)
    with pytest.raises(AppendOnlyError):
        made.delete()
    assert any(Unblinding._meta.db_table in one.name for one in guards())


def guards():
    return triggers.expected(connection)


def test_the_same_press_twice_is_one(blinded):
    key = uuid4()
    assert unblind(blinded, key=key) == unblind(blinded, key=key)
    assert Notice.objects.filter(kind="unblinded").count() == 1


def test_who_sees_the_level_already_is_told_so(blinded):
    unblind(blinded)
    with pytest.raises(Refused, match="already"):
        unblind(blinded)


def test_with_a_wrong_password_nothing_is_kept_but_that_it_was_tried(blinded):
    with pytest.raises(WrongPassword):
        unblind(blinded, password="not mine")
    assert not Unblinding.objects.exists()
    assert Event.objects.latest("sequence").action == "unblinding.refused"


def test_without_a_reason_nobody_looks(blinded):
    with pytest.raises(Refused) as refused:
        unblind(blinded, reason=" ")
    assert refused.value.field == "reason"


@pytest.mark.requirement("A2")
def test_the_page_asks_for_reason_and_password_and_then_shows_the_level(
    blinded, client
):
    client.force_login(blinded.okafor)
    path = "/participants/02-014/unblind/"
    asked = client.get(path).content.decode()
    assert "safety physician" in asked
    assert LEVEL not in asked
    sent = {"reason": "Surgeon must know", "password": "wrong", "key": uuid4()}
    refused = client.post(path, sent)
    assert refused.status_code == 422
    assert "Surgeon must know" in refused.content.decode()
    done = client.post(path, sent | {"password": PASSWORD}, follow=True)
    assert LEVEL in done.content.decode()
    assert "C. Okafor, MD" in done.content.decode()


IMPACT = "The surgeon knows 1200; values from today on are not blind."


@pytest.mark.requirement("A2", "R7")
def test_what_it_does_to_the_trial_is_asked_for_and_kept_from_the_blinded(
    blinded, client
):
    row = unblind(blinded)
    client.force_login(blinded.okafor)
    page = client.get("/participants/02-014/unblind/").content.decode()
    assert "Nobody has said yet what it does to the trial." in page
    path = "/participants/02-014/unblind/impact/"
    assert client.post(path, {"unblinding": row.pk, "text": ""}).status_code == 422
    client.post(path, {"unblinding": row.pk, "text": IMPACT})
    assert client.post(path, {"unblinding": 0, "text": "x"}).status_code == 404
    page = client.get("/participants/02-014/unblind/").content.decode()
    assert IMPACT in page
    assert "Nobody has said yet" not in page
    told = row.assessments.get()
    assert (told.printed_name, told.text) == ("C. Okafor, MD", IMPACT)
    event = Event.objects.get(action="unblinding.assessed")
    assert str(line_of(event, unblinded=True).changes[0].new) == IMPACT
    assert line_of(event).changes == ()
    client.force_login(blinded.iyer)
    page = client.get("/participants/02-014/unblind/").content.decode()
    assert "C. Okafor, MD" in page
    assert IMPACT not in page
    with pytest.raises(AppendOnlyError):
        told.delete()


def test_who_is_blinded_does_not_judge_the_unblinding(blinded):
    row = unblind(blinded)
    told = {"unblinding": row, "text": "Nothing"}
    with pytest.raises(Refused, match="blinded"):
        actions.assess_unblinding(**told, by=blinded.iyer)
    with pytest.raises(PermissionDenied):
        actions.assess_unblinding(**told, by=blinded.reyes)


def test_nobody_is_nobody(blinded):
    assert not seeing(AnonymousUser())(blinded.participants["02-014"])


# A window that is open for some levels only would say the level


OPENED = [{"level": 4, "on": "2026-11-20", "by": "Safety group"}]
WINDOW = {"from_hours": 1, "to_hours": 8, "below": 40.0}


def windows_by_level(cast):
    """A cycle of 02-015, who was given a dose of level 4, under the next protocol."""
    expected = {"on": True, "fever": WINDOW, "opened": OPENED}
    with clock.freeze(CYCLE_OPENED):
        cast.protocol = actions.approve_protocol(
            protocol=actions.draft_protocol(
                trial=cast.trial,
                number="1.1",
                document={**PROTOCOL, "expected": expected},
                by=cast.vance,
            ),
            by=cast.vance,
        )
        cycle = open_cycle(cast, "02-015")
        dose = plan(cycle, 1, GIVEN, cast.okafor)
    actions.record_dose(dose=dose, status="given", given_at=GIVEN, by=cast.reyes)
    return Cycle.objects.get(pk=cycle.pk)


def release_in(cast, now, blinding):
    """The line of cytokine release, with a fever hours after a dose of level 4."""
    told = {"by": cast.vance, "reason": "As in protocol 1.1"}
    actions.set_blinding(trial=cast.trial, blinding=blinding, **told)
    cycle = windows_by_level(cast)
    enter(cast, now - timedelta(hours=5), WELL, cycle=cycle)
    enter(cast, now, {**WELL, "TEMP": "38.6"}, cycle=cycle)
    lines = CycleState.objects.get(cycle=cycle).summary["lines"]
    return next(one for one in lines if one["topic"] == "crs")


@pytest.mark.requirement("A4")
def test_where_levels_are_hidden_no_fever_is_expected_for_some_of_them(cast, now):
    found = release_in(cast, now, BLINDED)
    assert (found["expected"], found["level"]) == (False, "warning")


def test_where_nothing_is_hidden_it_is_expected_for_the_level(cast, now):
    """Without this the test above could not fail."""
    found = release_in(cast, now, {})
    assert (found["expected"], found["level"]) == (True, "watch")
