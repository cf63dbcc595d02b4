"""Items and patterns that tell the dose level: seen on one page, by who sees the level.

What everybody is shown is made without them. So there is nothing to leave out of a
page, a count, a filter, an order, an export, a notice or a PDF; the tests look whether
that is so.
"""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from monitor import flow
from monitor.audit import chain, triggers
from monitor.audit import queries as audit
from monitor.audit.models import Event
from monitor.bedside.models import HiddenReading, Reading
from monitor.clinical.answers.silence import can_be_unasked
from monitor.episodes import hidden as hiding
from monitor.episodes.models import CycleState, Step
from monitor.episodes.timelines import chart_of
from monitor.refusal import Refused
from monitor.trials.blinding import can_be_hidden, seeing
from tests.acts import FEVER, baseline, enter, enter_at
from tests.trials.test_blinding import TOKENS
from tests.trials.test_the_walk import addresses, ward  # noqa: F401
from tests.trials.walk import LINES

HIDES = {"roles": ["pharmacist"], "items": ["INTLK6"], "patterns": ["inflammation"]}
MARKERS = {"CRP": "180", "FERRITIN": "2400"}
MINUTE = timedelta(minutes=1)
FROM_THE_LABORATORY = {"panel": "labs", "source": "laboratory"}
PAGE = "/participants/02-014/hidden/"

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("A1", "A2", "R7")]


@pytest.fixture
def hiding_trial(cast):
    flow.set_blinding(
        trial=cast.trial, blinding=HIDES, by=cast.vance, reason="As in protocol 1.0"
    )
    cast.cycle.refresh_from_db()
    cast.cycle.participant.site.trial.refresh_from_db()
    return cast


def keep(cast, at, typed="900", by=None, **more):
    told = {"item": "INTLK6", "unit": "pg/mL", "observed_at": at, "key": uuid4()}
    who = by or cast.haddad
    return flow.record_hidden(cycle=cast.cycle, typed=typed, by=who, **told | more)[0]


def baseline_with_markers(cast):
    baseline(cast)
    before = cast.dose.given_at - 30 * MINUTE
    enter_at(cast, before, {"CRP": "4", "FERRITIN": "120"}, **FROM_THE_LABORATORY)


def fever_with_markers(cast, now):
    """What makes the pattern of inflammation true where somebody asks about it."""
    baseline_with_markers(cast)
    enter_at(cast, now - 40 * MINUTE, FEVER)
    enter_at(cast, now - 30 * MINUTE, MARKERS, **FROM_THE_LABORATORY)
    return enter_at(cast, now - 5 * MINUTE, FEVER)


# A hidden item


def test_a_hidden_value_is_kept_apart_and_feeds_nothing_that_everybody_sees(
    hiding_trial, now
):
    baseline(hiding_trial)
    before = CycleState.objects.get(cycle=hiding_trial.cycle).summary
    kept = keep(hiding_trial, now)
    assert (kept.number, kept.unit) == (900.0, "pg/mL")
    assert CycleState.objects.get(cycle=hiding_trial.cycle).summary == before
    assert not Reading.objects.filter(item="INTLK6").exists()
    assert "INTLK6" not in chart_of(hiding_trial.cycle)["code"].to_list()


def test_the_same_form_twice_is_one_value(hiding_trial, now):
    key = uuid4()
    assert keep(hiding_trial, now, key=key) == keep(hiding_trial, now, key=key)


def test_who_is_blinded_neither_enters_nor_looks(hiding_trial, now):
    for blinded in (hiding_trial.reyes, hiding_trial.okafor, hiding_trial.moreau):
        with pytest.raises(PermissionDenied):
            keep(hiding_trial, now, by=blinded)
        with pytest.raises(PermissionDenied):
            flow.look_at_hidden(
                participant=hiding_trial.participants["02-014"], by=blinded
            )


def test_it_cannot_be_entered_among_what_everybody_sees(hiding_trial, now):
    with pytest.raises(Refused) as refused:
        enter(hiding_trial, now, {"INTLK6": "900"}, panel="labs")
    assert refused.value.field == "INTLK6"


def test_the_laboratory_page_does_not_ask_for_it(hiding_trial, client):
    client.force_login(hiding_trial.reyes)
    page = client.get("/participants/02-014/observe/?panel=labs").content.decode()
    assert 'name="FERRITIN"' in page
    assert 'name="INTLK6"' not in page


