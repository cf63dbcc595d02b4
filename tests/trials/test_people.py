"""Who has which role where, and what an administrator can and cannot do about it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from monitor import clock, flow
from monitor.audit.models import Event
from monitor.door.actions import sign_in
from monitor.door.queries import sessions_of
from monitor.refusal import Refused
from monitor.trials import actions, people
from monitor.trials.granting import AT_SITE, GIVES, SPONSOR
from monitor.trials.models import Membership, Role, User
from monitor.trials.permissions import TABLE, Permission, held_by
from tests.cast import NOW, PASSWORD, hire

CHANGES = {
    Permission.RECORD_OBSERVATION,
    Permission.CORRECT,
    Permission.CONFIRM,
    Permission.LOG_TREATMENT,
    Permission.RECORD_DOSE,
    Permission.PLAN_DOSE,
    Permission.DECIDE_DOSE,
    Permission.ENROLL,
    Permission.REVIEW,
    Permission.ANSWER,
}


def test_the_table_of_grants_is_total():
    assert set(AT_SITE) | set(SPONSOR) == set(Role)
    assert not set(AT_SITE) & set(SPONSOR)
    assert set(GIVES) == {"trial", "site"}


@pytest.mark.requirement("A3")
def test_no_role_of_the_sponsors_side_changes_site_data():
    assert {role: TABLE[role] & CHANGES for role in SPONSOR} == {
        role: frozenset() for role in SPONSOR
    }


@pytest.mark.requirement("A3")
def test_nobody_is_on_both_sides_of_one_trial(cast):
    told = {"trial": cast.trial, "by": cast.vance}
    with pytest.raises(Refused, match="not on both"):
        actions.grant(user=cast.moreau, role=Role.NURSE, site=cast.boston, **told)
    with pytest.raises(Refused, match="not on both"):
        actions.grant(user=cast.okafor, role=Role.DATA_MONITOR, **told)


def test_an_administrator_gives_no_role_to_themselves(cast):
    with pytest.raises(Refused, match="themselves"):
        actions.grant(
            user=cast.vance, trial=cast.trial, role=Role.INVESTIGATOR, by=cast.vance
        )


def test_an_administrator_of_a_site_gives_the_roles_of_its_bedside_there(cast):
    local = hire(cast, "ortiz", "B. Ortiz", Role.ADMINISTRATOR, cast.boston)
    new = actions.create_user(
        username="park", printed_name="J. Park, RN", password=PASSWORD, by=local
    )
    told = {"user": new, "trial": cast.trial, "by": local}
    given = actions.grant(role=Role.NURSE, site=cast.boston, **told)
    assert given.role == Role.NURSE
    with pytest.raises(Refused, match="one site"):
        actions.grant(role=Role.ADMINISTRATOR, site=cast.boston, **told)
    with pytest.raises(PermissionDenied):
        actions.grant(role=Role.NURSE, site=cast.uppsala, **told)


@pytest.fixture
def desk(cast, client) -> Client:
    client.force_login(cast.vance)
    return client


def test_the_page_says_who_has_which_role_where_from_and_to(cast, desk):
    membership = cast.reyes.memberships.get()
    ends = NOW + timedelta(days=30)
    actions.end_membership(
        membership=membership, by=cast.vance, reason="leave", ends_at=ends
    )
    rows = dict(people.table_for(cast.vance))
    (row,) = rows[cast.reyes]
    assert (row.membership.site, row.membership.ends_at) == (cast.boston, ends)
    assert row.state == "in force"
    page = desk.get("/people/").content.decode()
    assert "A. Reyes, RN" in page
    assert "NARA-2 02 Boston" in page


def test_an_account_is_made_given_a_role_and_the_role_is_ended(cast, desk):
    sent = {"printed_name": "J. Park, RN", "username": "park", "password": PASSWORD}
    made = desk.post("/people/", sent)
    park = User.objects.get(username="park")
    assert made.headers["Location"] == f"/people/{park.pk}/"
    sent = {"role": "nurse", "place": f"site-{cast.boston.pk}", "until": ""}
    desk.post(f"/people/{park.pk}/grant/", sent)
    role = Membership.objects.get(user=park)
    assert (role.role, role.site, role.ends_at) == ("nurse", cast.boston, None)
    path = f"/people/roles/{role.pk}/end/"
    assert desk.post(path, {"reason": ""}).status_code == 422
    too_soon = desk.post(path, {"reason": "Left the ward"})
    assert "has not begun by then" in too_soon.content.decode()
    with clock.freeze(NOW + timedelta(minutes=1)):
        desk.post(path, {"reason": "Left the ward"})
    role.refresh_from_db()
    assert role.ends_at == NOW + timedelta(minutes=1)
    page = desk.get(f"/people/{park.pk}/").content.decode()
    assert "P. Vance ended a role." in page
    assert "Left the ward" in page


def test_a_role_can_begin_later(cast, desk):
    park = actions.create_user(
        username="park", printed_name="J. Park, RN", password=PASSWORD, by=cast.vance
    )
    place = {"role": "nurse", "place": f"site-{cast.boston.pk}"}
    sent = place | {"since": "2027-06-01 07:00", "until": "2027-06-30 18:00"}
    desk.post(f"/people/{park.pk}/grant/", sent)
    (row,) = dict(people.table_for(cast.vance))[park]
    role = row.membership
    assert (role.starts_at.isoformat(), role.ends_at.isoformat()) == (
        "2027-06-01T07:00:00+00:00",
        "2027-06-30T18:00:00+00:00",
    )
    assert row.state == "to come"
    assert not held_by(park).exists()


def test_a_role_that_cannot_be_given_keeps_the_page(cast, desk):
    sent = {"role": "data_monitor", "place": f"trial-{cast.trial.pk}", "until": ""}
    refused = desk.post(f"/people/{cast.reyes.pk}/grant/", sent)
    assert refused.status_code == 422
    assert "not on both" in refused.content.decode()


@pytest.mark.requirement("S4")
def test_a_locked_account_is_out_at_once_and_opens_again(cast, desk):
    reyes = Client()
    reyes.post("/login/", {"username": "reyes", "password": PASSWORD})
    assert reyes.get("/").status_code == 200
    path = f"/people/{cast.reyes.pk}/lock/"
    assert desk.post(path, {"reason": " "}).status_code == 422
    desk.post(path, {"reason": "Lost the tablet"})
    assert not sessions_of(cast.reyes).exists()
    assert reyes.get("/").headers["Location"].startswith("/login/")
    told = Event.objects.get(action="user.locked")
    assert (told.actor, told.reason) == ("vance", "Lost the tablet")
    desk.post(path, {"reason": "Tablet is back"})
    cast.reyes.refresh_from_db()
    assert cast.reyes.is_active


def test_nobody_locks_themselves(cast):
    with pytest.raises(Refused, match="own account"):
        flow.lock_account(user=cast.vance, by=cast.vance, reason="try")


def test_the_page_lists_where_the_person_is_signed_in(cast, desk):
    sign_in(by=cast.reyes, session_key="k", device="Tablet of ward 3", address=None)
    assert "Tablet of ward 3" in desk.get(f"/people/{cast.reyes.pk}/").content.decode()


def test_who_manages_nobody_has_no_such_page(cast, client):
    client.force_login(cast.okafor)
    assert client.get("/people/").status_code == 403
    assert client.get(f"/people/{cast.reyes.pk}/").status_code == 403


def test_another_trials_administrator_does_not_find_the_person(cast, client):
    other = hire(cast, "holm", "T. Holm", Role.ADMINISTRATOR, trial=cast.other_trial)
    client.force_login(other)
    assert client.get(f"/people/{cast.reyes.pk}/").status_code == 404
    with pytest.raises(PermissionDenied):
        flow.lock_account(user=cast.reyes, by=other, reason="not mine")


def test_people_cost_the_same_however_many(cast, django_assert_num_queries):
    with django_assert_num_queries(2):
        people.table_for(cast.vance)


# What others did about one's roles is said at the next sign-in


def signed_in_page(username: str) -> str:
    client = Client()
    sent = {"username": username, "password": PASSWORD, "next": "/account/"}
    return client.post("/login/", sent, follow=True).content.decode()


def test_who_was_given_or_lost_a_role_is_told_when_they_next_come(cast, now):
    assert "gave a role" not in signed_in_page("reyes")
    with clock.freeze(now + timedelta(hours=1)):
        actions.grant(
            user=cast.reyes,
            trial=cast.trial,
            site=cast.boston,
            role=Role.COORDINATOR,
            by=cast.vance,
        )
    with clock.freeze(now + timedelta(hours=2)):
        told = signed_in_page("reyes")
        assert "gave a role" in told
        assert "coordinator" in told
    with clock.freeze(now + timedelta(hours=3)):
        assert "gave a role" not in signed_in_page("reyes")
