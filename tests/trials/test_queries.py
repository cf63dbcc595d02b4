"""What can be reached: another site's participant is not there at all."""

import pytest
from django.http import Http404

from monitor.trials import actions, queries
from monitor.trials.models import Role
from monitor.trials.permissions import Permission
from tests.cast import NOW, open_cycle


def codes(user) -> list[str]:
    return [one.code for one in queries.participants_for(user)]


def test_everybody_sees_their_own_sites(cast):
    assert codes(cast.reyes) == ["02-014", "02-015"]
    assert codes(cast.lindqvist) == ["03-001"]
    assert codes(cast.moreau) == ["02-014", "02-015", "03-001"]
    assert codes(cast.novak) == ["X1-001"]


def test_an_administrator_sees_no_participant(cast):
    assert codes(cast.vance) == []


@pytest.mark.requirement("A1")
@pytest.mark.parametrize("code", ["03-001", "X1-001", "99-999", "02-014 ", ""])
def test_another_sites_participant_is_unreachable(cast, code):
    with pytest.raises(Http404):
        queries.participant_for(cast.reyes, code)
    with pytest.raises(Http404):
        queries.cycle_for(cast.reyes, code)


def test_an_ended_membership_sees_nothing(cast):
    membership = cast.reyes.memberships.get()
    actions.end_membership(membership=membership, by=cast.vance, reason="left")
    assert codes(cast.reyes) == []
    assert list(queries.sites_for(cast.reyes)) == []
    assert list(queries.trials_for(cast.reyes)) == []
    assert list(queries.memberships_for(cast.reyes)) == []


def test_two_memberships_show_a_participant_once(cast):
    actions.grant(user=cast.reyes, trial=cast.trial, role=Role.NURSE, by=cast.vance)
    assert codes(cast.reyes) == ["02-014", "02-015", "03-001"]


def test_sites_and_trials(cast):
    assert list(queries.sites_for(cast.reyes)) == [cast.boston]
    assert list(queries.sites_for(cast.iyer)) == [cast.boston, cast.uppsala]
    assert list(queries.trials_for(cast.novak)) == [cast.other_trial]


def test_people_of_a_site_by_what_they_may_do(cast):
    reviewers = queries.people_of(cast.boston, Permission.REVIEW)
    assert list(reviewers) == [cast.okafor]
    told = queries.people_in(cast.boston, [Role.NURSE, Role.SAFETY_PHYSICIAN])
    assert list(told) == [cast.iyer, cast.reyes]


def test_the_cycle_opened_last_is_the_current_one(cast):
    assert queries.current_cycle(cast.participants["02-015"]) is None
    second = open_cycle(cast, "02-014", number=2)
    assert queries.current_cycle(cast.participants["02-014"]) == second
    assert queries.cycle_for(cast.reyes, "02-014") == second
    assert queries.cycle_for(cast.reyes, "02-014", 1) == cast.cycle
    with pytest.raises(Http404):
        queries.cycle_for(cast.reyes, "02-014", 3)


def test_the_doses_that_stand(cast):
    assert list(queries.doses_of(cast.cycle)) == [cast.dose, cast.next_dose]
    assert cast.dose.given_at < NOW < cast.next_dose.planned_at


@pytest.mark.parametrize("more", [0, 2])
def test_participants_cost_one_query(cast, django_assert_num_queries, more):
    for number in range(more):
        actions.enroll(
            code=f"02-10{number}",
            site=cast.boston,
            cohort=cast.cohort,
            by=cast.okafor,
        )
    with django_assert_num_queries(1):
        for one in queries.participants_for(cast.reyes):
            assert str(one.site) == "NARA-2 02"
            assert one.cohort.name


def test_an_address_with_a_nul_is_nobodys_on_both_databases(cast):
    for find in (queries.participant_for, queries.cycle_for):
        with pytest.raises(Http404):
            find(cast.reyes, "02-014\x00")