def test_a_slip_is_struck_out_with_a_reason_and_stays(hiding_trial, now):
    kept = keep(hiding_trial, now)
    with pytest.raises(Refused):
        flow.void_hidden(reading=kept, by=hiding_trial.haddad, reason=" ")
    flow.void_hidden(reading=kept, by=hiding_trial.haddad, reason="wrong tube")
    participant = hiding_trial.participants["02-014"]
    assert [one.gone for one in hiding.hidden_readings(participant)] == [True]
    assert not HiddenReading.objects.current().exists()


# What is told, and to whom


def test_each_look_is_kept_and_no_blinded_person_can_count_it(
    hiding_trial, client, now
):
    keep(hiding_trial, now)
    client.force_login(hiding_trial.haddad)
    assert "900" in client.get(PAGE).content.decode()
    actions = ["hidden.looked", "hidden.recorded"]
    told = audit.events_for("02-014", action="hidden", unblinded=True)
    assert [one.action for one in told] == actions
    assert not audit.events_for("02-014", action="hidden").exists()
    assert "haddad" not in dict(audit.people_of("02-014"))
    seen = audit.lines_for("02-014", unblinded=True, action="hidden")
    assert "900" not in json.dumps([str(one.changes) for one in seen])
    assert chain.verify(audit.rows(), audit.head()) is None


def test_the_page_opens_to_nobody_else(hiding_trial, client):
    for blinded in (hiding_trial.reyes, hiding_trial.okafor, hiding_trial.moreau):
        client.force_login(blinded)
        assert client.get(PAGE).status_code == 403
    assert not Event.objects.filter(action="hidden.looked").exists()


def test_a_value_is_entered_on_the_page_and_a_bad_one_said_beside_its_field(
    hiding_trial, client, now
):
    client.force_login(hiding_trial.haddad)
    sent = {"what": "INTLK6 pg/mL", "typed": "abc", "at": "", "key": uuid4()}
    assert client.post(PAGE, sent).status_code == 422
    assert client.post(PAGE, sent | {"typed": "900"}).status_code == 302
    assert HiddenReading.objects.get().number == 900.0
    path = reverse("strike-hidden", args=["02-014", HiddenReading.objects.get().pk])
    client.post(path, {"reason": "wrong tube"})
    assert not HiddenReading.objects.current().exists()


def test_the_participant_page_leads_there_and_to_the_emergency(hiding_trial, client):
    baseline(hiding_trial)
    found = {}
    for name in ("reyes", "okafor", "haddad"):
        client.force_login(hiding_trial.people[name])
        page = client.get("/participants/02-014/").content.decode()
        found[name] = (PAGE in page, "/participants/02-014/unblind/" in page)
    assert found == {
        "reyes": (False, False),
        "okafor": (False, True),
        "haddad": (True, False),
    }


# A hidden pattern


def test_a_hidden_pattern_is_not_asked_about_and_lifts_nothing(hiding_trial, now):
    fever_with_markers(hiding_trial, now)
    lines = CycleState.objects.get(cycle=hiding_trial.cycle).summary["lines"]
    release = next(line for line in lines if line["topic"] == "crs")
    assert "inflammation" not in release["patterns"]
    said = json.dumps([one.state for one in Step.objects.all()])
    assert "inflammation" not in said
    assert "nflammation" not in release["explanation"]


def test_without_hiding_it_the_same_rows_make_it_true(cast, now):
    """Without this the test above could not fail."""
    fever_with_markers(cast, now)
    lines = CycleState.objects.get(cycle=cast.cycle).summary["lines"]
    release = next(line for line in lines if line["topic"] == "crs")
    assert release["patterns"]["inflammation"] is True


def test_who_sees_the_level_is_shown_what_the_whole_says(hiding_trial, client, now):
    fever_with_markers(hiding_trial, now)
    (found,) = hiding.added(hiding_trial.cycle, now)
    assert found.patterns == ["Fever with inflammation"]
    client.force_login(hiding_trial.haddad)
    assert "Fever with inflammation" in client.get(PAGE).content.decode()


def test_a_hidden_value_makes_a_pattern_that_only_the_page_shows(hiding_trial, now):
    baseline_with_markers(hiding_trial)
    flow.record_range(
        cycle=hiding_trial.cycle,
        item="INTLK6",
        typed="0..7",
        unit="pg/mL",
        since=hiding_trial.dose.given_at,
        key=uuid4(),
        by=hiding_trial.reyes,
    )
    enter_at(hiding_trial, now - 40 * MINUTE, FEVER)
    enter_at(hiding_trial, now - 30 * MINUTE, {"CRP": "180"}, **FROM_THE_LABORATORY)
    keep(hiding_trial, now - 20 * MINUTE)
    (found,) = hiding.added(hiding_trial.cycle, now)
    assert found.patterns == ["Fever with inflammation"]


