"""Who may do what: the table, in the words of the people who work by it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from monitor import clock
from monitor.trials import actions
from monitor.trials.models import Role
from monitor.trials.permissions import (
    TABLE,
    Permission,
    check,
    granted,
    may,
    roles_with,
)
from tests.cast import NOW

SITE_WORK = {
    Permission.RECORD_OBSERVATION,
    Permission.CORRECT,
    Permission.CONFIRM,
    Permission.LOG_TREATMENT,
    Permission.RECORD_DOSE,
    Permission.REVIEW,
}
SPONSOR = (Role.DATA_MONITOR, Role.SAFETY_PHYSICIAN, Role.ADMINISTRATOR)


def test_the_table_is_total():
    assert set(TABLE) == set(Role)
    assert set().union(*TABLE.values()) == set(Permission)
    assert all(permission.label for permission in Permission)


@pytest.mark.requirement("A3")
@pytest.mark.parametrize("role", SPONSOR)
def test_the_sponsors_side_never_changes_what_a_site_recorded(role):
    assert TABLE[role] & SITE_WORK == set()


def test_only_an_investigator_reviews():
    assert roles_with(Permission.REVIEW) == [Role.INVESTIGATOR]


def test_a_nurse_sees_the_neutral_label_alone():
    assert Permission.SEE_COHORT not in TABLE[Role.NURSE]


def test_a_role_holds_at_its_site_and_nowhere_else(cast):
    assert may(cast.reyes, Permission.RECORD_OBSERVATION, cast.boston)
    assert not may(cast.reyes, Permission.RECORD_OBSERVATION, cast.uppsala)
    assert not may(cast.reyes, Permission.RECORD_OBSERVATION, cast.elsewhere)
    assert not may(cast.reyes, Permission.RECORD_OBSERVATION, cast.trial)
    assert may(cast.reyes, Permission.RECORD_OBSERVATION, None)


def test_a_role_in_the_trial_holds_at_each_of_its_sites(cast):
    for site in (cast.boston, cast.uppsala):
        assert may(cast.moreau, Permission.SEE_AUDIT, site)
    assert not may(cast.moreau, Permission.SEE_AUDIT, cast.elsewhere)


def test_two_roles_add_up(cast):
    actions.grant(
        user=cast.reyes,
        trial=cast.trial,
        site=cast.boston,
        role=Role.COORDINATOR,
        by=cast.vance,
    )
    both = TABLE[Role.NURSE] | TABLE[Role.COORDINATOR]
    assert granted(cast.reyes, cast.boston) == both


def test_the_refusal_names_the_task_the_place_and_who_may(cast):
    with pytest.raises(PermissionDenied) as refused:
        check(cast.reyes, Permission.REVIEW, cast.boston)
    assert str(refused.value) == (
        "You may not review episodes, grade, attribute and sign at NARA-2 02. "
        "Who may: investigator."
    )


def test_nobody_may_do_nothing(db):
    assert granted(AnonymousUser(), None) == frozenset()


def test_a_closed_account_may_do_nothing(cast):
    cast.reyes.is_active = False
    cast.reyes.save()
    assert granted(cast.reyes, None) == frozenset()


def test_an_owner_without_a_role_may_do_nothing_clinical(cast):
    assert cast.vance.is_superuser
    assert not may(cast.vance, Permission.RECORD_OBSERVATION, cast.boston)


@pytest.mark.parametrize(("minutes", "expected"), [(-1, False), (0, True), (59, True)])
def test_a_role_begins_and_ends_on_the_minute(cast, minutes, expected):
    actions.grant(
        user=cast.lindqvist,
        trial=cast.trial,
        site=cast.boston,
        role=Role.NURSE,
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=1),
        by=cast.vance,
    )
    with clock.freeze(NOW + timedelta(minutes=minutes)):
        assert may(cast.lindqvist, Permission.CORRECT, cast.boston) is expected
    with clock.freeze(NOW + timedelta(hours=1)):
        assert not may(cast.lindqvist, Permission.CORRECT, cast.boston)


def test_everything_at_a_place_is_asked_in_one_query(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        granted(cast.reyes, cast.boston)