# What cannot be hidden


@pytest.mark.parametrize(
    "told",
    [
        {"items": ["SYSBP"]},
        {"items": ["ALB"]},
        {"items": ["NOBODY"]},
        {"patterns": ["crs"]},
        {"patterns": ["falling_pressure"]},
        {"patterns": ["hypotension"]},
    ],
)
def test_what_everybody_needs_cannot_be_hidden(cast, told):
    with pytest.raises(Refused):
        flow.set_blinding(trial=cast.trial, blinding=told, by=cast.vance, reason="Try")


def test_what_people_have_seen_cannot_be_hidden(cast, now):
    fever_with_markers(cast, now)
    for told in ({"items": ["CRP"]}, {"patterns": ["inflammation"]}):
        with pytest.raises(Refused, match="open to everybody"):
            flow.set_blinding(
                trial=cast.trial, blinding=told, by=cast.vance, reason="Try"
            )
    cast.trial.refresh_from_db()
    assert cast.trial.blinding == {}


def test_what_can_be_hidden_can_be_done_without():
    assert "ALB" not in can_be_hidden()
    assert {"INTLK6", "FERRITIN", "CD8"} <= can_be_hidden()
    assert "inflammation" in can_be_unasked()


def test_an_owner_says_it_by_a_command(cast, capsys):
    told = {"by": "vance", "reason": "As in protocol 1.0"}
    call_command("set_blinding", "NARA-2", items="INTLK6", roles="pharmacist", **told)
    cast.trial.refresh_from_db()
    assert cast.trial.blinding == {"roles": ["pharmacist"], "items": ["INTLK6"]}
    with pytest.raises(CommandError, match="cannot be hidden"):
        call_command("set_blinding", "NARA-2", items="SYSBP", **told)


# The same bytes, whatever the hidden value


LEAKS = {
    "filter": lambda: HiddenReading.objects.filter(number__gt=950).count(),
    "count": lambda: HiddenReading.objects.count(),
    "order": lambda: list(
        HiddenReading.objects.order_by("number").values_list("key", flat=True)
    ),
    "export": lambda: list(HiddenReading.objects.values_list("item", "number")),
    "audit": lambda: [
        one.changes for one in Event.objects.filter(action__startswith="h")
    ],
}


def change_what_is_hidden(cast, now) -> None:
    """Other numbers, and one value more."""
    with connection.cursor() as cursor:
        for guard in triggers.expected(connection):
            cursor.execute(guard.drop)
        table = connection.ops.quote_name(HiddenReading._meta.db_table)
        cursor.execute(f"UPDATE {table} SET number = 1000 - number, typed = '77'")
    triggers.install(connection.alias)
    keep(cast, now - MINUTE, "40")


@pytest.fixture
def told_twice(ward, now):  # noqa: F811
    """A chart with the episodes of the walk, and two hidden values."""
    hides = {key: HIDES[key] for key in ("roles", "items")}
    flow.set_blinding(
        trial=ward.trial, blinding=hides, by=ward.vance, reason="As in protocol 1.0"
    )
    ward.cycle.participant.site.trial.refresh_from_db()
    keep(ward, now - 3 * MINUTE, "900")
    keep(ward, now - 2 * MINUTE, "20")
    return ward


def test_no_page_of_a_blinded_person_changes_with_what_is_hidden(
    told_twice,
    addresses,  # noqa: F811
    now,
):
    pages = {}
    for user in (told_twice.reyes, told_twice.okafor):
        client = Client()
        client.force_login(user)
        client.get(reverse("episode", kwargs=addresses["episode"]))
        for name, arguments in addresses.items():
            if LINES[name].get is not None:
                path = reverse(name, kwargs=arguments)
                pages[f"{user.username} {path}"] = (client, path)
        audits = "/participants/02-014/audit/?action=hidden"
        pages[f"{user.username} {audits}"] = (client, audits)
    assert not seeing(told_twice.okafor)(told_twice.participants["02-014"])

    def asked():
        return {k: TOKENS.sub(b"", c.get(p).content) for k, (c, p) in pages.items()}

    before = asked()
    change_what_is_hidden(told_twice, now)
    after = asked()
    assert [name for name in pages if before[name] != after[name]] == []


@pytest.mark.parametrize("leak", LEAKS)
def test_a_planted_leak_changes(told_twice, now, leak):
    """Without these the test above could not fail."""
    before = LEAKS[leak]()
    change_what_is_hidden(told_twice, now)
    assert LEAKS[leak]() != before
